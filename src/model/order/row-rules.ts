import { deepExpressions } from "../queries.ts";
import type { RowAccess, RowRule } from "./objects.ts";
import { type Known, literalOf } from "./predicates.ts";
import { evaluate } from "../evaluation.ts";

export type Fit = "fits" | "violates" | "unknown";

/** Whether rows that are inserted, or what an UPDATE gives to them, fit a constraint on these columns. */
export function fit(rule: RowRule | undefined, access: RowAccess): Fit {
  if (!rule) return "unknown";
  if (access.mode === "update") return fits(rule, new Map(settled(access)), access);
  if (rule.absent) return fits(rule, new Map(), access);
  if (!access.rows) return "unknown";
  const all = access.rows.map((row) => fits(rule, row, access));
  return all.includes("violates") ? "violates" : all.includes("unknown") ? "unknown" : "fits";
}

const settled = ({ set }: RowAccess) =>
  (set ?? []).flatMap(({ column, value }) => {
    const literal = literalOf(value);
    return literal === undefined ? [] : [[column, literal] as const];
  });

function fits(rule: RowRule, row: Known, access: RowAccess): Fit {
  const { type, expression, columns, parentless } = rule;
  const values = (columns ?? []).map((column) => row.get(column));
  switch (type) {
    case "check": {
      if (!expression || [...deepExpressions(expression)].some(({ kind }) => kind === "other")) return "unknown";
      const value = evaluate(expression, (column) => row.get(column));
      return value === undefined ? "unknown" : value === false ? "violates" : "fits";
    }
    case "notNull":
      if (rule.absent) return access.mode === "insert" ? "violates" : "unknown";
      return values.includes(null) ? "violates" : values.includes(undefined) ? "unknown" : "fits";
    case "foreignKey":
      if (values.includes(null)) return "fits";
      return parentless && access.mode === "insert" && !values.includes(undefined) ? "violates" : "unknown";
    case "primaryKey":
      return values.includes(null) ? "violates" : "unknown";
    default:
      return "unknown";
  }
}
