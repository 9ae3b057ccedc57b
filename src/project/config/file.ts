import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import type * as TypeScript from "typescript";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { ParseError } from "jsonc-parser";
import { isRecord, type ConfigFile } from "../../engine/config.ts";
import type { AnyRule } from "../../engine/rule.ts";
import type { Range, SourceFile } from "../../source/text.ts";
import { describeErrors, formatProblems, type ConfigProblem, type PlacedProblem } from "./problem.ts";
import { importModule } from "./import-module.ts";

const EXTENSIONS = ["json", "jsonc", "js", "mjs", "ts"] as const;
const NAMES: readonly string[] = EXTENSIONS.map((extension) => `lockstep.config.${extension}`);

export type LoadedConfig =
  /** `directory` is absolute: what the configuration's paths are relative to. Without `path` there is no configuration. */
  | { readonly ok: true; readonly config: ConfigFile; readonly directory: string; readonly path?: string }
  | {
      readonly ok: false;
      readonly message: string /** Absolute, where it is one file that is wrong. */;
      readonly path?: string /** Its text, and the mistakes that have a place in it. */;
      readonly file?: SourceFile | undefined;
      readonly problems?: readonly PlacedProblem[];
    };

export interface ConfigSearch {
  /** Absolute: what paths in messages count from, and where the search begins. */
  readonly cwd: string;
  /** Absolute: where the search begins instead, in an editor's project. */
  readonly from?: string;
  /** --config: no search then. */
  readonly path?: string | undefined;
  readonly rules: readonly AnyRule[];
  /** Read programs again that were loaded before: for a process that outlives a change of them. */
  readonly fresh?: boolean;
  /** False: a configuration that is a program is not run, which is a mistake of its own then. */
  readonly programs?: boolean;
  /** How mistakes are shown. */
  readonly color: boolean;
  readonly columns: number;
}

/**
 * The configuration for `cwd`: lockstep.config.* or the key `lockstep` in package.json, in the nearest directory
 * from `from` up to the one that holds .git. Outside of a git work tree the search ends at `cwd`: what lies
 * above it may be anybody's, and a configuration can be a program.
 */
export async function loadConfig(search: ConfigSearch): Promise<LoadedConfig> {
  const found = search.path === undefined ? find(search) : named(search.path, search.cwd);
  if (found === undefined) return { ok: true, config: {}, directory: search.cwd };
  if ("message" in found) return { ok: false, message: found.message };
  const { path } = found;
  const shown = relative(search.cwd, path).replaceAll("\\", "/");
  const read = await readConfig(path, shown, search);
  if (!read.ok)
    return read.problem
      ? {
          ok: false,
          message: formatProblems(read.file, [read.problem], search),
          path,
          file: read.file,
          problems: [read.problem],
        }
      : { ok: false, message: `${read.message}\n`, path };
  const { default: validate } = await import("./validator.js");
  if (validate(read.value)) return { ok: true, config: read.value as ConfigFile, directory: dirname(path), path };
  const problems = describeErrors(validate.errors ?? [], read.value, search.rules);
  const placed = read.file ? await place(read.file, problems, read.prefix) : problems;
  return {
    ok: false,
    message: formatProblems(read.file ?? { path: shown, text: "" }, placed, search),
    path,
    file: read.file,
    problems: placed,
  };
}

function find({ cwd, from = cwd }: ConfigSearch): { readonly path: string } | { readonly message: string } | undefined {
  for (const directory of configDirectories(from, cwd)) {
    const names = NAMES.filter((name) => isFile(join(directory, name)));
    if (packageConfig(directory) !== undefined) names.push("package.json");
    if (names.length > 1) {
      return {
        message: `There is more than one configuration in ${relative(cwd, directory) || "this directory"}: ${names.join(", ")}. Keep one, or name one with --config.\n`,
      };
    }
    const [name] = names;
    if (name !== undefined) return { path: join(directory, name) };
  }
  return undefined;
}

