import { type Command, Option } from "commander";
import { BRANCHES_FORMATS, type BranchesFlags, HOTFIX_FORMATS, type HotfixFlags } from "../branches/flags.ts";
import type { Start } from "./start.ts";
import { count, formatFile, repeatable, several } from "./values.ts";

const BRANCHES_EXIT_CODES = `
Exit codes:
  0  the branches add up
  1  they do not: an order that matters, an edited migration, a hotfix that a branch lacks, a change that is there twice
  2  usage, configuration, or a repository that could not be read
`;

/** branches and hotfix. */
export function addBranches({ program, io, end }: Start): void {
  withBranchesOptions(
    program.command("branches").argument("[paths...]", "migrations folders (default: those that the branches have)"),
  )
    .summary("compare production, main, development and hotfix branches")
    .description(
      "Reads the migrations of all live branches without a checkout, and says what does not add up: folders that come late where the order matters, migrations that were edited, hotfixes that a branch lacks or has twice.\n\nWhich branch is what is told by flags, by branches in the configuration, or by convention (git flow, GitHub flow, trunk). Nothing is fetched, and nothing is written without --fix.",
    )
    .addHelpText("after", BRANCHES_EXIT_CODES)
    .action(async (paths: string[], flags: BranchesFlags) => {
      const { runBranches } = await import("../branches/index.ts");
      end(await runBranches(paths, flags, io));
    });

  withRoleOptions(
    program
      .command("hotfix")
      .argument("[name]", "what the hotfix is to be called: fix_orphaned_reactions")
      .optionsGroup("Which branch is what:"),
  )
    .summary("the plan for a hotfix, step by step, with the commands for this repository")
    .description(
      "Prints what to do from the branch to the merge into every development branch, with the exact commands for this repository's branches, Prisma version and package manager, what the merges will meet, and the way out of a deployment that failed half-way. It changes nothing.",
    )
    .optionsGroup("What is reported:")
    .option("-c, --config <file>", "this configuration instead of the nearest lockstep.config.* or package.json")
    .addOption(
      new Option("-f, --format <name>", "for a terminal, or for a pull request")
        .choices(HOTFIX_FORMATS)
        .default("text"),
    )
    .option("--color", "colours, whatever the terminal is")
    .option("--no-color", "no colours")
    .optionsGroup("Options:")
    .action(async (name: string | undefined, flags: HotfixFlags) => {
      const { runHotfix } = await import("../hotfix.ts");
      end(await runHotfix(name, flags, io));
    });
}

function withRoleOptions(command: Command): Command {
  const several = (value: string, before: readonly string[] | undefined): readonly string[] => [
    ...(before ?? []),
    value,
  ];
  return command
    .option("--production <ref>", "what production runs: a branch, a tag, or a pattern of tags (v*)")
    .option("--main <branch>", "the main branch")
    .addOption(repeatable("--development <branch>", "a development branch", several))
    .addOption(repeatable("--hotfix <pattern>", "hotfix branches: hotfix/*", several));
}

function withBranchesOptions(command: Command): Command {
  return withRoleOptions(command.optionsGroup("Which branch is what:"))
    .optionsGroup("What is compared:")
    .addOption(repeatable("--also <ref>", "compare this branch, tag or commit too", several))
    .option("--all-branches", "also branches that are old or beyond the limit")
    .option("--limit <count>", "live branches without a role that are compared (default: 20)", count)
    .option("--days <count>", "how old the last commit of a live branch may be (default: 90)", count)
    .option("-c, --config <file>", "this configuration instead of the nearest lockstep.config.* or package.json")
    .optionsGroup("Rehearsal:")
    .option(
      "--rehearse",
      "let PostgreSQL say whether the order matters: both orders run, with rows, in copies of one database",
    )
    .option(
      "--server <url>",
      "a PostgreSQL (13 or later) to make scratch databases on (default: LOCKSTEP_SERVER, else the embedded one)",
    )
    .option("--rows <count>", "in each table (default: 20)", count)
    .option("--seed <number>", "the same number makes the same rows (default: 1)", count)
    .option("--time-limit <seconds>", "for each statement (default: 30)", count)
    .option("--allow-unsafe", "run also statements that reach outside of the database")
    .option("--allow-superuser", "let --server have a superuser, who may do anything there")
    .option("--no-cache", "keep nothing for the next rehearsal")
    .optionsGroup("Fixes:")
    .option("--fix", "rename late folders that only the branch that is checked out has")
    .option("--dry-run", "with --fix: say what would be renamed, and rename nothing")
    .optionsGroup("What is reported:")
    .addOption(
      new Option("-f, --format <name>", "picture and findings, JSON, or Markdown with a Mermaid graph")
        .choices(BRANCHES_FORMATS)
        .default("text"),
    )
    .addOption(
      repeatable(
        "-o, --output-file <format=file>",
        "write a format to a file",
        formatFile(BRANCHES_FORMATS, "branches.json"),
      ),
    )
    .option("--ascii", "lines are drawn with ASCII only")
    .option("--color", "colours, whatever the terminal is")
    .option("--no-color", "no colours")
    .optionsGroup("Options:");
}
