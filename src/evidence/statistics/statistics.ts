/** What a server's own statistics say of a database: estimates, sizes and counters, no value of any row. `schema/stats.schema.json` */
export interface Statistics {
  readonly version: 1;
  /** When the query ran, in UTC: "2026-07-14T09:30:00Z". */
  readonly taken: string;
  /** "17.4" */
  readonly server: string;
  readonly database: string;
  /** Servers that were replicating from it, as far as it says. */
  readonly replicas: number;
  readonly tables: readonly TableStatistics[];
}

/** A table or materialized view with all that is below it: partitions, tables that inherit from it. */
export interface TableStatistics {
  readonly schema: string;
  readonly name: string;
  /** An estimate; null where nothing has counted them yet. */
  readonly rows: number | null;
  /** Bytes of the rows, TOAST included. */
  readonly heap: number;
  /** Bytes with indexes. */
  readonly bytes: number;
  /** Since the counters were last reset. */
  readonly scans: { readonly sequential: number; readonly index: number };
  readonly writes: { readonly inserted: number; readonly updated: number; readonly deleted: number };
  /** Of pg_stats, by name. A column that was not analyzed, or that the role may not read, is not among them. */
  readonly columns: Readonly<Record<string, ColumnStatistics>>;
}

/** Of a sample of the rows. */
export interface ColumnStatistics {
  /** The share that is NULL: 0 to 1. */
  readonly nulls: number;
  /** n_distinct: how many values there are; negative: how many for each row, NULLs among the rows. */
  readonly distinct: number;
}

/** Statistics of a file, as evidence. */
export interface KnownStatistics extends Statistics {
  /** The file, as it is shown. */
  readonly from: string;
}
