import type { KeyCensus } from "../../evidence/rehearsal.ts";
import { identifier, quotedRelation } from "../../sql/names.ts";
import { asked } from "./census.ts";
import { type ForeignKeyRows, keyGiven, matched } from "./sql.ts";
import type { Session } from "../stage/session.ts";

/** Versions of rows by where they are, with their key and what it is to the foreign key; "lost": the row has to go for another reason. */
export type KeyedRows = ReadonlyMap<string, { readonly what: keyof KeyCensus | "lost"; readonly key: string }>;

export interface KeyedRowsOptions {
  /** Other foreign keys to come: their orphans are no good rows. */
  readonly others: readonly ForeignKeyRows[];
  /** The deployment itself adds the key's columns: NULL is what all rows have to begin with. */
  readonly born: boolean;
}

/** A table with more rows is counted only. */
const MOST = 20_000;

/** The rows of the child of a foreign key; undefined where there are too many, or tables or columns are not there. */
export async function keyedRows(
  session: Session,
  key: ForeignKeyRows,
  { others, born }: KeyedRowsOptions,
): Promise<KeyedRows | undefined> {
  const { child, columns, parent, parentColumns } = key;
  const table = quotedRelation(child);
  const given = keyGiven(columns);
  const orphan = (each: ForeignKeyRows): string => `(${keyGiven(each.columns)} and not ${matched(each)})`;
  const elsewhere = others
    .filter((other) => other.child === child && !(other.parent === parent && other.columns.join() === columns.join()))
    .map(orphan);
  // Rows below an orphan go with it, and rows below those.
  const below = `select c.tableoid as part, c.ctid as at, ${parentColumns.map((name, i) => `c.${identifier(name)} as k${i}`).join(", ")} from ${table} c`;
  const lost =
    child === parent
      ? `with recursive gone as (${below} where ${orphan(key)} union ${below} join gone on ${columns.map((name, i) => `c.${identifier(name)} = gone.k${i}`).join(" and ")})`
      : "";
  const isLost = [
    ...elsewhere,
    ...(lost === "" ? [] : ["exists (select from gone where part = c.tableoid and at = c.ctid)"]),
    ...(born ? [`not (${given})`] : []),
  ];
  const found = await asked(
    session,
    `${lost} select coalesce(json_agg(json_build_array(c.tableoid::text || c.ctid || c.xmin, case when ${orphan(key)} then 'orphans' when ${isLost.length > 0 ? isLost.join(" or ") : "false"} then 'lost' when ${given} then 'matched' else 'nullKeys' end, json_build_array(${columns.map((name) => `c.${identifier(name)}::text`).join(", ")})::text)), '[]')::text
      from ${table} c where (select count(*) from (select from ${table} limit ${MOST + 1}) x) <= ${MOST} having count(*) > 0 or not exists (select from ${table})`,
  );
  if (found === undefined) return undefined;
  return new Map(
    (JSON.parse(found) as [string, keyof KeyCensus | "lost", string][]).map(([at, what, values]) => [
      at,
      { what, key: values },
    ]),
  );
}

/** How many rows of each kind are gone or have another key than before. A row that got the key that it had is as it was. */
export function taken(before: KeyedRows, after: KeyedRows): KeyCensus {
  const written = new Map<string, number>();
  for (const [at, { key }] of after) if (!before.has(at)) written.set(key, (written.get(key) ?? 0) + 1);
  const took = { orphans: 0, matched: 0, nullKeys: 0 };
  for (const [at, { what, key }] of before) {
    if (after.has(at)) continue;
    const left = written.get(key) ?? 0;
    if (left > 0) written.set(key, left - 1);
    else if (what !== "lost") took[what]++;
  }
  return took;
}
