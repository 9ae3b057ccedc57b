import type { Change, Expression } from "../../sql/expression.ts";
import { changeTables, mentionedColumns } from "../queries.ts";
import { printed } from "../sql.ts";
import { relationName } from "../../sql/names.ts";
import { guards } from "./guard.ts";
import { insertedParents } from "./inserted-parents.ts";
import { judge } from "./judgement.ts";
import { type Case, type Done, type Flawed, flaw, otherKeys, refusedChange } from "./key.ts";
import { insertedParent, isOneRow, parentValue, rowsGiven } from "./parent-values.ts";
import { pick } from "./picks.ts";
import { type QueryScope, scopeOf } from "./scope.ts";
import { type Relation, relationAt } from "../catalog.ts";

/** What one change of rows does about the orphans of one foreign key. */

/** Undefined where the change has nothing to do with the key. */
export function cleanup(change: Change, at: Case): Done | Flawed | undefined {
  const { key, moment } = at;
  const table = moment.table(change.table);
  if (table === key.parent && change.kind === "insertRows") return conditional(insertedParents(change, at), at);
  if (table !== key.child) return undefined;
  if (change.kind === "deleteRows") return conditional(deletion(change, at), at);
  if (change.kind === "updateRows") return conditional(update(change, at), at);
  return change.kind === "mergeRows" &&
    !change.actions.every((action) => action === "insert" || action === "nothing") &&
    (table === key.parent || changeTables(change).some((name) => moment.table(name) === key.parent))
    ? flaw(at, "unclear", "MERGE", "maybe")
    : undefined;
}

/** A branch that may not run, unless it runs wherever there are orphans. */
function conditional(found: Done | Flawed | undefined, at: Case): Done | Flawed | undefined {
  const { body } = at.step.operation;
  if (found?.verdict !== "done" || !body || (!body.conditional && !body.guarded)) return found;
  return guards(at)
    ? found
    : flaw(
        at,
        "conditional",
        body.conditional
          ? "it is in a branch that may not run"
          : "its block swallows errors, and what it did with them",
        "maybe",
      );
}

const aliasOf = (change: Extract<Change, { kind: "updateRows" | "deleteRows" }>): string =>
  change.alias ?? change.table.name;

function deletion(change: Extract<Change, { kind: "deleteRows" }>, at: Case): Done | Flawed | undefined {
  const { key, moment, by } = at;
  if (!change.where && change.using.length === 0)
    return { verdict: "done", how: "delete", why: `every row of ${relationName(key.child)} is deleted before it`, by };
  const scope = scopeOf(moment, change.ctes, change.using, { relation: key.child, alias: aliasOf(change) });
  const picks = pick(scope, change.where, key.child, aliasOf(change), change.using);
  return judge(picks, at, "delete", key.columns) ?? unread(change, at);
}

