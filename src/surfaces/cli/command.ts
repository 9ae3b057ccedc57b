import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { EXECUTIONS, FAIL_ON, PARSERS, POSTGRES_VERSIONS, PRESETS, SEVERITIES } from "../../engine/config.ts";
import type { Severity } from "../../engine/finding.ts";
import { didYouMean } from "../../engine/nearest.ts";
import { FORMAT_NAMES, type FormatName } from "../../report/loaders.ts";
import type { CheckFlags } from "./flags.ts";
import type { Io } from "../../project/io.ts";
import {
  BRANCHES_FORMATS,
  type BranchesFlags,
  type BranchesFormat,
  HOTFIX_FORMATS,
  type HotfixFlags,
} from "./branches/flags.ts";
import { SHELLS, type Shell } from "./completion/shells.ts";
import type { DownFlags } from "./down.ts";
import { REHEARSAL_FORMATS, type RehearsalFormat, type RehearseFlags } from "./rehearsal/flags.ts";
import type { DoctorFlags } from "../setup/doctor/index.ts";
import { DOCTOR_FORMATS } from "../setup/doctor/formats.ts";
import { CI_CHOICES, type InitFlags } from "../setup/flags.ts";

const EXAMPLES = `
Examples:
  lockstep init                                    set it up: configuration, commit hook, CI, baseline
  lockstep check                                   what is not on the base branch yet
  lockstep check prisma/migrations/2026*           these migrations
  lockstep check --all                             the whole history, as if it were to be deployed
  lockstep check --staged                          what is about to be committed, for a hook
  lockstep check --output-file sarif=out.sarif     text here, SARIF for code scanning there
  lockstep check --fix                             apply the fixes that keep what the migration means
  lockstep rehearse                                run it in a PostgreSQL of its own, and watch
  lockstep check --rehearse                        the same, as evidence for the findings
  lockstep down prisma/migrations/2026*_add_x      write down.sql beside a pending migration
  lockstep branches                                what production, main and development do not share
  lockstep hotfix                                  the plan for a hotfix, with the commands for this repository
  lockstep checklist --base origin/main            the checklist for the people who deploy
  lockstep explain drop-column                     why a rule exists, and what to do instead
`;

const EXIT_CODES = `
Exit codes:
  0  nothing at or above --fail-on (default: error)
  1  findings at or above --fail-on, or more warnings than --max-warnings
  2  usage, configuration or input that could not be read
`;

const REHEARSE_EXIT_CODES = `
Exit codes:
  0  everything ran, and every down.sql brought the schema back
  1  a statement failed, with any rows or with rows made to hurt, or a down.sql does not restore
  2  usage, input that could not be read, a deployed history that does not run, or a time limit that ran out
`;

const BRANCHES_EXIT_CODES = `
Exit codes:
  0  the branches add up
  1  they do not: an order that matters, an edited migration, a hotfix that a branch lacks, a change that is there twice
  2  usage, configuration, or a repository that could not be read
`;

const INIT_EXIT_CODES = `
Exit codes:
  0    written, or there was nothing to do
  2    no Prisma project with PostgreSQL, a broken configuration, or a file that could not be written: nothing was written then
  130  stopped at a question: nothing was written
`;

const DOCTOR_EXIT_CODES = `
Exit codes:
  0  nothing keeps a check from knowing what it can know; notes are for you to judge
  1  something needs attention
  2  the configuration or the baseline is broken: no check runs until it is put right
`;

