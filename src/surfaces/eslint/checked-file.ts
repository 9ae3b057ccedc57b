import type { Finding } from "../../engine/finding.ts";
import type { Script } from "../../sql/statement.ts";

export const BOM = "\uFEFF";

/** The rules that ESLint has on, by id, with their options. */
export type EnabledRules = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** A file that ESLint lints, in the history that it belongs to. */
export interface CheckedFile {
  readonly script: Script;
  /** The length of the byte order mark: lockstep's offsets count it, ESLint's do not. */
  readonly shift: 0 | 1;
  /** Whether it is known which migrations are deployed. Where it is not, nothing is changed unasked: Prisma keeps a checksum of what is applied. */
  readonly pendingIsKnown: boolean;
  /** Findings in this file by rule, without those that a lockstep-ignore comment, the configuration or the baseline accepts. */
  check(rules: EnabledRules): ReadonlyMap<string, readonly Finding[]>;
}
