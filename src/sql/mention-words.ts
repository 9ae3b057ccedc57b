import type { Mention } from "./mention.ts";
import type { Token } from "./tokens.ts";

/** What can come before a command; the empty word is the beginning. */
const BEFORE_A_COMMAND: ReadonlySet<string> = new Set(["", ";", "begin", "then", "else", "loop"]);

/** Names of commands are at most this many words. */
const LONGEST = 4;

/**
 * Mentions by words alone, for text that has no tree. It says too much rather than too little: whatever is
 * where a command can begin is one, and each name before a parenthesis is called. Comments and strings are left out.
 */
export function mentionsInWords(text: string, tokens: readonly Token[]): readonly Mention[] {
  const found: Mention[] = [];
  const own = tokens.filter((token) => token.kind !== "comment");
  const at = (i: number): string => {
    const token = own[i];
    return token && (token.kind === "word" || token.kind === "symbol")
      ? text.slice(token.start, token.end).toLowerCase()
      : token?.kind === "quoted"
        ? text.slice(token.start + 1, token.end - 1)
        : "";
  };
  let copy = false;
  own.forEach((token, i) => {
    const word = at(i);
    if (token.kind === "symbol") {
      if (word === ";") copy = false;
      return;
    }
    if (token.kind !== "word" && token.kind !== "quoted") return;
    if (at(i + 1) === "(")
      found.push({
        kind: "function",
        ...(at(i - 1) === "." && at(i - 2) !== "pg_catalog" ? { schema: at(i - 2) } : {}),
        name: word,
      });
    if (word === "copy") copy = true;
    // COPY t FROM 'file', COPY t TO PROGRAM 'ls': the word is right before the string.
    const next = own[i + 1]?.kind === "string";
    if (copy && next && word === "program") found.push({ kind: "command", name: "COPY PROGRAM" });
    if (copy && next && (word === "from" || word === "to")) found.push({ kind: "command", name: "COPY FILE" });
    if (word === "language" && i + 1 < own.length)
      found.push({
        kind: "language",
        name: (next ? text.slice((own[i + 1]?.start ?? 0) + 1, (own[i + 1]?.end ?? 0) - 1) : at(i + 1)).toLowerCase(),
      });
    if (word === "into" || word === "update" || (word === "from" && at(i - 1) === "delete"))
      found.push({ kind: "write", name: at(i + 2) === "." ? at(i + 3) : at(i + 1) });
    if (word === "extension" && at(i - 1) === "create")
      found.push({ kind: "extension", name: at(at(i + 1) === "if" ? i + 4 : i + 1) });
    if (!BEFORE_A_COMMAND.has(at(i - 1))) return;
    let name = word.toUpperCase();
    found.push({ kind: "command", name });
    for (let more = 1; more < LONGEST && own[i + more]?.kind === "word"; more++) {
      name += ` ${at(i + more).toUpperCase()}`;
      found.push({ kind: "command", name });
    }
  });
  if (at(0) === "grant" || at(0) === "revoke") found.push(granted(own.map((_, i) => at(i))));
  return found;
}

/** GRANT and REVOKE: of a role, or of rights on some kind of object. */
function granted(words: readonly string[]): Mention {
  const on = words.indexOf("on");
  return { kind: "command", name: on < 0 ? "GRANT ROLE" : `GRANT ON ${(words[on + 1] ?? "").toUpperCase()}` };
}
