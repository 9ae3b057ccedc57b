import type { Expression } from "../../sql/expression.ts";
import { deepExpressions, mentionedColumns } from "../queries.ts";
import type { RowAccess } from "./objects.ts";
import { type Known, isApart, literalOf, meets } from "./predicates.ts";
import { fit } from "./row-rules.ts";

export interface RowConflict {
  readonly verdict: "no" | "unknown";
  readonly columns: readonly string[];
}

const no = (columns: readonly string[] = []): RowConflict => ({ verdict: "no", columns });
const unknown = (columns: readonly string[] = []): RowConflict => ({ verdict: "unknown", columns });

const ORDER: readonly RowAccess["mode"][] = [
  "insert",
  "update",
  "delete",
  "read",
  "validate",
  "guard",
  "parent",
  "acts",
  "rewrite",
  "release",
  "free",
];

/** What two ways of touching rows of one relation have to do with each other; undefined where the order cannot matter. */
export function rowConflict(one: RowAccess, other: RowAccess): RowConflict | undefined {
  const [a, b] = ORDER.indexOf(one.mode) <= ORDER.indexOf(other.mode) ? [one, other] : [other, one];
  // What held until it was created again holds for any rows; only what happens to children of deleted rows may be another.
  if (b.held && !(b.mode === "parent" && a.mode === "delete")) return undefined;
  switch (a.mode) {
    case "insert":
      return inserted(a, b);
    case "update":
      return updated(a, b);
    case "delete":
      return deleted(a, b);
    case "read":
      // A comparison that the old type has, the new one may lack.
      return b.mode === "rewrite" && overlaps(a.columns, b.columns) ? unknown(b.columns) : undefined;
    default:
      return undefined;
  }
}

function inserted(a: RowAccess, b: RowAccess): RowConflict | undefined {
  switch (b.mode) {
    case "insert": {
      const numbered = common(a.numbered, b.numbered);
      return numbered.length > 0 ? no(numbered) : sameKey(a, b);
    }
    case "update":
      return a.rows?.every((row) => meets(b.where, row) === false) ? undefined : no(b.columns);
    case "delete":
      return a.rows?.every((row) => meets(b.where, row) === false) ? undefined : no(b.by ?? []);
    case "read":
      return a.rows?.every((row) => b.where && meets(b.where, row) === false) ? undefined : no(b.by ?? []);
    case "parent":
      return no(b.columns);
    case "rewrite":
      return unknown(b.columns);
    case "validate":
      // A constraint that looks refuses the rows in either order: then the two cannot both be deployed.
      return fit(b.rule, a) === "violates"
        ? no(b.columns)
        : a.upsert || a.computed || !b.rule
          ? unknown(b.columns)
          : undefined;
    case "guard":
    case "free": {
      const seen = fit(b.rule, a);
      return seen === "violates" ? no(b.columns) : seen === "fits" ? undefined : unknown(b.columns);
    }
    default:
      return undefined;
  }
}

/** Two INSERTs with one key: where both are plain, the second is refused. */
function sameKey(a: RowAccess, b: RowAccess): RowConflict | undefined {
  const upsert = a.upsert === true || b.upsert === true;
  if (!a.rows || !b.rows) return upsert ? unknown() : undefined;
  let open = false;
  for (const key of a.keys ?? []) {
    for (const mine of a.rows) {
      for (const its of b.rows) {
        const pairs = key.map((column) => [mine.get(column), its.get(column)] as const);
        if (pairs.some(([x, y]) => x === null || y === null)) continue;
        if (pairs.some(([x, y]) => x === undefined || y === undefined)) {
          open ||= collides(key, mine, a, its, b);
          if (!upsert && open) return no(key);
          if (upsert && !pairs.some(([x, y]) => x !== undefined && y !== undefined && String(x) !== String(y)))
            open = true;
        } else if (pairs.every(([x, y]) => String(x) === String(y)) && !(a.upsert && b.upsert && sameRow(mine, its)))
          return no(key);
      }
    }
  }
  return (open || (a.keys ?? []).length === 0) && upsert ? unknown() : undefined;
}

/** A number that one row gives and a sequence that has given nothing yet will give to the other. */
function collides(key: readonly string[], mine: Known, a: RowAccess, its: Known, b: RowAccess): boolean {
  const [column, ...more] = key;
  if (column === undefined || more.length > 0) return false;
  const among = (value: unknown, rows: readonly Known[] | undefined): boolean =>
    value !== undefined && Number(value) >= 1 && Number(value) <= (rows?.length ?? 0);
  return (
    (b.numbered?.includes(column) === true && among(mine.get(column), b.rows)) ||
    (a.numbered?.includes(column) === true && among(its.get(column), a.rows))
  );
}

const sameRow = (one: Known, other: Known): boolean =>
  one.size === other.size && [...one].every(([column, value]) => String(other.get(column)) === String(value));

