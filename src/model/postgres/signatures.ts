import { NAMES_ONLY } from "./function-names.ts";

/** PostgreSQL's functions as pg_proc of 14 to 18 has them: https://www.postgresql.org/docs/current/catalog-pg-proc.html */

export interface Signature {
  /** PostgreSQL's internal names of types; arrays as "_text", polymorphic ones as "anyelement". */
  readonly args: readonly string[];
  /** How many of the last arguments may be left away. */
  readonly defaults: number;
  /** The last argument may be given any number of times. */
  readonly variadic: boolean;
  readonly result: string;
  readonly set: boolean;
  readonly volatility: "immutable" | "stable" | "volatile";
  /** NULL for any argument that is NULL. */
  readonly strict: boolean;
  readonly kind: "function" | "aggregate" | "window" | "procedure";
  /** The first and the last major version that have it. */
  readonly from: number;
  readonly to: number;
}

const VOLATILITY = { i: "immutable", s: "stable", v: "volatile" } as const;
const KINDS = { a: "aggregate", w: "window", p: "procedure" } as const;

/**
 * All functions of that name in pg_catalog, of any version. `undefined`: there is none. `"unlisted"`: there is one that nobody calls by
 * name (it implements an operator, a cast, a type), and its arguments are not listed.
 */
export function signatures(name: string): readonly Signature[] | "unlisted" | undefined {
  byName ??= new Map(
    SIGNATURES.trim()
      .split(/;\s+/)
      .map((entry) => {
        const space = entry.indexOf(" ");
        return [entry.slice(0, space), entry.slice(space + 1)];
      }),
  );
  const known = byName.get(name);
  if (typeof known === "string") {
    const read = known.split(" ").map(signature);
    byName.set(name, read);
    return read;
  }
  return known ?? (NAMES_ONLY().has(name) ? "unlisted" : undefined);
}

let byName: Map<string, string | readonly Signature[]> | undefined;

