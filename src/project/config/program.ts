import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import type * as TypeScript from "typescript";
import { importModule } from "./import-module.ts";
import { type ReadConfig, reason } from "./text.ts";

/** Runs a configuration that is a program. `fresh`: again, where it was changed since. */
export async function readProgram(path: string, shown: string, fresh: boolean): Promise<ReadConfig> {
  try {
    const module = await importFile(path, fresh);
    if (module === undefined) {
      return {
        ok: false,
        message: `Node.js ${process.versions.node} cannot read ${shown}: rename it to lockstep.config.mjs or .json, install typescript in the project, or use Node.js 22.18 or later.`,
      };
    }
    const exported = isModule(module) ? module.default : undefined;
    if (exported === undefined)
      return { ok: false, message: `The configuration ${shown} has no default export: write export default { … }.` };
    return { ok: true, value: unwrapped(exported), prefix: [] };
  } catch (error) {
    return { ok: false, message: `The configuration ${shown} could not be loaded: ${reason(error)}.` };
  }
}

/** The same without waiting: Node.js loads modules so since 20.19, as long as they await nothing; TypeScript since 22.18. */
export function readProgramSync(path: string, shown: string): ReadConfig {
  try {
    const module = requireFile(path);
    const exported = isModule(module) && "default" in module ? module.default : module;
    return { ok: true, value: unwrapped(exported), prefix: [] };
  } catch (error) {
    return {
      ok: false,
      message: `The configuration ${shown} could not be loaded synchronously, as ESLint needs it (${reason(error)}): write it as lockstep.config.json.`,
    };
  }
}

/** What a module exports; undefined where it is TypeScript, and nothing here reads that. `fresh`: again, where it was changed since. */
export async function importFile(path: string, fresh: boolean): Promise<unknown> {
  const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (fresh) forgetIfChanged(path, changed);
  const url = `${pathToFileURL(path).href}${fresh ? `?${changed}` : ""}`;
  return path.endsWith(".ts") ? importTypeScript(path, url) : importModule(url);
}

/** Loaded again where it was changed: an editor's ESLint outlives that. Of an ES module there is one for good. */
export function requireFile(path: string): unknown {
  forgetIfChanged(path, statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return createRequire(path)(path);
}

const loadedAt = new Map<string, number>();

function forgetIfChanged(path: string, changed: number): void {
  if (loadedAt.get(path) === changed) return;
  loadedAt.set(path, changed);
  Reflect.deleteProperty(createRequire(path).cache, path);
}

const unwrapped = (exported: unknown): unknown =>
  isModule(exported) && exported.__esModule === true ? exported.default : exported;

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
    const { ModuleKind, ScriptTarget } = typescript;
    const options: TypeScript.CompilerOptions = {
      ...(ModuleKind && { module: ModuleKind.CommonJS }),
      ...(ScriptTarget && { target: ScriptTarget.ES2023 }),
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
