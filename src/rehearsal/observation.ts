import type { HeldMode, Observed, WrittenRows } from "../model/observation.ts";
import { strength, strongest } from "../model/postgres/locks.ts";
import type { LockMode } from "../sql/lock-modes.ts";
import { relationId } from "../sql/names.ts";
import type { Limit, Session } from "./stage/session.ts";
import type { DatabaseError } from "../evidence/rehearsal.ts";

export interface Observation {
  readonly observed?: Observed;
  readonly error?: DatabaseError;
  readonly notices: readonly string[];
}

interface Snapshot {
  readonly relations: ReadonlyMap<number, { readonly name: string; readonly file: number; readonly kind: string }>;
  readonly held: ReadonlySet<string>;
  /** Names of columns by relation and number. */
  readonly columns?: ReadonlyMap<string, string>;
  readonly work: ReadonlyMap<number, readonly [scans: number, inserted: number, updated: number, deleted: number]>;
}

/** One query, so that what is seen belongs to one moment; it takes locks on catalogs only. Names of the catalog are found whatever search_path is. */
const SNAPSHOT = `
  select
    (select json_agg(json_build_array(c.oid::int8, n.nspname, c.relname, c.relfilenode::int8, c.relkind)) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^(pg_|information_schema$)') as relations,
    (select json_agg(json_build_array(relation::int8, mode)) from pg_catalog.pg_locks where pid = pg_backend_pid() and locktype = 'relation' and granted) as locks,
    (select json_agg(json_build_array(relid::int8, coalesce(seq_scan, 0), n_tup_ins, n_tup_upd, n_tup_del)) from pg_catalog.pg_stat_xact_all_tables
      where schemaname !~ '^(pg_|information_schema$)' and (seq_scan > 0 or n_tup_ins > 0 or n_tup_upd > 0 or n_tup_del > 0)) as work`;

const COLUMNS = `
  select json_agg(json_build_array(a.attrelid::int8, a.attnum, a.attname)) as columns from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f') and n.nspname !~ '^(pg_|information_schema$)'`;

async function columnsOf(session: Session): Promise<ReadonlyMap<string, string>> {
  const [row] = await session.query<{ columns: [number, number, string][] | null }>(COLUMNS);
  return new Map((row?.columns ?? []).map(([oid, number, name]) => [`${oid} ${number}`, name]));
}

async function snapshot(session: Session, withColumns = false): Promise<Snapshot> {
  const [row] = await session.query<{
    relations: [number, string, string, number, string][] | null;
    locks: [number, string][] | null;
    work: [number, number, number, number, number][] | null;
  }>(SNAPSHOT);
  return {
    relations: new Map(
      (row?.relations ?? []).map(([oid, schema, name, file, kind]) => [
        oid,
        { name: relationId(schema, name), file, kind },
      ]),
    ),
    held: new Set((row?.locks ?? []).map(([oid, mode]) => `${oid} ${mode}`)),
    work: new Map((row?.work ?? []).map(([oid, ...counts]) => [oid, counts])),
    ...(withColumns && { columns: await columnsOf(session) }),
  };
}

/** How the statement is run. */
export interface Observing {
  readonly limit?: Limit;
  /**
   * For statements over rows: plans are chosen as for large tables. The small ones of a rehearsal fit in a page or two, which
   * PostgreSQL reads whole even where it looks for one row by its key.
   */
  readonly largeTables?: boolean;
  /** The text does not say what it does to the schema: which columns go is looked at too. */
  readonly unread?: boolean;
}

/** To find a few rows by an index is cheap, to go through all of it is not: as it is where a table has more pages than a rehearsal's. */
const LARGE = "set local random_page_cost = 0.01; set local cpu_index_tuple_cost = 0.1";
const SMALL = "set local random_page_cost to default; set local cpu_index_tuple_cost to default";

