import { basename } from "node:path";
import { rules as allRules } from "../../../rules/index.ts";
import type { Config } from "../../engine/config.ts";
import { type Folded, foldSources, stillHolds } from "../../engine/fold.ts";
import type { Finding } from "../../engine/finding.ts";
import { run } from "../../engine/run.ts";
import { loadDivergence } from "../../evidence/git/divergence.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { display } from "../../source/disk/sources.ts";
import type { History } from "../../source/history.ts";
import { DOWN_FILE } from "../../source/layout.ts";
import type { Outcome } from "../../source/outcome.ts";
import { success } from "../../source/outcome.ts";
import { portableReader } from "../../sql/portable/read.ts";
import { postgresReader } from "../../sql/postgres/read.ts";
import type { Reader, Script } from "../../sql/statement.ts";
import { version } from "../../project/product.ts";
import { BOM, type CheckedFile, type EnabledRules } from "./checked-file.ts";
import type { PostgresLanguageOptions } from "./language-options.ts";
import { type FilePlace, placeOf } from "./project-place.ts";
import { type ProjectState, type ProjectWatch, watchProject } from "./project-state.ts";

type Findings = ReadonlyMap<string, ReadonlyMap<string, readonly Finding[]>>;

/** A run that other files of the project are answered from. */
interface Run {
  readonly state: ProjectState;
  readonly rules: string;
  /** What lay over the disk. */
  readonly over?: { readonly path: string; readonly text: string } | undefined;
  readonly findings: Findings;
}

interface Project {
  readonly watch: ProjectWatch;
  readonly cwd: string;
  runs: readonly Run[];
  folded?: Folded;
  /** Scripts of the last run by text. */
  scripts: Map<string, Script>;
}

/** Configuration objects for parts of a project, and an editor with several of its files open. */
const RUNS_KEPT = 8;
/** An editor's ESLint lives for days. */
const PROJECTS_KEPT = 32;

const projects = new Map<string, Project>();

/** The linted file in its project. `text` has the byte order mark. Fails with one sentence where the history cannot be read. */
export function openFile(path: string, text: string, options: PostgresLanguageOptions): Outcome<CheckedFile> {
  const cwd = process.cwd();
  const place = placeOf(path, cwd);
  if (!place.ok) return place;
  const project = projectOf(place.value, options, cwd);
  const state = project.watch.current();
  if (!state.ok) return state;
  const reader = loaded(options.parser ?? state.value.settings.config.parser);
  return success({
    script: project.scripts.get(text) ?? reader.read(text),
    shift: text.startsWith(BOM) ? 1 : 0,
    pendingIsKnown: !state.value.each,
    check: (rules) => findingsIn(project, state.value, place.value, text, reader, rules),
  });
}

function projectOf(place: FilePlace, options: PostgresLanguageOptions, cwd: string): Project {
  const key = JSON.stringify([
    place.kind === "migration" ? place.directory : place.path,
    cwd,
    options.base,
    options.postgres,
    options.execution,
    options.parser,
  ]);
  const known = projects.get(key) ?? {
    watch: watchProject(place, options, cwd),
    cwd,
    runs: [],
    scripts: new Map<string, Script>(),
  };
  // The least recently used one is the first.
  projects.delete(key);
  projects.set(key, known);
  for (const oldest of projects.keys()) if (projects.size > PROJECTS_KEPT) projects.delete(oldest);
  return known;
}

/** In the package the grammar is ready as soon as `load` was called (rolldown.config.mjs); whoever runs the source awaits it before. */
function loaded(name: Reader["name"]): Reader {
  const reader = name === "portable" ? portableReader : postgresReader;
  void reader.load();
  return reader;
}

function findingsIn(
  project: Project,
  state: ProjectState,
  place: FilePlace,
  text: string,
  reader: Reader,
  rules: EnabledRules,
): ReadonlyMap<string, readonly Finding[]> {
  const shown = display(project.cwd, place.path);
  // Anybody may call a file that, and other tools do; with its migration.sql beside it, it would be in a history.
  if (place.kind === "loose" && basename(place.path) === DOWN_FILE) return new Map();
  const onDisk = state.history.migrations.some(({ up, down }) =>
    [up, down].some((file) => file?.path === shown && file.text === text),
  );
  const over = onDisk ? undefined : { path: shown, text };
  const wanted = JSON.stringify([...rules].sort(([a], [b]) => (a < b ? -1 : 1)));
  const same = (each: Run): boolean =>
    each.rules === wanted && each.over?.path === over?.path && each.over?.text === over?.text;
  project.runs = project.runs.filter((each) => each.state === state);
  let found = project.runs.find(same);
  if (!found) {
    const history = over ? state.withText(place, text) : success(state.history);
    // It was read a moment ago: a file that went meanwhile has no findings, and the next look says why.
    if (!history.ok) return new Map();
    found = {
      state,
      rules: wanted,
      over,
      findings: byFile(runAll(project, state, history.value, reader, rules)),
    };
    project.runs = [...project.runs, found].slice(-RUNS_KEPT);
  }
  return found.findings.get(shown) ?? new Map<string, never>();
}

/** All rules that are on, over the whole history, once. */
function runAll(
  project: Project,
  state: ProjectState,
  history: History,
  reader: Reader,
  enabled: EnabledRules,
): readonly Finding[] {
  const { settings, each } = state;
  const scripts = new Map<string, Script>();
  const remembering: Reader = {
    ...reader,
    read(text) {
      const script = scripts.get(text) ?? project.scripts.get(text) ?? reader.read(text);
      scripts.set(text, script);
      return script;
    },
  };
  const rules = allRules.filter((rule) => enabled.has(rule.id));
  const config: Config = {
    ...settings.config,
    // Which rules run, and how, is ESLint's to say.
    preset: "recommended",
    rules: new Map(
      allRules.map(({ id, severity }) => {
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
  };
  const evidence = rules.some((rule) => rule.needs?.includes("divergence"))
    ? withDivergence(project.cwd, state, history, remembering)
    : state.evidence;
  const folded = foldedStart(project, state, history, remembering);
  const { findings } = run({
    histories: [history],
    rules: allRules,
    config,
    evidence,
    reader: remembering,
    deployments: each ? "each" : "one",
    baseline: settings.baseline,
    ...(folded && { folded: new Map([[history.root, folded]]) }),
    tool: { name: "lockstep", version: version() },
  });
  project.scripts = scripts;
  return findings;
}

/** The deployed migrations before the pending ones: they stay the same while one of these is written. */
function foldedStart(project: Project, state: ProjectState, history: History, reader: Reader): Folded | undefined {
  const pending = history.migrations.findIndex((migration) => migration.state === "pending");
  const sources = history.migrations.slice(0, pending < 0 ? history.migrations.length : pending);
  if (sources.length === 0) return undefined;
  if (!project.folded || !stillHolds(project.folded, sources))
    project.folded = foldSources(sources, reader, state.evidence.execution.mode);
  return project.folded;
}

function withDivergence(
  cwd: string,
  { evidence, gitRoot, settings }: ProjectState,
  history: History,
  reader: Reader,
): Evidence {
  const { base } = evidence;
  if (!base || gitRoot === undefined || history.layout !== "prisma") return evidence;
  const { branches } = settings.config;
  const { divergence } = loadDivergence({
    cwd,
    root: gitRoot,
    histories: [history],
    base,
    ...(branches && { names: branches }),
    environment: process.env,
    read: ({ text }) => reader.read(text).statements,
  });
  return divergence ? { ...evidence, divergence } : evidence;
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
