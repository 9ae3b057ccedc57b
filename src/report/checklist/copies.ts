import type { Loss } from "../../model/effects.ts";
import { printed } from "../../model/sql.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { qualifiedSql, sqlName, relationId } from "../../sql/names.ts";
import type { Pending, PendingStatement } from "./pending.ts";

export type LossHere = PendingStatement & { readonly loss: Loss };

/**
 * The rows that a loss takes, as the end of a query: `FROM public.comments AS c WHERE …`. The whole table where they cannot be said
 * in a query over it alone (a join, a WITH, a cascade, a column that is dropped), or where several changes of it name it differently.
 */
export function rowsOf(relation: string, losses: readonly LossHere[]): string {
  const changes = losses.map((here) => (here.loss.where === undefined ? undefined : changeOf(here)));
  const first = changes[0];
  const whole = `FROM ${qualifiedSql(relation)}`;
  if (!first || changes.some((change) => change === undefined || change.alias !== first.alias)) return whole;
  const predicates = [...new Set(losses.map(({ loss }) => loss.where ?? ""))];
  return `${whole}${first.alias === undefined ? "" : ` AS ${sqlName({ name: first.alias })}`}\nWHERE ${predicates.map((predicate) => (predicates.length > 1 ? `(${predicate})` : predicate)).join("\n   OR ")}`;
}

/** The table into which an earlier statement of the pending migrations copied exactly the rows that a loss takes. */
export function keptIn(pending: Pending, here: LossHere): string | undefined {
  if (here.loss.kind !== "rows") return undefined;
  const change = changeOf(here);
  if (!change) return undefined;
  const until = pending.statements.findIndex(({ statement }) => statement === here.statement);
  for (const { statement } of pending.statements.slice(0, until)) {
    for (const operation of statement.operations) {
      const query =
        operation.kind === "createTable"
          ? operation.as
          : operation.kind === "insertRows"
            ? operation.change.query
            : undefined;
      const [from, ...more] = query?.from ?? [];
      if (
        !query ||
        from?.kind !== "table" ||
        more.length > 0 ||
        (operation.kind !== "createTable" && operation.kind !== "insertRows")
      )
        continue;
      const plain =
        query.ctes.length === 0 &&
        query.groupBy.length === 0 &&
        !query.having &&
        !query.distinct &&
        !query.limit &&
        !query.offset &&
        !query.combine;
      if (
        !plain ||
        sqlName(from.name) !== sqlName(change.table) ||
        !query.targets.some(({ value }) => value.kind === "star")
      )
        continue;
      if (
        query.where === undefined ||
        (change.where !== undefined && from.alias === change.alias && printed(query.where) === printed(change.where))
      )
        return sqlName(operation.table);
    }
  }
  return undefined;
}

/** The DELETE or UPDATE behind a loss, if it looks at its own table alone. */
function changeOf({ loss, statement }: LossHere) {
  if (loss.along) return undefined;
  const changes = statement.operations
    .filter(
      (operation): operation is Extract<Operation, { kind: "deleteRows" | "updateRows" }> =>
        operation.kind === "deleteRows" || operation.kind === "updateRows",
    )
    .map(({ change }) => change);
  return changes.find((change) => {
    const joined = change.kind === "deleteRows" ? change.using : change.from;
    const same =
      loss.relation === relationId(change.table.schema ?? "public", change.table.name) ||
      (change.table.schema === undefined && loss.relation?.endsWith(`.${change.table.name}`));
    return (
      same &&
      joined.length === 0 &&
      change.ctes.length === 0 &&
      (change.where === undefined ? undefined : printed(change.where)) === loss.where
    );
  });
}
