import { copyFileSync, cpSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown, type InputOptions, type OutputOptions, type RolldownPluginOption } from "rolldown";

type Build = Omit<InputOptions, "plugins"> & {
  readonly plugins: RolldownPluginOption[];
  readonly output: OutputOptions;
};

/** Writes the package into `folder` as it is shipped, as far as it consists of the named builds of rolldown.config.mjs. Packages beside it are this repository's. */
export async function buildPackage(
  folder: string,
  names: readonly ("program" | "library" | "eslint")[],
): Promise<void> {
  const root = join(import.meta.dirname, "../..");
  const builds = (await import(new URL("../../rolldown.config.mjs", import.meta.url).href)) as Record<
    (typeof names)[number],
    Build
  >;
  for (const name of names) {
    const { output, plugins, ...input } = builds[name];
    // These two touch the dist of the repository.
    const own = (plugins.flat() as { readonly name: string }[])
      .map((plugin) => (plugin.name === "grammar" ? { ...plugin, writeBundle: undefined } : plugin))
      .filter((plugin) => plugin.name !== "clean-dist");
    const bundle = await rolldown({ ...input, cwd: root, plugins: own });
    await bundle.write({ ...output, dir: join(folder, "dist") });
    await bundle.close();
  }
  mkdirSync(join(folder, "dist"), { recursive: true });
  copyFileSync(
    join(dirname(fileURLToPath(import.meta.resolve("libpg-query"))), "libpg-query.wasm"),
    join(folder, "dist/libpg-query.wasm"),
  );
  copyFileSync(join(root, "package.json"), join(folder, "package.json"));
  cpSync(join(root, "rules"), join(folder, "rules"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
}
