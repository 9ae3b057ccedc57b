import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Command, Option } from "commander";
import { SEVERITIES } from "../../../engine/config.ts";
import { LOCK_MODES, sqlMode } from "../../../sql/lock-modes.ts";
import { FORMAT_NAMES } from "../../../report/loaders.ts";
import { MIGRATION_FILE } from "../../../source/layout.ts";
import { git, gitRoot } from "../../../source/git/repository.ts";
import { ruleTitles } from "../../../project/product.ts";
import { BRANCHES_FORMATS } from "../branches/flags.ts";
import { DIRECTIVE } from "./scripts.ts";
import { SHELLS } from "./shells.ts";
import type { Io } from "../../../project/io.ts";
import { isRepeatable } from "../commands/values.ts";
import { REHEARSAL_FORMATS } from "../rehearsal/flags.ts";

/** What may be at a place of the command line. */
interface Candidates {
  readonly values: readonly (readonly [value: string, description?: string])[];
  /** Files may be there too, where no value fits. */
  readonly files?: boolean;
  /** The word goes on behind the value: no space. */
  readonly open?: boolean;
}

const NOTHING: Candidates = { values: [] };
const FILES: Candidates = { values: [], files: true };

/**
 * What the words of a command line can go on with, the last one being written: lines for the shell. A key press waits for it, so that it
 * asks git only for branches, and loads nothing of a check.
 */
export function completions(program: Command, words: readonly string[], io: Io): string {
  const current = words.at(-1) ?? "";
  const { values, files = false, open = false } = candidates(program, words.slice(0, -1), current, io);
  const fitting = values.filter(([value]) => value.startsWith(current));
  const directive = (open ? DIRECTIVE.noSpace : 0) + (files ? DIRECTIVE.files : DIRECTIVE.noFiles);
  return `${fitting.map(([value, description = ""]) => `${value}\t${description.replace(/\s+/g, " ")}\n`).join("")}:${directive}\n`;
}

function candidates(program: Command, before: readonly string[], current: string, io: Io): Candidates {
  const { command, named, positionals, pending, given, closed } = readWords(program, before);
  if (pending) return valuesOf(command, pending, current, "", io);
  if (!closed && current.startsWith("--") && current.includes("=")) {
    const name = current.slice(0, current.indexOf("="));
    const option = optionsOf(program, command).find(({ long }) => long === name);
    return option && takesValue(option)
      ? valuesOf(command, option, current.slice(name.length + 1), `${name}=`, io)
      : NOTHING;
  }
  if (!closed && current.startsWith("-")) {
    const open = optionsOf(program, command).filter((option) => !given.has(option) || isRepeatable(option));
    const flag = ({ long, short }: Option): string =>
      current.startsWith("--") || short === undefined
        ? (long ?? short ?? "")
        : current === "-"
          ? (long ?? short)
          : short;
    return {
      values: [
        ...open.filter(({ hidden }) => !hidden).map((option) => [flag(option), option.description] as const),
        ["--help", "display help for command"],
      ],
    };
  }
  const commands = program.commands.map((each) => [each.name(), each.summary() || each.description()] as const);
  if (!named && positionals.length === 0) return { values: [...commands, ["help", "help for a command"]], files: true };
  if (before[0] === "help") return before.length === 1 ? { values: commands } : NOTHING;
  return argumentsOf(command, positionals, io);
}

interface Words {
  readonly command: Command;
  /** The command was written, and is not the default one. */
  readonly named: boolean;
  readonly positionals: readonly string[];
  /** The option whose value comes next. */
  readonly pending?: Option | undefined;
  readonly given: ReadonlySet<Option>;
  /** After "--" there are only arguments. */
  readonly closed: boolean;
}

