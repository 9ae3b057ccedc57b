import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type * as AjvModule from "ajv";
import { isRecord, SEVERITIES } from "../../engine/config.ts";
import { type NamedPlugin, readPlugin, withPlugins } from "../../engine/plugin.ts";
import type { AnyRule } from "../../engine/rule.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import { pluginFile } from "./plugin-file.ts";
import { type ConfigProblem, describeErrors } from "./problem.ts";
import { importFile, requireFile } from "./program.ts";
import { reason } from "./text.ts";
import type { SchemaError } from "./validator.js";

export interface LoadedPlugins {
  /** lockstep's own rules, and those of the plugins behind them. */
  readonly rules: readonly AnyRule[];
  /** Absolute: the modules. */
  readonly files: readonly string[];
}

export type PluginsOutcome =
  | { readonly ok: true; readonly value: LoadedPlugins }
  | { readonly ok: false; readonly problem: ConfigProblem };

/** An entry of `plugins`, found. */
interface Source {
  readonly at: number;
  readonly called: string;
  /** Absolute; a configuration that is a program may give what a module exports. */
  readonly module: { readonly file: string } | { readonly exports: unknown };
}

/** Loads the modules that `plugins` names, from the configuration's folder. `fresh`: again, where they were changed since. */
export async function loadPlugins(
  entries: readonly unknown[],
  directory: string,
  own: readonly AnyRule[],
  fresh: boolean,
): Promise<PluginsOutcome> {
  const exported: [Source, Outcome<unknown>][] = [];
  for (const source of sources(entries, directory))
    exported.push([source.value, source.ok ? await exportsOf(source.value, fresh) : source]);
  return joined(exported, own);
}

/** The same for callers that cannot wait. */
export function loadPluginsSync(
  entries: readonly unknown[],
  directory: string,
  own: readonly AnyRule[],
): PluginsOutcome {
  return joined(
    sources(entries, directory).map((source) => [source.value, source.ok ? exportsOfSync(source.value) : source]),
    own,
  );
}

type Found =
  | { readonly ok: true; readonly value: Source }
  | { readonly ok: false; readonly value: Source; readonly message: string };

function sources(entries: readonly unknown[], directory: string): readonly Found[] {
  return entries.map((entry, at): Found => {
    if (typeof entry !== "string")
      return { ok: true, value: { at, called: `plugins[${at}]`, module: { exports: entry } } };
    const file = pluginFile(entry, directory);
    const value = { at, called: entry, module: { file: file.ok ? file.value : "" } };
    return file.ok ? { ok: true, value } : { ok: false, value, message: file.message };
  });
}

async function exportsOf({ module, called }: Source, fresh: boolean): Promise<Outcome<unknown>> {
  if ("exports" in module) return success(module.exports);
  try {
    const exported = await importFile(module.file, fresh);
    return exported === undefined
      ? failure(
          `Node.js ${process.versions.node} cannot read the plugin ${called}: write it in JavaScript, install typescript in the project, or use Node.js 22.18 or later.`,
        )
      : success(exported);
  } catch (error) {
    return failure(`The plugin ${called} could not be loaded: ${reason(error)}.`);
  }
}

function exportsOfSync({ module, called }: Source): Outcome<unknown> {
  if ("exports" in module) return success(module.exports);
  try {
    return success(requireFile(module.file));
  } catch (error) {
    const waits = error instanceof Error && "code" in error && error.code === "ERR_REQUIRE_ASYNC_MODULE";
    return failure(
      waits
        ? `The plugin ${called} awaits something at its top level, so that it cannot be loaded synchronously, as ESLint needs it: await inside of a function.`
        : `The plugin ${called} could not be loaded synchronously, as ESLint needs it: ${reason(error)}.`,
    );
  }
}

