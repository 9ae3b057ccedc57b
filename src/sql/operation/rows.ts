import type { Change, Expression, Query } from "../expression.ts";
import type { Name } from "../names.ts";
import type { Base, OnTable } from "./place.ts";

/** Reads and changes of rows. */
export type RowOperation =
  | (Base<"insertRows"> & { readonly change: Extract<Change, { kind: "insertRows" }>; readonly table: Name })
  | (Base<"updateRows"> & { readonly change: Extract<Change, { kind: "updateRows" }>; readonly table: Name })
  | (Base<"deleteRows"> & { readonly change: Extract<Change, { kind: "deleteRows" }>; readonly table: Name })
  | (Base<"mergeRows"> & { readonly change: Extract<Change, { kind: "mergeRows" }>; readonly table: Name })
  | (Base<"select"> & { readonly query: Query })
  | (Base<"call"> & { readonly function: Name; readonly args: readonly Expression[] })
  | (Base<"copy"> & {
      readonly table?: Name;
      readonly query?: Query;
      readonly direction: "from" | "to";
      readonly program: boolean;
      readonly file: boolean;
    })
  | (OnTable<"truncate"> & { readonly cascade: boolean; readonly restartIdentity: boolean });
