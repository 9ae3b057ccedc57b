import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FORMAT_NAMES } from "../src/report/loaders.ts";
import { PRESETS } from "../src/engine/config.ts";
import { LOCK_MODES, sqlMode } from "../src/sql/lock-modes.ts";
import { run } from "./support/command.ts";
import { completionScript } from "../src/surfaces/cli/completion/scripts.ts";
import { SHELLS } from "../src/surfaces/cli/completion/shells.ts";
import type { Io } from "../src/project/io.ts";
import { rules } from "../rules/index.ts";
import { folder, git, repository, write } from "./support/folders.ts";
import { type BuiltProgram, builtProgram } from "./support/program.ts";
import { onTerminal, type Step } from "./support/terminal.ts";

async function complete(
  cwd: string,
  ...words: readonly string[]
): Promise<{ readonly values: readonly string[]; readonly directive: number }> {
  let text = "";
  const sink: Io["stdout"] = { write: (part) => ((text += part), Promise.resolve()), isTTY: false };
  const code = await run(["complete", "--", ...words], {
    stdout: sink,
    stderr: sink,
    stdin: () => Promise.resolve(new Uint8Array()),
    env: {},
    cwd,
  });
  expect(code).toBe(0);
  const lines = text.split("\n");
  expect(lines.pop()).toBe("");
  const last = lines.pop() ?? "";
  expect(last).toMatch(/^:\d$/);
  for (const line of lines) expect(line).toMatch(/^[^\t]+\t[^\t]*$/);
  return { values: lines.map((line) => line.split("\t")[0] ?? ""), directive: Number(last.slice(1)) };
}

