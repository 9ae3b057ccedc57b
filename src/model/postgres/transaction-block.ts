import type { ColumnOperation } from "../../sql/operation/tables.ts";
import type { ConstraintOperation } from "../../sql/operation/constraints.ts";
import type { ObjectOperation, Operation } from "../../sql/operation/index.ts";
import type { RowOperation } from "../../sql/operation/rows.ts";
import type { SequenceOperation } from "../../sql/operation/schemas.ts";
import type { TypeOperation } from "../../sql/operation/types.ts";
import { type Catalog, indexAt, relationAt, resolve } from "../catalog.ts";

/** The SQLSTATE of what PostgreSQL refuses in a transaction block. */
export const ACTIVE_SQL_TRANSACTION = "25001";

/** What PostgreSQL refuses in a transaction block (25001), each said on the manual's page of the command. */
export interface TransactionBlockRow {
  readonly command: string;
  readonly source: string;
}

const MANUAL = "https://www.postgresql.org/docs/current/";

const REFUSED_IN_TRANSACTION = {
  createIndexConcurrently: {
    command: "CREATE INDEX CONCURRENTLY",
    source: `${MANUAL}sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY`,
  },
  dropIndexConcurrently: { command: "DROP INDEX CONCURRENTLY", source: `${MANUAL}sql-dropindex.html` },
  reindexConcurrently: {
    command: "REINDEX CONCURRENTLY",
    source: `${MANUAL}sql-reindex.html#SQL-REINDEX-CONCURRENTLY`,
  },
  reindexMany: {
    command: "REINDEX of a schema, a database or a partitioned table",
    source: `${MANUAL}sql-reindex.html`,
  },
  detachConcurrently: {
    command: "DETACH PARTITION CONCURRENTLY",
    source: `${MANUAL}sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION`,
  },
  vacuum: { command: "VACUUM", source: `${MANUAL}sql-vacuum.html` },
  clusterAll: { command: "CLUSTER without a table", source: `${MANUAL}sql-cluster.html` },
  createDatabase: { command: "CREATE DATABASE", source: `${MANUAL}sql-createdatabase.html` },
  dropDatabase: { command: "DROP DATABASE", source: `${MANUAL}sql-dropdatabase.html` },
  createTablespace: { command: "CREATE TABLESPACE", source: `${MANUAL}sql-createtablespace.html` },
  dropTablespace: { command: "DROP TABLESPACE", source: `${MANUAL}sql-droptablespace.html` },
  alterSystem: { command: "ALTER SYSTEM", source: `${MANUAL}sql-altersystem.html` },
} as const satisfies Record<string, TransactionBlockRow>;

/** The row of an operation that PostgreSQL refuses in a transaction block; undefined for everything else. REFRESH MATERIALIZED VIEW CONCURRENTLY is allowed there. */
export function refusedInTransaction(catalog: Catalog, operation: Operation): TransactionBlockRow | undefined {
  switch (operation.kind) {
    case "createIndex":
      return operation.concurrently ? REFUSED_IN_TRANSACTION.createIndexConcurrently : undefined;
    case "dropIndex":
      return operation.concurrently ? REFUSED_IN_TRANSACTION.dropIndexConcurrently : undefined;
    case "reindex": {
      if (operation.concurrently) return REFUSED_IN_TRANSACTION.reindexConcurrently;
      const id = resolve(catalog, operation.name);
      const table = operation.target === "index" ? indexAt(catalog, id)?.table : id;
      const many =
        (operation.target !== "index" && operation.target !== "table") ||
        (table !== undefined && relationAt(catalog, table)?.kind === "partitioned");
      return many ? REFUSED_IN_TRANSACTION.reindexMany : undefined;
    }
    case "detachPartition":
      return operation.concurrently ? REFUSED_IN_TRANSACTION.detachConcurrently : undefined;
    case "vacuum":
    case "createDatabase":
    case "dropDatabase":
      return REFUSED_IN_TRANSACTION[operation.kind];
    case "cluster":
      return operation.table ? undefined : REFUSED_IN_TRANSACTION.clusterAll;
    case "systemCommand": {
      const { command } = operation;
      return command === "createTablespace" || command === "dropTablespace" || command === "alterSystem"
        ? REFUSED_IN_TRANSACTION[command]
        : undefined;
    }
    // Commands of the same families that it takes there.
    case "createSchema":
    case "dropSchema":
    case "renameSchema":
    case "createExtension":
    case "createTable":
    case "dropTable":
    case "renameTable":
    case "setTableSchema":
    case "attachPartition":
    case "alterTable":
    case "attachIndex":
    case "lockTable":
    case "analyze":
    case "set":
    case "transaction":
    case "other":
    case "opaque":
      return undefined;
    default:
      operation satisfies
        | TypeOperation
        | SequenceOperation
        | ColumnOperation
        | ConstraintOperation
        | ObjectOperation
        | RowOperation;
      return undefined;
  }
}

/** What PostgreSQL refuses outside of a transaction block (25P01): LOCK TABLE would let go at once, the others have nothing to act on. */
const NEEDS_TRANSACTION = {
  lockTable: { command: "LOCK TABLE", source: `${MANUAL}sql-lock.html` },
  savepoint: { command: "SAVEPOINT", source: `${MANUAL}sql-savepoint.html` },
  release: { command: "RELEASE SAVEPOINT", source: `${MANUAL}sql-release-savepoint.html` },
  rollbackTo: { command: "ROLLBACK TO SAVEPOINT", source: `${MANUAL}sql-rollback-to.html` },
} as const satisfies Record<string, TransactionBlockRow>;

/** The row of an operation that PostgreSQL refuses outside of a transaction block; undefined for everything else. */
export function needsTransaction(operation: Operation): TransactionBlockRow | undefined {
  if (operation.kind === "lockTable") return NEEDS_TRANSACTION.lockTable;
  if (operation.kind !== "transaction") return undefined;
  const { action } = operation;
  return action === "savepoint" || action === "release" || action === "rollbackTo"
    ? NEEDS_TRANSACTION[action]
    : undefined;
}
