import { relative, resolve } from "node:path";
import { isBaselined, writeBaseline } from "../../engine/baseline.ts";
import type { CheckResult } from "../../engine/result.ts";
import { check } from "../../index.ts";
import { acceptedEntries, pendingIds, statementsOf } from "../../project/accepted-entries.ts";
import { onBase } from "../../project/deployed.ts";
import { type Io, lookOf } from "../../project/io.ts";
import type { Project } from "../../project/place.ts";
import { replaceFile } from "../../source/disk/write.ts";
import type { FailedOutcome, Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import { counted } from "../../words.ts";
import type { CheckFlags } from "./flags.ts";
import { openNamed } from "./place.ts";
import { destinations, exitCode, reportCrashes, reportOptions, writeReports } from "./reports.ts";
import type { Staged } from "./staged-changes.ts";
import { grouped } from "../../report/grouping.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

/** The main job: settings, inputs, check, fixes, reports. `index`: what --staged reads, where it was read already. Returns the exit code. */
export async function runCheck(
  paths: readonly string[],
  flags: CheckFlags,
  io: Io,
  command: "check" | "checklist",
  index?: Staged,
): Promise<number> {
  const code = await attempt(paths, flags, io, command, index);
  if (code.ok) return code.value;
  const message = code.message.trimEnd();
  await io.stderr.write(`lockstep: ${message}\n`);
  return 2;
}

async function attempt(
  paths: readonly string[],
  flags: CheckFlags,
  io: Io,
  command: "check" | "checklist",
  index: Staged | undefined,
): Promise<Outcome<number>> {
  const staged = index
    ? success(index)
    : flags.staged
      ? (await import("./staged-changes.ts")).readStaged(paths, flags, io)
      : undefined;
  if (staged && !staged.ok) return staged;
  // Most commits have no migration: their hook ends here, before anything is loaded.
  if (
    staged?.value.nothing &&
    command === "check" &&
    !flags.outputFile &&
    (flags.format ?? ["text"]).every((name) => name === "text")
  )
    return success(0);
  const to = destinations(flags, command === "check" ? "text" : "checklist");
  if (!to.ok) return to;
  const writes = (flags.fix ?? flags.fixUnsafe ?? false) && !flags.diff;
  if (writes && flags.all)
    return failure(
      "--fix changes pending migrations only, and with --all it is not known which are: leave out one of them, or name the files.",
    );
  if (writes && flags.stdin) return failure("--fix cannot change standard input: use --diff, or name the file.");
  const failOn = flags.failOn ?? (command === "checklist" ? "never" : undefined);
  const opened = await openNamed(paths, { ...flags, ...(failOn && { failOn }) }, io, { index: staged?.value });
  if (!opened.ok) return opened;
  if (opened.value === undefined) {
    await io.stderr.write("lockstep: No path matches a migration: nothing to check.\n");
    return success(0);
  }
  let project = opened.value;
  const { histories } = project;
  const sources = histories.flatMap(({ migrations }) => migrations.flatMap(({ up, down }) => [up, down]));
  const overwritten = to.value.files.find(([, file]) =>
    sources.some((source) => source && resolve(io.cwd, source.path) === resolve(io.cwd, file)),
  );
  if (overwritten)
    return failure(`--output-file would overwrite ${overwritten[1]}, which is checked: name another file.`);
  if (writes && project.deployments === "each")
    return failure(
      "--fix changes pending migrations only, and no base is known that tells which are: give --base, or name the files.",
    );
  let unrehearsed: FailedOutcome | undefined;
  if (flags.rehearse && histories.some(({ migrations }) => migrations.some(({ state }) => state === "pending"))) {
    const rehearsed = await (await import("../../project/orders.ts")).withRehearsal(project, io);
    if (rehearsed.ok) project = rehearsed.value;
    else if (writes || flags.diff || flags.writeBaseline) return rehearsed;
    else {
      // What the text says is said all the same; that it was not rehearsed is what the command ends with.
      unrehearsed = rehearsed;
      const unavailable = { ...project.evidence.unavailable, rehearsal: rehearsed.message };
      project = { ...project, evidence: { ...project.evidence, unavailable } };
    }
  }
  let result = await check(project);

  if (flags.fix || flags.fixUnsafe || flags.diff) {
    const { fix, writeDiff, writeFixed } = await import("./fixes.ts");
    const deployed = deployedNamed(paths, flags, project, io);
    if (!deployed.ok) return deployed;
    for (const note of new Set(deployed.value.values())) await io.stderr.write(note);
    const fixed = await fix({
      histories,
      result,
      level: flags.fixUnsafe ? "unsafe" : "safe",
      deployed: new Set(deployed.value.keys()),
      reader: project.reader,
      check: (of) => check({ ...project, histories: of }),
    });
    if (flags.diff) {
      await writeDiff(histories, fixed.texts, lookOf(flags.color, io.env, io.stdout), io);
      await reportCrashes(result, flags, io);
      return success(exitCode(grouped(result), project, flags));
    }
    const written = writeFixed(io.cwd, fixed.texts);
    if (!written.ok) return written;
    if (fixed.applied.length > 0)
      await io.stderr.write(
        `lockstep: ${counted(fixed.applied.length, "fix", "fixes")} applied in ${[...fixed.texts.keys()].join(", ")}.\n`,
      );
    result = fixed.result;
  }

  await reportCrashes(result, flags, io);
  if (flags.writeBaseline && result.crashes.length > 0)
    return failure("The baseline was not written: an internal error left something unchecked.");
  if (flags.writeBaseline) return acceptAll(result, project, io);
  await reportStale(result, project, io);
  let { stdout } = to.value;
  const nothing = nothingPending(result);
  if (nothing !== undefined) {
    const prose = stdout.every((name) => name === "text");
    if (!staged) await (prose ? io.stdout : io.stderr).write(`${nothing}\n`);
    // A folder may be odd without a pending migration: a lock file with the marks of a conflict, a folder that is a link.
    const odd = result.histories.some(({ problems }) => problems.length > 0);
    if (prose && result.findings.length === 0 && !odd) stdout = [];
  }
  result = grouped(result);
  const written = await writeReports(result, { ...to.value, stdout }, reportOptions(project, flags, io), io);
  if (!written.ok) return written;
  return unrehearsed ?? success(exitCode(result, project, flags));
}

/**
 * Named migrations are pending whatever the base has; their files are changed only where it does not have them. Gives a sentence for
 * each file that stays as it is. Where there is no base, the name is the word for it.
 */
function deployedNamed(
  paths: readonly string[],
  flags: CheckFlags,
  { histories, base }: Project,
  io: Io,
): Outcome<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (paths.length === 0 || flags.all || flags.stdin) return success(found);
  for (const { migrations } of histories) {
    const files = migrations
      .filter(({ state }) => state === "pending")
      .flatMap(({ up, down }) => (up ? [{ up, down }] : []));
    const deployed = onBase(
      files.map(({ up }) => resolve(io.cwd, up.path)),
      base,
      io.env,
    );
    if (!deployed.ok) return deployed;
    for (const { up, down } of files) {
      const on = deployed.value.get(resolve(io.cwd, up.path));
      if (!on) continue;
      const note = `lockstep: ${up.path} is on ${on.ref} (${on.because}), so it is deployed, and Prisma keeps a checksum of it: it was not changed.\n`;
      for (const file of [up, down]) if (file) found.set(file.path, note);
    }
  }
  return success(found);
}

