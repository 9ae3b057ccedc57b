import { basename } from "node:path";
import { checkSync } from "../../engine/check.ts";
import type { Config } from "../../engine/config.ts";
import { type Folded, foldSources, stillHolds } from "../../engine/fold.ts";
import type { Finding } from "../../engine/finding.ts";
import { compared } from "../../project/divergence.ts";
import type { Project } from "../../project/place.ts";
import { issuesAddress } from "../../project/product.ts";
import { crashInWords } from "../../report/crash.ts";
import type { Overrides } from "../../project/overrides.ts";
import { openProjectSync, type SyncPlace, type SyncWorld } from "../../project/sync.ts";
import { type ProjectWatch, watchProject } from "../../project/watch.ts";
import { type Buffers, display } from "../../source/disk/sources.ts";
import { type History, replaceSources } from "../../source/history.ts";
import { DOWN_FILE } from "../../source/layout.ts";
import type { Outcome } from "../../source/outcome.ts";
import { success } from "../../source/outcome.ts";
import type { SourceFile } from "../../source/text.ts";
import { portableReader } from "../../sql/portable/read.ts";
import { postgresReader } from "../../sql/postgres/read.ts";
import type { Reader, Script } from "../../sql/statement.ts";
import { BOM, type CheckedFile, type EnabledRules } from "./checked-file.ts";
import type { PostgresLanguageOptions } from "./language-options.ts";
import { type FilePlace, filePlaceOf } from "./project-place.ts";

type Findings = ReadonlyMap<string, ReadonlyMap<string, readonly Finding[]>>;

/** A run that other files of the project are answered from. */
interface Run {
  readonly project: Project;
  readonly rules: string;
  /** What lay over the disk. */
  readonly over?: { readonly path: string; readonly text: string } | undefined;
  readonly findings: Findings;
}

/** A project with what was found out about it. */
interface Linted {
  readonly watch: ProjectWatch;
  /** The project with texts over those on disk. */
  reopened(buffers: Buffers): Outcome<Project>;
  runs: readonly Run[];
  folded?: Folded;
  /** Scripts of the last run by text. */
  scripts: Map<string, Script>;
}

/** Configuration objects for parts of a project, and an editor with several of its files open. */
const RUNS_KEPT = 8;
/** An editor's ESLint lives for days. */
const PROJECTS_KEPT = 32;

const linted = new Map<string, Linted>();

/** The linted file in its project. `text` has the byte order mark. Fails with one sentence where the history cannot be read. */
export function openFile(path: string, text: string, options: PostgresLanguageOptions): Outcome<CheckedFile> {
  const cwd = process.cwd();
  const place = filePlaceOf(path, cwd);
  if (!place.ok) return place;
  const known = lintedOf(place.value, options, cwd);
  const onDisk = known.watch.current();
  // There may be nothing but the text in the editor yet.
  const project = onDisk.ok ? onDisk : known.reopened(new Map([[place.value.path, text]]));
  if (!project.ok) return onDisk.ok ? project : onDisk;
  return success({
    script: known.scripts.get(text) ?? project.value.reader.read(text),
    shift: text.startsWith(BOM) ? 1 : 0,
    pendingIsKnown: project.value.deployments === "one",
    check: (rules) => findingsIn(known, project.value, place.value, text, rules),
  });
}

function lintedOf(place: FilePlace, options: PostgresLanguageOptions, cwd: string): Linted {
  const opened: SyncPlace =
    place.kind === "migration"
      ? { cwd, path: place.directory, kind: "directory" }
      : { cwd, path: place.path, kind: "file" };
  const key = JSON.stringify([opened, options.base, options.postgres, options.execution, options.parser]);
  const overrides = overridesOf(options);
  const world: SyncWorld = { environment: process.env, now: () => new Date(), readers: loaded };
  const known = linted.get(key) ?? {
    watch: watchProject(opened, overrides, world),
    reopened: (buffers) => openProjectSync(opened, overrides, { ...world, buffers }),
    runs: [],
    scripts: new Map<string, Script>(),
  };
  // The least recently used one is the first.
  linted.delete(key);
  linted.set(key, known);
  for (const oldest of linted.keys()) if (linted.size > PROJECTS_KEPT) linted.delete(oldest);
  return known;
}

const overridesOf = ({ base, postgres, execution, parser }: PostgresLanguageOptions): Overrides => ({
  base: base === false ? undefined : base,
  all: base === false,
  postgres,
  execution,
  parser,
  called: (name) => `languageOptions.${name}`,
});

