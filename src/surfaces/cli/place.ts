import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { POSTGRES_VERSIONS } from "../../engine/config.ts";
import { didYouMean } from "../../engine/nearest.ts";
import { type Io, lookOf } from "../../project/io.ts";
import { matchingPaths, openProject, type ProjectPlace, type Project } from "../../project/open.ts";
import type { Overrides } from "../../project/overrides.ts";
import type { StagedIndex } from "../../project/staged.ts";
import type { World } from "../../project/world.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import type { CheckFlags } from "./flags.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

export interface Opening {
  /** What --staged reads. */
  readonly index?: StagedIndex | undefined;
  /** False: nobody judges what is opened. */
  readonly compares?: boolean;
}

/** Opens what a command line names; undefined where no path is left by --no-error-on-unmatched-pattern. */
export async function openNamed(
  paths: readonly string[],
  flags: CheckFlags,
  io: Io,
  { index, compares = true }: Opening = {},
): Promise<Outcome<Project | undefined>> {
  const place = index ? success<ProjectPlace>({ kind: "staged", cwd: io.cwd, index }) : await placeOf(paths, flags, io);
  if (!place.ok) return place;
  if (place.value === undefined) return success(undefined);
  const project = await openProject(place.value, overridesOf(flags), { ...worldOf(flags, io), compares });
  const [first = ""] = paths;
  if (project.ok || !/^[a-z]+$/.test(first) || existsSync(resolve(io.cwd, first))) return project;
  return failure(
    `${project.message} It is no command either.${didYouMean(first, ["check", "checklist", "rehearse", "down", "branches", "hotfix", "init", "doctor", "stats", "completion", "lsp", "explain", "rules", "help"]) || ` ${lockstep.help(IN_WORDS).text} lists them.`}`,
  );
}

async function placeOf(
  paths: readonly string[],
  flags: CheckFlags,
  io: Io,
): Promise<Outcome<ProjectPlace | undefined>> {
  const { cwd } = io;
  if (flags.stdinFilename !== undefined && !flags.stdin)
    return failure("--stdin-filename says what standard input stands for: give --stdin too.");
  if (flags.stdin) {
    if (paths.length > 0)
      return failure(
        `--stdin reads one file from standard input, so it takes no paths (${paths.join(", ")}): name the file with --stdin-filename.`,
      );
    return success({ kind: "stdin", cwd, text: { bytes: await io.stdin(), filename: flags.stdinFilename } });
  }
  if (flags.errorOnUnmatchedPattern || paths.includes("")) return success({ kind: "paths", cwd, paths });
  const wanted = await matchingPaths(cwd, paths);
  return success(paths.length > 0 && wanted.length === 0 ? undefined : { kind: "paths", cwd, paths: wanted });
}

type OverridingFlags = Partial<
  Pick<
    CheckFlags,
    | "base"
    | "all"
    | "config"
    | "preset"
    | "rule"
    | "postgres"
    | "execution"
    | "parser"
    | "failOn"
    | "inlineConfig"
    | "baseline"
    | "writeBaseline"
  >
>;

/** What the flags say over the configuration. */
export function overridesOf(flags: OverridingFlags): Overrides {
  const { base, all, config, preset, rule, postgres, execution, parser } = flags;
  const { failOn, inlineConfig, baseline, writeBaseline } = flags;
  return {
    base,
    all,
    config,
    preset,
    rule,
    postgres: POSTGRES_VERSIONS.find((version) => String(version) === postgres),
    execution,
    parser,
    failOn,
    inlineConfig,
    baseline,
    writeBaseline,
    called: (name, value) => (name === "base" ? "--base" : `--${name} ${value}`),
  };
}

/** What is around a project that the command line opens. Mistakes in its configuration go to standard error. */
export function worldOf({ color }: Pick<CheckFlags, "color">, io: Io): World {
  return { environment: io.env, now: new Date(), look: lookOf(color, io.env, io.stderr) };
}
