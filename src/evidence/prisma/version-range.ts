import minVersion from "semver/ranges/min-version.js";
import subset from "semver/ranges/subset.js";
import validRange from "semver/ranges/valid.js";
import type { ExecutionMode } from "../../model/transactions.ts";

/** How Prisma's versions send a file; from 8 on there are no SQL files. */
const BATCH = "<7.4.0";
const SPLIT = ">=7.4.0 <8.0.0";

/** How an exact version of Prisma sends a file, which every check asks: without semver. A pre-release of 7.4.0 may do either; any other is taken for its release. */
export function modeOfVersion(version: string): ExecutionMode {
  const [, major, minor, patch, before] = /^v?(\d+)\.(\d+)\.(\d+)(-.+)?$/.exec(version) ?? [];
  if (major === undefined || Number(major) > 7 || (before && `${major}.${minor}.${patch}` === "7.4.0"))
    return "unknown";
  return Number(major) === 7 && Number(minor) >= 4 ? "split" : "batch";
}

/** The lowest version that a range of package.json allows, and how all that it allows send a file: `unknown` where they differ. */
export function readRange(range: string): { readonly lowest: string; readonly mode: ExecutionMode } | undefined {
  const asked = range.replace(/^npm:(?:@?[^@]+@)?/, "");
  const valid = validRange(asked);
  const lowest = valid === null || valid === "*" ? null : minVersion(valid);
  if (valid === null || !lowest) return undefined;
  if (valid === lowest.version) return { lowest: lowest.version, mode: modeOfVersion(valid) };
  return {
    lowest: lowest.version,
    mode: subset(valid, BATCH) ? "batch" : subset(valid, SPLIT) ? "split" : "unknown",
  };
}
