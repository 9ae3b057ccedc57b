import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { lockstep } from "../advice/programs/lockstep.ts";
import { IN_WORDS } from "../advice/programs/facts.ts";
import type { Environment } from "../evidence/git/base.ts";
import { readStatistics } from "../evidence/statistics/read.ts";
import type { KnownStatistics } from "../evidence/statistics/statistics.ts";
import { sizesOf } from "../engine/sizes.ts";
import type { SourceProblem } from "../source/history.ts";
import { failure, type Outcome, success } from "../source/outcome.ts";
import { relationId, relationName } from "../sql/names.ts";
import { bytesInWords, listed, roughly } from "../words.ts";
import type { Project } from "./place.ts";

/** The project with the statistics beside its configuration, if they are there, and with what is odd about them. */
export function withStatistics(
  project: Project,
  world: { readonly environment: Environment; readonly now?: Date | undefined },
): Outcome<Project> {
  const statistics = readStatisticsFile(project.statisticsPath, project.cwd);
  if (!statistics.ok) return statistics;
  if (!statistics.value) return success(project);
  const evidence = { ...project.evidence, statistics: statistics.value };
  const known = { ...project, evidence };
  // Where nothing is to be judged nobody needs them.
  if (!project.histories.some(({ migrations }) => migrations.some(({ state }) => state === "pending")))
    return success(known);
  const problems = oddities(known, statistics.value, world);
  const [first, ...others] = project.histories;
  if (!first || problems.length === 0) return success(known);
  return success({ ...known, histories: [{ ...first, problems: [...first.problems, ...problems] }, ...others] });
}

/** Undefined where there is no such file. */
export function readStatisticsFile(path: string, cwd: string): Outcome<KnownStatistics | undefined> {
  if (!existsSync(path)) return success(undefined);
  const from = relative(cwd, path).replaceAll("\\", "/");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return failure(
      `The statistics ${from} cannot be read (${String(error.code)}): make it a file that this user may read.`,
    );
  }
  const read = readStatistics(text);
  return read.ok
    ? success({ ...read.value, from })
    : failure(`The statistics ${from} are none: ${read.message}. Delete the file, or write it again as ${AGAIN} says.`);
}

const AGAIN = lockstep.stats(IN_WORDS).text;

/** Days after which tables may be of another size altogether. */
const OLD = 90;

const DAY = 24 * 60 * 60 * 1000;

function oddities(
  { evidence, config }: Pick<Project, "evidence" | "config">,
  statistics: KnownStatistics,
  { environment, now }: { readonly environment: Environment; readonly now?: Date | undefined },
): readonly SourceProblem[] {
  const { from, taken, server, database } = statistics;
  const odd: SourceProblem[] = [];
  const add = (message: string, help: string) => odd.push({ file: from, message, help });
  const age = now ? Math.floor((now.getTime() - Date.parse(taken)) / DAY) : 0;
  if (age > OLD)
    add(
      `The sizes are ${age} days old (${taken.slice(0, 10)}), and tables may have grown since.`,
      `Take them again: ${AGAIN} prints the query.`,
    );
  const major = Number.parseInt(server, 10);
  const { version, because } = evidence.postgres;
  if (major !== version)
    add(
      `The sizes are from PostgreSQL ${server}, and the check is for PostgreSQL ${version} (${because}).`,
      `Say "postgres": ${major} in the configuration, or take them again from the database that the migrations are for.`,
    );
  const target = targetOf(evidence.database?.variables ?? [], environment);
  if (target && target.database !== database)
    add(
      `The sizes are those of the database ${database}, and ${target.variable} leads to ${target.database}.`,
      `Take them again from the database that the migrations are for: ${AGAIN} prints the query.`,
    );
  const large = sizesOf({ ...config.smallTables, tables: [] }, statistics);
  const named = new Set(config.smallTables.tables);
  const contradicted = statistics.tables.filter(({ schema, name }) => {
    const id = relationId(schema, name);
    return (named.has(id) || named.has(relationName(id))) && large?.isSmall(id) === false;
  });
  if (contradicted.length > 0)
    add(
      `smallTables in the configuration names ${listed(
        contradicted.map(
          ({ schema, name, rows, bytes }) =>
            `${relationName(relationId(schema, name))} (${rows === null ? "" : `${roughly(rows)} rows, `}${bytesInWords(bytes)})`,
        ),
        3,
      )}, which the statistics do not call small.`,
      "Take it out of smallTables.",
    );
  return odd;
}

/** The database that an address in the environment leads to, unless it is one of this machine: a developer's, a test's. */
function targetOf(
  variables: readonly string[],
  environment: Environment,
): { readonly variable: string; readonly database: string } | undefined {
  for (const variable of variables) {
    const address = environment[variable];
    if (address === undefined || !/^postgres(?:ql)?:/.test(address) || !URL.canParse(address)) continue;
    const { hostname, pathname } = new URL(address);
    // A name without a dot is that of a container beside this one.
    if (!hostname.includes(".") || /^127\.|\.(?:local|localhost|internal)$/.test(hostname)) continue;
    const database = decoded(pathname.slice(1));
    if (database !== "") return { variable, database };
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
