import { commands } from "./command.ts";
import { lockstep } from "./lockstep.ts";
import { type ProjectFacts, VARIABLE } from "./facts.ts";
import { shellWord } from "./shell.ts";

/** PostgreSQL's programs, for the database that Prisma connects to, and for the parts of a dump that names quoted as SQL pick out. */
export const postgres = commands("postgres", "postgres", {
  where: [
    "says which host and which database it is",
    (facts: ProjectFacts) => `${isSet(facts)} && psql ${address(facts)} -c '\\conninfo'`,
  ],
  dump: [
    "copies tables or schemas with all rows into a file, the whole database where none is named",
    (
      facts: ProjectFacts,
      file: string,
      parts: { readonly schemas?: readonly string[]; readonly tables?: readonly string[] } = {},
    ) =>
      [
        `${isSet(facts)} && pg_dump ${address(facts)} --format=custom`,
        ...(parts.schemas ?? []).map((name) => `--schema=${shellWord(name)}`),
        ...(parts.tables ?? []).map((name) => `--table=${shellWord(name)}`),
        `--file=${file}`,
      ].join(" \\\n  "),
  ],
  statistics: [
    "asks the database how big its tables are, and keeps the answer for the checks",
    (facts: ProjectFacts) =>
      `${isSet(facts)} && ${lockstep.stats(facts).text} | psql ${address(facts)} -XAtq | ${lockstep.stats(facts).text} -`,
  ],
  runFile: ["runs a file of SQL", () => "psql -f"],
});

const variable = ({ variables = [] }: ProjectFacts): string => variables[0] ?? VARIABLE;

/** Without an address both programs take a database of this machine. */
const isSet = (facts: ProjectFacts): string => `: "\${${variable(facts)}:?}"`;

/** Prisma's own parameters (schema, connection_limit, pgbouncer) make libpq refuse the address. */
const address = (facts: ProjectFacts): string => `"\${${variable(facts)}%%\\?*}"`;
