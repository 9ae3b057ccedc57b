import { undotted } from "../../sql/names.ts";
import type { Expression } from "../../sql/expression.ts";
import { type Catalog, functionAt, resolveFunction } from "../catalog.ts";
import { isStableCast } from "../postgres/casts.ts";
import { children } from "../queries.ts";
import { chosenFunction, chosenOperator } from "./calls.ts";
import type { Typing } from "./index.ts";
import type { Scope } from "./scope.ts";
import { type Type, typeNamed } from "./type.ts";

/**
 * Whether an expression can be in an index or a generated column, which take IMMUTABLE functions only: the first function or cast that
 * is surely not. https://www.postgresql.org/docs/current/xfunc-volatility.html
 */
export function firstMutable(
  given: Expression,
  scope: Scope,
  {
    catalog,
    postgres,
    types,
  }: { readonly catalog: Catalog; readonly postgres: number; readonly types: Pick<Typing, "expression"> },
): string | undefined {
  const typeOf = (each: Expression): Type => types.expression(each, scope);
  const visit = (each: Expression): string | undefined => {
    for (const child of children(each)) {
      const seen = visit(child);
      if (seen !== undefined) return seen;
    }
    switch (each.kind) {
      case "call": {
        if (NOT_IMMUTABLE.has(each.name)) return each.name;
        const own = functionAt(catalog, resolveFunction(catalog, undotted(each.name)));
        // PostgreSQL inlines functions in SQL, and looks at their bodies then.
        if (own) return own.volatility !== "immutable" && own.language !== "sql" ? each.name : undefined;
        if (each.name.includes(".")) return undefined;
        const { volatility } = chosenFunction(each.name, each.args.map(typeOf), postgres, true);
        return volatility === "stable" || volatility === "volatile" ? each.name : undefined;
      }
      case "operator": {
        const [left, right] = each.args.map(typeOf);
        if (!left || !right || each.args.length !== 2) return undefined;
        const { volatility } = chosenOperator(each.operator, left, right, true);
        return volatility === "stable" || volatility === "volatile" ? each.operator : undefined;
      }
      case "cast": {
        const from = typeOf(each.arg);
        const to = typeNamed(catalog, each.type);
        if (to.kind !== "base" || to.array) return undefined;
        if (from.kind === "base" && !from.array && isStable(from.name, to.name)) return `the cast to ${each.type.name}`;
        // Text in quotes becomes a constant, except for words like now.
        return undefined;
      }
      default:
        return undefined;
    }
  };
  return visit(given);
}

const NOT_IMMUTABLE = new Set([
  "current_timestamp",
  "current_date",
  "current_time",
  "localtime",
  "localtimestamp",
  "current_user",
  "session_user",
  "user",
  "current_role",
  "current_schema",
  "current_catalog",
]);

/** Casts by way of text look at DateStyle, IntervalStyle and TimeZone where one side is a date or a time. */
const TIMES = new Set(["date", "time", "timetz", "timestamp", "timestamptz", "interval"]);
const TEXTS = new Set(["text", "varchar", "bpchar"]);

const isStable = (from: string, to: string): boolean =>
  isStableCast(from, to) || (TIMES.has(from) && TEXTS.has(to)) || (TEXTS.has(from) && TIMES.has(to));
