import { lookup } from "../../words.ts";
import { type OperatorRow, operators } from "../postgres/operators.ts";
import { type Signature, signatures } from "../postgres/signatures.ts";
import type { Refusal } from "./refusal.ts";
import { BOOL, type Type, UNKNOWN, accepts, internalType, isBuiltInType, typeInWords } from "./type.ts";

/**
 * Which function or operator PostgreSQL would choose: https://www.postgresql.org/docs/current/typeconv-func.html. As far as it is sure:
 * a call is refused only if no candidate takes the types that are known.
 */

export interface Chosen {
  readonly type: Type;
  readonly volatility: "immutable" | "stable" | "volatile" | "unknown";
  /** NULL for an argument that is NULL. */
  readonly strict: boolean | "unknown";
  readonly refusal?: Refusal;
}

const UNDECIDED: Chosen = { type: UNKNOWN, volatility: "unknown", strict: "unknown" };

/** A call of a function of pg_catalog. `shadowed` where extensions or the history may have one of that name. */
export function chosenFunction(name: string, args: readonly Type[], postgres: number, shadowed: boolean): Chosen {
  const all = signatures(name);
  // Names of types are functions too, that cast: `text(x)`.
  const casts = args.length === 1 && isBuiltInType({ name, modifiers: [], array: 0 });
  if (all === "unlisted" || (all === undefined && casts)) return UNDECIDED;
  if (all === undefined) return shadowed ? UNDECIDED : { ...UNDECIDED, refusal: noFunction(name, args) };
  const here = all.filter(({ from, to }) => from <= postgres && postgres <= to);
  if (here.length === 0) {
    const since = Math.min(...all.map(({ from }) => from).filter((from) => from > postgres));
    const refusal = noFunction(name, args, Number.isFinite(since) ? since : undefined);
    return shadowed ? UNDECIDED : { ...UNDECIDED, refusal };
  }
  // Aggregates are read with what ORDER BY and FILTER say among their arguments.
  if (here.some(({ kind }) => kind === "aggregate" || kind === "window")) return summary(here, args);
  const fitting = here.filter((signature) => takes(signature, args));
  if (fitting.length > 0) return summary(fitting, args);
  if (shadowed || casts || args.some(({ kind }) => kind === "unknown")) return UNDECIDED;
  const later = all.filter((signature) => signature.from > postgres && takes(signature, args)).map(({ from }) => from);
  return { ...UNDECIDED, refusal: noFunction(name, args, later.length > 0 ? Math.min(...later) : undefined) };
}

function takes({ args, defaults, variadic }: Signature, given: readonly Type[]): boolean {
  const fixed = variadic ? args.length - 1 : args.length;
  if (given.length < fixed - defaults || (!variadic && given.length > args.length)) return false;
  return given.every((type, at) => {
    const wanted = args[Math.min(at, args.length - 1)] ?? "any";
    if (!variadic || at < fixed) return accepts(wanted, type);
    // VARIADIC takes the elements one by one, or the array itself.
    return wanted === "any" || !wanted.startsWith("_") || accepts(wanted.slice(1), type) || accepts(wanted, type);
  });
}

function summary(candidates: readonly Signature[], args: readonly Type[]): Chosen {
  const exact = candidates.filter(
    (each) => each.args.length === args.length && each.args.every((name, at) => isExactly(name, args[at] ?? UNKNOWN)),
  );
  const chosen = exact.length > 0 ? exact : candidates;
  const [first] = chosen;
  if (!first) return UNDECIDED;
  const one = <T>(of: (each: Signature) => T): T | undefined =>
    chosen.every((each) => of(each) === of(first)) ? of(first) : undefined;
  const result = one((each) => each.result);
  return {
    type: result === undefined || first.set ? UNKNOWN : internalType(result),
    volatility: one((each) => each.volatility) ?? "unknown",
    strict: first.kind === "function" ? (one((each) => each.strict) ?? "unknown") : "unknown",
  };
}

const isExactly = (name: string, type: Type): boolean =>
  type.kind === "base" && (type.array ? `_${type.name}` : type.name) === name;

function noFunction(name: string, args: readonly Type[], since?: number): Refusal {
  return {
    sqlstate: "42883",
    message: `function ${name}(${args.map(typeInWords).join(", ")}) does not exist`,
    about: since === undefined ? "function" : "version",
    since,
  };
}

/** How the readers spell what PostgreSQL has as operators of other names. */
const SPELLED: Readonly<Record<string, string>> = lookup({
  like: "~~",
  "not like": "!~~",
  ilike: "~~*",
  "not ilike": "!~~*",
  "is distinct from": "=",
  "is not distinct from": "=",
  between: ">=",
  "not between": ">=",
  "between symmetric": ">=",
  "not between symmetric": ">=",
});

const COMPARISONS = new Set(["=", "<>", "<", ">", "<=", ">="]);

/** An operator between two values, or before one (`left` undefined). `shadowed` where an extension may bring operators. */
export function chosenOperator(symbol: string, left: Type | undefined, right: Type, shadowed: boolean): Chosen {
  const name = SPELLED[symbol] ?? symbol;
  const all = operators(name);
  const boolean = COMPARISONS.has(name) || name.includes("~~");
  if (all.length === 0) return UNDECIDED;
  const fitting = all.filter((row) => fits(row, left, right));
  if (fitting.length === 0) {
    const known = [left, right].every((type) => type === undefined || type.kind !== "unknown");
    // Extensions bring operators of their own, but no comparison between built-in types.
    if (!known || (shadowed && !COMPARISONS.has(name))) return boolean ? { ...UNDECIDED, type: BOOL } : UNDECIDED;
    return {
      ...UNDECIDED,
      type: boolean ? BOOL : UNKNOWN,
      refusal: {
        sqlstate: "42883",
        message: `operator does not exist: ${left ? `${typeInWords(left)} ` : ""}${name} ${typeInWords(right)}`,
        about: "operator",
      },
    };
  }
  const exact = fitting.filter(
    (row) => (left === undefined || isExactly(row.left ?? "", left)) && isExactly(row.right, right),
  );
  const chosen = exact.length > 0 ? exact : fitting;
  const [first] = chosen;
  const same = first && chosen.every((row) => row.result === first.result);
  return {
    type: boolean ? BOOL : same ? internalType(first.result) : UNKNOWN,
    volatility: first && chosen.every((row) => row.volatility === first.volatility) ? first.volatility : "unknown",
    strict: "unknown",
  };
}

function fits(row: OperatorRow, left: Type | undefined, right: Type): boolean {
  if ((row.left === undefined) !== (left === undefined)) return false;
  if (left === undefined) return accepts(row.right, right);
  if (!accepts(row.left ?? "", left) || !accepts(row.right, right)) return false;
  // Polymorphic arguments have to agree with each other.
  if (row.left !== row.right || !row.right.startsWith("any")) return true;
  if (left.kind === "enum" && right.kind === "enum") return left.id === right.id;
  if (left.kind === "base" && right.kind === "base" && row.right === "anyarray")
    return left.name === right.name || [left.name, right.name].every((each) => /^(?:text|varchar|bpchar)$/.test(each));
  return true;
}
