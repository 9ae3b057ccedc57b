import { lookup } from "../../words.ts";
import type { TypeName } from "../../sql/expression.ts";
import { type Catalog, typeAt } from "../catalog.ts";
import { label } from "../presence.ts";
import { CASTS, LISTED } from "../postgres/conversions.ts";
import { isImplicit } from "../postgres/casts.ts";
import type { Refusal } from "./refusal.ts";
import { type Type, typeInWords } from "./type.ts";

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
  if (wanted.kind !== "base" || wanted.array) return undefined;
  const readable = READABLE[wanted.name];
  if (!readable || readable.test(value.value)) return undefined;
  return {
    sqlstate: "22P02",
    message: `invalid input syntax for type ${typeInWords(wanted)}: "${value.value}"`,
    about: "value",
  };
}

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
