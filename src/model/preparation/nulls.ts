import type { Change, Expression } from "../../sql/expression.ts";
import { type Catalog, columnOf, relationAt, resolve } from "../catalog.ts";
import type { Failure, Preparation, PreparationFlaw, RelationId } from "../effects.ts";
import { subqueries, conjuncts } from "../queries.ts";
import { foreignKeys } from "../relatives.ts";
import { printed } from "../sql.ts";
import type { Step, WalkPlace } from "../step.ts";
import { momentOf } from "./moment.ts";
import { nullSource } from "./nullness.ts";
import { scopeOf } from "./scope.ts";
import { isYoung, placeOfStep, written } from "./steps.ts";

/** What earlier statements did about NULLs. */

/** NULLs before SET NOT NULL: a backfill, a DELETE of the rows without a value, or a default since the column's birth. */
export function prepareNulls(failure: Failure, place: WalkPlace): Preparation {
  const { catalog } = place;
  const table = relationAt(catalog, failure.relation);
  let flawed: Preparation | undefined;
  const left = failure.columns.filter((name) => {
    const column = table?.columns.get(name);
    if (isYoung(catalog, column?.birth) && column?.default !== undefined && !isNull(column.default)) return false;
    if (retyped(failure.relation, name, place)) return false;
    for (const { step, change } of written(place, failure.relation).reverse()) {
      const found = backfills(change, name, place, step);
      if (found === "done") return false;
      if (found) flawed ??= found;
    }
    return true;
  });
  if (left.length === 0)
    return { verdict: "done", how: "backfill", why: `${failure.columns.join(", ")} is filled before it` };
  return flawed ?? { verdict: "none" };
}

/** Its values were computed by a USING that yields no NULL. */
function retyped(table: string, name: string, place: WalkPlace): boolean {
  const step = place.before.findLast(
    ({ operation }) =>
      operation.kind === "alterColumnType" &&
      operation.column === name &&
      resolve(place.catalog, operation.table) === table,
  );
  if (step?.operation.kind !== "alterColumnType" || step.operation.body || !step.operation.using) return false;
  const nulls =
    written(place, table).some(({ change }) => change.kind !== "deleteRows" && change.kind !== "updateRows") ||
    written(place, table).some(
      ({ change }) => change.kind === "updateRows" && change.set.some(({ column }) => column === name),
    );
  return !nulls && isNeverNull(step.operation.using);
}

function isNeverNull(value: Expression): boolean {
  switch (value.kind) {
    case "isNull":
    case "exists":
      return true;
    case "literal":
      return value.value !== null;
    case "not":
    case "cast":
      return isNeverNull(value.arg);
    case "and":
    case "or":
      return value.args.every(isNeverNull);
    case "call":
      return value.name === "coalesce" && value.args.some(isNeverNull);
    default:
      return false;
  }
}

const isNull = (expression: Expression) => expression.kind === "literal" && expression.value === null;

function backfills(change: Change, name: string, place: WalkPlace, step: Step): "done" | Preparation | undefined {
  const by = placeOfStep(step);
  if (change.kind === "deleteRows") {
    if (change.using.length > 0) return undefined;
    return !change.where || coversNulls(change.where, name) ? "done" : undefined;
  }
  if (change.kind !== "updateRows") return undefined;
  const value = change.set.find((each) => each.column === name)?.value;
  if (!value || isNull(value)) return undefined;
  const flawed = (why: PreparationFlaw, detail: string, certainty: "sure" | "maybe" = "maybe"): Preparation => ({
    verdict: "ineffective",
    why,
    detail,
    certainty,
    by,
  });
  const moment = momentOf(place, step);
  const table = moment.table(change.table);
  const scope = scopeOf(moment, change.ctes, change.from, {
    relation: table,
    alias: change.alias ?? change.table.name,
  });
  const looped = step.operation.body?.loop === true;
  if (!looped && subqueries(change.where).some((query) => query.limit !== undefined))
    return flawed("limited", "the backfill takes one batch and does not repeat", "sure");
  if (!looped && change.from.length > 0) {
    if (!matchesEveryRow(place.catalog, table, change))
      return flawed("unmatched", "rows without a match in the join stay NULL");
  } else if (!looped && change.where && !coversNulls(change.where, name) && !isComplemented(change, name, place, table))
    return flawed("filtered", printed(change.where));
  const source = isDefault(value) ? missingDefault(moment.catalog, table, name) : nullSource(scope, value);
  return source === undefined ? "done" : flawed("may be NULL", source);
}

const isDefault = (value: Expression): boolean => value.kind === "call" && value.name === "default";

