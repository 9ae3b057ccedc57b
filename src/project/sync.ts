import { dirname } from "node:path";
import { rules } from "../../rules/index.ts";
import type { Config } from "../engine/config.ts";
import { type Environment, findBase } from "../evidence/git/base.ts";
import type { Buffers, Sources } from "../source/disk/sources.ts";
import { currentBranch, gitRoot } from "../source/git/repository.ts";
import type { Outcome } from "../source/outcome.ts";
import { failure, success } from "../source/outcome.ts";
import type { Reader } from "../sql/statement.ts";
import { firstMistake, loadConfigSync } from "./config/sync.ts";
import { hotfixPreset } from "./hotfix-preset.ts";
import { readInputs } from "./inputs.ts";
import { joined, type Project } from "./open.ts";
import { NOTHING_SAID, type Overrides } from "./overrides.ts";
import { saidOutright, type Settings, settingsOf } from "./settings.ts";
import { withStatistics } from "./statistics.ts";
import { unsavedInputs } from "./unsaved.ts";

/** A migrations directory, or one file by itself. Neither has to be there yet. */
export interface SyncPlace {
  /** Absolute: what the paths of files count from. */
  readonly cwd: string;
  /** Absolute. */
  readonly path: string;
  readonly kind: "directory" | "file";
}

export interface SyncWorld {
  readonly environment: Environment;
  /** The time of a check: without it nothing is too old. */
  readonly now?: () => Date;
  /** Unsaved texts over those on disk. */
  readonly buffers?: Buffers;
  /** The reader of that name, loaded. */
  readonly readers: (name: Reader["name"]) => Reader;
}

/** openProject() for callers that cannot wait. The branches are not compared: `compared` does that for the texts of the moment. */
export function openProjectSync(place: SyncPlace, overrides: Overrides, world: SyncWorld): Outcome<Project> {
  const settings = readSettingsSync(place, overrides, world.environment);
  if (!settings.ok) return settings;
  const { cwd, path } = place;
  const { config, base, baseFrom } = settings.value;
  const { environment, buffers, readers, now } = world;
  const said = saidOutright(config, overrides);
  const inputs = readInputs(sourcesOf(place), {
    cwd,
    base,
    baseFrom,
    all: overrides.all ?? false,
    environment,
    ...said,
    ...(buffers && { buffers }),
  });
  const unsaved = !inputs.ok && buffers ? unsavedInputs(cwd, path, buffers, said) : undefined;
  const found = unsaved ? success(unsaved) : inputs;
  if (!found.ok) return found;
  const project = joined({ cwd, kind: "paths" }, settings.value, found.value, readers(config.parser), environment);
  return withStatistics(project, { environment, now: now?.() });
}

/** The settings for the place, from the nearest configuration. */
export function readSettingsSync(
  { cwd, path, kind }: SyncPlace,
  overrides: Overrides,
  environment: Environment,
): Outcome<Settings> {
  const from = kind === "directory" ? path : dirname(path);
  const configuration = loadConfigSync({ cwd, from, path: overrides.config, rules, color: false, columns: 100 });
  return configuration.ok
    ? settingsOf(configuration, overrides, cwd, environment)
    : failure(firstMistake(configuration));
}

/** What the nearest configuration says for what is below `cwd`, with the preset that the branch asks for there. */
export function presetSettings(cwd: string, environment: Environment): Outcome<Config> {
  const settings = readSettingsSync({ cwd, path: cwd, kind: "directory" }, NOTHING_SAID, environment);
  if (!settings.ok) return settings;
  const { config, base } = settings.value;
  const root = gitRoot(cwd);
  const found = root === undefined ? undefined : findBase(root, base, environment);
  // As for a check: without a base nobody asks git for the branch. That it is not found, the check of a file says.
  if (root === undefined || !found?.ok || !found.value) return success(config);
  const preset = hotfixPreset(config, { branch: currentBranch(root) }, environment);
  return success(preset ? { ...config, preset: preset.name } : config);
}

const sourcesOf = ({ path, kind }: SyncPlace): Sources =>
  kind === "directory"
    ? { directories: [{ path, named: new Set(), whole: true, searched: false }], files: [] }
    : { directories: [], files: [{ path, named: true }] };
