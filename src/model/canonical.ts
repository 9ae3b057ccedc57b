import type { Expression } from "../sql/expression.ts";
import { rewritten } from "./rewriting.ts";

/** One spelling for expressions that mean the same: what a person writes, and what PostgreSQL prints of it (pg_get_expr). */
export function canonical(expression: Expression): Expression {
  return rewritten(expression, { part: plain, query: (query) => query, source: (source) => source });
}

function plain(part: Expression): Expression {
  switch (part.kind) {
    case "cast":
      // 'x'::text, (name)::text of a varchar.
      return TEXTS.has(part.type.name) && part.type.array === 0 && part.type.modifiers.length === 0 ? part.arg : part;
    case "and":
    case "or":
      return { ...part, args: part.args.flatMap((arg) => (arg.kind === part.kind ? arg.args : [arg])) };
    case "operator": {
      const [value, low, high] = part.args;
      if (part.operator === "between" && value && low && high)
        return { kind: "and", args: [comparison(value, ">=", low), comparison(value, "<=", high)] };
      if (part.operator === "not between" && value && low && high)
        return { kind: "or", args: [comparison(value, "<", low), comparison(value, ">", high)] };
      // = ANY (ARRAY[…]) is what IN (…) becomes.
      if (part.operator === "= any" && value && low?.kind === "array")
        return { kind: "in", arg: value, list: low.args, negated: false };
      if (part.operator === "<> all" && value && low?.kind === "array")
        return { kind: "in", arg: value, list: low.args, negated: true };
      const symbol = SAME[part.operator];
      return symbol === undefined ? part : { ...part, operator: symbol };
    }
    default:
      return part;
  }
}

const comparison = (left: Expression, operator: string, right: Expression): Expression => ({
  kind: "operator",
  operator,
  args: [left, right],
});

const TEXTS = new Set(["text", "varchar", "bpchar"]);

const SAME: Readonly<Record<string, string>> = {
  "~~": "like",
  "!~~": "not like",
  "~~*": "ilike",
  "!~~*": "not ilike",
  "!=": "<>",
};