function update(change: Extract<Change, { kind: "updateRows" }>, at: Case): Done | Flawed | undefined {
  const { key, moment, by } = at;
  const set = keySet(change, at);
  if (set.length === 0) return undefined;
  const nulled = set
    .filter((each) => each.value.kind === "literal" && each.value.value === null)
    .map((each) => each.column);
  const scope = scopeOf(moment, change.ctes, change.from, { relation: key.child, alias: aliasOf(change) });
  const picks = pick(scope, change.where, key.child, aliasOf(change), change.from);
  const every = !change.where && change.from.length === 0;
  const names = key.columns.join(", ");
  const written = set.map((each) => each.column);
  if (nulled.length > 0 && (!key.matchFull || nulled.length === key.columns.length)) {
    const required = nulled.find((column) => moment.nullable(key.child, column) === "no");
    const found = every
      ? ({
          verdict: "done",
          how: "set null",
          why: `${names} is set to NULL before it`,
          by,
          tooBroad: {
            why: "every row",
            detail: `rows that have their parent in ${relationName(key.parent)}`,
            certainty: "sure",
          },
        } satisfies Done)
      : (judge(picks, at, "set null", written) ?? unread(change, at));
    if (
      required === undefined ||
      (found?.verdict === "ineffective" && (found.why === "never" || found.why === "null in NOT IN"))
    )
      return found;
    const anyway =
      found?.verdict === "done"
        ? found.tooBroad && (found.tooBroad.why === "null keys" ? "null keys" : "other rows")
        : "other rows";
    return {
      anyway,
      ...refusedChange(
        at,
        "23502",
        `${required} is NOT NULL, so the UPDATE itself fails at the first row`,
        found ? "sure" : "maybe",
      ),
    };
  }
  const safe =
    written.length === key.columns.length &&
    set.every((each) => inParent(scope, each.own, each.column, at)) &&
    isOneRow(
      scope,
      set.map((each) => each.value),
    );
  if (every && safe)
    return {
      verdict: "done",
      how: "repoint",
      why: `${names} is filled from ${relationName(key.parent)} before it`,
      by,
    };
  const found = judge(picks, at, "repoint", written);
  if (found?.verdict === "done" && !safe)
    return flaw(
      at,
      "value",
      `it sets ${written.join(", ")} to ${set.map((each) => short(each.value)).join(", ")}, which need not be in ${relationName(key.parent)}`,
      "maybe",
      found.tooBroad,
    );
  if (found) return found;
  return safe
    ? flaw(at, "filtered", `the join with ${relationName(key.parent)} finds a row`, "maybe")
    : unread(change, at);
}

/** What an UPDATE writes into the key; `own`: of `SET (a, b) = (SELECT …)`, which is one `value`, the column's part. */
function keySet(change: Extract<Change, { kind: "updateRows" }>, { key, moment }: Case) {
  let several: { readonly value: Expression; taken: number } | undefined;
  return change.set
    .map(({ column, value }) => {
      const name = moment.column(key.child, column);
      const targets = value.kind === "subquery" ? value.query.targets : [];
      if (value.kind !== "subquery" || targets.length < 2) return { column: name, value, own: value };
      if (!several || several.taken === targets.length) several = { value, taken: 0 };
      const own: Expression = {
        ...value,
        query: { ...value.query, targets: targets.slice(several.taken).slice(0, 1) },
      };
      several.taken++;
      return { column: name, value: several.value, own };
    })
    .filter(({ column }) => key.columns.includes(column));
}

const short = (value: Expression): string => {
  const text = printed(value);
  return text.length > 40 ? "a computed value" : text;
};

/** A DELETE or UPDATE that is about the key in some way that is not followed. */
function unread(change: Extract<Change, { kind: "updateRows" | "deleteRows" }>, at: Case): Flawed | undefined {
  const { key, moment } = at;
  const about = changeTables(change).some((name) => moment.table(name) === key.parent && key.parent !== key.child);
  const own = terms(change.where).some(
    (term) =>
      term.kind !== "isNull" &&
      mentionedColumns(term).some((name) => key.columns.includes(moment.column(key.child, name))),
  );
  if (!about && !own) return undefined;
  if (
    !about &&
    terms(change.where).some(
      (term) =>
        (term.kind === "in" && !term.negated && term.list) || (term.kind === "operator" && term.operator === "="),
    )
  )
    return flaw(at, "filtered", printed(change.where as Expression), "maybe");
  return elsewhere(change, at)
    ? undefined
    : flaw(at, "unclear", change.kind === "deleteRows" ? "DELETE" : "UPDATE", "maybe");
}

const terms = (where: Expression | undefined): readonly Expression[] =>
  where?.kind === "and" || where?.kind === "or" ? where.args.flatMap(terms) : where ? [where] : [];

/** It prepares another foreign key of the table with the same parent. */
function elsewhere(change: Extract<Change, { kind: "updateRows" | "deleteRows" }>, at: Case): boolean {
  const mentioned = mentionedColumns(change.where).map((name) => at.moment.column(at.key.child, name));
  return (
    otherKeys(at).some((columns) => columns.columns.some((column) => mentioned.includes(column))) &&
    !mentioned.some((column) => at.key.columns.includes(column))
  );
}