/** The directories whose configuration counts for what is in `from`, the nearest first. */
function configDirectories(from: string, cwd: string): readonly string[] {
  const inside = from === cwd || from.startsWith(cwd.endsWith(sep) ? cwd : cwd + sep);
  const top = gitRoot(from) ?? (inside ? cwd : from);
  const found: string[] = [];
  for (let directory = from; ; directory = dirname(directory)) {
    found.push(directory);
    if (directory === top || dirname(directory) === directory) return found;
  }
}

function named(path: string, cwd: string): { readonly path: string } | { readonly message: string } {
  const full = resolve(cwd, path);
  if (!isFile(full))
    return {
      message: `The configuration ${path} does not exist${existsSync(full) ? " as a file" : ""}. Check the path given with --config.\n`,
    };
  if (basename(full) === "package.json") {
    return packageConfig(dirname(full)) === undefined
      ? { message: `${path} has no key lockstep. Add it, or name another file with --config.\n` }
      : { path: full };
  }
  if (!(EXTENSIONS as readonly string[]).includes(extname(full).slice(1)))
    return {
      message: `The configuration ${path} cannot be read: its name must end in ${EXTENSIONS.map((each) => `.${each}`).join(", ")}.\n`,
    };
  return { path: full };
}

/** The nearest directory from `cwd` upward that holds .git (a directory, or a file in worktrees). */
function gitRoot(cwd: string): string | undefined {
  for (let directory = cwd; ; directory = dirname(directory)) {
    if (existsSync(join(directory, ".git"))) return directory;
    if (dirname(directory) === directory) return undefined;
  }
}

/** The key `lockstep` of a package.json; a package.json that is none is npm's to complain about. */
function packageConfig(directory: string): { readonly text: string; readonly value: unknown } | undefined {
  const path = join(directory, "package.json");
  if (!isFile(path)) return undefined;
  try {
    const text = readFileSync(path, "utf8");
    if (!text.includes('"lockstep"')) return undefined;
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return isRecord(value) && Object.hasOwn(value, "lockstep") ? { text, value: value.lockstep } : undefined;
  } catch {
    return undefined;
  }
}

type ReadConfig =
  /** With `file` where mistakes have places in it; `prefix` leads to the configuration inside it. */
  | { readonly ok: true; readonly value: unknown; readonly file?: SourceFile; readonly prefix: readonly string[] }
  | { readonly ok: false; readonly message: string; readonly problem?: undefined }
  | { readonly ok: false; readonly problem: PlacedProblem; readonly file: SourceFile };

async function readConfig(
  path: string,
  shown: string,
  { fresh = false, programs = true }: ConfigSearch,
): Promise<ReadConfig> {
  if (basename(path) === "package.json") {
    const found = packageConfig(dirname(path));
    return { ok: true, value: found?.value, file: { path: shown, text: found?.text ?? "" }, prefix: ["lockstep"] };
  }
  if (!/\.jsonc?$/.test(path)) {
    if (!programs)
      return {
        ok: false,
        message: `The configuration ${shown} is a program, and is not run in a workspace that is not trusted.`,
      };
    return readModule(path, shown, fresh);
  }
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return { ok: false, message: `The configuration ${shown} cannot be read: ${reason(error)}.` };
  }
  return readJson({ path: shown, text });
}

