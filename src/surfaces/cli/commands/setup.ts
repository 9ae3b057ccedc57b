import { Argument, Option } from "commander";
import { PRESETS } from "../../../engine/config.ts";
import { SHELLS, type Shell } from "../completion/shells.ts";
import { CI_CHOICES, DOCTOR_FORMATS, type DoctorFlags, type InitFlags } from "../others.ts";
import type { Start } from "./start.ts";

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

/** What is run once, or by other programs: init, doctor, lsp, completion. */
export function addSetup({ program, io, others, end }: Start): void {
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
      end(await others.lsp(io));
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
      end(await others.init(flags, io));
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
      end(await others.doctor(flags, io));
    });

  program
    .command("completion")
    .addArgument(new Argument("<shell>", "whose script").choices(SHELLS))
    .summary("the script that completes lockstep's command lines in a shell")
    .description(
      'Prints a script for the shell that completes commands, options, their values, rules, branches and migrations.\n\n  bash  in ~/.bashrc: eval "$(lockstep completion bash)"\n  zsh   in ~/.zshrc, after compinit: eval "$(lockstep completion zsh)"\n  fish  lockstep completion fish > ~/.config/fish/completions/lockstep.fish\n\nIt completes a command that is called lockstep: one that is installed globally, or a PATH with node_modules/.bin.',
    )
    .action(async (shell: Shell) => {
      const { completionScript } = await import("../completion/scripts.ts");
      await io.stdout.write(completionScript(shell));
    });
}

/** explain and rules. */
export function addRules({ program, io, end }: Start): void {
  program
    .command("explain")
    .argument("<name...>", "a rule's id: drop-column; or a lock mode: ACCESS EXCLUSIVE")
    .summary("why a rule exists, and what to do instead")
    .description(
      "Prints the page of a rule; of a lock mode what it blocks and which statements take it, with the pages of PostgreSQL's manual that say so.",
    )
    .action(async (name: readonly string[]) => {
      const { explain } = await import("../explain.ts");
      end(await explain(name, io));
    });

  program
    .command("rules")
    .summary("all rules with their severities")
    .description(
      "Lists the rules by category, with their severity in a preset; those of the configuration's plugins are among them.",
    )
    .option("-c, --config <file>", "this configuration instead of the nearest lockstep.config.* or package.json")
    .addOption(new Option("--preset <name>", "whose severities").choices(PRESETS).default("recommended"))
    .action(async (flags: { readonly preset: (typeof PRESETS)[number]; readonly config?: string }) => {
      const { listRules } = await import("../explain.ts");
      end(await listRules(flags, io));
    });
}
