import { conjuncts } from "../queries.ts";
import type { RelationId } from "../effects.ts";
import type { Expression, Query } from "../../sql/expression.ts";
import { type At, type LeftJoin, joined } from "./joins.ts";
import { type ColumnOf, type QueryScope, columnOf, inside, targetsOf } from "./scope.ts";
import { relationName } from "../../sql/names.ts";
import { rowKey } from "./row-ties.ts";
import { printed } from "../sql.ts";
import { frameRestrictions, restrictions } from "./restrictions.ts";

/**
 * Terms that hold for rows whose key has no partner: NOT IN, NOT EXISTS, LEFT JOIN … IS NULL, EXCEPT, a count of zero,
 * a scalar subquery that is NULL.
 */

export interface AntiJoin {
  /** Column of the table, column of the partner. */
  readonly pairs: readonly (readonly [string, string])[];
  readonly partner: RelationId;
  /** The partner's rows are filtered: rows that have one can be hit too. */
  readonly partnerFilter?: string;
  /** Rows whose key is NULL, or for several columns has a NULL, are hit as well. */
  readonly hitsNull: boolean;
  /** NOT IN over a column that may be NULL hits nothing as soon as one is. */
  readonly nullTrap: "no" | "yes" | "maybe";
  /** The column that the trap is about. */
  readonly trapColumn?: string;
}

export const antiJoin = { of, except, opposite };

/** The anti-join that a term is, or why it can never be true, as a clause. */
function of(at: At, term: Expression): AntiJoin | string | undefined {
  if (term.kind === "in" && term.negated && term.query) return notIn(at, term.arg, term.query);
  if (term.kind === "not" && term.arg.kind === "exists") return notExists(at, term.arg.query);
  if (term.kind === "isNull" && !term.negated)
    return term.arg.kind === "subquery" ? scalarIsNull(at, term.arg.query) : leftJoin(at, term.arg);
  if (term.kind === "operator" && (term.operator === "=" || term.operator === "<"))
    return noneCounted(at, term.operator, term.args);
  return undefined;
}

/** A term that holds only for rows with a partner, `IN (SELECT …)` or EXISTS, as what its opposite is. */
function opposite(at: At, term: Expression): AntiJoin | undefined {
  const found =
    term.kind === "in" && !term.negated && term.query
      ? notIn(at, term.arg, term.query)
      : term.kind === "exists"
        ? correlated(at, term.query)
        : undefined;
  return typeof found === "object" ? found : undefined;
}

const pairOf = (columns: readonly string[], others: readonly (ColumnOf | undefined)[]) =>
  columns.map((column, i) => [column, others[i]?.column ?? ""] as const);

const withFilter = (filters: readonly string[]) => (filters.length > 0 ? { partnerFilter: filters.join(" AND ") } : {});

function notIn(at: At, arg: Expression, query: Query): AntiJoin | string | undefined {
  const { scope, table } = at;
  const columns = (arg.kind === "row" ? arg.args : [arg]).map(at.own);
  if (query.combine || columns.includes(undefined)) return undefined;
  const own = columns as string[];
  const inner = inside(scope, query);
  const targets = query.targets.map(({ value }) => columnOf(inner, value));
  const [first] = targets;
  if (!first || targets.length !== own.length) return undefined;
  if (targets.some((each) => each !== undefined && each.level > 0)) {
    const name = targets.find((each) => each !== undefined && each.level > 0)?.column ?? "";
    return `${name} in the subquery is ${relationName(table)}.${name} itself, which it is compared with`;
  }
  if (targets.some((each) => each?.relation !== first.relation || each.alias !== first.alias)) return undefined;
  if (first.relation === table && own.every((column, i) => column === targets[i]?.column))
    return kept(at, query, inner, first.alias, own);
  const rest = restrictions(inner, query, first.alias);
  if (!rest) return undefined;
  const open = targets.filter(
    (each) => each && !rest.given.includes(each.column) && scope.moment.nullable(first.relation, each.column) !== "no",
  );
  const sure = open.some((each) => each && scope.moment.nullable(first.relation, each.column) === "yes");
  return {
    pairs: pairOf(own, targets),
    partner: first.relation,
    ...withFilter(rest.filters),
    // (9, NULL) NOT IN … is true where no partner has the 9.
    hitsNull: own.length > 1,
    nullTrap: open.length === 0 ? "no" : sure ? "yes" : "maybe",
    ...(open[0] && { trapColumn: open[0].column }),
  };
}

/** `id NOT IN (SELECT c.id FROM child c JOIN parent p ON p.id = c.post_id)`: a list of the rows to keep. Rows without a key are not in it. */
function kept(
  at: At,
  query: Query,
  inner: QueryScope,
  alias: string,
  columns: readonly string[],
): AntiJoin | undefined {
  const { scope, table } = at;
  if (
    !rowKey(scope, table, columns) ||
    columns.some((column) => scope.moment.nullable(table, column) === "yes") ||
    query.limit ||
    query.offset ||
    query.having
  )
    return undefined;
  return partnerOfRow(inner, query, table, alias);
}