async function readJson(file: SourceFile): Promise<ReadConfig> {
  try {
    return { ok: true, value: JSON.parse(file.text.replace(/^\uFEFF/, "")) as unknown, file, prefix: [] };
  } catch {
    // It has comments, or a mistake: for both there is the parser that knows places.
  }
  const { parse, printParseErrorCode } = await import("jsonc-parser");
  const errors: ParseError[] = [];
  const bom = file.text.startsWith("\uFEFF") ? 1 : 0;
  const value: unknown = parse(file.text.slice(bom), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (!first) return { ok: true, value, file, prefix: [] };
  if (file.text.slice(bom).trim() === "")
    return { ok: false, message: `The configuration ${file.path} is empty: write {} for all defaults.` };
  const words = printParseErrorCode(first.error)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  const start = first.offset + bom;
  return {
    ok: false,
    problem: { message: `This is not JSON: ${words}.`, range: { start, end: start + Math.max(1, first.length) } },
    file,
  };
}

async function readModule(path: string, shown: string, fresh: boolean): Promise<ReadConfig> {
  const url = `${pathToFileURL(path).href}${fresh ? `?${statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0}` : ""}`;
  try {
    const module: unknown = path.endsWith(".ts") ? await importTypeScript(path, url) : await importModule(url);
    if (module === undefined) {
      return {
        ok: false,
        message: `Node.js ${process.versions.node} cannot read ${shown}: rename it to lockstep.config.mjs or .json, install typescript in the project, or use Node.js 22.18 or later.`,
      };
    }
    const exported = isModule(module) ? module.default : undefined;
    if (exported === undefined)
      return { ok: false, message: `The configuration ${shown} has no default export: write export default { … }.` };
    return {
      ok: true,
      value: isModule(exported) && exported.__esModule === true ? exported.default : exported,
      prefix: [],
    };
  } catch (error) {
    return { ok: false, message: `The configuration ${shown} could not be loaded: ${reason(error)}.` };
  }
}

function isModule(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** By Node.js itself where it strips types, else by the project's own typescript or jiti; undefined where there is none. */
async function importTypeScript(path: string, url: string): Promise<unknown> {
  const features = process.features as { readonly typescript?: string | false };
  if (features.typescript) return importModule(url);
  const require = createRequire(path);
  const typescript = optional(require, "typescript") as Partial<typeof TypeScript> | undefined;
  // TypeScript 7 has no transpileModule.
  if (typescript?.transpileModule) {
    const { compileFunction } = process.getBuiltinModule("node:vm");
    const options = {
      module: 1 satisfies TypeScript.ModuleKind.CommonJS,
      target: 10 satisfies TypeScript.ScriptTarget.ES2023,
      esModuleInterop: true,
    };
    const { outputText } = typescript.transpileModule(readFileSync(path, "utf8"), {
      compilerOptions: options,
      fileName: path,
    });
    const module: { exports: unknown } = { exports: {} };
    (
      compileFunction(outputText, ["exports", "require", "module", "__filename", "__dirname"], { filename: path }) as (
        ...args: unknown[]
      ) => void
    )(module.exports, require, module, path, dirname(path));
    return module.exports;
  }
  const jiti = optional(require, "jiti") as
    | { readonly createJiti?: (from: string) => { import: (path: string) => Promise<unknown> } }
    | undefined;
  return jiti?.createJiti?.(path).import(path);
}

function optional(require: NodeJS.Require, name: string): unknown {
  try {
    return require(name);
  } catch {
    return undefined;
  }
}

/** Finds each problem in the text that the configuration was read from. */
async function place(
  file: SourceFile,
  problems: readonly ConfigProblem[],
  prefix: readonly string[],
): Promise<readonly PlacedProblem[]> {
  const { parseTree, findNodeAtLocation } = await import("jsonc-parser");
  const bom = file.text.startsWith("\uFEFF") ? 1 : 0;
  const root = parseTree(file.text.slice(bom), [], { allowTrailingComma: true });
  return problems.map(({ path, name, message }): PlacedProblem => {
    const value = root && findNodeAtLocation(root, [...prefix, ...path]);
    const node = name ? value?.parent?.children?.[0] : value;
    if (!node) return { message };
    const range: Range = { start: node.offset + bom, end: node.offset + bom + node.length };
    return { message, range };
  });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The first line of an error, without the full stop at its end. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? "").replace(/\.$/, "");
}
