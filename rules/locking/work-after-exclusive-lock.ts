import { type Failure, type StatementContext, type Step, defineRule, relationName, resolve } from "../../src/index.ts";
import type { Work } from "../../src/rule-kit.ts";

export default defineRule({
  id: "work-after-exclusive-lock",
  title: "Long work runs while an earlier statement's exclusive lock is still held",
  category: "locking",
  severity: "error",
  since: "0.1.0",
  messages: {
    held: "Nobody reads or writes {locked} while this statement goes through {table} to {reason}: the ACCESS EXCLUSIVE lock of an earlier statement is kept until the transaction ends.",
  },
  help: "Put the work and the statement that takes the lock into migrations of their own, so that the lock is given back at once. Where both must go together, do the work first.",
  on: {
    statement(statement, context) {
      const works = workOf(context.steps, context);
      if (works.length === 0) return;
      const id = context.transactions[context.migration.statements.indexOf(statement)]?.id ?? null;
      if (id === null) return;
      const earlier = context.before.filter(
        (step) =>
          step.migration === context.migration &&
          context.transactions[context.migration.statements.indexOf(step.statement)]?.id === id,
      );
      const dropped = new Set(
        earlier.flatMap(({ operation }) =>
          operation.kind === "dropTable" ? [resolve(context.catalog, operation.table)] : [],
        ),
      );
      const locked = [...context.held].filter(
        ([relation, lock]) =>
          lock.mode === "AccessExclusiveLock" && context.deployed(relation) && !dropped.has(relation),
      );
      // One transaction is one wait, however much of it comes after the lock.
      if (locked.length === 0 || worksAlready(earlier, context)) return;
      const names = locked.map(([relation]) => relationName(relation));
      context.report({
        at: statement,
        message: "held",
        data: {
          locked: names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : ""),
          reason: (works.find((work) => work.kind !== "read") ?? works[0])?.reason ?? "",
          table: [...new Set(works.map((work) => relationName(work.relation)))].join(", "),
        },
        // One pass over the rows, with nothing to look up.
        ...(context.steps.every(({ effects }) => isEmptyKey(effects.failures)) && { severity: "warning" as const }),
        objects: [...new Set([...locked.map(([relation]) => relation), ...works.map((work) => work.relation)])],
        related: locked.slice(0, 3).map(([relation, lock]) => ({
          file: context.migration.file,
          range: lock.statement.range,
          message: `${relationName(relation)} is locked here`,
        })),
      });
    },
  },
});

type Around = Pick<StatementContext, "deployed">;

/**
 * What takes as long as the table is big. The check of a foreign key that only comes back does not count, nor does that
 * of a required column without a default: with one row in the table it fails at once.
 */
function workOf(steps: readonly Step[], { deployed }: Around): Work[] {
  return steps.flatMap(({ operation, effects }) => {
    if (
      operation.kind === "addColumn" &&
      effects.rewrites.length === 0 &&
      effects.failures.some(({ kind }) => kind === "nulls")
    )
      return [];
    const recreated = effects.failures.some(
      ({ kind, preparation }) =>
        kind === "orphans" && preparation.verdict === "done" && preparation.how === "held until now",
    );
    return recreated
      ? []
      : [...effects.rewrites, ...effects.scans].filter((work) => work.certainty === "sure" && deployed(work.relation));
  });
}

/** The foreign key of a column that is new and NULL everywhere. */
const isEmptyKey = (failures: readonly Failure[]): boolean =>
  failures.some(
    ({ kind, preparation }) =>
      kind === "orphans" && preparation.verdict === "done" && preparation.how === "construction",
  );

/** An earlier statement of the transaction did such work behind such a lock: it has been reported. */
function worksAlready(earlier: readonly Step[], around: Around): boolean {
  const first = earlier.find(({ effects }) =>
    effects.locks.some(
      (lock) => lock.mode === "AccessExclusiveLock" && lock.certainty === "sure" && around.deployed(lock.relation),
    ),
  );
  return (
    first !== undefined &&
    workOf(
      earlier.filter((step) => step.statement.index > first.statement.index),
      around,
    ).length > 0
  );
}
