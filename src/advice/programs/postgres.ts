import { commands } from "./command.ts";
import { shellWord } from "./shell.ts";

/** Prisma's own parameters (schema, connection_limit, pgbouncer) make libpq refuse the address. */
const DATABASE = '"${DATABASE_URL%%\\?*}"';

/** PostgreSQL's programs, for the parts of a dump that names quoted as SQL pick out. */
export const postgres = commands("postgres", "postgres", {
  dump: [
    "copies tables or schemas with all rows into a file, the whole database where none is named",
    (file: string, parts: { readonly schemas?: readonly string[]; readonly tables?: readonly string[] } = {}) =>
      [
        `pg_dump ${DATABASE} --format=custom`,
        ...(parts.schemas ?? []).map((name) => `--schema=${shellWord(name)}`),
        ...(parts.tables ?? []).map((name) => `--table=${shellWord(name)}`),
        `--file=${file}`,
      ].join(" \\\n  "),
  ],
  runFile: ["runs a file of SQL", () => "psql -f"],
});
