import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The first of `names` that is on PATH. In CI all programs are there (.ci/run installs them), so that a test which needs one fails
 * rather than be skipped.
 */
export function installed(...names: readonly string[]): string | undefined {
  for (const name of names) {
    for (const directory of (process.env["PATH"] ?? "").split(delimiter))
      if (directory !== "" && existsSync(join(directory, name))) return join(directory, name);
  }
  return undefined;
}

/** Whether a test that needs `program` may be left out here. */
export const mayLack = (program: string | undefined): boolean =>
  program === undefined && process.env["CI"] === undefined;
