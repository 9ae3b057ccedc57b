import type { TypeName } from "../../sql/expression.ts";
import {
  CASTS,
  type CastRow,
  DIGITS,
  FROM_TEXT_LOSSES,
  LOSSES,
  OPERATORS,
  ROOM,
  TEXT_LENGTH,
  isBuiltIn,
} from "./conversions.ts";

/**
 * What ALTER COLUMN … TYPE does to the rows, from the pair of types. PostgreSQL rewrites the heap unless the
 * conversion, after simplification, is the column itself: https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 * What follows was measured for every pair of the types below (test/type-changes.test.ts does it again).
 */

export interface TypeContext {
  /** Whether the connection's TimeZone is UTC: only then timestamp and timestamptz are the same bytes. */
  readonly timeZoneUtc: boolean | "unknown";
  /** `noop` is USING column; `casts` is USING column::a::b, applied from left to right. */
  readonly using: "none" | "noop" | "cast to the same target" | "other" | { readonly casts: readonly TypeName[] };
  /** COLLATE in the statement names another collation than the column has. */
  readonly collationChange: boolean;
  /** What a domain stands for; absent for everything that is no domain or is not known. */
  readonly domain?: (type: TypeName) => DomainInfo | undefined;
  readonly isEnum?: (type: TypeName) => boolean;
}

export interface DomainInfo {
  readonly base: TypeName;
  /** Has a CHECK or NOT NULL, its own or from the domain below it. */
  readonly constrained: boolean;
}

export interface TypeChange {
  readonly rewrite: "yes" | "no" | "maybe";
  /** Indexes on the column are rebuilt though the heap is not rewritten: each is a scan. False where `rewrite` is "yes", which rebuilds all anyway. */
  readonly rebuildsIndexes: boolean;
  /** `may`: a value that does not fit or cast is a run-time error; `always`: refused for every table, even an empty one. */
  readonly fails: "never" | "may" | "always";
  /** SQLSTATE of that failure. */
  readonly sqlstate?: string;
  /** Values may be rounded, cut or otherwise changed for good, without an error. */
  readonly losesPrecision: boolean;
  /** What goes, as a phrase: "digits after the decimal point are rounded away". */
  readonly loss?: string;
  readonly castKind: CastKind;
}

/** `length` enforces a modifier only; `text` converts by way of the text form, as pg_cast has no row. */
export type CastKind =
  | "none"
  | "length"
  | "binary"
  | "function"
  | "text"
  | "domain"
  | "expression"
  | "missing"
  | "unknown";

/** What changing a column from one type to the other does to the rows, the indexes and the statement. */
export function typeChange(from: TypeName, to: TypeName, context: TypeContext): TypeChange {
  const target = context.domain?.(to)?.base ?? to;
  const collation = context.collationChange && (isString(target) || target.array > 0);
  if (context.using === "other") {
    return {
      rewrite: "yes",
      rebuildsIndexes: false,
      fails: "may",
      sqlstate: "22000",
      losesPrecision: false,
      castKind: "expression",
    };
  }
  const casts =
    typeof context.using === "object" ? context.using.casts : context.using === "cast to the same target" ? [to] : [];
  let value: Value = { type: from, tracked: true };
  const steps: Step[] = [];
  for (const [type, explicit] of [...casts.map((type) => [type, true] as const), [to, false] as const]) {
    const step = convert(value, type, explicit, context);
    steps.push(step);
    if (step.fails === "always") return { ...step, rewrite: "no", rebuildsIndexes: false, losesPrecision: false };
    value = { type, tracked: true };
  }
  const rewrite = steps.some((s) => s.rewrite === "yes")
    ? "yes"
    : steps.some((s) => s.rewrite === "maybe")
      ? "maybe"
      : "no";
  const failing = steps.find((s) => s.fails === "may");
  const losing = steps.find((s) => s.loss !== undefined);
  return {
    rewrite,
    rebuildsIndexes: rewrite !== "yes" && (collation || otherOperators(from, to, context)),
    fails: failing ? "may" : "never",
    ...(failing?.sqlstate === undefined ? {} : { sqlstate: failing.sqlstate }),
    losesPrecision: losing !== undefined,
    ...(losing?.loss === undefined ? {} : { loss: losing.loss }),
    castKind: steps.find((s) => s.castKind !== "none")?.castKind ?? "none",
  };
}

