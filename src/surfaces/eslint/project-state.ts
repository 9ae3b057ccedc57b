import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import type { Evidence } from "../../evidence/evidence.ts";
import { type Base, findBase, isBaseNamed } from "../../evidence/git/base.ts";
import { POSTGRES, prismaEvidence } from "../../project/inputs.ts";
import { diskHistory, display, folderNames, readSource } from "../../source/disk/sources.ts";
import { foldersInTree, git, gitRoot } from "../../source/git/repository.ts";
import type { History, MigrationState } from "../../source/history.ts";
import { DOWN_FILE, LOCK_FILE, looseHistory, MIGRATION_FILE } from "../../source/layout.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import type { PostgresLanguageOptions } from "./language-options.ts";
import type { FilePlace } from "./project-place.ts";
import {
  BASELINE_FILE,
  CONFIG_FILES,
  configDirectories,
  type ProjectSettings,
  readProjectSettings,
} from "./project-settings.ts";

/** A project as it is on disk and in git. */
export interface ProjectState {
  readonly settings: ProjectSettings;
  readonly history: History;
  /** Each migration is a deployment of its own: it is not known which are deployed. */
  readonly each: boolean;
  readonly evidence: Evidence;
  /** Absolute. */
  readonly gitRoot?: string;
  /** The history with another text for one of its files, which need not be there yet. */
  withText(place: FilePlace, text: string): Outcome<History>;
}

/** Looks at a project; what it gives is the same object until something is another. */
export interface ProjectWatch {
  current(): Outcome<ProjectState>;
}

/** Of the time that goes by, this part at most goes into looking whether something has changed. */
const LOOKING = 1 / 30;
/** Milliseconds after which another look is due whatever it takes. */
const LONGEST = 500;

const BESIDE_CONFIG = [
  ...CONFIG_FILES,
  "package.json",
  BASELINE_FILE,
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
  "bun.lockb",
];

/**
 * The project of `place`. ESLint lints hundreds of its files in a row, so a look at the disk and at git counts for the next files too,
 * for thirty times as long as it took: 10 ms in a project of a few migrations.
 */
export function watchProject(place: FilePlace, options: PostgresLanguageOptions, cwd: string): ProjectWatch {
  let print: string | undefined;
  let lookAgain = 0;
  let state: Outcome<ProjectState> = failure("nothing was read yet");
  return {
    current() {
      const start = performance.now();
      if (start < lookAgain) return state;
      const seen = look(place, options, cwd);
      const now = seen.print();
      if (now !== print) state = seen.read();
      print = now;
      const end = performance.now();
      lookAgain = end + Math.min(LONGEST, (end - start) / LOOKING);
      return state;
    },
  };
}

/** One look: what tells whether something has changed, and the way to read it all. */
function look(
  place: FilePlace,
  options: PostgresLanguageOptions,
  cwd: string,
): { print(): string; read(): Outcome<ProjectState> } {
  const directory = place.kind === "migration" ? place.directory : dirname(place.path);
  const root = gitRoot(directory);
  const directories = configDirectories(directory, cwd, root);
  const settings = readProjectSettings(directories, cwd);
  const base =
    settings.ok && place.kind === "migration"
      ? baseOf(root, settings.value, options, display(cwd, directory))
      : success(undefined);
  const names =
    place.kind === "migration" && existsSync(directory) ? folderNames(directory, display(cwd, directory)) : success([]);
  // Divergence looks at all branches.
  const refs = base.ok && base.value && root !== undefined ? branches(root) : "";
  return {
    print() {
      const folders = names.ok
        ? names.value.flatMap((name) =>
            [MIGRATION_FILE, DOWN_FILE].map((file) => `${name} ${stamp(join(directory, name, file))}`),
          )
        : [names.message];
      return [
        ...directories.flatMap((each) => BESIDE_CONFIG.map((name) => stamp(join(each, name)))),
        stamp(join(directory, LOCK_FILE)),
        settings.ok ? JSON.stringify([settings.value.config, settings.value.baseline]) : settings.message,
        base.ok ? `${base.value?.ref} ${base.value?.commit}` : base.message,
        refs,
        ...folders,
      ].join("\n");
    },
    read() {
      if (!settings.ok) return settings;
      if (!base.ok) return base;
      if (!names.ok) return names;
      return readState(place, options, {
        cwd,
        root,
        directory,
        settings: settings.value,
        base: base.value,
        refs,
        names: names.value,
      });
    },
  };
}

