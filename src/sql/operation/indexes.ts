import type { Range } from "../../source/text.ts";
import type { Expression } from "../expression.ts";
import type { Name } from "../names.ts";
import type { Anywhere, OnTable } from "./place.ts";

export interface IndexColumn {
  readonly column?: string;
  readonly expression?: Expression;
  readonly operatorClass?: string;
  readonly descending: boolean;
  /** It has a collation of its own, or says where NULLs go. */
  readonly special?: true;
  readonly range: Range;
}

export type IndexOperation =
  | (OnTable<"createIndex"> & {
      readonly name?: string | undefined;
      readonly unique: boolean;
      readonly concurrently: boolean;
      readonly ifNotExists: boolean;
      readonly only: boolean;
      readonly method: string;
      readonly columns: readonly IndexColumn[];
      readonly include: readonly string[];
      readonly where?: Expression;
      readonly nullsNotDistinct: boolean;
    })
  | (Anywhere<"dropIndex"> & {
      readonly index: Name;
      readonly concurrently: boolean;
      readonly ifExists: boolean;
      readonly cascade: boolean;
    })
  | (Anywhere<"attachIndex"> & { readonly index: Name; readonly partition: Name });
