import { quoted, relationName } from "../../sql/names.ts";
import { sameColumns } from "../apply/additions.ts";
import { foreignKeys } from "../relatives.ts";
import type { TooBroad } from "../effects.ts";
import type { AntiJoin } from "./antijoin.ts";
import { type Case, type Done, type Flawed, type ReferencingKey, flaw, otherKeys } from "./key.ts";
import type { Picks, Rows } from "./picks.ts";
import { relationAt } from "../catalog.ts";

/** Whether the rows that a change picks are the orphans of one foreign key: all of them, and no others. */

export type How = "delete" | "set null" | "repoint" | "insert parents";

const WHY: Readonly<Record<How, string>> = {
  delete: "the orphans are deleted before it",
  "set null": "the orphans' key is set to NULL before it",
  repoint: "the orphans are pointed at another row before it",
  "insert parents": "the missing parents are inserted before it",
};

/** Whether one of the alternatives picks all orphans of the key; `written`: the columns of the key that are set. Undefined where none is about it. */
export function judge(picks: Picks, at: Case, how: How, written: readonly string[]): Done | Flawed | undefined {
  let flawed: Flawed | undefined;
  const possible = picks.filter((rows) => !contradicts(rows));
  const able = possible.filter(({ never }) => never.length === 0);
  if (able.length > 0 && able.every(({ partnered }) => partnered.some((each) => isExact(each, at.key))))
    return flaw(
      at,
      "filtered",
      `${at.key.columns.join(", ")} is in ${relationName(at.key.parent)}, and none of these is an orphan`,
    );
  for (const rows of possible) {
    const found = judgeRows(rows, at, how);
    if (found?.verdict === "ineffective" && (!flawed || flawed.why === "never")) flawed = found;
    if (found?.verdict !== "done") continue;
    const tooBroad = breadthOf(picks, at, how, written);
    return { ...found, ...(tooBroad && { tooBroad }) };
  }
  if (!flawed || (possible.length < 2 && (flawed.why === "null in NOT IN" || flawed.why === "never"))) return flawed;
  const others =
    flawed.why === "never"
      ? possible.filter((rows) => rows.never.length === 0).flatMap((rows) => described(rows).slice(0, 1))
      : [];
  if (others.length > 0) flawed = flaw(at, "filtered", others.join(" OR "));
  const tooBroad = breadthOf(picks, at, how, written);
  return { ...flawed, ...(tooBroad && { tooBroad }) };
}

/** Columns that have a value in every row that is picked. */
const givenBy = (rows: Rows): string[] => [
  ...rows.given,
  ...rows.anti.flatMap((anti) => (anti.hitsNull ? [] : anti.pairs.map(([own]) => own))),
];

/** No row can have a value and none in the same column. */
function contradicts(rows: Rows): boolean {
  const given = givenBy(rows);
  return rows.nulls.some((column) => given.includes(column));
}

/** The terms that are about no partner. */
const described = (rows: Rows): string[] => [
  ...rows.filters,
  ...rows.nulls.map((column) => `${column} is NULL`),
  ...rows.given.map((column) => `${column} is not NULL`),
];

export const isExact = (anti: Pick<AntiJoin, "pairs" | "partner">, key: ReferencingKey): boolean =>
  anti.partner === key.parent &&
  key.columns.every((column, i) => anti.pairs.some(([own, other]) => own === column && other === key.parentColumns[i]));

/** Of several demands that the parent is missing the one that picks least: all have to hold. */
function exactOf(rows: Rows, key: ReferencingKey): AntiJoin | undefined {
  const exact = rows.anti.filter((anti) => isExact(anti, key));
  const best =
    exact.find((anti) => anti.nullTrap === "yes") ??
    exact.find((anti) => anti.nullTrap === "maybe") ??
    exact.find((anti) => anti.partnerFilter === undefined) ??
    exact[0];
  return best && { ...best, hitsNull: exact.every((anti) => anti.hitsNull) };
}

