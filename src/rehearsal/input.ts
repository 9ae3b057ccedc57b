import type { History } from "../source/history.ts";
import type { SourceFile } from "../source/text.ts";
import type { Reader } from "../sql/statement.ts";
import type { Limit, Stage } from "./stage/session.ts";

export interface RehearseInput {
  readonly histories: readonly History[];
  readonly reader: Reader;
  readonly stage: Stage;
  readonly executions: readonly ("batch" | "split")[];
  /** `each`: every pending migration is a deployment of its own. */
  readonly deployments: "one" | "each";
  /** Per table; 0: none are made. */
  readonly rows: number;
  readonly seed: number;
  /** Whether rows are added that predicted failures need to happen. */
  readonly hurt: boolean;
  /** Rows of one's own, run before others are made. */
  readonly data?: SourceFile | undefined;
  /** The stage's databases are copies of it: nothing is replayed. */
  readonly template?: string | undefined;
  /** lockstep's own: snapshots of another one are not used. */
  readonly version: string;
  /** For each statement. */
  readonly limit: Limit;
  readonly mayReachOutside: boolean;
  readonly progress?: (progress: Progress) => void;
  /** Ends the rehearsal where it is; the result is then a failure. */
  readonly signal?: AbortSignal;
}

export interface Progress {
  readonly step: "deployed" | "rows" | "pending" | "down";
  readonly done: number;
  readonly of: number;
  readonly migration?: string;
}
