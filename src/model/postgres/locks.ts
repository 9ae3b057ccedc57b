import { LOCK_MODES, type LockMode, sqlMode } from "../../sql/lock-modes.ts";
import { byText } from "../../words.ts";
import type { RelationId } from "../effects.ts";

/**
 * The strongest lock that a statement takes on the table that it names, or on another one where the row says so. Modes, their
 * strength and what they exclude: https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 * Each row was observed in pg_locks (test/truth runs them again); `source` is the manual's own page on the statement.
 */
export interface LockRow {
  readonly mode: LockMode;
  /** What takes it, in SQL. */
  readonly statement: string;
  readonly source: string;
}

const MANUAL = "https://www.postgresql.org/docs/current/";
const row = (mode: LockMode, statement: string, page: string): LockRow => ({ mode, statement, source: MANUAL + page });
const alter = (mode: LockMode, action: string): LockRow => row(mode, `ALTER TABLE … ${action}`, "sql-altertable.html");

/** The manual's page on modes, and on what they exclude. */
export const LOCK_MANUAL = `${MANUAL}explicit-locking.html#LOCKING-TABLES`;

export const LOCKS = {
  addColumn: alter("AccessExclusiveLock", "ADD COLUMN"),
  dropColumn: alter("AccessExclusiveLock", "DROP COLUMN"),
  renameColumn: alter("AccessExclusiveLock", "RENAME COLUMN"),
  alterColumnType: alter("AccessExclusiveLock", "ALTER COLUMN … TYPE"),
  setDefault: alter("AccessExclusiveLock", "ALTER COLUMN … SET DEFAULT"),
  dropDefault: alter("AccessExclusiveLock", "ALTER COLUMN … DROP DEFAULT"),
  setNotNull: alter("AccessExclusiveLock", "ALTER COLUMN … SET NOT NULL"),
  dropNotNull: alter("AccessExclusiveLock", "ALTER COLUMN … DROP NOT NULL"),
  setExpression: alter("AccessExclusiveLock", "ALTER COLUMN … SET EXPRESSION"),
  dropExpression: alter("AccessExclusiveLock", "ALTER COLUMN … DROP EXPRESSION"),
  addIdentity: alter("AccessExclusiveLock", "ALTER COLUMN … ADD GENERATED"),
  setIdentity: alter("AccessExclusiveLock", "ALTER COLUMN … SET GENERATED"),
  dropIdentity: alter("AccessExclusiveLock", "ALTER COLUMN … DROP IDENTITY"),
  /** The only constraint that lets reads through. */
  addForeignKey: alter("ShareRowExclusiveLock", "ADD FOREIGN KEY, on both tables"),
  addCheck: alter("AccessExclusiveLock", "ADD CHECK"),
  addUnique: alter("AccessExclusiveLock", "ADD UNIQUE"),
  addPrimaryKey: alter("AccessExclusiveLock", "ADD PRIMARY KEY"),
  addExclusion: alter("AccessExclusiveLock", "ADD EXCLUDE"),
  addNotNull: alter("AccessExclusiveLock", "ADD NOT NULL"),
  dropConstraint: alter("AccessExclusiveLock", "DROP CONSTRAINT"),
  renameConstraint: alter("AccessExclusiveLock", "RENAME CONSTRAINT"),
  alterConstraint: alter("AccessExclusiveLock", "ALTER CONSTRAINT"),
  validateConstraint: alter("ShareUpdateExclusiveLock", "VALIDATE CONSTRAINT"),
  validateForeignKeyParent: alter(
    "RowShareLock",
    "VALIDATE CONSTRAINT of a foreign key, on the table that it references",
  ),
  renameTable: alter("AccessExclusiveLock", "RENAME TO"),
  setTableSchema: alter("AccessExclusiveLock", "SET SCHEMA"),
  dropTable: row("AccessExclusiveLock", "DROP TABLE", "sql-droptable.html"),
  truncate: row("AccessExclusiveLock", "TRUNCATE", "sql-truncate.html"),
  attachPartition: alter("ShareUpdateExclusiveLock", "ATTACH PARTITION, on the partitioned table"),
  attachedPartition: alter("AccessExclusiveLock", "ATTACH PARTITION, on the partition"),
  defaultPartition: alter("AccessExclusiveLock", "ATTACH PARTITION and DETACH PARTITION, on the default partition"),
  detachPartition: alter("AccessExclusiveLock", "DETACH PARTITION"),
  detachPartitionConcurrently: alter(
    "ShareUpdateExclusiveLock",
    "DETACH PARTITION … CONCURRENTLY, on the partitioned table",
  ),
  createPartition: row(
    "AccessExclusiveLock",
    "CREATE TABLE … PARTITION OF, on the partitioned table",
    "sql-createtable.html#SQL-CREATETABLE-PARTITION",
  ),
  inheritedParent: row("ShareUpdateExclusiveLock", "CREATE TABLE … INHERITS, on the parent", "sql-createtable.html"),
  referencedTable: row(
    "ShareRowExclusiveLock",
    "CREATE TABLE with a foreign key, on the table that it references",
    "sql-createtable.html",
  ),
  createIndex: row("ShareLock", "CREATE INDEX", "sql-createindex.html"),
  createIndexConcurrently: row(
    "ShareUpdateExclusiveLock",
    "CREATE INDEX CONCURRENTLY",
    "sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
  ),
  dropIndex: row("AccessExclusiveLock", "DROP INDEX", "sql-dropindex.html"),
  dropIndexConcurrently: row("ShareUpdateExclusiveLock", "DROP INDEX CONCURRENTLY", "sql-dropindex.html"),
  reindex: row("ShareLock", "REINDEX", "sql-reindex.html"),
  reindexConcurrently: row("ShareUpdateExclusiveLock", "REINDEX CONCURRENTLY", "sql-reindex.html"),
  createTrigger: row("ShareRowExclusiveLock", "CREATE TRIGGER", "sql-createtrigger.html"),
  renameTrigger: row("AccessExclusiveLock", "ALTER TRIGGER … RENAME TO", "sql-altertrigger.html"),
  dropTrigger: row("AccessExclusiveLock", "DROP TRIGGER", "sql-droptrigger.html"),
  createPolicy: row("AccessExclusiveLock", "CREATE POLICY", "sql-createpolicy.html"),
  createRule: row("AccessExclusiveLock", "CREATE RULE", "sql-createrule.html"),
  createStatistics: row("ShareUpdateExclusiveLock", "CREATE STATISTICS", "sql-createstatistics.html"),
  replaceView: row("AccessExclusiveLock", "CREATE OR REPLACE VIEW", "sql-createview.html"),
  dropView: row("AccessExclusiveLock", "DROP VIEW", "sql-dropview.html"),
  refreshView: row("AccessExclusiveLock", "REFRESH MATERIALIZED VIEW", "sql-refreshmaterializedview.html"),
  refreshViewConcurrently: row(
    "ExclusiveLock",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY",
    "sql-refreshmaterializedview.html",
  ),
  comment: row("ShareUpdateExclusiveLock", "COMMENT ON", "sql-comment.html"),
  publication: row(
    "ShareUpdateExclusiveLock",
    "CREATE PUBLICATION and ALTER PUBLICATION",
    "sql-createpublication.html",
  ),
  changeRows: row("RowExclusiveLock", "INSERT, UPDATE, DELETE and MERGE", "explicit-locking.html#LOCKING-TABLES"),
  readRows: row("AccessShareLock", "SELECT", "explicit-locking.html#LOCKING-TABLES"),
  lockRows: row(
    "RowShareLock",
    "SELECT … FOR UPDATE and FOR SHARE, and what checks a foreign key",
    "explicit-locking.html#LOCKING-TABLES",
  ),
  vacuum: row("ShareUpdateExclusiveLock", "VACUUM", "sql-vacuum.html"),
  vacuumFull: row("AccessExclusiveLock", "VACUUM FULL", "sql-vacuum.html"),
  analyze: row("ShareUpdateExclusiveLock", "ANALYZE", "sql-analyze.html"),
  cluster: row("AccessExclusiveLock", "CLUSTER", "sql-cluster.html"),
  alterDomain: row(
    "ShareLock",
    "ALTER DOMAIN … ADD and VALIDATE, on tables that use the domain",
    "sql-alterdomain.html",
  ),
  setStatistics: alter("ShareUpdateExclusiveLock", "ALTER COLUMN … SET STATISTICS"),
  setStorage: alter("AccessExclusiveLock", "ALTER COLUMN … SET STORAGE"),
  setCompression: alter("AccessExclusiveLock", "ALTER COLUMN … SET COMPRESSION"),
  setColumnOptions: alter("ShareUpdateExclusiveLock", "ALTER COLUMN … SET (…)"),
  setTableOptions: alter("ShareUpdateExclusiveLock", "SET (…)"),
  setAutovacuumOptions: alter("ShareUpdateExclusiveLock", "SET (autovacuum_…)"),
  setLogged: alter("AccessExclusiveLock", "SET LOGGED"),
  setUnlogged: alter("AccessExclusiveLock", "SET UNLOGGED"),
  setTablespace: alter("AccessExclusiveLock", "SET TABLESPACE"),
  setAccessMethod: alter("AccessExclusiveLock", "SET ACCESS METHOD"),
  setWithoutCluster: alter("ShareUpdateExclusiveLock", "SET WITHOUT CLUSTER"),
  clusterOn: alter("ShareUpdateExclusiveLock", "CLUSTER ON"),
  replicaIdentity: alter("AccessExclusiveLock", "REPLICA IDENTITY"),
  owner: alter("AccessExclusiveLock", "OWNER TO"),
  enableRowSecurity: alter("AccessExclusiveLock", "ENABLE ROW LEVEL SECURITY"),
  disableRowSecurity: alter("AccessExclusiveLock", "DISABLE ROW LEVEL SECURITY"),
  forceRowSecurity: alter("AccessExclusiveLock", "FORCE ROW LEVEL SECURITY"),
  noForceRowSecurity: alter("AccessExclusiveLock", "NO FORCE ROW LEVEL SECURITY"),
  enableTrigger: alter("ShareRowExclusiveLock", "ENABLE TRIGGER"),
  disableTrigger: alter("ShareRowExclusiveLock", "DISABLE TRIGGER"),
  enableRule: alter("AccessExclusiveLock", "ENABLE RULE"),
  disableRule: alter("AccessExclusiveLock", "DISABLE RULE"),
  inherit: alter("AccessExclusiveLock", "INHERIT"),
  noInherit: alter("AccessExclusiveLock", "NO INHERIT"),
  ofType: alter("AccessExclusiveLock", "OF"),
  setWithoutOids: alter("AccessExclusiveLock", "SET WITHOUT OIDS"),
  other: alter("AccessExclusiveLock", "any other form"),
} as const satisfies Record<string, LockRow>;

