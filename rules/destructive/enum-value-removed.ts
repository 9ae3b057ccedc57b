import {
  type Catalog,
  type Expression,
  type Operation,
  defineRule,
  relationName,
  relationSql,
  resolve,
} from "../../src/index.ts";
import { changes, mentionedColumns, rows, typeOf, unended } from "../../src/rule-kit.ts";

export default defineRule({
  id: "enum-value-removed",
  title: "Values of an enum are removed, which rewrites its tables and fails on rows that hold one",
  category: "destructive",
  severity: "error",
  since: "0.1.0",
  messages: {
    removed:
      "Enum {type} loses {values}: its columns are cast to a new type, which rewrites {tables} under an ACCESS EXCLUSIVE lock and fails (22P02) if a row still holds {it}.",
    renamed:
      "Enum {type} loses {values} and gains {added}. If that is a rename, this fails (22P02) on the first row that holds {values}, and rewrites {tables} besides.",
    prepared:
      "Enum {type} loses {values}. Rows that hold {it} are changed before. The cast still rewrites {tables} under an ACCESS EXCLUSIVE lock, and running code that still writes {it} fails.",
    unknown:
      "The type of {columns} is made anew. If values were removed from it, the statement fails (22P02) on rows that hold one. Either way the cast rewrites {tables} under an ACCESS EXCLUSIVE lock.",
  },
  help: "Move the rows to another value first, in a deployment of its own, and stop the code from writing it. A value that nobody uses does no harm: leaving it in the database is safest.",
  on: {
    alterColumnType(operation, context) {
      const { catalog } = context;
      const target = typeOf(catalog, operation.type);
      if (target?.kind !== "enum" || operation.type.array > 0) return;
      const id = resolve(catalog, operation.table);
      const seen = context.before.some(
        (step) =>
          step.migration === context.migration &&
          step.operation.kind === "alterColumnType" &&
          typeOf(catalog, step.operation.type) === target,
      );
      if (seen) return;
      const uses: { readonly table: string; readonly column: string; readonly operation: Cast }[] = [
        { table: id, column: operation.column, operation },
      ];
      for (const { operation: next, migration } of context.after()) {
        if (migration === context.migration && next.kind === "alterColumnType" && typeOf(catalog, next.type) === target)
          uses.push({ table: resolve(catalog, next.table), column: next.column, operation: next });
      }
      const living = uses.filter(
        (use) =>
          context.deployed(use.table) &&
          catalog.relations.get(use.table)?.columns.get(use.column)?.birth?.deployment !== catalog.deployment,
      );
      const [first] = living;
      if (!first) return;
      const known = catalog.relations.get(first.table)?.columns.get(first.column)?.type;
      const old = known && typeOf(catalog, known);
      const tables = [...new Set(living.map((use) => relationName(use.table)))].join(", ");
      const columns = living.map((use) => `${relationName(use.table)}.${use.column}`).join(", ");
      const objects = living.map((use) => `${use.table}.${use.column}`);
      if (old?.kind !== "enum") {
        // The history does not show the old type. Only a cast over text says that it was an enum too.
        if (known === undefined && operation.using)
          context.report({ at: operation, message: "unknown", data: { tables, columns }, objects, maybe: true });
        return;
      }
      const removed = old.values.filter((value) => !target.values.includes(value));
      if (removed.length === 0) return;
      const added = target.values.filter((value) => !old.values.includes(value));
      const moved = living.every((use) =>
        removed.every(
          (value) =>
            isMoved(
              catalog,
              use,
              value,
              context.before.map((step) => step.operation),
            ) || literals(use.operation.using).includes(value),
        ),
      );
      const data = { type: old.name, values: removed.join(", "), tables };
      const it = removed.length === 1 ? removed.join("") : "one of them";
      const common = {
        at: operation,
        objects: [old.id, ...objects],
        queries: living.map((use) => ({
          title: `Rows of ${relationName(use.table)} that hold it`,
          sql: rows.countEach(relationSql(use.table), use.column, removed).text,
        })),
      };
      if (moved) context.report({ ...common, message: "prepared", data: { ...data, it }, severity: "info" });
      else if (removed.length === 1 && added.length === 1)
        context.report({
          ...common,
          message: "renamed",
          data: {
            ...data,
            added: added.join(""),
            rename: unended(changes.renameValue(relationSql(old.id), removed.join(""), added.join(""))),
          },
          help: "For a rename write {rename} instead: no row is touched. Running code still sends the old value, so that adding the new one first and moving over is safer.",
        });
      else context.report({ ...common, message: "removed", data: { ...data, it } });
    },
  },
});

type Cast = Extract<Operation, { readonly kind: "alterColumnType" }>;

/** Whether an earlier statement of the deployment takes the value out of the column, or the rows that hold it away. */
function isMoved(
  catalog: Catalog,
  use: { readonly table: string; readonly column: string },
  value: string,
  before: readonly Operation[],
): boolean {
  return before.some((operation) => {
    if (operation.kind === "truncate") return resolve(catalog, operation.table) === use.table;
    if (operation.kind !== "updateRows" && operation.kind !== "deleteRows") return false;
    if (resolve(catalog, operation.table) !== use.table) return false;
    const { change } = operation;
    if (
      change.kind === "updateRows" &&
      !change.set.some((each) => each.column === use.column && !literals(each.value).includes(value))
    )
      return false;
    return (
      change.where === undefined ||
      (mentionedColumns(change.where).includes(use.column) && literals(change.where).includes(value)) ||
      mentionedColumns(change.where).every((name) => name === use.column)
    );
  });
}

/** Strings in an expression. */
function literals(expression: Expression | undefined): string[] {
  if (!expression) return [];
  if (expression.kind === "literal") return typeof expression.value === "string" ? [expression.value] : [];
  const parts: readonly Expression[] =
    "args" in expression
      ? expression.args
      : "arg" in expression
        ? [expression.arg, ...("list" in expression && expression.list ? expression.list : [])]
        : [];
  return parts.flatMap(literals);
}
