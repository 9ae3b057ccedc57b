import { OTHERS } from "../../src/composition.ts";
import type { Io } from "../../src/project/io.ts";
import { run as runCommand } from "../../src/surfaces/cli/command.ts";
import { run as startProgram } from "../../src/surfaces/cli/run.ts";

/** One command line as the program runs it, with every surface that it can start. */
export const run = (argv: readonly string[], io: Io): Promise<number> => runCommand(argv, io, OTHERS);

/** The same from the program's own start, which passes the option parser by where it can. */
export const start = (argv: readonly string[], io: Io): Promise<number> => startProgram(argv, io, OTHERS);
