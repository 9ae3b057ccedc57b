import type { Expression, Query, Source } from "../../sql/expression.ts";
import type { RelationId } from "../effects.ts";
import { printed } from "../sql.ts";
import { type Scope, columnOf, conjuncts, inside, unwrapped } from "./scope.ts";

/**
 * Reads a condition over one table as "rows whose key has no partner": NOT IN, NOT EXISTS, LEFT JOIN … IS NULL,
 * EXCEPT, a count of zero, in the WHERE itself or behind an IN over a subquery or a CTE.
 */

export interface AntiJoin {
  /** Column of the table, column of the partner. */
  readonly pairs: readonly (readonly [string, string])[];
  readonly partner: RelationId;
  /** The partner's rows are filtered: rows that have one can be hit too. */
  readonly partnerFilter?: string;
  /** Rows whose key is NULL are hit as well. */
  readonly hitsNull: boolean;
  /** NOT IN over a column that may be NULL hits nothing as soon as one is. */
  readonly nullTrap: "no" | "yes" | "maybe";
  /** The column that the trap is about. */
  readonly trapColumn?: string;
}

export interface Condition {
  readonly anti: readonly AntiJoin[];
  /** Columns that the condition demands to be there. */
  readonly given: readonly string[];
  /** Further terms, which leave rows out. */
  readonly filters: readonly string[];
  /** Alternatives of an OR beside the anti-join: rows that are hit though they may have a partner. */
  readonly others: readonly string[];
  /** A LIMIT: one batch. */
  readonly limited: boolean;
}

/** The condition that picks rows of `table` (under `alias`, level 0 of the scope); undefined where it holds no anti-join. */
export function readCondition(scope: Scope, where: Expression | undefined, table: RelationId, alias: string, sources: readonly Source[] = []): Condition | undefined {
  const anti: AntiJoin[] = [];
  const given: string[] = [];
  const filters: string[] = [];
  const others: string[] = [];
  let limited = false;
  const own = (expression: Expression | undefined) => {
    const found = columnOf(scope, expression);
    return found && found.relation === table && found.alias === alias ? found.column : undefined;
  };
  const take = (condition: Condition, keyed: boolean) => {
    anti.push(...condition.anti.map((each) => (keyed ? { ...each, hitsNull: false } : each)));
    given.push(...condition.given);
    filters.push(...condition.filters);
    others.push(...condition.others);
    limited ||= condition.limited;
  };
  for (const term of conjuncts(where)) {
    if (term.kind === "isNull" && term.negated) {
      // Under any alias: a self-join ties them together.
      const column = columnOf(scope, term.arg);
      if (column?.relation === table && column.level === 0) {
        given.push(column.column);
        continue;
      }
    }
    const direct = antiJoin(scope, term, own) ?? leftJoin(scope, term, sources, table);
    if (direct) {
      anti.push(direct);
      continue;
    }
    if (term.kind === "or") {
      const branches = term.args.map((arg) => readCondition(scope, arg, table, alias, sources));
      const found = branches.flatMap((branch) => branch?.anti ?? []);
      if (found.length > 0) {
        const nullBranch = term.args.some((arg) => arg.kind === "isNull" && !arg.negated && own(arg.arg) !== undefined);
        anti.push(...found.map((each) => (nullBranch ? { ...each, hitsNull: true } : each)));
        term.args.forEach((arg, i) => {
          if (!branches[i] && !(arg.kind === "isNull" && !arg.negated)) others.push(printed(arg));
        });
        continue;
      }
    }
    const picked = pickedBy(scope, term, table, own);
    if (picked) {
      take(picked.condition, picked.byKey);
      continue;
    }
    if (isLink(scope, term, table, alias)) continue;
    if (term.kind === "literal" && term.value === true) continue;
    filters.push(printed(term));
  }
  return anti.length > 0 ? { anti, given, filters, others, limited } : undefined;
}

/** `c.id = c2.id` ties the row to itself under another alias. */
function isLink(scope: Scope, term: Expression, table: RelationId, alias: string): boolean {
  if (term.kind !== "operator" || term.operator !== "=") return false;
  const [left, right] = term.args.map((arg) => columnOf(scope, arg));
  return left !== undefined && right !== undefined && left.relation === table && right.relation === table && left.column === right.column && (left.alias === alias) !== (right.alias === alias);
}

type Own = (expression: Expression | undefined) => string | undefined;

function antiJoin(scope: Scope, term: Expression, own: Own): AntiJoin | undefined {
  if (term.kind === "in" && term.negated && term.query) return notIn(scope, term.arg, term.query, own);
  if (term.kind === "not" && term.arg.kind === "exists") return notExists(scope, term.arg.query, own);
  if (term.kind === "operator" && (term.operator === "=" || term.operator === "<")) {
    const [left, right] = term.args;
    const zero = right?.kind === "literal" && (right.value === 0 || (term.operator === "<" && right.value === 1));
    const target = left?.kind === "subquery" ? left.query.targets[0]?.value : undefined;
    if (zero && left?.kind === "subquery" && target?.kind === "call" && target.name === "count") return notExists(scope, left.query, own);
  }
  return undefined;
}