describe("candidates", () => {
  const ids = rules.map(({ id }) => id).sort();

  test.each<[words: readonly string[], values: readonly string[], directive: number]>([
    [["ch"], ["check", "checklist"], 0],
    [["help", "expl"], ["explain"], 4],
    [["explain", ""], [...ids, ...LOCK_MODES.map((mode) => sqlMode(mode).toLowerCase().replaceAll(" ", "-"))], 4],
    [["explain", "access-"], ["access-share", "access-exclusive"], 4],
    [["explain", "drop-c"], ids.filter((id) => id.startsWith("drop-c")), 4],
    [["check", "--format", ""], FORMAT_NAMES, 4],
    [["--format", "sa"], ["sarif"], 4],
    [["check", "--format=j"], ["--format=json", "--format=junit"], 4],
    [["check", "-f", "j"], ["json", "junit"], 4],
    [["check", "--preset", ""], PRESETS, 4],
    [["--fail-on", "w"], ["warning"], 4],
    [["check", "--rule", "truncate"], ["truncate="], 6],
    [["check", "--rule", "truncate="], ["truncate=off", "truncate=error", "truncate=warning", "truncate=info"], 4],
    [["check", "--output-file", "sar"], ["sarif="], 6],
    [["check", "--output-file", "sarif=o"], [], 0],
    [["rehearse", "-o", ""], ["text=", "json="], 6],
    [["check", "--config", ""], [], 0],
    [["check", "prisma/"], [], 0],
    [["check", "--max-warnings", ""], [], 4],
    [["check", "--al"], ["--all"], 4],
    [["check", "--all", "--al"], [], 4],
    [["check", "--rule", "x=off", "--rul"], ["--rule"], 4],
    [["check", "--", "--al"], [], 0],
    [["completion", ""], SHELLS, 4],
    [["doctor", "--format", ""], ["text", "json"], 4],
    [["hotfix", ""], [], 4],
    [["complet"], ["completion"], 0],
  ])("%j", async (words, values, directive) => {
    expect(await complete(folder(), ...words)).toEqual({ values, directive });
  });

  test("branches and tags for --base, migrations for down", async () => {
    const root = repository({
      "prisma/migrations/20260101000000_a/migration.sql": "",
      "prisma/migrations/20260102000000_b/migration.sql": "",
    });
    git(root, "branch", "hotfix/x");
    git(root, "tag", "v1");
    expect((await complete(root, "check", "--base", "")).values.toSorted()).toEqual(["hotfix/x", "main", "v1"]);
    expect(await complete(root, "down", "")).toEqual({
      values: ["20260102000000_b", "20260101000000_a"],
      directive: 0,
    });
    expect(await complete(root, "down", "20260102000000_b", "")).toEqual({
      values: ["20260101000000_a"],
      directive: 0,
    });
  });

  test("any words are answered", async () => {
    const word = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom("check", "--rule", "--format=", "--", "-", "-o", "--base", "help", "explain", "=", "--=x"),
    );
    const root = folder();
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 5 }), async (words) => {
        const { values } = await complete(root, ...words);
        for (const value of values) expect(value.startsWith(words.at(-1) ?? "")).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe("in the shell", () => {
  let built: BuiltProgram;
  beforeAll(async () => {
    built = await builtProgram();
  });
  afterAll(() => {
    built.remove();
  });

  const there = (shell: string): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0;
  const absent = (shell: string): boolean => process.env["CI"] === undefined && !there(shell);

  /** A folder with `lockstep` on the PATH and the shell's script beside it. */
  function place(shell: (typeof SHELLS)[number]) {
    const root = repository({ "prisma/migrations/20260101000000_a/migration.sql": "", "my file.json": "{}" });
    git(root, "branch", "hotfix/x");
    write(root, {
      "bin/lockstep": `#!/bin/sh\nexec "${process.execPath}" "${built.cli}" "$@"\n`,
      script: completionScript(shell),
    });
    chmodSync(join(root, "bin/lockstep"), 0o755);
    const env = {
      PATH: `${join(root, "bin")}:${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: root,
      TERM: "dumb",
      LC_ALL: "C.UTF-8",
    };
    const run = (program: string, ...args: readonly string[]): string => {
      const { stdout, stderr } = spawnSync(program, args, { cwd: root, env, encoding: "utf8", timeout: 30_000 });
      expect(stderr).toBe("");
      return stdout;
    };
    return { root, env, run };
  }

  /** What bash itself would split the line into. */
  const inBash = (run: ReturnType<typeof place>["run"], words: readonly string[], line: string): readonly string[] => {
    const script = `source ./script; source ./script; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; _lockstep; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return run("bash", "--norc", "-c", script)
      .split("\n")
      .filter((each) => each !== "");
  };

  test.each<[line: string, words: readonly string[], replies: readonly string[]]>([
    ["lockstep ch", ["lockstep", "ch"], ["check", "checklist"]],
    ["lockstep check --fo", ["lockstep", "check", "--fo"], ["--format"]],
    ["lockstep check --format=j", ["lockstep", "check", "--format", "=", "j"], ["json", "junit"]],
    ["lockstep check --format=", ["lockstep", "check", "--format", "="], [...FORMAT_NAMES]],
    ["lockstep check --base ", ["lockstep", "check", "--base", ""], ["hotfix/x", "main"]],
    ["lockstep check --rule truncate=w", ["lockstep", "check", "--rule", "truncate", "=", "w"], ["warning"]],
    ["lockstep check $(touch evil) ", ["lockstep", "check", "$(touch evil)", ""], []],
  ])("bash: %s", (line, words, replies) => {
    const { run } = place("bash");
    expect(inBash(run, words, line).toSorted()).toEqual(replies.toSorted());
    expect(run("ls")).not.toContain("evil\n");
  });

  test("bash: Tab in an interactive shell", () => {
    const { root, env } = place("bash");
    const steps: readonly Step[] = [
      ["$ ", "source ./script\r"],
      ["$ ", "lockstep expla\t"],
      ["explain ", "trunc\t"],
      ["truncate ", "\u0015lockstep check --config my\t"],
      ["file.json ", "\u0015exit\r"],
    ];
    expect(onTerminal(["bash", "--norc", "-i"], steps, { cwd: root, env: { ...env, PS1: "$ " } })).toMatchObject({
      status: 0,
      shown: expect.stringContaining("lockstep check --config my\\ file.json ") as string,
    });
  });

  test.skipIf(absent("fish"))("fish", () => {
    const { run } = place("fish");
    const ask = (line: string): readonly string[] =>
      run("fish", "--no-config", "-c", `source script; complete -C '${line}'`)
        .split("\n")
        .filter((each) => each !== "")
        .map((each) => each.split("\t")[0] ?? "");
    expect(ask("lockstep ch")).toEqual(["check", "checklist"]);
    expect(ask("lockstep check --preset ")).toEqual([...PRESETS].sort());
    expect(ask("lockstep check --format=j")).toEqual(["--format=json", "--format=junit"]);
    expect(ask("lockstep check --base ")).toEqual(["hotfix/x", "main"]);
    expect(ask("lockstep check --config my")).toEqual(["my file.json"]);
  });

  test.skipIf(absent("zsh"))("zsh", () => {
    const { root, env } = place("zsh");
    const typed = (keys: string): string => `\u0015${keys}`;
    const steps: readonly Step[] = [
      ["> ", "autoload -U compinit; compinit -u -D; source ./script; echo re''ady\r"],
      ["ready", typed("lockstep expla\t")],
      ["in", "trunc\t"],
      ["ate", typed("lockstep check --config my\t")],
      ["file.json", typed("lockstep check --rule truncat\t")],
      ["e=", "w\t"],
      ["arning", typed("exit\r")],
    ];
    const { status, shown } = onTerminal(["zsh", "-f", "-i"], steps, { cwd: root, env: { ...env, PS1: "> " } });
    expect([status, shown]).toEqual([0, expect.any(String)]);
  });
});