/** Runs one command line (without node and the program's name) and returns its exit code. A bug is thrown. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code = 0;
  const written: Promise<void>[] = [];
  const program = new Command("lockstep")
    .description(
      "Checks Prisma migrations for PostgreSQL before they reach production: what would block, break, fail or be lost.",
    )
    .usage("[command] [options]")
    .option("-v, --version", "print the version")
    .helpCommand("help [command]", "help for a command")
    .addHelpText(
      "after",
      `${EXAMPLES}${EXIT_CODES}\nWithout a command, lockstep runs check. lockstep check --help lists its options.`,
    );

  const check = withCheckOptions(
    program
      .command("check", { isDefault: true })
      .argument(
        "[paths...]",
        "migrations, migrations folders, projects, SQL files or globs; these are what is pending then",
      ),
  )
    .summary("check pending migrations (the default)")
    .description(
      "Checks the migrations that are to be deployed, in the schema that all migrations before them make.\n\nWithout paths, a migration is pending if it is not on the base: --base, LOCKSTEP_BASE, the target branch of the CI's pull request, origin/HEAD, main or master.",
    )
    .addHelpText("after", `${EXAMPLES}${EXIT_CODES}`);
  check.action(async (paths: string[], flags: CheckFlags) => {
    if (program.opts<{ version?: boolean }>().version) {
      const { version } = await import("../../project/product.ts");
      return io.stdout.write(`${version()}\n`);
    }
    const { runCheck } = await import("./check.ts");
    code = await runCheck(paths, flags, io, "check");
  });

  withCheckOptions(program.command("checklist").argument("[paths...]", "as for check"))
    .summary("the production safety checklist of the pending migrations")
    .description(
      "Prints what has to be done around the deployment, in Markdown (--format checklist-json for machines), filled in from what is known. The exit code is 0 unless --fail-on is given.",
    )
    .addHelpText("after", EXIT_CODES)
    .action(async (paths: string[], flags: CheckFlags) => {
      const { runCheck } = await import("./check.ts");
      code = await runCheck(paths, flags, io, "checklist");
    });

  withRehearsalOptions(program.command("rehearse").argument("[paths...]", "as for check"))
    .summary("run the pending migrations in a PostgreSQL of their own, and watch")
    .description(
      "Replays the deployed history in an embedded PostgreSQL, fills it with rows made to hurt, runs the pending migrations as Prisma would, and prints what happened: locks, rewrites, scans, rows, failures, and whether down.sql brings the schema back.\n\nNothing is set up and nothing is left. With --server it runs in scratch databases of its own on that server.",
    )
    .addHelpText("after", REHEARSE_EXIT_CODES)
    .action(async (paths: string[], flags: RehearseFlags) => {
      const { runRehearse } = await import("./rehearsal/index.ts");
      code = await runRehearse(paths, flags, io);
    });

  program
    .command("down")
    .argument("[migrations...]", "pending migrations: folders or names (default: the pending ones without a down.sql)")
    .summary("write down.sql beside a pending migration")
    .description(
      "Writes the way back: the schema difference by Prisma's own schema engine, completed with what that cannot see, and run to prove it. Statements that cannot bring data back say so. A down.sql that is there is kept.",
    )
    .option("--base <ref>", "branch, tag or commit that is deployed: its migrations are not touched")
    .option("-c, --config <file>", "this configuration instead of the nearest")
    .option("--force", "write over a down.sql that is there")
    .option("--stdout", "print it and write nothing")
    .option("--no-cache", "keep nothing of the embedded PostgreSQL for the next run")
    .action(async (migrations: string[], flags: DownFlags) => {
      const { runDown } = await import("./down.ts");
      code = await runDown(migrations, flags, io);
    });

  withBranchesOptions(
    program.command("branches").argument("[paths...]", "migrations folders (default: those that the branches have)"),
  )
    .summary("compare production, main, development and hotfix branches")
    .description(
      "Reads the migrations of all live branches without a checkout, and says what does not add up: folders that come late where the order matters, migrations that were edited, hotfixes that a branch lacks or has twice.\n\nWhich branch is what is told by flags, by branches in the configuration, or by convention (git flow, GitHub flow, trunk). Nothing is fetched, and nothing is written without --fix.",
    )
    .addHelpText("after", BRANCHES_EXIT_CODES)
    .action(async (paths: string[], flags: BranchesFlags) => {
      const { runBranches } = await import("./branches/index.ts");
      code = await runBranches(paths, flags, io);
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
      const { runHotfix } = await import("./hotfix.ts");
      code = await runHotfix(name, flags, io);
    });

  program
    .command("lsp")
    .summary("the language server, for editors")
    .description(
      "Speaks the Language Server Protocol on standard input and output: findings as you type, fixes, what each statement locks. Editors start it; docs/editors.md says how.",
    )
    .option("--stdio", "standard input and output, which is also the default")
    // Clients add it to every server that they start; the protocol's own first message says the same.
    .addOption(new Option("--clientProcessId <id>").hideHelp())
    .action(async () => {
      const { runLsp } = await import("../lsp/main.ts");
      code = await runLsp(io);
    });

  program
    .command("init")
    .summary("set lockstep up in this project: configuration, commit hook, CI, baseline")
    .description(
      "Finds the migrations, the branches, the hooks and the CI in use, asks at most three questions, and writes a commented configuration, the commit hook, the check of pull requests, and a baseline for what the deployed migrations have.\n\nWhat is there stays as it is: a file of yours is changed by whole lines that are added, and shown; where that cannot be done safely the lines are printed. Without a terminal it does what --yes does.",
    )
    .option("-y, --yes", "ask nothing: the defaults")
    .option("--dry-run", "print what --yes would write, as a patch, and write nothing")
    .addOption(new Option("--ci <name>", "in place of the CI that was found").choices(CI_CHOICES))
    .option("--no-hook", "no commit hook")
    .option("--no-baseline", "no baseline")
    .option("--color", "colours, whatever the terminal is")
    .option("--no-color", "no colours")
    .addHelpText("after", INIT_EXIT_CODES)
    .action(async (flags: InitFlags) => {
      const { runInit } = await import("../setup/init.ts");
      code = await runInit(flags, io);
    });

  program
    .command("doctor")
    .summary("what a check here goes by, where from, and what is missing")
    .description(
      "Says what was found: migrations, Prisma and PostgreSQL and where their versions come from, base and branches, hooks and CI, and which evidence there is. Everything is tried: the grammar is loaded, the embedded PostgreSQL (or LOCKSTEP_SERVER) started. Nothing is fetched, and nothing is written but the embedded PostgreSQL's cache.",
    )
    .option("-c, --config <file>", "this configuration instead of the nearest lockstep.config.* or package.json")
    .addOption(new Option("-f, --format <name>", "for a terminal, or JSON").choices(DOCTOR_FORMATS).default("text"))
    .option("--color", "colours, whatever the terminal is")
    .option("--no-color", "no colours")
    .addHelpText("after", DOCTOR_EXIT_CODES)
    .action(async (flags: DoctorFlags) => {
      const { runDoctor } = await import("../setup/doctor/index.ts");
      code = await runDoctor(flags, io);
    });

  program
    .command("completion")
    .addArgument(new Argument("<shell>", "whose script").choices(SHELLS))
    .summary("the script that completes lockstep's command lines in a shell")
    .description(
      'Prints a script for the shell that completes commands, options, their values, rules, branches and migrations.\n\n  bash  in ~/.bashrc: eval "$(lockstep completion bash)"\n  zsh   in ~/.zshrc, after compinit: eval "$(lockstep completion zsh)"\n  fish  lockstep completion fish > ~/.config/fish/completions/lockstep.fish\n\nIt completes a command that is called lockstep: one that is installed globally, or a PATH with node_modules/.bin.',
    )
    .action(async (shell: Shell) => {
      const { completionScript } = await import("./completion/scripts.ts");
      await io.stdout.write(completionScript(shell));
    });

  program
    .command("explain")
    .argument("<rule>", "a rule's id: drop-column")
    .summary("why a rule exists, and what to do instead")
    .description("Prints the page of a rule.")
    .action(async (id: string) => {
      const { explain } = await import("./explain.ts");
      code = await explain(id, io);
    });

  program
    .command("rules")
    .summary("all rules with their severities")
    .description("Lists the rules by category, with their severity in a preset.")
    .addOption(new Option("--preset <name>", "whose severities").choices(PRESETS).default("recommended"))
    .action(async (flags: { readonly preset: (typeof PRESETS)[number] }) => {
      const { listRules } = await import("./explain.ts");
      code = await listRules(flags.preset, io);
    });

  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => void written.push(io.stdout.write(text)),
      writeErr: (text) => void written.push(io.stderr.write(text)),
      outputError: (text, write) =>
        write(
          `${text.replace(/^error: /, "lockstep: ").trimEnd()}\nlockstep ${command === program ? "" : `${command.name()} `}--help lists what there is.\n`,
        ),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  }
  const [first, second] = argv;
  if (first === "complete" && second === "--") {
    // Asked by the completion scripts at each press of the key.
    const { completions } = await import("./completion/words.ts");
    await io.stdout.write(completions(program, argv.slice(2), io));
    return 0;
  }
  if (
    first === "help" &&
    second !== undefined &&
    !program.commands.some((command) => command.name() === second) &&
    second !== "help"
  ) {
    const names = program.commands.map((command) => command.name());
    await io.stderr.write(
      `lockstep: There is no command ${JSON.stringify(second)}, only ${names.join(", ")} and help.${didYouMean(second, names)}\n`,
    );
    return 2;
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    code = error.exitCode === 0 ? 0 : 2;
  }
  await Promise.all(written);
  return code;
}

function withCheckOptions(command: Command): Command {
  return command
    .optionsGroup("What is checked:")
    .option("--base <ref>", "branch, tag or commit that is deployed: migrations that are not on it are pending")
    .option("--all", "every migration is pending")
    .option("--staged", "what is staged in git is pending, as it will be committed")
    .option("--stdin", "read one SQL file from standard input")
    .option("--stdin-filename <path>", "the file that standard input stands for")
    .option("--no-error-on-unmatched-pattern", "paths that match nothing are no error")
    .optionsGroup("How it is checked:")
    .option("-c, --config <file>", "this configuration instead of the nearest lockstep.config.* or package.json")
    .addOption(new Option("--preset <name>", "rules that run").choices(PRESETS))
    .addOption(
      new Option("--rule <id=severity>", `severity of one rule: ${SEVERITIES.join(", ")} or off; repeatable`).argParser(
        ruleSetting,
      ),
    )
    .addOption(
      new Option("--postgres <version>", "major version of PostgreSQL (default: 17)").choices(
        POSTGRES_VERSIONS.map(String),
      ),
    )
    .addOption(
      new Option(
        "--execution <mode>",
        "how a file is sent: whole or statement by statement (default: by the locked Prisma version)",
      ).choices(EXECUTIONS),
    )
    .addOption(new Option("--parser <name>", "PostgreSQL's own grammar, or one without WebAssembly").choices(PARSERS))
    .option("--no-inline-config", "comments in the SQL suppress nothing")
    .option(
      "--rehearse",
      "run the migrations in a PostgreSQL of their own first: what happens there is evidence (see lockstep rehearse)",
    )
    .option("--baseline <file>", "accepted findings (default: lockstep.baseline.json beside the configuration)")
    .option("--write-baseline", "accept all findings of now in the baseline")
    .optionsGroup("What is reported:")
    .addOption(new Option("-f, --format <name>", `${FORMAT_NAMES.join(", ")}; repeatable`).argParser(format))
    .addOption(
      new Option("-o, --output-file <format=file>", "write a format to a file; repeatable").argParser(outputFile),
    )
    .addOption(new Option("--fail-on <severity>", "least severity for exit code 1 (default: error)").choices(FAIL_ON))
    .option("--max-warnings <count>", "more warnings than this are exit code 1", count)
    .option("--quiet", "report errors only")
    .option("--show-suppressed", "report suppressed findings too, marked")
    .option("--color", "colours, whatever the terminal is")
    .option("--no-color", "no colours")
    .optionsGroup("Fixes, in pending migrations only:")
    .option("--fix", "apply fixes that keep what the migration means")
    .option("--fix-unsafe", "apply also fixes that change which rows are touched, or when")
    .option("--diff", "print the fixes as a patch and write nothing")
    .optionsGroup("Options:");
}

function withRehearsalOptions(command: Command): Command {
  return command
    .optionsGroup("What is rehearsed:")
    .option("--base <ref>", "branch, tag or commit that is deployed: migrations that are not on it are pending")
    .option("--all", "every migration, each as a deployment of its own")
    .option("-c, --config <file>", "this configuration instead of the nearest lockstep.config.* or package.json")
    .addOption(
      new Option(
        "--execution <mode>",
        "how a file is sent: whole, statement by statement, or both one after the other (default: by the locked Prisma version)",
      ).choices(["batch", "split", "both"]),
    )
    .optionsGroup("Where:")
    .option(
      "--server <url>",
      "a PostgreSQL (13 or later) to make scratch databases on (default: LOCKSTEP_SERVER, else the embedded one)",
    )
    .option(
      "--template <database>",
      "of that server: each scratch database is a copy of it, and no history is replayed",
    )
    .option("--time-limit <seconds>", "for each statement (default: 30)", count)
    .option("--allow-unsafe", "run also statements that reach outside of the database")
    .option("--no-cache", "keep nothing for the next rehearsal")
    .optionsGroup("Rows:")
    .option("--rows <count>", "in each table; 0: none (default: 20; with --template: none)", count)
    .option("--no-hurt", "none that would make a statement fail")
    .option("--seed <number>", "the same number makes the same rows (default: 1)", count)
    .option("--data <file>", "SQL that inserts rows of your own before others are made")
    .optionsGroup("What is reported:")
    .addOption(new Option("-f, --format <name>", "timeline or JSON").choices(REHEARSAL_FORMATS).default("text"))
    .addOption(
      new Option("-o, --output-file <format=file>", "write a format to a file; repeatable").argParser(rehearsalFile),
    )
    .option("--color", "colours, whatever the terminal is")
    .option("--no-color", "no colours")
    .optionsGroup("Options:");
}

function withRoleOptions(command: Command): Command {
  const several = (value: string, before: readonly string[] | undefined): readonly string[] => [
    ...(before ?? []),
    value,
  ];
  return command
    .option("--production <ref>", "what production runs: a branch, a tag, or a pattern of tags (v*)")
    .option("--main <branch>", "the main branch")
    .addOption(new Option("--development <branch>", "a development branch; repeatable").argParser(several))
    .addOption(new Option("--hotfix <pattern>", "hotfix branches: hotfix/*; repeatable").argParser(several));
}

function withBranchesOptions(command: Command): Command {
  return withRoleOptions(command.optionsGroup("Which branch is what:"))
    .optionsGroup("What is compared:")
    .addOption(
      new Option("--also <ref>", "compare this branch, tag or commit too; repeatable").argParser(
        (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
      ),
    )
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
      new Option("-o, --output-file <format=file>", "write a format to a file; repeatable").argParser(branchesFile),
    )
    .option("--ascii", "lines are drawn with ASCII only")
    .option("--color", "colours, whatever the terminal is")
    .option("--no-color", "no colours")
    .optionsGroup("Options:");
}

function branchesFile(value: string, before: [BranchesFormat, string][] | undefined): [BranchesFormat, string][] {
  const [, name, file] = /^([^=]+)=(.+)$/.exec(value) ?? [];
  const format = BRANCHES_FORMATS.find((each) => each === name);
  if (format === undefined || file === undefined)
    throw new InvalidArgumentError(
      `Write a format (${BRANCHES_FORMATS.join(", ")}), = and a file: --output-file json=branches.json.`,
    );
  return [...(before ?? []), [format, file]];
}

function rehearsalFile(value: string, before: [RehearsalFormat, string][] | undefined): [RehearsalFormat, string][] {
  const [, name, file] = /^([^=]+)=(.+)$/.exec(value) ?? [];
  const format = REHEARSAL_FORMATS.find((each) => each === name);
  if (format === undefined || file === undefined)
    throw new InvalidArgumentError(
      `Write a format (${REHEARSAL_FORMATS.join(" or ")}), = and a file: --output-file json=rehearsal.json.`,
    );
  return [...(before ?? []), [format, file]];
}

function ruleSetting(
  value: string,
  before: Record<string, Severity | "off"> | undefined,
): Record<string, Severity | "off"> {
  const [, id, severity] = /^([^=]+)=(.*)$/.exec(value) ?? [];
  if (id === undefined || severity === undefined)
    throw new InvalidArgumentError("Write a rule's id, = and a severity: --rule drop-column=warning.");
  const known = ["off", ...SEVERITIES] as const;
  const found = known.find((each) => each === severity);
  if (found === undefined)
    throw new InvalidArgumentError(
      `There is no severity ${JSON.stringify(severity)}, only ${known.join(", ")}.${didYouMean(severity, known)}`,
    );
  return { ...before, [id]: found };
}

function format(value: string, before: FormatName[] | undefined): FormatName[] {
  return [...(before ?? []), formatName(value)];
}

function outputFile(value: string, before: [FormatName, string][] | undefined): [FormatName, string][] {
  const [, name, file] = /^([^=]+)=(.+)$/.exec(value) ?? [];
  if (name === undefined || file === undefined)
    throw new InvalidArgumentError("Write a format, = and a file: --output-file sarif=lockstep.sarif.");
  return [...(before ?? []), [formatName(name), file]];
}

function formatName(value: string): FormatName {
  const found = FORMAT_NAMES.find((name) => name === value);
  if (found === undefined)
    throw new InvalidArgumentError(
      `There is no format ${JSON.stringify(value)}, only ${FORMAT_NAMES.join(", ")}.${didYouMean(value, FORMAT_NAMES)}`,
    );
  return found;
}

function count(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("Give a whole number from 0.");
  return Number(value);
}
