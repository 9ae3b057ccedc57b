import { lookup } from "../../words.ts";
import type { Expression, TypeName } from "../../sql/expression.ts";
import { type Catalog, typeAt } from "../catalog.ts";
import { parsed } from "../evaluation.ts";
import { label } from "../presence.ts";
import { CASTS, LISTED } from "../postgres/conversions.ts";
import { isImplicit } from "../postgres/casts.ts";
import type { Refusal } from "./refusal.ts";
import { type Type, base, typeInWords } from "./type.ts";

/** Strings that a type cannot hold, and casts that there are not. */

/** An enum's value that is no label of it. Labels come and go with the history; one that a statement may have added is not refused. */
function labelRefusal(catalog: Catalog, wanted: Type, value: Type): Refusal | undefined {
  if (wanted.kind !== "enum" || wanted.array || value.kind !== "literal" || value.value === null) return undefined;
  if (label(catalog, wanted.id, value.value).is !== "absent") return undefined;
  const meant = typeAt(catalog, wanted.id)?.values.find((each) => each.toLowerCase() === value.value?.toLowerCase());
  return {
    sqlstate: "22P02",
    message: `invalid input value for enum ${typeInWords(wanted)}: "${value.value}"`,
    about: "enum label",
    meant,
  };
}

/** A literal that cannot be read as a value of the other type. */
export function valueRefusal(catalog: Catalog, wanted: Type, value: Type): Refusal | undefined {
  if (value.kind !== "literal" || value.value === null) return undefined;
  if (wanted.kind === "enum") return labelRefusal(catalog, wanted, value);
  if (wanted.kind !== "base") return undefined;
  const refused = (message: string): Refusal => ({ sqlstate: "22P02", message, about: "value" });
  if (wanted.array)
    return /^\s*[{[]/.test(value.value) ? undefined : refused(`malformed array literal: "${value.value}"`);
  if (wanted.name === "json" || wanted.name === "jsonb")
    return parsed(value.value) === undefined
      ? refused(`invalid input syntax for type json: "${value.value}"`)
      : undefined;
  if (/^(?:date|timestamp|timestamptz)$/.test(wanted.name) && !/\d/.test(value.value) && !MOMENTS.test(value.value))
    return {
      ...refused(`invalid input syntax for type ${typeInWords(wanted)}: "${value.value}"`),
      sqlstate: "22007",
    };
  const readable = READABLE[wanted.name];
  if (!readable || readable.test(value.value)) return undefined;
  return refused(`invalid input syntax for type ${typeInWords(wanted)}: "${value.value}"`);
}

/** A constant that a column is too short or too narrow for: it is refused before any row is looked at. */
export function sizeRefusal(type: TypeName | undefined, value: Expression): Refusal | undefined {
  if (!type || type.array > 0 || value.kind !== "literal") return undefined;
  const refused = (sqlstate: string, message: string): Refusal => ({ sqlstate, message, about: "value" });
  const [length] = type.modifiers;
  const spelled = LENGTHS[type.name];
  if (spelled !== undefined && length !== undefined && typeof value.value === "string") {
    // Spaces at the end are cut off.
    const [...characters] = value.value;
    return characters.slice(length).every((each) => each === " ")
      ? undefined
      : refused("22001", `value too long for type ${spelled}(${length})`);
  }
  const bits = BITS[type.name];
  const number = typeof value.value === "string" && INTEGER.test(value.value) ? Number(value.value) : value.value;
  if (bits === undefined || typeof number !== "number") return undefined;
  const rounded = Math.round(number);
  if (!(rounded < -(2 ** bits) || rounded >= 2 ** bits)) return undefined;
  const spoken = typeInWords(base(type.name));
  return typeof value.value === "string"
    ? refused("22003", `value "${value.value}" is out of range for type ${spoken}`)
    : refused("22003", `${spoken} out of range`);
}

const LENGTHS: Readonly<Record<string, string>> = lookup({ varchar: "character varying", bpchar: "character" });
const BITS: Readonly<Record<string, number>> = lookup({ int2: 15, int4: 31 });

/** Everything that the type may read, and a little more: https://www.postgresql.org/docs/current/datatype.html */
const NUMBER =
  /^\s*[-+]?(?:[\d_]+\.?[\d_]*(?:e[-+]?[\d_]+)?|\.[\d_]+(?:e[-+]?[\d_]+)?|infinity|inf|nan|0[xob][\da-f_]+)\s*$/i;
const INTEGER = /^\s*[-+]?(?:\d[\d_]*|0[xob][\da-f_]+)\s*$/i;
const READABLE: Readonly<Record<string, RegExp>> = lookup({
  int2: INTEGER,
  int4: INTEGER,
  int8: INTEGER,
  numeric: NUMBER,
  float4: NUMBER,
  float8: NUMBER,
  uuid: /^\{?(?:[\da-f]{4}-?){7}[\da-f]{4}\}?$/i,
  bool: /^\s*(?:t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|0|1)\s*$/i,
});

/** Moments that have names: https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-SPECIAL-VALUES */
const MOMENTS = /^\s*(?:[-+]?infinity|epoch|now|today|tomorrow|yesterday|allballs)\b/i;

const TEXTS: ReadonlySet<string> = new Set(["text", "varchar", "bpchar", "name"]);

/**
 * A cast that PostgreSQL does not know. `explicit` is the type as `::` names it; without it the value is assigned to a column, for
 * which fewer casts serve. Only among types whose casts are all listed.
 */
export function castRefusal(
  catalog: Catalog,
  value: Type,
  wanted: Type,
  explicit: TypeName | undefined,
): Refusal | undefined {
  if (value.kind === "literal") return explicit ? valueRefusal(catalog, wanted, value) : undefined;
  const no: Refusal = {
    sqlstate: "42846",
    message: `cannot cast type ${typeInWords(value)} to ${typeInWords(wanted)}`,
    about: "type",
  };
  if (value.kind === "unknown" || wanted.kind === "unknown" || wanted.kind === "literal" || wanted.kind === "number")
    return undefined;
  const toText = wanted.kind === "base" && !wanted.array && TEXTS.has(wanted.name);
  if (toText) return undefined;
  // Arrays are cast element by element.
  if (value.kind !== "number" && value.array && wanted.array)
    return castRefusal(catalog, { ...value, array: false }, { ...wanted, array: false }, explicit) && no;
  if (value.kind === "number") {
    if (wanted.kind === "enum" || wanted.array) return no;
    const numbers = ["int4", "int8", "numeric"].some(
      (from) => from === wanted.name || isCast(from, wanted.name, explicit !== undefined),
    );
    return numbers || !LISTED.has(wanted.name) ? undefined : no;
  }
  const fromText = value.kind === "base" && !value.array && TEXTS.has(value.name);
  if (fromText && explicit) return undefined;
  if (value.kind === "enum" || wanted.kind === "enum") {
    if (value.kind === "enum" && wanted.kind === "enum" && value.id === wanted.id && value.array === wanted.array)
      return undefined;
    return no;
  }
  if (value.array !== wanted.array) return no;
  if (value.name === wanted.name || isCast(value.name, wanted.name, explicit !== undefined)) return undefined;
  return LISTED.has(value.name) && LISTED.has(wanted.name) ? no : undefined;
}

function isCast(from: string, to: string, explicit: boolean): boolean {
  const row = CASTS.get(`${from}>${to}`);
  return isImplicit(from, to) || (row !== undefined && (explicit || row.context !== "explicit"));
}
