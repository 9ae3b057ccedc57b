import { defineRule, relationName } from "../../src/index.ts";
import type { CatalogDifference, Difference, RehearsedDown } from "../../src/rule-kit.ts";

export default defineRule({
  id: "down-migration-does-not-restore",
  title: "down.sql does not lead back to the schema before the migration",
  category: "reversibility",
  severity: "error",
  since: "0.1.0",
  messages: {
    differs: "After this down.sql the schema is not the one before the migration: {differences}.",
    fails: "Run after its migration in PostgreSQL {server}, this down.sql failed with {sqlstate}: {error}.",
  },
  help: "Complete down.sql, so that the code of before runs on the schema that it leaves. lockstep down writes one that is checked in PostgreSQL.",
  on: {
    migration({ id }, context) {
      const { down } = context;
      if (!down || down.script.errors.length > 0) return;
      const first = down.script.statements[0]?.range ?? { start: 0, end: 0 };
      const whole = { start: first.start, end: down.script.statements.at(-1)?.range.end ?? first.end };
      const { rehearsal } = context.evidence;
      const rehearsed = rehearsal?.runs
        .flatMap(({ migrations }) => migrations)
        .find(
          (each): each is typeof each & { down: RehearsedDown } =>
            each.id === id && each.down?.file.path === down.file.path,
        )?.down;
      if (rehearsal && rehearsed?.error) {
        const { range, sqlstate, message } = rehearsed.error;
        context.report({
          at: range,
          file: down.file,
          message: "fails",
          data: { server: rehearsal.server.version, sqlstate, error: message.replace(/\.$/, "") },
        });
        return;
      }
      // PostgreSQL's own catalog knows better than the model's.
      const differences = rehearsed ? rehearsed.differences.map(seen) : down.differences.map(sentence);
      if (differences.length === 0) return;
      const rest = differences.length - SHOWN;
      context.report({
        at: whole,
        file: down.file,
        message: "differs",
        data: { differences: `${differences.slice(0, SHOWN).join("; ")}${rest > 0 ? `; and ${rest} more` : ""}` },
        objects: rehearsed
          ? rehearsed.differences.map(({ object }) => object)
          : down.differences.map(({ object }) => object),
        maybe: !rehearsed && down.unsure && "what a statement did that could not be read",
      });
    },
  },
});

const SHOWN = 5;

function sentence({ object, kind, change, was, is }: Difference): string {
  const what = `${kind === "relation" ? (was ?? is ?? "table") : kind} ${relationName(object)}`;
  if (change === "missing") return `${what} is missing`;
  if (change === "surplus") return `${what} is still there`;
  return `${what} is ${is === "" ? "empty" : is} and was ${was === "" ? "empty" : was}`;
}

function seen({ object, kind, change, was, is }: CatalogDifference): string {
  const what = `${kind} ${relationName(object)}`;
  if (change === "missing") return `${what} is missing`;
  if (change === "surplus") return `${what} is still there`;
  return `${what} is ${is ?? "empty"} and was ${was ?? "empty"}`;
}