/** In the package the grammar is ready as soon as `load` was called (rolldown.config.mjs); whoever runs the source awaits it before. */
function loaded(name: Reader["name"]): Reader {
  const reader = name === "portable" ? portableReader : postgresReader;
  void reader.load();
  return reader;
}

function findingsIn(
  known: Linted,
  project: Project,
  place: FilePlace,
  text: string,
  rules: EnabledRules,
): ReadonlyMap<string, readonly Finding[]> {
  const shown = display(project.cwd, place.path);
  // Anybody may call a file that, and other tools do; with its migration.sql beside it, it would be in a history.
  if (place.kind === "loose" && basename(place.path) === DOWN_FILE) return new Map();
  const [history] = project.histories;
  const onDisk = filesOf(history).some((file) => file.path === shown && file.text === text);
  const over = onDisk ? undefined : { path: shown, text };
  const wanted = JSON.stringify([...rules].sort(([a], [b]) => (a < b ? -1 : 1)));
  const same = (each: Run): boolean =>
    each.rules === wanted && each.over?.path === over?.path && each.over?.text === over?.text;
  known.runs = known.runs.filter((each) => each.project === project);
  let found = known.runs.find(same);
  if (!found) {
    const changed = over ? withText(known, history, place, over) : history;
    // It was read a moment ago: a file that went meanwhile has no findings, and the next look says why.
    if (!changed) return new Map();
    found = { project, rules: wanted, over, findings: byFile(runAll(known, project, changed, rules)) };
    known.runs = [...known.runs, found].slice(-RUNS_KEPT);
  }
  return found.findings.get(shown) ?? new Map<string, never>();
}

const filesOf = (history: History | undefined): readonly SourceFile[] =>
  (history?.migrations ?? []).flatMap(({ up, down }) => [up, down].flatMap((file) => file ?? []));

/** The history with another text for a file, which need not be there yet. */
function withText(
  known: Linted,
  history: History | undefined,
  place: FilePlace,
  { path, text }: NonNullable<Run["over"]>,
): History | undefined {
  if (history && filesOf(history).some((file) => file.path === path)) {
    const [changed] = replaceSources([history], (file) => (file.path === path ? { path, text } : file));
    return changed;
  }
  const opened = known.reopened(new Map([[place.path, text]]));
  return opened.ok ? opened.value.histories[0] : undefined;
}

/** All rules that are on, over the whole history, once. */
function runAll(known: Linted, opened: Project, history: History, enabled: EnabledRules): readonly Finding[] {
  const scripts = new Map<string, Script>();
  const reader: Reader = {
    ...opened.reader,
    read(text) {
      const script = scripts.get(text) ?? known.scripts.get(text) ?? opened.reader.read(text);
      scripts.set(text, script);
      return script;
    },
  };
  const project = compared({ ...opened, histories: [history], config: configOf(opened, enabled), reader }, process.env);
  const folded = foldedStart(known, project, history);
  const { findings, crashes } = checkSync({ ...project, ...(folded && { folded: new Map([[history.root, folded]]) }) });
  known.scripts = scripts;
  const [crash] = crashes;
  // ESLint has exit code 2 for what a rule throws, and shows it.
  if (crash) throw new Error(crashInWords(crash, issuesAddress()), { cause: crash.error });
  return findings;
}

/** Which rules run, and how, is ESLint's to say. */
const configOf = ({ config, rules }: Project, enabled: EnabledRules): Config => ({
  ...config,
  preset: "recommended",
  rules: new Map(
    rules.map(({ id, severity }) => {
      const options = enabled.get(id);
      return [
        id,
        {
          severity: options === undefined ? "off" : severity === "off" ? "warning" : severity,
          options: options ?? {},
        },
      ];
    }),
  ),
});

/** The deployed migrations before the pending ones: they stay the same while one of these is written. */
function foldedStart(known: Linted, { reader, evidence }: Project, history: History): Folded | undefined {
  const pending = history.migrations.findIndex((migration) => migration.state === "pending");
  const sources = history.migrations.slice(0, pending < 0 ? history.migrations.length : pending);
  if (sources.length === 0) return undefined;
  if (!known.folded || !stillHolds(known.folded, sources))
    known.folded = foldSources(sources, reader, evidence.execution.mode);
  return known.folded;
}

function byFile(findings: readonly Finding[]): Findings {
  const files = new Map<string, Map<string, Finding[]>>();
  for (const finding of findings) {
    if (finding.suppressed) continue;
    const { path } = finding.file;
    let inFile = files.get(path);
    if (!inFile) files.set(path, (inFile = new Map<string, Finding[]>()));
    inFile.set(finding.rule, [...(inFile.get(finding.rule) ?? []), finding]);
  }
  return files;
}
