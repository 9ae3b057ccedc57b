import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { decode } from "../source/encoding.ts";
import { type MigrationSource, replaceSources } from "../source/history.ts";
import { looseHistory } from "../source/layout.ts";
import type { Outcome } from "../source/outcome.ts";
import { failure, success } from "../source/outcome.ts";
import { type Inputs, POSTGRES } from "./inputs.ts";
import type { Evidence } from "../evidence/evidence.ts";

/** A text that was given instead of a file. */
export interface StdinText {
  readonly bytes: Uint8Array;
  /** The file that it stands for. */
  readonly filename?: string | undefined;
}

/**
 * The text in place of the file that it stands for, in that file's history; without one it is a history of its own. `load` reads the
 * migrations that paths name, and without any those around.
 */
export async function loadStdin(
  cwd: string,
  { bytes, filename }: StdinText,
  known: Partial<Pick<Evidence, "execution" | "postgres">>,
  load: (paths: readonly string[]) => Promise<Outcome<Inputs>>,
): Promise<Outcome<Inputs>> {
  if (filename !== undefined && existsSync(resolve(cwd, filename))) {
    const inputs = await load([filename]);
    if (!inputs.ok) return inputs;
    const isIt = ({ path }: { readonly path: string }): boolean => resolve(cwd, path) === resolve(cwd, filename);
    const files = ({ up, down }: MigrationSource) => [up, down].flatMap((file) => file ?? []);
    if (!inputs.value.histories.some(({ migrations }) => migrations.flatMap(files).some(isIt)))
      return failure(`--stdin-filename ${filename} is no SQL file: name the file that standard input stands for.`);
    const histories = replaceSources(inputs.value.histories, (file) => (isIt(file) ? decode(file.path, bytes) : file));
    return success({ ...inputs.value, histories });
  }
  const history = looseHistory([decode((filename ?? "stdin.sql").replaceAll("\\", "/"), bytes)], () => "pending");
  const around = await load([]);
  if (around.ok) return success({ ...around.value, each: false, histories: [history] });
  return success({
    histories: [history],
    each: false,
    evidence: {
      execution: known.execution ?? { mode: "unknown", because: "no Prisma version is known" },
      postgres: known.postgres ?? POSTGRES,
    },
  });
}
