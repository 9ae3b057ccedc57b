import { exactSql, substituted } from "../../model/exact-sql.ts";
import type { Failure, RelationId } from "../../model/effects.ts";
import { identifier, quotedRelation } from "../../sql/names.ts";

/** Queries over the rows that would make a statement fail. */

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
  const sql = exactSql(
    demand.domain
      ? substituted(demand.expression, "value", { kind: "column", column: columns[0] ?? "value" })
      : demand.expression,
  );
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
