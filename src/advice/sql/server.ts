import { commands } from "../programs/command.ts";
import { literal } from "../../sql/names.ts";
import { STATISTICS } from "./statistics.ts";

/** What is going on in a server. Tables are names as SQL writes them. */
export const server = commands("server", "sql", {
  waiting: [
    "shows the sessions that wait for a lock on tables, and who holds it",
    (tables: readonly string[]) =>
      `SELECT a.pid, pg_blocking_pids(a.pid) AS blocked_by, now() - a.query_start AS waiting,\n       l.relation::regclass AS relation, l.mode, left(a.query, 100) AS query\nFROM pg_stat_activity AS a\nJOIN pg_locks AS l ON l.pid = a.pid AND NOT l.granted\nWHERE l.relation IS NULL OR l.relation IN (${oids(tables)})\nORDER BY a.query_start;`,
  ],
  running: [
    "shows the statements on tables that have run for more than 30 seconds",
    (tables: readonly string[]) =>
      `SELECT DISTINCT a.pid, now() - a.query_start AS running, a.state, left(a.query, 100) AS query\nFROM pg_stat_activity AS a\nJOIN pg_locks AS l ON l.pid = a.pid AND l.granted\nWHERE a.state <> 'idle' AND a.pid <> pg_backend_pid() AND now() - a.query_start > interval '30 seconds'\n  AND l.relation IN (${oids(tables)})\nORDER BY running DESC;`,
  ],
  sizes: [
    "shows how big and how busy tables are",
    (tables: readonly string[]) =>
      `SELECT relid::regclass AS "table", pg_size_pretty(pg_total_relation_size(relid)) AS size, n_live_tup AS rows,\n       coalesce(seq_scan, 0) + coalesce(idx_scan, 0) AS scans, n_tup_ins + n_tup_upd + n_tup_del AS writes\nFROM pg_stat_user_tables\nWHERE relid IN (${oids(tables)})\nORDER BY pg_total_relation_size(relid) DESC;`,
  ],
  statistics: ["shows how big and how busy all tables are, as one JSON value", () => STATISTICS],
  invalidIndexes: [
    "shows the indexes that a failed build left behind",
    (tables?: readonly string[]) =>
      tables === undefined
        ? "SELECT indexrelid::regclass AS index\nFROM pg_index\nWHERE NOT indisvalid;"
        : `SELECT indrelid::regclass AS "table", indexrelid::regclass AS index\nFROM pg_index\nWHERE NOT indisvalid AND indrelid IN (${oids(tables)});`,
  ],
  notValid: [
    "shows the constraints of tables that are not validated",
    (tables: readonly string[]) =>
      `SELECT conrelid::regclass AS "table", conname\nFROM pg_constraint\nWHERE NOT convalidated AND conrelid IN (${oids(tables)});`,
  ],
});

/** The tables as a list of their oids. A table that is gone is NULL there, where a cast would fail. */
function oids(tables: readonly string[]): string {
  return tables.map((table) => `to_regclass(${literal(table)})`).join(", ");
}
