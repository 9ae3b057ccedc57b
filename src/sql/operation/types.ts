import type { Expression, TypeName } from "../expression.ts";
import type { Name } from "../names.ts";
import type { Base } from "./place.ts";
import type { Check } from "./constraints.ts";

export type TypeOperation =
  | (Base<"createEnum"> & { readonly type: Name; readonly values: readonly string[] })
  | (Base<"addEnumValue"> & {
      readonly type: Name;
      readonly value: string;
      readonly ifNotExists: boolean;
      readonly before?: string;
      readonly after?: string;
    })
  | (Base<"renameEnumValue"> & { readonly type: Name; readonly value: string; readonly to: string })
  | (Base<"createDomain"> & {
      readonly type: Name;
      readonly base: TypeName;
      readonly notNull: boolean;
      readonly checks: readonly Check[];
      readonly default?: Expression;
    })
  | (Base<"alterDomain"> & {
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
  | (Base<"createType"> & { readonly type: Name; readonly form: "composite" | "range" | "base" })
  | (Base<"dropType"> & { readonly type: Name; readonly ifExists: boolean; readonly cascade: boolean })
  | (Base<"renameType"> & { readonly type: Name; readonly to: string })
  | (Base<"setTypeSchema"> & { readonly type: Name; readonly schema: string });
