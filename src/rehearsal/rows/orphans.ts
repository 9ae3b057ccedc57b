import type { Failure, RelationId } from "../../model/effects.ts";
import { counted } from "../../words.ts";
import { relationName } from "../../sql/names.ts";
import { type Making, type NoRecipe, type Present, type Recipe, keyInWords, withoutOpen } from "./recipe.ts";
import type { ForeignKeyShape, TableShape } from "./shapes.ts";
import type { Cells } from "./cells.ts";
import { varied } from "./variety.ts";
import {
  type OrphanKey,
  NEAR,
  alone,
  cellsOf,
  columnOf,
  gone,
  keyNumber,
  keyOf,
  parentsOf,
  single,
} from "./orphan-keys.ts";

/** How many good rows at most get a parent each. */
const PARENTS = 12;

/**
 * Rows without a parent, beside rows with one and rows without a key, such that a cleanup that is not quite right shows: some
 * orphans have their key in another column of the parent or in another table, some good rows have theirs nowhere else, every
 * parent has a row that points at it, two orphans share a key, and rows below orphans become some when these go.
 */
export function orphans(failure: Failure, deployed: TableShape, present: Present): Recipe | NoRecipe {
  const { columns, parent, parentColumns } = failure;
  const shape = withoutOpen(deployed);
  if (parent === undefined || parentColumns?.length !== columns.length)
    return { why: "the columns that it references are not known" };
  const phrase = (count: number): string =>
    `${counted(count, "row")} whose ${keyInWords(columns)} ${columns.length === 1 ? "has" : "have"} no parent in ${relationName(parent)}`;
  const parentShape = present.tables.get(parent);
  if (!parentShape || parentColumns.some((name) => !parentShape.columns.some((column) => column.name === name))) {
    // Every key will have no parent, unless the deployment brings some.
    const keyed = (): number =>
      (present.rows.get(deployed.id) ?? []).filter((row) =>
        columns.every((name) => row[name] !== null && row[name] !== undefined),
      ).length;
    return {
      phrase: (count) =>
        `${counted(count, "row")} with a ${keyInWords(columns)}, while ${relationName(parent)} has no such rows yet`,
      counted: keyed,
    };
  }
  const held = shape.keys.find(
    (key) =>
      key.parent === parent &&
      key.columns.length === columns.length &&
      key.columns.every((name, i) => name === columns[i] && key.parentColumns[i] === parentColumns[i]),
  );
  if (held) return { why: `the foreign key ${held.name} holds until now` };
  const key: OrphanKey = {
    child: deployed.id,
    columns,
    parent,
    parentColumns,
    shape,
    deployed,
    present,
    number: keyNumber(present, failure),
  };
  // Another key on the same columns has to find its parents all the same.
  const bound = shape.keys.find((each) => each.columns.every((name) => columns.includes(name)));
  const grandparent = bound && present.tables.get(bound.parent);
  return {
    phrase,
    make: [
      ...(bound && grandparent && grandparent.id !== parent ? [strangers(key, bound, grandparent)] : []),
      ...(bound ? [] : [...aloneParents(key, parentShape), ...namesakes(key)]),
      withoutParents(key, bound),
      withParents(key),
      withoutKeys(key),
    ],
  };
}

/** So many that every label of an enum and both booleans are in some of them. */
export const enough = (shape: TableShape): number =>
  Math.min(9, Math.max(6, ...shape.columns.map(({ type }) => type.labels.length + 1)));