function partnerOfRow(inner: QueryScope, query: Query, table: RelationId, alias: string): AntiJoin | undefined {
  const from = joined(query.from);
  if (from.strange || inner.levels[0]?.find((frame) => frame.alias === alias)?.relation !== table) return undefined;
  const pairs: [string, string][] = [];
  const filters: string[] = [];
  let partner: ColumnOf | undefined;
  for (const term of [...from.terms, ...conjuncts(query.where)]) {
    const pair = equality(
      inner,
      term,
      (found) => found.relation === table && found.alias === alias && found.level === 0,
    );
    if (pair?.other.level === 0 && (partner === undefined || partner.alias === pair.other.alias)) {
      pairs.push([pair.one.column, pair.other.column]);
      partner = pair.other;
    } else if (!(term.kind === "isNull" && term.negated)) filters.push(printed(term));
  }
  if (!partner) return undefined;
  const rest = frameRestrictions(inner, partner.alias);
  if (!rest) return undefined;
  const more = from.leaves.filter((leaf) => leaf !== alias && leaf !== partner.alias);
  return {
    pairs,
    partner: partner.relation,
    ...withFilter([...rest.filters, ...filters, ...more.map((leaf) => `a join with ${leaf}`)]),
    hitsNull: true,
    nullTrap: "no",
  };
}

/** `post_id IN (SELECT post_id FROM comments EXCEPT SELECT id FROM posts)`, or ids EXCEPT those that have a partner. */
function except(scope: QueryScope, left: Query, right: Query, table: RelationId): AntiJoin | undefined {
  if (right.combine || right.limit || right.offset || right.having) return undefined;
  const from = targetsOf(left);
  const own = from.values.map((value) => columnOf(inside(scope, from.query), value));
  const inner = inside(scope, right);
  const to = right.targets.map(({ value }) => columnOf(inner, value));
  const [first] = to;
  if (!first || own.length !== to.length || to.some((each) => each?.level !== 0 || each.alias !== first.alias))
    return undefined;
  const columns = own.map((each) => each?.column ?? "");
  if (first.relation === table && to.every((each, i) => each?.column === columns[i]))
    return rowKey(scope, table, columns) ? partnerOfRow(inner, right, table, first.alias) : undefined;
  const rest = restrictions(inner, right, first.alias);
  return (
    rest && {
      pairs: pairOf(columns, to),
      partner: first.relation,
      ...withFilter(rest.filters),
      hitsNull: true,
      nullTrap: "no",
    }
  );
}

/** The two columns of an equality, the one that `isOne` accepts first. */
function equality(scope: QueryScope, term: Expression, isOne: (found: ColumnOf) => boolean) {
  if (term.kind !== "operator" || (term.operator !== "=" && term.operator !== "is not distinct from")) return undefined;
  const [left, right] = term.args.map((arg) => columnOf(scope, arg));
  if (!left || !right) return undefined;
  if (isOne(left) && !isOne(right)) return { one: left, other: right };
  if (isOne(right) && !isOne(left)) return { one: right, other: left };
  return undefined;
}

const aggregates = (query: Query): boolean =>
  query.groupBy.length === 0 &&
  query.targets.some(
    ({ value }) =>
      value.kind === "call" &&
      ["count", "max", "min", "sum", "avg", "bool_or", "bool_and", "array_agg", "string_agg"].includes(value.name),
  );

function notExists(at: At, query: Query): AntiJoin | string | undefined {
  if (aggregates(query)) return "the subquery counts, so it has a row whatever it counts";
  return correlated(at, query);
}

/** A subquery that looks for the partner of one row. */
function correlated(at: At, query: Query): AntiJoin | string | undefined {
  const { scope, table } = at;
  if (query.combine || query.offset) return undefined;
  const inner = inside(scope, query);
  const from = joined(query.from);
  const pairs: [string, string][] = [];
  const others: Expression[] = [];
  let partner: ColumnOf | undefined;
  let itself: ColumnOf | undefined;
  for (const term of [...from.terms, ...conjuncts(query.where)]) {
    const pair = equality(
      inner,
      term,
      (found) => found.level === 1 && found.relation === table && at.standsFor(found.alias),
    );
    if (pair?.other.level === 0 && (partner === undefined || partner.alias === pair.other.alias)) {
      pairs.push([pair.one.column, pair.other.column]);
      partner = pair.other;
      continue;
    }
    const same = sameColumn(inner, term);
    if (same) itself = same;
    else others.push(term);
  }
  if (!partner) {
    return itself?.level === 0 && others.length === 0
      ? `inside the subquery ${itself.column} is ${relationName(itself.relation)}.${itself.column}, which is compared with itself`
      : undefined;
  }
  const rest = frameRestrictions(inner, partner.alias);
  if (!rest || from.strange) return undefined;
  const joins = from.leaves.filter((leaf) => leaf !== partner.alias).map((leaf) => `a join with ${leaf}`);
  const real = others.filter((term) => !implied(inner, term, pairs)).map(printed);
  return {
    pairs,
    partner: partner.relation,
    ...withFilter([...rest.filters, ...real, ...joins, ...(query.having ? [printed(query.having)] : [])]),
    hitsNull: true,
    nullTrap: "no",
  };
}

