import type { Operation } from "../../sql/operation/index.ts";
import type { Comment, Script, Statement } from "../../sql/statement.ts";
import { tokenize } from "../../sql/tokens.ts";
import { type Range, type SourceFile, position } from "../../source/text.ts";

/** The tree that selectors and other rules for the language see. Lines from 1, columns from 0, ranges in UTF-16 code units. */
interface Placed {
  readonly range: [start: number, end: number];
  readonly loc: { start: TreePosition; end: TreePosition };
}

interface TreePosition {
  line: number;
  column: number;
}

export interface ProgramNode extends Placed {
  readonly type: "Program";
  readonly body: readonly StatementNode[];
  readonly comments: readonly CommentNode[];
  /** Comments are not among them. */
  readonly tokens: readonly TokenNode[];
}

export interface StatementNode extends Placed {
  readonly type: "Statement";
  /** The kind of its first operation, `invalid` where PostgreSQL would not parse it. */
  readonly kind: Operation["kind"] | "invalid";
  readonly operations: readonly OperationNode[];
}

/** One thing that PostgreSQL does: an ALTER TABLE with three actions has three. */
export interface OperationNode extends Placed {
  readonly type: "Operation";
  readonly kind: Operation["kind"];
  /** Its details, as lockstep's own rules get them. Ranges in it count a byte order mark; the node's own do not. */
  readonly operation: Operation;
}

export interface CommentNode extends Placed {
  readonly type: "Line" | "Block";
  /** Without its marks. */
  readonly value: string;
}

export interface TokenNode extends Placed {
  readonly type: "word" | "quoted" | "string" | "number" | "symbol" | "parameter";
  readonly value: string;
}

export type SyntaxNode = ProgramNode | StatementNode | OperationNode;

/** Each kind of node with the properties that hold its children. */
export const visitorKeys: Record<string, string[]> = { Program: ["body"], Statement: ["operations"], Operation: [] };

/**
 * The tree of a script. `text` is without a byte order mark, as ESLint has it, `shift` the length of the one that the script's
 * ranges count.
 */
export function syntaxTree(script: Script, text: string, shift: number): ProgramNode {
  const file: SourceFile = { path: "", text };
  const placed = ({ start, end }: Range): Placed => {
    const range: Placed["range"] = [Math.max(0, start - shift), Math.max(0, end - shift)];
    return { range, loc: { start: place(file, range[0]), end: place(file, range[1]) } };
  };
  const operation = (each: Operation): OperationNode => ({
    type: "Operation",
    kind: each.kind,
    operation: each,
    ...placed(each.range),
  });
  const statement = (each: Statement): StatementNode => ({
    type: "Statement",
    kind: each.operations[0]?.kind ?? "invalid",
    operations: each.operations.map(operation),
    ...placed(each.range),
  });
  let tokens: readonly TokenNode[] | undefined;
  return {
    type: "Program",
    body: script.statements.map(statement),
    comments: script.comments.map((each) => ({ ...commentText(each), ...placed(each.range) })),
    // lockstep's own rules have no use for them.
    get tokens() {
      return (tokens ??= tokenize(text).flatMap(({ kind, start, end }) =>
        kind === "comment"
          ? []
          : [{ type: kind, value: text.slice(start, end), ...placed({ start: start + shift, end: end + shift }) }],
      ));
    },
    ...placed({ start: shift, end: text.length + shift }),
  };
}

function commentText({ text }: Comment): Pick<CommentNode, "type" | "value"> {
  return text.startsWith("--")
    ? { type: "Line", value: text.slice(2) }
    : { type: "Block", value: text.slice(2).replace(/\*\/$/, "") };
}

function place(file: SourceFile, offset: number): TreePosition {
  const { line, column } = position(file, offset);
  return { line, column: column - 1 };
}
