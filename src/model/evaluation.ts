import type { Expression } from "../sql/expression.ts";

/** Expressions over the values of one row, as far as they can be computed here; PostgreSQL has the last word. */

export type Value = string | number | boolean | null | readonly Value[];

/** Undefined for a column whose value is not known. */
export type Row = (column: string) => Value | undefined;

/** A test for the right side of a matching operator; undefined where its pattern cannot be read. */
export type PatternTest = (operator: string, pattern: string) => ((text: string) => boolean) | undefined;

export const NUMBERS: ReadonlySet<string> = new Set([
  "int2",
  "int4",
  "int8",
  "numeric",
  "float4",
  "float8",
  "oid",
  "money",
]);

/** Elements of an array literal of one dimension. */
export function elements(text: string): (string | null)[] {
  return [...text.replace(/^\{|\}$/g, "").matchAll(/"((?:[^"\\]|\\.)*)"|([^,{}]+)/g)].map(([, quoted, plain]) =>
    quoted !== undefined ? quoted.replace(/\\(.)/g, "$1") : plain === "NULL" ? null : (plain ?? null),
  );
}

/**
 * Three truth values, and undefined for what is not known. Without `patterns` what LIKE and regular expressions match is not known: a pattern of somebody's could take for ever.
 */
export function evaluate(expression: Expression, row: Row, patterns?: PatternTest): Value | undefined {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "column":
      return row(expression.column);
    case "and":
    case "or": {
      const ends = expression.kind === "or";
      const values = expression.args.map((arg) => evaluate(arg, row, patterns));
      return values.includes(ends)
        ? ends
        : values.includes(undefined)
          ? undefined
          : values.includes(null)
            ? null
            : !ends;
    }
    case "not": {
      const value = evaluate(expression.arg, row, patterns);
      return typeof value === "boolean" ? !value : value === null ? null : undefined;
    }
    case "isNull": {
      const value = evaluate(expression.arg, row, patterns);
      return value === undefined ? undefined : (value === null) !== expression.negated;
    }
    case "in": {
      if (!expression.list) return undefined;
      const [arg, ...list] = [expression.arg, ...expression.list].map((each) => evaluate(each, row, patterns));
      return among(arg, list, expression.negated);
    }
    case "array":
    case "row": {
      const values = expression.args.map((arg) => evaluate(arg, row, patterns));
      return values.includes(undefined) ? undefined : (values as Value[]);
    }
    case "cast":
      return cast(evaluate(expression.arg, row, patterns), expression.type);
    case "operator":
      return operate(expression.operator, expression.args, row, patterns);
    case "call":
      return call(expression.name, expression.args, row, patterns);
    case "case": {
      const subject = expression.subject && evaluate(expression.subject, row, patterns);
      for (const { when, then } of expression.branches) {
        const found = evaluate(when, row, patterns);
        const holds = expression.subject ? compared("=", subject, found) : found;
        if (holds === undefined) return undefined;
        if (holds === true) return evaluate(then, row, patterns);
      }
      return expression.otherwise ? evaluate(expression.otherwise, row, patterns) : null;
    }
    default:
      return undefined;
  }
}

function among(arg: Value | undefined, list: readonly (Value | undefined)[], negated: boolean): Value | undefined {
  if (arg === null) return null;
  const hits = list.map((each) => compared("=", arg, each));
  if (hits.includes(true)) return !negated;
  return hits.includes(undefined) ? undefined : hits.includes(null) ? null : negated;
}

function cast(
  value: Value | undefined,
  type: { readonly name: string; readonly array: number; readonly modifiers: readonly number[] },
): Value | undefined {
  if (value === undefined || value === null) return value;
  if (type.array > 0)
    return typeof value === "string" ? elements(value).map((each) => cast(each, { ...type, array: 0 }) ?? null) : value;
  if (/^(int2|int4|int8)$/.test(type.name))
    return typeof value === "object" || Number.isNaN(Number(value)) ? undefined : Math.round(Number(value));
  if (NUMBERS.has(type.name))
    return typeof value === "object" || Number.isNaN(Number(value)) ? undefined : Number(value);
  if (type.name === "bool")
    return typeof value === "string"
      ? /^(t|true|yes|on|1)$/i.test(value)
      : typeof value === "number"
        ? value !== 0
        : value;
  if (type.name === "text" || type.name === "varchar" || type.name === "bpchar")
    return typeof value === "object" ? undefined : String(value);
  if (type.name === "date" && typeof value === "string") return value.slice(0, 10);
  return value;
}

