import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { hotfixPlan } from "../../advice/hotfix/plan.ts";
import { hotfixMarkdown, hotfixText } from "../../report/hotfix.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import { openBranches } from "../../project/branches.ts";
import { type HotfixFlags, namesOf } from "./branches/flags.ts";
import { type Io, lookOf } from "../../project/io.ts";
import { overridesOf, worldOf } from "./place.ts";

/** Prints the plan for a hotfix in this repository. Returns the exit code. */
export async function runHotfix(name: string | undefined, flags: HotfixFlags, io: Io): Promise<number> {
  const code = await attempt(name, flags, io);
  if (code.ok) return code.value;
  await io.stderr.write(`lockstep: ${code.message.trimEnd()}\n`);
  return 2;
}

async function attempt(name: string | undefined, flags: HotfixFlags, io: Io): Promise<Outcome<number>> {
  if (name !== undefined && !/[\p{L}\p{N}]/u.test(name))
    return failure(`${JSON.stringify(name)} cannot be the name of a hotfix: give a word, like fix_orphaned_reactions.`);
  const { cwd } = io;
  const opened = await openBranches(
    { cwd, paths: [] },
    { names: namesOf(flags) },
    overridesOf(flags),
    worldOf(flags, io),
  );
  if (!opened.ok) return opened;
  const { set, config, reader, evidence } = opened.value;
  const { execution, prisma } = evidence;
  const here = relative(set.repository, cwd).replaceAll("\\", "/");
  const roots = [...new Set(set.branches.flatMap((branch) => branch.roots.map(({ root }) => root)))].sort();
  // In a monorepo the package of the working directory is meant.
  const root = roots.filter(
    (each) => here !== "" && `${each}/`.startsWith(`${here.replace(/\/prisma(\/.*)?$/, "")}/`),
  )[0];
  if (root === undefined && roots.length > 1)
    await io.stderr.write(
      `lockstep: This repository has ${roots.length} migrations folders; the plan is for ${set.branches[0]?.roots[0]?.root ?? roots[0] ?? ""}. For another one run it in that package.\n`,
    );
  const plan = hotfixPlan(set, {
    has: (path) => existsSync(join(set.repository, path)),
    execution,
    ...(prisma && { prisma }),
    ...(name !== undefined && { name }),
    ...(root !== undefined && { root }),
    globs: flags.hotfix ?? config.branches?.hotfix ?? ["hotfix/*"],
    reader,
    read: ({ text }) => reader.read(text).statements,
  });
  await io.stdout.write(
    flags.format === "markdown" ? hotfixMarkdown(plan) : hotfixText(plan, lookOf(flags.color, io.env, io.stdout)),
  );
  return success(0);
}