/** A value on its way through the casts; `tracked` unless it came out of a domain, whose modifier PostgreSQL does not see. */
interface Value {
  readonly type: TypeName;
  readonly tracked: boolean;
}

interface Step {
  readonly rewrite: "yes" | "no" | "maybe";
  readonly fails: "never" | "may" | "always";
  readonly sqlstate?: string;
  readonly loss?: string;
  readonly castKind: CastKind;
}

const NOTHING: Step = { rewrite: "no", fails: "never", castKind: "none" };

function convert(value: Value, to: TypeName, explicit: boolean, context: TypeContext): Step {
  const { type: from } = value;
  if (sameType(from, to) && (to.modifiers.length === 0 || (value.tracked && sameModifiers(from, to)))) return NOTHING;
  const source = context.domain?.(from);
  const target = context.domain?.(to);
  if (target !== undefined) {
    const step = convert(value, target.base, explicit, context);
    if (step.fails === "always" || !target.constrained)
      return step.castKind === "none" ? { ...step, castKind: "domain" } : step;
    return {
      rewrite: "yes",
      fails: "may",
      sqlstate: step.sqlstate ?? "23514",
      castKind: "domain",
      ...(step.loss === undefined ? {} : { loss: step.loss }),
    };
  }
  if (source !== undefined) {
    // PostgreSQL looks through the domain, and with that loses sight of its modifier.
    const step = convert({ type: source.base, tracked: false }, to, explicit, context);
    return step.castKind === "none" ? { ...step, castKind: "domain" } : step;
  }
  const cast = findCast(from, to, explicit, context);
  if (cast === "unknown") return { rewrite: "maybe", fails: "may", sqlstate: "22000", castKind: "unknown" };
  if (cast === undefined)
    return { rewrite: "no", fails: "always", sqlstate: explicit ? "42846" : "42804", castKind: "missing" };

  const known = value.tracked && cast.kind === "none";
  const length = to.modifiers.length === 0 ? NOTHING : lengthStep(from, to, known, explicit);
  const zone = cast.kind === "function" && to.array === 0 && SAME_BYTES_IN_UTC.has(`${from.name}>${to.name}`);
  const castRewrite = zone
    ? context.timeZoneUtc === "unknown"
      ? "maybe"
      : context.timeZoneUtc
        ? "no"
        : "yes"
    : cast.rewrites
      ? "yes"
      : "no";
  const rewrite =
    castRewrite === "yes" || length.rewrite === "yes" ? "yes" : castRewrite === "maybe" ? "maybe" : length.rewrite;
  const fails = cast.fails || length.fails === "may" ? "may" : "never";
  const sqlstate = cast.fails ? cast.sqlstate : length.sqlstate;
  const loss = cast.loss ?? length.loss;
  return {
    rewrite,
    fails,
    ...(fails === "never" || sqlstate === undefined ? {} : { sqlstate }),
    ...(loss === undefined ? {} : { loss }),
    castKind: cast.kind === "none" ? length.castKind : cast.kind,
  };
}

interface Cast {
  readonly kind: "none" | "binary" | "function" | "text";
  readonly rewrites: boolean;
  readonly fails: boolean;
  readonly sqlstate?: string;
  readonly loss?: string;
}