/** Cells beside those of the key. */
function beside(key: OrphanKey, n: number, made: readonly Cells[]): Cells {
  const { shape, columns, present, child } = key;
  const cells: Cells = {};
  // Columns of other keys to come have their parents, so that what one statement does to this key's rows is seen alone.
  for (const other of present.coming) {
    if (
      other.child !== child ||
      other.columns.some(
        (name) =>
          columns.includes(name) ||
          name in cells ||
          !shape.columns.some((column) => column.name === name && !column.generated),
      )
    )
      continue;
    if (
      shape.keys.some((each) => each.columns.some((name) => other.columns.includes(name))) ||
      single(shape, other.columns)
    )
      continue;
    const nullable = other.columns.filter((name) => !columnOf(shape, name).required);
    const all = (present.rows.get(other.parent) ?? []).filter((row) =>
      other.parentColumns.every((name) => row[name] !== null && row[name] !== undefined),
    );
    const parent = all[n % Math.max(1, all.length)];
    if (n % 4 === 3 && nullable.length > 0) for (const name of nullable) cells[name] = null;
    else if (parent)
      Object.assign(
        cells,
        cellsOf(
          other.columns,
          other.parentColumns.map((name) => parent[name]),
        ),
      );
  }
  const [first] = columns;
  const type = columns.length === 1 && first !== undefined ? columnOf(shape, first).type : undefined;
  const there = parentsOf(key).flatMap((row) => row[key.parentColumns[0] ?? ""] ?? []);
  const away = Array.from({ length: NEAR }, (_, i) => gone(key, 20 + i)[0]).filter(
    (value) => typeof value === "string",
  );
  return {
    ...varied(
      {
        shape,
        spoken: present.spoken,
        but: new Set([...columns, ...present.coming.flatMap((other) => (other.child === child ? other.columns : []))]),
        ...(type?.kind === "base" && { confusable: { type: type.name, there, gone: away } }),
      },
      n,
      [...(present.rows.get(child) ?? []), ...made],
    ),
    ...cells,
  };
}

/** Parents whose keys are nowhere else; their other columns have the keys of orphans. */
function aloneParents(key: OrphanKey, parentShape: TableShape): Making[] {
  const { parent, child, parentColumns, columns, shape: childShape, present } = key;
  const shape = withoutOpen(parentShape);
  if (
    parent === child ||
    parentColumns.some(
      (name) => columnOf(shape, name).generated || shape.keys.some((each) => each.columns.includes(name)),
    )
  )
    return [];
  const { type } = columnOf(childShape, columns[0] ?? "");
  const bound = new Set([
    ...shape.keys.flatMap((each) => each.columns),
    ...shape.checks.flatMap((each) => each.columns),
    ...parentColumns,
  ]);
  const others = shape.columns.filter(
    (column) =>
      columns.length === 1 &&
      !column.generated &&
      !bound.has(column.name) &&
      column.type.kind === "base" &&
      column.type.name === type.name,
  );
  return [
    {
      shape,
      deployed: parentShape,
      total: 4,
      forced(made) {
        const n = made.length;
        const near = n < NEAR ? Object.fromEntries(others.map(({ name }) => [name, gone(key, n)[0]])) : {};
        return {
          ...varied(
            { shape, spoken: present.spoken, but: new Set([...parentColumns, ...others.map(({ name }) => name)]) },
            n,
            [...(present.rows.get(parent) ?? []), ...made],
          ),
          ...near,
          ...cellsOf(parentColumns, alone(key, n)),
        };
      },
    },
  ];
}

/** Rows of other tables that the statements name, with the keys of orphans. */
function namesakes({ columns, parent, child, shape, present, ...key }: OrphanKey): Making[] {
  if (columns.length !== 1) return [];
  const { type } = columnOf(shape, columns[0] ?? "");
  return present.spoken.tables.flatMap((id: RelationId): Making[] => {
    const deployed = present.tables.get(id);
    if (!deployed || id === parent || id === child || deployed.partition || deployed.placeless) return [];
    const other = withoutOpen(deployed);
    const own = other.uniques.find((unique) => unique.columns.length === 1 && !unique.expressions && !unique.where)
      ?.columns[0];
    if (
      own === undefined ||
      other.keys.some((each) => each.columns.includes(own)) ||
      other.checks.some((each) => each.columns.includes(own))
    )
      return [];
    const column = columnOf(other, own);
    if (column.generated || column.type.kind !== "base" || column.type.name !== type.name) return [];
    return [
      {
        shape: other,
        deployed,
        total: NEAR,
        forced: (made) => ({ [own]: gone({ columns, parent, child, shape, present, ...key }, made.length)[0] }),
      },
    ];
  });
}