function signature(text: string): Signature {
  const match = /^([^/*>]*)(?:\/(\d+))?(\*?)>([^[:]+)(\[\])?:([isv])(!?)([awp]?)(?:@(\d+))?(?:-(\d+))?$/.exec(text);
  if (!match) throw new Error(`not a signature: ${text}`);
  const [, args = "", defaults, variadic, result = "", set, volatility, strict, kind, from, to] = match;
  return {
    args: args === "" ? [] : args.split(","),
    defaults: Number(defaults ?? 0),
    variadic: variadic === "*",
    result,
    set: set !== undefined,
    volatility: VOLATILITY[volatility as keyof typeof VOLATILITY],
    strict: strict === "!",
    kind: KINDS[kind as keyof typeof KINDS] ?? "function",
    from: Number(from ?? 0),
    to: Number(to ?? Infinity),
  };
}

// Written by test/lore.test.ts from PostgreSQL 14 to 18. `args/defaults*>result[]:volatility!kind@from-to`; "*" is VARIADIC, "!" is strict.
const SIGNATURES = `
  RI_FKey_cascade_del >trigger:v!; RI_FKey_cascade_upd >trigger:v!; RI_FKey_check_ins >trigger:v!; RI_FKey_check_upd >trigger:v!; RI_FKey_noaction_del >trigger:v!; RI_FKey_noaction_upd >trigger:v!;
  RI_FKey_restrict_del >trigger:v!; RI_FKey_restrict_upd >trigger:v!; RI_FKey_setdefault_del >trigger:v!; RI_FKey_setdefault_upd >trigger:v!; RI_FKey_setnull_del >trigger:v!;
  RI_FKey_setnull_upd >trigger:v!; abbrev inet>text:i! cidr>text:i!; abs float4>float4:i! float8>float8:i! int8>int8:i! int4>int4:i! int2>int2:i! numeric>numeric:i!; acldefault char,oid>_aclitem:i!;
  aclexplode _aclitem>record[]:s!; acos float8>float8:i!; acosd float8>float8:i!; acosh float8>float8:i!;
  age xid>int4:s! timestamptz,timestamptz>interval:i! timestamptz>interval:s! timestamp,timestamp>interval:i! timestamp>interval:s!; amvalidate oid>bool:v!; any_value anyelement>anyelement:ia@16;
  area box>float8:i! path>float8:i! circle>float8:i!; array_agg anynonarray>anyarray:ia anyarray>anyarray:ia; array_append anycompatiblearray,anycompatible>anycompatiblearray:i;
  array_cat anycompatiblearray,anycompatiblearray>anycompatiblearray:i; array_dims anyarray>text:i!; array_fill anyelement,_int4>anyarray:i anyelement,_int4,_int4>anyarray:i;
  array_length anyarray,int4>int4:i!; array_lower anyarray,int4>int4:i!; array_ndims anyarray>int4:i!;
  array_position anycompatiblearray,anycompatible>int4:i anycompatiblearray,anycompatible,int4>int4:i; array_positions anycompatiblearray,anycompatible>_int4:i;
  array_prepend anycompatible,anycompatiblearray>anycompatiblearray:i; array_remove anycompatiblearray,anycompatible>anycompatiblearray:i;
  array_replace anycompatiblearray,anycompatible,anycompatible>anycompatiblearray:i; array_reverse anyarray>anyarray:i!@18; array_sample anyarray,int4>anyarray:v!@16;
  array_shuffle anyarray>anyarray:v!@16; array_sort anyarray>anyarray:i!@18 anyarray,bool>anyarray:i!@18 anyarray,bool,bool>anyarray:i!@18; array_to_json anyarray>json:s! anyarray,bool>json:s!;
  array_to_string anyarray,text,text>text:s anyarray,text>text:s!; array_to_tsvector _text>tsvector:i!; array_upper anyarray,int4>int4:i!; ascii text>int4:i!; asin float8>float8:i!;
  asind float8>float8:i!; asinh float8>float8:i!; atan float8>float8:i!; atan2 float8,float8>float8:i!; atan2d float8,float8>float8:i!; atand float8>float8:i!; atanh float8>float8:i!;
  avg int8>numeric:ia int4>numeric:ia int2>numeric:ia numeric>numeric:ia float4>float8:ia float8>float8:ia interval>interval:ia; binary_upgrade_add_sub_rel_state text,oid,char,pg_lsn>void:v@17;
  binary_upgrade_create_empty_extension text,text,bool,text,_oid,_text,_text>void:v; binary_upgrade_logical_slot_has_caught_up name>bool:v!@17; binary_upgrade_replorigin_advance text,pg_lsn>void:v@17;
  binary_upgrade_set_missing_value oid,text,text>void:v!; binary_upgrade_set_next_array_pg_type_oid oid>void:v!; binary_upgrade_set_next_heap_pg_class_oid oid>void:v!;
  binary_upgrade_set_next_heap_relfilenode oid>void:v!@15; binary_upgrade_set_next_index_pg_class_oid oid>void:v!; binary_upgrade_set_next_index_relfilenode oid>void:v!@15;
  binary_upgrade_set_next_multirange_array_pg_type_oid oid>void:v!; binary_upgrade_set_next_multirange_pg_type_oid oid>void:v!; binary_upgrade_set_next_pg_authid_oid oid>void:v!;
  binary_upgrade_set_next_pg_enum_oid oid>void:v!; binary_upgrade_set_next_pg_tablespace_oid oid>void:v!@15; binary_upgrade_set_next_pg_type_oid oid>void:v!;
  binary_upgrade_set_next_toast_pg_class_oid oid>void:v!; binary_upgrade_set_next_toast_relfilenode oid>void:v!@15; binary_upgrade_set_record_init_privs bool>void:v!;
  bit int4,int4>bit:i! bit,int4,bool>bit:i! int8,int4>bit:i!; bit_and int2>int2:ia int4>int4:ia int8>int8:ia bit>bit:ia; bit_count bit>int8:i! bytea>int8:i!;
  bit_length bytea>int4:i! text>int4:i! bit>int4:i!; bit_or int2>int2:ia int4>int4:ia int8>int8:ia bit>bit:ia; bit_xor int2>int2:ia int4>int4:ia int8>int8:ia bit>bit:ia;
  bool int4>bool:i! jsonb>bool:i!; bool_and bool>bool:ia; bool_or bool>bool:ia; box point,point>box:i! polygon>box:i! circle>box:i! point>box:i!;
  bpchar name>bpchar:i! bpchar,int4,bool>bpchar:i! char>bpchar:i!; brin_desummarize_range regclass,int8>void:v!; brin_summarize_new_values regclass>int4:v!; brin_summarize_range regclass,int8>int4:v!;
  broadcast inet>inet:i!; btrim text,text>text:i! text>text:i! bytea,bytea>bytea:i!; cardinality anyarray>int4:i!; casefold text>text:i!@18; cash_words money>text:i!; cbrt float8>float8:i!;
  ceil numeric>numeric:i! float8>float8:i!; ceiling numeric>numeric:i! float8>float8:i!; center box>point:i! circle>point:i!; char int4>char:i! text>char:i!; char_length bpchar>int4:i! text>int4:i!;
  character_length bpchar>int4:i! text>int4:i!; chr int4>text:i!; cidr inet>cidr:i!; circle point,float8>circle:i! polygon>circle:i! box>circle:i!; clock_timestamp >timestamptz:v!;
  col_description oid,int4>text:s!; concat any*>text:s; concat_ws text,any*>text:s; convert bytea,name,name>bytea:s!; convert_from bytea,name>text:s!; convert_to text,name>bytea:s!;
  corr float8,float8>float8:ia; cos float8>float8:i!; cosd float8>float8:i!; cosh float8>float8:i!; cot float8>float8:i!; cotd float8>float8:i!; count any>int8:ia >int8:ia;
  covar_pop float8,float8>float8:ia; covar_samp float8,float8>float8:ia; crc32 bytea>int8:i!@18; crc32c bytea>int8:i!@18; cume_dist >float8:iw any*>float8:ia; current_database >name:s!;
  current_query >text:v; current_schema >name:s!; current_schemas bool>_name:s!; current_setting text>text:s! text,bool>text:s!; current_user >name:s!; currtid2 text,tid>tid:v!;
  currval regclass>int8:v!; cursor_to_xml refcursor,int4,bool,bool,text>xml:v!; cursor_to_xmlschema refcursor,bool,bool,text>xml:v!; database_to_xml bool,bool,text>xml:s!;
  database_to_xml_and_xmlschema bool,bool,text>xml:s!; database_to_xmlschema bool,bool,text>xml:s!; date timestamptz>date:s! timestamp>date:i!;
  date_add timestamptz,interval>timestamptz:s!@16 timestamptz,interval,text>timestamptz:i!@16; date_bin interval,timestamp,timestamp>timestamp:i! interval,timestamptz,timestamptz>timestamptz:i!;
  date_part text,timestamptz>float8:s! text,interval>float8:i! text,timetz>float8:i! text,date>float8:i! text,time>float8:i! text,timestamp>float8:i!;
  date_subtract timestamptz,interval>timestamptz:s!@16 timestamptz,interval,text>timestamptz:i!@16;
  date_trunc text,timestamptz>timestamptz:s! text,interval>interval:i! text,timestamptz,text>timestamptz:i! text,timestamp>timestamp:i!; daterange date,date>daterange:i date,date,text>daterange:i;
  daterange_canonical daterange>daterange:i!; daterange_subdiff date,date>float8:i!; decode text,text>bytea:i!; degrees float8>float8:i!; dense_rank >int8:iw any*>int8:ia; dexp float8>float8:i!;
  diagonal box>lseg:i!; diameter circle>float8:i!; div numeric,numeric>numeric:i!; dlog1 float8>float8:i!; dlog10 float8>float8:i!; dround float8>float8:i!; dtrunc float8>float8:i!;
  encode bytea,text>text:i!; enum_first anyenum>anyenum:s; enum_last anyenum>anyenum:s; enum_range anyenum,anyenum>anyarray:s anyenum>anyarray:s; enum_send anyenum>bytea:s!; erf float8>float8:i!@16;
  erfc float8>float8:i!@16; every bool>bool:ia; exp float8>float8:i! numeric>numeric:i!;
  extract text,date>numeric:i! text,time>numeric:i! text,timetz>numeric:i! text,timestamp>numeric:i! text,timestamptz>numeric:s! text,interval>numeric:i!; factorial int8>numeric:i!;
  family inet>int4:i!; first_value anyelement>anyelement:i!w; float4 int2>float4:i! float8>float4:i! int4>float4:i! int8>float4:i! numeric>float4:i! jsonb>float4:i!;
  float8 int2>float8:i! float4>float8:i! int4>float8:i! int8>float8:i! numeric>float8:i! jsonb>float8:i!; floor numeric>numeric:i! float8>float8:i!; fmgr_c_validator oid>void:s!;
  fmgr_internal_validator oid>void:s!; fmgr_sql_validator oid>void:s!; format text,any*>text:s text>text:s; format_type oid,int4>text:s; gamma float8>float8:i!@18;
  gcd int4,int4>int4:i! int8,int8>int8:i! numeric,numeric>numeric:i!; gen_random_uuid >uuid:v!;
  generate_series timestamp,timestamp,interval>timestamp[]:i! timestamptz,timestamptz,interval>timestamptz[]:s! int4,int4,int4>int4[]:i! int4,int4>int4[]:i! int8,int8,int8>int8[]:i! int8,int8>int8[]:i! numeric,numeric,numeric>numeric[]:i! numeric,numeric>numeric[]:i! timestamptz,timestamptz,interval,text>timestamptz[]:i!@16;
  generate_subscripts anyarray,int4,bool>int4[]:i! anyarray,int4>int4[]:i!; get_bit bytea,int8>int4:i! bit,int4>int4:i!; get_byte bytea,int4>int4:i!; get_current_ts_config >regconfig:s!;
  getdatabaseencoding >name:s!; getpgusername >name:s!; gin_clean_pending_list regclass>int8:v!;
  has_any_column_privilege name,text,text>bool:s! name,oid,text>bool:s! oid,text,text>bool:s! oid,oid,text>bool:s! text,text>bool:s! oid,text>bool:s!;
  has_column_privilege name,text,text,text>bool:s! name,text,int2,text>bool:s! name,oid,text,text>bool:s! name,oid,int2,text>bool:s! oid,text,text,text>bool:s! oid,text,int2,text>bool:s! oid,oid,text,text>bool:s! oid,oid,int2,text>bool:s! text,text,text>bool:s! text,int2,text>bool:s! oid,text,text>bool:s! oid,int2,text>bool:s!;
  has_database_privilege name,text,text>bool:s! name,oid,text>bool:s! oid,text,text>bool:s! oid,oid,text>bool:s! text,text>bool:s! oid,text>bool:s!;
  has_foreign_data_wrapper_privilege name,text,text>bool:s! name,oid,text>bool:s! oid,text,text>bool:s! oid,oid,text>bool:s! text,text>bool:s! oid,text>bool:s!;
  has_function_privilege name,text,text>bool:s! name,oid,text>bool:s! oid,text,text>bool:s! oid,oid,text>bool:s! text,text>bool:s! oid,text>bool:s!;
  has_language_privilege name,text,text>bool:s! name,oid,text>bool:s! oid,text,text>bool:s! oid,oid,text>bool:s! text,text>bool:s! oid,text>bool:s!;
  has_largeobject_privilege name,oid,text>bool:s!@18 oid,text>bool:s!@18 oid,oid,text>bool:s!@18; has_parameter_privilege name,text,text>bool:s!@15 oid,text,text>bool:s!@15 text,text>bool:s!@15;
  has_schema_privilege name,text,text>bool:s! name,oid,text>bool:s! oid,text,text>bool:s! oid,oid,text>bool:s! text,text>bool:s! oid,text>bool:s!;
  has_sequence_privilege name,text,text>bool:s! name,oid,text>bool:s! oid,text,text>bool:s! oid,oid,text>bool:s! text,text>bool:s! oid,text>bool:s!;
  has_server_privilege name,text,text>bool:s! name,oid,text>bool:s! oid,text,text>bool:s! oid,oid,text>bool:s! text,text>bool:s! oid,text>bool:s!;
  has_table_privilege name,text,text>bool:s! name,oid,text>bool:s! oid,text,text>bool:s! oid,oid,text>bool:s! text,text>bool:s! oid,text>bool:s!;
  has_tablespace_privilege name,text,text>bool:s! name,oid,text>bool:s! oid,text,text>bool:s! oid,oid,text>bool:s! text,text>bool:s! oid,text>bool:s!;
  has_type_privilege name,text,text>bool:s! name,oid,text>bool:s! oid,text,text>bool:s! oid,oid,text>bool:s! text,text>bool:s! oid,text>bool:s!; height box>float8:i!; host inet>text:i!;
  hostmask inet>inet:i!; icu_unicode_version >text:i!@17; inet_client_addr >inet:s; inet_client_port >int4:s; inet_server_addr >inet:s; inet_server_port >int4:s; initcap text>text:i!;
  int2 float8>int2:i! float4>int2:i! int4>int2:i! int8>int2:i! numeric>int2:i! jsonb>int2:i! bytea>int2:i!@18;
  int4 char>int4:i! int2>int4:i! float8>int4:i! float4>int4:i! int8>int4:i! bit>int4:i! numeric>int4:i! bool>int4:i! jsonb>int4:i! bytea>int4:i!@18; int4inc int4>int4:i!;
  int4range int4,int4>int4range:i int4,int4,text>int4range:i; int4range_canonical int4range>int4range:i!; int4range_subdiff int4,int4>float8:i!;
  int8 int4>int8:i! float8>int8:i! float4>int8:i! int2>int8:i! oid>int8:i! numeric>int8:i! bit>int8:i! jsonb>int8:i! bytea>int8:i!@18; int8_sum numeric,int8>numeric:i;
  int8range int8,int8>int8range:i int8,int8,text>int8range:i; int8range_canonical int8range>int8range:i!; int8range_subdiff int8,int8>float8:i!; interval interval,int4>interval:i! time>interval:i!;
  is_normalized text,text/1>bool:i!; isclosed path>bool:i!; isfinite date>bool:i! timestamptz>bool:i! interval>bool:i! timestamp>bool:i!; ishorizontal point,point>bool:i! lseg>bool:i! line>bool:i!;
  isopen path>bool:i!; isparallel lseg,lseg>bool:i! line,line>bool:i!; isperp lseg,lseg>bool:i! line,line>bool:i!; isvertical point,point>bool:i! lseg>bool:i! line>bool:i!; json_agg anyelement>json:sa;
  json_agg_strict anyelement>json:sa@16; json_array_elements json>json[]:i!; json_array_elements_text json>text[]:i!; json_array_length json>int4:i!; json_build_array any*>json:s >json:s;
  json_build_object any*>json:s >json:s; json_each json>record[]:i!; json_each_text json>record[]:i!; json_object _text>json:i! _text,_text>json:i!; json_object_agg any,any>json:sa;
  json_object_agg_strict any,any>json:sa@16; json_object_agg_unique any,any>json:sa@16; json_object_agg_unique_strict any,any>json:sa@16; json_object_keys json>text[]:i!;
  json_populate_record anyelement,json,bool/1>anyelement:s; json_populate_recordset anyelement,json,bool/1>anyelement[]:s; json_strip_nulls json>json:i!-17 json,bool/1>json:i!@18;
  json_to_record json>record:s!; json_to_recordset json>record[]:s; json_to_tsvector json,jsonb>tsvector:s! regconfig,json,jsonb>tsvector:i!; json_typeof json>text:i!; jsonb_agg anyelement>jsonb:sa;
  jsonb_agg_strict anyelement>jsonb:sa@16; jsonb_array_elements jsonb>jsonb[]:i!; jsonb_array_elements_text jsonb>text[]:i!; jsonb_array_length jsonb>int4:i!; jsonb_build_array any*>jsonb:s >jsonb:s;
  jsonb_build_object any*>jsonb:s >jsonb:s; jsonb_each jsonb>record[]:i!; jsonb_each_text jsonb>record[]:i!; jsonb_insert jsonb,_text,jsonb,bool/1>jsonb:i!;
  jsonb_object _text>jsonb:i! _text,_text>jsonb:i!; jsonb_object_agg any,any>jsonb:ia; jsonb_object_agg_strict any,any>jsonb:ia@16; jsonb_object_agg_unique any,any>jsonb:ia@16;
  jsonb_object_agg_unique_strict any,any>jsonb:ia@16; jsonb_object_keys jsonb>text[]:i!; jsonb_path_exists jsonb,jsonpath,jsonb,bool/2>bool:i!; jsonb_path_exists_tz jsonb,jsonpath,jsonb,bool/2>bool:s!;
  jsonb_path_match jsonb,jsonpath,jsonb,bool/2>bool:i!; jsonb_path_match_tz jsonb,jsonpath,jsonb,bool/2>bool:s!; jsonb_path_query jsonb,jsonpath,jsonb,bool/2>jsonb[]:i!;
  jsonb_path_query_array jsonb,jsonpath,jsonb,bool/2>jsonb:i!; jsonb_path_query_array_tz jsonb,jsonpath,jsonb,bool/2>jsonb:s!; jsonb_path_query_first jsonb,jsonpath,jsonb,bool/2>jsonb:i!;
  jsonb_path_query_first_tz jsonb,jsonpath,jsonb,bool/2>jsonb:s!; jsonb_path_query_tz jsonb,jsonpath,jsonb,bool/2>jsonb[]:s!; jsonb_populate_record anyelement,jsonb>anyelement:s;
  jsonb_populate_record_valid anyelement,jsonb>bool:s@17; jsonb_populate_recordset anyelement,jsonb>anyelement[]:s; jsonb_pretty jsonb>text:i!; jsonb_set jsonb,_text,jsonb,bool/1>jsonb:i!;
  jsonb_set_lax jsonb,_text,jsonb,bool,text/2>jsonb:i; jsonb_strip_nulls jsonb>jsonb:i!-17 jsonb,bool/1>jsonb:i!@18; jsonb_to_record jsonb>record:s!; jsonb_to_recordset jsonb>record[]:s;
  jsonb_to_tsvector jsonb,jsonb>tsvector:s! regconfig,jsonb,jsonb>tsvector:i!; jsonb_typeof jsonb>text:i!; justify_days interval>interval:i!; justify_hours interval>interval:i!;
  justify_interval interval>interval:i!; lag anyelement>anyelement:i!w anyelement,int4>anyelement:i!w anycompatible,int4,anycompatible>anycompatible:i!w; last_value anyelement>anyelement:i!w;
  lastval >int8:v!; lcm int4,int4>int4:i! int8,int8>int8:i! numeric,numeric>numeric:i!; lead anyelement>anyelement:i!w anyelement,int4>anyelement:i!w anycompatible,int4,anycompatible>anycompatible:i!w;
  left text,int4>text:i!; length text>int4:i! bpchar>int4:i! lseg>float8:i! path>float8:i! bit>int4:i! bytea,name>int4:s! bytea>int4:i! tsvector>int4:i!; lgamma float8>float8:i!@18;
  like text,text>bool:i! name,text>bool:i! bytea,bytea>bool:i!; like_escape text,text>text:i! bytea,bytea>bytea:i!; line point,point>line:i!; ln float8>float8:i! numeric>numeric:i!;
  lo_close int4>int4:v!; lo_creat int4>oid:v!; lo_create oid>oid:v!; lo_export oid,text>int4:v!; lo_from_bytea oid,bytea>oid:v!; lo_get oid>bytea:v! oid,int8,int4>bytea:v!;
  lo_import text>oid:v! text,oid>oid:v!; lo_lseek int4,int4,int4>int4:v!; lo_lseek64 int4,int8,int4>int8:v!; lo_open oid,int4>int4:v!; lo_put oid,int8,bytea>void:v!; lo_tell int4>int4:v!;
  lo_tell64 int4>int8:v!; lo_truncate int4,int4>int4:v!; lo_truncate64 int4,int8>int4:v!; lo_unlink oid>int4:v!; log float8>float8:i! numeric,numeric>numeric:i! numeric>numeric:i!;
  log10 float8>float8:i! numeric>numeric:i!; loread int4,int4>bytea:v!; lower text>text:i! anyrange>anyelement:i! anymultirange>anyelement:i!; lower_inc anyrange>bool:i! anymultirange>bool:i!;
  lower_inf anyrange>bool:i! anymultirange>bool:i!; lowrite int4,bytea>int4:v!; lpad text,int4,text>text:i! text,int4>text:i!; lseg point,point>lseg:i! box>lseg:i!;
  ltrim text,text>text:i! text>text:i! bytea,bytea>bytea:i!; macaddr macaddr8>macaddr:i!; macaddr8 macaddr>macaddr8:i!; macaddr8_set7bit macaddr8>macaddr8:i!; make_date int4,int4,int4>date:i!;
  make_interval int4,int4,int4,int4,int4,int4,float8/7>interval:i!; make_time int4,int4,float8>time:i!; make_timestamp int4,int4,int4,int4,int4,float8>timestamp:i!;
  make_timestamptz int4,int4,int4,int4,int4,float8>timestamptz:s! int4,int4,int4,int4,int4,float8,text>timestamptz:s!; makeaclitem oid,oid,text,bool>aclitem:i!; masklen inet>int4:i!;
  max anyarray>anyarray:ia int8>int8:ia int4>int4:ia int2>int2:ia oid>oid:ia float4>float4:ia float8>float8:ia date>date:ia time>time:ia timetz>timetz:ia money>money:ia timestamp>timestamp:ia timestamptz>timestamptz:ia interval>interval:ia text>text:ia numeric>numeric:ia bpchar>bpchar:ia tid>tid:ia anyenum>anyenum:ia inet>inet:ia pg_lsn>pg_lsn:ia xid8>xid8:ia@15 record>record:ia@18 bytea>bytea:ia@18;
  md5 text>text:i! bytea>text:i!;
  min anyarray>anyarray:ia int8>int8:ia int4>int4:ia int2>int2:ia oid>oid:ia float4>float4:ia float8>float8:ia date>date:ia time>time:ia timetz>timetz:ia money>money:ia timestamp>timestamp:ia timestamptz>timestamptz:ia interval>interval:ia text>text:ia numeric>numeric:ia bpchar>bpchar:ia tid>tid:ia anyenum>anyenum:ia inet>inet:ia pg_lsn>pg_lsn:ia xid8>xid8:ia@15 record>record:ia@18 bytea>bytea:ia@18;
  min_scale numeric>int4:i!; mod int2,int2>int2:i! int4,int4>int4:i! int8,int8>int8:i! numeric,numeric>numeric:i!; mode anyelement>anyelement:ia; money int4>money:s! int8>money:s! numeric>money:s!;
  multirange anyrange>anymultirange:i!; mxid_age xid>int4:s!; name text>name:i! bpchar>name:i! varchar>name:i!; nameconcatoid name,oid>name:i!; netmask inet>inet:i!; network inet>cidr:i!;
  nextval regclass>int8:v!; normalize text,text/1>text:i!; notlike text,text>bool:i! name,text>bool:i! bytea,bytea>bool:i!; now >timestamptz:s!; npoints path>int4:i! polygon>int4:i!;
  nth_value anyelement,int4>anyelement:i!w; ntile int4>int4:i!w; num_nonnulls any*>int4:i; num_nulls any*>int4:i;
  numeric numeric,int4>numeric:i! int4>numeric:i! float4>numeric:i! float8>numeric:i! int8>numeric:i! int2>numeric:i! jsonb>numeric:i! money>numeric:s!; numeric_div_trunc numeric,numeric>numeric:i!;
  numeric_exp numeric>numeric:i!; numeric_inc numeric>numeric:i!; numeric_ln numeric>numeric:i!; numeric_log numeric,numeric>numeric:i!; numeric_sqrt numeric>numeric:i!; numnode tsquery>int4:i!;
  numrange numeric,numeric>numrange:i numeric,numeric,text>numrange:i; numrange_subdiff numeric,numeric>float8:i!; obj_description oid,name>text:s! oid>text:s!;
  octet_length bytea>int4:i! text>int4:i! bpchar>int4:i! bit>int4:i!; oid int8>oid:i!; oidvectortypes oidvector>text:s!;
  overlaps timetz,timetz,timetz,timetz>bool:i timestamptz,timestamptz,timestamptz,timestamptz>bool:i timestamptz,interval,timestamptz,interval>bool:s timestamptz,timestamptz,timestamptz,interval>bool:s timestamptz,interval,timestamptz,timestamptz>bool:s time,time,time,time>bool:i time,interval,time,interval>bool:i time,time,time,interval>bool:i time,interval,time,time>bool:i timestamp,timestamp,timestamp,timestamp>bool:i timestamp,interval,timestamp,interval>bool:i timestamp,timestamp,timestamp,interval>bool:i timestamp,interval,timestamp,timestamp>bool:i;
  overlay bytea,bytea,int4,int4>bytea:i! bytea,bytea,int4>bytea:i! text,text,int4,int4>text:i! text,text,int4>text:i! bit,bit,int4,int4>bit:i! bit,bit,int4>bit:i!; parse_ident text,bool/1>_text:i!;
  path polygon>path:i!; pclose path>path:i!; percent_rank >float8:iw any*>float8:ia;
  percentile_cont float8,float8>float8:ia float8,interval>interval:ia _float8,float8>_float8:ia _float8,interval>_interval:ia;
  percentile_disc float8,anyelement>anyelement:ia _float8,anyelement>anyarray:ia; pg_advisory_lock int8>void:v! int4,int4>void:v!; pg_advisory_lock_shared int8>void:v! int4,int4>void:v!;
  pg_advisory_unlock int8>bool:v! int4,int4>bool:v!; pg_advisory_unlock_all >void:v!; pg_advisory_unlock_shared int8>bool:v! int4,int4>bool:v!; pg_advisory_xact_lock int8>void:v! int4,int4>void:v!;
  pg_advisory_xact_lock_shared int8>void:v! int4,int4>void:v!; pg_available_extension_versions >record[]:s!; pg_available_extensions >record[]:s!; pg_available_wal_summaries >record[]:v!@17;
  pg_backend_pid >int4:s!; pg_backup_start text,bool/1>pg_lsn:v!@15; pg_backup_start_time >timestamptz:s!-14; pg_backup_stop bool/1>record:v!@15; pg_basetype regtype>regtype:s!@17;
  pg_blocking_pids int4>_int4:v!; pg_cancel_backend int4>bool:v!; pg_char_to_encoding name>int4:s!; pg_clear_attribute_stats text,text,text,bool>void:v@18; pg_clear_relation_stats text,text>void:v@18;
  pg_client_encoding >name:s!; pg_collation_actual_version oid>text:v!; pg_collation_for any>text:s; pg_collation_is_visible oid>bool:s!; pg_column_compression any>text:s!;
  pg_column_is_updatable regclass,int2,bool>bool:s!; pg_column_size any>int4:s!; pg_column_toast_chunk_id any>oid:s!@17; pg_conf_load_time >timestamptz:s!; pg_config >record[]:s!;
  pg_control_checkpoint >record:v!; pg_control_init >record:v!; pg_control_recovery >record:v!; pg_control_system >record:v!; pg_conversion_is_visible oid>bool:s!;
  pg_copy_logical_replication_slot name,name,bool,name>record:v! name,name,bool>record:v! name,name>record:v!; pg_copy_physical_replication_slot name,name,bool>record:v! name,name>record:v!;
  pg_create_logical_replication_slot name,name,bool,bool/2>record:v!-16 name,name,bool,bool,bool/3>record:v!@17; pg_create_physical_replication_slot name,bool,bool/2>record:v!;
  pg_create_restore_point text>pg_lsn:v!; pg_current_logfile >text:v text>text:v; pg_current_snapshot >pg_snapshot:s!; pg_current_wal_flush_lsn >pg_lsn:v!; pg_current_wal_insert_lsn >pg_lsn:v!;
  pg_current_wal_lsn >pg_lsn:v!; pg_current_xact_id >xid8:s!; pg_current_xact_id_if_assigned >xid8:s!; pg_cursor >record[]:s!; pg_database_collation_actual_version oid>text:v!@15;
  pg_database_size name>int8:v! oid>int8:v!; pg_describe_object oid,oid,int4>text:s!; pg_drop_replication_slot name>void:v!; pg_encoding_max_length int4>int4:i!; pg_encoding_to_char int4>name:s!;
  pg_event_trigger_ddl_commands >record[]:s!; pg_event_trigger_dropped_objects >record[]:s!; pg_event_trigger_table_rewrite_oid >oid:s!; pg_event_trigger_table_rewrite_reason >int4:s!;
  pg_export_snapshot >text:v!; pg_extension_config_dump regclass,text>void:v!; pg_extension_update_paths name>record[]:s!; pg_filenode_relation oid,oid>regclass:s!; pg_function_is_visible oid>bool:s!;
  pg_get_acl oid,oid,int4>_aclitem:s!@18; pg_get_aios >record[]:v!@18; pg_get_backend_memory_contexts >record[]:v!; pg_get_catalog_foreign_keys >record[]:s!;
  pg_get_constraintdef oid>text:s! oid,bool>text:s!; pg_get_expr pg_node_tree,oid>text:s! pg_node_tree,oid,bool>text:s!; pg_get_function_arg_default oid,int4>text:s!;
  pg_get_function_arguments oid>text:s!; pg_get_function_identity_arguments oid>text:s!; pg_get_function_result oid>text:s!; pg_get_function_sqlbody oid>text:s!; pg_get_functiondef oid>text:s!;
  pg_get_indexdef oid>text:s! oid,int4,bool>text:s!; pg_get_keywords >record[]:s!; pg_get_loaded_modules >record[]:v!@18; pg_get_multixact_members xid>record[]:v!;
  pg_get_object_address text,_text,_text>record:s!; pg_get_partition_constraintdef oid>text:s!; pg_get_partkeydef oid>text:s!; pg_get_publication_tables text>record[]:s!-15 _text*>record[]:s!@16;
  pg_get_replica_identity_index regclass>regclass:s!; pg_get_replication_slots >record[]:s; pg_get_ruledef oid>text:s! oid,bool>text:s!; pg_get_sequence_data regclass>record:v!@18;
  pg_get_serial_sequence text,text>text:s!; pg_get_shmem_allocations >record[]:v!; pg_get_shmem_allocations_numa >record[]:v!@18; pg_get_statisticsobjdef oid>text:s!;
  pg_get_statisticsobjdef_columns oid>text:s!; pg_get_statisticsobjdef_expressions oid>_text:s!; pg_get_triggerdef oid>text:s! oid,bool>text:s!; pg_get_userbyid oid>name:s!;
  pg_get_viewdef text>text:s! oid>text:s! text,bool>text:s! oid,bool>text:s! oid,int4>text:s!; pg_get_wait_events >record[]:v!@17; pg_get_wal_replay_pause_state >text:v!;
  pg_get_wal_resource_managers >record[]:v!@15; pg_get_wal_summarizer_state >record:v!@17;
  pg_has_role name,name,text>bool:s! name,oid,text>bool:s! oid,name,text>bool:s! oid,oid,text>bool:s! name,text>bool:s! oid,text>bool:s!; pg_hba_file_rules >record[]:v!;
  pg_ident_file_mappings >record[]:v!@15; pg_identify_object oid,oid,int4>record:s!; pg_identify_object_as_address oid,oid,int4>record:s!; pg_import_system_collations regnamespace>int4:v!;
  pg_index_column_has_property regclass,int4,text>bool:s!; pg_index_has_property regclass,text>bool:s!; pg_indexam_has_property oid,text>bool:s!; pg_indexam_progress_phasename oid,int8>text:i!;
  pg_indexes_size regclass>int8:v!; pg_input_error_info text,text>record:s!@16; pg_input_is_valid text,text>bool:s!@16; pg_is_in_backup >bool:v!-14; pg_is_in_recovery >bool:v!;
  pg_is_other_temp_schema oid>bool:s!; pg_is_wal_replay_paused >bool:v!; pg_isolation_test_session_is_blocked int4,_int4>bool:v!; pg_jit_available >bool:v!; pg_last_committed_xact >record:v!;
  pg_last_wal_receive_lsn >pg_lsn:v!; pg_last_wal_replay_lsn >pg_lsn:v!; pg_last_xact_replay_timestamp >timestamptz:v!; pg_listening_channels >text[]:s!; pg_lock_status >record[]:v!;
  pg_log_backend_memory_contexts int4>bool:v!; pg_log_standby_snapshot >pg_lsn:v!@16;
  pg_logical_emit_message bool,text,text>pg_lsn:v!-16 bool,text,bytea>pg_lsn:v!-16 bool,text,text,bool/1>pg_lsn:v!@17 bool,text,bytea,bool/1>pg_lsn:v!@17;
  pg_logical_slot_get_binary_changes name,pg_lsn,int4,_text/1*>record[]:v; pg_logical_slot_get_changes name,pg_lsn,int4,_text/1*>record[]:v;
  pg_logical_slot_peek_binary_changes name,pg_lsn,int4,_text/1*>record[]:v; pg_logical_slot_peek_changes name,pg_lsn,int4,_text/1*>record[]:v; pg_ls_archive_statusdir >record[]:v!;
  pg_ls_dir text>text[]:v! text,bool,bool>text[]:v!; pg_ls_logdir >record[]:v!; pg_ls_logicalmapdir >record[]:v!@15; pg_ls_logicalsnapdir >record[]:v!@15; pg_ls_replslotdir text>record[]:v!@15;
  pg_ls_summariesdir >record[]:v!@18; pg_ls_tmpdir >record[]:v! oid>record[]:v!; pg_ls_waldir >record[]:v!; pg_lsn numeric>pg_lsn:i!; pg_mcv_list_items pg_mcv_list>record[]:s!;
  pg_my_temp_schema >oid:s!; pg_nextoid regclass,name,regclass>oid:v!; pg_notification_queue_usage >float8:v!; pg_notify text,text>void:v; pg_numa_available >bool:s!@18;
  pg_opclass_is_visible oid>bool:s!; pg_operator_is_visible oid>bool:s!; pg_opfamily_is_visible oid>bool:s!; pg_options_to_table _text>record[]:s!; pg_partition_ancestors regclass>regclass[]:v!;
  pg_partition_root regclass>regclass:i!; pg_partition_tree regclass>record[]:v!; pg_postmaster_start_time >timestamptz:s!; pg_prepared_statement >record[]:s!; pg_prepared_xact >record[]:v!;
  pg_promote bool,int4/2>bool:v!; pg_read_binary_file text,int8,int8,bool>bytea:v! text,int8,int8>bytea:v! text>bytea:v! text,bool>bytea:v!@16;
  pg_read_file text,int8,int8>text:v! text,int8,int8,bool>text:v! text>text:v! text,bool>text:v!@16; pg_read_file_old text,int8,int8>text:v!-16; pg_relation_filenode regclass>oid:s!;
  pg_relation_filepath regclass>text:s!; pg_relation_is_publishable regclass>bool:s!; pg_relation_is_updatable regclass,bool>int4:s!; pg_relation_size regclass>int8:v! regclass,text>int8:v!;
  pg_reload_conf >bool:v!; pg_replication_origin_advance text,pg_lsn>void:v!; pg_replication_origin_create text>oid:v!; pg_replication_origin_drop text>void:v!; pg_replication_origin_oid text>oid:s!;
  pg_replication_origin_progress text,bool>pg_lsn:v!; pg_replication_origin_session_is_setup >bool:v!; pg_replication_origin_session_progress bool>pg_lsn:v!;
  pg_replication_origin_session_reset >void:v!; pg_replication_origin_session_setup text>void:v!; pg_replication_origin_xact_reset >void:v!; pg_replication_origin_xact_setup pg_lsn,timestamptz>void:v!;
  pg_replication_slot_advance name,pg_lsn>record:v!; pg_restore_attribute_stats any*>bool:v@18; pg_restore_relation_stats any*>bool:v@18; pg_rotate_logfile >bool:v!; pg_rotate_logfile_old >bool:v!-16;
  pg_safe_snapshot_blocking_pids int4>_int4:v!; pg_sequence_last_value regclass>int8:v!; pg_sequence_parameters oid>record:s!; pg_settings_get_flags text>_text:s!@15;
  pg_show_all_file_settings >record[]:v!; pg_show_all_settings >record[]:s!; pg_show_replication_origin_status >record[]:v; pg_size_bytes text>int8:i!; pg_size_pretty int8>text:i! numeric>text:i!;
  pg_sleep float8>void:v!; pg_sleep_for interval>void:v!; pg_sleep_until timestamptz>void:v!; pg_snapshot_xip pg_snapshot>xid8[]:i!; pg_snapshot_xmax pg_snapshot>xid8:i!;
  pg_snapshot_xmin pg_snapshot>xid8:i!; pg_split_walfile_name text>record:s!@16; pg_start_backup text,bool,bool/2>pg_lsn:v!-14; pg_stat_clear_snapshot >void:v;
  pg_stat_file text>record:v! text,bool>record:v!; pg_stat_force_next_flush >void:v@15; pg_stat_get_activity int4>record[]:s; pg_stat_get_analyze_count oid>int8:s!; pg_stat_get_archiver >record:s;
  pg_stat_get_autoanalyze_count oid>int8:s!; pg_stat_get_autovacuum_count oid>int8:s!; pg_stat_get_backend_activity int4>text:s!; pg_stat_get_backend_activity_start int4>timestamptz:s!;
  pg_stat_get_backend_client_addr int4>inet:s!; pg_stat_get_backend_client_port int4>int4:s!; pg_stat_get_backend_dbid int4>oid:s!; pg_stat_get_backend_idset >int4[]:s!;
  pg_stat_get_backend_io int4>record[]:v!@18; pg_stat_get_backend_pid int4>int4:s!; pg_stat_get_backend_start int4>timestamptz:s!; pg_stat_get_backend_subxact int4>record:s!@16;
  pg_stat_get_backend_userid int4>oid:s!; pg_stat_get_backend_wait_event int4>text:s!; pg_stat_get_backend_wait_event_type int4>text:s!; pg_stat_get_backend_wal int4>record:v!@18;
  pg_stat_get_backend_xact_start int4>timestamptz:s!; pg_stat_get_bgwriter_buf_written_checkpoints >int8:s!-16; pg_stat_get_bgwriter_buf_written_clean >int8:s!;
  pg_stat_get_bgwriter_maxwritten_clean >int8:s!; pg_stat_get_bgwriter_requested_checkpoints >int8:s!-16; pg_stat_get_bgwriter_stat_reset_time >timestamptz:s!;
  pg_stat_get_bgwriter_timed_checkpoints >int8:s!-16; pg_stat_get_blocks_fetched oid>int8:s!; pg_stat_get_blocks_hit oid>int8:s!; pg_stat_get_buf_alloc >int8:s!;
  pg_stat_get_buf_fsync_backend >int8:s!-16; pg_stat_get_buf_written_backend >int8:s!-16; pg_stat_get_checkpoint_sync_time >float8:s!-16; pg_stat_get_checkpoint_write_time >float8:s!-16;
  pg_stat_get_checkpointer_buffers_written >int8:s!@17; pg_stat_get_checkpointer_num_performed >int8:s!@18; pg_stat_get_checkpointer_num_requested >int8:s!@17;
  pg_stat_get_checkpointer_num_timed >int8:s!@17; pg_stat_get_checkpointer_restartpoints_performed >int8:s!@17; pg_stat_get_checkpointer_restartpoints_requested >int8:s!@17;
  pg_stat_get_checkpointer_restartpoints_timed >int8:s!@17; pg_stat_get_checkpointer_slru_written >int8:s!@18; pg_stat_get_checkpointer_stat_reset_time >timestamptz:s!@17;
  pg_stat_get_checkpointer_sync_time >float8:s!@17; pg_stat_get_checkpointer_write_time >float8:s!@17; pg_stat_get_db_active_time oid>float8:s!; pg_stat_get_db_blk_read_time oid>float8:s!;
  pg_stat_get_db_blk_write_time oid>float8:s!; pg_stat_get_db_blocks_fetched oid>int8:s!; pg_stat_get_db_blocks_hit oid>int8:s!; pg_stat_get_db_checksum_failures oid>int8:s!;
  pg_stat_get_db_checksum_last_failure oid>timestamptz:s!; pg_stat_get_db_conflict_all oid>int8:s!; pg_stat_get_db_conflict_bufferpin oid>int8:s!; pg_stat_get_db_conflict_lock oid>int8:s!;
  pg_stat_get_db_conflict_logicalslot oid>int8:s!@16; pg_stat_get_db_conflict_snapshot oid>int8:s!; pg_stat_get_db_conflict_startup_deadlock oid>int8:s!; pg_stat_get_db_conflict_tablespace oid>int8:s!;
  pg_stat_get_db_deadlocks oid>int8:s!; pg_stat_get_db_idle_in_transaction_time oid>float8:s!; pg_stat_get_db_numbackends oid>int4:s!; pg_stat_get_db_parallel_workers_launched oid>int8:s!@18;
  pg_stat_get_db_parallel_workers_to_launch oid>int8:s!@18; pg_stat_get_db_session_time oid>float8:s!; pg_stat_get_db_sessions oid>int8:s!; pg_stat_get_db_sessions_abandoned oid>int8:s!;
  pg_stat_get_db_sessions_fatal oid>int8:s!; pg_stat_get_db_sessions_killed oid>int8:s!; pg_stat_get_db_stat_reset_time oid>timestamptz:s!; pg_stat_get_db_temp_bytes oid>int8:s!;
  pg_stat_get_db_temp_files oid>int8:s!; pg_stat_get_db_tuples_deleted oid>int8:s!; pg_stat_get_db_tuples_fetched oid>int8:s!; pg_stat_get_db_tuples_inserted oid>int8:s!;
  pg_stat_get_db_tuples_returned oid>int8:s!; pg_stat_get_db_tuples_updated oid>int8:s!; pg_stat_get_db_xact_commit oid>int8:s!; pg_stat_get_db_xact_rollback oid>int8:s!;
  pg_stat_get_dead_tuples oid>int8:s!; pg_stat_get_function_calls oid>int8:s!; pg_stat_get_function_self_time oid>float8:s!; pg_stat_get_function_total_time oid>float8:s!;
  pg_stat_get_ins_since_vacuum oid>int8:s!; pg_stat_get_io >record[]:v!@16; pg_stat_get_last_analyze_time oid>timestamptz:s!; pg_stat_get_last_autoanalyze_time oid>timestamptz:s!;
  pg_stat_get_last_autovacuum_time oid>timestamptz:s!; pg_stat_get_last_vacuum_time oid>timestamptz:s!; pg_stat_get_lastscan oid>timestamptz:s!@16; pg_stat_get_live_tuples oid>int8:s!;
  pg_stat_get_mod_since_analyze oid>int8:s!; pg_stat_get_numscans oid>int8:s!; pg_stat_get_progress_info text>record[]:s!; pg_stat_get_recovery_prefetch >record[]:v!@15;
  pg_stat_get_replication_slot text>record:s!; pg_stat_get_slru >record[]:s; pg_stat_get_snapshot_timestamp >timestamptz:s!; pg_stat_get_subscription oid>record[]:s;
  pg_stat_get_subscription_stats oid>record:s!@15; pg_stat_get_total_analyze_time oid>float8:s!@18; pg_stat_get_total_autoanalyze_time oid>float8:s!@18;
  pg_stat_get_total_autovacuum_time oid>float8:s!@18; pg_stat_get_total_vacuum_time oid>float8:s!@18; pg_stat_get_tuples_deleted oid>int8:s!; pg_stat_get_tuples_fetched oid>int8:s!;
  pg_stat_get_tuples_hot_updated oid>int8:s!; pg_stat_get_tuples_inserted oid>int8:s!; pg_stat_get_tuples_newpage_updated oid>int8:s!@16; pg_stat_get_tuples_returned oid>int8:s!;
  pg_stat_get_tuples_updated oid>int8:s!; pg_stat_get_vacuum_count oid>int8:s!; pg_stat_get_wal >record:s; pg_stat_get_wal_receiver >record:s; pg_stat_get_wal_senders >record[]:s;
  pg_stat_get_xact_blocks_fetched oid>int8:v!; pg_stat_get_xact_blocks_hit oid>int8:v!; pg_stat_get_xact_function_calls oid>int8:v!; pg_stat_get_xact_function_self_time oid>float8:v!;
  pg_stat_get_xact_function_total_time oid>float8:v!; pg_stat_get_xact_numscans oid>int8:v!; pg_stat_get_xact_tuples_deleted oid>int8:v!; pg_stat_get_xact_tuples_fetched oid>int8:v!;
  pg_stat_get_xact_tuples_hot_updated oid>int8:v!; pg_stat_get_xact_tuples_inserted oid>int8:v!; pg_stat_get_xact_tuples_newpage_updated oid>int8:v!@16; pg_stat_get_xact_tuples_returned oid>int8:v!;
  pg_stat_get_xact_tuples_updated oid>int8:v!; pg_stat_have_stats text,oid,oid>bool:v!@15-17 text,oid,int8>bool:v!@18; pg_stat_reset >void:v; pg_stat_reset_backend_stats int4>void:v!@18;
  pg_stat_reset_replication_slot text>void:v; pg_stat_reset_shared text/1>void:v; pg_stat_reset_single_function_counters oid>void:v!; pg_stat_reset_single_table_counters oid>void:v!;
  pg_stat_reset_slru text/1>void:v; pg_stat_reset_subscription_stats oid>void:v@15; pg_statistics_obj_is_visible oid>bool:s!; pg_stop_backup >pg_lsn:v!-14 bool,bool/1>record[]:v!-14;
  pg_stop_making_pinned_objects >void:v!@15; pg_switch_wal >pg_lsn:v!; pg_sync_replication_slots >void:v!@17; pg_table_is_visible oid>bool:s!; pg_table_size regclass>int8:v!;
  pg_tablespace_databases oid>oid[]:s!; pg_tablespace_location oid>text:s!; pg_tablespace_size oid>int8:v! name>int8:v!; pg_terminate_backend int4,int8/1>bool:v!; pg_timezone_abbrevs >record[]:s!-17;
  pg_timezone_abbrevs_abbrevs >record[]:s!@18; pg_timezone_abbrevs_zone >record[]:s!@18; pg_timezone_names >record[]:s!; pg_total_relation_size regclass>int8:v!; pg_trigger_depth >int4:s!;
  pg_try_advisory_lock int8>bool:v! int4,int4>bool:v!; pg_try_advisory_lock_shared int8>bool:v! int4,int4>bool:v!; pg_try_advisory_xact_lock int8>bool:v! int4,int4>bool:v!;
  pg_try_advisory_xact_lock_shared int8>bool:v! int4,int4>bool:v!; pg_ts_config_is_visible oid>bool:s!; pg_ts_dict_is_visible oid>bool:s!; pg_ts_parser_is_visible oid>bool:s!;
  pg_ts_template_is_visible oid>bool:s!; pg_type_is_visible oid>bool:s!; pg_typeof any>regtype:s; pg_visible_in_snapshot xid8,pg_snapshot>bool:i!; pg_wal_lsn_diff pg_lsn,pg_lsn>numeric:i!;
  pg_wal_replay_pause >void:v!; pg_wal_replay_resume >void:v!; pg_wal_summary_contents int8,pg_lsn,pg_lsn>record[]:v!@17; pg_walfile_name pg_lsn>text:i!; pg_walfile_name_offset pg_lsn>record:i!;
  pg_xact_commit_timestamp xid>timestamptz:v!; pg_xact_commit_timestamp_origin xid>record:v!; pg_xact_status xid8>text:v!; phraseto_tsquery text>tsquery:s! regconfig,text>tsquery:i!; pi >float8:i!;
  plainto_tsquery regconfig,text>tsquery:i! text>tsquery:s!; plpgsql_validator oid>void:v!; point circle>point:i! float8,float8>point:i! lseg>point:i! path>point:i!-14 box>point:i! polygon>point:i!;
  polygon box>polygon:i! path>polygon:i! int4,circle>polygon:i! circle>polygon:i!; popen path>path:i!; position text,text>int4:i! bit,bit>int4:i! bytea,bytea>int4:i!;
  postgresql_fdw_validator _text,oid>bool:i!; pow float8,float8>float8:i! numeric,numeric>numeric:i!; power float8,float8>float8:i! numeric,numeric>numeric:i!; query_to_xml text,bool,bool,text>xml:v!;
  query_to_xml_and_xmlschema text,bool,bool,text>xml:v!; query_to_xmlschema text,bool,bool,text>xml:v!; querytree tsquery>text:i!; quote_ident text>text:i!;
  quote_literal text>text:i! anyelement>text:s!; quote_nullable text>text:i anyelement>text:s; radians float8>float8:i!; radius circle>float8:i!;
  random >float8:v! int4,int4>int4:v!@17 int8,int8>int8:v!@17 numeric,numeric>numeric:v!@17; random_normal float8,float8/2>float8:v!@16;
  range_agg anyrange>anymultirange:ia anymultirange>anymultirange:ia@15; range_intersect_agg anymultirange>anymultirange:ia anyrange>anyrange:ia; rank >int8:iw any*>int8:ia; regclass text>regclass:s!;
  regexp_count text,text>int4:i!@15 text,text,int4>int4:i!@15 text,text,int4,text>int4:i!@15;
  regexp_instr text,text>int4:i!@15 text,text,int4>int4:i!@15 text,text,int4,int4>int4:i!@15 text,text,int4,int4,int4>int4:i!@15 text,text,int4,int4,int4,text>int4:i!@15 text,text,int4,int4,int4,text,int4>int4:i!@15;
  regexp_like text,text>bool:i!@15 text,text,text>bool:i!@15; regexp_match text,text>_text:i! text,text,text>_text:i!; regexp_matches text,text>_text[]:i! text,text,text>_text[]:i!;
  regexp_replace text,text,text>text:i! text,text,text,text>text:i! text,text,text,int4,int4,text>text:i!@15 text,text,text,int4,int4>text:i!@15 text,text,text,int4>text:i!@15;
  regexp_split_to_array text,text>_text:i! text,text,text>_text:i!; regexp_split_to_table text,text>text[]:i! text,text,text>text[]:i!;
  regexp_substr text,text>text:i!@15 text,text,int4>text:i!@15 text,text,int4,int4>text:i!@15 text,text,int4,int4,text>text:i!@15 text,text,int4,int4,text,int4>text:i!@15;
  regr_avgx float8,float8>float8:ia; regr_avgy float8,float8>float8:ia; regr_count float8,float8>int8:ia; regr_intercept float8,float8>float8:ia; regr_r2 float8,float8>float8:ia;
  regr_slope float8,float8>float8:ia; regr_sxx float8,float8>float8:ia; regr_sxy float8,float8>float8:ia; regr_syy float8,float8>float8:ia; repeat text,int4>text:i!; replace text,text,text>text:i!;
  reverse text>text:i! bytea>bytea:i!@18; right text,int4>text:i!; round float8>float8:i! numeric,int4>numeric:i! numeric>numeric:i!; row_number >int8:iw; row_security_active oid>bool:s! text>bool:s!;
  row_to_json record>json:s! record,bool>json:s!; rpad text,int4,text>text:i! text,int4>text:i!; rtrim text,text>text:i! text>text:i! bytea,bytea>bytea:i!;
  satisfies_hash_partition oid,int4,int4,any*>bool:i; scale numeric>int4:i!; schema_to_xml name,bool,bool,text>xml:s!; schema_to_xml_and_xmlschema name,bool,bool,text>xml:s!;
  schema_to_xmlschema name,bool,bool,text>xml:s!; session_user >name:s!; set_bit bytea,int8,int4>bytea:i! bit,int4,int4>bit:i!; set_byte bytea,int4,int4>bytea:i!; set_config text,text,bool>text:v;
  set_masklen inet,int4>inet:i! cidr,int4>cidr:i!; setseed float8>void:v!; setval regclass,int8>int8:v! regclass,int8,bool>int8:v!; setweight tsvector,char,_text>tsvector:i! tsvector,char>tsvector:i!;
  sha224 bytea>bytea:i!; sha256 bytea>bytea:i!; sha384 bytea>bytea:i!; sha512 bytea>bytea:i!; shobj_description oid,name>text:s!; sign numeric>numeric:i! float8>float8:i!;
  similar_escape text,text>text:i; similar_to_escape text,text>text:i! text>text:i!; sin float8>float8:i!; sind float8>float8:i!; sinh float8>float8:i!; slope point,point>float8:i!;
  split_part text,text,int4>text:i!; sqrt float8>float8:i! numeric>numeric:i!; starts_with text,text>bool:i!; statement_timestamp >timestamptz:s!;
  stddev int8>numeric:ia int4>numeric:ia int2>numeric:ia float4>float8:ia float8>float8:ia numeric>numeric:ia;
  stddev_pop int8>numeric:ia int4>numeric:ia int2>numeric:ia float4>float8:ia float8>float8:ia numeric>numeric:ia;
  stddev_samp int8>numeric:ia int4>numeric:ia int2>numeric:ia float4>float8:ia float8>float8:ia numeric>numeric:ia; string_agg text,text>text:ia bytea,bytea>bytea:ia;
  string_to_array text,text,text>_text:i text,text>_text:i; string_to_table text,text>text[]:i text,text,text>text[]:i; strip tsvector>tsvector:i!; strpos text,text>int4:i!;
  substr text,int4,int4>text:i! text,int4>text:i! bytea,int4,int4>bytea:i! bytea,int4>bytea:i!;
  substring text,int4,int4>text:i! text,int4>text:i! bit,int4,int4>bit:i! bit,int4>bit:i! bytea,int4,int4>bytea:i! bytea,int4>bytea:i! text,text>text:i! text,text,text>text:i!;
  sum int8>numeric:ia int4>int8:ia int2>int8:ia float4>float4:ia float8>float8:ia money>money:ia interval>interval:ia numeric>numeric:ia; suppress_redundant_updates_trigger >trigger:v!;
  system_user >text:s!@16; table_to_xml regclass,bool,bool,text>xml:s!; table_to_xml_and_xmlschema regclass,bool,bool,text>xml:s!; table_to_xmlschema regclass,bool,bool,text>xml:s!;
  tan float8>float8:i!; tand float8>float8:i!; tanh float8>float8:i!; text bpchar>text:i! name>text:i! inet>text:i! char>text:i! xml>text:i! bool>text:i!; textlen text>int4:i!;
  time timestamp>time:i! interval>time:i! time,int4>time:i! timestamptz>time:s! timetz>time:i!; timeofday >text:v!;
  timestamp timestamp,int4>timestamp:i! date>timestamp:i! date,time>timestamp:i! timestamptz>timestamp:s!;
  timestamptz date>timestamptz:s! date,time>timestamptz:s! date,timetz>timestamptz:i! timestamptz,int4>timestamptz:i! timestamp>timestamptz:s!;
  timetz timestamptz>timetz:s! timetz,int4>timetz:i! time>timetz:s!;
  timezone interval,timestamptz>timestamp:i! text,timestamptz>timestamp:i! text,timetz>timetz:s! interval,timetz>timetz:i! text,timestamp>timestamptz:i! interval,timestamp>timestamptz:i! timestamptz>timestamp:s!@17 timestamp>timestamptz:s!@17 timetz>timetz:s!@17;
  to_ascii text>text:i! text,int4>text:i! text,name>text:i!; to_bin int4>text:i!@17 int8>text:i!@17;
  to_char interval,text>text:s! timestamptz,text>text:s! numeric,text>text:s! int4,text>text:s! int8,text>text:s! float4,text>text:s! float8,text>text:s! timestamp,text>text:s!;
  to_date text,text>date:s!; to_hex int4>text:i! int8>text:i!; to_json anyelement>json:s!; to_jsonb anyelement>jsonb:s!; to_number text,text>numeric:s!; to_oct int4>text:i!@17 int8>text:i!@17;
  to_regclass text>regclass:s!; to_regcollation text>regcollation:s!; to_regnamespace text>regnamespace:s!; to_regoper text>regoper:s!; to_regoperator text>regoperator:s!; to_regproc text>regproc:s!;
  to_regprocedure text>regprocedure:s!; to_regrole text>regrole:s!; to_regtype text>regtype:s!; to_regtypemod text>int4:s!@17; to_timestamp float8>timestamptz:i! text,text>timestamptz:s!;
  to_tsquery regconfig,text>tsquery:i! text>tsquery:s!;
  to_tsvector regconfig,text>tsvector:i! text>tsvector:s! jsonb>tsvector:s! json>tsvector:s! regconfig,jsonb>tsvector:i! regconfig,json>tsvector:i!; transaction_timestamp >timestamptz:s!;
  translate text,text,text>text:i!; trim_array anyarray,int4>anyarray:i!; trim_scale numeric>numeric:i!;
  trunc macaddr>macaddr:i! float8>float8:i! numeric,int4>numeric:i! numeric>numeric:i! macaddr8>macaddr8:i!; ts_debug regconfig,text>record[]:s! text>record[]:s!;
  ts_delete tsvector,text>tsvector:i! tsvector,_text>tsvector:i!; ts_filter tsvector,_char>tsvector:i!;
  ts_headline regconfig,text,tsquery,text>text:i! regconfig,text,tsquery>text:i! text,tsquery,text>text:s! text,tsquery>text:s! regconfig,jsonb,tsquery,text>jsonb:i! regconfig,jsonb,tsquery>jsonb:i! jsonb,tsquery,text>jsonb:s! jsonb,tsquery>jsonb:s! regconfig,json,tsquery,text>json:i! regconfig,json,tsquery>json:i! json,tsquery,text>json:s! json,tsquery>json:s!;
  ts_lexize regdictionary,text>_text:i!; ts_parse oid,text>record[]:i! text,text>record[]:s!;
  ts_rank _float4,tsvector,tsquery,int4>float4:i! _float4,tsvector,tsquery>float4:i! tsvector,tsquery,int4>float4:i! tsvector,tsquery>float4:i!;
  ts_rank_cd _float4,tsvector,tsquery,int4>float4:i! _float4,tsvector,tsquery>float4:i! tsvector,tsquery,int4>float4:i! tsvector,tsquery>float4:i!;
  ts_rewrite tsquery,tsquery,tsquery>tsquery:i! tsquery,text>tsquery:v!; ts_stat text>record[]:v! text,text>record[]:v!; ts_token_type oid>record[]:i! text>record[]:s!;
  tsrange timestamp,timestamp>tsrange:i timestamp,timestamp,text>tsrange:i; tsrange_subdiff timestamp,timestamp>float8:i!;
  tstzrange timestamptz,timestamptz>tstzrange:i timestamptz,timestamptz,text>tstzrange:i; tstzrange_subdiff timestamptz,timestamptz>float8:i!; tsvector_to_array tsvector>_text:i!;
  tsvector_update_trigger >trigger:v; tsvector_update_trigger_column >trigger:v; txid_current >int8:s!; txid_current_if_assigned >int8:s!; txid_current_snapshot >txid_snapshot:s!;
  txid_snapshot_xip txid_snapshot>int8[]:i!; txid_snapshot_xmax txid_snapshot>int8:i!; txid_snapshot_xmin txid_snapshot>int8:i!; txid_status int8>text:v!;
  txid_visible_in_snapshot int8,txid_snapshot>bool:i!; unicode_assigned text>bool:i!@17; unicode_version >text:i!@17; unique_key_recheck >trigger:v!; unistr text>text:i!;
  unnest anymultirange>anyrange[]:i! anyarray>anyelement[]:i! tsvector>record[]:i!; upper text>text:i! anyrange>anyelement:i! anymultirange>anyelement:i!;
  upper_inc anyrange>bool:i! anymultirange>bool:i!; upper_inf anyrange>bool:i! anymultirange>bool:i!; uuid_extract_timestamp uuid>timestamptz:i!@17; uuid_extract_version uuid>int2:i!@17;
  uuidv4 >uuid:v!@18; uuidv7 >uuid:v!@18 interval>uuid:v!@18; var_pop int8>numeric:ia int4>numeric:ia int2>numeric:ia float4>float8:ia float8>float8:ia numeric>numeric:ia;
  var_samp int8>numeric:ia int4>numeric:ia int2>numeric:ia float4>float8:ia float8>float8:ia numeric>numeric:ia; varchar varchar,int4,bool>varchar:i! name>varchar:i!;
  variance int8>numeric:ia int4>numeric:ia int2>numeric:ia float4>float8:ia float8>float8:ia numeric>numeric:ia; version >text:s!; websearch_to_tsquery regconfig,text>tsquery:i! text>tsquery:s!;
  width box>float8:i!; width_bucket float8,float8,float8,int4>int4:i! numeric,numeric,numeric,int4>int4:i! anycompatible,anycompatiblearray>int4:i!; xml text>xml:s!; xml_is_well_formed text>bool:s!;
  xml_is_well_formed_content text>bool:i!; xml_is_well_formed_document text>bool:i!; xmlagg xml>xml:ia; xmlcomment text>xml:i!; xmlexists text,xml>bool:i!; xmltext text>xml:i!@17;
  xmlvalidate xml,text>bool:i!; xpath text,xml,_text>_xml:i! text,xml>_xml:i!; xpath_exists text,xml,_text>bool:i! text,xml>bool:i!`;