/** As find_coercion_pathway() in PostgreSQL: pg_cast, then arrays element by element, then by way of text. */
function findCast(from: TypeName, to: TypeName, explicit: boolean, context: TypeContext): Cast | "unknown" | undefined {
  if (sameType(from, to)) return { kind: "none", rewrites: false, fails: false };
  if (from.array > 0 && to.array > 0) {
    const element = findCast({ ...from, array: 0 }, { ...to, array: 0 }, explicit, context);
    // Even where the elements are binary-compatible the array is rebuilt.
    return element === undefined || element === "unknown" ? element : { ...element, kind: "function", rewrites: true };
  }
  const row = from.array > 0 || to.array > 0 ? undefined : CASTS.get(`${from.name}>${to.name}`);
  if (row !== undefined && isBuiltIn(from) && isBuiltIn(to)) {
    if (row.context === "explicit" && !explicit) return undefined;
    const kind = row.kind;
    const { fails, loses } = from.name === "numeric" && from.modifiers.length > 0 ? numericCast(from, to, row) : row;
    return {
      kind,
      rewrites: kind !== "binary",
      fails,
      sqlstate: kind === "text" ? "22P05" : "22003",
      ...(loses ? { loss: LOSSES[`${from.name}>${to.name}`] ?? "values are rounded" } : {}),
    };
  }
  if (isString(to)) return { kind: "text", rewrites: true, fails: false };
  const known = (type: TypeName): boolean => type.array > 0 || isBuiltIn(type) || context.isEnum?.(type) === true;
  if (isString(from) && known(to)) {
    if (!explicit) return undefined;
    const loss = to.array > 0 ? undefined : FROM_TEXT_LOSSES[to.name];
    return { kind: "text", rewrites: true, fails: true, sqlstate: "22P02", ...(loss === undefined ? {} : { loss }) };
  }
  return known(from) && known(to) ? undefined : "unknown";
}

/** What enforcing the modifier of `to` does. `known`: PostgreSQL sees the modifier that the value already has. */
function lengthStep(from: TypeName, to: TypeName, known: boolean, explicit: boolean): Step {
  const free = to.array === 0 && isFree(to.name, known ? modifiers(from) : undefined, modifiers(to));
  if (free) return NOTHING;
  const step: Step = { rewrite: "yes", fails: "never", castKind: "length" };
  const [size = 0, scale = 0] = modifiers(to);
  switch (to.name) {
    case "varchar":
    case "bpchar": {
      if (longestText(from) <= size) return step;
      return explicit ? { ...step, loss: "longer values are cut" } : { ...step, fails: "may", sqlstate: "22001" };
    }
    case "varbit": {
      const longest = from.name === "bit" || from.name === "varbit" ? (modifiers(from)[0] ?? Infinity) : Infinity;
      if (longest <= size) return step;
      return explicit ? { ...step, loss: "longer values are cut" } : { ...step, fails: "may", sqlstate: "22001" };
    }
    case "bit": {
      if (from.name === "bit" && modifiers(from)[0] === size) return step;
      return explicit ? { ...step, loss: "longer values are cut" } : { ...step, fails: "may", sqlstate: "22026" };
    }
    case "numeric": {
      const [digits, decimals] = numericSize(from);
      // Rounding carries into at most one more digit: 9.99 becomes 10.0.
      const most = decimals > scale ? digits + 1 : digits;
      return {
        ...step,
        ...(decimals > scale ? { loss: "digits after the decimal point are rounded away" } : {}),
        ...(most > size - scale ? { fails: "may", sqlstate: "22003" } : {}),
      };
    }
    case "time":
    case "timetz":
    case "timestamp":
    case "timestamptz":
    case "interval":
      return precision(from) > precision(to) ? { ...step, loss: "fractions of a second are rounded" } : step;
    default:
      return { ...step, rewrite: "maybe", fails: "may", sqlstate: "22000" };
  }
}

