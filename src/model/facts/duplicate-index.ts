import type { OperationOf } from "../../sql/operation/index.ts";
import { isSpecial } from "../apply/additions.ts";
import { type Index, indexAt, relationAt, resolve } from "../catalog.ts";
import { dropOf } from "../deployment.ts";
import type { StepPlace } from "./place.ts";

/** An index of the same table that does all that the new one would. */
export function duplicateOf(operation: OperationOf<"createIndex">, place: StepPlace): Index | undefined {
  const { catalog } = place;
  if (operation.where || isSpecial(operation) || operation.columns.some(({ column }) => column === undefined))
    return undefined;
  const id = resolve(catalog, operation.table);
  const after = place.after();
  if (dropOf(catalog, after, id)) return undefined;
  return [...(relationAt(catalog, id)?.indexes ?? [])]
    .flatMap((each) => indexAt(catalog, each) ?? [])
    .find((index) => {
      const isAlike =
        index.name !== operation.name &&
        index.special === undefined &&
        !index.partial &&
        index.method === operation.method &&
        (index.unique || !operation.unique) &&
        isSame(index.columns, operation.columns) &&
        operation.include.every((column) => index.include.includes(column));
      // It takes the place of the other one.
      const goes = after.some(
        ({ operation: next }) =>
          (next.kind === "dropIndex" && next.index.name === index.name) ||
          (next.kind === "dropConstraint" && next.constraint === index.constraint),
      );
      return isAlike && !goes;
    });
}

const isSame = (columns: Index["columns"], made: OperationOf<"createIndex">["columns"]): boolean =>
  columns.length === made.length && columns.every((column, i) => column === made[i]?.column);
