import type { Range } from "../../source/text.ts";
import type { Query } from "../expression.ts";
import type { Name } from "../names.ts";

/** What a loop goes through, and what its row is called: a record, or variables, one for each column. */
export interface LoopRows {
  readonly query: Query;
  readonly record?: string;
  readonly variables?: readonly string[];
}

/** Where in a body the operation is; absent at the top level of the file. */
export interface Body {
  readonly in: "do" | "function";
  /** In a branch of IF, CASE or an EXCEPTION handler: it may not run. */
  readonly conditional: boolean;
  /** In LOOP, WHILE, FOR or FOREACH: it may run again and again. */
  readonly loop: boolean;
  /** The innermost loop is FOR or FOREACH: how often it runs does not depend on what the statement does. */
  readonly bounded?: true;
  /** The innermost loop goes through the rows of a query: FOR row IN query, or FOR a, b IN query. */
  readonly over?: LoopRows;
  /** In an EXCEPTION block that swallows its failure. */
  readonly guarded: boolean;
  /** Whatever the failure is: WHEN OTHERS, without raising it again. */
  readonly swallows?: true;
}

interface Placed<K extends string> {
  readonly kind: K;
  /** Exactly this operation: one action of ALTER TABLE, one name of DROP. */
  readonly range: Range;
  readonly body?: Body | undefined;
}

/** Distributes over its kinds, so that each kind is a member of the union. */
export type Anywhere<K extends string> = K extends string ? Placed<K> : never;
export type OnTable<K extends string> = K extends string
  ? Placed<K> & {
      readonly table: Name;
      /** ALTER TABLE IF EXISTS: a table that is not there is no error. */
      readonly ifTableExists?: true;
      /** ONLY: not its partitions and inheritance children. */
      readonly only?: boolean;
    }
  : never;