/** Milliseconds, where a text looks like a moment. */
export function moment(text: string): number | undefined {
  const found = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(?:([+-]\d\d)(?::?\d\d)?)?$/.exec(text);
  const at = found ? Date.parse(`${found[1]}T${found[2] ?? "00:00:00"}Z`) : Number.NaN;
  return Number.isNaN(at) ? undefined : at - Number(found?.[3] ?? 0) * 3_600_000;
}

function order(a: Value, b: Value): number | undefined {
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const each = order(a[i] as Value, b[i] as Value);
      if (each !== 0) return each;
    }
    return a.length - b.length;
  }
  if (typeof a === "number" || typeof b === "number") {
    const difference = Number(a) - Number(b);
    return Number.isNaN(difference) ? undefined : difference;
  }
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (typeof a !== "string" || typeof b !== "string") return undefined;
  const [one, two] = [moment(a), moment(b)];
  if (one !== undefined && two !== undefined) return one - two;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compared(operator: string, a: Value | undefined, b: Value | undefined): Value | undefined {
  if (a === null || b === null) return null;
  if (a === undefined || b === undefined) return undefined;
  const by = order(a, b);
  if (by === undefined) return undefined;
  return operator === "="
    ? by === 0
    : operator === "<>" || operator === "!="
      ? by !== 0
      : operator === "<"
        ? by < 0
        : operator === "<="
          ? by <= 0
          : operator === ">"
            ? by > 0
            : by >= 0;
}

const COMPARISONS = new Set(["=", "<>", "!=", "<", "<=", ">", ">="]);

