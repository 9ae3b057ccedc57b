import type { Reader, Statement } from "../../sql/statement.ts";
import { outsideLiterals } from "./names.ts";
import { type DownStep, PHASE } from "./step.ts";
import { type Description, describeForPrisma, prismaDiff } from "../schema/engine.ts";
import type { Session } from "../stage/session.ts";

/** What Prisma's schema engine would run to get back, as far as it keeps rows where that can be. Empty where the engine fails: all of it is then planned from the catalog. */
export async function engineSteps(session: Session, wanted: Description, reader: Reader): Promise<readonly DownStep[]> {
  const now = await describeForPrisma(session);
  if (!now.ok) return [];
  const diff = await prismaDiff(now.value, wanted);
  if (!diff.ok || diff.value === "") return [];
  const { statements } = reader.read(diff.value);
  const steps: DownStep[] = [];
  let title = "";
  let transaction = false;
  for (const statement of statements) {
    title = /^-- (\w+)/.exec(statement.comments.at(-1)?.text ?? "")?.[1] ?? title;
    const [first] = statement.operations;
    if (first?.kind === "transaction") transaction = first.action === "begin";
    else if (!transaction && keepsRows(statement))
      steps.push({
        title,
        phase: PHASE.dropForeignKeys,
        ways: [[plain(diff.value.slice(statement.range.start, statement.range.end))]],
        visible: true,
      });
  }
  return steps;
}

/** Not a column that is dropped and added again where its type could be converted, nor one that rows would need a value for, nor an enum. */
function keepsRows({ operations, broken }: Statement): boolean {
  const dropped = new Set(
    operations.flatMap((operation) => (operation.kind === "dropColumn" ? [operation.column] : [])),
  );
  return (
    !broken &&
    operations.every((operation) => {
      if (operation.kind === "opaque" || operation.kind === "addEnumValue" || operation.kind === "alterColumnType")
        return false;
      if (operation.kind !== "addColumn") return true;
      const { notNull, default: given, identity, generated, type, name } = operation.column;
      return (
        !dropped.has(name) &&
        (!notNull ||
          given !== undefined ||
          identity !== undefined ||
          generated !== undefined ||
          /serial$/.test(type.name))
      );
    })
  );
}

/** The engine names the schema public, pads ADD COLUMN and says ASC; the files that Prisma writes for migrations do not. */
const plain = (sql: string): string =>
  outsideLiterals(sql, (text) =>
    text
      .replaceAll('"public".', "")
      .replace(/ADD COLUMN {5}/g, "ADD COLUMN ")
      .replace(/" ASC(?=[,)])/g, '"'),
  );
