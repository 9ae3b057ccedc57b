import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "./support/command.ts";
import type { Io } from "../src/project/io.ts";
import { commit, folder, git } from "./support/folders.ts";
import { expectBlock } from "./support/page-blocks.ts";
import { TEST_CACHE } from "./support/rehearsed.ts";

/** What the pages show of lockstep's output is what it prints. UPDATE=1 writes it. */

const BLOG = new URL("../fixtures/projects/blog", import.meta.url);
const BRANCHES = new URL("../fixtures/repositories/expected/", import.meta.url);
const COMMENTS = "prisma/migrations/20260714231200_fix_orphaned_comments";
const REACTIONS = "prisma/migrations/20260714234500_fix_orphaned_reactions";

async function printed(cwd: string, ...args: string[]): Promise<string> {
  let text = "";
  const sink = (take: (text: string) => void): Io["stdout"] => ({
    write: (each) => (take(each), Promise.resolve()),
    isTTY: false,
  });
  await run(args, {
    stdout: sink((each) => (text += each)),
    stderr: sink(() => undefined),
    stdin: () => Promise.resolve(new Uint8Array()),
    env: { LOCKSTEP_CACHE_DIR: TEST_CACHE, NO_COLOR: "1" },
    cwd,
  });
  return text;
}

/** The sample project, in a repository whose main has all but what is pending. */
function blog(): string {
  const root = folder();
  cpSync(BLOG, root, { recursive: true });
  for (const pending of [COMMENTS, REACTIONS]) rmSync(join(root, pending), { recursive: true });
  git(root, "init", "--quiet", "--initial-branch=main");
  commit(root, {});
  cpSync(BLOG, root, { recursive: true });
  return root;
}

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

test("README shows a finding as check prints it", async () => {
  const out = await printed(blog(), "check", REACTIONS);
  const start = out.indexOf("  error orphan-cleanup-ineffective");
  const end = out.indexOf("\n\n", start);
  expect(start).toBeGreaterThan(0);
  expectBlock(
    "README.md",
    "finding",
    fenced("text", `$ npx lockstep check ${REACTIONS}\n\n  …\n\n${out.slice(start, end)}\n\n  …`),
  );
}, 60_000);

test("docs/rehearse.md shows what rehearse prints", async () => {
  const out = await printed(blog(), "rehearse", "--no-cache", REACTIONS);
  // How long a statement took, and how much of it the line holds then, is another thing each time.
  const shown = out
    .slice(0, out.indexOf("\n  kept "))
    .replaceAll(/ *\b\d+(?:\.\d+)? m?s$/gm, "")
    .replaceAll(/^( {2}[✓!] .{70}).+$/gm, "$1…");
  expect(shown).toContain("SQLSTATE 23503");
  expectBlock(
    "docs/rehearse.md",
    "rehearsal",
    fenced("text", `$ npx lockstep rehearse ${REACTIONS}\n\n${shown.trimEnd()}\n  …`),
  );
}, 120_000);

test("docs/down.md shows what down writes", async () => {
  const out = await printed(blog(), "down", "--stdout", "--no-cache", COMMENTS);
  expect(out).toContain("Cannot bring back");
  expectBlock("docs/down.md", "down", fenced("sql", out.trimEnd()));
}, 120_000);

test("docs/branches.md and docs/hotfix.md show what is printed for the sample repository", () => {
  const report = readFileSync(new URL("git-flow-hotfix.txt", BRANCHES), "utf8");
  const end = report.indexOf("\nerror  missing-forward-port");
  expect(end).toBeGreaterThan(0);
  expectBlock("docs/branches.md", "branches", fenced("text", `${report.slice(0, end).trimEnd()}\n\n…`));
  const plan = readFileSync(new URL("plan.txt", BRANCHES), "utf8");
  const third = plan.indexOf("\n 4. ");
  expect(third).toBeGreaterThan(0);
  expectBlock(
    "docs/hotfix.md",
    "plan",
    fenced("text", `$ npx lockstep hotfix fix_orphaned_orders\n\n${plan.slice(0, third).trimEnd()}\n\n…`),
  );
});
