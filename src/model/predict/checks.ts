import type { Expression } from "../../sql/expression.ts";
import { literal, quoted, relationSql } from "../../sql/names.ts";
import type { Check, Exclusion } from "../../sql/operation/constraints.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import type { ColumnDefinition } from "../../sql/operation/tables.ts";
import { isAskableExpression, isComparable } from "../askable.ts";
import { type Relation, typeOf } from "../catalog.ts";
import type { Failure } from "../effects.ts";
import { evaluate } from "../evaluation.ts";
import { exactSql, substituted } from "../exact-sql.ts";
import { mentionedColumns } from "../queries.ts";
import type { Builder } from "./builder.ts";

/** What is asked of the rows that are there, and the query that counts those that do not meet it. */

/** A CHECK over every row. */
export function violation(
  e: Builder,
  table: Relation,
  expression: Expression,
): Pick<Failure, "columns" | "demand"> & {
  readonly countQuery?: string;
} {
  const countQuery = violations(e, table, expression);
  return {
    columns: mentionedColumns(expression),
    demand: { kind: "check", expression },
    ...(countQuery !== undefined && { countQuery }),
  };
}

/** Counts the rows for which an expression is false. Undefined where the schema before the deployment has not all that it takes. */
export function violations(e: Builder, table: Relation, expression: Expression): string | undefined {
  const sql = exactSql(expression);
  if (sql === undefined || !isAskableExpression(e.catalog, table.id, expression)) return undefined;
  return `SELECT count(*) FROM ${relationSql(table.id)} WHERE NOT (${sql});`;
}

/** Counts pairs of rows that an exclusion constraint keeps from being there together. */
export function conflicts(e: Builder, table: Relation, constraint: Exclusion): string | undefined {
  const { columns, operators, where } = constraint;
  // A row is told from another by its place in the table's file.
  if (where || table.kind === "partitioned" || columns.length === 0) return undefined;
  const terms = columns.map((name, i) => {
    const operator = operators[i];
    if (name === null || operator === undefined || !/^[-+*/<>=~!@#%^&|`?]+$/.test(operator)) return undefined;
    return isComparable(e.catalog, table.id, [name]) ? `a.${quoted(name)} ${operator} b.${quoted(name)}` : undefined;
  });
  if (!terms.every((term) => term !== undefined)) return undefined;
  const sql = relationSql(table.id);
  return `SELECT count(*) FROM ${sql} a JOIN ${sql} b ON a.ctid < b.ctid AND ${terms.join(" AND ")};`;
}

/** Counts the rows whose text, as USING casts it, is no label of an enum. */
export function otherLabels(
  e: Builder,
  table: Relation,
  { column, type, using }: OperationOf<"alterColumnType">,
): string | undefined {
  const labels = typeOf(e.catalog, type)?.values ?? [];
  const text: Expression = using?.kind === "cast" ? using.arg : (using ?? { kind: "column", column });
  const sql = type.array > 0 || !isAskableExpression(e.catalog, table.id, text) ? undefined : exactSql(text);
  if (sql === undefined || labels.length === 0) return undefined;
  return `SELECT count(*) FROM ${relationSql(table.id)} WHERE (${sql})::text NOT IN (${labels.map(literal).join(", ")});`;
}

/** The same value of a new column in every row, against a CHECK of it. */
export function newColumnFails(e: Builder, table: Relation, column: ColumnDefinition, check: Check): void {
  const numbered = column.identity !== undefined || /serial$/.test(column.type.name);
  const value = numbered ? undefined : (column.generated?.expression ?? column.default ?? NULL);
  const known = value && evaluate(value, () => undefined);
  const holds = evaluate(check.expression, (name) => (name === column.name ? known : undefined));
  if (holds === true || holds === null) return;
  const countQuery = value && violations(e, table, substituted(check.expression, column.name, value));
  e.fail({
    kind: "check",
    relation: table.id,
    columns: [column.name],
    sqlstate: "23514",
    certainty: holds === false ? "rows" : "maybe",
    ...(check.name !== undefined && { detail: check.name }),
    ...(countQuery !== undefined && { countQuery }),
    ...(holds === false && { demand: { kind: "atMost", rows: 0 } }),
  });
}

const NULL: Expression = { kind: "literal", value: null };
