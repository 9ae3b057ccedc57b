import { quoted, relationSql } from "../../sql/names.ts";
import type { Expression } from "../../sql/expression.ts";
import { isAskable, isAskableExpression, isComparable } from "../askable.ts";
import { columnOf } from "../catalog.ts";
import type { Failure, RelationId } from "../effects.ts";
import { exactSql } from "../exact-sql.ts";
import type { Builder } from "./builder.ts";

/** Queries that count the rows which make a statement fail; nothing where the schema before the deployment has not all that one takes. */
type Count = Pick<Failure, "countQuery">;

export const rowCount = ({ catalog }: Builder, table: RelationId): Count =>
  isAskable(catalog, table) ? { countQuery: `SELECT count(*) FROM ${relationSql(table)};` } : {};

export function nullCount({ catalog }: Builder, table: RelationId, columns: readonly string[]): Count {
  if (!isAskable(catalog, table, columns)) return {};
  const nulls = columns.map((name) => `${quoted(name)} IS NULL`).join(" OR ");
  return { countQuery: `SELECT count(*) FROM ${relationSql(table)} WHERE ${nulls};` };
}

/** What is there more than once. NULLs are distinct unless `nullsNotDistinct`. */
export function duplicateCount(
  { catalog }: Builder,
  table: RelationId,
  columns: readonly string[],
  { where, nullsNotDistinct }: { readonly where?: Expression | undefined; readonly nullsNotDistinct: boolean },
): Count {
  if (columns.length === 0 || !isComparable(catalog, table, columns)) return {};
  const condition = where && (isAskableExpression(catalog, table, where) ? exactSql(where) : undefined);
  if (where && condition === undefined) return {};
  const given = nullsNotDistinct ? [] : columns.filter((name) => columnOf(catalog, table, name)?.notNull !== true);
  const terms = [
    ...given.map((name) => `${quoted(name)} IS NOT NULL`),
    ...(condition === undefined ? [] : [condition]),
  ];
  const keys = columns.map(quoted).join(", ");
  const restricted =
    terms.length === 0
      ? ""
      : ` WHERE ${terms.length === 1 ? terms[0] : terms.map((term) => `(${term})`).join(" AND ")}`;
  return {
    countQuery: `SELECT ${keys}, count(*) FROM ${relationSql(table)}${restricted} GROUP BY ${keys} HAVING count(*) > 1;`,
  };
}

/** Rows of `child` (under the alias c) that have a key but no parent. `columns` and `parentColumns` pair up. */
export function orphanPredicate(
  columns: readonly string[],
  parent: RelationId,
  parentColumns: readonly string[],
): string {
  const pairs = columns
    .map((column, i) => `p.${quoted(parentColumns[i] ?? column)} = c.${quoted(column)}`)
    .join(" AND ");
  const given = columns.map((column) => `c.${quoted(column)} IS NOT NULL`).join(" AND ");
  return `${given} AND NOT EXISTS (SELECT FROM ${relationSql(parent)} p WHERE ${pairs})`;
}

export function orphanCount(
  { catalog }: Builder,
  child: RelationId,
  columns: readonly string[],
  parent: RelationId,
  parentColumns: readonly string[],
): Count {
  const known = parentColumns.length === columns.length;
  if (!known || !isComparable(catalog, child, columns) || !isComparable(catalog, parent, parentColumns)) return {};
  return {
    countQuery: `SELECT count(*) FROM ${relationSql(child)} c WHERE ${orphanPredicate(columns, parent, parentColumns)};`,
  };
}
