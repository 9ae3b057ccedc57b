import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Environment } from "../evidence/git/base.ts";
import { isGlob } from "../source/disk/sources.ts";
import type { Outcome } from "../source/outcome.ts";
import { failure, success } from "../source/outcome.ts";
import { loadReader } from "../sql/readers.ts";
import type { Reader } from "../sql/statement.ts";
import { hotfixPreset } from "./hotfix-preset.ts";
import type { ProjectPlace, Project } from "./place.ts";
import { type Inputs, loadInputs } from "./inputs.ts";
import type { Overrides } from "./overrides.ts";
import { version } from "./product.ts";
import { remembering } from "./remembering.ts";
import { readSettings, saidOutright, type Settings } from "./settings.ts";
import { loadStaged, wantedIn } from "./staged.ts";
import { loadStdin } from "./stdin.ts";
import { unsavedInputs } from "./unsaved.ts";
import type { World } from "./world.ts";

export type { ProjectPlace, Project } from "./place.ts";

/** Opens a project: its configuration with what is said over it, its migrations, what is deployed, and what else is known. Fails with one sentence. */
export async function openProject(place: ProjectPlace, overrides: Overrides, world: World): Promise<Outcome<Project>> {
  const { cwd } = place;
  // The grammar compiles on another thread while the rest is read. What keeps it from loading is said below, if it is wanted then.
  if (overrides.parser !== "portable") void loadReader("postgres").catch(() => undefined);
  const settings = await readSettings(cwd, overrides, world);
  if (!settings.ok) return settings;
  const inputs = await inputsOf(place, settings.value, overrides, world);
  if (!inputs.ok) return inputs;
  const reader = (world.keeping ?? remembering)(await loadReader(settings.value.config.parser));
  const opened = joined(place, settings.value, inputs.value, reader, world.environment);
  // Most projects have no such file, and what reads it is not loaded for them.
  const known =
    overrides.statistics !== false && existsSync(opened.statisticsPath)
      ? (await import("./statistics.ts")).withStatistics(opened, world)
      : success(opened);
  if (!known.ok) return known;
  const project = known.value;
  const { changed = [] } = inputs.value;
  if (changed.length > 0)
    return success((await import("./divergence.ts")).changedIn(project, changed, world.environment));
  // Git was asked for the base: branches are compared only then, so that a check of files stays as it is.
  if (!project.evidence.base || world.compares === false) return success(project);
  const { compared } = await import("./divergence.ts");
  return success(compared(project, world.environment));
}

/** The parts of a project as one, with the preset that its branch asks for. */
export function joined(
  { cwd, kind }: Pick<ProjectPlace, "cwd" | "kind">,
  settings: Settings,
  { histories, evidence, each, gitRoot }: Inputs,
  reader: Reader,
  environment: Environment,
): Project {
  const project: Project = {
    ...settings,
    cwd,
    histories,
    evidence,
    deployments: each ? "each" : "one",
    reader,
    tool: { name: "lockstep", version: version() },
    gitRoot,
  };
  if (!evidence.base && (kind !== "staged" || evidence.branch === undefined)) return project;
  const preset = hotfixPreset(settings.config, evidence, environment);
  if (!preset) return project;
  return { ...project, config: { ...settings.config, preset: preset.name }, evidence: { ...evidence, preset } };
}

async function inputsOf(
  place: ProjectPlace,
  settings: Settings,
  overrides: Overrides,
  { environment, buffers }: World,
): Promise<Outcome<Inputs>> {
  const { cwd } = place;
  const { config, migrations, base, baseFrom } = settings;
  const known = saidOutright(config, overrides);
  if (place.kind === "staged") {
    const { index } = place;
    return loadStaged({ cwd, ...index, wanted: wantedIn(cwd, index.root, migrations), ...known });
  }
  const load = async (paths: readonly string[]): Promise<Outcome<Inputs>> => {
    const inputs = await loadInputs({
      cwd,
      paths,
      migrations,
      base,
      baseFrom,
      all: overrides.all ?? false,
      environment,
      ...known,
      ...(buffers && { buffers }),
    });
    return inputs.ok || paths.length > 0 || migrations.length === 0
      ? inputs
      : failure(`From "migrations" in the configuration: ${inputs.message}`);
  };
  if (place.kind === "stdin") return loadStdin(cwd, place.text, known, load);
  if (place.paths.includes("")) return failure("One of the paths is empty: leave it out, or use . for this directory.");
  const inputs = await load(place.paths);
  const [path = "", ...others] = place.paths;
  const unsaved = !inputs.ok && buffers && others.length === 0 ? unsavedInputs(cwd, path, buffers, known) : undefined;
  return unsaved ? success(unsaved) : inputs;
}

/** Those of `paths` that are there or, being patterns, match something. */
export async function matchingPaths(cwd: string, paths: readonly string[]): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const path of paths) {
    if (existsSync(resolve(cwd, path))) kept.push(path);
    else if (isGlob(path) && (await (await import("../source/disk/search.ts")).searchGlob(cwd, path)).ok)
      kept.push(path);
  }
  return kept;
}
