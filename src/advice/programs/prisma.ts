import { commands } from "./command.ts";
import { type ProjectFacts, majorOf } from "./facts.ts";
import { inProject } from "./packages.ts";
import { shellWord } from "./shell.ts";

/**
 * Prisma Migrate, in the form that the project's version takes. Where the version is not known it is that of version 7.
 * https://www.prisma.io/docs/orm/reference/prisma-cli-reference
 */
export const prisma = commands("prisma", "prisma", {
  deploy: [
    "runs the migrations that the database has not run",
    (facts: ProjectFacts) => `${call(facts)} migrate deploy`,
  ],
  status: [
    "says which database it is, and what it has not run",
    (facts: ProjectFacts) => `${call(facts)} migrate status`,
  ],
  develop: [
    "brings a development database up to date with the folder and the schema",
    (facts: ProjectFacts) => `${call(facts)} migrate dev`,
  ],
  reset: [
    "empties a development database and runs all migrations",
    (facts: ProjectFacts) => `${call(facts)} migrate reset`,
  ],
  create: [
    "writes the next migration without running it",
    (facts: ProjectFacts, name?: string) =>
      `${call(facts)} migrate dev --create-only${name === undefined ? "" : ` --name ${shellWord(name)}`}`,
  ],
  rolledBack: [
    "notes that a failed migration is undone",
    (facts: ProjectFacts, migration: string) => `${call(facts)} migrate resolve --rolled-back ${shellWord(migration)}`,
  ],
  applied: [
    "notes that the database has what a migration does",
    (facts: ProjectFacts, migration?: string) =>
      `${call(facts)} migrate resolve --applied${migration === undefined ? "" : ` ${shellWord(migration)}`}`,
  ],
  // Up to version 6 it needs --schema or --url; from 7 on both are gone, and the address is that of prisma.config.ts.
  execute: [
    "runs a file of SQL in the database",
    (facts: ProjectFacts, file: string) =>
      `${call(facts)} db execute --file ${shellWord(file)}${isOld(facts) ? ` --schema ${shellWord(schemaBeside(facts))}` : ""}`,
  ],
  // Version 7 renamed the flags, and has the shadow database in its configuration.
  writeDifference: [
    "writes what leads from the migrations to schema.prisma into the folder that was named",
    (facts: ProjectFacts) => {
      const from = `${call(facts)} migrate diff --from-migrations ${shellWord(facts.root ?? ROOT)}`;
      const schema = shellWord(schemaBeside(facts));
      return isOld(facts)
        ? `${from} --to-schema-datamodel ${schema} ${SHADOW} --script > "$folder/migration.sql"`
        : `${from} --to-schema ${schema} --script --output "$folder/migration.sql"`;
    },
  ],
  writeDown: [
    "writes what leads from schema.prisma back to the migrations",
    (facts: ProjectFacts) => {
      const schema = shellWord(schemaBeside(facts));
      const to = `--to-migrations ${shellWord(facts.root ?? ROOT)} --script`;
      return isOld(facts)
        ? `${call(facts)} migrate diff ${SHADOW} --from-schema-datamodel ${schema} ${to} > down.sql`
        : `${call(facts)} migrate diff --from-schema ${schema} ${to} --output down.sql`;
    },
  ],
});

const ROOT = "prisma/migrations";
const SHADOW = '--shadow-database-url "$SHADOW_DATABASE_URL"';

const call = ({ packageManager }: ProjectFacts): string => inProject(packageManager, "prisma");

const isOld = (facts: ProjectFacts): boolean => (majorOf(facts.prisma) ?? Infinity) < 7;

/** The schema is the neighbour of the migrations by default. */
export function schemaBeside({ root = ROOT }: ProjectFacts): string {
  const parent = root.split("/").slice(0, -1).join("/");
  return parent === "" ? "prisma/schema.prisma" : `${parent}/schema.prisma`;
}
