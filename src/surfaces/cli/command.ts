import { Command, CommanderError } from "commander";
import { didYouMean } from "../../engine/nearest.ts";
import type { Io } from "../../project/io.ts";
import { addBranches } from "./commands/branches.ts";
import { addCheck, EXAMPLES, EXIT_CODES } from "./commands/check.ts";
import { addRehearsal } from "./commands/rehearsal.ts";
import { addRules, addSetup } from "./commands/setup.ts";
import { addStats } from "./commands/stats.ts";
import type { Start } from "./commands/start.ts";
import type { OtherSurfaces } from "./others.ts";

/** Runs one command line (without node and the program's name) and returns its exit code. A bug is thrown. */
export async function run(argv: readonly string[], io: Io, others: OtherSurfaces): Promise<number> {
  let code = 0;
  const written: Promise<void>[] = [];
  const program = new Command("lockstep")
    .description(
      "Checks Prisma migrations for PostgreSQL before they reach production: what would block, break, fail or be lost.",
    )
    .usage("[command] [options]")
    .option("-v, --version", "print the version")
    .helpCommand("help [command]", "help for a command")
    .addHelpText(
      "after",
      `${EXAMPLES}${EXIT_CODES}\nWithout a command, lockstep runs check. lockstep check --help lists its options.`,
    );

  const start: Start = {
    program,
    io,
    others,
    end: (own) => {
      code = own;
    },
  };
  // Help lists them in this order.
  for (const add of [addCheck, addRehearsal, addBranches, addStats, addSetup, addRules]) add(start);

  for (const command of [program, ...program.commands]) {
    if (command !== program) command.option("--debug", "show where an internal error was thrown");
    command.exitOverride().configureOutput({
      writeOut: (text) => void written.push(io.stdout.write(text)),
      writeErr: (text) => void written.push(io.stderr.write(text)),
      outputError: (text, write) =>
        write(
          `${text.replace(/^error: /, "lockstep: ").trimEnd()}\nlockstep ${command === program ? "" : `${command.name()} `}--help lists what there is.\n`,
        ),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  }
  const [first, second] = argv;
  if (first === "complete" && second === "--") {
    // Asked by the completion scripts at each press of the key.
    const { completions } = await import("./completion/words.ts");
    await io.stdout.write(completions(program, argv.slice(2), io));
    return 0;
  }
  if (
    first === "help" &&
    second !== undefined &&
    !program.commands.some((command) => command.name() === second) &&
    second !== "help"
  ) {
    const names = program.commands.map((command) => command.name());
    await io.stderr.write(
      `lockstep: There is no command ${JSON.stringify(second)}, only ${names.join(", ")} and help.${didYouMean(second, names)}\n`,
    );
    return 2;
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    code = error.exitCode === 0 ? 0 : 2;
  }
  await Promise.all(written);
  return code;
}
