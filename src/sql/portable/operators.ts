import type { Expression } from "../expression.ts";
import type { Expr, ExprBinary } from "pgsql-ast-parser";
import { gap } from "./parser.ts";

export function unary(operator: string, arg: Expression): Expression {
  switch (operator) {
    case "NOT":
      if (arg.kind === "in" || arg.kind === "isNull") return { ...arg, negated: !arg.negated };
      return arg.kind === "not" ? arg.arg : { kind: "not", arg };
    case "IS NULL":
    case "IS NOT NULL":
      return { kind: "isNull", arg, negated: operator === "IS NOT NULL" };
    case "-":
      // PostgreSQL's grammar folds the sign into a number.
      if (arg.kind === "literal" && typeof arg.value === "number") return { kind: "literal", value: -arg.value };
      return { kind: "operator", operator, args: [arg] };
    default:
      return { kind: "operator", operator: operator.toLowerCase(), args: [arg] };
  }
}

const COMPARISONS = new Set(["=", "!=", "<>", "<", ">", "<=", ">="]);
const SEARCHES = new Set(["IN", "NOT IN", "LIKE", "NOT LIKE", "ILIKE", "NOT ILIKE"]);
const ARITHMETIC = new Set(["+", "-", "*", "/", "%", "^"]);

type Strength = "logic" | "comparison" | "search" | "other" | "arithmetic" | "time zone" | "none";

function strength(node: Expr): Strength {
  if (node.type !== "binary") return "none";
  if (node.op === "AND" || node.op === "OR") return "logic";
  if (COMPARISONS.has(node.op)) return "comparison";
  if (SEARCHES.has(node.op)) return "search";
  if (ARITHMETIC.has(node.op)) return "arithmetic";
  return node.op === "AT TIME ZONE" ? "time zone" : "other";
}

/**
 * The two grammars rank some operators differently: there, `c = a @> b` is `(c = a) @> b`, and `||` is as strong as `+`.
 * Parentheses leave no trace, so what could have been misread is left unread.
 */
export function refuseMisreading(node: ExprBinary): void {
  const own = strength(node);
  const left = strength(node.left);
  const right = strength(node.right);
  if (own === "other" && (left === "comparison" || right === "comparison")) gap("the strength of an operator");
  if (own === "arithmetic" && left === "other") gap("the strength of an operator");
  if (own === "search" && (left === "comparison" || right === "comparison")) gap("the strength of an operator");
  if (own === "comparison" && (isTest(node.left) || isTest(node.right))) gap("the strength of IS");
  if ((own === "other" || own === "arithmetic" || own === "time zone") && node.right.type === "member")
    gap("the strength of ->");
}

const isTest = (node: Expr) => node.type === "unary" && node.op.startsWith("IS ");
