import type { Expression, TypeName } from "../../sql/expression.ts";
import { type Catalog, typeOf } from "../catalog.ts";

/** What is known of the values that a USING computes, where it is more than a cast of the column. */
export interface Computed {
  /** Every value can be assigned to the target. */
  readonly fits: boolean;
  /** Values are cut, or replaced by others, without an error. */
  readonly loses: boolean;
  /** Of a value that does not fit. */
  readonly sqlstate?: string;
}

export function computed(catalog: Catalog, using: Expression, from: TypeName, to: TypeName): Computed | undefined {
  const inner = using.kind === "cast" && isSame(using.type, to) ? using.arg : using;
  if (inner.kind === "literal") return { fits: isTaken(catalog, inner, to), loses: true };
  if (inner.kind === "case") {
    const results = [...inner.branches.map(({ then }) => then), ...(inner.otherwise ? [inner.otherwise] : [])];
    return results.every((each) => isTaken(catalog, each, to)) ? { fits: true, loses: true } : undefined;
  }
  if (inner.kind !== "call") return undefined;
  const [first, second, third] = inner.args;
  // timestamp AT TIME ZONE 'UTC', and back.
  if (inner.name === "timezone" && TIMES.has(from.name) && TIMES.has(to.name) && first?.kind === "literal")
    return { fits: true, loses: false };
  if (!TEXTS.has(to.name) || to.array > 0) return undefined;
  const limit = to.modifiers[0];
  const length =
    inner.name === "left" ? second : inner.name === "substring" || inner.name === "substr" ? third : undefined;
  if (length?.kind === "literal" && typeof length.value === "number")
    return { fits: limit === undefined || length.value <= limit, loses: true, sqlstate: "22001" };
  return undefined;
}

const isSame = (one: TypeName, other: TypeName): boolean =>
  one.name === other.name && one.array === other.array && one.modifiers.join() === other.modifiers.join();

/** A literal that the type takes: a label of an enum, a number for a number, any text for a text without a limit. */
function isTaken(catalog: Catalog, given: Expression, to: TypeName): boolean {
  const value = given.kind === "cast" ? given.arg : given;
  if (value.kind !== "literal" || to.array > 0) return false;
  if (value.value === null) return true;
  const known = typeOf(catalog, to);
  if (known?.kind === "enum") return known.values.includes(String(value.value));
  if (TEXTS.has(to.name)) return to.modifiers[0] === undefined || String(value.value).length <= to.modifiers[0];
  if (to.name === "bool") return typeof value.value === "boolean";
  return (
    NUMBERS.has(to.name) &&
    typeof value.value === "number" &&
    Number.isInteger(value.value) &&
    Math.abs(value.value) < 32768
  );
}

const TIMES = new Set(["timestamp", "timestamptz"]);
const TEXTS = new Set(["text", "varchar"]);
const NUMBERS = new Set(["int2", "int4", "int8", "numeric", "float4", "float8"]);
