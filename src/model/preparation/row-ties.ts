import { conjuncts } from "../queries.ts";
import { isUnique } from "../relatives.ts";
import type { RelationId } from "../effects.ts";
import { type QueryScope, columnOf, inside } from "./scope.ts";
import type { Expression, Query } from "../../sql/expression.ts";
import { joined } from "./joins.ts";
import { isWhole } from "../presence.ts";
import { relationAt } from "../catalog.ts";

/** Columns that identify a row. */
export function rowKey(scope: QueryScope, table: RelationId, columns: readonly string[]): boolean {
  if (columns.includes("ctid")) return true;
  const known = relationAt(scope.moment.catalog, table);
  return !isWhole(known) || isUnique(scope.moment.catalog, known, columns);
}

export interface Link {
  readonly columns: string[];
  /** The columns as the other alias has them. */
  readonly names: string[];
  readonly terms: Expression[];
}

/** Equalities that tie the row to itself under another alias: `c.id = o.id`. */
export function linked(
  scope: QueryScope,
  terms: readonly Expression[],
  table: RelationId,
  alias: string,
): Map<string, Link> {
  const links = new Map<string, Link>();
  for (const term of terms) {
    if (term.kind !== "operator" || term.operator !== "=") continue;
    const [left, right] = term.args.map((arg) => columnOf(scope, arg));
    if (
      !left ||
      !right ||
      left.relation !== table ||
      right.relation !== table ||
      left.column !== right.column ||
      left.level !== 0 ||
      right.level !== 0
    )
      continue;
    if ((left.alias === alias) === (right.alias === alias)) continue;
    const other = left.alias === alias ? right.alias : left.alias;
    const link = links.get(other) ?? { columns: [], names: [], terms: [] };
    link.columns.push(left.column);
    const there = term.args[left.alias === alias ? 1 : 0];
    link.names.push(there?.kind === "column" ? there.column : left.column);
    link.terms.push(term);
    links.set(other, link);
  }
  return links;
}

/** The second part of WITH RECURSIVE: rows that point at rows found so far. */
export function followed(
  scope: QueryScope,
  query: Query,
  table: RelationId,
): readonly (readonly [string, string])[] | undefined {
  const inner = inside(scope, query);
  const from = joined(query.from);
  if (from.lefts.length > 0 || from.strange || from.leaves.length !== 2 || query.limit) return undefined;
  const [target] = query.targets.map(({ value }) => columnOf(inner, value));
  const pairs: [string, string][] = [];
  for (const term of [...from.terms, ...conjuncts(query.where)]) {
    if (term.kind !== "operator" || term.operator !== "=") return undefined;
    const [left, right] = term.args.map((arg) => columnOf(inner, arg));
    if (!left || !right || !target || left.relation !== table || right.relation !== table || left.alias === right.alias)
      return undefined;
    pairs.push(left.alias === target.alias ? [left.column, right.column] : [right.column, left.column]);
  }
  return pairs.length > 0 ? pairs : undefined;
}