const columnsOf = (expression: Expression): readonly Expression[] => (expression.kind === "row" ? expression.args : [expression]);

function notIn(scope: Scope, arg: Expression, subquery: Query, own: Own): AntiJoin | undefined {
  const columns = columnsOf(arg).map(own);
  const query = unwrapped(scope, subquery);
  const inner = inside(scope, query);
  const targets = query.targets.map(({ value }) => columnOf(inner, value));
  const [first] = targets;
  if (columns.includes(undefined) || targets.length !== columns.length || !first || query.combine) return undefined;
  // The list of rows to keep: NOT IN (SELECT c.id FROM child c JOIN parent p ON …).
  const kept = keepList(inner, query, first.relation, targets.map((each) => each?.column ?? ""), columns as string[], own);
  if (kept) return kept;
  if (targets.some((each) => each?.relation !== first.relation || each.level !== 0)) return undefined;
  const demanded = conjuncts(query.where).flatMap((each) => (each.kind === "isNull" && each.negated ? (columnOf(inner, each.arg)?.column ?? []) : []));
  const rest = conjuncts(query.where).filter((each) => !(each.kind === "isNull" && each.negated && targets.some((target) => target?.column === columnOf(inner, each.arg)?.column)));
  const filter = [...rest.map(printed), ...(query.from.length > 1 || query.from[0]?.kind === "join" ? ["a join"] : []), ...(query.limit ? ["LIMIT"] : [])].join(" AND ");
  const traps = targets.map((each) => (demanded.includes(each?.column ?? "") ? "no" : nullable(scope, first.relation, each?.column ?? "")));
  const trapped = traps.findIndex((trap) => trap !== "no");
  return {
    pairs: columns.map((column, i) => [column as string, targets[i]?.column ?? ""] as const),
    partner: first.relation,
    ...(filter && { partnerFilter: filter }),
    hitsNull: false,
    nullTrap: traps.includes("yes") ? "yes" : traps.includes("maybe") ? "maybe" : "no",
    ...(trapped >= 0 && { trapColumn: targets[trapped]?.column ?? "" }),
  };
}

function nullable(scope: Scope, relation: RelationId, column: string): "no" | "yes" | "maybe" {
  const known = scope.catalog.relations.get(relation)?.columns.get(column);
  if (!known || known.notNull === "unknown") return "maybe";
  return known.notNull ? "no" : "yes";
}

/** `id NOT IN (SELECT c.id FROM child c JOIN parent p ON p.id = c.post_id)`: rows without a key are not in the list either. */
function keepList(inner: Scope, query: Query, relation: RelationId, targets: readonly string[], columns: readonly string[], own: Own): AntiJoin | undefined {
  const [source] = query.from;
  if (targets.join() !== columns.join() || source?.kind !== "join" || source.join !== "inner" || !source.on) return undefined;
  const pairs: [string, string][] = [];
  let partner: RelationId | undefined;
  for (const term of conjuncts(source.on)) {
    const pair = equality(inner, term, (found) => found.relation === relation && found.level === 0);
    if (!pair) return undefined;
    pairs.push([pair.one.column, pair.other.column]);
    partner = pair.other.relation;
  }
  if (partner === undefined || own === undefined) return undefined;
  const filter = conjuncts(query.where).map(printed).join(" AND ");
  return { pairs, partner, ...(filter && { partnerFilter: filter }), hitsNull: true, nullTrap: "no" };
}

/** The two columns of an equality, the one that `isOne` accepts first. */
function equality(scope: Scope, term: Expression, isOne: (found: NonNullable<ReturnType<typeof columnOf>>) => boolean) {
  if (term.kind !== "operator" || term.operator !== "=") return undefined;
  const [left, right] = term.args.map((arg) => columnOf(scope, arg));
  if (!left || !right) return undefined;
  if (isOne(left) && !isOne(right)) return { one: left, other: right };
  if (isOne(right) && !isOne(left)) return { one: right, other: left };
  return undefined;
}

function notExists(scope: Scope, query: Query, own: Own): AntiJoin | undefined {
  const inner = inside(scope, query);
  const pairs: [string, string][] = [];
  const filters: string[] = [];
  let partner: RelationId | undefined;
  for (const term of conjuncts(query.where)) {
    const sides = term.kind === "operator" && term.operator === "=" ? term.args : [];
    const [left, right] = sides.map((arg) => columnOf(inner, arg));
    const outer = left?.level === 1 ? left : right?.level === 1 ? right : undefined;
    const near = left?.level === 0 ? left : right?.level === 0 ? right : undefined;
    const outerSide = outer === left ? sides[0] : sides[1];
    if (outer && near && own(unqualifiedFor(outerSide, outer.column, outer.alias)) !== undefined) {
      pairs.push([outer.column, near.column]);
      partner ??= near.relation;
    } else filters.push(printed(term));
  }
  if (partner === undefined) return undefined;
  if (query.from.length > 1 || query.from[0]?.kind === "join") filters.push("a join");
  return { pairs, partner, ...(filters.length > 0 && { partnerFilter: filters.join(" AND ") }), hitsNull: true, nullTrap: "no" };
}

