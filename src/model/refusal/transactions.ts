import type { Operation } from "../../sql/operation/index.ts";
import type { Body } from "../../sql/operation/place.ts";
import { type Birth, type UserType, resolve } from "../catalog.ts";
import type { Failure } from "../effects.ts";
import { does } from "../postgres/versions.ts";
import { ACTIVE_SQL_TRANSACTION, needsTransaction, refusedInTransaction } from "../postgres/transaction-block.ts";
import type { PredictContext } from "../predict/index.ts";
import type { Membership } from "../transactions.ts";
import type { Refusal } from "../typing/refusal.ts";
import { usedLabels } from "./labels.ts";

/** The transactions of a migration, and the statement that is asked about. */
export interface TransactionPlace {
  readonly migration: string;
  readonly statement: number;
  /** Of each statement of the migration. */
  readonly members: readonly Membership[];
  /** A statement before it could not be read: it may have begun a transaction. */
  readonly unread: boolean;
  /** Whether the migration adds a label to an enum at all. */
  readonly addsLabels: boolean;
}

/** What PostgreSQL refuses because of the transaction that a statement is in, or because it is in none. */
export function transactionFailures(
  operation: Operation,
  context: PredictContext,
  place: TransactionPlace,
): readonly Failure[] {
  const own = place.members[place.statement];
  if (!own) return [];
  const { catalog } = context;
  const table = "table" in operation && operation.table ? resolve(catalog, operation.table) : "";
  const row = refusedInTransaction(catalog, operation);
  // A DO block is a transaction; a function's body runs when somebody calls it.
  if (row && (operation.body ? operation.body.in === "do" : own.id !== null))
    return [
      failure("transaction", table, {
        ...TRANSACTION,
        message: `${row.command} cannot run inside a transaction block`,
      }),
    ];
  if (operation.body?.in === "function") return [];
  const label = place.addsLabels ? freshLabel(operation, context, place) : undefined;
  if (label) return [failure("transaction", label.fresh?.type ?? "", label, operation.body)];
  if (operation.body) return [];
  const missing = needsTransaction(operation);
  const inBlock = operation.kind === "transaction" ? own.explicit : own.id !== null;
  if (missing && !inBlock && !place.unread)
    return [
      failure("refused", table, {
        sqlstate: "25P01",
        message: `${missing.command} can only be used in transaction blocks`,
        about: "command",
      }),
    ];
  return [];
}

const TRANSACTION = { sqlstate: ACTIVE_SQL_TRANSACTION, about: "command" } as const;

const failure = (kind: Failure["kind"], relation: string, refusal: Refusal, body?: Body): Failure => ({
  kind,
  relation,
  columns: [],
  sqlstate: refusal.sqlstate,
  certainty: body?.conditional || body?.guarded ? "maybe" : "sure",
  detail: refusal.message,
  refusal,
  preparation: { verdict: "none" },
});

/** The first enum label used as a value that an earlier statement of the same transaction added. */
function freshLabel(
  operation: Operation,
  { catalog, postgres }: PredictContext,
  { migration, statement, members }: TransactionPlace,
): Refusal | undefined {
  const id = members[statement]?.id ?? null;
  const together = (birth: Birth | undefined): birth is Birth =>
    birth !== undefined &&
    birth.migration === migration &&
    (id === null ? birth.statement === statement : members[birth.statement]?.id === id);
  const types: UserType[] = [];
  for (const type of catalog.types.values())
    if (
      type.added.size > 0 &&
      [...type.added.values()].some(together) &&
      !(together(type.birth) && does(postgres, "ownLabelsUsable"))
    )
      types.push(type);
  if (types.length === 0) return undefined;
  for (const { type, label } of usedLabels(operation, catalog, postgres)) {
    const known = types.find((each) => each.id === type);
    const birth = known?.added.get(label);
    if (!known || !together(birth)) continue;
    return {
      sqlstate: "55P04",
      message: `unsafe use of new value "${label}" of enum type ${known.name}`,
      about: "enum label",
      fresh: { type, name: known.name, label, statement: birth.statement },
    };
  }
  return undefined;
}
