import type { Change, Expression, Query } from "../../sql/expression.ts";
import type { Catalog } from "../catalog.ts";
import type { Refusal } from "./refusal.ts";
import type { Columns, Scope } from "./scope.ts";
import type { Type } from "./type.ts";

/** Columns of the common table expressions around a query, by name. */
export type Ctes = ReadonlyMap<string, Columns>;

/** What the parts of the binding share: the schema, and each other. */
export interface Binder {
  readonly catalog: Catalog;
  readonly postgres: number;
  /** Extensions bring functions, operators and relations that no migration names. */
  extended(): boolean;
  refuse(refusal: Refusal | undefined): void;
  /** A literal is read as a value of a type. */
  read(wanted: Type, value: Type): void;
  /** Looks at something again without keeping what is refused in it. */
  quietly<T>(look: () => T): T;
  expression(expression: Expression, scope: Scope | undefined, ctes: Ctes): Type;
  /** What is asked for as true or false. */
  condition(type: Type, what: string): void;
  query(query: Query, outer: Scope | undefined, ctes: Ctes): Columns;
  change(change: Change, outer: Scope | undefined, ctes: Ctes): void;
  assigned(value: Type, wanted: Type, column: string, what?: "expression" | "default expression"): void;
}
