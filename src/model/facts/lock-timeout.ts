import type { Operation } from "../../sql/operation/index.ts";
import type { Statement } from "../../sql/statement.ts";
import type { Lock } from "../effects.ts";
import { blocksReads, blocksWrites } from "../postgres/locks.ts";
import { milliseconds } from "../postgres/settings.ts";
import { refusedInTransaction } from "../postgres/transaction-block.ts";
import { ofFile, settingAt } from "../transactions.ts";
import type { Step } from "../step.ts";
import { needlessCheck } from "./key-scans.ts";
import type { StatementPlace } from "./place.ts";
import { relationAt } from "../catalog.ts";

/** A lock that somebody would wait for, and nothing bounds how long the statement waits to get it. */
export interface UnboundedWait {
  readonly statement: Statement;
  readonly by: Operation | Statement;
  readonly lock: Lock;
  readonly flaw: "none" | "zero" | "long" | "after" | "local";
  /** Of lock_timeout, where it is set. */
  readonly value: string;
}

/** A migration that was walked. A handler's context is one. */
export type WaitPlace = Pick<
  StatementPlace,
  "migration" | "steps" | "transactions" | "catalog" | "deployed" | "execution"
>;

/** What counts. */
export interface Bounds {
  /** A longer lock_timeout counts as none. */
  readonly maxSeconds: number;
  /** Also a lock that is held for a moment. */
  readonly brief: boolean;
}

/**
 * All of a migration, in order; none where every one of them is for a moment and nobody thought of a timeout. The locks before the first
 * long one count too: a timeout that is set behind them comes too late where they are held until then.
 */
export function unboundedWaits(bounds: Bounds, place: WaitPlace): readonly UnboundedWait[] {
  let worthSaying = bounds.brief;
  const stepsOf = byStatement(place.steps);
  const { statements } = place.migration;
  const waits = statements.flatMap((statement): UnboundedWait[] => {
    const steps = stepsOf.get(statement) ?? [];
    const lock = waitedFor(steps, true, place);
    // Most statements take no such lock at all, and the settings before one are a longer look.
    const found = lock && flawAt(statement.index, bounds, place);
    if (!lock || !found) return [];
    worthSaying ||= found.flaw !== "none" || namesTimeout(statements) || waitedFor(steps, false, place) !== undefined;
    const by = steps.find(({ effects }) =>
      effects.locks.some((each) => each.relation === lock.relation && each.mode === lock.mode),
    );
    return [{ statement, by: by?.operation ?? statement, lock, ...found }];
  });
  return worthSaying ? waits : [];
}

function byStatement(steps: readonly Step[]): ReadonlyMap<Statement, readonly Step[]> {
  const found = new Map<Statement, Step[]>();
  for (const step of steps) {
    const own = found.get(step.statement);
    if (own) own.push(step);
    else found.set(step.statement, [step]);
  }
  return found;
}

type Flaw = Pick<UnboundedWait, "flaw" | "value">;

/** A lock for a moment is on nearly every migration; whoever thought of a timeout at all wants it bounded too. */
const namesTimeout = ofFile((statements) =>
  statements.some(({ operations }) =>
    operations.some((operation) => operation.kind === "set" && operation.name === "lock_timeout"),
  ),
);

/** The first statement that gives it a value; -1 without one. */
const firstTimeout = ofFile((statements) =>
  statements.findIndex(({ operations }) =>
    operations.some(
      (operation) => operation.kind === "set" && operation.name === "lock_timeout" && operation.value !== null,
    ),
  ),
);

/** The strongest lock of the steps that somebody would wait for; without `any`, where the table is read or rewritten under it. */
function waitedFor(steps: readonly Step[], any: boolean, { catalog }: WaitPlace): Lock | undefined {
  // What CONCURRENTLY detaches gets no new queries by then.
  const isOnline = ({ operation }: Step): boolean => operation.kind === "detachPartition" && operation.concurrently;
  const isLong = ({ effects, operation, deployed }: Step): boolean =>
    needlessCheck(effects) !== "held until now" &&
    (operation.kind === "lockTable" ||
      [...effects.scans, ...effects.rewrites].some(
        (work) => deployed.has(work.relation) && work.certainty !== "rows",
      ) ||
      effects.losses.some(({ kind }) => kind === "table" || kind === "column"));
  const locks = steps
    .filter((step) => !isOnline(step) && (any || isLong(step)))
    .flatMap(({ effects, deployed }) => effects.locks.filter(({ relation }) => deployed.has(relation)))
    .filter(
      ({ certainty, mode, relation }) =>
        certainty === "sure" &&
        blocksWrites(mode) &&
        // Nobody writes to a materialized view but a REFRESH.
        (blocksReads(mode) || relationAt(catalog, relation)?.kind !== "materializedView"),
    );
  return locks.find((lock) => blocksReads(lock.mode)) ?? locks[0];
}

