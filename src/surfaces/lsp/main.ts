import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import type { Environment } from "../../evidence/base.ts";
import { serve } from "./server.ts";

/** Speaks the protocol on standard input and output. The connection ends the process with its client: it never settles. */
export function runLsp(env: Environment): Promise<never> {
  serve(createConnection(ProposedFeatures.all, process.stdin, process.stdout), env);
  return new Promise(() => undefined);
}
