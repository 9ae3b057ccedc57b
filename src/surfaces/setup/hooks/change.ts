import { isRecord } from "../../../engine/config.ts";
import type { FoundHook } from "./index.ts";
import { read } from "../package-manager.ts";
import { addToYaml, readYaml } from "../yaml-edit.ts";

/** How a hook comes to run a command: by a new text of its file, or by lines for the user to add. */
export type HookChange =
  | {
      readonly kind: "change";
      readonly before?: string;
      readonly after: string;
      readonly executable?: boolean /** What has to be run for it to take effect. */;
      readonly then?: string;
    }
  | {
      readonly kind: "lines";
      readonly lines: readonly string[] /** Why lockstep does not write them, as a clause. */;
      readonly because: string;
    };

/** What makes `hook` run `command` (POSIX shell) before each commit. */
export async function hookChange(hook: FoundHook, command: string): Promise<HookChange> {
  const before = read(hook.file);
  switch (hook.manager) {
    case "lefthook":
      return lefthook(hook.file, before, command);
    case "pre-commit":
      return preCommit(before ?? "", command);
    case "simple-git-hooks":
      return simpleGitHooks(hook.file, before ?? "", command);
    case "husky": {
      const line = command.includes("&&") ? `(${command})` : command;
      if (before === undefined)
        return (hook.major ?? 9) < 9
          ? {
              kind: "change",
              after: `#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\n${line}\n`,
              executable: true,
            }
          : { kind: "change", after: `${line}\n` };
      return inScript(before, command, line);
    }
    case "core.hooksPath":
      if (!hook.shared)
        return { kind: "lines", lines: [guarded(command)], because: "core.hooksPath leads out of this repository" };
      return before === undefined ? newScript(command) : inScript(before, command);
    case "git":
      return before === undefined ? newScript(command) : inScript(before, command);
  }
}

const newScript = (command: string): HookChange => ({
  kind: "change",
  after: `#!/bin/sh\n${command.includes("&&") ? command : `exec ${command}`}\n`,
  executable: true,
});

const guarded = (command: string): string => `${command.includes("&&") ? `(${command})` : command} || exit 1`;

/**
 * `last` goes to the end, which is right only where a failing line ends the script, as husky's `sh -e` has it; without `last`, and where
 * the script may end before its end, a line that ends it goes before everything that runs.
 */
function inScript(before: string, command: string, last?: string): HookChange {
  const [first = ""] = before.split("\n", 1);
  if (first.startsWith("#!") && !/\b(ba|da|z|k|a)?sh\b/.test(first))
    return { kind: "lines", lines: [guarded(command)], because: "it is no shell script" };
  if (/[^<]<<-?\s*["'\\]?\w/.test(before))
    return { kind: "lines", lines: [guarded(command)], because: "it holds a here-document" };
  const newline = before.includes("\r\n") ? "\r\n" : "\n";
  if (last !== undefined && !/^(exit|exec|return)\b/m.test(before))
    return {
      kind: "change",
      before,
      after: before + (before === "" || before.endsWith("\n") ? "" : newline) + last + newline,
    };
  const lines = before.split(/(?<=\n)/);
  let at = lines.findIndex((line) => !/^\s*(#.*|set\s[^;&|]*|\.\s.*husky\.sh"?\s*)?\s*$/.test(line));
  if (at < 0) at = lines.length;
  const head = lines.slice(0, at).join("");
  const gap = head === "" || head.endsWith("\n") ? "" : newline;
  return { kind: "change", before, after: head + gap + guarded(command) + newline + lines.slice(at).join("") };
}

function lefthook(file: string, before: string | undefined, command: string): HookChange {
  const job = [`- name: lockstep`, `  run: ${command}`];
  const lines = ["pre-commit:", "  jobs:", ...job.map((line) => `    ${line}`)];
  const byHand = (because: string): HookChange => ({ kind: "lines", lines, because });
  if (before === undefined || !/\.ya?ml$/.test(file)) return byHand("it is no YAML");
  const data = readYaml(before);
  if (!data) return byHand("it could not be read as YAML");
  const hooks = data.value ?? {};
  const own = isRecord(hooks) ? hooks["pre-commit"] : undefined;
  const value = { name: "lockstep", run: command };
  const after =
    own === undefined
      ? addToYaml(before, { path: [], key: "pre-commit", lines, value: { jobs: [value] } })
      : !isRecord(own)
        ? undefined
        : Array.isArray(own["jobs"])
          ? addToYaml(before, { path: ["pre-commit", "jobs"], lines: job, value })
          : isRecord(own["commands"])
            ? addToYaml(before, {
                path: ["pre-commit", "commands"],
                key: "lockstep",
                lines: ["lockstep:", `  run: ${command}`],
                value: { run: command },
              })
            : undefined;
  return after === undefined
    ? byHand("its pre-commit section has a form that is not extended line by line")
    : { kind: "change", before, after, then: "lefthook install" };
}

function preCommit(before: string, command: string): HookChange {
  const entry = command.includes("&&") ? `sh -c '${command}'` : command;
  const lines = [
    "- repo: local",
    "  hooks:",
    "    - id: lockstep",
    "      name: lockstep",
    `      entry: ${entry}`,
    "      language: system",
    "      pass_filenames: false",
    "      files: (^|/)(migration|down)\\.sql$|(^|/)migration_lock\\.toml$",
  ];
  const value = {
    repo: "local",
    hooks: [
      {
        id: "lockstep",
        name: "lockstep",
        entry,
        language: "system",
        pass_filenames: false,
        files: "(^|/)(migration|down)\\.sql$|(^|/)migration_lock\\.toml$",
      },
    ],
  };
  const after = addToYaml(before, { path: ["repos"], lines, value });
  return after === undefined
    ? { kind: "lines", lines, because: "its list of repos has a form that is not extended line by line" }
    : { kind: "change", before, after, then: "pre-commit install" };
}

async function simpleGitHooks(file: string, before: string, command: string): Promise<HookChange> {
  const byHand = (because: string): HookChange => ({
    kind: "lines",
    lines: [`"pre-commit": ${JSON.stringify(command)}`],
    because,
  });
  if (!file.endsWith(".json")) return byHand("it is a program");
  const { applyEdits, modify, parse } = await import("jsonc-parser");
  const path = file.endsWith("package.json") ? ["simple-git-hooks"] : [];
  const whole: unknown = parse(before);
  const hooks = path.length > 0 && isRecord(whole) ? whole["simple-git-hooks"] : whole;
  if (!isRecord(hooks)) return byHand("it names another file");
  const own = hooks["pre-commit"];
  if (own !== undefined && typeof own !== "string") return byHand("its pre-commit is no command");
  const joined = command.includes("&&") ? `(${command})` : command;
  const value =
    own === undefined || own.trim() === ""
      ? command
      : /[;|]|(^|[^&])&([^&]|$)/.test(own)
        ? `(${own}) && ${joined}`
        : `${own} && ${joined}`;
  const indent = /^([ \t]+)"/m.exec(before)?.[1] ?? "  ";
  const after = applyEdits(
    before,
    modify(before, [...path, "pre-commit"], value, {
      formattingOptions: {
        insertSpaces: !indent.startsWith("\t"),
        tabSize: indent.startsWith("\t") ? 1 : indent.length,
        eol: before.includes("\r\n") ? "\r\n" : "\n",
      },
    }),
  );
  return { kind: "change", before, after, then: "simple-git-hooks" };
}
