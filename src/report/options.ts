import type { CheckResult } from "../engine/result.ts";
import type { Severity } from "../engine/finding.ts";

/** What the surface knows about the reader and the place, so that the formats need to ask nobody. */
export interface ReportOptions {
  /** ANSI colours in `text`. */
  readonly color: boolean;
  /** Width of the terminal in cells; text is wrapped and code clipped to it. */
  readonly columns: number;
  /** The path from the git root to the directory that `SourceFile.path` counts from: "" or "packages/db". SARIF's URIs start at the git root. */
  readonly pathPrefix: string;
  /** Shows suppressed findings too, marked. They never count. */
  readonly showSuppressed: boolean;
  /** `text` shows errors only; the counts stay whole. */
  readonly quiet: boolean;
  /** The severity from which the check fails: the summary of `text` names it. */
  readonly failOn: Severity | "never";
  /** Becomes SARIF's automationDetails.id. Left out by default: a category in the file beats the one of the workflow. */
  readonly sarifCategory?: string;
  /** Rule pages in markdown by rule id, for SARIF's help. */
  readonly pages?: Readonly<Record<string, string>>;
  /** The public address of a rule's page, where it has one. */
  readonly ruleUrl?: (rule: string) => string | undefined;
  /** The public address of lockstep, where it has one. */
  readonly homepage?: string | undefined;
}

export interface Format {
  readonly name: string;
  /** The whole report, ending with a newline. Pure: the same result and options give the same text. */
  render(result: CheckResult, options: ReportOptions): string;
}
