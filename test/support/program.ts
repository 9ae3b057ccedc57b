import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPackage } from "./built-package.ts";

export interface BuiltProgram {
  /** Absolute: to be started by Node. */
  readonly cli: string;
  /** Absolute: the package as it would be installed. */
  readonly home: string;
  remove(): void;
}

/** The program as it is shipped, built from the source as it is, with its dependencies beside it. */
export async function builtProgram(): Promise<BuiltProgram> {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "lockstep-program-")));
  const home = join(place, "node_modules/lockstep");
  await buildPackage(home, ["program"]);
  return {
    cli: join(home, "dist/cli.cjs"),
    home,
    remove: () => {
      rmSync(place, { recursive: true, force: true });
    },
  };
}
