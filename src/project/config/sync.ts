import * as jsonc from "jsonc-parser";
import { position } from "../../source/text.ts";
import { dirname } from "node:path";
import {
  type ConfigSearch,
  invalid,
  type LoadedConfig,
  pluginsOf,
  shownPath,
  unreadable,
  valid,
  withNames,
} from "./file.ts";
import { loadPluginsSync, mistakesWithPlugins } from "./plugins.ts";
import { type ConfigProblem, describeErrors } from "./problem.ts";
import { readProgramSync } from "./program.ts";
import { findConfig } from "./search.ts";
import { readConfigText, readJsonc } from "./text.ts";
import validate from "./validator.js";

/** loadConfig() for callers that cannot wait. Whatever may be needed is loaded with this file. */
export function loadConfigSync(search: ConfigSearch): LoadedConfig {
  const { cwd, from = cwd } = search;
  const found = findConfig(cwd, from, search.path);
  if (found === undefined) return { ok: true, config: {}, directory: cwd };
  if ("message" in found) return { ok: false, message: found.message };
  const { path } = found;
  const shown = shownPath(path, search);
  const text = readConfigText(path, shown);
  const read =
    text.kind === "read"
      ? text.read
      : text.kind === "jsonc"
        ? readJsonc(text.file, jsonc)
        : readProgramSync(path, shown);
  if (!read.ok) return unreadable(path, read, search);
  const wrong = (problems: readonly ConfigProblem[]): LoadedConfig => invalid(path, read, problems, search, jsonc);
  if (!validate(withNames(read.value)))
    return wrong(describeErrors(validate.errors ?? [], withNames(read.value), search.rules));
  const named = pluginsOf(read.value);
  if (named.length === 0) return valid(path, read);
  const plugins = loadPluginsSync(named, dirname(path), search.rules);
  if (!plugins.ok) return wrong([plugins.problem]);
  const mistakes = mistakesWithPlugins(read.value, plugins.value.rules, search.rules);
  return mistakes.length > 0 ? wrong(mistakes) : { ...valid(path, read), plugins: plugins.value };
}

/** The first mistake as one sentence, for who has one line. */
export function firstMistake({ message, file, problems = [] }: LoadedConfig & { readonly ok: false }): string {
  const [first] = problems;
  if (!file || !first) return message.trim();
  if (!first.range) return `${file.path}: ${first.message}`;
  const { line, column } = position(file, first.range.start);
  return `${file.path}:${line}:${column}: ${first.message}`;
}
