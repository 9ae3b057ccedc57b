import type { CheckFlags } from "../flags.ts";

/** The options of a rehearsal, as the command line gave them. */
export interface RehearsalFlags {
  readonly server?: string;
  readonly template?: string;
  readonly rows?: number;
  /** False for --no-hurt. */
  readonly hurt?: boolean;
  readonly seed?: number;
  readonly data?: string;
  /** Seconds. */
  readonly timeLimit?: number;
  readonly allowUnsafe?: boolean;
  /** False for --no-cache. */
  readonly cache?: boolean | undefined;
}

export const REHEARSAL_FORMATS = ["text", "json"] as const;
export type RehearsalFormat = (typeof REHEARSAL_FORMATS)[number];

export interface RehearseFlags extends RehearsalFlags, Pick<CheckFlags, "base" | "all" | "config" | "color"> {
  readonly execution?: "batch" | "split" | "both";
  readonly format?: RehearsalFormat;
  readonly outputFile?: readonly (readonly [RehearsalFormat, string])[];
}
