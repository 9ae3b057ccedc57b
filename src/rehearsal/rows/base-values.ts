import { hash } from "./random.ts";

/** Values of base types, by their names in pg_type. */

/** A way to make values: the value number `k`. */
export type Offer = (k: number) => string;

export const DAYS: ReadonlySet<string> = new Set(["date", "timestamp", "timestamptz"]);

const WORDS = [
  "amber",
  "birch",
  "cedar",
  "delta",
  "ember",
  "fjord",
  "grove",
  "heron",
  "iris",
  "jade",
  "koala",
  "lotus",
  "maple",
  "north",
  "ocean",
  "pearl",
  "quartz",
  "river",
  "stone",
  "tulip",
  "umber",
  "violet",
  "willow",
  "xenon",
  "yarrow",
  "zephyr",
] as const;

/** A text of at most `length` characters; in lower case, so that types and indexes that fold case see them apart. */
export function textAt(k: number, length: number, salt: string): string {
  const word = WORDS[(hash(salt) + k) % WORDS.length] ?? "";
  const text = `${word}-${k}`;
  if (text.length <= length) return text;
  return (k % 36 ** length).toString(36).padStart(Math.min(length, 2), "0");
}

const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 1, 8);

/** Moments a day and some minutes apart. */
export const timestampAt = (k: number): string =>
  new Date(START + k * (DAY + 61_000)).toISOString().slice(0, 19).replace("T", " ");
const dateAt = (k: number): string => new Date(START + k * DAY).toISOString().slice(0, 10);

const hex = (value: number, length: number): string => value.toString(16).padStart(length, "0").slice(-length);
const bits = (value: number): string => value.toString(2);

