import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Finding } from "../../engine/finding.ts";
import { type Folded, foldSources, stillHolds } from "../../engine/fold.ts";
import type { CheckResult, CheckedStatement } from "../../engine/result.ts";
import type { AnyRule } from "../../engine/rule.ts";
import type { Environment } from "../../evidence/git/base.ts";
import type { Buffers } from "../../source/disk/sources.ts";
import { type History, type MigrationState, replaceSources } from "../../source/history.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import type { SourceFile } from "../../source/text.ts";
import type { Script } from "../../sql/statement.ts";
import { checkSync } from "../../engine/check.ts";
import type { Overrides } from "../../project/overrides.ts";
import { migrationsDirectoryOf } from "./places.ts";
import { comparedAgain, type LoadedProject, loadProject, type ProjectPlace } from "./loaded-project.ts";

/** What is said of one file as it is in the editor. */
export interface Judged {
  /** The text that was judged: offsets of everything here are in it. */
  readonly file: SourceFile;
  /** Absolute: what the paths of files count from. */
  readonly cwd: string;
  readonly state: MigrationState;
  /** All that there are, whether or not they ran. */
  readonly rules: readonly AnyRule[];
  /** Those of this file that nothing suppresses. */
  readonly findings: readonly Finding[];
  readonly result: CheckResult;
  /** The statements of migration.sql with their effects; of a deployed one too. Empty for down.sql. */
  statements(): readonly CheckedStatement[];
  /** As the file reads. */
  script(): Script;
  /** What the file would be judged with another text. */
  again(text: string): readonly Finding[];
  parses(text: string): boolean;
}

export interface WatchedProject {
  readonly place: ProjectPlace;
  judge(path: string): Promise<Outcome<Judged>>;
  /** What was wrong with the configuration when it was last read. */
  broken(): LoadedProject["broken"];
  /** As it was last read; undefined before that. */
  loaded(): LoadedProject | undefined;
  /** Compares the branches with the texts as they are now: too slow for every key. False where nothing is new. */
  compareAgain(): boolean;
  /** What is on disk, in git or in the settings is another: read it again at the next question. */
  changed(): void;
}

export interface ProjectSurroundings {
  readonly env: Environment;
  flags(): Overrides;
  buffers(): Buffers;
}

/** Folded histories that are kept: of several files that are open in a history without a base, each has its own. */
const FOLDED = 4;
const RESULTS = 8;

