import type { Name } from "../names.ts";
import type { Anywhere } from "./place.ts";

/** Schemas, extensions, databases. */
export type SchemaOperation =
  | (Anywhere<"createSchema"> & { readonly name: string; readonly ifNotExists: boolean })
  | (Anywhere<"dropSchema"> & { readonly name: string; readonly ifExists: boolean; readonly cascade: boolean })
  | (Anywhere<"renameSchema"> & { readonly name: string; readonly to: string })
  | (Anywhere<"createDatabase" | "dropDatabase"> & { readonly name: string })
  | (Anywhere<"createExtension"> & {
      readonly name: string;
      readonly schema?: string | undefined;
      readonly ifNotExists: boolean;
    });

/** OWNED BY; "none" for OWNED BY NONE. */
export type SequenceOwner = { readonly table: Name; readonly column: string } | "none";

export type SequenceOperation =
  | (Anywhere<"createSequence"> & {
      readonly sequence: Name;
      readonly ifNotExists: boolean;
      readonly temporary: boolean;
      readonly ownedBy?: SequenceOwner;
    })
  | (Anywhere<"alterSequence"> & {
      readonly sequence: Name;
      readonly ifExists?: true;
      readonly ownedBy?: SequenceOwner;
    });
