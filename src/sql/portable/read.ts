import type { Range } from "../../source/text.ts";
import type { Mention } from "../mention.ts";
import { mentionsInWords } from "../mention-words.ts";
import { crashedStatement, readableText, walkable, withComments } from "../script.ts";
import type { Reader, Script, Statement } from "../statement.ts";
import { splitStatements, tokenize } from "../tokens.ts";
import { isGap } from "./parser.ts";
import { operations } from "./statements.ts";

/**
 * The portable reader: pgsql-ast-parser, which is pure JavaScript, and a few statements read word by word. It cannot
 * tell a syntax error from what it does not know: both are gaps, and the statements around them are read.
 */
export const portableReader: Reader = { name: "portable", load: () => Promise.resolve(), read };

function read(text: string): Script {
  const { readable, errors } = readableText(text);
  const tokens = tokenize(readable);
  const gaps: Range[] = [];
  const statements = splitStatements(readable, tokens).map((range, index): Statement => {
    const source = readable.slice(range.start, range.end);
    const own = tokenize(source).filter((token) => token.kind !== "comment");
    const mentions = () => mentionsInSource(source);
    try {
      return {
        index,
        range,
        comments: [],
        operations: walkable(
          operations({ text: source, tokens: own, shift: range.start }, { from: 0, to: own.length }),
          range,
        ),
        broken: false,
        mentions,
      };
    } catch (error) {
      if (!isGap(error))
        return { index, range, comments: [], ...crashedStatement(range, error), broken: false, mentions };
      gaps.push(range);
      return { index, range, comments: [], operations: [], broken: true, mentions };
    }
  });
  return { ...withComments(readable, tokens, statements), errors, gaps };
}

/** Bodies are not read here. */
function mentionsInSource(source: string): readonly Mention[] {
  const found = [...mentionsInWords(source, tokenize(source)), ...viewed(source)];
  const [, body] = /^(DO|CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE))\b/i.exec(source) ?? [];
  return body === undefined
    ? found
    : [...found, { kind: "unread", what: body.length === 2 ? "a DO block" : "the body of a function" }];
}

/** Tables that a view may be written through: all of its own, since by words it is not known whether it can. */
function viewed(source: string): readonly Mention[] {
  if (!/^CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMP(?:ORARY)?\s+)?(?:RECURSIVE\s+)?VIEW\b/i.test(source)) return [];
  return [...source.matchAll(/\bFROM\s+(?:pg_catalog\s*\.\s*)?"?(\w+)"?/gi)].map(([, name = ""]) => ({
    kind: "view",
    name: name.toLowerCase(),
  }));
}
