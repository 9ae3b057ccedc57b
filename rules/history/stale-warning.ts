import { defineRule } from "../../src/index.ts";
import { staleWarnings } from "../../src/rule-kit.ts";

export default defineRule({
  id: "stale-warning",
  title: "A warning speaks of a statement that is no longer there",
  category: "history",
  severity: "info",
  since: "0.2.0",
  messages: {
    stale: "No statement of this file does what Prisma's warning at its head says: {sentence}.",
  },
  help: "Take the line out before the migration is deployed, since Prisma keeps a checksum of the file, comments included. If the statement went by mistake, put it back.",
  on: {
    migration(migration, { report, steps }) {
      for (const { range, sentence } of staleWarnings(migration, steps))
        report({ at: range, file: migration.file, message: "stale", data: { sentence } });
    },
  },
});
