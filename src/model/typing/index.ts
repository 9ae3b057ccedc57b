import type { Change, Expression, Query, Source } from "../../sql/expression.ts";
import type { Catalog } from "../catalog.ts";
import type { Binder } from "./binder.ts";
import { changeBinding } from "./changes.ts";
import { expressionBinding } from "./expressions.ts";
import { valueRefusal } from "./literals.ts";
import { queryBinding } from "./queries.ts";
import type { Refusal } from "./refusal.ts";
import type { Columns, Scope } from "./scope.ts";
import type { Type } from "./type.ts";

/**
 * Names and types of expressions and queries, as PostgreSQL's parser binds them: https://www.postgresql.org/docs/current/typeconv.html.
 * What it refuses is found as far as the history says what is there; what is not known is never refused.
 */

export interface Typing {
  /** The type of an expression; what PostgreSQL would refuse in it is kept. */
  expression(expression: Expression, scope: Scope | undefined): Type;
  /** The columns that a query returns. */
  query(query: Query, outer?: Scope): Columns;
  /** A statement that changes rows, without the assignments to its table. */
  change(change: Change, outer?: Scope): void;
  /** A value that is put into a column: refused where no cast leads there. */
  assigned(value: Type, wanted: Type, column: string, what?: "expression" | "default expression"): void;
  refuse(refusal: Refusal): void;
  /** Looks at something again without keeping what is refused in it. */
  quietly<T>(look: () => T): T;
  /** The sources of a FROM list. */
  sources(from: readonly Source[], outer?: Scope): Scope;
  readonly refusals: readonly Refusal[];
  /** Labels of enums that literals stand for. */
  readonly labels: readonly UsedLabel[];
}

/** A label of an enum that a statement uses. */
export interface UsedLabel {
  /** The enum's id. */
  readonly type: string;
  readonly label: string;
}

export interface TypingOptions {
  readonly catalog: Catalog;
  readonly postgres: number;
  /** Whether relations, types and functions that the history does not make are not there. */
  makesAll(): boolean;
}

export function typing({ catalog, postgres, makesAll }: TypingOptions): Typing {
  const refusals: Refusal[] = [];
  const refuse = (refusal: Refusal | undefined): void => void (refusal && refusals.push(refusal));
  const labels: UsedLabel[] = [];
  const read: Binder["read"] = (wanted, value) => {
    refuse(valueRefusal(catalog, wanted, value));
    if (wanted.kind === "enum" && value.kind === "literal" && value.value !== null)
      labels.push({ type: wanted.id, label: value.value });
  };
  const quietly = <T>(look: () => T): T => {
    const before = refusals.length;
    const seen = look();
    refusals.length = before;
    return seen;
  };
  // Expressions hold queries, and queries expressions: each part asks the others through this.
  const binder = {
    catalog,
    postgres,
    extended: () => !makesAll(),
    refuse,
    read,
    quietly,
  } as Binder;
  const queries = queryBinding(binder);
  Object.assign(binder, expressionBinding(binder), queries, changeBinding(binder, queries));
  return {
    refusals,
    labels,
    expression: (given, scope) => binder.expression(given, scope, new Map()),
    query: (given, outer) => binder.query(given, outer, new Map()),
    change: (given, outer) => {
      binder.change(given, outer, new Map());
    },
    sources: (from, outer) => queries.sources(from, outer, new Map()),
    assigned: binder.assigned,
    refuse,
    quietly,
  };
}
