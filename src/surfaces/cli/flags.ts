import type { Severity } from "../../engine/finding.ts";
import type { Config, FailOn, Preset } from "../../engine/config.ts";
import type { FormatName } from "../../report/loaders.ts";

/** The options of check and checklist, as the command line gave them. */
export interface CheckFlags {
  readonly base?: string;
  readonly all?: boolean;
  /** What the git index holds, in place of the work tree. */
  readonly staged?: boolean;
  readonly stdin?: boolean;
  readonly stdinFilename?: string;
  /** False for --no-error-on-unmatched-pattern. */
  readonly errorOnUnmatchedPattern: boolean;
  readonly config?: string | undefined;
  readonly preset?: Preset | undefined;
  readonly rule?: Readonly<Record<string, Severity | "off">>;
  readonly postgres?: string;
  readonly execution?: NonNullable<Config["execution"]> | undefined;
  readonly parser?: Config["parser"];
  /** False for --no-inline-config. */
  readonly inlineConfig: boolean;
  /** Rehearse first, with the defaults. */
  readonly rehearse?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: boolean;
  readonly format?: readonly FormatName[];
  readonly outputFile?: readonly (readonly [FormatName, string])[];
  readonly failOn?: FailOn;
  readonly maxWarnings?: number;
  readonly quiet?: boolean;
  readonly showSuppressed?: boolean;
  readonly color?: boolean | undefined;
  readonly fix?: boolean;
  readonly fixUnsafe?: boolean;
  readonly diff?: boolean;
  /** Where an internal error was thrown is shown. */
  readonly debug?: boolean;
}
