import { LOCK_MODES, type LockMode } from "../../sql/lock-modes.ts";
import { byText } from "../../words.ts";
import type { RelationId } from "../effects.ts";

/**
 * The strongest lock that a statement takes on the table that it names. Modes, their strength and what they exclude:
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 * Each row was observed in pg_locks (test/truth runs them again); `source` is the manual's own sentence where it has one.
 */
export interface LockRow {
  readonly mode: LockMode;
  readonly source: string;
}

const MANUAL = "https://www.postgresql.org/docs/current/";
const row = (mode: LockMode, page: string): LockRow => ({ mode, source: MANUAL + page });
const ALTER = "sql-altertable.html";
const exclusive = row("AccessExclusiveLock", ALTER);
const online = row("ShareUpdateExclusiveLock", ALTER);

export const LOCKS = {
  addColumn: exclusive,
  dropColumn: exclusive,
  renameColumn: exclusive,
  alterColumnType: exclusive,
  setDefault: exclusive,
  dropDefault: exclusive,
  setNotNull: exclusive,
  dropNotNull: exclusive,
  setExpression: exclusive,
  dropExpression: exclusive,
  addIdentity: exclusive,
  setIdentity: exclusive,
  dropIdentity: exclusive,
  /** On both tables: the only constraint that lets reads through. */
  addForeignKey: row("ShareRowExclusiveLock", ALTER),
  addCheck: exclusive,
  addUnique: exclusive,
  addPrimaryKey: exclusive,
  addExclusion: exclusive,
  addNotNull: exclusive,
  dropConstraint: exclusive,
  renameConstraint: exclusive,
  alterConstraint: exclusive,
  validateConstraint: online,
  /** On the other side of a foreign key that is validated. */
  validateForeignKeyParent: row("RowShareLock", ALTER),
  renameTable: exclusive,
  setTableSchema: exclusive,
  dropTable: row("AccessExclusiveLock", "sql-droptable.html"),
  truncate: row("AccessExclusiveLock", "sql-truncate.html"),
  attachPartition: online,
  attachedPartition: exclusive,
  defaultPartition: exclusive,
  detachPartition: exclusive,
  detachPartitionConcurrently: online,
  createPartition: row("AccessExclusiveLock", "sql-createtable.html#SQL-CREATETABLE-PARTITION"),
  inheritedParent: row("ShareUpdateExclusiveLock", "sql-createtable.html"),
  /** On the table that a new foreign key points at. */
  referencedTable: row("ShareRowExclusiveLock", "sql-createtable.html"),
  createIndex: row("ShareLock", "sql-createindex.html"),
  createIndexConcurrently: row("ShareUpdateExclusiveLock", "sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY"),
  dropIndex: row("AccessExclusiveLock", "sql-dropindex.html"),
  dropIndexConcurrently: row("ShareUpdateExclusiveLock", "sql-dropindex.html"),
  reindex: row("ShareLock", "sql-reindex.html"),
  reindexConcurrently: row("ShareUpdateExclusiveLock", "sql-reindex.html"),
  createTrigger: row("ShareRowExclusiveLock", "sql-createtrigger.html"),
  renameTrigger: row("AccessExclusiveLock", "sql-altertrigger.html"),
  dropTrigger: row("AccessExclusiveLock", "sql-droptrigger.html"),
  createPolicy: row("AccessExclusiveLock", "sql-createpolicy.html"),
  createRule: row("AccessExclusiveLock", "sql-createrule.html"),
  createStatistics: row("ShareUpdateExclusiveLock", "sql-createstatistics.html"),
  replaceView: row("AccessExclusiveLock", "sql-createview.html"),
  dropView: row("AccessExclusiveLock", "sql-dropview.html"),
  refreshView: row("AccessExclusiveLock", "sql-refreshmaterializedview.html"),
  refreshViewConcurrently: row("ExclusiveLock", "sql-refreshmaterializedview.html"),
  comment: row("ShareUpdateExclusiveLock", "sql-comment.html"),
  publication: row("ShareUpdateExclusiveLock", "sql-createpublication.html"),
  changeRows: row("RowExclusiveLock", "explicit-locking.html#LOCKING-TABLES"),
  readRows: row("AccessShareLock", "explicit-locking.html#LOCKING-TABLES"),
  lockRows: row("RowShareLock", "explicit-locking.html#LOCKING-TABLES"),
  vacuum: row("ShareUpdateExclusiveLock", "sql-vacuum.html"),
  vacuumFull: row("AccessExclusiveLock", "sql-vacuum.html"),
  analyze: row("ShareUpdateExclusiveLock", "sql-analyze.html"),
  cluster: row("AccessExclusiveLock", "sql-cluster.html"),
  alterDomain: row("ShareLock", "sql-alterdomain.html"),

  setStatistics: online,
  setStorage: exclusive,
  setCompression: exclusive,
  setColumnOptions: online,
  setTableOptions: online,
  setAutovacuumOptions: online,
  setLogged: exclusive,
  setUnlogged: exclusive,
  setTablespace: exclusive,
  setAccessMethod: exclusive,
  setWithoutCluster: online,
  clusterOn: online,
  replicaIdentity: exclusive,
  owner: exclusive,
  enableRowSecurity: exclusive,
  disableRowSecurity: exclusive,
  forceRowSecurity: exclusive,
  noForceRowSecurity: exclusive,
  enableTrigger: row("ShareRowExclusiveLock", ALTER),
  disableTrigger: row("ShareRowExclusiveLock", ALTER),
  enableRule: exclusive,
  disableRule: exclusive,
  inherit: exclusive,
  noInherit: exclusive,
  ofType: exclusive,
  setWithoutOids: exclusive,
  other: exclusive,
} as const satisfies Record<string, LockRow>;

export const strength = (mode: LockMode): number => LOCK_MODES.indexOf(mode);
export const stronger = (one: LockMode, two: LockMode): LockMode => (strength(one) >= strength(two) ? one : two);

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
