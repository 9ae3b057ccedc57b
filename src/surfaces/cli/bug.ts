import type { Io } from "../../project/io.ts";
import { issuesAddress } from "../../project/product.ts";
import { said, stackOf } from "../../report/crash.ts";

/** Says that a command was ended by an exception, which is a bug: as one sentence, and with --debug where it was thrown. */
export async function reportBug(
  error: unknown,
  argv: readonly string[],
  { stderr }: Pick<Io, "stderr">,
): Promise<void> {
  const debug = argv.includes("--debug");
  const address = issuesAddress();
  await stderr.write(
    `lockstep: An internal error (${said(error)}) ended the command before it was done: please report it${address === undefined ? "" : ` at ${address}`}, with what the command was given.${debug ? "" : " --debug shows where it was thrown."}\n${debug ? `${stackOf(error)}\n` : ""}`,
  );
}
