import type { Change, Expression } from "../../sql/expression.ts";
import { relationSql } from "../../sql/names.ts";
import { isAskableExpression } from "../askable.ts";
import { type Constraint, type Relation, isUnfilled, relationAt } from "../catalog.ts";
import { evaluate } from "../evaluation.ts";
import { exactSql } from "../exact-sql.ts";
import { isUnreadable } from "../presence.ts";
import { conjuncts, mentionedColumns } from "../queries.ts";
import { LOSES_A_PART } from "../postgres/function-values.ts";
import { foreignKeys, indexesOf, isUnique } from "../relatives.ts";
import { type Tuple, sampleRows } from "../samples.ts";
import type { Builder } from "./builder.ts";
import { constantsOf, insertNulls, isCopiedFromItself, isGivenTwice, updateNulls } from "./written-values.ts";

/** What constraints in force refuse of the values that a statement itself writes, as far as its text shows it. */

type Update = Extract<Change, { kind: "updateRows" }>;
type Insert = Extract<Change, { kind: "insertRows" }>;

export function updateFailures(e: Builder, table: Relation, change: Update): void {
  updateNulls(e, table, change);
  for (const { name, columns } of uniqueKeys(e, table)) {
    const own = change.set.filter(({ column }) => columns.includes(column));
    if (
      own.length === 0 ||
      !own.every(({ column, value }) => isCollapsing(value, column)) ||
      isPinned(e, table, change)
    )
      continue;
    e.fail({
      kind: "duplicates",
      relation: table.id,
      columns,
      sqlstate: "23505",
      detail: name,
      ...countOf(e, table, change, own, columns),
    });
  }
  for (const check of checksOf(table)) if (canBreak(e, table, check.expression, change)) fails(e, table, check);
  for (const key of foreignKeys(table)) {
    const values = change.set.filter(({ column }) => key.columns.includes(column));
    if (values.length === key.columns.length && values.every(({ value }) => !isNullLiteral(value)))
      orphaned(e, table, key, change, "rows");
  }
}

export function insertFailures(e: Builder, table: Relation, change: Insert): void {
  insertNulls(e, table, change);
  if (!change.query) return;
  const columns = change.columns.length > 0 ? change.columns : [...table.columns.keys()];
  const { values } = change.query;
  const written = values ?? [change.query.targets.map(({ value }) => value)];
  const literalsIn = (row: readonly Expression[]): Tuple =>
    new Map(
      columns.flatMap((column, at) => {
        const value = row[at];
        return value?.kind === "literal" ? [[column, value.value] as const] : [];
      }),
    );
  const updated = constantsOf(change.set ?? []);
  for (const check of checksOf(table)) {
    const refuses = (row: Tuple) => evaluate(check.expression, (name) => row.get(name)) === false;
    if (written.some((row) => refuses(literalsIn(row)))) fails(e, table, check, values ? "sure" : "rows");
    else if (refuses(updated)) fails(e, table, check);
  }
  for (const { name, columns: key } of uniqueKeys(e, table)) {
    const twice = isGivenTwice(change, columns, key);
    if (twice || isCopiedFromItself(e, table, change, columns, key))
      e.fail({
        kind: "duplicates",
        relation: table.id,
        columns: key,
        sqlstate: change.onConflict ? "21000" : "23505",
        certainty: twice ? "sure" : "rows",
        detail: name,
      });
  }
  if (change.onConflict !== undefined) return;
  for (const key of foreignKeys(table)) {
    const places = key.columns.map((column) => columns.indexOf(column));
    if (places.includes(-1)) continue;
    if (!values) orphaned(e, table, key, change, "rows");
    else if (values.some((row) => places.every((at) => row[at]?.kind === "literal" && !isNullLiteral(row[at]))))
      orphaned(e, table, key, change, "sure");
  }
}

const isNullLiteral = (value: Expression | undefined): boolean => value?.kind === "literal" && value.value === null;

/** A parent that the deployment has made and not filled has no key at all. */
function orphaned(
  e: Builder,
  table: Relation,
  key: Constraint,
  { ctes }: Update | Insert,
  certainty: "rows" | "sure",
): void {
  const parent = key.parent === undefined ? undefined : relationAt(e.catalog, key.parent);
  if (!parent || parent === table || key.deferrable || !key.enforced || !isUnfilled(e.catalog, parent)) return;
  // What could not be read may have filled it.
  if (isUnreadable(e.catalog)) return;
  // WITH … AS (INSERT INTO parent …): its rows are there when the key is checked, at the end of the statement.
  if (ctes.some(({ change }) => change?.kind === "insertRows" && e.id(change.table) === parent.id)) return;
  e.fail({
    kind: "orphans",
    relation: table.id,
    columns: key.columns,
    parent: parent.id,
    ...(key.parentColumns && { parentColumns: key.parentColumns }),
    sqlstate: "23503",
    certainty,
    detail: key.name,
  });
}

