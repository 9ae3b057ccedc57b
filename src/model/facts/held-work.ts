import { conjuncts } from "../queries.ts";
import type { Statement } from "../../sql/statement.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { type Catalog, resolve } from "../catalog.ts";
import type { RelationId, Work } from "../effects.ts";
import type { Step } from "../step.ts";
import { needlessCheck } from "./key-scans.ts";
import type { StatementPlace } from "./place.ts";

/** Work of a statement whose time grows with its table, while an earlier statement's ACCESS EXCLUSIVE lock is still held. */
export interface HeldWork {
  /** Deployed tables that are still there, with the statement that locked each. At least one. */
  readonly locked: readonly { readonly relation: RelationId; readonly statement: Statement }[];
  /** At least one. */
  readonly works: readonly Work[];
  /** One pass over the rows, with nothing to look up. */
  readonly light: boolean;
}

/** Once a transaction, which is one wait, however much of it comes after the lock. */
export function heldWork(statement: Statement, place: StatementPlace): HeldWork | undefined {
  const { steps, migration, transactions } = place;
  const id = transactions[statement.index]?.id ?? null;
  const exclusive = [...place.held].filter(
    ([relation, { mode }]) => mode === "AccessExclusiveLock" && place.deployed(relation),
  );
  if (exclusive.length === 0 || id === null) return undefined;
  const works = workOf(steps, place);
  if (works.length === 0 || working.has(place.held)) return undefined;
  working.add(place.held);
  const earlier = place.before.filter(
    (step) => step.migration === migration && (transactions[step.statement.index]?.id ?? null) === id,
  );
  const dropped = earlier.flatMap(({ operation }) =>
    operation.kind === "dropTable" ? [resolve(place.catalog, operation.table)] : [],
  );
  const locked = exclusive
    .filter(([relation]) => !dropped.includes(relation))
    .map(([relation, lock]) => ({ relation, statement: lock.statement }));
  if (locked.length === 0 || worksAlready(earlier, place)) return undefined;
  return { locked, works, light: steps.every(({ effects }) => needlessCheck(effects) !== undefined) };
}

/** The locks of transactions in which a statement has done such work: what follows it need not look back. */
const working = new WeakSet<StatementPlace["held"]>();

/** The check of a required column without a default does not count: with one row in the table it fails at once. */
function workOf(steps: readonly Step[], { deployed, catalog }: StatementPlace): Work[] {
  return steps.flatMap(({ operation, effects }) => {
    if (
      operation.kind === "addColumn" &&
      effects.rewrites.length === 0 &&
      effects.failures.some(({ kind }) => kind === "nulls")
    )
      return [];
    return [...effects.rewrites, ...effects.scans, ...unbounded(operation, catalog)].filter(
      (work) => work.certainty === "sure" && deployed(work.relation),
    );
  });
}

/**
 * A joined UPDATE or DELETE that no constant narrows: whichever table is read from end to end, as many rows are matched and written as there
 * are pairs.
 */
function unbounded(operation: Operation, catalog: Catalog): readonly Work[] {
  if (operation.kind !== "updateRows" && operation.kind !== "deleteRows") return [];
  const { change } = operation;
  const from = change.kind === "updateRows" ? change.from : change.using;
  const joins = conjuncts(change.where).every(
    (term) => term.kind === "operator" && term.operator === "=" && term.args.every(({ kind }) => kind === "column"),
  );
  // A query in FROM may be as narrow as it likes.
  if (from.length === 0 || !joins || from.some(({ kind }) => kind !== "table" && kind !== "join")) return [];
  const reason =
    change.kind === "updateRows" ? "change every row that the join finds" : "delete every row that the join finds";
  return [{ relation: resolve(catalog, operation.table), kind: "query", certainty: "sure", reason }];
}

/** An earlier statement of the transaction did such work behind such a lock. */
function worksAlready(earlier: readonly Step[], place: StatementPlace): boolean {
  const first = earlier.find(({ effects }) =>
    effects.locks.some(
      (lock) => lock.mode === "AccessExclusiveLock" && lock.certainty === "sure" && place.deployed(lock.relation),
    ),
  );
  const behind = first ? earlier.filter((step) => step.statement.index > first.statement.index) : [];
  return workOf(behind, place).length > 0;
}
