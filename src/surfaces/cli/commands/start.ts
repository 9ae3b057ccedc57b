import type { Command } from "commander";
import type { Io } from "../../../project/io.ts";
import type { OtherSurfaces } from "../others.ts";

/** What the commands of the command line are made with. */
export interface Start {
  readonly program: Command;
  readonly io: Io;
  readonly others: OtherSurfaces;
  /** Takes the exit code. */
  end(code: number): void;
}
