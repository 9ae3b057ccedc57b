import { type MigrationContext, defineRule } from "../../src/index.ts";
import type { MigrationFailure, RehearsedMigration } from "../../src/rule-kit.ts";

export default defineRule({
  id: "fails-in-rehearsal",
  title: "The migration failed when it was rehearsed",
  category: "integrity",
  severity: "error",
  since: "0.2.0",
  messages: {
    fails: "Rehearsed in PostgreSQL {server}, this failed with {sqlstate}: {error}.{kept}",
    despite:
      "With {rows} this failed with {sqlstate} in PostgreSQL {server}, though what comes before it seemed to take care of them: {error}.{kept}",
    endless: "This did not end within the time limit when it was rehearsed in PostgreSQL {server}.{kept}",
    unclosed:
      "The file leaves a transaction open. Prisma reports success, and PostgreSQL takes all of it back when the connection ends.",
  },
  help: "Correct the statement, and rehearse again: lockstep rehearse shows the whole timeline, and the commands that get out of such a failure in production.",
  needs: ["rehearsal"],
  on: {
    migration({ file, id }, context) {
      const { rehearsal } = context.evidence;
      const ran = rehearsal?.runs
        .filter(({ execution }) => execution === context.execution)
        .flatMap(({ migrations }) => migrations)
        .find((each) => each.id === id && each.file.path === file.path);
      if (!rehearsal || !ran) return;
      const begin = context.migration.statements.findLast(({ operations }) =>
        operations.some((operation) => operation.kind === "transaction" && operation.action === "begin"),
      );
      if (ran.outcome === "unclosed" && begin) context.report({ at: begin, file, message: "unclosed" });
      const { failure } = ran;
      if (!failure || predicted(failure, context)) return;
      const { error, committed } = failure;
      const data = {
        server: rehearsal.server.version,
        sqlstate: error.sqlstate,
        error: error.message.replace(/\.$/, ""),
        rows: despite(failure, ran) ?? "",
        kept:
          committed.length > 0
            ? ` What the ${committed.length === 1 ? "statement" : `${committed.length} statements`} before it did stays.`
            : "",
      };
      context.report({
        at: failure.range,
        file,
        message: error.timedOut ? "endless" : data.rows === "" ? "fails" : "despite",
        data,
      });
    },
  },
});

/** Another rule speaks of a failure that the model foresees. */
function predicted({ error, index }: MigrationFailure, { steps }: Pick<MigrationContext, "steps">): boolean {
  return steps.some(
    ({ statement, effects }) =>
      statement.index === index &&
      effects.failures.some(
        ({ sqlstate, preparation }) => sqlstate === error.sqlstate && preparation.verdict !== "done",
      ),
  );
}

/** The rows that the statement failed on though the model takes them for cleaned up. */
function despite({ on, index }: MigrationFailure, { statements }: RehearsedMigration): string | undefined {
  if (on === "any rows") return undefined;
  return statements
    .find((statement) => statement.index === index)
    ?.trials.find(({ outcome, predicted }) => outcome === "failed" && predicted === "prepared")?.rows;
}