export function baseValue(name: string, modifier: number, k: number, salt: string): string | undefined {
  const salted = hash(salt);
  switch (name) {
    case "int2":
      return String((k % 32_767) + 1);
    case "int4":
    case "int8":
    case "oid":
    case "xid":
    case "xid8":
    case "cid":
      return String(k + 1);
    case "float4":
    case "float8":
      return String(k + 0.5);
    case "money":
      return `${k + 1}.50`;
    case "numeric":
      return numericAt(modifier, k);
    case "bool":
      return k % 2 === 0 ? "true" : "false";
    case "text":
    case "citext":
      return textAt(k, Infinity, salt);
    case "varchar":
      return textAt(k, modifier > 4 ? modifier - 4 : Infinity, salt);
    case "bpchar":
      return modifier > 4 ? textAt(k, modifier - 4, salt).padEnd(modifier - 4, "0") : textAt(k, 1, salt);
    case "name":
      return textAt(k, 63, salt);
    case "char":
      return String.fromCharCode(97 + (k % 26));
    case "uuid":
      return `${hex(salted, 8)}-${hex(salted >>> 8, 4)}-4${hex(k, 3)}-8${hex(salted >>> 16, 3)}-${hex(k + 1, 12)}`;
    case "json":
    case "jsonb":
      return JSON.stringify({ key: textAt(k, Infinity, salt), number: k });
    case "jsonpath":
      return `$.key[${k}]`;
    case "date":
      return dateAt(k);
    case "timestamp":
      return timestampAt(k);
    case "timestamptz":
      return `${timestampAt(k)}+00`;
    case "time":
      return timeAt(k);
    case "timetz":
      return `${timeAt(k)}+00`;
    case "interval":
      return `${k + 1} hours`;
    case "bytea":
      return `\\x${hex(salted, 8)}${hex(k, 8)}`;
    case "inet":
      return `10.${(k >> 16) & 255}.${(k >> 8) & 255}.${k & 255}`;
    case "cidr":
      return `10.${(k >> 8) & 255}.${k & 255}.0/24`;
    case "macaddr":
      return `02:00:00:${hex(k >> 16, 2)}:${hex(k >> 8, 2)}:${hex(k, 2)}`;
    case "macaddr8":
      return `02:00:00:ff:fe:${hex(k >> 16, 2)}:${hex(k >> 8, 2)}:${hex(k, 2)}`;
    case "bit":
      return bits(k % 2 ** Math.min(Math.max(modifier, 1), 30)).padStart(Math.max(modifier, 1), "0");
    case "varbit":
      return bits((k % (2 ** Math.min(modifier > 0 ? modifier + 1 : 30, 30) - 1)) + 1).slice(1);
    case "tsvector":
      return `'${textAt(k, Infinity, salt)}':1`;
    case "tsquery":
      return `'${textAt(k, Infinity, salt)}'`;
    case "xml":
      return `<item>${k}</item>`;
    case "point":
      return `(${k},${k + 1})`;
    case "line":
      return `{1,-1,${k}}`;
    case "lseg":
    case "path":
      return `[(${k},0),(${k + 1},1)]`;
    case "box":
      return `((${k * 3 + 1},1),(${k * 3},0))`;
    case "polygon":
      return `((${k},0),(${k},1),(${k + 1},1))`;
    case "circle":
      return `<(${k * 3},0),1>`;
    case "pg_lsn":
      return `0/${(k + 1).toString(16).toUpperCase()}`;
    case "tid":
      return `(${k},1)`;
    case "txid_snapshot":
    case "pg_snapshot":
      return `${k + 1}:${k + 1}:`;
    // Extensions: pgvector, hstore, ltree, cube, seg, intarray, PostGIS.
    case "vector":
    case "halfvec":
      return `[${Array.from({ length: modifier > 0 ? modifier : 3 }, (_, i) => ((k + i) % 10) / 8 + (i === 0 ? k : 0.125)).join(",")}]`;
    case "sparsevec":
      return `{1:${k + 1}}/${modifier > 0 ? modifier : 3}`;
    case "hstore":
      return `"key"=>"${textAt(k, Infinity, salt)}"`;
    case "ltree":
      return `top.${textAt(k, Infinity, salt).replace("-", "_")}`;
    case "lquery":
      return `top.*.n${k}`;
    case "cube":
      return `(${k},${k + 1})`;
    case "seg":
      return String(k);
    case "query_int":
      return String(k + 1);
    case "geometry":
    case "geography":
      return `SRID=4326;POINT(${(k % 179) + 0.5} ${(k % 89) + 0.5})`;
    default:
      return undefined;
  }
}

const timeAt = (k: number): string => new Date(START + k * 607_000).toISOString().slice(11, 19);

function numericAt(modifier: number, k: number): string {
  if (modifier < 4) return k % 3 === 0 ? String(k + 1) : `${k + 1}.${k % 10}5`;
  const { precision, scale } = digits(modifier);
  const room = 10 ** Math.min(precision, 15);
  const units = (k * (precision - Math.max(scale, 0) >= 4 && scale >= 1 ? 10 ** Math.min(scale, 2) + 5 : 1) + 1) % room;
  if (scale <= 0) return `${units}${"0".repeat(-scale)}`;
  // What does not fit into the digits after the point goes before it.
  const fraction = Math.min(scale, 15, 2);
  const whole = precision > scale ? Math.floor(units / 10 ** fraction) % 10 ** Math.min(precision - scale, 15) : 0;
  if (precision <= scale)
    return `0.${"0".repeat(scale - precision)}${String(units).padStart(Math.min(precision, 15), "0")}`;
  return `${whole}.${String(units % 10 ** fraction).padStart(fraction, "0")}`;
}

/** typmod of numeric: https://www.postgresql.org/docs/current/catalog-pg-attribute.html, as numeric.c packs it; the scale is signed with 11 bits. */
export function digits(modifier: number): { readonly precision: number; readonly scale: number } {
  const packed = modifier - 4;
  const scale = packed & 0x7ff;
  return { precision: (packed >> 16) & 0xffff, scale: (scale ^ 1024) - 1024 };
}
