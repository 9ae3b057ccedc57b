import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { findBase } from "../evidence/git/base.ts";
import { folderNames } from "../source/disk/sources.ts";
import { git, gitRoot } from "../source/git/repository.ts";
import { DOWN_FILE, LOCK_FILE, MIGRATION_FILE } from "../source/layout.ts";
import type { Outcome } from "../source/outcome.ts";
import { failure } from "../source/outcome.ts";
import { CONFIG_NAMES, configDirectories } from "./config/search.ts";
import type { Project } from "./place.ts";
import type { Overrides } from "./overrides.ts";
import { BASELINE, STATISTICS, type Settings } from "./settings.ts";
import { openProjectSync, readSettingsSync, type SyncPlace, type SyncWorld } from "./sync.ts";

/** A project that is opened again when something of it is another; until then it is the same object. */
export interface ProjectWatch {
  current(): Outcome<Project>;
}

/** Of the time that goes by, this part at most goes into looking whether something has changed. */
const LOOKING = 1 / 30;
/** Milliseconds after which another look is due whatever it takes. */
const LONGEST = 500;

/** What can lie beside a configuration, or in its place, and changes what is known. */
const BESIDE_CONFIG = [
  ...CONFIG_NAMES,
  "package.json",
  BASELINE,
  STATISTICS,
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
  "bun.lockb",
];

/**
 * For a caller that asks about hundreds of files in a row: a look at the disk and at git counts for the next ones too, for thirty times
 * as long as it took: 10 ms in a project of a few migrations.
 */
export function watchProject(place: SyncPlace, overrides: Overrides, world: SyncWorld): ProjectWatch {
  let print: string | undefined;
  let lookAgain = 0;
  let project: Outcome<Project> = failure("nothing was read yet");
  return {
    current() {
      const start = performance.now();
      if (start < lookAgain) return project;
      const now = printOf(place, overrides, world);
      if (now !== print) project = openProjectSync(place, overrides, world);
      print = now;
      const end = performance.now();
      lookAgain = end + Math.min(LONGEST, (end - start) / LOOKING);
      return project;
    },
  };
}

/** Another text where openProjectSync() would give something else. */
function printOf(place: SyncPlace, overrides: Overrides, { environment }: SyncWorld): string {
  const { cwd, path, kind } = place;
  const directory = kind === "directory" ? path : dirname(path);
  const settings = readSettingsSync(place, overrides, environment);
  const lines = [
    ...configDirectories(directory, cwd).flatMap((each) => BESIDE_CONFIG.map((name) => stamp(join(each, name)))),
    settings.ok ? said(settings.value) : settings.message,
    ...(settings.ok ? settings.value.pluginFiles.map(stamp) : []),
  ];
  if (kind === "file" || !settings.ok) return [...lines, stamp(path)].join("\n");
  const root = gitRoot(directory);
  const base = root === undefined ? undefined : findBase(root, settings.value.base, environment);
  const names = existsSync(directory) ? folderNames(directory, directory) : undefined;
  return [
    ...lines,
    base?.ok === false ? base.message : `${base?.value?.ref} ${base?.value?.commit}`,
    // Divergence looks at all branches.
    root === undefined || !base?.ok || !base.value ? "" : branches(root),
    stamp(join(directory, LOCK_FILE)),
    ...(names?.ok
      ? names.value.flatMap((name) =>
          [MIGRATION_FILE, DOWN_FILE].map((file) => `${name} ${stamp(join(directory, name, file))}`),
        )
      : [names?.message]),
  ].join("\n");
}

const said = ({ config, baseline, rules }: Settings): string =>
  JSON.stringify([{ ...config, rules: [...config.rules] }, baseline, rules.map(({ id }) => id)]);

/** A line for each branch, a star before the one that is checked out. */
function branches(root: string): string {
  const run = git(root, ["for-each-ref", "--format=%(HEAD) %(objectname) %(refname)", "refs/heads", "refs/remotes"]);
  return run.ok ? run.value.toString("utf8") : run.message;
}

function stamp(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.size} ${stats.mtimeMs} ${stats.ino}` : "";
}
