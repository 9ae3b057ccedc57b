import type { Change, Expression, Query } from "../expression.ts";
import type { Name } from "../names.ts";
import type { Anywhere, OnTable } from "./place.ts";

/** Reads and changes of rows. */
export type RowOperation =
  | (Anywhere<"insertRows"> & { readonly change: Extract<Change, { kind: "insertRows" }>; readonly table: Name })
  | (Anywhere<"updateRows"> & { readonly change: Extract<Change, { kind: "updateRows" }>; readonly table: Name })
  | (Anywhere<"deleteRows"> & { readonly change: Extract<Change, { kind: "deleteRows" }>; readonly table: Name })
  | (Anywhere<"mergeRows"> & { readonly change: Extract<Change, { kind: "mergeRows" }>; readonly table: Name })
  | (Anywhere<"select"> & { readonly query: Query })
  | (Anywhere<"call"> & { readonly function: Name; readonly args: readonly Expression[] })
  | (Anywhere<"copy"> & {
      readonly table?: Name;
      readonly query?: Query;
      readonly direction: "from" | "to";
      readonly program: boolean;
      readonly file: boolean;
    })
  | (OnTable<"truncate"> & { readonly cascade: boolean; readonly restartIdentity: boolean });
