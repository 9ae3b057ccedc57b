import type { Expression, Query } from "../../sql/expression.ts";
import { FINDS_NOTHING } from "../postgres/function-values.ts";
import { signatures } from "../postgres/signatures.ts";
import { expressions, conjuncts } from "../queries.ts";
import { printed } from "../sql.ts";
import { type QueryScope, columnOf, inside } from "./scope.ts";

/**
 * What can make a value NULL, as words; undefined where nothing can, as far as the text says. `known` are columns, as they are written,
 * that a condition around the value keeps from being NULL.
 */
export function nullSource(
  scope: QueryScope,
  value: Expression,
  known: ReadonlySet<string> = new Set(),
): string | undefined {
  const of = (each: Expression): string | undefined => nullSource(scope, each, known);
  const any = (all: readonly Expression[]): string | undefined => {
    for (const each of all) {
      const found = of(each);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const every = (all: readonly Expression[], words: string): string | undefined =>
    all.every((each) => of(each) !== undefined) ? words : undefined;
  switch (value.kind) {
    case "literal":
      return value.value === null ? "NULL" : undefined;
    case "column": {
      if (known.has(printed(value))) return undefined;
      const found = columnOf(scope, value);
      return found && scope.moment.nullable(found.relation, found.column) === "yes" ? value.column : undefined;
    }
    case "cast":
    case "not":
      return of(value.arg);
    case "and":
    case "or":
      return any(value.args);
    case "in":
      return any([value.arg, ...(value.list ?? [])]);
    case "operator":
      return operator(value.operator, value.args, any);
    case "call":
      return call(value.name, value.args, any, every);
    case "case": {
      const { subject, branches, otherwise } = value;
      if (!otherwise && !isExhaustive(scope, value)) return "a CASE without ELSE";
      for (const { when, then } of branches) {
        const held = subject ? known : new Set([...known, ...heldBy(when)]);
        const found = nullSource(scope, then, held);
        if (found !== undefined) return found;
      }
      return otherwise && of(otherwise);
    }
    case "subquery":
      return ofSubquery(scope, value.query);
    case "other":
      // An element of an array: a[n].
      return value.args.length === 2 && value.args[1]?.kind === "other" ? "an element that is not there" : undefined;
    case "star":
    case "parameter":
    case "isNull":
    case "exists":
    case "row":
    case "array":
      return undefined;
  }
}

type Among = (all: readonly Expression[]) => string | undefined;

/** Operators are strict, but for those of arrays; what they look for may not be there. */
function operator(name: string, args: readonly Expression[], any: Among): string | undefined {
  if (/^is |distinct from$/.test(name)) return undefined;
  if (name === "nullif") return "nullif";
  if (LOOKING.has(name)) return `${name} where the key is not there`;
  if (name === "||" && args.some(({ kind }) => kind === "array")) return undefined;
  return any(args);
}

const LOOKING = new Set(["->", "->>", "#>", "#>>"]);

function call(
  name: string,
  args: readonly Expression[],
  any: Among,
  every: (all: readonly Expression[], words: string) => string | undefined,
): string | undefined {
  switch (name) {
    case "coalesce":
    case "greatest":
    case "least":
      return every(args, `every argument of ${name}`);
    case "concat_ws":
    case "format":
      return any(args.slice(0, 1));
  }
  if (name in FINDS_NOTHING || (name === "substring" && args.length === 2 && typeof literalOf(args[1]) === "string"))
    return `${name}() that finds nothing`;
  return isStrict(name, args.length) ? any(args) : undefined;
}

const literalOf = (value: Expression | undefined) => (value?.kind === "literal" ? value.value : undefined);

/** By pg_proc.proisstrict. */
function isStrict(name: string, count: number): boolean {
  const found = signatures(name);
  if (found === undefined || found === "unlisted") return false;
  const fitting = found.filter(
    ({ args, defaults, variadic }) => count >= args.length - defaults && (variadic || count <= args.length),
  );
  return fitting.length > 0 && fitting.every(({ strict }) => strict);
}

/** Columns that are not NULL where the condition is true. */
export function heldBy(condition: Expression | undefined): readonly string[] {
  return conjuncts(condition).flatMap((term) => {
    if (term.kind === "isNull" && term.negated && term.arg.kind === "column") return [printed(term.arg)];
    if (term.kind !== "operator" || /^is |distinct from$/.test(term.operator)) return [];
    return term.args.flatMap((arg) => (arg.kind === "column" ? [printed(arg)] : []));
  });
}

/** Every label of an enum has a branch, or one branch has what another one has not. */
function isExhaustive(scope: QueryScope, { subject, branches }: Extract<Expression, { kind: "case" }>): boolean {
  if (!subject)
    return branches.some(({ when }, at) => branches.slice(at + 1).some((other) => excludes(when, other.when)));
  const found = columnOf(scope, subject);
  if (!found || scope.moment.nullable(found.relation, found.column) !== "no") return false;
  const labels = scope.moment.labels(found.relation, found.column);
  const named = new Set(
    branches
      .map(({ when }) => (when.kind === "cast" ? when.arg : when))
      .flatMap((each) => (each.kind === "literal" ? [each.value] : [])),
  );
  return labels !== undefined && labels.every((label) => named.has(label));
}

/** One of the two holds for every row: IS NULL and IS NOT NULL of the same. */
const excludes = (one: Expression, other: Expression): boolean =>
  one.kind === "isNull" &&
  other.kind === "isNull" &&
  one.negated !== other.negated &&
  printed(one.arg) === printed(other.arg);

/** An aggregate without GROUP BY has a row always; which of them has a value for no rows is said. */
function ofSubquery(scope: QueryScope, query: Query): string | undefined {
  const [target] = query.targets;
  const aggregated =
    target !== undefined &&
    query.groupBy.length === 0 &&
    !query.having &&
    [...expressions(target.value)].some((each) => each.kind === "call" && isAggregate(each.name));
  if (!aggregated) {
    if (target && query.from.length === 0 && !query.where && !query.combine)
      return nullSource(inside(scope, query), target.value);
    return "a row without a match in the subquery";
  }
  return emptyAggregate(target.value) ? `an aggregate over no rows` : undefined;
}

function emptyAggregate(value: Expression): boolean {
  if (value.kind === "cast") return emptyAggregate(value.arg);
  if (value.kind !== "call")
    return [...expressions(value)].some(
      (each) => each !== value && each.kind === "call" && isAggregate(each.name) && each.name !== "count",
    );
  if (value.name === "count") return false;
  if (value.name === "coalesce")
    return value.args.every((arg) => arg.kind !== "literal" || arg.value === null) && value.args.every(emptyAggregate);
  return isAggregate(value.name) || value.args.some(emptyAggregate);
}

function isAggregate(name: string): boolean {
  const found = signatures(name);
  return Array.isArray(found) && found.some(({ kind }) => kind === "aggregate");
}