async function acceptAll(
  result: CheckResult,
  { reader, baseline, baselinePath }: Project,
  io: Io,
): Promise<Outcome<number>> {
  const entries = acceptedEntries(result, reader, baseline);
  const shown = relative(io.cwd, baselinePath);
  try {
    replaceFile(baselinePath, writeBaseline(entries));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return failure(
      `The baseline ${shown} could not be written (${String(error.code)}): name another file with --baseline.`,
    );
  }
  await io.stderr.write(`lockstep: ${counted(entries.length, "finding", "findings")} accepted in ${shown}.\n`);
  return success(0);
}

/** Entries for migrations that were checked and that no finding matches any more. */
async function reportStale(result: CheckResult, { reader, baseline, baselinePath }: Project, io: Io): Promise<void> {
  if (baseline.length === 0) return;
  const statements = statementsOf(result, reader);
  const pending = pendingIds(result);
  const used = new Set(result.findings.map((finding) => isBaselined(finding, baseline, statements)));
  const ran = new Set(result.rules.map((rule) => rule.id));
  const stale = baseline.filter((entry) => pending.has(entry.migration) && ran.has(entry.rule) && !used.has(entry));
  if (stale.length === 0) return;
  const list = stale.map((entry) => `  ${entry.rule} in ${entry.migration}\n`).join("");
  await io.stderr.write(
    `lockstep: ${counted(stale.length, "entry", "entries")} of ${relative(io.cwd, baselinePath)} no longer ${stale.length === 1 ? "matches" : "match"} a finding; --write-baseline removes ${stale.length === 1 ? "it" : "them"}:\n${list}`,
  );
}

/** A sentence where every migration is deployed, or there are none. */
function nothingPending(result: CheckResult): string | undefined {
  const migrations = result.histories.flatMap((history) => history.migrations);
  if (migrations.some((migration) => migration.state === "pending")) return undefined;
  if (migrations.length === 0) return "There are no migrations to check.";
  const { base } = result.evidence;
  const where = base ? `on ${base.ref} (${base.because})` : "deployed";
  return `No migration is pending: all ${migrations.length} are ${where}. To check them all: ${lockstep.check(IN_WORDS, { all: true }).text}. To check some: ${lockstep.check(IN_WORDS, { path: "PATH" }).text}.`;
}