interface Seen {
  readonly cwd: string;
  readonly root: string | undefined;
  readonly directory: string;
  readonly settings: ProjectSettings;
  readonly base: Base | undefined;
  readonly refs: string;
  readonly names: readonly string[];
}

function readState(
  place: FilePlace,
  options: PostgresLanguageOptions,
  { cwd, root, directory, settings, base, refs, names }: Seen,
): Outcome<ProjectState> {
  const { config } = settings;
  const execution = options.execution ?? config.execution;
  const postgres = options.postgres ?? config.postgres;
  const from = (own: unknown, name: string): string =>
    own === undefined ? `${name} in the configuration` : `languageOptions.${name}`;
  const branch = /^\* \S+ refs\/heads\/(.+)$/m.exec(refs)?.[1];
  const evidence: Evidence = {
    ...prismaEvidence(
      cwd,
      [directory],
      execution && { mode: execution, because: from(options.execution, "execution") },
    ),
    postgres: postgres === undefined ? POSTGRES : { version: postgres, because: from(options.postgres, "postgres") },
    base,
    branch,
  };
  const common = { settings, evidence, ...(root !== undefined && { gitRoot: root }) };
  if (place.kind === "loose") {
    const history = (text: string): History =>
      looseHistory([{ path: display(cwd, place.path), text }], () => "pending");
    const read = existsSync(place.path) ? readSource(place.path, display(cwd, place.path)) : success({ text: "" });
    return success({
      ...common,
      history: history(read.ok ? read.value.text : ""),
      each: false,
      withText: (_place, text) => success(history(text)),
    });
  }
  let deployed: ReadonlySet<string> | undefined;
  if (base && root !== undefined) {
    const found = foldersInTree(root, base.commit, relative(root, directory).split(sep).join("/"));
    if (!found.ok) return found;
    deployed = found.value;
  }
  const stateOf = (id: string): MigrationState => (deployed?.has(id) ? "history" : "pending");
  const read = diskHistory(cwd, directory, names, stateOf);
  if (!read.ok) return read;
  const history = read.value;
  return success({
    ...common,
    history,
    each: !base,
    withText(changed, text) {
      const shown = display(cwd, changed.path);
      const file = basename(changed.path) === DOWN_FILE ? "down" : "up";
      const known = history.migrations.find((migration) => migration[file]?.path === shown);
      if (known)
        return success({
          ...history,
          migrations: history.migrations.map((each) =>
            each === known ? { ...each, [file]: { path: shown, text } } : each,
          ),
        });
      const id = basename(dirname(changed.path));
      return diskHistory(cwd, directory, [...new Set([...names, id])], stateOf, new Map([[changed.path, text]]));
    },
  });
}

/** What is deployed, as `lockstep check` without paths finds it. Without a base that somebody named it is no failure that there is none. */
function baseOf(
  root: string | undefined,
  { config }: ProjectSettings,
  options: PostgresLanguageOptions,
  shown: string,
): Outcome<Base | undefined> {
  if (options.base === false) return success(undefined);
  const env = process.env;
  const named = options.base ?? (env.LOCKSTEP_BASE ? undefined : config.base);
  const origin = options.base === undefined ? "base in the configuration" : "languageOptions.base";
  if (root === undefined)
    return named === undefined
      ? success(undefined)
      : failure(
          `The base ${named} (${origin}) needs a git repository, but ${shown} is in none: leave it out, or set languageOptions.base to false.`,
        );
  const found = findBase(root, named, env, origin);
  return found.ok || isBaseNamed(named, env) ? found : success(undefined);
}

/** A line for each branch, a star before the one that is checked out. */
function branches(root: string): string {
  const run = git(root, ["for-each-ref", "--format=%(HEAD) %(objectname) %(refname)", "refs/heads", "refs/remotes"]);
  return run.ok ? run.value.toString("utf8") : run.message;
}

function stamp(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.size} ${stats.mtimeMs} ${stats.ino}` : "";
}
