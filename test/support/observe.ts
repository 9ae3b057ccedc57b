import { PGlite, type Extension } from "@electric-sql/pglite";
import { parse } from "libpg-query";

/**
 * Runs statements in PostgreSQL (embedded, in memory) and says what they did, in the terms of Effects: the locks
 * in pg_locks, the heaps with a new file, the tables that were read from end to end.
 */

export interface Observed {
  /** Strongest lock that this statement took on each relation that existed before it, from RowShareLock up; absent where it cannot be seen, because the statement runs outside of a transaction. */
  readonly locks?: readonly { readonly relation: string; readonly mode: string }[];
  /** Strongest lock that the transaction of the file held already before this statement: what it takes again up to that mode is not seen. */
  readonly held?: readonly { readonly relation: string; readonly mode: string }[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
  readonly error?: { readonly code: string; readonly message: string };
}

export interface Observer {
  readonly db: PGlite;
  /** Runs one statement. Outside of a transaction it gets one of its own, which is committed. */
  observe(statement: string): Promise<Observed>;
  /** Whether a BEGIN of the observed statements is open. */
  inTransaction(): boolean;
  close(): Promise<void>;
}

/** File names of the contrib extensions that Prisma projects use and the embedded PostgreSQL ships; names as in CREATE EXTENSION are the same but for uuid-ossp. */
const EXTENSIONS = ["citext", "pgcrypto", "uuid_ossp", "pg_trgm", "hstore", "btree_gin", "btree_gist", "unaccent", "ltree", "cube", "earthdistance", "fuzzystrmatch", "tablefunc", "intarray", "isn", "pg_stat_statements"];

export const MODES = ["AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"];

/** A fresh database, with the extensions ready to be created. Time zone is UTC, which is what servers have. */
export async function openObserver(): Promise<Observer> {
  const extensions: Record<string, Extension> = {};
  for (const name of EXTENSIONS) {
    const module = (await import(`@electric-sql/pglite/contrib/${name}`)) as Record<string, Extension>;
    const extension = module[name];
    if (extension !== undefined) extensions[name] = extension;
  }
  const db = await PGlite.create({ extensions });
  await db.exec("set timezone = 'UTC'");
  let open = false;
  return {
    db,
    inTransaction: () => open,
    close: () => db.close(),
    async observe(statement) {
      const control = await transactionControl(statement);
      if (control !== undefined) {
        const error = await attempt(db, statement);
        if (control === "begin") open = true;
        else if (control === "end") open = false;
        return { locks: [], rewrites: [], scans: [], ...error };
      }
      if (open) return within(db, statement);
      await db.exec("begin");
      const observed = await within(db, statement);
      if (observed.error === undefined) return (await db.exec("commit").then(() => observed, (error: unknown) => ({ ...observed, error: failure(error) })));
      await db.exec("rollback");
      if (observed.error.code !== "25001") return observed;
      return autocommit(db, statement);
    },
  };
}

interface Snapshot {
  readonly relations: ReadonlyMap<number, { readonly name: string; readonly file: number; readonly kind: string }>;
  readonly held: ReadonlySet<string>;
  readonly scans: ReadonlyMap<number, number>;
}

/** One query, so that what is seen belongs to one moment; it takes locks on catalogs only. */
const SNAPSHOT = `
  select
    (select json_agg(json_build_array(c.oid::int8, n.nspname || '.' || c.relname, c.relfilenode::int8, c.relkind)) from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm') and n.nspname !~ '^(pg_|information_schema$)') as relations,
    (select json_agg(json_build_array(relation::int8, mode)) from pg_locks where pid = pg_backend_pid() and locktype = 'relation' and granted) as locks,
    (select json_agg(json_build_array(relid::int8, coalesce(seq_scan, 0))) from pg_stat_xact_all_tables where schemaname !~ '^(pg_|information_schema$)') as scans`;

async function snapshot(db: PGlite): Promise<Snapshot> {
  // Statements may leave an empty search_path or another role's settings behind: names of the catalog are found anyway.
  const row = (await db.exec(SNAPSHOT)).at(-1)?.rows[0] as { relations: [number, string, number, string][] | null; locks: [number, string][] | null; scans: [number, number][] | null };
  return {
    relations: new Map((row.relations ?? []).map(([oid, name, file, kind]) => [oid, { name, file, kind }])),
    held: new Set((row.locks ?? []).map(([oid, mode]) => `${oid} ${mode}`)),
    scans: new Map(row.scans ?? []),
  };
}

async function within(db: PGlite, statement: string): Promise<Observed> {
  let before: Snapshot;
  try {
    before = await snapshot(db);
    await db.exec(statement);
  } catch (error) {
    return { locks: [], rewrites: [], scans: [], error: failure(error) };
  }
  const after = await snapshot(db);
  const held = strongest(before.held, before);
  return {
    locks: strongest([...after.held].filter((key) => !before.held.has(key)), before),
    ...(held.length === 0 ? {} : { held }),
    ...work(before, after),
  };
}

function strongest(keys: Iterable<string>, before: Snapshot): readonly { relation: string; mode: string }[] {
  const found = new Map<string, number>();
  for (const key of keys) {
    const [oid = "", mode = ""] = key.split(" ");
    const relation = before.relations.get(Number(oid));
    const strength = MODES.indexOf(mode);
    if (relation !== undefined && strength >= 1 && strength > (found.get(relation.name) ?? 0)) found.set(relation.name, strength);
  }
  return [...found].map(([relation, strength]) => ({ relation, mode: MODES[strength] ?? "" })).sort((a, b) => (a.relation < b.relation ? -1 : 1));
}

function work(before: Snapshot, after: Snapshot): Pick<Observed, "rewrites" | "scans"> {
  const rewrites: string[] = [];
  const scans: string[] = [];
  for (const [oid, { name, file, kind }] of before.relations) {
    const now = after.relations.get(oid);
    if (kind !== "v" && now !== undefined && now.file !== file) rewrites.push(name);
    if ((after.scans.get(oid) ?? 0) > (before.scans.get(oid) ?? 0)) scans.push(name);
  }
  return { rewrites: rewrites.sort(), scans: scans.sort() };
}

/** CREATE INDEX CONCURRENTLY and the like: their locks and scans are gone when they can be looked at. */
async function autocommit(db: PGlite, statement: string): Promise<Observed> {
  const before = await snapshot(db);
  const error = await attempt(db, statement);
  const after = await snapshot(db);
  return { rewrites: work(before, after).rewrites, scans: [], ...error };
}

async function attempt(db: PGlite, statement: string): Promise<Pick<Observed, "error">> {
  try {
    await db.exec(statement);
    return {};
  } catch (error) {
    return { error: failure(error) };
  }
}

function failure(error: unknown): { code: string; message: string } {
  const { code, message } = error as { code?: string; message: string };
  if (code === undefined) throw error;
  return { code, message };
}

async function transactionControl(statement: string): Promise<"begin" | "end" | "other" | undefined> {
  if (!/^\s*(?:--.*\n\s*|\/\*[\s\S]*?\*\/\s*)*(begin|start|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b/i.test(statement)) return undefined;
  const { stmts } = (await parse(statement)) as { stmts: { stmt: { TransactionStmt?: { kind: string } } }[] };
  const kind = stmts[0]?.stmt.TransactionStmt?.kind;
  if (kind === undefined) return undefined;
  if (kind === "TRANS_STMT_BEGIN" || kind === "TRANS_STMT_START") return "begin";
  return kind === "TRANS_STMT_COMMIT" || kind === "TRANS_STMT_ROLLBACK" || kind === "TRANS_STMT_PREPARE" ? "end" : "other";
}

/** The statements of a text, where PostgreSQL's parser ends them; throws its syntax error. */
export async function statementsOf(text: string): Promise<readonly string[]> {
  const bytes = Buffer.from(text);
  const { stmts = [] } = (await parse(text)) as { stmts?: { stmt_location?: number; stmt_len?: number }[] };
  return stmts.map(({ stmt_location: start = 0, stmt_len: length }) => bytes.subarray(start, length === undefined ? undefined : start + length).toString("utf8").trim());
}
