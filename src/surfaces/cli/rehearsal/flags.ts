import type { RehearsalOptions } from "../../../project/rehearsal.ts";
import type { CheckFlags } from "../flags.ts";

export const REHEARSAL_FORMATS = ["text", "json"] as const;
export type RehearsalFormat = (typeof REHEARSAL_FORMATS)[number];

export interface RehearseFlags extends RehearsalOptions, Pick<CheckFlags, "base" | "all" | "config" | "color"> {
  readonly execution?: "batch" | "split" | "both";
  readonly format?: RehearsalFormat;
  readonly outputFile?: readonly (readonly [RehearsalFormat, string])[];
}
