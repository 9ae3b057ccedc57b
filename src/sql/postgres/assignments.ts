import type { Change, Expression } from "../expression.ts";
import { type Raw, list } from "./node.ts";

/** What an INSERT or UPDATE puts into columns. */

type Read = (node: Raw) => Expression;

export function conflictOf(
  clause: Raw,
  expression: Read,
): Pick<Extract<Change, { kind: "insertRows" }>, "conflict" | "set"> {
  const { infer, targetList } = clause;
  const columns = list(infer?.indexElems).map((element): string | null => element.IndexElem?.name ?? null);
  return {
    ...(infer && {
      conflict: {
        ...(columns.length > 0 && { columns }),
        ...(infer.conname !== undefined && { constraint: infer.conname as string }),
        ...(infer.whereClause && { partial: true as const }),
      },
    }),
    ...(targetList && { set: list(targetList).map(assignment(expression)) }),
  };
}

export const assignment =
  (expression: Read) =>
  (node: Raw): { readonly column: string; readonly value: Expression } => {
    const { name, val, indirection } = node.ResTarget ?? {};
    const value = assigned(val, expression);
    // An element of an array or a field of a row: what the column holds then is made of it.
    return { column: name ?? "", value: indirection ? { kind: "other", args: [value] } : value };
  };

/** In `SET (a, b) = (…)` each column has a MultiAssignRef: element by element where it is a row, else the whole source. */
function assigned(node: Raw, expression: Read): Expression {
  const multi = node?.MultiAssignRef;
  if (!multi) return expression(node);
  const row = multi.source?.RowExpr;
  return expression(row ? list(row.args)[(multi.colno ?? 1) - 1] : multi.source);
}
