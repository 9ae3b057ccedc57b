import { dirname } from "node:path";
import { rules } from "../../../rules/index.ts";
import type { Environment } from "../../evidence/git/base.ts";
import { type LoadedConfig, loadConfig } from "../../project/config/file.ts";
import { compared } from "../../project/divergence.ts";
import { openProject, type Project } from "../../project/open.ts";
import type { Overrides } from "../../project/overrides.ts";
import type { Buffers } from "../../source/disk/sources.ts";
import type { History } from "../../source/history.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import { recent } from "./recent.ts";

export interface ProjectPlace {
  /** Absolute: a migrations directory, or the one file that is checked by itself. */
  readonly path: string;
  readonly kind: "directory" | "file";
  /** Absolute: what paths count from where no configuration says otherwise. */
  readonly folder: string;
  /** Whether what it brings along is run: a configuration that is a program. */
  readonly trusted: boolean;
}

export interface LoadedProject extends Project {
  readonly history: History;
  /** Mistakes in the configuration: the defaults hold instead. */
  readonly broken?: LoadedConfig & { readonly ok: false };
  /** The configuration whose plugins were not loaded, since the workspace is not trusted, and they. */
  readonly untrusted?: { readonly path: string; readonly plugins: readonly string[] };
}

/** Everything that a check of the project is given, with unsaved texts over those on disk. */
export async function loadProject(
  place: ProjectPlace,
  overrides: Overrides,
  buffers: Buffers,
  environment: Environment,
): Promise<Outcome<LoadedProject>> {
  const configuration = await nearestConfig(place, overrides.config);
  const cwd = configuration.ok ? configuration.directory : place.folder;
  const opened = await openProject({ kind: "paths", cwd, paths: [place.path] }, overrides, {
    environment,
    now: new Date(),
    configuration: configuration.ok ? configuration : { ok: true, config: {}, directory: cwd },
    buffers,
    keeping: recent,
  });
  if (!opened.ok) return opened;
  const [history] = opened.value.histories;
  if (!history) return failure(`${place.path} holds no migrations.`);
  return success({
    ...opened.value,
    history,
    ...(!configuration.ok && { broken: configuration }),
    ...(configuration.ok &&
      configuration.untrusted &&
      configuration.path !== undefined && {
        untrusted: { path: configuration.path, plugins: configuration.untrusted },
      }),
  });
}

/** From the migrations upward: to the root of the repository or, outside of one, to the folder that the editor has open. */
export function nearestConfig(place: ProjectPlace, named: string | undefined): Promise<LoadedConfig> {
  return loadConfig({
    rules,
    cwd: place.folder,
    from: place.kind === "directory" ? place.path : dirname(place.path),
    path: named,
    fresh: true,
    programs: place.trusted,
    color: false,
    columns: 100,
  });
}

/** The project with what its branches make of each other by the texts that `history` has. */
export function comparedAgain(project: LoadedProject, history: History, environment: Environment): LoadedProject {
  return { ...project, evidence: compared({ ...project, histories: [history] }, environment).evidence };
}
