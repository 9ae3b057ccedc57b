import type { CheckResult } from "../engine/result.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { History } from "../source/history.ts";
import type { Reader } from "../sql/statement.ts";
import type { Settings } from "./settings.ts";
import type { StagedIndex } from "./staged.ts";
import type { StdinText } from "./stdin.ts";

/** What is opened. Paths of files count from `cwd`, which is absolute. */
export type ProjectPlace =
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
  /** Loaded. */
  readonly reader: Reader;
  readonly tool: CheckResult["tool"];
  /** Absolute: the repository of the migrations, else of `cwd`. */
  readonly gitRoot?: string | undefined;
}
