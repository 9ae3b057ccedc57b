import type { Expression, Query } from "../../sql/expression.ts";
import { foreignKeys } from "../relatives.ts";
import type { WalkPlace } from "../step.ts";
import type { ReferencingKey } from "./key.ts";
import { changesOf, isYoung } from "./steps.ts";
import { type QueryScope, columnOf, inside } from "./scope.ts";
import { relationAt } from "../catalog.ts";

/** Whether a value written into a foreign key's column is NULL or taken from the parent: directly, or from a column that points at it already. */
export function parentValue(scope: QueryScope, value: Expression, key: ReferencingKey, column: string): boolean {
  const wanted = key.parentColumns[key.columns.indexOf(column)] ?? key.parentColumns[0];
  switch (value.kind) {
    case "literal":
      return value.value === null;
    case "cast":
      return parentValue(scope, value.arg, key, column);
    case "column": {
      const found = columnOf(scope, value);
      if (!found) return false;
      if (found.relation === key.parent && found.column === wanted) return true;
      const { catalog } = scope.moment;
      const relation = relationAt(catalog, found.relation);
      const keys = relation
        ? [
            ...foreignKeys(relation),
            ...relation.released.filter(
              (constraint) =>
                constraint.type === "foreignKey" &&
                constraint.in === catalog.deployment &&
                !(constraint.withColumn && isYoung(catalog, relation.columns.get(found.column)?.birth)),
            ),
          ]
        : [];
      return keys.some(
        (each) =>
          each.validated &&
          each.enforced &&
          each.parent === key.parent &&
          each.parentColumns?.[each.columns.indexOf(found.column)] === wanted,
      );
    }
    case "subquery": {
      if (value.query.combine) return false;
      const [target] = value.query.targets;
      return target !== undefined && parentValue(inside(scope, value.query), target.value, key, column);
    }
    case "call":
      return (
        (value.name === "coalesce" || value.name === "min" || value.name === "max") &&
        value.args.every((arg) => parentValue(scope, arg, key, column))
      );
    default:
      return false;
  }
}

/** Whether the deployment inserts a parent with this literal as its key. */
export function insertedParent(
  value: Expression,
  key: ReferencingKey,
  column: string,
  place: Pick<WalkPlace, "before">,
  table: (name: Parameters<QueryScope["moment"]["table"]>[0]) => string,
): boolean {
  if (value.kind === "cast") return insertedParent(value.arg, key, column, place, table);
  if (value.kind !== "literal" || value.value === null || key.columns.length !== 1) return false;
  const wanted = key.parentColumns[key.columns.indexOf(column)] ?? "";
  return place.before.some((step) =>
    changesOf(step).some((change) => {
      if (change.kind !== "insertRows" || table(change.table) !== key.parent || step.operation.body?.conditional)
        return false;
      const at = change.columns.indexOf(wanted);
      const rows =
        change.query?.values ??
        (change.query && change.query.from.length === 0 ? [change.query.targets.map((target) => target.value)] : []);
      return rows.some((row) => {
        const cell = row[at]?.kind === "cast" ? row[at].arg : row[at];
        return cell?.kind === "literal" && cell.value === value.value;
      });
    }),
  );
}

/** Several columns of a key have to come from the same parent. */
export function isOneRow(scope: QueryScope, values: readonly Expression[]): boolean {
  const [first] = values;
  if (first === undefined || values.every((value) => value === first)) return true;
  const found = values.map((value) => columnOf(scope, value));
  return found.every((each) => each && each.alias === found[0]?.alias && each.level === found[0].level);
}

/** The rows that an INSERT takes, each with the names that its values go by: of VALUES, of a SELECT and of the parts of a UNION. */
export function rowsGiven(
  scope: QueryScope,
  query: Query | undefined,
): { readonly scope: QueryScope; readonly row: readonly Expression[] }[] {
  if (!query) return [];
  const inner = inside(scope, query);
  if (query.combine) {
    const { operator, left, right } = query.combine;
    return (operator === "union" ? [left, right] : [left]).flatMap((part) => rowsGiven(inner, part));
  }
  return (query.values ?? [query.targets.map(({ value }) => value)]).map((row) => ({ scope: inner, row }));
}
