import type { Evidence } from "../evidence/evidence.ts";
import type { Config } from "./config.ts";

const DEFAULT_POSTGRES = 17;

/** The evidence under a configuration: what that says goes first, and what nobody says is filled in. */
export function evidenceUnder(config: Config, evidence: Partial<Evidence> = {}): Evidence {
  return {
    ...evidence,
    execution: config.execution
      ? { mode: config.execution, because: "the configuration" }
      : (evidence.execution ?? { mode: "unknown", because: "no Prisma version is known" }),
    postgres: config.postgres
      ? { version: config.postgres, because: "the configuration" }
      : (evidence.postgres ?? { version: DEFAULT_POSTGRES, because: "the default" }),
  };
}
