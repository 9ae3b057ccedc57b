/** Functions, types and operator classes that extensions bring, as far as migrations use them. https://www.postgresql.org/docs/current/contrib.html */
export const BROUGHT: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    pg_trgm:
      "gin_trgm_ops gist_trgm_ops similarity word_similarity strict_word_similarity show_trgm set_limit show_limit",
    citext: "citext",
    hstore: "hstore akeys avals hstore_to_json hstore_to_jsonb gin_hstore_ops",
    "uuid-ossp": "uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 uuid_nil",
    pgcrypto:
      "crypt gen_salt digest hmac gen_random_bytes pgp_sym_encrypt pgp_sym_decrypt pgp_pub_encrypt pgp_pub_decrypt armor dearmor",
    unaccent: "unaccent",
    ltree: "ltree lquery ltxtquery subpath nlevel gist_ltree_ops",
    btree_gin: "int4_ops text_ops",
    btree_gist: "gist_int4_ops gist_text_ops gist_uuid_ops gist_timestamp_ops gist_timestamptz_ops gist_date_ops",
    intarray: "gin__int_ops gist__int_ops gist__intbig_ops intset query_int",
    cube: "cube cube_dim cube_distance",
    earthdistance: "earth ll_to_earth earth_distance earth_box",
    fuzzystrmatch: "levenshtein soundex difference metaphone dmetaphone daitch_mokotoff",
    tablefunc: "crosstab normal_rand connectby",
    isn: "ean13 isbn isbn13 issn ismn upc",
    seg: "seg",
    lo: "lo lo_manage",
    dblink: "dblink dblink_connect dblink_exec",
    postgres_fdw: "postgres_fdw",
    file_fdw: "file_fdw",
    pg_stat_statements: "pg_stat_statements pg_stat_statements_reset",
    vector: "vector halfvec sparsevec vector_l2_ops vector_cosine_ops vector_ip_ops l2_distance cosine_distance",
    postgis:
      "geometry geography st_makepoint st_point st_setsrid st_distance st_dwithin st_intersects st_geomfromtext st_astext",
    pg_partman: "create_parent run_maintenance",
    moddatetime: "moddatetime",
    tcn: "triggered_change_notification",
  }).map(([name, names]) => [name, names.split(" ")] as const),
);
