import type { Range } from "../../source/text.ts";
import { readableText, withComments } from "../script.ts";
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
    try {
      return { index, range, comments: [], operations: operations({ text: source, tokens: own, shift: range.start }, { from: 0, to: own.length }), broken: false };
    } catch (error) {
      if (!isGap(error)) throw error;
      gaps.push(range);
      return { index, range, comments: [], operations: [], broken: true };
    }
  });
  return { ...withComments(readable, tokens, statements), errors, gaps };
}