/** Why no timeout bounds the wait of a statement; undefined where one does. A short statement_timeout does it too. */
function flawAt(
  index: number,
  { maxSeconds }: Bounds,
  { migration: { statements }, transactions }: WaitPlace,
): Flaw | undefined {
  const isShort = (value: string | undefined): boolean => {
    const time = value === undefined ? undefined : milliseconds(value);
    return time !== undefined && time > 0 && time <= maxSeconds * 1000;
  };
  const value = settingAt(statements, transactions, index, "lock_timeout");
  if (isShort(value) || isShort(settingAt(statements, transactions, index, "statement_timeout"))) return undefined;
  if (value !== undefined) return { flaw: milliseconds(value) === 0 ? "zero" : "long", value };
  const at = firstTimeout(statements);
  const isLost =
    at >= 0 &&
    at < index &&
    statements[at]?.operations.some((operation) => operation.kind === "set" && operation.local) &&
    (transactions[at]?.id ?? null) === null;
  return { flaw: isLost ? "local" : at > index ? "after" : "none", value: "" };
}

/**
 * Where a timeout has to be set so that it bounds all of these waits: before the first one in each transaction, and before the first one
 * of each run of statements that are transactions of their own, up to the last one of the run. Nothing that builds, detaches or rebuilds
 * CONCURRENTLY is within a run: under a lock_timeout it gives up half-way and leaves an invalid index.
 */
export interface TimeoutSpan {
  readonly first: Statement;
  /** The last one of a run; absent in a transaction, which ends by itself. */
  readonly last?: Statement;
}

export function timeoutSpans(waits: readonly UnboundedWait[], place: WaitPlace): readonly TimeoutSpan[] {
  const spans: { first: Statement; last?: Statement }[] = [];
  const begun = new Set<number>();
  let open: { first: Statement; last?: Statement } | undefined;
  const stepsOf = byStatement(place.steps);
  const waiting = new Set(waits.map(({ statement }) => statement));
  for (const statement of place.migration.statements) {
    const own = place.transactions[statement.index];
    // Where nobody knows how the file is sent, SET and RESET are right in both ways.
    const known = place.migration.execution !== "unknown";
    const id = known || own?.explicit ? (own?.id ?? null) : null;
    const isOnline = (stepsOf.get(statement) ?? []).some(
      ({ operation }) => refusedInTransaction(place.catalog, operation) !== undefined,
    );
    if (id !== null || isOnline) open = undefined;
    if (!waiting.has(statement)) continue;
    // Alone in its file it becomes a transaction with what is put before it, in a batch.
    const alone = known && place.execution === "batch" && place.migration.statements.length === 1;
    if (id !== null || alone) {
      if (id !== null && begun.has(id)) continue;
      if (id !== null) begun.add(id);
      spans.push({ first: statement });
    } else if (open) open.last = statement;
    else {
      open = { first: statement, last: statement };
      spans.push(open);
    }
  }
  return spans;
}

/**
 * Whether another statement may come before this one. A second one turns a file that is sent in one batch into a transaction: what
 * PostgreSQL refuses there, and what should rather be made CONCURRENTLY, has to stay alone.
 */
export function mayFollow({ catalog, migration, execution, steps }: WaitPlace): boolean {
  if (migration.statements.length > 1) return true;
  return !steps.some(({ operation }) => {
    const { kind } = operation;
    if (refusedInTransaction(catalog, operation)) return true;
    if (kind === "dropIndex") return true;
    return execution === "batch" && (kind === "createIndex" || kind === "reindex" || kind === "detachPartition");
  });
}
