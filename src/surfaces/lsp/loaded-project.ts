import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { rules } from "../../../rules/index.ts";
import type { Environment } from "../../evidence/git/base.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { loadInputs, POSTGRES, prismaEvidence } from "../../project/inputs.ts";
import { loadReader } from "../../sql/readers.ts";
import { type Buffers, folderNames } from "../../source/disk/sources.ts";
import { gitRoot } from "../../source/git/repository.ts";
import type { History } from "../../source/history.ts";
import { looseHistory, MIGRATION_FILE, prismaHistory } from "../../source/layout.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import type { Reader } from "../../sql/statement.ts";
import type { CheckFlags } from "../cli/flags.ts";
import { from } from "../cli/inputs.ts";
import type { Io } from "../../project/io.ts";
import { type LoadedConfig, loadConfig } from "../../project/config/file.ts";
import { remembering, withDivergence } from "../../project/divergence.ts";
import { withHotfixPreset } from "../../project/hotfix-preset.ts";
import { type Settings, settingsOf } from "../../project/settings.ts";

export interface ProjectPlace {
  /** Absolute: a migrations directory, or the one file that is checked by itself. */
  readonly path: string;
  readonly kind: "directory" | "file";
  /** Absolute: what paths count from where no configuration says otherwise. */
  readonly folder: string;
  /** Whether what it brings along is run: a configuration that is a program. */
  readonly trusted: boolean;
}

export interface LoadedProject {
  /** Absolute: what the paths of files count from. */
  readonly cwd: string;
  readonly settings: Settings;
  readonly history: History;
  readonly evidence: Evidence;
  /** No base is known: every migration is a deployment of its own. */
  readonly each: boolean;
  readonly gitRoot?: string;
  readonly reader: Reader;
  /** Mistakes in the configuration: the defaults hold instead. */
  readonly broken?: LoadedConfig & { readonly ok: false };
}

/** Everything that a check of the project is given, with unsaved texts over those on disk. */
export async function loadProject(
  place: ProjectPlace,
  flags: CheckFlags,
  buffers: Buffers,
  env: Environment,
): Promise<Outcome<LoadedProject>> {
  const loaded = await nearestConfig(place, flags.config);
  const cwd = loaded.ok && loaded.path !== undefined ? loaded.directory : place.folder;
  const io = silentIo(cwd, env);
  const settings = settingsOf(
    loaded.ok
      ? { ...loaded, directory: loaded.path === undefined ? cwd : loaded.directory }
      : { ok: true, config: {}, directory: cwd },
    flags,
    io,
  );
  if (!settings.ok) return settings;
  const reader = await loadReader(settings.value.config.parser);
  const broken = loaded.ok ? {} : { broken: loaded };
  const inputs = await readInputs(place, settings.value, flags, buffers, cwd, env);
  if (!inputs.ok) return inputs;
  const [history] = inputs.value.histories;
  if (!history) return failure(`${place.path} holds no migrations.`);
  const root = inputs.value.gitRoot === undefined ? {} : { gitRoot: inputs.value.gitRoot };
  if (!inputs.value.evidence.base)
    return success({
      cwd,
      settings: settings.value,
      history,
      evidence: inputs.value.evidence,
      each: inputs.value.each,
      ...root,
      reader,
      ...broken,
    });
  const chosen = withHotfixPreset(settings.value, inputs.value.evidence, io);
  const evidence = { ...inputs.value.evidence, ...(chosen.preset && { preset: chosen.preset }) };
  return success(
    compared(
      { cwd, settings: chosen.settings, history, evidence, each: inputs.value.each, ...root, reader, ...broken },
      env,
    ),
  );
}

/** From the migrations upward: to the root of the repository or, outside of one, to the folder that the editor has open. */
export async function nearestConfig(place: ProjectPlace, named: string | undefined): Promise<LoadedConfig> {
  const search = { rules, fresh: true, programs: place.trusted, color: false, columns: 100 };
  if (named !== undefined) return loadConfig({ ...search, cwd: place.folder, path: named });
  const start = place.kind === "directory" ? place.path : dirname(place.path);
  for (let cwd = start; ; cwd = dirname(cwd)) {
    const loaded = await loadConfig({ ...search, cwd });
    if (
      !loaded.ok ||
      loaded.path !== undefined ||
      gitRoot(cwd) !== undefined ||
      cwd === place.folder ||
      dirname(cwd) === cwd
    )
      return loaded;
  }
}

