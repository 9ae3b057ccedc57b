import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { factsOf } from "../advice/facts.ts";
import { IN_WORDS, knowsDatabase, VARIABLE_IN_WORDS } from "../advice/programs/facts.ts";
import { lockstep } from "../advice/programs/lockstep.ts";
import { postgres } from "../advice/programs/postgres.ts";
import { server } from "../advice/sql/server.ts";
import { readOutput } from "../evidence/statistics/read.ts";
import type { Statistics } from "../evidence/statistics/statistics.ts";
import { writeStatistics } from "../evidence/statistics/write.ts";
import { type Connecting, connection } from "../rehearsal/stage/server/connection.ts";
import { isServerError } from "../rehearsal/stage/server/mistakes.ts";
import { serverAddress } from "../rehearsal/stage/server/url.ts";
import { replaceFile } from "../source/disk/write.ts";
import { failure, type Outcome, success } from "../source/outcome.ts";
import { prismaEvidence } from "./inputs.ts";
import { readStatisticsFile } from "./statistics.ts";

/** The query for people, with the line that runs it in the project of `cwd`. */
export function statisticsQuery(cwd: string): string {
  const facts = factsOf(prismaEvidence(cwd, [cwd], undefined));
  return [
    "-- How big and how busy the tables of a database are, for lockstep: estimates, sizes and counters, no value of any row.",
    "-- A role that may read the tables (pg_read_all_data) is shown the shares of NULL too.",
    ...(knowsDatabase(facts) ? [] : [`-- ${VARIABLE_IN_WORDS.replace(/^# /, "")}`]),
    `-- ${postgres.statistics(facts).text}`,
    server.statistics().text,
    "",
  ].join("\n");
}

/** What the query gave, from a file. */
export function statisticsIn(file: string, cwd: string): Outcome<Statistics> {
  try {
    return statisticsOf(readFileSync(resolve(cwd, file)), file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return failure(`${file} cannot be read (${String(error.code)}): name the file that has what the query gave.`);
  }
}

/** What the query gave. `where` it is from begins a sentence. */
export function statisticsOf(bytes: Uint8Array, where: string): Outcome<Statistics> {
  // PowerShell writes UTF-16 where it is not told otherwise.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  const read = readOutput(new TextDecoder(encoding).decode(bytes));
  return read.ok
    ? read
    : failure(
        `${where} is not what the query of ${lockstep.stats(IN_WORDS).text} gives: ${read.message}. Run the query with psql and its option -At or --csv.`,
      );
}

/** Writes them in place of what is there, if that is of the same database. Gives the file as it is shown. */
export function keepStatistics(
  statistics: Statistics,
  path: string,
  { cwd, force }: { readonly cwd: string; readonly force: boolean },
): Outcome<string> {
  const shown = relative(cwd, path).replaceAll("\\", "/");
  const before = force ? success(undefined) : readStatisticsFile(path, cwd);
  if (!before.ok) return failure(`${before.message} --force writes over it.`);
  if (before.value && before.value.database !== statistics.database)
    return failure(
      `${shown} has the sizes of the database ${before.value.database}, and these are of ${statistics.database}: it was kept, and --force writes over it.`,
    );
  try {
    replaceFile(path, writeStatistics(statistics));
    return success(shown);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return failure(`${shown} could not be written (${String(error.code)}): let this user write into its folder.`);
  }
}

/** Seconds until the query is given up, and until a lock of another session is. */
const PATIENCE = { statement: 60, lock: 5 } as const;

/** What a database says of its tables, in a transaction that only reads. A pooler is no hindrance: nothing is set for the session. */
export async function askStatistics(url: string): Promise<Outcome<Statistics>> {
  const address = serverAddress(url);
  if (!address.ok) return address;
  const { where, database } = address.value;
  const to: Connecting = { address: address.value, token: "", encrypted: true, purpose: "statistics" };
  const made = await connection(to, database, "session", {});
  if (!made.ok) return made;
  const client = made.value;
  try {
    await client.query("BEGIN READ ONLY");
    await client.query(
      `select set_config('statement_timeout', '${PATIENCE.statement}s', true), set_config('lock_timeout', '${PATIENCE.lock}s', true)`,
    );
    const { rows } = await client.query<object>(server.statistics().text);
    await client.query("COMMIT");
    const read = readOutput(JSON.stringify(rows));
    return read.ok ? success(read.value) : failure(`What ${where} answered is no statistics: ${read.message}.`);
  } catch (error) {
    return failure(refusal(error, where));
  } finally {
    await client.end().catch(() => undefined);
  }
}

function refusal(error: unknown, where: string): string {
  if (!isServerError(error)) {
    if (!(error instanceof Error)) throw error;
    return `The connection to ${where} was lost (${error.message}): try again.`;
  }
  const { code, message } = error;
  if (code === "57014")
    return `${where} did not answer within ${PATIENCE.statement} seconds: run the query that lockstep prints with psql, which waits longer.`;
  if (code === "55P03")
    return `Somebody else holds an exclusive lock on a table of ${where} (${message}): try again when that is over.`;
  return `${where} refuses the query (${message}; SQLSTATE ${code}): give --server a user that may read the catalogs of PostgreSQL.`;
}
