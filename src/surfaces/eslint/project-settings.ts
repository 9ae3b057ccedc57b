import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { parse, type ParseError } from "jsonc-parser";
import { rules } from "../../../rules/index.ts";
import { type BaselineEntry, readBaseline } from "../../engine/baseline.ts";
import { type Config, type ConfigFile, isRecord, resolveConfig } from "../../engine/config.ts";
import { display } from "../../source/disk/sources.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import { describeErrors } from "../../project/config/problem.ts";
import validate from "../../project/config/validator.js";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

/** What lockstep's own configuration says of a project, apart from the rules, which are ESLint's. */
export interface ProjectSettings {
  readonly config: Config;
  readonly baseline: readonly BaselineEntry[];
}

export const CONFIG_FILES = ["json", "jsonc", "js", "mjs", "ts"].map((extension) => `lockstep.config.${extension}`);
export const BASELINE_FILE = "lockstep.baseline.json";

/**
 * The directories whose configuration counts for migrations in `from`, the nearest first: up to the git root, without one up to `cwd`.
 * What lies above may be anybody's.
 */
export function configDirectories(from: string, cwd: string, gitRoot: string | undefined): readonly string[] {
  const inCwd = from === cwd || from.startsWith(cwd.endsWith(sep) ? cwd : cwd + sep);
  const top = gitRoot ?? (inCwd ? cwd : from);
  const found: string[] = [];
  for (let directory = from; ; directory = dirname(directory)) {
    found.push(directory);
    if (directory === top || dirname(directory) === directory) return found;
  }
}

/** The nearest configuration with its baseline, read synchronously, as ESLint reads everything. Fails with one sentence. */
export function readProjectSettings(directories: readonly string[], cwd: string): Outcome<ProjectSettings> {
  for (const directory of directories) {
    const names = CONFIG_FILES.filter((name) => isFile(join(directory, name)));
    const inPackage = packageSettings(directory);
    if (inPackage !== undefined) names.push("package.json");
    const [name] = names;
    if (name === undefined) continue;
    if (names.length > 1)
      return failure(
        `There is more than one lockstep configuration in ${display(cwd, directory)}: ${names.join(", ")}. Keep one.`,
      );
    const path = join(directory, name);
    const value =
      name === "package.json"
        ? success(inPackage)
        : /\.jsonc?$/.test(name)
          ? readJson(path, display(cwd, path))
          : readModule(path, display(cwd, path));
    if (!value.ok) return value;
    if (!validate(value.value)) {
      const [problem] = describeErrors(validate.errors ?? [], value.value, rules);
      return failure(`${display(cwd, path)}: ${problem?.message ?? "this is no configuration of lockstep."}`);
    }
    return withBaseline(value.value as ConfigFile, directory, cwd);
  }
  return withBaseline({}, cwd, cwd);
}

function withBaseline(file: ConfigFile, directory: string, cwd: string): Outcome<ProjectSettings> {
  const prefix = relative(directory, cwd).split(sep).join("/");
  const config = resolveConfig(file, rules, { prefix });
  const path = join(directory, config.baseline ?? BASELINE_FILE);
  const shown = display(cwd, path);
  if (!isFile(path)) {
    return config.baseline === undefined
      ? success({ config, baseline: [] })
      : failure(
          `The baseline ${shown} does not exist: create it with ${lockstep.check(IN_WORDS, { writeBaseline: true }).text}, or correct its path.`,
        );
  }
  const baseline = readBaseline(readFileSync(path, "utf8"));
  return baseline
    ? success({ config, baseline })
    : failure(
        `The baseline ${shown} is not one: delete it and write a new one with ${lockstep.check(IN_WORDS, { writeBaseline: true }).text}.`,
      );
}

function readJson(path: string, shown: string): Outcome<unknown> {
  const errors: ParseError[] = [];
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    return failure(`The configuration ${shown} cannot be read: ${firstLine(error)}.`);
  }
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  return errors.length === 0
    ? success(value)
    : failure(`The configuration ${shown} is not JSON: ${lockstep.check(IN_WORDS).text} says where.`);
}

/** Node.js loads modules synchronously since 20.19, as long as they await nothing; TypeScript since 22.18. */
function readModule(path: string, shown: string): Outcome<unknown> {
  const require = createRequire(path);
  try {
    // Loaded again: an editor's ESLint outlives a change of it. Of an ES module there is one for good.
    Reflect.deleteProperty(require.cache, path);
    const module: unknown = require(path);
    const exported = isRecord(module) && "default" in module ? module.default : module;
    return success(isRecord(exported) && exported.__esModule === true ? exported.default : exported);
  } catch (error) {
    return failure(
      `The configuration ${shown} could not be loaded synchronously, as ESLint needs it (${firstLine(error)}): write it as lockstep.config.json.`,
    );
  }
}

/** The key `lockstep` of a package.json; a package.json that is none is npm's to complain about. */
function packageSettings(directory: string): unknown {
  const path = join(directory, "package.json");
  if (!existsSync(path)) return undefined;
  try {
    const text = readFileSync(path, "utf8");
    if (!text.includes('"lockstep"')) return undefined;
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return isRecord(value) && Object.hasOwn(value, "lockstep") ? value.lockstep : undefined;
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? "").replace(/\.$/, "");
}
