import { type Command, InvalidArgumentError, Option } from "commander";
import { EXECUTIONS, FAIL_ON, PARSERS, POSTGRES_VERSIONS, PRESETS, SEVERITIES } from "../../../engine/config.ts";
import type { Severity } from "../../../engine/finding.ts";
import { didYouMean } from "../../../engine/nearest.ts";
import { FORMAT_NAMES, type FormatName } from "../../../report/loaders.ts";
import type { CheckFlags } from "../flags.ts";
import type { Start } from "./start.ts";
import { count, repeatable } from "./values.ts";

export const EXAMPLES = `
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

export const EXIT_CODES = `
Exit codes:
  0  nothing at or above --fail-on (default: error)
  1  findings at or above --fail-on, or more warnings than --max-warnings
  2  usage, configuration or input that could not be read, or an internal error
`;

/** check, which is also what runs where no command is named, and checklist. */
export function addCheck({ program, io, end }: Start): void {
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
      const { version } = await import("../../../project/product.ts");
      return io.stdout.write(`${version()}\n`);
    }
    const { runCheck } = await import("../check.ts");
    end(await runCheck(paths, flags, io, "check"));
  });

  withCheckOptions(program.command("checklist").argument("[paths...]", "as for check"))
    .summary("the production safety checklist of the pending migrations")
    .description(
      "Prints what has to be done around the deployment, in Markdown (--format checklist-json for machines), filled in from what is known. The exit code is 0 unless --fail-on is given.",
    )
    .addHelpText("after", EXIT_CODES)
    .action(async (paths: string[], flags: CheckFlags) => {
      const { runCheck } = await import("../check.ts");
      end(await runCheck(paths, flags, io, "checklist"));
    });
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
    .addOption(repeatable("--rule <id=severity>", `severity of one rule: ${SEVERITIES.join(", ")} or off`, ruleSetting))
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
    .addOption(repeatable("-f, --format <name>", FORMAT_NAMES.join(", "), format))
    .addOption(repeatable("-o, --output-file <format=file>", "write a format to a file", outputFile))
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
