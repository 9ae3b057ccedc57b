import { mkdirSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fails } from "../../engine/config.ts";
import type { CheckResult } from "../../engine/result.ts";
import { LOADERS, type FormatName } from "../../report/loaders.ts";
import type { ReportOptions } from "../../report/options.ts";
import { replaceFile } from "../../source/disk/write.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import type { CheckFlags } from "./flags.ts";
import { type Io, lookOf } from "../../project/io.ts";
import type { Project } from "../../project/place.ts";
import { addressOf, pageTextOf } from "../../project/pages.ts";
import { crashInWords, stackOf } from "../../report/crash.ts";
import { homepage, issuesAddress } from "../../project/product.ts";

/** Formats that people read: only these can follow each other on one screen. */
const PROSE: readonly FormatName[] = ["text", "checklist"];

type Files = NonNullable<CheckFlags["outputFile"]>;

/** What goes to standard output and what to files; a mistake where two formats would make one unreadable text. */
export function destinations(
  flags: CheckFlags,
  fallback: FormatName,
): Outcome<{ readonly stdout: readonly FormatName[]; readonly files: Files }> {
  const stdout = flags.format ? [...new Set(flags.format)] : [fallback];
  const machine = stdout.find((name) => !PROSE.includes(name));
  if (machine !== undefined && stdout.length > 1) {
    return failure(
      `--format ${machine} cannot share standard output with ${stdout.filter((name) => name !== machine).join(" and ")}: write one of them to a file, --output-file ${machine}=FILE.`,
    );
  }
  const files = flags.outputFile ?? [];
  const dash = files.find(([, file]) => file === "-");
  if (dash)
    return failure(
      `--output-file ${dash[0]}=- names no file: what standard output gets is said by --format ${dash[0]}.`,
    );
  const twice = files.find(([, file], index) =>
    files.some(([, other], before) => before < index && resolve(other) === resolve(file)),
  );
  if (twice)
    return failure(
      `--output-file names ${twice[1]} twice, so that one report would overwrite the other: give each its own file.`,
    );
  return success({ stdout, files });
}

/** Renders `result` to standard output and to the files. */
export async function writeReports(
  result: CheckResult,
  to: { readonly stdout: readonly FormatName[]; readonly files: Files },
  options: ReportOptions,
  io: Io,
): Promise<Outcome<undefined>> {
  for (const [name, file] of to.files) {
    const written = writeReport(file, await render(name, result, { ...options, color: false }), io);
    if (!written.ok) return written;
  }
  for (const [index, name] of to.stdout.entries()) {
    await io.stdout.write(`${index > 0 ? "\n" : ""}${await render(name, result, options)}`);
  }
  return success(undefined);
}

/** One report to the file that --output-file names; folders on the way are made. */
export function writeReport(file: string, text: string, { cwd }: Io): Outcome<undefined> {
  const path = resolve(cwd, file);
  try {
    mkdirSync(dirname(path), { recursive: true });
    replaceFile(path, text);
    return success(undefined);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return failure(
      `${file} could not be written (${String(error.code)}): name a file that this user may write with --output-file.`,
    );
  }
}

async function render(name: FormatName, result: CheckResult, options: ReportOptions): Promise<string> {
  const format = await LOADERS[name]();
  const ruleUrl = (id: string): string | undefined => addressOf(result.rules.find((rule) => rule.id === id) ?? { id });
  if (name !== "sarif") return format.render(result, { ...options, ruleUrl });
  const pages = Object.fromEntries(
    result.rules.flatMap((rule) => {
      const page = pageTextOf(rule);
      return page === undefined ? [] : [[rule.id, page]];
    }),
  );
  return format.render(result, { ...options, pages, ruleUrl, homepage: homepage() });
}

export function reportOptions(
  { config, gitRoot }: Pick<Project, "config" | "gitRoot">,
  flags: CheckFlags,
  io: Io,
): ReportOptions {
  return {
    ...lookOf(flags.color, io.env, io.stdout),
    pathPrefix: gitRoot === undefined ? "" : relative(gitRoot, io.cwd).replaceAll("\\", "/"),
    showSuppressed: flags.showSuppressed ?? false,
    quiet: flags.quiet ?? false,
    failOn: config.failOn,
  };
}

/** What went wrong inside, on standard error. */
export async function reportCrashes(
  { crashes }: CheckResult,
  { debug }: Pick<CheckFlags, "debug">,
  io: Io,
): Promise<void> {
  for (const crash of crashes) {
    const stack = debug ? `${stackOf(crash.error)}\n` : "";
    await io.stderr.write(`lockstep: ${crashInWords(crash, issuesAddress())}${debug ? "" : SHOW_STACK}\n${stack}`);
  }
}

const SHOW_STACK = " --debug shows where it was thrown.";

/** 1 where a finding fails the run, or where there are more warnings than --max-warnings; 2 where an internal error left something unchecked. */
export function exitCode(result: CheckResult, { config }: Pick<Project, "config">, flags: CheckFlags): 0 | 1 | 2 {
  // What was not checked is no reason to let it pass, and no finding.
  if (result.crashes.length > 0) return 2;
  const open = result.findings.filter((finding) => !finding.suppressed);
  const warnings = open.filter((finding) => finding.severity === "warning").length;
  const isStopped = result.histories.some(({ problems }) => problems.some(({ severity }) => severity === "error"));
  return (isStopped && fails("error", config.failOn)) ||
    open.some((finding) => fails(finding.severity, config.failOn)) ||
    warnings > (flags.maxWarnings ?? Infinity)
    ? 1
    : 0;
}
