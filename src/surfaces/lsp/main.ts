import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import type { Io } from "../../project/io.ts";
import { serve } from "./server.ts";

/** Speaks the protocol on standard input and output. The connection ends the process with its client: it never settles. */
export async function runLsp({ env, stderr }: Pick<Io, "env" | "stderr">): Promise<never> {
  if (process.stdin.isTTY)
    await stderr.write(
      "lockstep: lsp talks to editors, which start it by themselves; docs/editors.md says how. Ctrl-C ends it.\n",
    );
  serve(createConnection(ProposedFeatures.all, process.stdin, process.stdout), env);
  return new Promise(() => undefined);
}
