import type { Config, ConfigFile, FailOn, Preset } from "../engine/config.ts";
import type { Severity } from "../engine/finding.ts";

/** What is said over the configuration: by options of the command line, an editor's settings, ESLint's languageOptions. */
export interface Overrides {
  /** This configuration in place of the nearest one. */
  readonly config?: string | undefined;
  /** The branch, tag or commit that is deployed. */
  readonly base?: string | undefined;
  /** Everything is pending. */
  readonly all?: boolean | undefined;
  readonly preset?: Preset | undefined;
  readonly rule?: Readonly<Record<string, Severity | "off">> | undefined;
  readonly postgres?: ConfigFile["postgres"] | undefined;
  readonly execution?: NonNullable<Config["execution"]> | undefined;
  readonly parser?: Config["parser"] | undefined;
  readonly failOn?: FailOn | undefined;
  /** False: comments in the SQL suppress nothing. */
  readonly inlineConfig?: boolean | undefined;
  readonly baseline?: string | undefined;
  /** A baseline that is to be written need not be there. */
  readonly writeBaseline?: boolean | undefined;
  /** False: what is known of the tables' sizes is left aside. */
  readonly statistics?: false | undefined;
  /** What a message calls one of them: "--execution batch", "the setting lockstep.base". */
  readonly called: (name: "base" | "execution" | "postgres", value: string) => string;
}

/** No overrides: the configuration holds. */
export const NOTHING_SAID: Overrides = { called: (name) => name };
