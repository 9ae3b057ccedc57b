import { writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { rules } from "../../../rules/index.ts";
import { isBaselined, writeBaseline } from "../../engine/baseline.ts";
import type { CheckResult } from "../../engine/result.ts";
import { run } from "../../engine/run.ts";
import { loadReader } from "../../sql/readers.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import type { History } from "../../source/history.ts";
import type { Reader } from "../../sql/statement.ts";
import { counted } from "../../words.ts";
import type { CheckFlags } from "./flags.ts";
import { readInputs } from "./inputs.ts";
import type { Io } from "../../project/io.ts";
import { destinations, exitCode, reportOptions, writeReports } from "./reports.ts";
import { acceptedEntries, pendingIds, statementsOf } from "../../project/accepted-entries.ts";
import type { Staged } from "./staged-changes.ts";
import { readSettings, type Settings } from "../../project/settings.ts";
import { version } from "../../project/product.ts";
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
  // The grammar compiles on another thread while settings and inputs are read.
  const grammar = flags.parser === "portable" ? undefined : loadReader("postgres").catch((error: unknown) => error);
  const to = destinations(flags, command === "check" ? "text" : "checklist");
  if (!to.ok) return to;
  const writes = (flags.fix ?? flags.fixUnsafe ?? false) && !flags.diff;
  if (writes && flags.all)
    return failure(
      "--fix changes pending migrations only, and with --all it is not known which are: leave out one of them, or name the files.",
    );
  if (writes && flags.stdin) return failure("--fix cannot change standard input: use --diff, or name the file.");
  const read = await readSettings(flags, io);
  if (!read.ok) return read;
  let settings: Settings =
    command === "checklist" && flags.failOn === undefined
      ? { ...read.value, config: { ...read.value.config, failOn: "never" } }
      : read.value;
  const inputs = staged
    ? await (await import("./staged.ts")).stagedInputs(staged.value, flags, settings, io)
    : await readInputs(paths, flags, settings, io);
  if (!inputs.ok) return inputs;
  if (inputs.value === undefined) {
    await io.stderr.write("lockstep: No path matches a migration: nothing to check.\n");
    return success(0);
  }
  const { each, gitRoot } = inputs.value;
  let { evidence, histories } = inputs.value;
  const sources = histories.flatMap(({ migrations }) => migrations.flatMap(({ up, down }) => [up, down]));
  const overwritten = to.value.files.find(([, file]) =>
    sources.some((source) => source && resolve(io.cwd, source.path) === resolve(io.cwd, file)),
  );
  if (overwritten)
    return failure(`--output-file would overwrite ${overwritten[1]}, which is checked: name another file.`);
  if (writes && each)
    return failure(
      "--fix changes pending migrations only, and no base is known that tells which are: give --base, or name the files.",
    );
  if (settings.config.parser === "postgres") await grammar;
  let reader = await loadReader(settings.config.parser);
  const tool = { name: "lockstep", version: version() };
  if (evidence.base || (staged && evidence.branch !== undefined && !settings.config.presetNamed)) {
    const chosen = (await import("../../project/hotfix-preset.ts")).withHotfixPreset(settings, evidence, io);
    settings = chosen.settings;
    evidence = { ...evidence, ...(chosen.preset && { preset: chosen.preset }) };
  }
  // Git was asked for the base: branches are compared only then, so that a check of files stays as it is.
  if (evidence.base) {
    const { remembering, withDivergence } = await import("../../project/divergence.ts");
    reader = remembering(reader);
    ({ evidence, histories } = withDivergence({ ...inputs.value, evidence }, rules, settings, reader, io));
  }
  if (flags.rehearse && histories.some(({ migrations }) => migrations.some(({ state }) => state === "pending"))) {
    const { rehearsalOf } = await import("../../project/rehearsal.ts");
    const rehearsal = await rehearsalOf({ histories, evidence, each, reader: await loadReader("postgres") }, {}, io);
    if (!rehearsal.ok) return rehearsal;
    evidence = { ...evidence, rehearsal: rehearsal.value };
    const { withOrders } = await import("../../project/divergence.ts");
    const ordered = await withOrders(evidence, await loadReader("postgres"), io);
    if (!ordered.ok) return ordered;
    evidence = ordered.value;
  }
  const judge = (of: readonly History[]): CheckResult =>
    run({
      histories: of,
      evidence,
      config: settings.config,
      rules,
      reader,
      baseline: settings.baseline,
      deployments: each ? "each" : "one",
      tool,
    });
  let result = judge(histories);

  if (flags.fix || flags.fixUnsafe || flags.diff) {
    const { fix, writeFixed } = await import("./fixes.ts");
    const deployed = await deployedNamed(paths, flags, settings, io, histories);
    if (!deployed.ok) return deployed;
    for (const note of new Set(deployed.value.values())) await io.stderr.write(note);
    const fixed = await fix({
      histories,
      result,
      level: flags.fixUnsafe ? "unsafe" : "safe",
      deployed: new Set(deployed.value.keys()),
      reader,
      check: judge,
    });
    if (flags.diff) {
      await writeDiff(histories, fixed.texts, settings, io);
      return success(exitCode(result, settings, flags));
    }
    const written = writeFixed(io.cwd, fixed.texts);
    if (!written.ok) return written;
    if (fixed.applied.length > 0)
      await io.stderr.write(
        `lockstep: ${counted(fixed.applied.length, "fix", "fixes")} applied in ${[...fixed.texts.keys()].join(", ")}.\n`,
      );
    result = fixed.result;
  }

  if (flags.writeBaseline) return acceptAll(result, reader, settings, io);
  await reportStale(result, reader, settings, io);
  let { stdout } = to.value;
  const nothing = nothingPending(result);
  if (nothing !== undefined) {
    const prose = stdout.every((name) => name === "text");
    if (!staged) await (prose ? io.stdout : io.stderr).write(`${nothing}\n`);
    // What is staged may be odd without being a migration: a lock file with the marks of a conflict.
    const odd = staged && result.histories.some(({ problems }) => problems.length > 0);
    if (prose && result.findings.length === 0 && !odd) stdout = [];
  }
  const written = await writeReports(result, { ...to.value, stdout }, reportOptions(settings, flags, io, gitRoot), io);
  return written.ok ? success(exitCode(result, settings, flags)) : written;
}

