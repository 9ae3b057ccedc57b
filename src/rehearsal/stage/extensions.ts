/** Extensions that PGlite ships or that are packaged for it: the name in CREATE EXTENSION, its module and what that exports (https://pglite.dev/extensions/). */
export const EXTENSIONS: ReadonlyMap<string, readonly [module: string, exported: string]> = new Map<string, readonly [module: string, exported: string]>([
  ...["amcheck", "bloom", "btree_gin", "btree_gist", "citext", "cube", "dict_int", "dict_xsyn", "earthdistance", "fuzzystrmatch", "hstore", "intarray", "isn", "lo", "ltree", "moddatetime", "pageinspect", "pg_buffercache", "pg_freespacemap", "pg_stat_statements", "pg_trgm", "pg_surgery", "pg_visibility", "pg_walinspect", "pgcrypto", "seg", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time", "unaccent"]
    .map((name) => [name, [`@electric-sql/pglite/contrib/${name}`, name]] as const),
  ["uuid-ossp", ["@electric-sql/pglite/contrib/uuid_ossp", "uuid_ossp"]],
  ["vector", ["@electric-sql/pglite-pgvector", "vector"]],
]);