/** `SET x = DEFAULT` of a column that has none writes NULL. */
function missingDefault(catalog: Catalog, table: RelationId, name: string): string | undefined {
  const column = columnOf(catalog, table, name);
  const has = column?.default !== undefined && !isNull(column.default);
  return !column || has || column.identity || /serial$/.test(column.type?.name ?? "")
    ? undefined
    : "its default, which it has not";
}

/** Whether a condition is true for every row in which the column is NULL. */
function coversNulls(where: Expression, name: string): boolean {
  return conjuncts(where).every((term) => {
    if (term.kind === "literal") return term.value === true;
    if (term.kind === "or") return term.args.some((arg) => coversNulls(arg, name));
    if (term.kind === "isNull") return !term.negated && isColumn(term.arg, name);
    if (term.kind !== "operator") return false;
    const [left, right] = term.args;
    if (term.operator === "is not distinct from")
      return left !== undefined && right !== undefined && isColumn(left, name) && isNull(right);
    // coalesce(x, '') = ''
    return (
      term.operator === "=" &&
      left?.kind === "call" &&
      left.name === "coalesce" &&
      isColumn(left.args[0], name) &&
      right !== undefined &&
      left.args[1] !== undefined &&
      printed(left.args[1]) === printed(right)
    );
  });
}

const isColumn = (expression: Expression | undefined, name: string): boolean =>
  expression?.kind === "column" && expression.column === name;

/** Another UPDATE of the column takes the rows that this one's condition leaves. */
function isComplemented(
  change: Extract<Change, { kind: "updateRows" }>,
  name: string,
  place: WalkPlace,
  table: RelationId,
): boolean {
  const required = (expression: Expression): boolean =>
    expression.kind === "column" && columnOf(place.catalog, table, expression.column)?.notNull === true;
  const rest = (where: Expression | undefined) => conjuncts(where).filter((term) => !coversNulls(term, name));
  const own = rest(change.where);
  return written(place, table).some(({ change: other }) => {
    if (other === change || other.kind !== "updateRows" || other.from.length > 0) return false;
    const value = other.set.find((each) => each.column === name)?.value;
    const theirs = rest(other.where);
    const [one] = own;
    const [two] = theirs;
    return (
      value !== undefined &&
      !isNull(value) &&
      own.length === 1 &&
      theirs.length === 1 &&
      one !== undefined &&
      two !== undefined &&
      isOpposite(one, two, required)
    );
  });
}

/** Of any row one of the two is true. */
function isOpposite(one: Expression, other: Expression, required: (expression: Expression) => boolean): boolean {
  if (one.kind === "isNull" && other.kind === "isNull")
    return one.negated !== other.negated && printed(one.arg) === printed(other.arg);
  if (one.kind === "in" && other.kind === "in")
    return (
      one.negated !== other.negated &&
      required(one.arg) &&
      printed({ ...one, negated: other.negated }) === printed(other)
    );
  if (one.kind === "not") return one.arg.kind === "column" && required(one.arg) && printed(one.arg) === printed(other);
  if (other.kind === "not") return isOpposite(other, one, required);
  if (one.kind !== "operator" || other.kind !== "operator" || OPPOSITE[one.operator] !== other.operator) return false;
  const [left, right] = one.args;
  return (
    left !== undefined &&
    required(left) &&
    right?.kind === "literal" &&
    right.value !== null &&
    one.args.map(printed).join() === other.args.map(printed).join()
  );
}

const OPPOSITE: Readonly<Record<string, string>> = { "=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">" };

/** The join is over a foreign key in force that every row has: each finds its parent. */
function matchesEveryRow(
  catalog: Catalog,
  table: RelationId,
  change: Extract<Change, { kind: "updateRows" }>,
): boolean {
  const [source] = change.from;
  const known = relationAt(catalog, table);
  if (change.from.length !== 1 || source?.kind !== "table" || !known) return false;
  const parent = resolve(catalog, source.name);
  const alias = source.alias ?? source.name.name;
  const own = change.alias ?? change.table.name;
  const pairs = conjuncts(change.where).map((term): readonly [string, string] | undefined => {
    if (term.kind !== "operator" || term.operator !== "=") return undefined;
    const [left, right] = term.args;
    if (left?.kind !== "column" || right?.kind !== "column") return undefined;
    const [child, key] = left.table === alias ? [right, left] : [left, right];
    return key.table === alias && (child.table === own || child.table === undefined)
      ? [child.column, key.column]
      : undefined;
  });
  return foreignKeys(known).some(
    (each) =>
      each.parent === parent &&
      each.validated &&
      each.columns.length === pairs.length &&
      each.columns.every(
        (column, at) =>
          known.columns.get(column)?.notNull === true &&
          pairs.some((pair) => pair?.[0] === column && pair[1] === each.parentColumns?.[at]),
      ),
  );
}