function updated(a: RowAccess, b: RowAccess): RowConflict | undefined {
  const shared = common(a.columns, b.columns);
  const meet = overlaps(a.columns, b.columns);
  switch (b.mode) {
    case "update": {
      const decides = [...common(a.columns, b.by), ...common(a.by, b.columns)];
      if ((!meet && decides.length === 0) || areApart(a, b)) return undefined;
      if (a.set && b.set && meet) {
        const foreign = [...feeds(a, b, shared), ...feeds(b, a, shared)];
        if (foreign.length === 0 && shared.every((column) => areSteps(column, a, b))) return undefined;
        if (shared.every((column) => isSame(column, a, b))) return decides.length === 0 ? undefined : unknown(decides);
      }
      if (meet) return no(shared);
      return isConditionOnly(a, b) ? unknown(decides) : no(decides);
    }
    case "delete":
      return overlaps(a.columns, b.by) && !areApart(a, b) ? no(common(a.columns, b.by)) : undefined;
    case "rewrite":
      if (b.computed && meet) return no(shared);
      return meet || common(a.by, b.columns).length > 0 ? unknown(shared) : undefined;
    case "guard": {
      // A CHECK is tested again whatever column changes; other constraints where theirs do.
      if (b.rule?.type !== "check" && !meet) return undefined;
      const seen = fit(b.rule, a);
      return seen === "fits"
        ? undefined
        : seen === "violates" || meet || b.rule?.type === "check"
          ? no(b.columns)
          : unknown(b.columns);
    }
    case "free": {
      const tested = b.rule?.type === "check" && !b.rule.holds;
      // What the foreign key itself did to its rows is told by `release`.
      if ((!meet && !tested) || (b.rule?.type === "foreignKey" && !a.set)) return undefined;
      return fit(b.rule, a) === "fits" ? undefined : no(b.columns);
    }
    default:
      return meet ? no(shared) : undefined;
  }
}

/** Columns of one's condition or values that the other writes, but for those that both only step on. */
function feeds(one: RowAccess, other: RowAccess, shared: readonly string[]): string[] {
  const read = [
    ...mentionedColumns(one.where),
    ...(one.set ?? []).flatMap(({ column, value }) =>
      mentionedColumns(value).filter((each) => each !== column || !shared.includes(column)),
    ),
  ];
  return common(read, other.columns);
}

/** Both add to the number, or both multiply it. */
function areSteps(column: string, a: RowAccess, b: RowAccess): boolean {
  const step = (access: RowAccess): string | undefined => {
    const value = access.set?.find((each) => each.column === column)?.value;
    if (value?.kind !== "operator" || value.args.length !== 2) return undefined;
    const [left, right] = value.args;
    const { operator } = value;
    const number = (part: Expression | undefined): boolean => typeof literalOf(part) === "number";
    const self = (part: Expression | undefined): boolean => part?.kind === "column" && part.column === column;
    if ((operator === "+" || operator === "-") && self(left) && number(right)) return "+";
    if (operator === "+" && number(left) && self(right)) return "+";
    return operator === "*" && ((self(left) && number(right)) || (number(left) && self(right))) ? "*" : undefined;
  };
  const kind = step(a);
  return kind !== undefined && kind === step(b);
}

/** Both give the column one value. */
function isSame(column: string, a: RowAccess, b: RowAccess): boolean {
  const [mine, its] = [a, b].map((each) => literalOf(each.set?.find((one) => one.column === column)?.value));
  return mine !== undefined && its !== undefined && String(mine) === String(its);
}

/** What one writes decides at most between the branches of a CASE of the other. */
function isConditionOnly(a: RowAccess, b: RowAccess): boolean {
  const plain = (one: RowAccess, other: RowAccess): boolean =>
    common(mentionedColumns(one.where), other.columns).length > 0 ||
    (one.set ?? []).some(
      ({ value }) =>
        common(mentionedColumns(value), other.columns).length > 0 &&
        ![...deepExpressions(value)].some((part) => part.kind === "case"),
    );
  return a.set !== undefined && b.set !== undefined && !plain(a, b) && !plain(b, a);
}

function deleted(a: RowAccess, b: RowAccess): RowConflict | undefined {
  switch (b.mode) {
    case "read":
      return areApart(a, b) ? undefined : no(b.columns);
    case "parent":
    case "acts":
      return no(b.columns);
    case "release":
      return b.by ? no(b.by) : undefined;
    case "free":
      return b.rule?.type === "foreignKey" && b.child !== undefined ? no(b.columns) : undefined;
    case "validate": {
      const about = common(a.by, b.columns);
      return a.by === undefined || a.by.length === 0 || about.length > 0 ? no(about) : unknown(b.columns);
    }
    case "rewrite":
      return common(a.by, b.columns).length > 0 ? unknown(b.columns) : undefined;
    default:
      return undefined;
  }
}

/**
 * Whether no row is touched by both. Columns that one of them writes count only where the other asks for none of the values, before and
 * after.
 */
function areApart(a: RowAccess, b: RowAccess): boolean {
  if (!a.where || !b.where) return false;
  const written = (one: RowAccess, other: RowAccess): string[] => {
    if (one.mode !== "update") return [];
    const known: Known = new Map(
      (one.set ?? []).flatMap(({ column, value }) => {
        const literal = literalOf(value);
        return literal === undefined ? [] : [[column, literal] as const];
      }),
    );
    const entered = meets(other.where, known) === false;
    return (one.columns ?? []).filter((column) => !entered || !known.has(column));
  };
  return isApart(a.where, b.where, new Set([...written(a, b), ...written(b, a)]));
}

/** Absent are all of them. */
const overlaps = (one: readonly string[] | undefined, other: readonly string[] | undefined): boolean =>
  one === undefined || other === undefined || one.some((name) => other.includes(name));

const common = (one: readonly string[] | undefined, other: readonly string[] | undefined): string[] =>
  one && other ? one.filter((name) => other.includes(name)) : [...(one ?? other ?? [])];