/** One migrations directory, or one file by itself, read when it is asked about and kept until something changes. */
export function watchProject(place: ProjectPlace, { env, flags, buffers }: ProjectSurroundings): WatchedProject {
  let loading: Promise<Outcome<LoadedProject>> | undefined;
  let loaded: LoadedProject | undefined;
  let stamp = "";
  let textsCompared = "";
  let folded: Folded[] = [];
  const results = new Map<
    string,
    { readonly texts: readonly string[]; readonly history: History; readonly result: CheckResult }
  >();

  const load = async (): Promise<Outcome<LoadedProject>> => {
    if (loading && stampOf(place, loaded) !== stamp) loading = undefined;
    if (!loading) {
      results.clear();
      const own = (loading = retried(() => loadProject(place, flags(), buffers(), env)));
      const outcome = await own;
      if (loading === own) {
        if (outcome.ok) loaded = outcome.value;
        stamp = stampOf(place, outcome.ok ? outcome.value : undefined);
        textsCompared = openTexts(place, buffers()).join("\0");
      }
      return outcome;
    }
    return loading;
  };

  /** The leading deployed migrations, folded once. */
  const leading = (project: LoadedProject, history: History): Folded => {
    const end = history.migrations.findIndex(({ state }) => state === "pending");
    const sources = end < 0 ? history.migrations : history.migrations.slice(0, end);
    const known = folded.find((each) => stillHolds(each, sources));
    const longest = [...folded]
      .sort((a, b) => b.sources.length - a.sources.length)
      .find((each) => each.sources.length <= sources.length && stillHolds(each, sources.slice(0, each.sources.length)));
    const found = known ?? foldSources(sources, project.reader, project.evidence.execution.mode, longest);
    folded = [found, ...folded.filter((each) => each !== found)].slice(0, FOLDED);
    return found;
  };

  const check = (project: LoadedProject, history: History): CheckResult =>
    checkSync({
      ...project,
      histories: [history],
      deployments: "one",
      folded: new Map([[history.root, leading(project, history)]]),
    });

  /** The result for the pending migrations together, or with `only` for that one as if all before it were deployed. */
  const resultFor = (
    project: LoadedProject,
    history: History,
    texts: readonly string[],
    only: string | undefined,
  ): CheckResult => {
    const key = only ?? "";
    const known = results.get(key);
    if (known && known.texts.length === texts.length && known.texts.every((text, at) => text === texts[at]))
      return known.result;
    const asked =
      only === undefined
        ? history
        : {
            ...history,
            migrations: history.migrations.map((each) => ({
              ...each,
              state: each.id === only ? ("pending" as const) : ("history" as const),
            })),
          };
    const result = check(project, asked);
    results.delete(key);
    results.set(key, { texts, history, result });
    for (const oldest of [...results.keys()].slice(0, Math.max(0, results.size - RESULTS))) results.delete(oldest);
    return result;
  };

  const own = (open: Buffers): string[] =>
    [...open.keys()].filter((path) => place.kind === "directory" && migrationsDirectoryOf(path) === place.path);
  const knows = (project: LoadedProject, paths: readonly string[]): boolean =>
    paths.every((path) => find(project, project.history, path));
  const current = (project: LoadedProject, open: Buffers): History => withTexts(project, project.history, open);

  return {
    place,
    // What has to be read again may be fixed.
    broken: () => (loading ? loaded?.broken : undefined),
    loaded: () => loaded,
    changed() {
      loading = undefined;
    },
    compareAgain() {
      const texts = openTexts(place, buffers()).join("\0");
      if (!loaded?.evidence.base || texts === textsCompared) return false;
      textsCompared = texts;
      loaded = comparedAgain(loaded, current(loaded, buffers()), env);
      loading = Promise.resolve(success(loaded));
      results.clear();
      return true;
    },
    async judge(path) {
      let project = await load();
      // A folder that was made since, on disk or in the editor alone.
      if (project.ok && !knows(project.value, [path, ...own(buffers())])) {
        loading = undefined;
        project = await load();
      }
      if (!project.ok) return project;
      const { value } = project;
      const open = buffers();
      const history = current(value, open);
      const at = find(value, history, path);
      if (!at) return failure(`${path} is not among the migrations of ${history.root || place.path}.`);
      const texts = openTexts(place, open);
      const only = value.deployments === "each" && place.kind === "directory" ? at.id : undefined;
      const result = resultFor(value, history, texts, only);
      const alone = (): CheckResult => (at.state === "pending" ? result : resultFor(value, history, texts, at.id));
      const findings = (of: CheckResult): readonly Finding[] =>
        of.findings.filter((finding) => finding.file.path === at.file.path && !finding.suppressed);
      return success({
        file: at.file,
        cwd: value.cwd,
        state: at.state,
        rules: value.rules,
        result,
        findings: findings(result),
        statements: () =>
          at.isDown ? [] : (alone().histories[0]?.migrations.find(({ id }) => id === at.id)?.statements ?? []),
        script: () => value.reader.read(at.file.text),
        again(text) {
          const [changed] = replaceSources([history], (file) =>
            file.path === at.file.path ? { ...file, text } : file,
          );
          return findings(resultOnce(value, changed ?? history, only));
        },
        parses: (text) => value.reader.read(text).errors.length === 0,
      });
    },
  };

  function resultOnce(project: LoadedProject, history: History, only: string | undefined): CheckResult {
    return check(
      project,
      only === undefined
        ? history
        : {
            ...history,
            migrations: history.migrations.map((each) => ({
              ...each,
              state: each.id === only ? "pending" : "history",
            })),
          },
    );
  }
}

interface FoundFile {
  readonly id: string;
  readonly state: MigrationState;
  readonly file: SourceFile;
  readonly isDown: boolean;
}

function find(project: LoadedProject, history: History, path: string): FoundFile | undefined {
  for (const { id, state, up, down } of history.migrations) {
    for (const file of [up, down])
      if (file && resolve(project.cwd, file.path) === path) return { id, state, file, isDown: file === down };
  }
  return undefined;
}

function withTexts(project: LoadedProject, history: History, buffers: Buffers): History {
  if (buffers.size === 0) return history;
  const [changed] = replaceSources([history], (file) => {
    const text = buffers.get(resolve(project.cwd, file.path));
    return text === undefined || text === file.text ? file : { path: file.path, text };
  });
  return changed ?? history;
}

/** Path and text of each open file of the project: two answers with the same ones are one. */
function openTexts(place: ProjectPlace, buffers: Buffers): readonly string[] {
  return [...buffers].filter(([path]) => path === place.path || dirname(dirname(path)) === place.path).flat();
}

/** Changes when the folders, the configuration or what git has checked out do: without a client that watches files. */
function stampOf(place: ProjectPlace, project: LoadedProject | undefined): string {
  const git =
    project?.gitRoot === undefined
      ? []
      : ["HEAD", "FETCH_HEAD", "logs/HEAD", "packed-refs"].map((name) => join(project.gitRoot ?? "", ".git", name));
  return [place.path, ...git].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0).join(" ");
}

/** A file that goes away while it is read is gone the next time. */
async function retried<T>(attempt: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const first = await attempt();
  if (first.ok) return first;
  await new Promise((settle) => setTimeout(settle, 50));
  return attempt();
}