/**
 * Named migrations are pending whatever the base has; their files are changed only where it does not have them. Gives a sentence for
 * each file that stays as it is. Where there is no base, the name is the word for it.
 */
async function deployedNamed(
  paths: readonly string[],
  flags: CheckFlags,
  settings: Settings,
  io: Io,
  histories: readonly History[],
): Promise<Outcome<ReadonlyMap<string, string>>> {
  const found = new Map<string, string>();
  if (paths.length === 0 || flags.all || flags.stdin) return success(found);
  const { onBase } = await import("../../evidence/git/deployed.ts");
  for (const { migrations } of histories) {
    const files = migrations
      .filter(({ state }) => state === "pending")
      .flatMap(({ up, down }) => (up ? [{ up, down }] : []));
    const deployed = onBase(
      files.map(({ up }) => resolve(io.cwd, up.path)),
      settings.base,
      io.env,
    );
    if (!deployed.ok) return deployed;
    for (const { up, down } of files) {
      const base = deployed.value.get(resolve(io.cwd, up.path));
      if (!base) continue;
      const note = `lockstep: ${up.path} is on ${base.ref} (${base.because}), so it is deployed, and Prisma keeps a checksum of it: it was not changed.\n`;
      for (const file of [up, down]) if (file) found.set(file.path, note);
    }
  }
  return success(found);
}

async function writeDiff(
  histories: readonly History[],
  texts: ReadonlyMap<string, string>,
  settings: Settings,
  io: Io,
): Promise<void> {
  const [{ unifiedDiff }, { painter }] = await Promise.all([
    import("../../report/diff.ts"),
    import("../../report/text/paint.ts"),
  ]);
  const paint = painter(settings.color);
  for (const { migrations } of histories) {
    for (const file of migrations.flatMap(({ up, down }) => [up, down])) {
      const after = file && texts.get(file.path);
      if (file && after !== undefined) await io.stdout.write(unifiedDiff(file.path, file.text, after, paint));
    }
  }
  if (texts.size === 0) await io.stderr.write("lockstep: There is nothing to fix.\n");
}

async function acceptAll(result: CheckResult, reader: Reader, settings: Settings, io: Io): Promise<Outcome<number>> {
  const entries = acceptedEntries(result, reader, settings.baseline);
  const shown = relative(io.cwd, settings.baselinePath);
  try {
    writeFileSync(settings.baselinePath, writeBaseline(entries));
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
async function reportStale(result: CheckResult, reader: Reader, settings: Settings, io: Io): Promise<void> {
  if (settings.baseline.length === 0) return;
  const statements = statementsOf(result, reader);
  const pending = pendingIds(result);
  const used = new Set(result.findings.map((finding) => isBaselined(finding, settings.baseline, statements)));
  const ran = new Set(result.rules.map((rule) => rule.id));
  const stale = settings.baseline.filter(
    (entry) => pending.has(entry.migration) && ran.has(entry.rule) && !used.has(entry),
  );
  if (stale.length === 0) return;
  const list = stale.map((entry) => `  ${entry.rule} in ${entry.migration}\n`).join("");
  await io.stderr.write(
    `lockstep: ${counted(stale.length, "entry", "entries")} of ${relative(io.cwd, settings.baselinePath)} no longer ${stale.length === 1 ? "matches" : "match"} a finding; --write-baseline removes ${stale.length === 1 ? "it" : "them"}:\n${list}`,
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
