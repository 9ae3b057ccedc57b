import type { Io } from "../../project/io.ts";
import { NOTHING_SAID } from "../../project/overrides.ts";
import { readSettings } from "../../project/settings.ts";
import {
  askStatistics,
  keepStatistics,
  statisticsIn,
  statisticsOf,
  statisticsQuery,
} from "../../project/taken-statistics.ts";
import { failure, type Outcome, success } from "../../source/outcome.ts";
import { counted } from "../../words.ts";
import { worldOf } from "./place.ts";

export interface StatsFlags {
  readonly server?: string;
  readonly config?: string;
  readonly force?: boolean;
}

/** Prints the query, or keeps what it gave. Returns the exit code. */
export async function runStats(file: string | undefined, flags: StatsFlags, io: Io): Promise<number> {
  const said = await attempt(file, flags, io);
  if (said.ok) {
    if (said.value !== "") await io.stderr.write(`lockstep: ${said.value}\n`);
    return 0;
  }
  await io.stderr.write(`lockstep: ${said.message.trimEnd()}\n`);
  return 2;
}

/** Gives what to say at the end. */
async function attempt(
  file: string | undefined,
  { server, config, force = false }: StatsFlags,
  io: Io,
): Promise<Outcome<string>> {
  const { cwd } = io;
  if (file !== undefined && server !== undefined)
    return failure(`--server asks a database, and ${file} has an answer already: give one of them.`);
  if (file === undefined && server === undefined) {
    await io.stdout.write(statisticsQuery(cwd));
    return success("");
  }
  // A baseline that is not there keeps nobody from this.
  const settings = await readSettings(cwd, { ...NOTHING_SAID, config, writeBaseline: true }, worldOf({}, io));
  if (!settings.ok) return settings;
  const statistics =
    server !== undefined
      ? await askStatistics(server)
      : file === undefined || file === "-"
        ? statisticsOf(await io.stdin(), "Standard input")
        : statisticsIn(file, cwd);
  if (!statistics.ok) return statistics;
  const kept = keepStatistics(statistics.value, settings.value.statisticsPath, { cwd, force });
  if (!kept.ok) return kept;
  const { database, server: version, tables, taken } = statistics.value;
  // They were not analyzed, or the role may not read them.
  const hidden = tables.filter(({ rows, columns }) => rows !== 0 && Object.keys(columns).length === 0).length;
  return success(
    `${kept.value} has ${counted(tables.length, "table")} of ${database} (PostgreSQL ${version}, ${taken.slice(0, 10)}).${
      hidden === 0
        ? ""
        : ` Of ${hidden} it has no shares of NULL: ${hidden === 1 ? "it was" : "they were"} never analyzed, or the role may not read ${hidden === 1 ? "it" : "them"}.`
    }`,
  );
}
