import type { BranchNames } from "../../../evidence/git/roles.ts";
import type { CheckFlags } from "../flags.ts";
import type { RehearsalOptions } from "../../../project/rehearsal.ts";

export const BRANCHES_FORMATS = ["text", "json", "mermaid"] as const;
export type BranchesFormat = (typeof BRANCHES_FORMATS)[number];

/** Which branch is what, as the command line says it. */
export interface RoleFlags {
  readonly production?: string;
  readonly main?: string;
  readonly development?: readonly string[];
  readonly hotfix?: readonly string[];
}

/** Those of them that were given. */
export function namesOf({ production, main, development, hotfix }: RoleFlags): BranchNames {
  return {
    ...(production !== undefined && { production }),
    ...(main !== undefined && { main }),
    ...(development !== undefined && { development }),
    ...(hotfix !== undefined && { hotfix }),
  };
}

/** The options of branches. */
export interface BranchesFlags extends RoleFlags, RehearsalOptions, Pick<CheckFlags, "config" | "color"> {
  /** Also branches that are old or beyond the limit. */
  readonly allBranches?: boolean;
  readonly also?: readonly string[];
  readonly limit?: number;
  readonly days?: number;
  readonly rehearse?: boolean;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
  readonly ascii?: boolean;
  readonly format?: BranchesFormat;
  readonly outputFile?: readonly (readonly [BranchesFormat, string])[];
}

export const HOTFIX_FORMATS = ["text", "markdown"] as const;
export type HotfixFormat = (typeof HOTFIX_FORMATS)[number];

export interface HotfixFlags extends RoleFlags, Pick<CheckFlags, "config" | "color"> {
  readonly format?: HotfixFormat;
}
