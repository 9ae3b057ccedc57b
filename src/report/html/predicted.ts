import type { CheckedStatement } from "../../engine/result.ts";
import { relationName } from "../../sql/names.ts";
import { named } from "../named.ts";
import { effectSentences, may } from "../effects/sentences.ts";
import { sqlMode } from "../../sql/lock-modes.ts";
import type { Hold } from "./holds.ts";

/** What a statement is expected to do to what is deployed, a sentence each; empty where nothing that is deployed notices. */
export function predictedSentences({ effects, deployed }: CheckedStatement, holds: readonly Hold[]): readonly string[] {
  const locks = holds.map(
    ({ mode, relation, certainty, blocks }) =>
      `${certainty === "sure" ? "Takes" : may(certainty, "take")} ${sqlMode(mode)} on ${named(relationName(relation))}${blocks === "" ? ": reads and writes go on" : `: ${blocks} wait`}.`,
  );
  return [...new Set([...locks, ...effectSentences(effects, (relation) => deployed.has(relation))])];
}