function readWords(program: Command, words: readonly string[]): Words {
  let command = program.commands.find((each) => each.name() === "check") ?? program;
  let named = false;
  let closed = false;
  let pending: Option | undefined;
  const positionals: string[] = [];
  const given = new Set<Option>();
  for (const word of words) {
    if (pending) pending = undefined;
    else if (closed) positionals.push(word);
    else if (word === "--") closed = true;
    else if (word.startsWith("-") && word !== "-") {
      const [name] = word.split("=", 1);
      const option = optionsOf(program, command).find(({ long, short }) => long === name || short === name);
      if (option) given.add(option);
      if (option && takesValue(option) && !word.includes("=")) pending = option;
    } else if (!named && positionals.length === 0) {
      const found = program.commands.find((each) => each.name() === word);
      if (found || word === "help") named = true;
      else positionals.push(word);
      command = found ?? command;
    } else positionals.push(word);
  }
  return { command, named, positionals, given, closed, pending };
}

const optionsOf = (program: Command, command: Command): readonly Option[] =>
  command === program ? program.options : [...command.options, ...program.options];

const takesValue = ({ required, optional }: Option): boolean => required || optional;

/** Values of an option, each with `prefix` ("--format=") before it. `written` is what of the value is there. */
function valuesOf(command: Command, option: Option, written: string, prefix: string, io: Io): Candidates {
  const all = (values: readonly string[], more: Partial<Candidates> = {}): Candidates => ({
    values: values.map((value) => [prefix + value] as const),
    ...more,
  });
  const name = option.long ?? "";
  if (name === "--rule") {
    const [, id] = /^([^=]+)=/.exec(written) ?? [];
    if (id !== undefined) return all(["off", ...SEVERITIES].map((severity) => `${id}=${severity}`));
    return { values: ruleTitles().map(([rule, title]) => [`${prefix}${rule}=`, title] as const), open: true };
  }
  if (name === "--output-file") {
    const formats: readonly string[] =
      command.name() === "rehearse"
        ? REHEARSAL_FORMATS
        : command.name() === "branches"
          ? BRANCHES_FORMATS
          : FORMAT_NAMES;
    return written.includes("=")
      ? FILES
      : all(
          formats.map((format) => `${format}=`),
          { open: true },
        );
  }
  if (option.argChoices) return all(option.argChoices);
  if (name === "--format") return all(FORMAT_NAMES);
  if (/^<(ref|branch|pattern)>$/.test(/<.*>/.exec(option.flags)?.[0] ?? "")) return all(refs(io.cwd));
  return /<(file|path)>/.test(option.flags) ? FILES : NOTHING;
}

function argumentsOf(command: Command, positionals: readonly string[], io: Io): Candidates {
  const argument =
    command.registeredArguments[positionals.length] ?? command.registeredArguments.findLast(({ variadic }) => variadic);
  if (!argument) return NOTHING;
  if (command.name() === "explain")
    return {
      values: [
        ...ruleTitles(),
        ...LOCK_MODES.map((mode) => [sqlMode(mode).toLowerCase().replaceAll(" ", "-"), "lock mode"] as const),
      ],
    };
  if (command.name() === "completion") return { values: SHELLS.map((shell) => [shell] as const) };
  if (command.name() === "down")
    return {
      values: migrationNames(io.cwd)
        .filter((name) => !positionals.includes(name))
        .map((name) => [name] as const),
      files: true,
    };
  return argument.name() === "paths" || argument.name() === "migrations" ? FILES : NOTHING;
}

/** Branches, those of remotes with the remote's name, and tags. */
function refs(cwd: string): readonly string[] {
  const root = gitRoot(cwd);
  const run =
    root === undefined
      ? undefined
      : git(root, [
          "for-each-ref",
          "--format=%(refname:short)",
          "--sort=-committerdate",
          "refs/heads",
          "refs/remotes",
          "refs/tags",
        ]);
  return run?.ok
    ? run.value
        .toString("utf8")
        .split("\n")
        .filter((name) => name !== "" && name !== "origin" && !name.endsWith("/HEAD"))
    : [];
}

/** The migrations of the usual folders, newest first. */
function migrationNames(cwd: string): readonly string[] {
  for (const folder of ["prisma/migrations", "migrations", "."]) {
    const path = join(cwd, folder);
    if (!existsSync(path)) continue;
    const found = readdirSync(path).filter((name) => existsSync(join(path, name, MIGRATION_FILE)));
    if (found.length > 0) return found.sort().reverse();
  }
  return [];
}