/** A change that can leave new orphans behind, as a sentence. */
export function makesOrphans(change: Change, at: Case): string | undefined {
  const { key, moment } = at;
  const table = moment.table(change.table);
  const parent = relationName(key.parent);
  if (table === key.parent && change.kind === "deleteRows") return `rows of ${parent} are deleted after it`;
  if (table === key.parent && change.kind === "mergeRows" && change.actions.includes("delete"))
    return `rows of ${parent} are deleted after it`;
  if (
    table === key.parent &&
    change.kind === "updateRows" &&
    change.set.some((each) => key.parentColumns.includes(moment.column(table, each.column)))
  )
    return `keys of ${parent} are changed after it`;
  if (table !== key.child) return undefined;
  const sentence = (column: string) => `${column} is written after it with a value that need not be in ${parent}`;
  if (change.kind === "mergeRows") return sentence(key.columns.join(", "));
  if (change.kind === "insertRows") return insertsKey(change, at) ? sentence(key.columns.join(", ")) : undefined;
  if (change.kind !== "updateRows") return undefined;
  const scope = scopeOf(moment, change.ctes, change.from, { relation: table, alias: aliasOf(change) });
  const set = keySet(change, at);
  if (set.some((each) => each.value.kind === "literal" && each.value.value === null)) return undefined;
  const bad = set.find((each) => !inParent(scope, each.own, each.column, at));
  if (bad) return sentence(bad.column);
  return set.length > 0 &&
    (set.length < key.columns.length ||
      !isOneRow(
        scope,
        set.map((each) => each.value),
      ))
    ? sentence(set.map((each) => each.column).join(", "))
    : undefined;
}

function insertsKey(change: Extract<Change, { kind: "insertRows" }>, at: Case): boolean {
  const { key, moment, place } = at;
  const known = relationAt(place.catalog, key.child);
  const columns =
    change.columns.length > 0
      ? change.columns.map((name) => moment.column(key.child, name))
      : [...(known?.columns.keys() ?? [])];
  const positions = key.columns.map((column) => columns.indexOf(column));
  if (
    change.onConflict === "update" &&
    change.set?.some(({ column }) => key.columns.includes(moment.column(key.child, column)))
  )
    return true;
  if (positions.includes(-1) && change.columns.length === 0) return true;
  const outer = scopeOf(moment, change.ctes, []);
  const isNull = (value: Expression | undefined) => value?.kind === "literal" && value.value === null;
  return rowsGiven(outer, change.query).some(({ scope, row }) => {
    const values = positions.map((position, i) => (position < 0 ? omitted(known, key.columns[i]) : row[position]));
    if (values.some(isNull)) return false;
    return !(
      values.every((value, i) => value && inParent(scope, value, key.columns[i] ?? "", at)) &&
      isOneRow(
        scope,
        values.flatMap((value) => value ?? []),
      )
    );
  });
}

/** What a column gets that an INSERT does not name; undefined where it is numbered or computed. */
function omitted(table: Relation | undefined, name: string | undefined): Expression | undefined {
  const column = table?.columns.get(name ?? "");
  if (column?.identity || column?.generated || /serial$/.test(column?.type?.name ?? "")) return undefined;
  return column?.default ?? { kind: "literal", value: null };
}

/** Whether a change writes the key's column. */
export const writesColumn = (change: Change, column: string, { key, moment }: Case): boolean => {
  if (moment.table(change.table) !== key.child) return false;
  if (change.kind === "updateRows") return change.set.some((each) => moment.column(key.child, each.column) === column);
  return (
    change.kind === "mergeRows" ||
    (change.kind === "insertRows" &&
      (change.columns.length === 0 || change.columns.some((each) => moment.column(key.child, each) === column)))
  );
};

/** A default that is NULL or the key of a parent that the deployment inserts. */
export const filledFromParent = (value: Expression, column: string, at: Case): boolean =>
  inParent(scopeOf(at.moment, [], []), value, column, at);

const inParent = (scope: QueryScope, value: Expression, column: string, { key, place, moment }: Case): boolean =>
  parentValue(scope, value, key, column) || insertedParent(value, key, column, place, moment.table);
