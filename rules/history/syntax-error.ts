import { defineRule } from "../../src/index.ts";

/** A file that is no SQL has an error in every fragment. */
const MANY = 20;

const SYNTAX_ERROR = "42601";

const HELP = {
  encoding: "Save it as UTF-8 without a byte order mark. Windows PowerShell writes UTF-16 with >.",
  "unfinished merge":
    "Keep the side that was meant and delete the markers. What is said of this file is said of the first side.",
  "rows of COPY": "Write the rows as INSERT INTO … VALUES, or load them outside of the migrations.",
  "psql command":
    "Delete the line: pg_dump writes such lines for psql, and Prisma sends the file to PostgreSQL as it is.",
  "command output":
    "Delete these lines, and let the command write the file itself: prisma migrate diff … --script --output migration.sql.",
} as const;

export default defineRule({
  id: "syntax-error",
  title: "PostgreSQL cannot parse it",
  category: "history",
  severity: "error",
  since: "0.1.0",
  messages: {
    up: "PostgreSQL refuses this: {message} ({sqlstate}).",
    encoding: "This is UTF-16, and PostgreSQL takes UTF-8: nothing of it was checked.",
    more: "PostgreSQL refuses {count} more places from here on ({sqlstate}): the file is hardly SQL.",
    down: "PostgreSQL refuses this in down.sql: {message} ({sqlstate}).",
  },
  help: "Correct it before it is deployed: the migration fails here, and Prisma then refuses every later deployment until that is resolved (P3009).",
  on: {
    migration(migration, context) {
      for (const error of migration.errors.slice(0, MANY)) {
        const help = error.foreign && { help: HELP[error.foreign] };
        if (error.foreign === "encoding") context.report({ at: error, message: "encoding", ...help });
        else {
          const data = { message: error.message, sqlstate: SYNTAX_ERROR };
          context.report({ at: error, message: "up", data, ...help });
        }
      }
      const next = migration.errors[MANY];
      if (next)
        context.report({
          at: next,
          message: "more",
          data: { count: migration.errors.length - MANY, sqlstate: SYNTAX_ERROR },
        });
      for (const error of (context.down?.script.errors ?? []).slice(0, MANY)) {
        const place = { at: error, file: context.down?.file ?? migration.file };
        if (error.foreign === "encoding") context.report({ ...place, message: "encoding", help: HELP.encoding });
        else
          context.report({
            ...place,
            message: "down",
            data: { message: error.message, sqlstate: SYNTAX_ERROR },
            help: "Correct it now: down.sql is read when there is no time to.",
          });
      }
    },
  },
});