/** The support functions that drop a modifier's check: varchar_support, numeric_support, varbit_support, timestamp_support … */
function isFree(name: string, from: readonly number[] | undefined, to: readonly number[]): boolean {
  const [newSize = 0, newScale = 0] = to;
  const size = from?.[0];
  switch (name) {
    case "varchar":
    case "varbit":
      return size !== undefined && newSize >= size;
    case "numeric":
      return size !== undefined && newSize >= size && newScale === (from?.[1] ?? 0);
    case "time":
    case "timetz":
    case "timestamp":
    case "timestamptz":
    case "interval":
      return newSize >= 6 || (size !== undefined && newSize >= size);
    default:
      // char(n) and bit(n) pad, so nothing is free.
      return from !== undefined && size === newSize;
  }
}

/** Whether the default operator class of an index looks at other operators, or at the type itself, after the change. */
function otherOperators(from: TypeName, to: TypeName, context: TypeContext): boolean {
  if (sameType(from, to)) return false;
  const family = (type: TypeName): string => {
    const base = context.domain?.(type)?.base ?? type;
    return base.array > 0 ? "array" : (OPERATORS[base.name] ?? base.name);
  };
  return family(from) !== family(to);
}

function sameType(a: TypeName, b: TypeName): boolean {
  const schema = (type: TypeName): string | undefined => (type.schema === "pg_catalog" ? undefined : type.schema);
  const equalSchema = schema(a) === schema(b) || schema(a) === undefined || schema(b) === undefined;
  return a.name === b.name && equalSchema && a.array > 0 === b.array > 0;
}

function sameModifiers(a: TypeName, b: TypeName): boolean {
  const [x, y] = [modifiers(a), modifiers(b)];
  return x.length === y.length && x.every((n, i) => n === y[i]);
}

/** Modifiers with what PostgreSQL fills in: numeric(8) is (8, 0), interval(3) comes as (32767, 3). */
function modifiers(type: TypeName): readonly number[] {
  if (type.name === "numeric" && type.modifiers.length === 1) return [...type.modifiers, 0];
  if (type.name === "interval" && type.modifiers.length === 2) return type.modifiers.slice(1);
  return type.modifiers;
}

function precision(type: TypeName): number {
  if (type.name === "date") return 0;
  return TEMPORAL.has(type.name) ? (modifiers(type)[0] ?? 6) : 6;
}

/** Digits before and after the decimal point. */
function numericSize(type: TypeName): readonly [number, number] {
  if (type.array === 0 && type.name === "numeric" && type.modifiers.length > 0) {
    const [size = 0, scale = 0] = modifiers(type);
    return [size - scale, scale];
  }
  return DIGITS[type.name] ?? [Infinity, Infinity];
}

/** numeric(p, s) to a number type: whether every value of p digits has room in it. */
function numericCast(from: TypeName, to: TypeName, row: CastRow): Pick<CastRow, "fails" | "loses"> {
  const [digits, decimals] = numericSize(from);
  const room = ROOM[to.name];
  if (room === undefined) return row;
  const [before, after] = room;
  return {
    fails: digits > before,
    loses: typeof after === "number" ? decimals > after : digits + decimals > after.significant,
  };
}

function longestText(type: TypeName): number {
  if (type.array > 0)
    return type.name === "varchar" || type.name === "bpchar" ? (modifiers(type)[0] ?? Infinity) : Infinity;
  if (type.name === "varchar" || type.name === "bpchar") return modifiers(type)[0] ?? Infinity;
  if (type.name === "numeric" && type.modifiers.length > 0) return (modifiers(type)[0] ?? 0) + 3;
  return TEXT_LENGTH[type.name] ?? Infinity;
}

function isString(type: TypeName): boolean {
  return type.array === 0 && STRINGS.has(type.name) && isBuiltIn(type);
}

const STRINGS = new Set(["text", "varchar", "bpchar", "citext", "name"]);
const TEMPORAL = new Set(["time", "timetz", "timestamp", "timestamptz", "interval"]);
const SAME_BYTES_IN_UTC = new Set(["timestamp>timestamptz", "timestamptz>timestamp"]);