/** A key that is equal to another has a value. */
function implied(inner: QueryScope, term: Expression, pairs: AntiJoin["pairs"]): boolean {
  if (term.kind === "literal" && term.value === true) return true;
  const column = term.kind === "isNull" && term.negated ? columnOf(inner, term.arg) : undefined;
  return column !== undefined && pairs.some(([own, other]) => column.column === (column.level === 0 ? other : own));
}

function sameColumn(scope: QueryScope, term: Expression): ColumnOf | undefined {
  if (term.kind !== "operator" || term.operator !== "=") return undefined;
  const [left, right] = term.args.map((arg) => columnOf(scope, arg));
  return left && right && left.alias === right.alias && left.column === right.column && left.level === right.level
    ? left
    : undefined;
}

/** `(SELECT count(*) FROM posts p WHERE p.id = c.post_id) = 0`. */
function noneCounted(at: At, operator: string, args: readonly Expression[]): AntiJoin | undefined {
  const subquery = args.find((arg) => arg.kind === "subquery");
  const number = args.find((arg) => arg.kind === "literal");
  if (subquery?.kind !== "subquery" || number?.kind !== "literal") return undefined;
  if (!(operator === "=" ? number.value === 0 : number.value === 1 && args[0] === subquery)) return undefined;
  const { query } = subquery;
  const target = query.targets[0]?.value;
  if (target?.kind !== "call" || target.name !== "count" || query.groupBy.length > 0 || query.having || query.limit)
    return undefined;
  const found = correlated(at, query);
  if (typeof found !== "object") return undefined;
  const counted = target.args[0]?.kind === "star" ? undefined : columnOf(inside(at.scope, query), target.args[0]);
  if (target.args[0]?.kind === "star") return found;
  return counted?.relation === found.partner ? whereSet(at.scope, found, counted) : undefined;
}

/** `(SELECT p.id FROM posts p WHERE p.id = c.post_id) IS NULL`. */
function scalarIsNull(at: At, query: Query): AntiJoin | undefined {
  if (query.targets.length !== 1 || query.groupBy.length > 0 || query.having) return undefined;
  const found = correlated(at, query);
  if (typeof found !== "object") return undefined;
  const target = columnOf(inside(at.scope, query), query.targets[0]?.value);
  if (query.targets[0]?.value.kind === "literal") return query.targets[0].value.value === null ? undefined : found;
  return target?.relation === found.partner ? whereSet(at.scope, found, target) : undefined;
}

/** The partner's column has a value wherever there is a partner. */
const filled = (scope: QueryScope, anti: AntiJoin, column: ColumnOf): boolean =>
  anti.pairs.some(([, other]) => other === column.column) ||
  scope.moment.nullable(column.relation, column.column) === "no";

/** Partners whose column is NULL do not count. */
const whereSet = (scope: QueryScope, anti: AntiJoin, column: ColumnOf): AntiJoin =>
  filled(scope, anti, column)
    ? anti
    : {
        ...anti,
        ...withFilter([...(anti.partnerFilter === undefined ? [] : [anti.partnerFilter]), `${column.column} is set`]),
      };

/** `p.id IS NULL` after LEFT JOIN parent p ON p.id = c.post_id; after an inner join it is never true. */
function leftJoin(at: At, arg: Expression): AntiJoin | string | undefined {
  const { scope } = at;
  const absent = columnOf(scope, arg);
  if (!absent || absent.level !== 0) return undefined;
  for (const join of at.lefts) {
    const alias = aliasOf(join);
    if (alias !== absent.alias) continue;
    const pairs: [string, string][] = [];
    const filters: string[] = [];
    for (const term of join.on) {
      const pair = equality(
        scope,
        term,
        (found) => found.level === 0 && found.relation === at.table && at.standsFor(found.alias),
      );
      if (pair && pair.other.alias === alias) pairs.push([pair.one.column, pair.other.column]);
      else filters.push(printed(term));
    }
    const rest = frameRestrictions(scope, alias);
    if (pairs.length === 0 || !rest) return undefined;
    const anti: AntiJoin = {
      pairs,
      partner: absent.relation,
      ...withFilter([...rest.filters, ...filters]),
      hitsNull: true,
      nullTrap: "no",
    };
    return whereSet(scope, anti, absent);
  }
  if (at.inner.has(absent.alias) && scope.moment.nullable(absent.relation, absent.column) !== "yes") {
    return `the join keeps only rows that have a partner in ${relationName(absent.relation)}, whose ${absent.column} is not NULL`;
  }
  return undefined;
}

const aliasOf = ({ right }: LeftJoin): string | undefined =>
  right.kind === "join" || right.kind === "function"
    ? undefined
    : (right.alias ?? (right.kind === "table" ? right.name.name : undefined));
