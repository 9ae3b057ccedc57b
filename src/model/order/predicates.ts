import type { Expression } from "../../sql/expression.ts";
import { type Value, evaluate, moment } from "../evaluation.ts";
import { conjuncts, deepExpressions, mentionedColumns } from "../queries.ts";

/** A row as far as its values are known. */
export type Known = ReadonlyMap<string, Value>;

/** A value that is written as such; undefined for what is computed. */
export function literalOf(value: Expression | undefined): Value | undefined {
  const bare = value?.kind === "cast" ? value.arg : value;
  return bare?.kind === "literal" ? bare.value : undefined;
}

/** True or false where the known values decide it; a condition that is NULL is met by no row. */
export function meets(where: Expression | undefined, row: Known): boolean | undefined {
  if (!where) return true;
  const value = evaluate(where, (column) => row.get(column));
  return value === undefined ? undefined : value === true;
}

/** Operators whose truth turns only at the literals that they compare with. */
const COMPARISONS: ReadonlySet<string> = new Set([
  "=",
  "<>",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "between",
  "not between",
  "is distinct from",
  "is not distinct from",
]);

/** The parts of a condition that ask one column for fixed values, by their columns. */
function tests(where: Expression | undefined): ReadonlyMap<string, readonly Expression[]> {
  const found = new Map<string, Expression[]>();
  for (const part of conjuncts(where)) {
    const [column, ...more] = mentionedColumns(part);
    if (column === undefined || more.length > 0 || ![...deepExpressions(part)].every(isPlain)) continue;
    found.set(column, [...(found.get(column) ?? []), part]);
  }
  return found;
}

function isPlain(part: Expression): boolean {
  switch (part.kind) {
    case "column":
    case "literal":
    case "and":
    case "or":
    case "not":
    case "isNull":
      return true;
    case "in":
      return part.list !== undefined;
    case "cast":
      return part.arg.kind === "literal";
    case "operator":
      return COMPARISONS.has(part.operator);
    default:
      return false;
  }
}

/** Values at which comparisons turn: the literals, what lies beside and between them, and NULL. */
function turningPoints(parts: readonly Expression[]): Value[] {
  const literals = parts.flatMap((part) =>
    [...deepExpressions(part)].flatMap((each) =>
      each.kind === "literal" && each.value !== null ? [each.value as Value] : [],
    ),
  );
  const numbers = literals.map(Number).filter((each) => !Number.isNaN(each));
  const found: Value[] = [null, ...literals];
  if (numbers.length === literals.length) {
    for (const each of numbers) {
      found.push(each - 0.5, each + 0.5, each - 1, each + 1);
    }
    return found;
  }
  const moments = literals.flatMap((each) => moment(String(each)) ?? []);
  if (moments.length === literals.length) {
    const day = 86_400_000;
    for (const at of moments)
      for (const beside of [at - 1000, at + 1000, at - day, at + day])
        found.push(new Date(beside).toISOString().replace("T", " ").slice(0, 19));
    return found;
  }
  for (const each of literals) found.push(`${String(each)}!`, String(each).slice(0, -1));
  found.push("", "\u{10ffff}");
  return found;
}

/**
 * Whether no row meets both conditions, by columns that both ask for fixed values. Columns of `changed` say nothing unless the value that
 * they are given is known.
 */
export function isApart(
  one: Expression | undefined,
  other: Expression | undefined,
  changed: ReadonlySet<string>,
): boolean {
  const [mine, its] = [tests(one), tests(other)];
  return [...mine].some(([column, parts]) => {
    const others = its.get(column);
    if (!others || changed.has(column)) return false;
    const all = [...parts, ...others];
    return turningPoints(all).every((value) =>
      all.some((part) => {
        const truth = evaluate(part, () => value);
        return truth === false || truth === null;
      }),
    );
  });
}
