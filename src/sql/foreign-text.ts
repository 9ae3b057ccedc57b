import type { SyntaxError } from "./statement.ts";
import { type Token, tokenize } from "./tokens.ts";

/** What gets into a file of SQL. */
type Foreign = Exclude<NonNullable<SyntaxError["foreign"]>, "encoding">;

/** `text` with spaces for what is no SQL, so that offsets stay and the rest is read, and one error for each kind of it. */
export function withoutForeign(text: string): { readonly readable: string; readonly errors: readonly SyntaxError[] } {
  if (!SUSPECT.test(text)) return { readable: text, errors: [] };
  const found = new Map<Foreign, readonly Piece[]>();
  let readable = text;
  // Each looks at what the ones before it left: rows hold quotes that would hide what is below them.
  for (const [kind, pieces] of Object.entries(FINDERS) as [Foreign, (text: string) => readonly Piece[]][]) {
    const own = pieces(readable);
    if (own.length > 0) found.set(kind, own);
    readable = blanked(readable, own);
  }
  return {
    readable,
    errors: [...found].flatMap(([foreign, [first, ...more]]): SyntaxError[] => {
      if (!first) return [];
      const { start, line } = first;
      const names = [...new Set([first, ...more].flatMap(({ name }) => name ?? []))];
      return [{ range: { start, end: start + line }, message: MESSAGES[foreign](names), foreign }];
    }),
  };
}

function blanked(text: string, pieces: readonly Piece[]): string {
  if (pieces.length === 0) return text;
  const parts: string[] = [];
  let end = 0;
  for (const piece of [...pieces].sort((one, other) => one.start - other.start)) {
    parts.push(text.slice(end, piece.start), text.slice(piece.start, piece.end).replace(/[^\r\n]/g, " "));
    end = piece.end;
  }
  return [...parts, text.slice(end)].join("");
}

interface Piece {
  readonly start: number;
  readonly end: number;
  /** Of what the error points at. */
  readonly line: number;
  readonly name?: string;
}

const MESSAGES: Readonly<Record<Foreign, (names: readonly string[]) => string>> = {
  "unfinished merge": () => "these are the conflict markers of an unfinished merge",
  "rows of COPY": () => "these are the rows of a COPY … FROM stdin, which psql alone sends",
  "psql command": (names) =>
    `${names.join(", ")} ${names.length > 1 ? "are commands" : "is a command"} of psql and no SQL`,
  "command output": () => "this is what a command printed and no SQL",
};

/** Lines that one of the finders may have to do with. Most files have none, and are looked at no further. */
const SUSPECT =
  /^(?:[^\S\r\n]*\\|<{7}|[>$] \S|[┌│└]|(?:Loaded|Prisma|Environment variables|Datasource|warn|yarn run|Done in)\s)/m;

const FINDERS: Readonly<Record<Foreign, (text: string) => readonly Piece[]>> = {
  "unfinished merge": conflicts,
  "rows of COPY": rows,
  "psql command": commands,
  "command output": output,
};

/** The markers, and all of the other side: https://git-scm.com/docs/git-merge#_how_conflicts_are_presented */
function conflicts(text: string): readonly Piece[] {
  const whole: Piece[] = [];
  let open: Piece[] = [];
  let side: "ours" | "theirs" | undefined;
  for (const { start, end, written } of lines(text)) {
    if (/^<{7}(?: |$)/.test(written)) {
      // One that has no end is something else.
      open = [];
      side = "ours";
    } else if (side === "ours" && /^(?:\|{7}(?: |$)|={7}$)/.test(written)) side = "theirs";
    else if (side !== "theirs") continue;
    open.push({ start, end, line: written.length });
    if (side === "theirs" && /^>{7}(?: |$)/.test(written)) {
      whole.push(...open);
      open = [];
      side = undefined;
    }
  }
  return whole;
}

/** https://www.postgresql.org/docs/current/sql-copy.html: as pg_dump writes them, up to a line with a backslash and a period. */
function rows(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let first: Line | undefined;
  let isCopy = false;
  for (const line of lines(text)) {
    if (!isCopy) isCopy = COPY.test(line.written);
    else {
      first ??= line;
      if (!/^\\\.\s*$/.test(line.written)) continue;
      pieces.push({ start: first.start, end: line.end, line: first.written.length });
      first = undefined;
      isCopy = false;
    }
  }
  return pieces;
}

const COPY = /^COPY\s[^;']*\sFROM\s+stdin\b[^;]*;\s*$/i;

/** Lines that begin with a backslash, but for those within a string or a comment: https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-META-COMMANDS */
function commands(text: string): readonly Piece[] {
  let tokens: readonly Token[] | undefined;
  let passed = 0;
  const pieces: Piece[] = [];
  for (const { start, end, written } of lines(text)) {
    const [, indent = "", name] = /^(\s*)(\\[^\s\\]+)/.exec(written) ?? [];
    if (name === undefined) continue;
    tokens ??= tokenize(text);
    const at = start + indent.length;
    while (passed < tokens.length && (tokens[passed] as Token).end <= at) passed++;
    if (passed < tokens.length && (tokens[passed] as Token).start < at) continue;
    pieces.push({ start: at, end, line: written.length - indent.length, name });
  }
  return pieces;
}

/** What npm, pnpm, yarn and Prisma print around the SQL that was sent into the file: its first and its last lines. */
function output(text: string): readonly Piece[] {
  const all = [...lines(text)];
  const run = (given: readonly Line[], pattern: RegExp): readonly Line[] => {
    const isOutput = ({ written }: Line): boolean => pattern.test(written.trimEnd());
    const end = given.findIndex((line) => !/^\s*(?:--.*)?$/.test(line.written) && !isOutput(line));
    return given.slice(0, Math.max(0, end)).filter(isOutput);
  };
  return [...run(all, PRINTED_BEFORE), ...run([...all].reverse(), PRINTED_AFTER)].map(({ start, end, written }) => ({
    start,
    end,
    line: written.length,
  }));
}

const PRINTED_BEFORE =
  /^(?:> \S.*|\$ \S.*|[┌│└].*|yarn run v\d.*|(?:Loaded Prisma config|Prisma schema loaded|Environment variables loaded) from .*|Prisma config detected, .*|Datasource ".*|warn .*)$/;
// Not > and $: an expression may go on with them.
const PRINTED_AFTER = /^(?:[┌│└].*|Done in [\d.]+ ?m?s.*)$/;

interface Line {
  readonly start: number;
  readonly end: number;
  readonly written: string;
}

function* lines(text: string): Generator<Line> {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    const written = text.slice(start, end).replace(/\r$/, "");
    yield { start, end: start + written.length, written };
    start = end + 1;
  }
}
