import type { Progress } from "../../rehearsal/input.ts";
import { onOneLine } from "../text/finding.ts";

/** Cells of the bar. */
const BAR = 16;

/** One line for a terminal that is written over: "replaying the history  ━━━━━━──────────  312/820". Never wraps by itself: the caller cuts it. */
export function progressLine({ step, done, of, migration }: Progress): string {
  const name = migration === undefined ? "" : `  ${onOneLine(migration)}`;
  switch (step) {
    case "deployed":
      return `replaying the history  ${bar(done, of)}  ${done}/${of}`;
    case "rows":
      return "filling the tables with rows";
    case "pending":
      return `rehearsing  ${bar(done, of)}  ${Math.min(done + 1, of)}/${of}${name}`;
    case "down":
      return `going back by down.sql  ${bar(done, of)}  ${Math.min(done + 1, of)}/${of}${name}`;
  }
}

function bar(done: number, of: number): string {
  const full = of > 0 ? Math.round((Math.min(done, of) / of) * BAR) : 0;
  return "━".repeat(full) + "─".repeat(BAR - full);
}
