/**
 * What PostgreSQL keeps about the tables of a database, as one JSON value: `src/evidence/statistics` reads it. It takes no lock but that
 * of a read, reads no row of a table, and gives no value of one: of pg_stats it takes two numbers for each column.
 * https://www.postgresql.org/docs/current/view-pg-stats.html
 */
export const STATISTICS = `WITH RECURSIVE own AS (
  SELECT c.oid, n.nspname AS schema, c.relname AS name
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
), tree AS (
  SELECT oid AS root, oid AS relation FROM own
  UNION
  SELECT tree.root, i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.relation
), sized AS (
  SELECT tree.root, c.reltuples AS rows, pg_relation_size(c.oid) AS main, pg_table_size(c.oid) AS heap,
    pg_total_relation_size(c.oid) AS bytes, s.seq_scan, s.idx_scan, s.n_tup_ins, s.n_tup_upd, s.n_tup_del
  FROM tree JOIN pg_class AS c ON c.oid = tree.relation
  LEFT JOIN pg_stat_user_tables AS s ON s.relid = c.oid
  WHERE c.relkind IN ('r', 'm')
), whole AS (
  SELECT root, sum(heap) AS heap, sum(bytes) AS bytes,
    CASE WHEN NOT bool_or(rows <= 0 AND main > 0) THEN sum(greatest(rows, 0))::bigint END AS rows,
    sum(seq_scan) AS sequential, sum(idx_scan) AS index,
    sum(n_tup_ins) AS inserted, sum(n_tup_upd) AS updated, sum(n_tup_del) AS deleted
  FROM sized GROUP BY root
), shares AS (
  SELECT schemaname, tablename,
    jsonb_object_agg(attname, jsonb_build_object('nulls', null_frac, 'distinct', n_distinct)) AS columns
  FROM (
    SELECT DISTINCT ON (schemaname, tablename, attname) schemaname, tablename, attname, null_frac, n_distinct
    FROM pg_stats ORDER BY schemaname, tablename, attname, inherited DESC
  ) AS one GROUP BY schemaname, tablename
)
SELECT jsonb_build_object(
  'version', 1,
  'taken', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  'server', split_part(current_setting('server_version'), ' ', 1),
  'database', current_database(),
  'replicas', (SELECT count(*) FROM pg_stat_replication WHERE application_name IS DISTINCT FROM 'pg_basebackup'),
  'tables', coalesce(jsonb_agg(jsonb_build_object(
    'schema', own.schema, 'name', own.name, 'rows', CASE WHEN whole.root IS NULL THEN 0 ELSE whole.rows END,
    'heap', coalesce(whole.heap, 0), 'bytes', coalesce(whole.bytes, 0),
    'scans', jsonb_build_object('sequential', coalesce(sequential, 0), 'index', coalesce(index, 0)),
    'writes', jsonb_build_object(
      'inserted', coalesce(inserted, 0), 'updated', coalesce(updated, 0), 'deleted', coalesce(deleted, 0)),
    'columns', coalesce(shares.columns, '{}')) ORDER BY own.schema, own.name), '[]')
) AS lockstep_stats
FROM own
LEFT JOIN whole ON whole.root = own.oid
LEFT JOIN shares ON shares.schemaname = own.schema AND shares.tablename = own.name;`;
