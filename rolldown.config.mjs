import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "rolldown";
import { configValidator } from "./build/validator.mjs";

const dist = "dist";

/**
 * What `lockstep check FILE` loads is bundled, libpg-query included: whole process 118 ms with it outside, 102 ms with it
 * inside (Node 20, median of 25). What is loaded on demand for other work stays a dependency and gets its updates.
 */
const external = [
  "globby",
  "pgsql-ast-parser",
  "pg",
  /^@electric-sql\//,
  /^@prisma\//,
  /^vscode-languageserver/,
  /^@eslint\//,
  /^@clack\//,
];

/** A warning fails the build: nobody reads them. */
export function onLog(level, log, handle) {
  if (level === "warn") throw new Error(log.message);
  handle(level, log);
}

const shared = {
  platform: "node",
  onLog,
  external,
  // libpg-query names its ES module under "module" only.
  resolve: { mainFields: ["module", "main"] },
};

// Stack traces in bug reports must be readable.
const output = { dir: dist, minify: false, comments: { legal: true, annotation: true, jsdoc: false } };

/** What the program starts with: a hook with nothing to check ends here. */
const START = [
  "src/project/io.ts",
  "src/surfaces/cli/run.ts",
  "src/surfaces/cli/staged-changes.ts",
  "src/project/config/import-module.ts",
];

/** What a check of one file goes through: the files that it starts with import(). What they import statically is with them, nothing else. */
const CHECK = [
  "src/surfaces/cli/check.ts",
  "src/sql/postgres/read.ts",
  "src/report/text/index.ts",
  "src/project/config/validator.js",
];

/**
 * The program, as CommonJS with all that a check of one file needs in one chunk: 0.90 times the whole process of ES
 * modules in many chunks (Node 20, median of 13 pairs).
 */
export const program = defineConfig({
  ...shared,
  input: { cli: "src/main.ts" },
  plugins: [
    grammar(),
    configValidator(),
    semverOnDemand(),
    ascii(),
    withoutImport(["check.cjs", "grammar.cjs"]),
    builds("start.cjs"),
    licenses("third-party-licenses.md"),
  ],
  output: {
    ...output,
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name].cjs",
    codeSplitting: {
      groups: [
        { name: "grammar", test: /node_modules[\\/]libpg-query[\\/]/ },
        { debugName: "start", name: chunk("start", START) },
        { debugName: "check", name: chunk("check", CHECK) },
      ],
    },
  },
});

/** The public interface and the rules, as ES modules. */
export const library = defineConfig({
  ...shared,
  input: { index: "src/index.ts", rules: "rules/index.ts" },
  plugins: [cleanDist(), grammar()],
  output: { ...output, format: "esm", entryFileNames: "[name].js", chunkFileNames: "[name].js" },
});

/**
 * ESLint's plugin, in one file that awaits nothing: ESLint's parse() is synchronous, and Node.js gives such a module to require() too, for
 * configurations that are CommonJS.
 */
export const eslint = defineConfig({
  ...shared,
  external: external.filter((name) => name !== "pgsql-ast-parser"),
  input: { eslint: "src/surfaces/eslint/plugin.ts" },
  plugins: [grammar(), configValidator(), synchronousGrammar(), portableOnDemand(), semverOnDemand()],
  output: { ...output, format: "esm", entryFileNames: "[name].js", codeSplitting: false },
});

/** Threads and processes that both of them start from a file beside their own. */
export const started = [
  ["embedded", "embedded-worker"],
  ["server", "guardian-process"],
].map(([stage, name]) =>
  defineConfig({
    ...shared,
    input: { [name]: `src/rehearsal/stage/${stage}/${name}.mjs` },
    output: { ...output, format: "esm", entryFileNames: "[name].mjs" },
  }),
);

export default [library, eslint, program, ...started];

function chunk(name, entries) {
  let modules;
  return (id, context) => {
    modules ??= staticallyReached(
      entries.map((path) => join(import.meta.dirname, path)),
      context,
    );
    return modules.has(id) ? name : null;
  };
}

function staticallyReached(entries, context) {
  const reached = new Set(entries);
  for (const id of reached) {
    const info = context.getModuleInfo(id);
    if (!info) throw new Error(`${id} is not part of the program: a check goes another way now`);
    for (const imported of info.importedIds) if (context.getModuleInfo(imported)) reached.add(imported);
  }
  return reached;
}

/** Only a project without a lock file has a range to read: the expressions that semver makes as it starts can wait for that. */
function semverOnDemand() {
  return {
    name: "semver-on-demand",
    resolveId: {
      filter: { id: /^semver\// },
      handler: (id, importer) => (importer?.startsWith("\0on-demand:") ? null : `\0on-demand:${id}`),
    },
    load: {
      filter: { id: /^\0on-demand:/ },
      handler: (id) => `export default (...given) => require("${id.slice("\0on-demand:".length)}")(...given);`,
    },
  };
}

function cleanDist() {
  return { name: "clean-dist", buildStart: () => rmSync(dist, { recursive: true, force: true }) };
}

/** V8 keeps a source in half of the memory, and takes it over faster, where no character of it is beyond ASCII. */
function ascii() {
  return {
    name: "ascii",
    renderChunk(code) {
      if (/String\.raw`[^`]*[^\x00-\x7f]/.test(code))
        throw new Error("String.raw with a character beyond ASCII: an escape would be shown as it is written");
      return code.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
    },
  };
}

