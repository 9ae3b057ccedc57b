import type { Failure, RelationId } from "../../model/effects.ts";
import { identifier, quotedRelation } from "../../sql/names.ts";
import type { TableShape } from "./shapes.ts";
import { type ForeignKeyRows, matched } from "./sql.ts";
import type { Session } from "../stage/session.ts";

/**
 * Gives rows that were made up before the parents of foreign keys that are yet to come: what nothing demands so far they have by
 * chance at most, but in production nearly every row has it. Where a constraint refuses that the rows stay as they are.
 */
export async function matchParents(
  session: Session,
  failures: readonly Failure[],
  tables: ReadonlyMap<RelationId, TableShape>,
): Promise<void> {
  const done = new Set<string>();
  for (const { kind, relation, columns, parent, parentColumns } of failures) {
    if (kind !== "orphans" || parent === undefined || parentColumns === undefined) continue;
    const key: ForeignKeyRows = { child: relation, columns, parent, parentColumns };
    const name = JSON.stringify(key);
    if (done.has(name) || !has(tables.get(relation), columns) || !has(tables.get(parent), parentColumns)) continue;
    done.add(name);
    await session.run(repointing(key, session.server.superuser));
  }
}

const has = (table: TableShape | undefined, columns: readonly string[]): boolean =>
  table !== undefined &&
  columns.every((column) => table.columns.some(({ name, generated }) => name === column && !generated));

/** One message, so one transaction: orphans get the keys of the parents in turn. */
function repointing(key: ForeignKeyRows, superuser: boolean): string {
  const { child, columns, parent, parentColumns } = key;
  const keyColumns = parentColumns.map((name) => identifier(name)).join(", ");
  const present = (names: readonly string[], table: string): string =>
    names.map((name) => `${table}.${identifier(name)} is not null`).join(" and ");
  return `${superuser ? "set local session_replication_role = replica; " : ""}
    with p as (select ${keyColumns}, row_number() over (order by ${keyColumns}) - 1 as n, count(*) over () as k from ${quotedRelation(parent)} x where ${present(parentColumns, "x")}),
      o as (select c.ctid as at, row_number() over (order by c.ctid) - 1 as n from ${quotedRelation(child)} c where ${present(columns, "c")} and not ${matched(key)})
    update ${quotedRelation(child)} c set ${columns.map((name, i) => `${identifier(name)} = p.${identifier(parentColumns[i] ?? "")}`).join(", ")}
    from o, p where c.ctid = o.at and p.n = o.n % p.k; select 1`;
}
