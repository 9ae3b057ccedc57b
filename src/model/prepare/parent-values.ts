import type { Expression } from "../../sql/expression.ts";
import { foreignKeys } from "../catalog.ts";
import type { Key } from "./orphans.ts";
import { type Scope, columnOf, inside } from "./scope.ts";

/** Whether a value written into a foreign key's column is NULL or taken from the parent: directly, or from a column that points at it already. */
export function parentValue(scope: Scope, value: Expression, key: Key, column: string): boolean {
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
      const relation = scope.catalog.relations.get(found.relation);
      const keys = relation ? [...foreignKeys(relation), ...relation.released.filter((constraint) => constraint.type === "foreignKey" && constraint.in === scope.catalog.deployment)] : [];
      return keys.some((each) => each.validated && each.parent === key.parent && each.parentColumns?.[each.columns.indexOf(found.column)] === wanted);
    }
    case "subquery": {
      const inner = inside(scope, value.query);
      const [target] = value.query.targets;
      return target !== undefined && parentValue(inner, target.value, key, column);
    }
    case "call":
      if (value.name === "coalesce" || value.name === "min" || value.name === "max") return value.args.every((arg) => parentValue(scope, arg, key, column));
      return false;
    case "case":
      return false;
    default:
      return false;
  }
}