/** Runs a statement inside the open transaction and says what it did. After an error the transaction is aborted, as PostgreSQL leaves it. */
export async function observeInTransaction(
  session: Session,
  sql: string,
  { limit, largeTables = false, unread = false }: Observing = {},
): Promise<Observation> {
  const before = await snapshot(session, unread);
  if (largeTables) await session.query(LARGE);
  const started = performance.now();
  const ran = await session.run(sql, limit);
  const milliseconds = performance.now() - started;
  if (!ran.ok) return { error: ran.error, notices: [] };
  if (largeTables) await session.query(SMALL);
  const after = await snapshot(session, unread);
  return {
    notices: ran.notices,
    observed: {
      locks: felt(
        [...after.held].filter((key) => !before.held.has(key)),
        before,
      ),
      held: felt(before.held, before),
      rewrites: rewritten(before, after),
      scans: [...after.work]
        .flatMap(([oid, [scans]]) =>
          scans > (before.work.get(oid)?.[0] ?? 0) && before.relations.has(oid)
            ? [before.relations.get(oid)!.name]
            : [],
        )
        .sort(),
      ...dropped(before, after),
      ...(before.columns && after.columns && withoutColumns(before.columns, after.columns, before)),
      rows: written(before, after),
      milliseconds,
    },
  };
}

/** Runs a statement outside of a transaction (CREATE INDEX CONCURRENTLY and the like): its locks and scans are gone when they can be looked at. */
export async function observeAlone(session: Session, sql: string, limit?: Limit): Promise<Observation> {
  const before = await snapshot(session);
  const started = performance.now();
  const ran = await session.run(sql, limit);
  const milliseconds = performance.now() - started;
  if (!ran.ok) return { error: ran.error, notices: [] };
  const after = await snapshot(session);
  return {
    notices: ran.notices,
    observed: { held: [], rewrites: rewritten(before, after), ...dropped(before, after), rows: [], milliseconds },
  };
}

/** What others can feel of the locks: from ROW SHARE on, the strongest of each relation. */
function felt(keys: Iterable<string>, before: Snapshot): readonly HeldMode[] {
  return strongest(
    [...keys].flatMap((key) => {
      const [oid = "", mode = ""] = key.split(" ");
      const relation = before.relations.get(Number(oid))?.name;
      return relation === undefined || strength(mode as LockMode) < strength("RowShareLock")
        ? []
        : [{ relation, mode: mode as LockMode }];
    }),
  );
}

function rewritten(before: Snapshot, after: Snapshot): readonly string[] {
  return [...before.relations]
    .flatMap(([oid, { name, file, kind }]) =>
      kind !== "v" && (after.relations.get(oid)?.file ?? file) !== file ? [name] : [],
    )
    .sort();
}

const HOLDS_ROWS: ReadonlySet<string> = new Set(["r", "p", "m"]);

/** By their number, so that what has another name now is still there. */
function dropped(before: Snapshot, after: Snapshot): Pick<Observed, "dropped"> {
  const gone = [...before.relations].flatMap(([oid, { name, kind }]) =>
    HOLDS_ROWS.has(kind) && !after.relations.has(oid) ? [name] : [],
  );
  return gone.length === 0 ? {} : { dropped: gone.sort() };
}

/** Columns of tables that stay. */
function withoutColumns(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  { relations }: Snapshot,
): Pick<Observed, "droppedColumns"> {
  const left = new Set([...after.keys()].map((key) => key.split(" ")[0]));
  const gone = [...before].flatMap(([key, name]) => {
    const [oid] = key.split(" ");
    const relation = relations.get(Number(oid))?.name;
    return after.has(key) || relation === undefined || !left.has(oid) ? [] : [{ relation, column: name }];
  });
  return gone.length === 0 ? {} : { droppedColumns: gone };
}

function written(before: Snapshot, after: Snapshot): readonly WrittenRows[] {
  return [...after.work]
    .flatMap(([oid, [, ...counts]]) => {
      const [, ...earlier] = before.work.get(oid) ?? [0, 0, 0, 0];
      const [inserted = 0, updated = 0, deleted = 0] = counts.map((count, i) => count - (earlier[i] ?? 0));
      const relation = (after.relations.get(oid) ?? before.relations.get(oid))?.name;
      return relation !== undefined && inserted + updated + deleted > 0
        ? [{ relation, inserted, updated, deleted }]
        : [];
    })
    .sort((a, b) => (a.relation < b.relation ? -1 : 1));
}
