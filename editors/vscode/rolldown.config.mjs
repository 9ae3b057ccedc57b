import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "rolldown";
import { configValidator } from "../../build/validator.mjs";
import { grammar, licenses, onLog } from "../../rolldown.config.mjs";
import { icon } from "./icon.mjs";

const home = import.meta.dirname;
const root = join(home, "..", "..");
const dist = join(home, "dist");
const server = join(home, "server");

const output = {
  format: "cjs",
  entryFileNames: "[name].cjs",
  chunkFileNames: "[name].cjs",
  minify: false,
  comments: { legal: true, annotation: true, jsdoc: false },
};

/** What the editor loads. */
const extension = defineConfig({
  cwd: home,
  onLog,
  platform: "node",
  input: { extension: "src/extension.ts" },
  external: ["vscode"],
  plugins: [
    emptied(dist),
    licenses("third-party-licenses.md"),
    { name: "icon", writeBundle: () => writeFileSync(join(dist, "icon.png"), icon()) },
  ],
  output: { ...output, dir: dist },
});

/**
 * A lockstep for projects that have none: all of it but what a rehearsal needs, which is ten times as large as the rest
 * and belongs to the project (PostgreSQL, Prisma's schema engine). It is laid out like the package, so that it finds its pages.
 */
const bundled = defineConfig({
  cwd: root,
  onLog,
  platform: "node",
  input: { cli: "src/main.ts" },
  external: ["pg", /^@electric-sql\//, /^@prisma\//],
  resolve: { mainFields: ["module", "main"] },
  plugins: [
    emptied(server),
    grammar(join(server, "dist")),
    configValidator(),
    licenses("third-party-licenses.md"),
    { name: "pages", writeBundle: copyPackage },
  ],
  output: { ...output, dir: join(server, "dist") },
});

export default [extension, bundled];

function emptied(folder) {
  return { name: "emptied", buildStart: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The files of the package that the program reads. */
function copyPackage() {
  const { name, version, license, bin, dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(
    join(server, "package.json"),
    `${JSON.stringify({ name, version, license, bin, dependencies }, undefined, 2)}\n`,
  );
  cpSync(join(root, "schema"), join(server, "schema"), { recursive: true });
  cpSync(join(root, "rules"), join(server, "rules"), {
    recursive: true,
    filter: (path) => path.endsWith(".md") || statSync(path).isDirectory(),
  });
}
