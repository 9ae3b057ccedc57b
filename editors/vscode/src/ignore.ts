/** A place as the protocol counts: both from zero, `character` in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

/** What the server's action "ignore here, with a reason" hands over: everything of the edit but the reason. */
export interface IgnoreRequest {
  readonly uri: string;
  readonly at: Place;
  readonly before: string;
  readonly after: string;
}

/** The arguments of the command, which come from another process; undefined where they are not what was agreed. */
export function ignoreRequest(args: readonly unknown[]): IgnoreRequest | undefined {
  const [uri, at, before, after] = args;
  if (typeof uri !== "string" || typeof before !== "string" || typeof after !== "string") return undefined;
  if (typeof at !== "object" || at === null || !("line" in at) || !("character" in at)) return undefined;
  const { line, character } = at;
  if (!isCount(line) || !isCount(character)) return undefined;
  return { uri, at: { line, character }, before, after };
}

/** Why a reason is none, as a sentence; undefined where it will do. */
export function reasonProblem(reason: string): string | undefined {
  return oneLine(reason) === "" ? "Say why this is right here: whoever reads the migration later will ask." : undefined;
}

/** The text to insert. The comment ends with its line, so the reason stays on it. */
export function ignoreText({ before, after }: IgnoreRequest, reason: string): string {
  return before + oneLine(reason) + after;
}

function oneLine(reason: string): string {
  return reason.replace(/[\s\u0085\p{Cc}]+/gu, " ").trim();
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
