import type { Statement } from "../../sql/statement.ts";
import { quotedRelation, identifier } from "../../sql/names.ts";
import type { Session } from "../stage/session.ts";
import { spokenOf } from "../rows/literals.ts";
import { readSchema } from "../rows/introspection.ts";

/** Values of a column that are written into rows. */
const MOST = 8;

/**
 * Gives rows the constants that statements compare their columns with, and one NULL, so that their conditions hold for some. What the
 * schema refuses stays as it was; triggers do not run.
 */
export async function speakOf(session: Session, statements: readonly Statement[]): Promise<void> {
  const tables = new Map((await readSchema(session)).map((table) => [table.id, table]));
  const spoken = spokenOf(statements, tables);
  const lines: (readonly [whole: string, parts: readonly string[]])[] = [];
  for (const id of spoken.tables) {
    const shape = tables.get(id);
    if (!shape || shape.placeless) continue;
    const table = quotedRelation(id);
    const columns = shape.columns.flatMap(({ name }) => {
      const constants = spoken.constants.get(name)?.slice(0, MOST).map(literal);
      return constants ? [{ name, values: [...constants, "NULL"] }] : [];
    });
    const most = Math.max(0, ...columns.map(({ values }) => values.length));
    // Side by side, then each column a step further, so that conditions meet in more than one way. Who is written goes to the end.
    for (const shift of [0, 1]) {
      for (let at = 0; at < most; at++) {
        const set = columns.map(
          ({ name, values }, place) =>
            `${identifier(name)} = ${values[(at + shift * place) % values.length] ?? "NULL"}`,
        );
        lines.push([first(table, set), set.map((each) => first(table, [each]))]);
      }
    }
  }
  if (lines.length === 0) return;
  await session.run("SET session_replication_role = replica");
  for (const [whole, parts] of lines) {
    if ((await session.run(whole)).ok) continue;
    for (const part of parts) await session.run(part);
  }
  await session.run("RESET session_replication_role");
}

const first = (table: string, set: readonly string[]): string =>
  `UPDATE ${table} SET ${set.join(", ")} WHERE ctid = (SELECT ctid FROM ${table} ORDER BY tableoid, ctid LIMIT 1)`;

const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;
