import { milliseconds } from "../postgres/settings.ts";
import type { MigrationView, Step } from "../step.ts";
import { settingAt, transactions } from "../transactions.ts";
import type { StatementPlace } from "./place.ts";

/** A lock_timeout that is in force. */
export interface TimeoutInForce {
  readonly value: string;
  /** The migration of the same deployment that left it; undefined where it is the statement's own. */
  readonly from: MigrationView | undefined;
}

/** Of a statement, as far as the migrations of the deployment set one: Prisma runs all of them over one connection. */
export function timeoutInForce(
  index: number,
  {
    migration,
    transactions: members,
    execution,
    before,
  }: Pick<StatementPlace, "migration" | "transactions" | "execution" | "before">,
): TimeoutInForce | undefined {
  let left: TimeoutInForce | undefined;
  for (const view of earlier(before, migration)) {
    const value = settingAt(
      view.statements,
      transactions(view.statements, execution),
      view.statements.length,
      NAME,
      left?.value,
    );
    left = value === undefined ? undefined : value === left?.value ? left : { value, from: view };
  }
  const value = settingAt(migration.statements, members, index, NAME, left?.value);
  if (value === undefined || (milliseconds(value) ?? 0) === 0) return undefined;
  return value === left?.value ? left : { value, from: undefined };
}

const NAME = "lock_timeout";

const earlier = (before: readonly Step[], own: MigrationView): readonly MigrationView[] =>
  [...new Set(before.map(({ migration }) => migration))].filter((view) => view !== own);
