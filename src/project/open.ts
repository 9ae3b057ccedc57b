import { rules } from "../../rules/index.ts";
import type { CheckResult } from "../engine/result.ts";
import type { AnyRule } from "../engine/rule.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { History } from "../source/history.ts";
import type { Outcome } from "../source/outcome.ts";
import { failure, success } from "../source/outcome.ts";
import { loadReader } from "../sql/readers.ts";
import type { Reader } from "../sql/statement.ts";
import { hotfixPreset } from "./hotfix-preset.ts";
import { type Inputs, loadInputs } from "./inputs.ts";
import type { Overrides } from "./overrides.ts";
import { version } from "./product.ts";
import { remembering } from "./remembering.ts";
import { because, readSettings, type Settings } from "./settings.ts";
import { loadStaged, type StagedIndex, wantedIn } from "./staged.ts";
import { loadStdin, type StdinText } from "./stdin.ts";
import { unsavedInputs } from "./unsaved.ts";
import type { World } from "./world.ts";

/** What is opened. Paths of files count from `cwd`, which is absolute. */
export type Place =
  /** Files, migration folders, migrations directories, projects or globs; without any what the configuration names, else the project in `cwd`. */
  | { readonly kind: "paths"; readonly cwd: string; readonly paths: readonly string[] }
  /** What git's index has, below `cwd`. */
  | { readonly kind: "staged"; readonly cwd: string; readonly index: StagedIndex }
  /** One text, for itself or in place of a file. */
  | { readonly kind: "stdin"; readonly cwd: string; readonly text: StdinText };

/** All that check() is given, and where it comes from: `check(project)` judges it. */
export interface Project extends Settings {
  readonly cwd: string;
  readonly histories: readonly History[];
  readonly evidence: Evidence;
  /** `each`: it is not known which migrations are deployed, or all of them are asked for. */
  readonly deployments: "one" | "each";
  readonly rules: readonly AnyRule[];
  /** Loaded. */
  readonly reader: Reader;
  readonly tool: CheckResult["tool"];
  /** Absolute: the repository of the migrations, else of `cwd`. */
  readonly gitRoot?: string | undefined;
}

/** Opens a project: its configuration with what is said over it, its migrations, what is deployed, and what else is known. Fails with one sentence. */
export async function openProject(place: Place, overrides: Overrides, world: World): Promise<Outcome<Project>> {
  const { cwd } = place;
  // The grammar compiles on another thread while the rest is read. What keeps it from loading is said below, if it is wanted then.
  if (overrides.parser !== "portable") void loadReader("postgres").catch(() => undefined);
  const settings = await readSettings(cwd, overrides, world);
  if (!settings.ok) return settings;
  const inputs = await inputsOf(place, settings.value, overrides, world);
  if (!inputs.ok) return inputs;
  const reader = (world.keeping ?? remembering)(await loadReader(settings.value.config.parser));
  const project = joined(place, settings.value, inputs.value, reader, world);
  // Git was asked for the base: branches are compared only then, so that a check of files stays as it is.
  if (!project.evidence.base || world.compares === false) return success(project);
  const { compared } = await import("./divergence.ts");
  return success(compared(project, world.environment));
}

/** The parts of a project as one, with the preset that its branch asks for. */
function joined(
  { cwd, kind }: Place,
  settings: Settings,
  { histories, evidence, each, gitRoot }: Inputs,
  reader: Reader,
  { environment }: World,
): Project {
  const project: Project = {
    ...settings,
    cwd,
    histories,
    evidence,
    deployments: each ? "each" : "one",
    rules,
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
  place: Place,
  settings: Settings,
  overrides: Overrides,
  { environment, buffers }: World,
): Promise<Outcome<Inputs>> {
  const { cwd } = place;
  const { config, migrations, base, baseFrom } = settings;
  const known = {
    ...(config.execution && { execution: { mode: config.execution, because: because(overrides, "execution") } }),
    ...(config.postgres !== undefined && {
      postgres: { version: config.postgres, because: because(overrides, "postgres") },
    }),
  };
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