function judgeRows(rows: Rows, at: Case, how: How): Done | Flawed | undefined {
  const { key, moment, step } = at;
  const done: Done = { verdict: "done", how, why: WHY[how], by: at.by };
  const matching = rows.anti.filter(
    (anti) => anti.pairs.some(([own]) => key.columns.includes(own)) || anti.partner === key.parent,
  );
  const exact = exactOf(rows, key);
  if (!exact) {
    if (rows.never.length > 0 && rows.anti.length === 0) return flaw(at, "never", rows.never.join(", and "));
    if (matching.length > 0) return mismatch(matching, at);
    // Every row that has a key.
    const all =
      how !== "insert parents" &&
      how !== "repoint" &&
      rows.anti.length === 0 &&
      rows.filters.length === 0 &&
      rows.nulls.length === 0 &&
      rows.along.length === 0 &&
      !rows.limited &&
      rows.given.every((column) => key.columns.includes(column) || moment.nullable(key.child, column) === "no");
    return all ? done : undefined;
  }
  if (rows.never.length > 0) return flaw(at, "never", rows.never.join(", and "));
  const others = rows.anti.filter((anti) => anti !== exact && !isExact(anti, key));
  if (key.columns.length > 1 && others.some((anti) => anti.partner === key.parent))
    return flaw(at, "some columns", `it looks at ${key.columns.join(" and ")} one by one instead of together`);
  if (exact.nullTrap !== "no")
    return flaw(
      at,
      "null in NOT IN",
      `${relationName(exact.partner)}.${exact.trapColumn ?? ""}`,
      exact.nullTrap === "yes" ? "sure" : "maybe",
    );
  const filters = [
    ...rows.filters,
    ...others.map((anti) =>
      anti.partner === key.parent
        ? `${anti.pairs.map(([own]) => own).join(", ")} is not in ${relationName(anti.partner)}(${anti.pairs.map(([, other]) => other).join(", ")}) either`
        : `${relationName(anti.partner)} has no row either`,
    ),
    ...rows.nulls.map((column) => `${column} is NULL`),
    ...rows.given
      .filter((column) => !key.columns.includes(column) && moment.nullable(key.child, column) !== "no")
      .map((column) => `${column} is not NULL`),
  ];
  if (filters.length > 0) return flaw(at, "filtered", filters.join(" AND "));
  const open = rows.along
    .flatMap((columns) => columns.split(" and "))
    .find((column) => !key.columns.includes(column) && moment.nullable(key.child, column) !== "no");
  if (open !== undefined) return flaw(at, "filtered", `${open} is not NULL`);
  if (key.matchFull && key.columns.length > 1 && !(exact.hitsNull && rows.given.length === 0))
    return flaw(
      at,
      "some columns",
      "with MATCH FULL a row that has only some of the columns is an orphan too, and it leaves those",
    );
  const { body } = step.operation;
  const repeats = body?.loop === true && body.bounded !== true;
  if (rows.limited && !repeats)
    return flaw(
      at,
      "limited",
      body?.loop ? "it repeats a fixed number of times" : "it takes one batch and does not repeat",
      body?.loop ? "maybe" : "sure",
    );
  if (key.child === key.parent && how === "delete" && !repeats && !cascades(at) && !follows(rows, key))
    return flaw(at, "self reference", relationName(key.child));
  return done;
}

/** WITH RECURSIVE takes the rows below along. */
const follows = (rows: Rows, key: ReferencingKey): boolean =>
  rows.follows !== undefined &&
  rows.follows.length === key.columns.length &&
  key.columns.every((column, i) =>
    rows.follows?.some(([own, other]) => own === column && other === key.parentColumns[i]),
  );

/** The constraint is there already, NOT VALID: it takes care of the rows below a deleted one. */
function cascades({ key, place }: Case): boolean {
  const child = relationAt(place.catalog, key.child);
  return (
    child !== undefined &&
    foreignKeys(child).some(
      (constraint) =>
        constraint.enforced &&
        constraint.parent === key.parent &&
        sameColumns(constraint.columns, key.columns) &&
        (constraint.onDelete === "cascade" || constraint.onDelete === "set null"),
    )
  );
}

function mismatch(matching: readonly AntiJoin[], at: Case): Flawed | undefined {
  const { key } = at;
  const anti = matching[0] as AntiJoin;
  const own = anti.pairs.map(([column]) => column);
  const other = anti.pairs.map(([, column]) => column);
  const parent = relationName(key.parent);
  if (anti.partner !== key.parent)
    return belongsElsewhere(anti, at)
      ? undefined
      : flaw(
          at,
          "wrong parent",
          `it compares ${own.join(", ")} with ${relationName(anti.partner)} instead of ${parent}`,
        );
  if (!own.some((column) => key.columns.includes(column)))
    return belongsElsewhere(anti, at)
      ? undefined
      : flaw(at, "wrong column", `it looks at ${own.join(", ")} instead of ${key.columns.join(", ")}`);
  if (matching.length > 1)
    return flaw(at, "some columns", `it looks at ${key.columns.join(" and ")} one by one instead of together`);
  if (own.length < key.columns.length)
    return flaw(
      at,
      "some columns",
      `it looks at ${own.join(", ")} and leaves out ${key.columns.filter((column) => !own.includes(column)).join(", ")}`,
    );
  return flaw(
    at,
    "wrong column",
    `it compares with ${parent}(${other.join(", ")}) instead of ${parent}(${key.parentColumns.join(", ")})`,
  );
}

