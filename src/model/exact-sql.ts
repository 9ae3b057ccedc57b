import type { Expression } from "../sql/expression.ts";
import { identifier, literal } from "../sql/names.ts";
import { typeSql } from "./sql.ts";

const BARE: ReadonlySet<string> = new Set([
  "current_timestamp",
  "current_date",
  "current_time",
  "localtimestamp",
  "localtime",
  "current_user",
  "session_user",
  "current_schema",
  "current_role",
  "user",
]);

/** Functions whose names the grammar has for itself, with words between their arguments: as plain calls they are quoted. */
const GRAMMAR: ReadonlySet<string> = new Set(["extract", "normalize", "overlay", "position"]);

/** An expression as SQL that means the same; undefined where a part of it was not understood. Columns are without their table. */
export function exactSql(expression: Expression): string | undefined {
  const all = (args: readonly Expression[]): string[] | undefined => {
    const parts = args.map(exactSql);
    return parts.every((part) => part !== undefined) ? parts : undefined;
  };
  switch (expression.kind) {
    case "column":
      return identifier(expression.column);
    case "literal":
      return typeof expression.value === "string"
        ? literal(expression.value)
        : expression.value === null
          ? "null"
          : typeof expression.value === "number"
            ? `(${expression.value})`
            : String(expression.value);
    case "call": {
      if (expression.over) return undefined;
      if (BARE.has(expression.name) && expression.args.length === 0) return expression.name;
      const args = all(expression.args);
      return (
        args && `${GRAMMAR.has(expression.name) ? identifier(expression.name) : expression.name}(${args.join(", ")})`
      );
    }
    case "operator": {
      const args = all(expression.args);
      if (!args) return undefined;
      const { operator } = expression;
      if (operator === "nullif") return `nullif(${args.join(", ")})`;
      const [a, b, c] = args.map((arg) => `(${arg})`);
      if (b === undefined) return operator.startsWith("is ") ? `${a} ${operator}` : `${operator} ${a}`;
      return c === undefined
        ? `${a} ${operator} ${b}`
        : operator.includes("between")
          ? `${a} ${operator} ${b} and ${c}`
          : undefined;
    }
    case "and":
    case "or": {
      const args = all(expression.args);
      return args && args.map((arg) => `(${arg})`).join(` ${expression.kind} `);
    }
    case "not": {
      const arg = exactSql(expression.arg);
      return arg && `not (${arg})`;
    }
    case "isNull": {
      const arg = exactSql(expression.arg);
      return arg && `(${arg}) is ${expression.negated ? "not " : ""}null`;
    }
    case "in": {
      const args = expression.list && all([expression.arg, ...expression.list]);
      return args && `(${args[0]}) ${expression.negated ? "not " : ""}in (${args.slice(1).join(", ")})`;
    }
    case "cast": {
      const arg = exactSql(expression.arg);
      return arg && `(${arg})::${typeSql(expression.type)}`;
    }
    case "row":
    case "array": {
      const args = all(expression.args);
      return args && `${expression.kind}${expression.kind === "row" ? `(${args.join(", ")})` : `[${args.join(", ")}]`}`;
    }
    case "case": {
      const parts = [
        ...(expression.subject ? [exactSql(expression.subject)] : [""]),
        ...expression.branches.flatMap(({ when, then }) => ["when", exactSql(when), "then", exactSql(then)]),
        ...(expression.otherwise ? ["else", exactSql(expression.otherwise)] : []),
      ];
      return parts.includes(undefined) ? undefined : `case ${parts.join(" ")} end`;
    }
    default:
      return undefined;
  }
}

/** The expression with another in the place of a column. */
export function substituted(expression: Expression, column: string, by: Expression): Expression {
  const inside = (part: Expression): Expression => substituted(part, column, by);
  if (expression.kind === "column") return expression.column === column ? by : expression;
  if ("args" in expression) return { ...expression, args: expression.args.map(inside) };
  if (expression.kind === "in")
    return {
      ...expression,
      arg: inside(expression.arg),
      ...(expression.list && { list: expression.list.map(inside) }),
    };
  if (expression.kind === "case")
    return {
      ...expression,
      ...(expression.subject && { subject: inside(expression.subject) }),
      branches: expression.branches.map(({ when, then }) => ({ when: inside(when), then: inside(then) })),
      ...(expression.otherwise && { otherwise: inside(expression.otherwise) }),
    };
  return "arg" in expression ? { ...expression, arg: inside(expression.arg) } : expression;
}
