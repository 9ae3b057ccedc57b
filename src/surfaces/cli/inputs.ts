import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { loadInputs } from "../../project/inputs.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { didYouMean } from "../../engine/nearest.ts";
import { decode } from "../../source/encoding.ts";
import { type History, replaceSources } from "../../source/history.ts";
import { looseHistory } from "../../source/layout.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import type { SourceFile } from "../../source/text.ts";
import type { CheckFlags } from "./flags.ts";
import type { Io } from "../../project/io.ts";
import type { Settings } from "../../project/settings.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

export interface Inputs {
  readonly histories: readonly History[];
  readonly evidence: Evidence;
  /** Each migration is a deployment of its own: all of them, or none, may be deployed. */
  readonly each: boolean;
  readonly gitRoot?: string | undefined;
}

/** What is to be checked; undefined where no path is left by --no-error-on-unmatched-pattern. */
export async function readInputs(
  paths: readonly string[],
  flags: CheckFlags,
  settings: Settings,
  io: Io,
): Promise<Outcome<Inputs | undefined>> {
  if (flags.stdinFilename !== undefined && !flags.stdin)
    return failure("--stdin-filename says what standard input stands for: give --stdin too.");
  if (flags.stdin) {
    if (paths.length > 0)
      return failure(
        `--stdin reads one file from standard input, so it takes no paths (${paths.join(", ")}): name the file with --stdin-filename.`,
      );
    return readStdin(flags, settings, io);
  }
  if (paths.includes("")) return failure("One of the paths is empty: leave it out, or use . for this directory.");
  const wanted = flags.errorOnUnmatchedPattern ? paths : await matching(paths, io.cwd);
  if (paths.length > 0 && wanted.length === 0) return success(undefined);
  const inputs = await load(wanted, flags, settings, io);
  if (inputs.ok) return inputs;
  const [first = ""] = paths;
  if (!/^[a-z]+$/.test(first) || existsSync(resolve(io.cwd, first))) return inputs;
  return failure(
    `${inputs.message} It is no command either.${didYouMean(first, ["check", "checklist", "rehearse", "down", "branches", "hotfix", "init", "doctor", "completion", "lsp", "explain", "rules", "help"]) || ` ${lockstep.help(IN_WORDS).text} lists them.`}`,
  );
}

async function load(paths: readonly string[], flags: CheckFlags, settings: Settings, io: Io): Promise<Outcome<Inputs>> {
  const { config, migrations, base } = settings;
  const inputs = await loadInputs({
    cwd: io.cwd,
    paths,
    ...(migrations.length > 0 && { migrations }),
    ...(base !== undefined && { base, baseFrom: flags.base === undefined ? "base in the configuration" : "--base" }),
    ...(flags.all && { all: true }),
    environment: io.env,
    ...(config.execution && { execution: { mode: config.execution, because: from(flags.execution, "execution") } }),
    ...(config.postgres !== undefined && {
      postgres: { version: config.postgres, because: from(flags.postgres, "postgres") },
    }),
  });
  if (inputs.ok) return success(inputs);
  return paths.length === 0 && migrations.length > 0
    ? failure(`From "migrations" in the configuration: ${inputs.message}`)
    : inputs;
}

/** Why an evidence is what it is: a flag, or the configuration. */
export function from(flag: string | undefined, name: string): string {
  return flag === undefined ? `${name} in the configuration` : `--${name} ${flag}`;
}

async function matching(paths: readonly string[], cwd: string): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const path of paths) {
    if (existsSync(resolve(cwd, path))) kept.push(path);
    else if (/[*?[\]{}]/.test(path) && (await (await import("../../source/disk/search.ts")).searchGlob(cwd, path)).ok)
      kept.push(path);
  }
  return kept;
}

/** Standard input takes the place of the file that it stands for, in that file's history; without one it is a history of its own. */
async function readStdin(flags: CheckFlags, settings: Settings, io: Io): Promise<Outcome<Inputs>> {
  const name = flags.stdinFilename;
  const bytes = await io.stdin();
  if (name !== undefined && existsSync(resolve(io.cwd, name))) {
    const inputs = await load([name], flags, settings, io);
    if (!inputs.ok) return inputs;
    if (
      !inputs.value.histories.some(({ migrations }) =>
        migrations.some(({ up, down }) =>
          [up, down].some((file) => file && resolve(io.cwd, file.path) === resolve(io.cwd, name)),
        ),
      )
    ) {
      return failure(`--stdin-filename ${name} is no SQL file: name the file that standard input stands for.`);
    }
    const same = (file: SourceFile | undefined): boolean =>
      file !== undefined && resolve(io.cwd, file.path) === resolve(io.cwd, name);
    return success({
      ...inputs.value,
      histories: replaceSources(inputs.value.histories, (file) => (same(file) ? decode(file.path, bytes) : file)),
    });
  }
  const history = looseHistory([decode((name ?? "stdin.sql").replaceAll("\\", "/"), bytes)], () => "pending");
  const around = await load([], flags, settings, io);
  if (around.ok) return success({ ...around.value, each: false, histories: [history] });
  const { execution, postgres } = settings.config;
  return success({
    histories: [history],
    each: false,
    evidence: {
      execution: {
        mode: execution ?? "unknown",
        because: execution ? from(flags.execution, "execution") : "no Prisma version is known",
      },
      postgres: { version: postgres ?? 17, because: postgres ? from(flags.postgres, "postgres") : "the default" },
    },
  });
}