function withoutParents(key: OrphanKey, bound: ForeignKeyShape | undefined): Making {
  const { columns, parent, parentColumns, shape, deployed, present, child } = key;
  const unique = single(shape, columns);
  const total = enough(shape);
  // Another key on the same columns.
  const elsewhere = (n: number, known: ReadonlySet<string>): (string | null)[] | undefined => {
    if (!bound) return undefined;
    const others = (present.rows.get(bound.parent) ?? []).map((row) =>
      columns.map((name) =>
        bound.columns.includes(name)
          ? (row[bound.parentColumns[bound.columns.indexOf(name)]!] ?? null)
          : gone(key, n)[columns.indexOf(name)]!,
      ),
    );
    const free = others.filter((cells) => !known.has(JSON.stringify(cells)) && !cells.includes(null));
    return free[n % Math.max(1, free.length)];
  };
  /** Of a composite key: nothing from a parent, its first columns, the others, all of them but from two. */
  const composite = (n: number): (string | null)[] => {
    const parents = parentsOf(key);
    const one = parents[n % Math.max(1, parents.length)];
    const two = parents[(n + 1 + Math.floor(n / 4)) % Math.max(1, parents.length)];
    const none = gone(key, n);
    if (!one || !two) return none;
    const last = columns.length - 1;
    return columns.map((_, i) => {
      const way = n % 4;
      if (way === 0 || (way === 1 && i === last) || (way === 2 && i !== last)) return none[i]!;
      return (way === 3 && i === last ? two : one)[parentColumns[i]!] ?? null;
    });
  };
  const turn = (n: number, known: ReadonlySet<string>): (string | null)[] =>
    elsewhere(n, known) ?? (columns.length > 1 ? composite(n) : gone(key, !unique && n >= 4 ? n - 4 : n));
  return {
    shape: {
      ...shape,
      keys: shape.keys.filter((each) => !(each.parent === parent && each === bound && parent === child)),
    },
    deployed,
    total,
    forced(made) {
      const n = made.length;
      const known = new Set(parentsOf(key).map((row) => keyOf(row, parentColumns)));
      let cells = turn(n, known);
      for (let i = 1; known.has(JSON.stringify(cells)) && i < 50; i++)
        cells = elsewhere(n + i, known) ?? gone(key, n + i * 97);
      return { ...beside(key, n, made), ...cellsOf(columns, cells) };
    },
  };
}

/** One row for each parent; in a table that points at itself the orphans are parents too. */
function withParents(key: OrphanKey): Making {
  const { columns, parentColumns, shape, deployed, present, child, parent } = key;
  const unique = single(shape, columns);
  const candidates = (): readonly Cells[] => {
    const used = new Set((present.rows.get(child) ?? []).map((row) => keyOf(row, columns)));
    const all = parentsOf(key);
    const free = all.filter((row) => !used.has(keyOf(row, parentColumns)));
    // The last ones first: they were made for this.
    return (unique ? free : [...free, ...all.filter((row) => !free.includes(row))]).toReversed().slice(0, PARENTS);
  };
  let found: readonly Cells[] | undefined;
  return {
    shape: parent === child ? { ...shape, keys: shape.keys.filter((each) => each.parent !== parent) } : shape,
    deployed,
    total: PARENTS,
    forced(made) {
      found ??= candidates();
      const at = found[made.length];
      return at
        ? {
            ...beside(key, made.length, made),
            ...cellsOf(
              columns,
              parentColumns.map((name) => at[name]),
            ),
          }
        : undefined;
    },
  };
}

/** NULL in the key: all of it, and parts of it. */
function withoutKeys(key: OrphanKey): Making {
  const { columns, parentColumns, shape, deployed } = key;
  const nullable = columns.filter((name) => !columnOf(shape, name).required);
  return {
    shape,
    deployed,
    total: nullable.length === 0 ? 0 : columns.length > 1 ? 6 : 4,
    forced(made) {
      const n = made.length;
      const parents = parentsOf(key);
      const some = columns.length > 1 && n % 3 > 0 ? [nullable[n % nullable.length]!] : nullable;
      const rest =
        n % 2 === 0 ? gone(key, n) : parentColumns.map((name) => parents[n % Math.max(1, parents.length)]?.[name]);
      return {
        ...beside(key, n, made),
        ...cellsOf(
          columns,
          columns.map((name, i) => (some.includes(name) ? null : rest[i])),
        ),
      };
    },
  };
}

/** Rows of a table that the key points at until now, with keys that the other parent has not. */
function strangers(key: OrphanKey, bound: ForeignKeyShape, parent: TableShape): Making {
  return {
    shape: withoutOpen(parent),
    deployed: parent,
    total: 3,
    forced: (made) =>
      Object.fromEntries(
        bound.columns.map((name, i) => [
          bound.parentColumns[i]!,
          gone(key, made.length * 2)[key.columns.indexOf(name)],
        ]),
      ),
  };
}
