import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";
import { check, defineRule, memoryHistory, relationName } from "../src/index.ts";

const tableWithoutComment = defineRule({
  id: "table-without-comment",
  title: "A new table has no comment",
  category: "history",
  severity: "warning",
  since: "0.1.0",
  messages: { missing: "{table} has no comment." },
  help: "Add COMMENT ON TABLE {table} IS '…'; behind it.",
  on: {
    createTable(operation, context) {
      const commented = context
        .after()
        .some(
          ({ operation: next }) =>
            next.kind === "comment" && next.object === "table" && next.name.name === operation.table.name,
        );
      if (!commented)
        context.report({
          at: operation,
          message: "missing",
          data: { table: relationName(`public.${operation.table.name}`) },
        });
    },
  },
});

test("a rule of one's own needs nothing but the public interface", async () => {
  const history = memoryHistory({
    "prisma/migrations/1_a/migration.sql":
      "CREATE TABLE silent (id int);\nCREATE TABLE told (id int);\nCOMMENT ON TABLE told IS 'x';",
  });
  if (!history.ok) throw new Error(history.message);
  const result = await check({ histories: [history.value], rules: [tableWithoutComment] });
  expect(result.findings.map(({ rule, message, help, severity }) => ({ rule, message, help, severity }))).toEqual([
    {
      rule: "table-without-comment",
      message: "silent has no comment.",
      help: "Add COMMENT ON TABLE silent IS '…'; behind it.",
      severity: "warning",
    },
  ]);
});

test("the public interface is what a rule of one's own and a program need, and no more", () => {
  const path = new URL("../src/index.ts", import.meta.url);
  const names: string[] = [];
  for (const node of ts.createSourceFile("index.ts", readFileSync(path, "utf8"), ts.ScriptTarget.Latest).statements) {
    if (ts.isExportDeclaration(node) && node.exportClause && ts.isNamedExports(node.exportClause))
      names.push(...node.exportClause.elements.map((each) => each.name.text));
    else if (
      (ts.isFunctionDeclaration(node) || ts.isInterfaceDeclaration(node)) &&
      node.modifiers?.some((each) => each.kind === ts.SyntaxKind.ExportKeyword)
    )
      names.push(node.name?.text ?? "");
  }
  expect(names.sort()).toEqual(PUBLIC);
});

/** Whoever adds a name here keeps it for every version to come. */
const PUBLIC = [
  ...["AnyRule", "Catalog", "Category", "CheckInput", "CheckResult", "Column", "ConfigFile", "Constraint", "Effects"],
  ...["Evidence", "Expression", "Failure", "Finding", "Fix", "History", "HistoryContext", "HistoryView", "Lock"],
  ...[
    "LockMode",
    "Loss",
    "MigrationContext",
    "MigrationView",
    "Operation",
    "OperationContext",
    "OperationOf",
    "Plugin",
  ],
  ...[
    "Range",
    "Relation",
    "RelationId",
    "Report",
    "Rule",
    "Severity",
    "SourceFile",
    "Statement",
    "StatementContext",
    "Step",
  ],
  ...["check", "defineConfig", "defineRule", "memoryHistory", "quoted", "relationName", "relationSql", "resolve"],
];