function joined(exported: readonly (readonly [Source, Outcome<unknown>])[], own: readonly AnyRule[]): PluginsOutcome {
  const plugins: NamedPlugin[] = [];
  const files = new Set<string>();
  const wrong = (at: number, message: string): PluginsOutcome => ({
    ok: false,
    problem: { path: ["plugins", at], name: false, message },
  });
  for (const [{ at, called, module }, outcome] of exported) {
    if (!outcome.ok) return wrong(at, outcome.message);
    // The same module by two ways is there once.
    if ("file" in module && files.has(module.file)) continue;
    if ("file" in module) files.add(module.file);
    const plugin = readPlugin(outcome.value, called);
    if (!plugin.ok) return wrong(at, plugin.message);
    const page = plugin.value.rules.map((rule) => pageMistake(rule, called)).find((mistake) => mistake !== undefined);
    if (page !== undefined) return wrong(at, page);
    plugins.push(plugin.value);
    const all = withPlugins(own, plugins);
    if (!all.ok) return wrong(at, all.message);
  }
  const rules = withPlugins(own, plugins);
  return rules.ok ? { ok: true, value: { rules: rules.value, files: [...files] } } : wrong(0, rules.message);
}

function pageMistake({ id, docs }: AnyRule, called: string): string | undefined {
  if (typeof docs === "string" && /^\S+\.(?:md|markdown)$/.test(docs.trim()) && !/^(?:https?|file):/.test(docs))
    return `docs of the rule ${id} of the plugin ${called} is ${JSON.stringify(docs)}, a path as a text: write new URL(${JSON.stringify(docs)}, import.meta.url).`;
  const href = docs instanceof URL ? docs.href : docs;
  return href?.startsWith("file:") && !existsSync(fileURLToPath(href))
    ? `The page of the rule ${id} of the plugin ${called} does not exist: ${fileURLToPath(href)}. Write it, or correct docs.`
    : undefined;
}

/** What the compiled schema leaves open where there are plugins: names of rules, and the options of theirs. */
export function mistakesWithPlugins(
  config: unknown,
  rules: readonly AnyRule[],
  own: readonly AnyRule[],
): readonly ConfigProblem[] {
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const theirs = new Set(rules.slice(own.length));
  const { rules: settings, ignores } = isRecord(config) ? config : {};
  const errors: SchemaError[] = [];
  for (const [id, setting] of Object.entries(isRecord(settings) ? settings : {})) {
    const rule = known.get(id);
    if (!rule)
      errors.push({ instancePath: "/rules", schemaPath: "", keyword: "propertyNames", params: { propertyName: id } });
    else if (theirs.has(rule) && Array.isArray(setting)) errors.push(...optionErrors(rule, setting[1]));
  }
  for (const [at, ignore] of (Array.isArray(ignores) ? (ignores as readonly unknown[]) : []).entries()) {
    const named: unknown = isRecord(ignore) ? ignore["rules"] : undefined;
    for (const [index, id] of (Array.isArray(named) ? (named as readonly unknown[]) : []).entries())
      if (typeof id === "string" && !known.has(id))
        errors.push({
          instancePath: `/ignores/${at}/rules/${index}`,
          schemaPath: "",
          keyword: "enum",
          params: { allowedValues: [...known.keys()] },
        });
  }
  return describeErrors(errors, config, rules);
}

/** By ajv itself: what is compiled into lockstep knows its own rules alone. */
function optionErrors(rule: AnyRule, given: unknown): readonly SchemaError[] {
  const at = `/rules/${rule.id.replaceAll("/", "~1")}`;
  if (!rule.options)
    return [{ instancePath: at, schemaPath: "", keyword: "enum", params: { allowedValues: ["off", ...SEVERITIES] } }];
  const { Ajv } = createRequire(import.meta.url)("ajv") as typeof AjvModule;
  const validate = new Ajv({ allErrors: true, messages: false, strict: false }).compile(rule.options.schema);
  if (validate(given)) return [];
  return (validate.errors ?? []).map((error) => ({ ...error, instancePath: `${at}/1${error.instancePath}` }));
}
