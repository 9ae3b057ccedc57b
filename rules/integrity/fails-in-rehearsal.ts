import { defineRule } from "../../src/index.ts";

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
    hurt: "With {rows} this failed with {sqlstate} in PostgreSQL {server}: {error}. Without them it passed.{kept}",
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
      for (const { index, range, error, trials } of ran.statements) {
        if (!error) continue;
        const { failure } = ran;
        const own = failure?.index === index ? failure : undefined;
        const failed = trials.filter(({ outcome, sqlstate }) => outcome === "failed" && sqlstate === error.sqlstate);
        const rows = failed.map((trial) => trial.rows).join(" and ") || "rows that were made up to fail";
        const message = error.timedOut
          ? "endless"
          : error.on === "any rows"
            ? "fails"
            : failed.some(({ predicted }) => predicted === "prepared")
              ? "despite"
              : "hurt";
        const data = {
          server: rehearsal.server.version,
          sqlstate: error.sqlstate,
          error: error.message.replace(/\.$/, ""),
          rows,
          kept: kept(own?.committed.length ?? 0),
        };
        context.report({ at: own?.range ?? range, file, message, data });
      }
      // The file as a whole cannot be parsed.
      if (ran.failure && ran.failure.index === undefined) {
        const { error, range } = ran.failure;
        const data = { server: rehearsal.server.version, sqlstate: error.sqlstate, error: error.message, kept: "" };
        context.report({ at: range, file, message: "fails", data });
      }
    },
  },
});

const kept = (statements: number): string =>
  statements === 0
    ? ""
    : ` What the ${statements === 1 ? "statement" : `${statements} statements`} before it did stays.`;