/** A column that is the outer query's must be looked up there: inside, its bare name could mean another. */
const unqualifiedFor = (_: Expression | undefined, column: string, alias: string): Expression => ({ kind: "column", table: alias, column });

/** `p.id IS NULL` after LEFT JOIN parent p ON p.id = c.post_id. */
function leftJoin(scope: Scope, term: Expression, sources: readonly Source[], table: RelationId): AntiJoin | undefined {
  if (term.kind !== "isNull" || term.negated) return undefined;
  const absent = columnOf(scope, term.arg);
  if (!absent) return undefined;
  for (const source of flatJoins(sources)) {
    if (source.join !== "left" || source.right.kind !== "table") continue;
    const alias = source.right.alias ?? source.right.name.name;
    if (alias !== absent.alias) continue;
    const pairs: [string, string][] = [];
    const filters: string[] = [];
    for (const each of conjuncts(source.on)) {
      const pair = equality(scope, each, (found) => found.relation === table && found.alias !== alias);
      if (pair && pair.other.alias === alias) pairs.push([pair.one.column, pair.other.column]);
      else filters.push(printed(each));
    }
    for (const column of source.using ?? []) pairs.push([column, column]);
    if (pairs.length === 0) continue;
    return { pairs, partner: absent.relation, ...(filters.length > 0 && { partnerFilter: filters.join(" AND ") }), hitsNull: true, nullTrap: "no" };
  }
  return undefined;
}

function* flatJoins(sources: readonly Source[]): Generator<Extract<Source, { kind: "join" }>> {
  for (const source of sources) {
    if (source.kind !== "join") continue;
    yield source;
    yield* flatJoins([source.left, source.right]);
  }
}

/** `id IN (SELECT c.id FROM child c …)`, `= ANY (ARRAY(…))`, or a join with a CTE of such rows. */
function pickedBy(scope: Scope, term: Expression, table: RelationId, own: Own): { condition: Condition; byKey: boolean } | undefined {
  let query: Query | undefined;
  let columns: (string | undefined)[] = [];
  if (term.kind === "in" && !term.negated && term.query) {
    query = term.query;
    columns = columnsOf(term.arg).map(own);
  } else if (term.kind === "operator" && term.operator === "= any" && term.args[1]?.kind === "subquery") {
    query = term.args[1].query;
    columns = [own(term.args[0])];
  } else if (term.kind === "operator" && term.operator === "=") {
    const frames = scope.levels[0] ?? [];
    for (const [i, arg] of term.args.entries()) {
      const column = own(term.args[1 - i]);
      const frame = arg.kind === "column" ? frames.find((each) => each.alias === arg.table && each.query) : undefined;
      if (column === undefined || !frame?.query || arg.kind !== "column") continue;
      query = frame.query;
      columns = [column];
    }
  }
  if (!query || columns.length === 0 || columns.includes(undefined)) return undefined;
  const inner = unwrapped(scope, query);
  if (inner.combine?.operator === "except") return excepted(scope, inner, table, columns as string[]);
  const deep = inside(scope, inner);
  const target = columnOf(deep, inner.targets[0]?.value);
  if (target?.relation !== table || target.level !== 0) return undefined;
  const condition = readCondition(deep, inner.where, table, target.alias, inner.from);
  if (!condition) return undefined;
  const keys = condition.anti.flatMap((each) => each.pairs.map(([column]) => column));
  // Picked by the key itself, a row without a key is never picked: NULL IN (…) is not true.
  return { condition: { ...condition, limited: condition.limited || inner.limit !== undefined || query.limit !== undefined }, byKey: columns.every((column) => keys.includes(column as string)) };
}

/** `post_id IN (SELECT post_id FROM comments EXCEPT SELECT id FROM posts)`. */
function excepted(scope: Scope, query: Query, table: RelationId, columns: readonly string[]): { condition: Condition; byKey: boolean } | undefined {
  const { left, right } = query.combine ?? {};
  if (!left || !right) return undefined;
  const from = left.targets.map(({ value }) => columnOf(inside(scope, left), value));
  const to = right.targets.map(({ value }) => columnOf(inside(scope, right), value));
  const partner = to[0]?.relation;
  if (partner === undefined || from.some((each) => each?.relation !== table) || from.length !== columns.length) return undefined;
  const filter = conjuncts(right.where).map(printed).join(" AND ");
  const anti: AntiJoin = { pairs: columns.map((column, i) => [column, to[i]?.column ?? ""] as const), partner, ...(filter && { partnerFilter: filter }), hitsNull: false, nullTrap: "no" };
  return { condition: { anti: [anti], given: [], filters: conjuncts(left.where).map(printed), others: [], limited: false }, byKey: true };
}