/** LOCK TABLE takes what it names. */
export const lockTable = (mode: LockMode): LockRow =>
  row(mode, `LOCK TABLE … IN ${sqlMode(mode)} MODE`, "sql-lock.html");

export const strength = (mode: LockMode): number => LOCK_MODES.indexOf(mode);

/** INSERT, UPDATE and DELETE wait: from SHARE on, except that SHARE UPDATE EXCLUSIVE lets them through. */
export const blocksWrites = (mode: LockMode): boolean => strength(mode) >= strength("ShareLock");
/** A plain SELECT waits for ACCESS EXCLUSIVE alone. */
export const blocksReads = (mode: LockMode): boolean => mode === "AccessExclusiveLock";

/** What others cannot do on the relation while the lock is held; empty where rows can be read and written. */
export const blockedBy = (mode: LockMode): string =>
  blocksReads(mode) ? "reads and writes" : blocksWrites(mode) ? "writes" : "";

/** The strongest lock of each relation, by relation. */
export function strongest<Lock extends { readonly relation: RelationId; readonly mode: LockMode }>(
  locks: readonly Lock[],
): readonly Lock[] {
  const found = new Map<RelationId, Lock>();
  for (const lock of locks) {
    const known = found.get(lock.relation);
    if (!known || strength(lock.mode) > strength(known.mode)) found.set(lock.relation, lock);
  }
  return [...found.values()].sort((a, b) => byText(a.relation, b.relation));
}