function operate(
  operator: string,
  args: readonly Expression[],
  row: Row,
  patterns: PatternTest | undefined,
): Value | undefined {
  const values = args.map((arg) => evaluate(arg, row, patterns));
  const [a, b, c] = values;
  if (COMPARISONS.has(operator)) return args.length === 2 ? compared(operator, a, b) : undefined;
  switch (operator) {
    case "is true":
    case "is not true":
    case "is false":
    case "is not false": {
      const is = a === undefined ? undefined : a === operator.endsWith("true");
      return is === undefined ? undefined : is !== operator.includes("not");
    }
    case "is distinct from":
    case "is not distinct from": {
      const same =
        a === undefined || b === undefined ? undefined : a === null || b === null ? a === b : compared("=", a, b);
      return typeof same === "boolean" ? same === operator.includes("not") : undefined;
    }
    case "= any":
    case "<> all":
      return Array.isArray(b) ? among(a, b as readonly Value[], operator === "<> all") : b === null ? null : undefined;
    case "between":
    case "not between": {
      const within = [compared(">=", a, b), compared("<=", a, c)];
      const value = within.includes(false)
        ? false
        : within.includes(undefined)
          ? undefined
          : within.includes(null)
            ? null
            : true;
      return operator === "between" || typeof value !== "boolean" ? value : !value;
    }
  }
  if (values.includes(undefined)) return undefined;
  if (values.includes(null)) return null;
  const numbers = typeof a === "number" && (typeof b === "number" || args.length === 1);
  switch (operator) {
    case "+":
      return numbers ? (b === undefined ? a : a + (b as number)) : undefined;
    case "-":
      return numbers ? (b === undefined ? -a : a - (b as number)) : undefined;
    case "*":
      return numbers ? a * (b as number) : undefined;
    case "%":
      return numbers && b !== 0 ? a % (b as number) : undefined;
    case "||":
      return typeof a === "string" && typeof b === "string" ? a + b : undefined;
    case "->>":
    case "->":
      return field(a, b, operator === "->>");
    case "?":
      return typeof a === "string" && typeof b === "string" ? hasKey(a, b) : undefined;
    case "<@":
      return Array.isArray(a) && Array.isArray(b)
        ? a.every((each) => b.some((other) => order(each as Value, other as Value) === 0))
        : undefined;
    case "@>":
      return Array.isArray(a) && Array.isArray(b)
        ? b.every((each) => a.some((other) => order(each as Value, other as Value) === 0))
        : undefined;
  }
  const test = typeof a === "string" && typeof b === "string" ? patterns?.(operator, b) : undefined;
  return test?.(a as string);
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function field(json: Value | undefined, key: Value | undefined, asText: boolean): Value | undefined {
  const object = typeof json === "string" ? parsed(json) : undefined;
  if (typeof object !== "object" || object === null || (typeof key !== "string" && typeof key !== "number"))
    return undefined;
  const value = (object as Record<string, unknown>)[key];
  if (value === undefined || (asText && value === null)) return null;
  if (asText && typeof value === "string") return value;
  return JSON.stringify(value);
}

function hasKey(json: string, key: string): boolean | undefined {
  const object = parsed(json);
  return typeof object === "object" && object !== null && !Array.isArray(object)
    ? Object.hasOwn(object, key)
    : undefined;
}

/** What "now" is compared as: after all moments that are made here, but for those that have to lie ahead. */
export const NOW = "2060-01-01 00:00:00";

function call(
  name: string,
  args: readonly Expression[],
  row: Row,
  patterns: PatternTest | undefined,
): Value | undefined {
  const values = args.map((arg) => evaluate(arg, row, patterns));
  const [a, b] = values;
  switch (name) {
    case "now":
    case "current_timestamp":
    case "current_date":
    case "localtimestamp":
    case "clock_timestamp":
      return NOW;
    case "coalesce":
      for (const value of values) if (value !== null) return value;
      return null;
    case "num_nonnulls":
    case "num_nulls":
      return values.includes(undefined)
        ? undefined
        : values.filter((value) => (value === null) === (name === "num_nulls")).length;
    case "greatest":
    case "least": {
      if (values.includes(undefined)) return undefined;
      const sign = name === "greatest" ? 1 : -1;
      return (values.filter((value) => value !== null) as Value[]).reduce<Value>(
        (best, value) => (best === null || (order(value, best) ?? 0) * sign > 0 ? value : best),
        null,
      );
    }
  }
  if (values.includes(undefined)) return undefined;
  if (values.includes(null)) return null;
  switch (name) {
    case "length":
    case "char_length":
    case "character_length":
      return typeof a === "string" ? [...a].length : undefined;
    case "octet_length":
      return typeof a === "string" && !a.startsWith("\\x") ? new TextEncoder().encode(a).length : undefined;
    case "lower":
      return typeof a === "string" ? a.toLowerCase() : undefined;
    case "upper":
      return typeof a === "string" ? a.toUpperCase() : undefined;
    case "btrim":
    case "trim":
      return typeof a === "string" && args.length === 1 ? a.replace(/^ +| +$/g, "") : undefined;
    case "abs":
      return typeof a === "number" ? Math.abs(a) : undefined;
    case "nullif": {
      const same = compared("=", a, b);
      return same === true ? null : same === undefined ? undefined : a;
    }
    case "cardinality":
      return Array.isArray(a) ? a.length : undefined;
    case "array_length":
      return Array.isArray(a) && b === 1 ? (a.length === 0 ? null : a.length) : undefined;
    case "jsonb_typeof":
    case "json_typeof":
      return typeof a === "string" ? typeOfJson(parsed(a)) : undefined;
    case "jsonb_array_length":
    case "json_array_length": {
      const list = typeof a === "string" ? parsed(a) : undefined;
      return Array.isArray(list) ? list.length : undefined;
    }
    default:
      return undefined;
  }
}

const typeOfJson = (value: unknown): string | undefined =>
  value === undefined ? undefined : value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
