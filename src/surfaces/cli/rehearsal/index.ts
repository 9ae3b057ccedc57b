import { relative, resolve } from "node:path";
import { type Verdict, verdict } from "../../../rehearsal/verdict.ts";
import { loadReader } from "../../../sql/readers.ts";
import { rehearsalJson } from "../../../report/rehearsal/json.ts";
import { rehearsalText } from "../../../report/rehearsal/text.ts";
import type { Outcome } from "../../../source/outcome.ts";
import { failure, success } from "../../../source/outcome.ts";
import type { CheckFlags } from "../flags.ts";
import { type Io, lookOf } from "../../../project/io.ts";
import type { RehearsalFormat, RehearseFlags } from "./flags.ts";
import { rehearsalOf } from "../../../project/rehearsal.ts";
import { openNamed } from "../place.ts";
import { writeReport } from "../reports.ts";
import { lockstep } from "../../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../../advice/programs/facts.ts";

/** Runs the pending migrations in a PostgreSQL of its own and prints what happened. Returns the exit code. */
export async function runRehearse(paths: readonly string[], flags: RehearseFlags, io: Io): Promise<number> {
  const code = await attempt(paths, flags, io);
  if (code.ok) return code.value;
  await io.stderr.write(`lockstep: ${code.message.trimEnd()}\n`);
  return 2;
}

async function attempt(paths: readonly string[], flags: RehearseFlags, io: Io): Promise<Outcome<number>> {
  const { execution, format = "text", outputFile = [], ...rest } = flags;
  const checkFlags: CheckFlags = {
    ...rest,
    errorOnUnmatchedPattern: true,
    inlineConfig: true,
    ...(execution && execution !== "both" && { execution }),
  };
  const [opened, reader] = await Promise.all([
    openNamed(paths, checkFlags, io, { compares: false }),
    loadReader("postgres"),
  ]);
  if (!opened.ok) return opened;
  if (opened.value === undefined)
    return failure("No path matches a migration: name a migration or a migrations folder.");
  const project = opened.value;
  const { histories, evidence, gitRoot } = project;
  const sources = histories.flatMap(({ migrations }) => migrations.flatMap(({ up, down }) => [up, down]));
  const overwritten = outputFile.find(([, file]) =>
    sources.some((source) => source && resolve(io.cwd, source.path) === resolve(io.cwd, file)),
  );
  if (overwritten)
    return failure(`--output-file would overwrite ${overwritten[1]}, which is rehearsed: name another file.`);
  if (!histories.some(({ migrations }) => migrations.some(({ state }) => state === "pending"))) {
    const where = evidence.base ? `on ${evidence.base.ref} (${evidence.base.because})` : "deployed";
    await (format === "text" ? io.stdout : io.stderr).write(
      `No migration is pending: all are ${where}. To rehearse some anyway: ${lockstep.rehearse(IN_WORDS, { path: "PATH" }).text}. To rehearse the whole history: ${lockstep.rehearse(IN_WORDS, { all: true }).text}.\n`,
    );
    if (format === "text") return success(0);
  }
  const rehearsed = await rehearsalOf({ ...project, reader, execution }, flags, io);
  if (!rehearsed.ok) return rehearsed;
  const result = rehearsed.value;
  const { tool } = project;
  const look = lookOf(flags.color, io.env, io.stdout);
  const prefix = gitRoot === undefined ? "" : relative(gitRoot, io.cwd).replaceAll("\\", "/");
  const render = (name: RehearsalFormat, color: boolean): string =>
    name === "json"
      ? rehearsalJson(result, { tool, evidence })
      : rehearsalText(result, {
          color,
          columns: look.columns,
          evidence,
          version: tool.version,
          pathPrefix: prefix,
        });
  for (const [name, file] of outputFile) {
    const written = writeReport(file, render(name, false), io);
    if (!written.ok) return written;
  }
  await io.stdout.write(render(format, look.color));
  return success(EXIT[verdict(result)]);
}

const EXIT: Readonly<Record<Verdict, number>> = { passed: 0, failed: 1, unfinished: 2 };
