import { copyFileSync, cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown, type InputOptions, type OutputOptions } from "rolldown";

const root = join(import.meta.dirname, "../..");

export interface BuiltProgram {
  /** Absolute: to be started by Node. */
  readonly cli: string;
  /** Absolute: the package as it would be installed. */
  readonly home: string;
  remove(): void;
}

/** The program as it is shipped, built from the source as it stands, with its dependencies beside it. */
export async function builtProgram(): Promise<BuiltProgram> {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "lockstep-program-")));
  const home = join(place, "node_modules/lockstep");
  const cli = join(home, "dist/cli.cjs");
  const { program } = (await import(new URL("../../rolldown.config.mjs", import.meta.url).href)) as { program: InputOptions & { plugins: readonly { name: string }[]; output: OutputOptions } };
  const { output, plugins, ...input } = program;
  const bundle = await rolldown({ ...input, cwd: root, plugins: plugins.filter(({ name }) => name === "licenses"), logLevel: "silent" });
  await bundle.write({ ...output, dir: dirname(cli) });
  await bundle.close();
  copyFileSync(join(dirname(fileURLToPath(import.meta.resolve("libpg-query"))), "libpg-query.wasm"), join(dirname(cli), "libpg-query.wasm"));
  copyFileSync(join(root, "package.json"), join(home, "package.json"));
  cpSync(join(root, "rules"), join(home, "rules"), { recursive: true, filter: (path) => !path.endsWith(".ts") });
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
  return { cli, home, remove: () => { rmSync(place, { recursive: true, force: true }); } };
}
