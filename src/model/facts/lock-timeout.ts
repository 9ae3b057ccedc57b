import type { Operation } from "../../sql/operation.ts";
import type { Statement } from "../../sql/statement.ts";
import type { Lock } from "../effects.ts";
import { blocksReads, blocksWrites } from "../postgres/locks.ts";
import { milliseconds } from "../postgres/settings.ts";
import { refusedInTransaction } from "../postgres/transaction-block.ts";
import { settingAt } from "../transactions.ts";
import type { Step } from "../step.ts";
import { needlessCheck } from "./key-scans.ts";
import type { StatementPlace } from "./place.ts";

/** A lock that somebody would wait for, and nothing bounds how long the statement waits to get it. */
export interface UnboundedWait {
  readonly by: Operation | Statement;
  readonly lock: Lock;
  readonly flaw: "none" | "zero" | "long" | "after" | "local";
  /** Of lock_timeout, where it is set. */
  readonly value: string;
}

/** What counts. */
export interface Bounds {
  /** A longer lock_timeout counts as none. */
  readonly maxSeconds: number;
  /** Also a lock that is held for a moment. */
  readonly brief: boolean;
}

/** The first of the migration. */
export function unboundedWait(statement: Statement, bounds: Bounds, place: StatementPlace): UnboundedWait | undefined {
  const { steps, migration, before } = place;
  // Most statements take no such lock at all, and the settings before one are a longer look.
  if (!waitedFor(steps, true, place)) return undefined;
  const isTold = ({ statement: { index } }: Step, of: readonly Step[]): boolean => {
    const flaw = flawAt(index, bounds, place);
    return flaw !== undefined && waitedFor(of, anyLock(flaw, bounds, place), place) !== undefined;
  };
  const found = flawAt(statement.index, bounds, place);
  const lock = found && waitedFor(steps, anyLock(found, bounds, place), place);
  if (!found || !lock) return undefined;
  if (before.some((step) => step.migration === migration && isTold(step, [step]))) return undefined;
  const by = steps.find(({ effects }) =>
    effects.locks.some((each) => each.relation === lock.relation && each.mode === lock.mode),
  );
  return { by: by?.operation ?? statement, lock, ...found };
}

type Flaw = Pick<UnboundedWait, "flaw" | "value">;

/** A lock for a moment is on nearly every migration; whoever thought of a timeout at all wants it bounded too. */
const anyLock = ({ flaw }: Flaw, { brief }: Bounds, { migration }: StatementPlace): boolean =>
  brief ||
  flaw !== "none" ||
  migration.statements.some(({ operations }) =>
    operations.some((operation) => operation.kind === "set" && operation.name === "lock_timeout"),
  );

/** The strongest lock of the steps that somebody would wait for; without `any`, where the table is read or rewritten under it. */
function waitedFor(steps: readonly Step[], any: boolean, { catalog, deployed }: StatementPlace): Lock | undefined {
  // What CONCURRENTLY detaches gets no new queries by then.
  const isOnline = ({ operation }: Step): boolean => operation.kind === "detachPartition" && operation.concurrently;
  const isLong = ({ effects, operation }: Step): boolean =>
    needlessCheck(effects) !== "held until now" &&
    (operation.kind === "lockTable" ||
      [...effects.scans, ...effects.rewrites].some((work) => deployed(work.relation) && work.certainty !== "rows") ||
      effects.losses.some(({ kind }) => kind === "table" || kind === "column"));
  const locks = steps
    .filter((step) => !isOnline(step) && (any || isLong(step)))
    .flatMap((step) => step.effects.locks)
    .filter(
      ({ certainty, mode, relation }) =>
        certainty === "sure" &&
        blocksWrites(mode) &&
        deployed(relation) &&
        // Nobody writes to a materialized view but a REFRESH.
        (blocksReads(mode) || catalog.relations.get(relation)?.kind !== "materializedView"),
    );
  return locks.find((lock) => blocksReads(lock.mode)) ?? locks[0];
}

/** Why no timeout bounds the wait of a statement; undefined where one does. A short statement_timeout does it too. */
function flawAt(
  index: number,
  { maxSeconds }: Bounds,
  { migration: { statements }, transactions }: StatementPlace,
): Flaw | undefined {
  const isShort = (value: string | undefined): boolean => {
    const time = value === undefined ? undefined : milliseconds(value);
    return time !== undefined && time > 0 && time <= maxSeconds * 1000;
  };
  const value = settingAt(statements, transactions, index, "lock_timeout");
  if (isShort(value) || isShort(settingAt(statements, transactions, index, "statement_timeout"))) return undefined;
  if (value !== undefined) return { flaw: milliseconds(value) === 0 ? "zero" : "long", value };
  const sets = (operation: Operation): boolean =>
    operation.kind === "set" && operation.name === "lock_timeout" && operation.value !== null;
  const at = statements.findIndex((statement) => statement.operations.some(sets));
  const isLost =
    at >= 0 &&
    at < index &&
    statements[at]?.operations.some((operation) => operation.kind === "set" && operation.local) &&
    (transactions[at]?.id ?? null) === null;
  return { flaw: isLost ? "local" : at > index ? "after" : "none", value: "" };
}

/**
 * Whether another statement may come before this one. A second one turns a file that is sent in one batch into a transaction: what
 * PostgreSQL refuses there, and what should rather be made CONCURRENTLY, has to stay alone.
 */
export function mayFollow({ catalog, migration, execution, steps }: StatementPlace): boolean {
  if (migration.statements.length > 1) return true;
  return !steps.some(({ operation }) => {
    const { kind } = operation;
    if (refusedInTransaction(catalog, operation)) return true;
    if (kind === "dropIndex") return true;
    return execution === "batch" && (kind === "createIndex" || kind === "reindex" || kind === "detachPartition");
  });
}
