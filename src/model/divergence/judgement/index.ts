import type { Divergence } from "../viewpoint.ts";
import { conflicts, namesakes } from "./conflicts.ts";
import { duplicates } from "./duplicates.ts";
import { edits } from "./edits.ts";
import { late } from "./late.ts";
import { ports } from "./ports.ts";
import type { Judgement } from "./terms.ts";

const KNOWN = new WeakMap<Divergence, Map<string, readonly Judgement[]>>();

/** What is to be said of one migrations directory, from the viewpoint of ours: of ours itself, and of what its target lacks. */
export function judgementsOf(divergence: Divergence, root: string): readonly Judgement[] {
  const known = KNOWN.get(divergence) ?? new Map<string, readonly Judgement[]>();
  KNOWN.set(divergence, known);
  let found = known.get(root);
  if (!found) {
    const history = divergence.histories.get(root);
    found = history
      ? [late, edits, duplicates, ports, conflicts, namesakes].flatMap((judge) => judge(divergence, history))
      : [];
    known.set(root, found);
  }
  return found;
}
