import type { Expression } from "../../sql/expression.ts";
import type { TypeShape } from "./shapes.ts";
import { NUMBERS, type Row, type Value, elements, evaluate, moment, parsed } from "../../model/evaluation.ts";
import { DAYS } from "./base-values.ts";
import { patternTest } from "./patterns.ts";

/** Values that CHECK constraints take. */

/** Whether PostgreSQL would take the row: NULL counts as true. Undefined where it cannot be told. */
export function satisfies(check: Expression, row: Row): boolean | undefined {
  const value = evaluate(check, row, patternTest);
  return value === undefined ? undefined : value !== false;
}

/** A literal's text as a value to compute with. */
export function valueOf(text: string | null | undefined, type: TypeShape): Value | undefined {
  if (text === null || text === undefined) return text;
  if (type.kind === "domain" && type.of) return valueOf(text, type.of);
  if (type.kind === "array" && type.of) return elements(text).map((each) => valueOf(each, type.of!) ?? null);
  if (type.kind === "base" && NUMBERS.has(type.name)) return Number(text);
  if (type.kind === "base" && type.name === "bool") return text === "true" || text === "t";
  return text;
}

/** Whether a text that an expression offers can be a value of the type at all, as far as that is easily seen. */
export function fitsType(text: string, type: TypeShape): boolean {
  if (type.kind === "domain" && type.of) return fitsType(text, type.of);
  if (type.kind === "enum") return type.labels.includes(text);
  if (type.kind === "array") return text.startsWith("{");
  if (type.kind !== "base") return false;
  const size = { int2: 2 ** 15, int4: 2 ** 31, int8: 2 ** 63 }[type.name];
  if (size !== undefined) return /^-?\d+$/.test(text) && Math.abs(Number(text)) < size;
  if (NUMBERS.has(type.name)) return text !== "" && !Number.isNaN(Number(text));
  if (DAYS.has(type.name)) return moment(text) !== undefined;
  if (type.name === "json" || type.name === "jsonb") return parsed(text) !== undefined;
  if (type.name === "bool") return text === "true" || text === "false";
  if (type.name === "uuid") return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
  return TEXTS.has(type.name);
}

const TEXTS: ReadonlySet<string> = new Set(["text", "varchar", "bpchar", "citext", "name"]);