function fails(e: Builder, table: Relation, check: Checked, certainty: "rows" | "sure" = "rows"): void {
  e.fail({
    kind: "check",
    relation: table.id,
    columns: [...new Set(mentionedColumns(check.expression))],
    sqlstate: "23514",
    certainty,
    detail: check.name,
  });
}

interface Checked {
  readonly name: string;
  readonly expression: Expression;
}

/** In force for what is written now: also those that are NOT VALID. */
const checksOf = (table: Relation): readonly Checked[] =>
  [...table.constraints.values()].flatMap(({ type, name, expression, enforced }) =>
    type === "check" && enforced && expression ? [{ name, expression }] : [],
  );

/** A row that the check takes and the UPDATE finds has values afterwards that it does not take. */
function canBreak(e: Builder, table: Relation, check: Expression, change: Update): boolean {
  const columns = [...new Set(mentionedColumns(check))];
  const set = change.set.filter(({ column }) => columns.includes(column));
  if (set.length === 0 || columns.length > 3) return false;
  const where = change.from.length === 0 ? change.where : undefined;
  const rows = sampleRows(e.catalog, table, columns, [
    check,
    ...set.map(({ value }) => value),
    ...(where ? [where] : []),
  ]);
  return rows.some((row) => {
    const at = (name: string) => row.get(name);
    if (evaluate(check, at) === false) return false;
    const found = where ? evaluate(where, at) : true;
    // A condition on other columns holds for some rows.
    if (
      found === false ||
      found === null ||
      (found === undefined && mentionedColumns(where).some((name) => row.has(name)))
    )
      return false;
    const next = new Map(row);
    for (const { column, value } of set) {
      const written = evaluate(value, at);
      if (written === undefined) return false;
      next.set(column, written);
    }
    return evaluate(check, (name) => next.get(name)) === false;
  });
}

/** The unique keys of a table over plain columns and all of its rows. */
function uniqueKeys(
  e: Builder,
  table: Relation,
): readonly { readonly name: string; readonly columns: readonly string[] }[] {
  const constraints = [...table.constraints.values()].filter(({ type }) => type === "unique" || type === "primaryKey");
  const indexes = indexesOf(e.catalog, table).filter(
    ({ unique, partial, columns, constraint }) =>
      unique && !partial && constraint === undefined && !columns.includes(null),
  );
  return [
    ...constraints.map(({ name, columns }) => ({ name, columns })),
    ...indexes.map(({ name, columns }) => ({ name, columns: columns.flatMap((column) => column ?? []) })),
  ];
}

/** The condition names one row by a unique key. */
function isPinned(e: Builder, table: Relation, { where }: Update): boolean {
  const pinned = conjuncts(where).flatMap((term) => {
    if (term.kind !== "operator" || term.operator !== "=") return [];
    const [left, right] = term.args;
    return left?.kind === "column" && right && mentionedColumns(right).length === 0 ? [left.column] : [];
  });
  return pinned.length > 0 && isUnique(e.catalog, table, pinned);
}

/** Different rows get the same value: a constant, or what a function makes of the column's own value and loses a part of. */
function isCollapsing(value: Expression, column: string): boolean {
  if (value.kind === "literal") return value.value !== null;
  if (value.kind === "cast") return isCollapsing(value.arg, column);
  return (
    value.kind === "call" &&
    value.name in LOSES_A_PART &&
    mentionedColumns(value).every((name) => name === column) &&
    mentionedColumns(value).length > 0
  );
}

/** Groups that get one value for the whole key. */
function countOf(
  e: Builder,
  table: Relation,
  change: Update,
  own: readonly { readonly column: string; readonly value: Expression }[],
  columns: readonly string[],
): { readonly countQuery?: string } {
  if (change.from.length > 0 || own.some(({ value }) => value.kind === "literal")) return {};
  const values = columns.map(
    (name): Expression => own.find(({ column }) => column === name)?.value ?? { kind: "column", column: name },
  );
  const keys = values.map((value) => (isAskableExpression(e.catalog, table.id, value) ? exactSql(value) : undefined));
  if (keys.includes(undefined)) return {};
  return {
    countQuery: `SELECT ${keys.join(", ")}, count(*) FROM ${relationSql(table.id)} GROUP BY ${keys.map((_, at) => at + 1).join(", ")} HAVING count(*) > 1;`,
  };
}