/** These are loaded from compiled code: src/surfaces/cli/code-cache.ts. */
function withoutImport(names) {
  return {
    name: "without-import",
    generateBundle(_options, bundle) {
      for (const name of names) {
        const [line] = /^.*(?<![.\w$])import\s*\(.*$/m.exec(bundle[name].code) ?? [];
        if (line)
          throw new Error(
            `${name} has an import() that Node.js 20 cannot do there: use importModule() or process.getBuiltinModule(). ${line.trim()}`,
          );
      }
    },
  };
}

/** Compiled code is kept for the text that it was made of: src/surfaces/cli/code-cache.ts. */
function builds(name) {
  return {
    name: "builds",
    generateBundle(_options, bundle) {
      let hashes = 0;
      bundle[name].code = bundle[name].code.replace(/@build:(\w+)/g, (_, chunk) => {
        hashes++;
        return createHash("sha256").update(bundle[`${chunk}.cjs`].code).digest("base64url").slice(0, 12);
      });
      if (hashes !== 2) throw new Error(`${name} has ${hashes} places for the hash of a chunk, not 2`);
    },
  };
}

/** libpg-query looks for its WebAssembly beside the script that it is in, by a name that ES modules do not have. */
export function grammar(folder = dist) {
  const wasm = join(dirname(fileURLToPath(import.meta.resolve("libpg-query"))), "libpg-query.wasm");
  return {
    name: "grammar",
    transform: {
      filter: { id: /node_modules[\\/]libpg-query[\\/]wasm[\\/]libpg-query\.js$/ },
      handler: (code) =>
        replacedOnce(
          code.replaceAll("__dirname", "import.meta.dirname").replaceAll("__filename", "import.meta.filename"),
          // A copy of what was read, which nobody else holds.
          "return new Uint8Array(response)",
          "return response",
        ),
    },
    writeBundle: () => copyFileSync(wasm, join(folder, "libpg-query.wasm")),
  };
}

function replacedOnce(text, before, after) {
  if (text.split(before).length !== 2)
    throw new Error(`libpg-query has not one "${before}" any more: look how its WebAssembly gets ready now`);
  return text.replace(before, () => after);
}

/** libpg-query compiles its WebAssembly when it is imported, and asynchronously; here at the first loadModule(), which returns when it is ready. */
function synchronousGrammar() {
  const replacing = (id, replacements) => ({
    name: `synchronous-grammar-${replacements.length}`,
    transform: {
      filter: { id },
      handler: (code) => replacements.reduce((text, [before, after]) => replacedOnce(text, before, after), code),
    },
  });
  return [
    replacing(/node_modules[\\/]libpg-query[\\/]wasm[\\/]libpg-query\.js$/, [
      ["return async function(moduleArg={})", "return function(moduleArg={})"],
      ["async function createWasm()", "function createWasm()"],
      [
        "var result=await instantiateAsync(wasmBinary,wasmBinaryFile,info)",
        "var result={instance:new WebAssembly.Instance(new WebAssembly.Module(getBinarySync(wasmBinaryFile)),info)}",
      ],
      // Nothing in run() waits: it has no dependencies and no status to show.
      ["wasmExports=await createWasm();await run();", "wasmExports=createWasm();run();"],
    ]),
    replacing(/node_modules[\\/]libpg-query[\\/]wasm[\\/]index\.js$/, [
      [
        "const initPromise = PgQueryModule().then((module) => {\n    wasmModule = module;\n});",
        "const initPromise = undefined;",
      ],
      [
        "export async function loadModule() {\n    if (!wasmModule) {\n        await initPromise;\n    }\n}",
        "export async function loadModule() {\n    wasmModule ??= PgQueryModule();\n}",
      ],
    ]),
  ];
}

/** For `parser: "portable"` alone, and half of the time that the plugin takes to load: 35 ms without it, 80 with it (Node 20). */
function portableOnDemand() {
  const name = "pgsql-ast-parser";
  return {
    name: "portable-on-demand",
    resolveId: { filter: { id: /^pgsql-ast-parser$/ }, handler: () => `\0${name}` },
    load: {
      filter: { id: /^\0pgsql-ast-parser$/ },
      handler: () => `
        import { createRequire } from "node:module";
        const require = createRequire(import.meta.url);
        let parser;
        const loaded = () => (parser ??= require("${name}"));
        export const parse = (...given) => loaded().parse(...given);
        export const toSql = { statement: (...given) => loaded().toSql.statement(...given) };`,
    },
  };
}

/** The licences of bundled packages ask to be passed on. */
export function licenses(fileName) {
  return {
    name: "licenses",
    generateBundle(_options, bundle) {
      const packages = new Set();
      for (const chunk of Object.values(bundle)) {
        for (const id of chunk.moduleIds ?? []) {
          const folder = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id)?.[1];
          if (folder) packages.add(folder.replace(/^\0/, ""));
        }
      }
      const sections = [...packages].sort().map((folder) => {
        const { name, version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        const file = readdirSync(folder).find((each) => /^licen[cs]e(?:-mit)?(?:\.(?:md|txt))?$/i.test(each));
        if (!file && typeof license !== "string")
          throw new Error(`${name} is bundled, but says nowhere in ${folder} under which licence`);
        const text = file
          ? readFileSync(join(folder, file), "utf8").trim()
          : `${license}, by its package.json${author ? `; author: ${author.name ?? author}` : ""}`;
        return `## ${name} ${version}\n\n${text}\n`;
      });
      this.emitFile({
        type: "asset",
        fileName,
        source: `# Packages that are part of this build\n\n${sections.join("\n")}`,
      });
    },
  };
}
