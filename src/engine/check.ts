import type { Evidence } from "../evidence/evidence.ts";
import type { History } from "../source/history.ts";
import type { Reader } from "../sql/statement.ts";
import type { BaselineEntry } from "./baseline.ts";
import { type Config, type ConfigFile, resolveConfig } from "./config.ts";
import type { Folded } from "./fold.ts";
import type { CheckResult } from "./result.ts";
import type { AnyRule } from "./rule.ts";
import { run } from "./run.ts";

export interface CheckInput {
  readonly histories: readonly History[];
  readonly rules: readonly AnyRule[];
  /** As a configuration file has it, or resolved already. */
  readonly config?: ConfigFile | Config;
  readonly evidence?: Evidence;
  /** `one` (default): the pending migrations go out together; `each`: every migration is a deployment of its own. */
  readonly deployments?: "one" | "each";
  readonly baseline?: readonly BaselineEntry[];
  readonly tool?: CheckResult["tool"];
  /** Loaded; else the one that `config.parser` names. */
  readonly reader?: Reader;
}

/** For callers that check again and again. */
export interface PreparedInput extends CheckInput {
  readonly reader: Reader;
  /** Histories whose leading migrations need not be walked again, by their root. */
  readonly folded?: ReadonlyMap<History["root"], Folded>;
}

const DEFAULT_POSTGRES = 17;

/** What check() does, for callers that cannot wait: ESLint, an editor's next key. */
export function checkSync(input: PreparedInput): CheckResult {
  const config = configOf(input);
  const { execution, postgres, ...evidence } = input.evidence ?? {};
  return run({
    histories: input.histories,
    rules: input.rules,
    config,
    evidence: {
      ...evidence,
      // Whoever made the evidence from this configuration knows better where it was said.
      execution:
        config.execution && config.execution !== execution?.mode
          ? { mode: config.execution, because: "the configuration" }
          : (execution ?? { mode: "unknown", because: "no Prisma version is known" }),
      postgres:
        config.postgres && config.postgres !== postgres?.version
          ? { version: config.postgres, because: "the configuration" }
          : (postgres ?? { version: DEFAULT_POSTGRES, because: "the default" }),
    },
    reader: input.reader,
    deployments: input.deployments ?? "one",
    baseline: input.baseline,
    ...(input.folded && { folded: input.folded }),
    tool: input.tool ?? { name: "lockstep", version: "0.0.0" },
  });
}

export const configOf = ({ config, rules }: CheckInput): Config =>
  isResolved(config) ? config : resolveConfig(config, rules);

const isResolved = (config: ConfigFile | Config | undefined): config is Config =>
  config !== undefined && "rules" in config && config.rules instanceof Map;
