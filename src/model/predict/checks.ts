import type { Expression } from "../../sql/expression.ts";
import { literal, quoted, relationSql } from "../../sql/names.ts";
import type { Check, Exclusion } from "../../sql/operation/constraints.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import type { ColumnDefinition } from "../../sql/operation/tables.ts";
import { type Relation, typeOf } from "../catalog.ts";
import type { Failure } from "../effects.ts";
import { exactSql, substituted } from "../exact-sql.ts";
import { deepExpressions, mentionedColumns, subqueries } from "../queries.ts";
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
  if (sql === undefined || !askable(e, table, expression)) return undefined;
  return `SELECT count(*) FROM ${relationSql(table.id)} WHERE NOT (${sql});`;
}

/** The table, the columns and the types were there before the deployment. */
function askable({ catalog }: Builder, table: Relation, expression: Expression): boolean {
  const young = (thing: { readonly birth?: { readonly deployment: number } | undefined } | undefined) =>
    thing?.birth?.deployment === catalog.deployment;
  if (young(table) || subqueries(expression).length > 0) return false;
  return [...deepExpressions(expression)].every((part) =>
    part.kind === "column"
      ? !young(table.columns.get(part.column))
      : part.kind !== "cast" || !young(typeOf(catalog, part.type)),
  );
}

/** Counts pairs of rows that an exclusion constraint keeps from being there together. */
export function conflicts(e: Builder, table: Relation, constraint: Exclusion): string | undefined {
  const { columns, operators, where } = constraint;
  // A row is told from another by its place in the table's file.
  if (where || table.kind === "partitioned" || columns.length === 0) return undefined;
  const terms = columns.map((name, i) => {
    const operator = operators[i];
    if (name === null || operator === undefined || !/^[-+*/<>=~!@#%^&|`?]+$/.test(operator)) return undefined;
    return askable(e, table, { kind: "column", column: name })
      ? `a.${quoted(name)} ${operator} b.${quoted(name)}`
      : undefined;
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
  const sql = type.array > 0 || !askable(e, table, text) ? undefined : exactSql(text);
  if (sql === undefined || labels.length === 0) return undefined;
  return `SELECT count(*) FROM ${relationSql(table.id)} WHERE (${sql})::text NOT IN (${labels.map(literal).join(", ")});`;
}

/** The same value of a new column in every row, against a CHECK of it. */
export function newColumnFails(e: Builder, table: Relation, column: ColumnDefinition, check: Check): void {
  const numbered = column.identity !== undefined || /serial$/.test(column.type.name);
  const value = numbered ? undefined : (column.generated?.expression ?? column.default ?? NULL);
  const expression = value && substituted(check.expression, column.name, value);
  const holds = expression && constant(expression);
  if (holds === true || holds === null) return;
  const countQuery = expression && violations(e, table, expression);
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

/** The value of a condition over literals alone; undefined where it is not one. */
function constant(expression: Expression): boolean | null | undefined {
  switch (expression.kind) {
    case "literal":
      return typeof expression.value === "boolean" || expression.value === null ? expression.value : undefined;
    case "and":
    case "or": {
      const values = expression.args.map(constant);
      const ends = expression.kind === "or";
      if (values.includes(ends)) return ends;
      return values.includes(undefined) ? undefined : values.includes(null) ? null : !ends;
    }
    case "not": {
      const value = constant(expression.arg);
      return typeof value === "boolean" ? !value : value;
    }
    case "isNull": {
      const value = literalOf(expression.arg);
      return value === undefined ? undefined : (value === null) !== expression.negated;
    }
    case "in": {
      const [arg, ...list] = [expression.arg, ...(expression.list ?? [])].map(literalOf);
      if (!expression.list || arg === undefined || list.includes(undefined)) return undefined;
      if (arg === null) return null;
      if (list.includes(arg)) return !expression.negated;
      return list.includes(null) ? null : expression.negated;
    }
    case "operator":
      return expression.args.length === 2 ? compared(expression.operator, expression.args.map(literalOf)) : undefined;
    default:
      return undefined;
  }
}

type Literal = string | number | boolean | null;

/** Of a literal, or of one that is cast: its text stays what it is. */
function literalOf(expression: Expression): Literal | undefined {
  if (expression.kind === "cast" && TEXTS.has(expression.type.name)) return literalOf(expression.arg);
  return expression.kind === "literal" ? expression.value : undefined;
}

const TEXTS: ReadonlySet<string> = new Set(["text", "varchar"]);

function compared(operator: string, [one, two]: readonly (Literal | undefined)[]): boolean | null | undefined {
  if (one === null || two === null) return /^([=<>]+|like|ilike)$/.test(operator) ? null : undefined;
  if (one === undefined || two === undefined || typeof one !== typeof two) return undefined;
  if (operator === "=") return one === two;
  if (operator === "<>") return one !== two;
  if (typeof one !== "number" || typeof two !== "number") return undefined;
  const results: Readonly<Record<string, boolean>> = {
    "<": one < two,
    "<=": one <= two,
    ">": one > two,
    ">=": one >= two,
  };
  return results[operator];
}
