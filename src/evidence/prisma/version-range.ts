import type { ExecutionMode } from "../../engine/result.ts";

type Triple = readonly [number, number, number];

/** Versions from `min` up to, but not including, `max`. */
interface Span {
  readonly min: Triple;
  readonly max: Triple;
}

const END: Triple = [Infinity, 0, 0];
/** From here on Prisma sends the statements of a file one by one. */
const SPLIT: Triple = [7, 4, 0];
/** From here on there are no SQL files. */
const NEXT: Triple = [8, 0, 0];

/** How an exact version of Prisma sends a file. A pre-release of 7.4.0 may do either. */
export function modeOfVersion(version: string): ExecutionMode {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)(-.+)?$/.exec(version);
  if (!parts) return "unknown";
  const triple: Triple = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (parts[4] !== undefined && compare(triple, SPLIT) === 0) return "unknown";
  return modeOfSpan({ min: triple, max: [triple[0], triple[1], triple[2] + 1] });
}

/** The lowest version that a range of package.json allows, and how all that it allows send a file: `unknown` where they differ. */
export function readRange(range: string): { readonly lowest: string; readonly mode: ExecutionMode } | undefined {
  const spans: Span[] = [];
  for (const part of range.replace(/^npm:(?:@?[^@]+@)?/, "").split("||")) {
    const span = spanOf(part.trim());
    if (!span) return undefined;
    spans.push(span);
  }
  const lowest = spans.map((span) => span.min).sort(compare)[0];
  if (!lowest) return undefined;
  const modes = new Set(spans.map(modeOfSpan));
  return { lowest: lowest.join("."), mode: modes.size === 1 ? ([...modes][0] as ExecutionMode) : "unknown" };
}

function modeOfSpan({ min, max }: Span): ExecutionMode {
  if (compare(max, SPLIT) <= 0) return "batch";
  return compare(min, SPLIT) >= 0 && compare(max, NEXT) <= 0 ? "split" : "unknown";
}

function spanOf(text: string): Span | undefined {
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(text);
  const words = hyphen
    ? [`>=${hyphen[1] ?? ""}`, `<=${hyphen[2] ?? ""}`]
    : text
        .replace(/([<>=^~])\s+/g, "$1")
        .split(/\s+/)
        .filter((word) => word !== "");
  if (words.length === 0) return undefined;
  let min: Triple = [0, 0, 0];
  let max: Triple = END;
  for (const word of words) {
    const span = comparator(word);
    if (!span) return undefined;
    if (compare(span.min, min) > 0) min = span.min;
    if (compare(span.max, max) < 0) max = span.max;
  }
  return { min, max };
}

function comparator(word: string): Span | undefined {
  const parts = /^(\^|~|>=|<=|>|<|=)?v?(\d+)(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:[-+][0-9A-Za-z.+-]+)?$/.exec(word);
  if (!parts) return undefined;
  const major = Number(parts[2]);
  const minor = parts[3] === undefined || /\D/.test(parts[3]) ? undefined : Number(parts[3]);
  const patch = minor === undefined || parts[4] === undefined || /\D/.test(parts[4]) ? undefined : Number(parts[4]);
  const min: Triple = [major, minor ?? 0, patch ?? 0];
  const nextMajor: Triple = [major + 1, 0, 0];
  const after: Triple =
    minor === undefined ? nextMajor : patch === undefined ? [major, minor + 1, 0] : [major, minor, patch + 1];
  switch (parts[1]) {
    case "^":
      if (major > 0 || minor === undefined) return { min, max: nextMajor };
      return { min, max: minor > 0 || patch === undefined ? [0, minor + 1, 0] : after };
    case "~":
      return { min, max: minor === undefined ? nextMajor : [major, minor + 1, 0] };
    case ">=":
      return { min, max: END };
    case ">":
      return { min: after, max: END };
    case "<":
      return { min: [0, 0, 0], max: min };
    case "<=":
      return { min: [0, 0, 0], max: after };
    default:
      return { min, max: after };
  }
}

function compare(a: Triple, b: Triple): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  if (a[1] !== b[1]) return a[1] < b[1] ? -1 : 1;
  return a[2] === b[2] ? 0 : a[2] < b[2] ? -1 : 1;
}
