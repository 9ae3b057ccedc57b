import type { Finding } from "../../engine/finding.ts";
import type { Judged } from "./project.ts";

/** A comment to be inserted, in two halves with the reason between them. */
export interface IgnorePlace {
  readonly at: number;
  readonly before: string;
  readonly after: string;
}

/** Where a comment goes that suppresses the finding, for its statement or the whole file; undefined where it belongs to no statement. */
export function ignoreComment(
  { file, script }: Pick<Judged, "file" | "script">,
  finding: Finding,
  scope: "statement" | "file",
): IgnorePlace | undefined {
  const { text } = file;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const first = text.startsWith("\ufeff") ? 1 : 0;
  if (scope === "file") return { at: first, before: `-- lockstep-ignore-file ${finding.rule}: `, after: newline };
  const statement = script().statements.find(
    ({ range }) => range.start <= finding.range.start && finding.range.start <= range.end,
  );
  if (!statement) return undefined;
  const { start } = statement.range;
  const line =
    start === 0 ? 0 : Math.max(text.lastIndexOf("\n", start - 1) + 1, text.lastIndexOf("\r", start - 1) + 1, first);
  const lead = text.slice(line, start);
  if (/^\s*$/.test(lead)) return { at: line, before: `${lead}-- lockstep-ignore ${finding.rule}: `, after: newline };
  // Something else is on the line before it: a line comment would swallow the statement.
  return { at: start, before: `/* lockstep-ignore ${finding.rule}: `, after: " */ " };
}

/** What is written of a suppression up to `offset`, where that is in a comment that begins like one. */
export function unfinishedIgnore(
  { file, script }: Pick<Judged, "file" | "script">,
  offset: number,
): { readonly what: "word" | "rule"; readonly start: number } | undefined {
  const comment = script().comments.find(
    ({ range, text }) =>
      range.start < offset && (offset < range.end || (offset === range.end && text.startsWith("--"))),
  );
  if (!comment) return undefined;
  const written = file.text.slice(comment.range.start, offset);
  const word = /^(?:--+|\/\*+)[\s*]*([a-z-]*)$/i.exec(written)?.[1];
  if (word !== undefined && "lockstep-ignore-file".startsWith(word.toLowerCase()))
    return { what: "word", start: offset - word.length };
  const rule = /^(?:--+|\/\*+)[\s*]*lockstep-ignore(?:-file)?\s(?:[^:]*[\s,])?([a-z0-9/-]*)$/i.exec(written)?.[1];
  return rule === undefined ? undefined : { what: "rule", start: offset - rule.length };
}

/** The rule names in the suppressing comments of a text, with their places. */
export function ruleMentions({
  script,
}: Pick<Judged, "script">): readonly { readonly rule: string; readonly start: number; readonly end: number }[] {
  return script().comments.flatMap((comment) => {
    const opening = /^(?:--+|\/\*+)[\s*]*lockstep-ignore(?:-file)?(?=\s)/i.exec(comment.text)?.[0];
    if (opening === undefined) return [];
    const colon = comment.text.indexOf(":");
    const list = comment.text.slice(opening.length, colon < 0 ? undefined : colon);
    return [...list.matchAll(/[a-z][a-z0-9/-]*/gi)].map((match) => {
      const start = comment.range.start + opening.length + match.index;
      return { rule: match[0], start, end: start + match[0].length };
    });
  });
}
