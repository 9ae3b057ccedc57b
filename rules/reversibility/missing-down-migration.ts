import { type MigrationContext, type Step, defineRule } from "../../src/index.ts";
import { prisma } from "../../src/rule-kit.ts";

export default defineRule({
  id: "missing-down-migration",
  title: "A pending migration has no down.sql",
  category: "reversibility",
  severity: "warning",
  hotfix: "error",
  since: "0.1.0",
  messages: {
    missing:
      "There is no down.sql beside this migration: if it has to be taken back under pressure, somebody writes the way back then.",
  },
  help: "Let lockstep write it: lockstep down puts one beside migration.sql and runs it in PostgreSQL to prove it; read it through. (By hand, before the migration is created: {difference}.) Prisma never runs it by itself.",
  options: {
    schema: {
      type: "object",
      additionalProperties: false,
      properties: {
        trivial: {
          type: "boolean",
          description:
            "Also where the way back is plain: nothing is lost, changed or required, as with a nullable column or a new table. The preset hotfix sets it.",
        },
      },
    },
    default: { trivial: false },
  },
  hotfixOptions: { trivial: true },
  on: {
    migration(migration, context) {
      const [first] = migration.statements;
      // A file by itself has no folder that a down.sql could be in.
      if (migration.path === migration.file.path) return;
      if (
        first &&
        !migration.down &&
        context.steps.some(
          (step) => !WITHOUT_EFFECT.has(step.operation.kind) && (context.options.trivial || !isTrivial(step, context)),
        )
      ) {
        context.report({
          at: first,
          message: "missing",
          data: { difference: prisma.writeDown({ prisma: context.evidence.prisma?.version }).text },
        });
      }
    },
  },
});

/** Whether the step only adds: dropping what it made, or making again what it dropped, brings the old schema back with all its rows. */
function isTrivial({ operation, effects }: Step, { deployed }: Pick<MigrationContext, "deployed">): boolean {
  if (
    ROWS.has(operation.kind) ||
    operation.kind === "opaque" ||
    operation.kind === "renameTable" ||
    operation.kind === "renameColumn"
  )
    return false;
  const here = ({ relation }: { readonly relation?: string }) => relation === undefined || deployed(relation);
  const settled = effects.failures.every((failure) => !here(failure) || failure.preparation.verdict === "done");
  return (
    settled &&
    !effects.rewrites.some(here) &&
    !effects.losses.some((loss) => loss.data && here(loss)) &&
    !effects.breaks.some(here)
  );
}

const ROWS = new Set(["insertRows", "updateRows", "deleteRows", "mergeRows", "truncate", "copy", "call"]);

/** What leaves nothing to take back. */
const WITHOUT_EFFECT = new Set([
  "set",
  "transaction",
  "select",
  "analyze",
  "vacuum",
  "comment",
  "lockTable",
  "reindex",
  "refreshView",
  "other",
]);
