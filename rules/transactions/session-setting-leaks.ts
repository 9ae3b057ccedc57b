import { type Severity, defineRule } from "../../src/index.ts";
import { leftSettings } from "../../src/rule-kit.ts";

export default defineRule({
  id: "session-setting-leaks",
  title: "A setting outlives its migration on Prisma's connection",
  category: "transactions",
  severity: "error",
  since: "0.2.0",
  messages: {
    untabled:
      "{name} is left at {value}: Prisma writes to its table _prisma_migrations over the same connection and no longer finds it (42P01), so the migration counts as failed although all of it was done.",
    readOnly:
      "{name} is left at {value}: Prisma writes to its table _prisma_migrations over the same connection and is refused (25006), so the migration counts as failed although all of it was done.",
    elsewhere:
      "{name} is left at {value}: Prisma runs all migrations over one connection, and what the later ones make without a schema goes to {schema}.",
    role: "{name} is left at {value}: Prisma runs all migrations over one connection, and the later ones, with what it writes to its table _prisma_migrations, run as {value}.",
    triggers:
      "{name} is left at {value}: Prisma runs all migrations over one connection, and in the later ones triggers do not fire, but for those that are enabled ALWAYS or for a replica, and no foreign key is checked.",
    rowSecurity:
      "{name} is left at {value}: Prisma runs all migrations over one connection, and a query of a later one fails (42501) where a policy would leave rows out.",
    bodies:
      "{name} is left at {value}: Prisma runs all migrations over one connection, and the bodies of functions that the later ones make are not checked.",
  },
  help: "Use SET LOCAL between BEGIN and COMMIT, or write RESET {name}; at the end of the file.",
  on: {
    migration(migration, { report, transactions }) {
      const left = leftSettings(migration, transactions);
      const [first, ...others] = left;
      if (!first) return;
      const { set, hazard, value, schema } = first;
      const common = {
        at: set,
        file: migration.file,
        severity: SEVERITY[hazard],
        related: others.map((other) => ({
          file: migration.file,
          range: other.set.range,
          message: `${other.set.name} is left at ${other.value} too`,
        })),
      };
      const data = { name: set.name, value };
      if (hazard === "elsewhere") report({ ...common, message: hazard, data: { ...data, schema }, help: SEARCH_PATH });
      else if (hazard === "untabled")
        report({
          ...common,
          message: hazard,
          data,
          help: SEARCH_PATH,
          maybe: schema !== "" && "whether the address of the database names that schema",
        });
      else report({ ...common, message: hazard, data });
    },
  },
});

const SEVERITY: Readonly<Record<string, Severity | undefined>> = {
  elsewhere: "warning",
  role: "warning",
  triggers: "warning",
  rowSecurity: "warning",
  bodies: "info",
};

const SEARCH_PATH =
  "Name the schema in front of each object instead, or set search_path back at the end of the file: SET search_path = public; or the schema that the address of the database names. Take the line of a pg_dump out.";
