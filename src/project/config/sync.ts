import * as jsonc from "jsonc-parser";
import { position } from "../../source/text.ts";
import { type ConfigSearch, invalid, type LoadedConfig, shownPath, unreadable, valid } from "./file.ts";
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
  return validate(read.value) ? valid(path, read) : invalid(path, read, validate.errors ?? [], search, jsonc);
}

/** The first mistake as one sentence, for who has one line. */
export function firstMistake({ message, file, problems = [] }: LoadedConfig & { readonly ok: false }): string {
  const [first] = problems;
  if (!file || !first) return message.trim();
  if (!first.range) return `${file.path}: ${first.message}`;
  const { line, column } = position(file, first.range.start);
  return `${file.path}:${line}:${column}: ${first.message}`;
}
