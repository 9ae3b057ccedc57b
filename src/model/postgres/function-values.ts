import { lookup } from "../../words.ts";

/**
 * What functions make of values, as far as backfills and de-duplications depend on it: https://www.postgresql.org/docs/current/functions.html.
 * Each row has the calls that show it; test/function-values.test.ts runs them.
 */

/** NULL for arguments none of which is NULL: what was looked for is not there. */
export const FINDS_NOTHING: Readonly<Record<string, string>> = lookup({
  array_length: "array_length('{}'::int[], 1)",
  array_lower: "array_lower('{}'::int[], 1)",
  array_ndims: "array_ndims('{}'::int[])",
  array_position: "array_position(array[1], 2)",
  array_upper: "array_upper('{}'::int[], 1)",
  json_extract_path: "json_extract_path('{}', 'a')",
  json_extract_path_text: "json_extract_path_text('{}', 'a')",
  jsonb_extract_path: "jsonb_extract_path('{}', 'a')",
  jsonb_extract_path_text: "jsonb_extract_path_text('{}', 'a')",
  jsonb_path_query_first: "jsonb_path_query_first('{}', '$.a')",
  regexp_match: "regexp_match('a', 'b')",
  to_regclass: "to_regclass('nothing_there')",
  to_regtype: "to_regtype('nothing_there')",
});

/** The same result for two different values: it loses a part of its first argument. */
export const LOSES_A_PART: Readonly<Record<string, readonly [one: string, other: string]>> = lookup({
  abs: ["abs(1)", "abs(-1)"],
  btrim: ["btrim(' a')", "btrim('a')"],
  ceil: ["ceil(1.1)", "ceil(1.2)"],
  ceiling: ["ceiling(1.1)", "ceiling(1.2)"],
  date_trunc: ["date_trunc('day', timestamp '2020-01-01 01:00')", "date_trunc('day', timestamp '2020-01-01 02:00')"],
  floor: ["floor(1.1)", "floor(1.2)"],
  initcap: ["initcap('AB')", "initcap('ab')"],
  left: ["left('ab', 1)", "left('ac', 1)"],
  lower: ["lower('A')", "lower('a')"],
  ltrim: ["ltrim(' a')", "ltrim('a')"],
  regexp_replace: ["regexp_replace('ab', 'a', '')", "regexp_replace('b', 'a', '')"],
  replace: ["replace('ab', 'a', '')", "replace('b', 'a', '')"],
  right: ["right('ba', 1)", "right('ca', 1)"],
  round: ["round(1.1)", "round(1.2)"],
  rtrim: ["rtrim('a ')", "rtrim('a')"],
  split_part: ["split_part('a-b', '-', 1)", "split_part('a-c', '-', 1)"],
  substr: ["substr('ab', 1, 1)", "substr('ac', 1, 1)"],
  substring: ["substring('ab', 1, 1)", "substring('ac', 1, 1)"],
  translate: ["translate('ab', 'a', '')", "translate('b', 'a', '')"],
  trunc: ["trunc(1.1)", "trunc(1.2)"],
  upper: ["upper('a')", "upper('A')"],
});

/** Another result for another value, hashes as good as always. */
export const TELLS_APART: Readonly<Record<string, readonly [one: string, other: string]>> = lookup({
  concat: ["concat('a', 1)", "concat('a', 2)"],
  concat_ws: ["concat_ws('-', 'a', 1)", "concat_ws('-', 'a', 2)"],
  encode: ["encode('a', 'hex')", "encode('b', 'hex')"],
  format: ["format('%s', 1)", "format('%s', 2)"],
  md5: ["md5('a')", "md5('b')"],
  reverse: ["reverse('ab')", "reverse('ba')"],
  sha256: ["sha256('a')", "sha256('b')"],
  sha512: ["sha512('a')", "sha512('b')"],
  to_hex: ["to_hex(1)", "to_hex(2)"],
});

/** Another value for each row. Those of the extension uuid-ossp and of PostgreSQL 18 are named too. */
export const MAKES_ANOTHER: ReadonlySet<string> = new Set(
  "gen_random_uuid uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 uuidv4 uuidv7 nextval row_number".split(" "),
);
