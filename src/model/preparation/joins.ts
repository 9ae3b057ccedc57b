import { conjuncts } from "../queries.ts";
import type { Expression, Source } from "../../sql/expression.ts";
import { type QueryScope, columnOf } from "./scope.ts";
import type { RelationId } from "../effects.ts";

/** A left join's right side, and what ties it to the left. */
export interface LeftJoin {
  readonly right: Source;
  readonly on: readonly Expression[];
}

interface Joined {
  /** Rows of these are combined without exception. */
  readonly leaves: readonly string[];
  readonly lefts: readonly LeftJoin[];
  readonly terms: readonly Expression[];
  /** Joins that are not followed. */
  readonly strange: boolean;
}

export const aliasesOf = (source: Source): string[] => {
  if (source.kind === "join") return [...aliasesOf(source.left), ...aliasesOf(source.right)];
  return [source.alias ?? (source.kind === "table" ? source.name.name : "")];
};

/** USING as equalities; a join below either side stays unnamed. */
function usingTerms(source: Extract<Source, { kind: "join" }>): Expression[] | undefined {
  const [left, right] = [aliasesOf(source.left), aliasesOf(source.right)];
  if (left.length !== 1 || right.length !== 1) return source.using ? undefined : [];
  return (source.using ?? []).map((column) => ({
    kind: "operator",
    operator: "=",
    args: [
      { kind: "column", table: left[0] as string, column },
      { kind: "column", table: right[0] as string, column },
    ],
  }));
}

/** FROM taken apart. */
export function joined(sources: readonly Source[]): Joined {
  const leaves: string[] = [];
  const lefts: LeftJoin[] = [];
  const terms: Expression[] = [];
  let strange = false;
  const visit = (source: Source): void => {
    if (source.kind !== "join") {
      leaves.push(...aliasesOf(source));
      return;
    }
    const using = usingTerms(source);
    strange ||= using === undefined || source.join === "full";
    const on = [...conjuncts(source.on), ...(using ?? [])];
    if (source.join === "left" || source.join === "right") {
      visit(source.join === "left" ? source.left : source.right);
      lefts.push({ right: source.join === "left" ? source.right : source.left, on });
      return;
    }
    visit(source.left);
    visit(source.right);
    terms.push(...on);
  };
  sources.forEach(visit);
  return { leaves, lefts, terms, strange };
}

/** What the readers of terms have to know. */
export interface At {
  readonly scope: QueryScope;
  readonly table: RelationId;
  readonly lefts: readonly LeftJoin[];
  /** Aliases of inner joins that are not the table itself. */
  readonly inner: ReadonlySet<string>;
  /** The table's column that an expression is, under any alias that stands for the row. */
  own(expression: Expression | undefined): string | undefined;
  /** Whether an alias stands for the row. */
  standsFor(alias: string): boolean;
}

/** What an inner join with `alias` ties the row to. */
export function partnersIn(
  { scope, own }: At,
  terms: readonly Expression[],
  alias: string,
): { readonly pairs: readonly (readonly [string, string])[]; readonly partner: RelationId }[] {
  const pairs: [string, string][] = [];
  let partner: RelationId | undefined;
  for (const term of terms) {
    if (term.kind !== "operator" || term.operator !== "=") continue;
    for (const [one, other] of [term.args, [...term.args].reverse()]) {
      const [column, found] = [own(one), columnOf(scope, other)];
      if (column === undefined || found?.level !== 0 || found.alias !== alias) continue;
      pairs.push([column, found.column]);
      partner = found.relation;
    }
  }
  return partner === undefined ? [] : [{ pairs, partner }];
}
