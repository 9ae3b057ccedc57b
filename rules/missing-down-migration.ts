import { defineRule } from "../src/index.ts";

export default defineRule({
  id: "missing-down-migration",
  title: "A pending migration has no down.sql",
  category: "reversibility",
  severity: "warning",
  hotfix: "error",
  since: "0.1.0",
  messages: { missing: "There is no down.sql beside this migration: if it has to be taken back under pressure, somebody writes the way back then." },
  help: "Before you create the migration let Prisma write it: prisma migrate diff --from-schema prisma/schema.prisma --to-migrations prisma/migrations --script > down.sql; then put it beside migration.sql and read it through. Prisma never runs it by itself.",
  on: {
    migration(migration, context) {
      const [first] = migration.statements;
      if (first && !migration.down && context.steps.some((step) => !WITHOUT_EFFECT.has(step.operation.kind))) context.report({ at: first, message: "missing" });
    },
  },
});

/** What leaves nothing to take back. */
const WITHOUT_EFFECT = new Set(["set", "transaction", "select", "analyze", "vacuum", "comment", "lockTable", "reindex", "refreshView", "other"]);
