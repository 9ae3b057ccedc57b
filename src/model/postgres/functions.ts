import { undotted } from "../../sql/names.ts";
/**
 * Whether a call gives another value for every row (VOLATILE) or can be evaluated once for a statement. A column
 * added with a volatile default makes PostgreSQL write every row: https://www.postgresql.org/docs/current/xfunc-volatility.html
 *
 * @param name As in Expression's "call": lower case, with its schema unless that is pg_catalog.
 * @returns "unknown" for functions that are not PostgreSQL's, and for names whose overloads differ.
 */
export function volatility(name: string): "volatile" | "stable or immutable" | "unknown" {
  const plain = undotted(name).name;
  if (EXTENSIONS_VOLATILE.has(plain)) return "volatile";
  if (EXTENSIONS_STEADY.has(plain)) return "stable or immutable";
  if (plain !== name) return "unknown";
  if (VOLATILE.has(name)) return "volatile";
  if (MIXED.has(name)) return "unknown";
  return STEADY.has(name) || SYNTAX.has(name) ? "stable or immutable" : "unknown";
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

/** What the grammar has words for instead of functions. */
const SYNTAX = words(`
  coalesce nullif greatest least current_timestamp current_date current_time localtime localtimestamp current_user session_user user
  current_role current_catalog current_schema system_user json json_array json_arrayagg json_object json_objectagg json_scalar json_serialize
  json_exists json_query json_value xmlconcat xmlelement xmlforest xmlparse xmlpi xmlroot xmlserialize`);

/** Functions of the extensions uuid-ossp, pgcrypto, tablefunc, and what they are declared as there. */
const EXTENSIONS_VOLATILE = words(
  "uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 gen_random_bytes gen_salt pgp_sym_encrypt pgp_sym_encrypt_bytea pgp_pub_encrypt pgp_pub_encrypt_bytea normal_rand",
);
const EXTENSIONS_STEADY = words(
  "uuid_generate_v3 uuid_generate_v5 uuid_nil uuid_ns_dns uuid_ns_url uuid_ns_oid uuid_ns_x500 crypt digest hmac unaccent",
);

// The three sets are written by test/functions.test.ts from pg_proc of PostgreSQL 18.
const VOLATILE = words(`
  amvalidate array_sample array_shuffle brin_desummarize_range brin_summarize_new_values brin_summarize_range clock_timestamp current_query currval
  cursor_to_xml cursor_to_xmlschema gen_random_uuid gin_clean_pending_list lastval lo_close lo_creat lo_create lo_export lo_from_bytea lo_get lo_import
  lo_lseek lo_lseek64 lo_open lo_put lo_tell lo_tell64 lo_truncate lo_truncate64 lo_unlink loread lowrite nextval plpgsql_validator query_to_xml
  query_to_xml_and_xmlschema query_to_xmlschema random random_normal set_config setseed setval timeofday ts_stat txid_status uuidv4 uuidv7
`);
const MIXED = words(`
  ts_rewrite
`);
const STEADY = words(`
  abbrev abs acldefault aclexplode acos acosd acosh age any_value area array_agg array_dims array_fill array_length array_lower array_ndims array_position
  array_positions array_remove array_replace array_reverse array_sort array_to_json array_to_string array_to_tsvector array_upper ascii asin asind asinh atan
  atan2 atan2d atand atanh avg bit_and bit_count bit_length bit_or bit_xor bittypmodin bool_and bool_or box bpchartypmodin broadcast btrim cardinality
  casefold cash_words cbrt ceil ceiling center char_length character_length chr circle col_description concat concat_ws convert convert_from convert_to corr
  cos cosd cosh cot cotd count covar_pop covar_samp crc32 crc32c cume_dist current_database current_schema current_schemas current_setting current_user
  database_to_xml database_to_xml_and_xmlschema database_to_xmlschema date_add date_bin date_part date_subtract date_trunc datemultirange daterange
  daterange_canonical daterange_subdiff decode degrees dense_rank dexp diagonal diameter div dlog1 dlog10 dround dtrunc encode enum_first enum_last enum_range
  enum_send erf erfc every exp extract factorial family floor fmgr_c_validator fmgr_internal_validator fmgr_sql_validator format format_type gamma gcd
  generate_series generate_subscripts get_bit get_byte get_current_ts_config getdatabaseencoding getpgusername height host hostmask icu_unicode_version
  inet_client_addr inet_client_port inet_server_addr inet_server_port initcap int2int4_sum int4inc int4multirange int4range int4range_canonical
  int4range_subdiff int8_sum int8multirange int8range int8range_canonical int8range_subdiff intervaltypmodin is_normalized isclosed isempty isfinite
  ishorizontal isopen isparallel isperp isvertical json_agg json_agg_strict json_array_elements json_array_elements_text json_array_length json_build_array
  json_build_object json_each json_each_text json_object json_object_agg json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict
  json_object_keys json_populate_record json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_to_tsvector json_typeof jsonb_agg
  jsonb_agg_strict jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text
  jsonb_insert jsonb_object jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict jsonb_object_keys
  jsonb_path_exists jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz
  jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record jsonb_populate_record_valid jsonb_populate_recordset jsonb_pretty
  jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_to_tsvector jsonb_typeof justify_days justify_hours justify_interval lcm
  left length lgamma like like_escape line ln log log10 lower lower_inc lower_inf lpad lseg ltrim macaddr8_set7bit make_date make_interval make_time
  make_timestamp make_timestamptz makeaclitem masklen max md5 min min_scale mod mode multirange mxid_age nameconcatoid netmask network normalize notlike now
  npoints num_nonnulls num_nulls numeric_div_trunc numeric_exp numeric_inc numeric_ln numeric_log numeric_sqrt numerictypmodin nummultirange numnode numrange
  numrange_subdiff obj_description octet_length oidvectortypes overlaps overlay parse_ident pclose percent_rank percentile_cont percentile_disc
  phraseto_tsquery pi plainto_tsquery point polygon popen position postgresql_fdw_validator pow power querytree quote_ident quote_literal quote_nullable
  radians radius range_agg range_intersect_agg range_merge rank regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace
  regexp_split_to_array regexp_split_to_table regexp_substr regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat
  replace reverse right round row_security_active row_to_json rpad rtrim satisfies_hash_partition scale schema_to_xml schema_to_xml_and_xmlschema
  schema_to_xmlschema session_user set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512 shobj_description sign similar_escape similar_to_escape
  sin sind sinh slope split_part sqrt statement_timestamp stddev stddev_pop stddev_samp string_agg string_to_array string_to_table strip strpos substr
  substring sum system_user table_to_xml table_to_xml_and_xmlschema table_to_xmlschema tan tand tanh text textlen timestamp timestamptypmodin timestamptz
  timestamptztypmodin timetypmodin timetztypmodin timezone to_ascii to_bin to_char to_date to_hex to_json to_jsonb to_number to_oct to_regclass
  to_regcollation to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype to_regtypemod to_timestamp to_tsquery to_tsvector
  transaction_timestamp translate trim_array trim_scale trunc ts_delete ts_filter ts_headline ts_lexize ts_parse ts_rank ts_rank_cd ts_token_type tsmultirange
  tsquery_phrase tsrange tsrange_subdiff tstzmultirange tstzrange tstzrange_subdiff tsvector_to_array txid_current txid_current_if_assigned
  txid_current_snapshot txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin txid_visible_in_snapshot unicode_assigned unicode_version unistr unnest upper
  upper_inc upper_inf uuid_extract_timestamp uuid_extract_version var_pop var_samp varbittypmodin varchartypmodin variance version websearch_to_tsquery width
  width_bucket xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmlagg xmlcomment xmlexists xmltext xmlvalidate xpath xpath_exists
`);
