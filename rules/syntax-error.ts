import { defineRule } from "../src/index.ts";

export default defineRule({
  id: "syntax-error",
  title: "PostgreSQL cannot parse it",
  category: "history",
  severity: "error",
  since: "0.1.0",
  messages: {
    up: "PostgreSQL refuses this: {message} (42601).",
    down: "PostgreSQL refuses this in down.sql: {message} (42601).",
  },
  help: "Mend it before it is deployed: the migration fails here, and Prisma then refuses every later deployment until that is resolved (P3009).",
  on: {
    migration(migration, context) {
      for (const error of migration.errors) context.report({ at: error, message: "up", data: { message: error.message } });
      for (const error of context.down?.script.errors ?? []) {
        context.report({ at: error, file: context.down?.file ?? migration.file, message: "down", data: { message: error.message }, help: "Mend it now: down.sql is read when there is no time to." });
      }
    },
  },
});
