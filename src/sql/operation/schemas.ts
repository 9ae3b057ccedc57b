import type { Name } from "../names.ts";
import type { Base } from "./place.ts";

/** Schemas, extensions, databases. */
export type SchemaOperation =
  | (Base<"createSchema"> & { readonly name: string; readonly ifNotExists: boolean })
  | (Base<"dropSchema"> & { readonly name: string; readonly ifExists: boolean; readonly cascade: boolean })
  | (Base<"renameSchema"> & { readonly name: string; readonly to: string })
  | (Base<"createDatabase" | "dropDatabase"> & { readonly name: string })
  | (Base<"createExtension"> & {
      readonly name: string;
      readonly schema?: string | undefined;
      readonly ifNotExists: boolean;
    });

/** OWNED BY; "none" for OWNED BY NONE. */
export type SequenceOwner = { readonly table: Name; readonly column: string } | "none";

export type SequenceOperation =
  | (Base<"createSequence"> & {
      readonly sequence: Name;
      readonly ifNotExists: boolean;
      readonly temporary: boolean;
      readonly ownedBy?: SequenceOwner;
    })
  | (Base<"alterSequence"> & {
      readonly sequence: Name;
      readonly ownedBy?: SequenceOwner;
    });