/** The project with what its branches make of each other, by the texts that it has now. */
export function compared(project: LoadedProject, env: Environment): LoadedProject {
  const { cwd, settings, history, evidence, each, reader } = project;
  const { divergence: _, ...rest } = evidence;
  const inputs = withDivergence(
    { histories: [history], evidence: rest, each, gitRoot: project.gitRoot },
    rules,
    settings,
    remembering(reader),
    silentIo(cwd, env),
  );
  return { ...project, evidence: inputs.evidence };
}

async function readInputs(
  place: ProjectPlace,
  { config, base }: Settings,
  flags: CheckFlags,
  buffers: Buffers,
  cwd: string,
  env: Environment,
) {
  const execution = config.execution && { mode: config.execution, because: from(flags.execution, "execution") };
  const postgres =
    config.postgres === undefined ? undefined : { version: config.postgres, because: from(flags.postgres, "postgres") };
  const found = await loadInputs({
    cwd,
    paths: [place.path],
    ...(base !== undefined && {
      base,
      baseFrom: flags.base === undefined ? "base in the configuration" : "the setting lockstep.base",
    }),
    environment: env,
    ...(execution && { execution }),
    ...(postgres && { postgres }),
    buffers,
  });
  if (found.ok) return success(found);
  const alone = onlyBuffers(place, buffers, cwd);
  if (!alone) return found;
  const evidence: Evidence = { ...prismaEvidence(cwd, [place.folder], execution), postgres: postgres ?? POSTGRES };
  const root = gitRoot(place.folder);
  return success({ histories: [alone], evidence, each: true, ...(root !== undefined && { gitRoot: root }) });
}

/** A history of nothing but unsaved texts, where the disk has none of it yet. */
function onlyBuffers(place: ProjectPlace, buffers: Buffers, cwd: string): History | undefined {
  const shown = (path: string): string => path.slice(cwd.length + 1).replaceAll("\\", "/");
  // What is there and cannot be read is not to be passed over.
  if (onDisk(place)) return undefined;
  if (place.kind === "file") {
    const text = buffers.get(place.path);
    return text === undefined ? undefined : looseHistory([{ path: shown(place.path), text }], () => "pending");
  }
  const inside = [...buffers]
    .filter(([path]) => dirname(dirname(path)) === place.path)
    .map(([path, text]) => ({ folder: dirname(path), path, text }));
  if (inside.length === 0) return undefined;
  const folders = [...new Set(inside.map(({ folder }) => folder))].sort();
  const listing = {
    root: shown(place.path),
    folders: folders.map((folder) => {
      const source = (name: string) => inside.find(({ path }) => path === resolve(folder, name));
      const [up, down] = [source("migration.sql"), source("down.sql")];
      const read = (file: { readonly path: string; readonly text: string }) => () =>
        success({ path: shown(file.path), text: file.text });
      return {
        id: folder.slice(place.path.length + 1),
        ...(up && { up: read(up) }),
        ...(down && { down: read(down) }),
      };
    }),
  };
  const history = prismaHistory(listing, () => "pending");
  return history.ok ? history.value : undefined;
}

/** Whether the disk has anything of it: a migration, or the one file. */
function onDisk({ kind, path }: ProjectPlace): boolean {
  if (kind === "file") return existsSync(path);
  const names = folderNames(path, path);
  return names.ok && names.value.some((name) => existsSync(join(path, name, MIGRATION_FILE)));
}

function silentIo(cwd: string, env: Environment): Io {
  const output = { write: () => Promise.resolve(), isTTY: false };
  return { stdout: output, stderr: output, stdin: () => Promise.resolve(new Uint8Array()), env, cwd };
}
