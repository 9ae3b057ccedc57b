import type { Expression } from "../../sql/expression.ts";
import { typeSql } from "../../model/sql.ts";
import type { Failure, RelationId } from "../../model/effects.ts";
import { identifier, literal, quotedRelation } from "../../sql/names.ts";

/** Queries over the rows that would make a statement fail. */

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
      if (BARE.has(expression.name) && expression.args.length === 0) return expression.name;
      const args = all(expression.args);
      return args && `${expression.name}(${args.join(", ")})`;
    }
    case "operator": {
      const args = all(expression.args);
      if (!args) return undefined;
      const { operator } = expression;
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
    default:
      return undefined;
  }
}

export interface ForeignKeyRows {
  readonly child: RelationId;
  readonly columns: readonly string[];
  readonly parent: RelationId;
  readonly parentColumns: readonly string[];
}

/** Whether a row of the child (as c) has a parent. */
export function matched({ columns, parent, parentColumns }: ForeignKeyRows): string {
  return `exists (select from ${quotedRelation(parent)} p where ${columns.map((name, i) => `p.${identifier(parentColumns[i] ?? "")} = c.${identifier(name)}`).join(" and ")})`;
}

export const keyGiven = (columns: readonly string[]): string =>
  columns.map((name) => `c.${identifier(name)} is not null`).join(" and ");

/** A predicate over the failure's relation (as c) for the rows that would make its statement fail; undefined where it takes more than that. */
export function offends(failure: Failure): string | undefined {
  const { kind, columns, parent, parentColumns, demand } = failure;
  if (demand?.kind === "atMost") return demand.rows === 0 ? "true" : undefined;
  if (kind === "orphans")
    return parent === undefined || parentColumns?.length !== columns.length
      ? undefined
      : `${keyGiven(columns)} and not ${matched({ child: failure.relation, columns, parent, parentColumns })}`;
  if (kind === "nulls")
    return columns.length === 0 ? undefined : columns.map((name) => `c.${identifier(name)} is null`).join(" or ");
  if (demand?.kind !== "check") return undefined;
  const sql = exactSql(demand.domain ? renamed(demand.expression, "value", columns[0] ?? "value") : demand.expression);
  return sql && `(${sql}) is false`;
}

/** The keys that may not repeat, as SQL over the row. */
export function distinctKeys({
  kind,
  columns,
  demand,
}: Failure):
  | { readonly keys: readonly string[]; readonly where?: string | undefined; readonly nullsNotDistinct: boolean }
  | undefined {
  if (demand?.kind !== "distinct")
    return kind === "exclusion" && columns.length > 0
      ? { keys: columns.map(identifier), nullsNotDistinct: false }
      : undefined;
  const keys = demand.keys.map(exactSql);
  const where = demand.where && exactSql(demand.where);
  if (!keys.every((key) => key !== undefined) || keys.length === 0 || (demand.where && where === undefined))
    return undefined;
  return { keys, nullsNotDistinct: demand.nullsNotDistinct, where };
}

export function renamed(expression: Expression, from: string, to: string): Expression {
  if (expression.kind === "column") return expression.column === from ? { kind: "column", column: to } : expression;
  if ("args" in expression) return { ...expression, args: expression.args.map((arg) => renamed(arg, from, to)) };
  if (expression.kind === "in")
    return {
      ...expression,
      arg: renamed(expression.arg, from, to),
      ...(expression.list && { list: expression.list.map((arg) => renamed(arg, from, to)) }),
    };
  return "arg" in expression ? { ...expression, arg: renamed(expression.arg, from, to) } : expression;
}