/** Rows beside the orphans that one of the alternatives picks. */
function breadthOf(picks: Picks, at: Case, how: How, written: readonly string[]): TooBroad | undefined {
  if (how === "insert parents") return undefined;
  for (const rows of picks) {
    const found = breadth(rows, at, how, written);
    if (found) return found;
  }
  return undefined;
}

function breadth(rows: Rows, at: Case, how: How, written: readonly string[]): TooBroad | undefined {
  const { key, moment } = at;
  const parent = relationName(key.parent);
  if (rows.never.length > 0 || contradicts(rows)) return undefined;
  const exact = exactOf(rows, key);
  const given = givenBy(rows);
  const nullable = (columns: readonly string[]) =>
    columns.filter((column) => !given.includes(column) && moment.nullable(key.child, column) !== "no");
  const certainty = (columns: readonly string[]) =>
    columns.some((column) => moment.nullable(key.child, column) === "yes") ? "sure" : "maybe";
  const nulls = (columns: readonly string[]): TooBroad => ({
    why: "null keys",
    detail: `rows whose ${columns.join(" or ")} is NULL, which are no orphans`,
    certainty: certainty(columns),
    keep: columns.map((column) => `${quoted(column)} IS NOT NULL`).join(" AND "),
  });
  // Setting NULL what is NULL changes nothing.
  const changed = (column: string) => how !== "set null" || written.some((each) => each !== column);
  if (rows.nulls.some((column) => key.columns.includes(column))) {
    return rows.nulls.some(changed)
      ? {
          why: "null keys",
          detail: `rows whose ${rows.nulls.join(" and ")} is NULL, which are no orphans`,
          certainty: "sure",
        }
      : undefined;
  }
  if (!exact) {
    const wrong = rows.anti.find((anti) => !belongsElsewhere(anti, at));
    if (wrong) {
      const own = wrong.pairs.map(([column]) => column);
      if (
        wrong.partner === key.parent &&
        wrong.pairs.every(
          ([column, other]) => key.columns.includes(column) && key.parentColumns[key.columns.indexOf(column)] === other,
        )
      ) {
        const open = nullable(key.columns).filter(
          (column) => changed(column) && (wrong.hitsNull || !own.includes(column)),
        );
        return wrong.nullTrap !== "yes" && open.length > 0 ? nulls(open) : undefined;
      }
      const [one, other] = [own.join(", "), wrong.pairs.map(([, column]) => column).join(", ")];
      return {
        why: "other rows",
        detail: `rows that have their parent in ${parent}, but whose ${one} is not in ${relationName(wrong.partner)}(${other})`,
        certainty: wrong.nullTrap === "no" ? "sure" : "maybe",
      };
    }
    if (rows.anti.length > 0) return undefined;
    if (rows.filters.length === 0 && rows.nulls.length > 0) {
      return {
        why: "other rows",
        detail: `rows whose ${rows.nulls.join(" and ")} is NULL, whether they are orphans or not`,
        certainty: "sure",
      };
    }
    return {
      why: "other rows",
      detail:
        rows.filters.length > 0
          ? `rows where ${rows.filters.join(" AND ")}, whether they are orphans or not`
          : `rows that have their parent in ${parent}`,
      certainty: "sure",
    };
  }
  if (exact.nullTrap === "yes") return undefined;
  if (rows.along.length > 0)
    return {
      why: "other rows",
      detail: `rows that only share ${rows.along.join(", ")} with an orphan`,
      certainty: "sure",
    };
  const extra = exact.pairs
    .filter(([own, other]) => !key.columns.some((column, i) => column === own && key.parentColumns[i] === other))
    .map(([own, other]) => `${other} = ${own}`);
  if (exact.partnerFilter !== undefined || extra.length > 0) {
    const text = [...extra, ...(exact.partnerFilter === undefined ? [] : [exact.partnerFilter])].join(" AND ");
    return {
      why: "filtered parents",
      detail: `rows that have their parent in ${parent}: it counts only parents with ${text}`,
      certainty: "sure",
    };
  }
  if (!exact.hitsNull) return undefined;
  const open = nullable(key.columns).filter(changed);
  return open.length > 0 ? nulls(open) : undefined;
}

const belongsElsewhere = (anti: AntiJoin, at: Case): boolean =>
  otherKeys(at).some(
    (other) =>
      other.parent === anti.partner &&
      sameColumns(
        other.columns,
        anti.pairs.map(([own]) => own),
      ),
  );
