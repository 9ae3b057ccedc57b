import type { RowDifference } from "../../model/order/answers.ts";
import type { Session } from "../stage/session.ts";
import { quotedName, relationId } from "../../sql/names.ts";

/** The rows of a table, by their contents and not by where they are. */
export interface TableDigest {
  readonly count: number;
  /** Of all rows, whatever their order. */
  readonly rows: string;
  /** Of all values of a column, whatever their order. */
  readonly columns: Readonly<Record<string, string>>;
}

/** A digest of each table's rows. Prisma's own table is none of them. */
export async function digestTables(session: Session): Promise<ReadonlyMap<string, TableDigest>> {
  const tables = await session.query<{
    schema: string;
    name: string;
  }>(`select n.nspname as schema, c.relname as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema$)' and c.relname <> '_prisma_migrations' order by 1, 2`);
  const found = new Map<string, TableDigest>();
  for (let at = 0; at < tables.length; at += BATCH) {
    const part = tables.slice(at, at + BATCH);
    const rows = await session.query<{ name: string; digest: TableDigest }>(
      part
        .map((table, index) => `select ${index}::text as name, (${digestOf(quotedName(table))}) as digest`)
        .join(" union all "),
    );
    for (const { name, digest } of rows) {
      const table = part[Number(name)];
      if (table) found.set(relationId(table.schema, table.name), digest);
    }
  }
  return found;
}

/** Tables that are read by one query. */
const BATCH = 50;

const digestOf = (
  table: string,
): string => `select json_build_object('count', (select count(*)::int from only ${table}),
  'rows', (select coalesce(md5(string_agg(x.j, ',' order by x.j)), '') from (select to_jsonb(t)::text as j from only ${table} t) x),
  'columns', (select coalesce(json_object_agg(y.key, y.hash), '{}'::json) from (select e.key, md5(string_agg(e.value::text, ',' order by e.value::text)) as hash from only ${table} t, jsonb_each(to_jsonb(t)) e group by e.key) y))`;

/** Tables whose rows differ; `unstable` names columns ("public.posts.created_at") that do not count. What only one side has is a difference of the schema. */
export function compareDigests(
  one: ReadonlyMap<string, TableDigest>,
  other: ReadonlyMap<string, TableDigest>,
  unstable: ReadonlySet<string>,
): readonly RowDifference[] {
  return [...one].flatMap(([relation, first]): RowDifference[] => {
    const second = other.get(relation);
    if (!second || first.rows === second.rows) return [];
    const counts = [first.count, second.count] as const;
    const columns = [...new Set([...Object.keys(first.columns), ...Object.keys(second.columns)])]
      .filter((name) => !unstable.has(`${relation}.${name}`) && first.columns[name] !== second.columns[name])
      .sort();
    // With a column that is another each time, the rows as a whole say nothing.
    const blurred = Object.keys(first.columns).some((name) => unstable.has(`${relation}.${name}`));
    return columns.length === 0 && counts[0] === counts[1] && blurred ? [] : [{ relation, columns, counts }];
  });
}

/** Columns whose values two runs of the same do not share. */
export function unstableColumns(
  run: ReadonlyMap<string, TableDigest>,
  again: ReadonlyMap<string, TableDigest>,
): ReadonlySet<string> {
  return new Set(
    [...run].flatMap(([relation, { columns }]) =>
      Object.keys(columns).flatMap((name) =>
        again.get(relation)?.columns[name] === columns[name] ? [] : [`${relation}.${name}`],
      ),
    ),
  );
}
