import { lookup } from "../../words.ts";
import type { Expression, TypeName } from "../expression.ts";

/** A_Expr kinds whose `name` is not the operator as it is written. */
export const OPERATORS: Readonly<Record<string, string>> = lookup({
  AEXPR_DISTINCT: "is distinct from",
  AEXPR_NOT_DISTINCT: "is not distinct from",
  AEXPR_NULLIF: "nullif",
  AEXPR_SIMILAR: "similar to",
  AEXPR_BETWEEN: "between",
  AEXPR_NOT_BETWEEN: "not between",
  AEXPR_BETWEEN_SYM: "between symmetric",
  AEXPR_NOT_BETWEEN_SYM: "not between symmetric",
});
export const LIKES: Readonly<Record<string, string>> = lookup({
  "~~": "like",
  "!~~": "not like",
  "~~*": "ilike",
  "!~~*": "not ilike",
});

/** true and false were casts of 't' and 'f' in older grammars, and still are in pg_dump's output. */
export function cast(arg: Expression, type: TypeName): Expression {
  if (type.name === "bool" && arg.kind === "literal" && (arg.value === "t" || arg.value === "f"))
    return { kind: "literal", value: arg.value === "t" };
  return { kind: "cast", arg, type };
}

/** NOT over IN, EXISTS and IS NULL is folded into them, so that both ways of writing look alike. */
export function negate(arg: Expression): Expression {
  if (arg.kind === "in" || arg.kind === "isNull") return { ...arg, negated: !arg.negated };
  if (arg.kind === "not") return arg.arg;
  return { kind: "not", arg };
}
