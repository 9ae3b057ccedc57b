import { type Piece, type Span, wordAt } from "../piece.ts";
import type { TableConstraint as ParsedConstraint, TableReference } from "pgsql-ast-parser";
import { relationName } from "./names.ts";
import { gap } from "./parser.ts";
import type { Range } from "../../source/text.ts";
import type { TableConstraint } from "../operation/constraints.ts";
import { expression } from "./expressions.ts";

export const plain = { notValid: false, notEnforced: false } as const;

/** What follows a table constraint: pgsql-ast-parser knows none of it. */
export interface ConstraintEnd {
  /** Index of its first token. */
  readonly from: number;
  readonly notValid: boolean;
  readonly deferrable: boolean;
  readonly noInherit: boolean;
}

export function constraintEnd(piece: Piece, span: Span): ConstraintEnd {
  let to = span.to;
  let notValid = false;
  let deferrable = false;
  let noInherit = false;
  const back = (words: string): boolean => {
    const wanted = words.split(" ");
    if (to - wanted.length <= span.from || !wanted.every((word, i) => wordAt(piece, to - wanted.length + i) === word))
      return false;
    to -= wanted.length;
    return true;
  };
  for (;;) {
    if (back("not valid")) notValid = true;
    else if (back("no inherit")) noInherit = true;
    else if (back("not deferrable") || back("initially immediate")) continue;
    // INITIALLY DEFERRED implies DEFERRABLE.
    else if (back("deferrable") || back("initially deferred")) deferrable = true;
    else break;
  }
  return { from: to, notValid, deferrable, noInherit };
}

export function reference(node: TableReference, columns: readonly string[]) {
  return {
    type: "foreignKey" as const,
    columns,
    parent: relationName(node.foreignTable),
    parentColumns: node.foreignColumns.map((column) => column.name),
    onDelete: node.onDelete ?? ("no action" as const),
    onUpdate: node.onUpdate ?? ("no action" as const),
    matchFull: node.match === "full" || (node.match === "partial" && gap("MATCH PARTIAL")),
    ...plain,
    deferrable: false,
  };
}

export const keyOf = (type: "unique" | "primaryKey", columns: readonly string[]) => ({
  type,
  columns,
  nullsNotDistinct: false,
  deferrable: false,
  include: [] as string[],
});

export function constraint(node: ParsedConstraint, end: ConstraintEnd, range: Range): TableConstraint {
  const named = node.constraintName ? { name: node.constraintName.name } : {};
  const { notValid, deferrable } = end;
  if (end.noInherit && node.type !== "check") gap("NO INHERIT");
  switch (node.type) {
    case "foreign key":
      return {
        ...named,
        ...reference(
          node,
          node.localColumns.map((column) => column.name),
        ),
        notValid,
        deferrable,
        range,
      };
    case "check":
      if (deferrable) gap("a deferrable check");
      return {
        type: "check",
        ...named,
        expression: expression(node.expr),
        ...plain,
        notValid,
        noInherit: end.noInherit,
        range,
      };
    case "unique":
    case "primary key":
      if (notValid) gap("NOT VALID");
      return {
        ...named,
        ...keyOf(
          node.type === "unique" ? "unique" : "primaryKey",
          node.columns.map((column) => column.name),
        ),
        deferrable,
        range,
      };
  }
}
