import { type Command, Option } from "commander";
import type { DownFlags } from "../down.ts";
import { REHEARSAL_FORMATS, type RehearseFlags } from "../rehearsal/flags.ts";
import type { Start } from "./start.ts";
import { count, formatFile, repeatable } from "./values.ts";

const REHEARSE_EXIT_CODES = `
Exit codes:
  0  everything ran, and every down.sql brought the schema back
  1  a statement failed, with any rows or with rows made to hurt, or a down.sql does not restore
  2  usage, input that could not be read, a deployed history that does not run, or a time limit that ran out
`;

/** rehearse and down: what runs migrations. */
export function addRehearsal({ program, io, end }: Start): void {
  withRehearsalOptions(program.command("rehearse").argument("[paths...]", "as for check"))
    .summary("run the pending migrations in a PostgreSQL of their own, and watch")
    .description(
      "Replays the deployed history in an embedded PostgreSQL, fills it with rows made to hurt, runs the pending migrations as Prisma would, and prints what happened: locks, rewrites, scans, rows, failures, and whether down.sql brings the schema back.\n\nNothing is set up and nothing is left. With --server it runs in scratch databases of its own on that server.",
    )
    .addHelpText("after", REHEARSE_EXIT_CODES)
    .action(async (paths: string[], flags: RehearseFlags) => {
      const { runRehearse } = await import("../rehearsal/index.ts");
      end(await runRehearse(paths, flags, io));
    });

  program
    .command("down")
    .argument("[migrations...]", "pending migrations: folders or names (default: the pending ones without a down.sql)")
    .summary("write down.sql beside a pending migration")
    .description(
      "Writes the way back: the schema difference by Prisma's own schema engine, completed with what that cannot see, and run to prove it. Statements that cannot bring data back say so. A down.sql that is there is kept.",
    )
    .option("--base <ref>", "branch, tag or commit that is deployed: its migrations are not touched")
    .option("-c, --config <file>", "this configuration instead of the nearest")
    .option("--force", "write over a down.sql that is there")
    .option("--stdout", "print it and write nothing")
    .option("--no-cache", "keep nothing of the embedded PostgreSQL for the next run")
    .action(async (migrations: string[], flags: DownFlags) => {
      const { runDown } = await import("../down.ts");
      end(await runDown(migrations, flags, io));
    });
}

function withRehearsalOptions(command: Command): Command {
  return command
    .optionsGroup("What is rehearsed:")
    .option("--base <ref>", "branch, tag or commit that is deployed: migrations that are not on it are pending")
    .option("--all", "every migration, each as a deployment of its own")
    .option("-c, --config <file>", "this configuration instead of the nearest lockstep.config.* or package.json")
    .addOption(
      new Option(
        "--execution <mode>",
        "how a file is sent: whole, statement by statement, or both one after the other (default: by the locked Prisma version)",
      ).choices(["batch", "split", "both"]),
    )
    .optionsGroup("Where:")
    .option(
      "--server <url>",
      "a PostgreSQL (13 or later) to make scratch databases on (default: LOCKSTEP_SERVER, else the embedded one)",
    )
    .option(
      "--template <database>",
      "of that server: each scratch database is a copy of it, and no history is replayed",
    )
    .option("--time-limit <seconds>", "for each statement (default: 30)", count)
    .option("--allow-unsafe", "run also statements that reach outside of the database")
    .option("--allow-superuser", "let --server have a superuser, who may do anything there")
    .option("--no-cache", "keep nothing for the next rehearsal")
    .optionsGroup("Rows:")
    .option("--rows <count>", "in each table; 0: none (default: 20; with --template: none)", count)
    .option("--no-hurt", "none that would make a statement fail")
    .option("--seed <number>", "the same number makes the same rows (default: 1)", count)
    .option("--data <file>", "SQL that inserts rows of your own before others are made")
    .optionsGroup("What is reported:")
    .addOption(new Option("-f, --format <name>", "timeline or JSON").choices(REHEARSAL_FORMATS).default("text"))
    .addOption(
      repeatable(
        "-o, --output-file <format=file>",
        "write a format to a file",
        formatFile(REHEARSAL_FORMATS, "rehearsal.json"),
      ),
    )
    .option("--color", "colours, whatever the terminal is")
    .option("--no-color", "no colours")
    .optionsGroup("Options:");
}
