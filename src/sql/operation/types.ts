import type { Expression, TypeName } from "../expression.ts";
import type { Name } from "../names.ts";
import type { Anywhere } from "./place.ts";
import type { Check } from "./constraints.ts";

export type TypeOperation =
  | (Anywhere<"createEnum"> & { readonly type: Name; readonly values: readonly string[] })
  | (Anywhere<"addEnumValue"> & {
      readonly type: Name;
      readonly value: string;
      readonly ifNotExists: boolean;
      readonly before?: string;
      readonly after?: string;
    })
  | (Anywhere<"renameEnumValue"> & { readonly type: Name; readonly value: string; readonly to: string })
  | (Anywhere<"createDomain"> & {
      readonly type: Name;
      readonly base: TypeName;
      readonly notNull: boolean;
      readonly checks: readonly Check[];
      readonly default?: Expression;
    })
  | (Anywhere<"alterDomain"> & {
      readonly type: Name;
      readonly action:
        | "addCheck"
        | "dropConstraint"
        | "setNotNull"
        | "dropNotNull"
        | "setDefault"
        | "dropDefault"
        | "validate"
        | "renameConstraint"
        | "other";
      readonly check?: Check;
      readonly constraint?: string;
      /** The constraint's new name. */
      readonly to?: string;
    })
  | (Anywhere<"createType"> & {
      readonly type: Name;
      readonly form: "composite" | "range" | "base";
      /** CREATE TYPE name: it is said later what it is. */
      readonly shell?: true;
      /** MULTIRANGE_TYPE_NAME of a range. */
      readonly multirange?: Name;
    })
  | (Anywhere<"dropType"> & { readonly type: Name; readonly ifExists: boolean; readonly cascade: boolean })
  | (Anywhere<"renameType"> & { readonly type: Name; readonly to: string })
  | (Anywhere<"setTypeSchema"> & { readonly type: Name; readonly schema: string });
