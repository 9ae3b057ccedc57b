import type { StatsFlags } from "../stats.ts";
import type { Start } from "./start.ts";

const STATS_EXIT_CODES = `
Exit codes:
  0  the query was printed, or lockstep.stats.json was written
  2  usage, an answer that could not be read, a server that does not give one, or a file that is of another database
`;

/** stats: how big the tables of production are. */
export function addStats({ program, io, end }: Start): void {
  program
    .command("stats")
    .argument("[file]", "what the query gave, as psql prints it, as CSV or as JSON; - for standard input")
    .summary("how big production's tables are, so that small ones are let off")
    .description(
      "Without anything it prints one query for production, which reads estimates, sizes and counters that PostgreSQL keeps, and no row; its first lines say how to run it. With the answer it writes lockstep.stats.json beside the configuration: from then on a hazard that grows with a table is information where the table is small, and says how big it is where it is not.",
    )
    .option("--server <url>", "ask this database itself, in a transaction that only reads")
    .option("-c, --config <file>", "beside this configuration instead of the nearest lockstep.config.* or package.json")
    .option("--force", "write over a file that is of another database, or none of lockstep's")
    .addHelpText("after", STATS_EXIT_CODES)
    .action(async (file: string | undefined, flags: StatsFlags) => {
      const { runStats } = await import("../stats.ts");
      end(await runStats(file, flags, io));
    });
}
