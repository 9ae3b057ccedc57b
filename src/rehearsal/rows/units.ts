import { NUMBERS } from "../../model/evaluation.ts";
import type { Random } from "./random.ts";
import type { ColumnShape, ForeignKeyShape, TableShape } from "./shapes.ts";
import { relationName, unquoted } from "../../sql/names.ts";
import { ahead, candidates } from "./candidates.ts";
import { fitsType, satisfies } from "./checks.ts";
import { distinctValues, valueAt } from "./values.ts";
import { DAYS, type Offer } from "./base-values.ts";
import type { Cells, RowsOf } from "./cells.ts";

/** Columns that get their values together. */
export interface Unit {
  readonly columns: readonly string[];
  readonly late: boolean;
  /** In a check that has to be tried. */
  readonly bold: boolean;
  /** Gives them values: usual ones at attempt 0, then more and more others. The reason where there are none. */
  assign(row: Cells, given: Given): string | undefined;
}

interface Given {
  readonly attempt: number;
  /** Rows of the same table. */
  readonly own: readonly Cells[];
  readonly rowsOf: RowsOf;
  /** Cells that stay as they are. */
  readonly fixed: Cells;
}

export function unitsOf(
  shape: TableShape,
  late: readonly ForeignKeyShape[],
  total: number,
  existing: readonly Cells[],
  random: Random,
): Unit[] {
  const groups: { columns: string[]; keys: ForeignKeyShape[] }[] = [];
  for (const key of shape.keys) {
    const touching = groups.filter((group) => group.columns.some((name) => key.columns.includes(name)));
    const merged = {
      columns: [...new Set([...touching.flatMap((group) => group.columns), ...key.columns])],
      keys: [...touching.flatMap((group) => group.keys), key],
    };
    groups.splice(0, groups.length, ...groups.filter((group) => !touching.includes(group)), merged);
  }
  const keyed = new Set(groups.flatMap((group) => group.columns));
  const plain = shape.columns
    .filter((column) => !column.generated && !keyed.has(column.name))
    .map((column) => columnUnit(shape, column, total, existing, random));
  // Keys come last: a row that points at itself has its own columns by then.
  return [
    ...plain,
    ...groups.map((group) =>
      keyUnit(
        shape,
        group.columns,
        group.keys,
        group.keys.some((key) => late.includes(key)),
        total,
        random,
      ),
    ),
  ];
}

/** Which of the rows have a NULL: some of them, at least one. */
const nullDeck = (total: number, share: number, random: Random): boolean[] =>
  random.shuffled(Array.from({ length: total }, (_, i) => total > 2 && i < Math.max(1, Math.round(total * share))));

const mayBeNull = (column: ColumnShape): boolean =>
  !column.required && !(column.type.kind === "domain" && column.type.required);

function columnUnit(
  shape: TableShape,
  column: ColumnShape,
  total: number,
  existing: readonly Cells[],
  random: Random,
): Unit {
  const { type, modifier, name } = column;
  const salt = `${shape.id}.${name} ${random.below(1_000_000)}`;
  const checks = shape.checks.filter((check) => check.columns.includes(name));
  const offers: Offer[] = checks.flatMap(({ expression }) =>
    expression ? candidates(expression, name, type, salt, valueAt) : [],
  );
  const opaque = checks.some(({ expression }) => !expression || satisfies(expression, () => undefined) === undefined);
  const initial = /^('(?:[^']|'')*')(?:::.*)?$|^(-?\d+(?:\.\d+)?|true|false)$/.exec(column.default ?? "");
  if (initial && checks.length > 0)
    offers.push(() => (initial[1] === undefined ? (initial[2] ?? "") : unquoted(initial[1])));
  if (DAYS.has(type.name) && checks.length > 0) offers.push(ahead);
  const unique = shape.uniques.some((each) => each.columns.length === 1 && each.columns[0] === name);
  const keyed = shape.uniques.some((each) => each.columns.includes(name));
  const nullable = mayBeNull(column);
  const size = distinctValues(type, modifier);
  const deck = random.shuffled(Array.from({ length: total }, (_, i) => i % Math.max(1, Math.min(size, total))));
  const nulls = nullDeck(total, 0.2, random);
  const length = (type.name === "varchar" || type.name === "bpchar") && modifier > 4 ? modifier - 4 : Infinity;
  const most = NUMBERS.has(type.name)
    ? Math.max(0, ...existing.map((row) => Number(row[name] ?? 0)).filter(Number.isSafeInteger))
    : 0;
  let count = unique ? Math.max(existing.length, most) : 0;
  const spread = Math.max(3, Math.ceil(total * 0.6));
  const numberOf = (attempt: number): number => {
    if (unique) return count++;
    if (attempt === 0 && size <= total) return deck[count++ % total] ?? 0;
    return random.below(keyed || attempt > 20 ? total * 4 : spread);
  };
  return {
    columns: [name],
    late: false,
    bold: opaque,
    assign(row, { attempt, fixed }) {
      if (name in fixed) return undefined;
      const place = count;
      const k = numberOf(attempt);
      if (nullable && (attempt === 0 ? nulls[place % total] === true : random.chance(checks.length > 0 ? 0.35 : 0.1))) {
        row[name] = null;
        if (!unique && !(attempt === 0 && size <= total)) count++;
        return undefined;
      }
      if (!unique && !(attempt === 0 && size <= total)) count++;
      const offered =
        offers.length > 0 && random.chance(0.7)
          ? random.pick(offers)(unique || attempt > 10 ? k : random.below(spread))
          : undefined;
      const text =
        offered !== undefined && offered.length <= length && fitsType(offered, type)
          ? offered
          : type.kind === "enum" && type.labels.length === 0
            ? undefined
            : valueAt(type, modifier, k, salt);
      if (text !== undefined) row[name] = text;
      else if (nullable) row[name] = null;
      else if (column.default !== undefined) row[name] = undefined;
      else return `no values are known for ${name} of type ${type.name}`;
      return undefined;
    },
  };
}

function keyUnit(
  shape: TableShape,
  columns: readonly string[],
  keys: readonly ForeignKeyShape[],
  late: boolean,
  total: number,
  random: Random,
): Unit {
  const shapes = new Map(shape.columns.map((column) => [column.name, column]));
  const nullable = new Set(columns.filter((name) => mayBeNull(shapes.get(name)!)));
  const single = shape.uniques.some(
    (unique) => unique.columns.length > 0 && unique.columns.every((name) => columns.includes(name)),
  );
  const deck = nullDeck(total, 0.25, random);
  let turn = 0;
  const checked = shape.checks.some((check) => check.columns.some((name) => columns.includes(name)));
  let count = 0;
  const parentsOf = (
    key: ForeignKeyShape,
    row: Cells,
    fixed: Cells,
    own: readonly Cells[],
    rowsOf: RowsOf,
  ): readonly Cells[] => {
    const fits = (parent: Cells): boolean =>
      key.parentColumns.every(
        (name, i) =>
          parent[name] !== null &&
          parent[name] !== undefined &&
          (fixed[key.columns[i]!] === undefined || fixed[key.columns[i]!] === parent[name]),
      );
    const self =
      key.parent === shape.id && key.parentColumns.every((name) => !columns.includes(name) && row[name] !== undefined);
    const all = key.parent === shape.id ? own : rowsOf(key.parent);
    const free = key.columns.every((name) => fixed[name] === undefined);
    const one = free && !single && !self && all.length > 0 ? random.pick(all) : undefined;
    const found = one && fits(one) ? [one] : all.filter(fits);
    return self && (found.length === 0 || random.chance(0.05)) && fits(row) ? [...found, row] : found;
  };
  const tryOnce = (
    row: Cells,
    wantNull: boolean,
    given: Cells,
    own: readonly Cells[],
    rowsOf: RowsOf,
  ): { readonly cells: Cells } | { readonly why: string } => {
    const cells: Cells = { ...given };
    for (const key of random.shuffled(keys)) {
      if (key.columns.some((name) => cells[name] === null) && !key.full) {
        for (const name of key.columns) if (!(name in cells)) cells[name] = nullable.has(name) ? null : undefined;
        continue;
      }
      const free = key.columns.filter((name) => cells[name] === undefined && nullable.has(name));
      const parents =
        wantNull && free.length > 0 && !key.full
          ? []
          : wantNull && key.full && free.length === key.columns.length
            ? []
            : parentsOf(key, row, cells, own, rowsOf);
      if (parents.length > 0) {
        const parent = single ? parents[count++ % parents.length]! : random.pick(parents);
        key.columns.forEach((name, i) => (cells[name] = parent[key.parentColumns[i]!] as string));
        continue;
      }
      if (free.length === 0 || (key.full && free.length < key.columns.length))
        return {
          why: `${key.columns.join(", ")} points at ${key.parent === "" ? "a partition" : relationName(key.parent)}, which has no rows to point at`,
        };
      // MATCH SIMPLE looks no further where one column is NULL.
      const nulls = key.full || random.chance(0.5) ? free : [random.pick(free)];
      const other = parentsOf(key, row, cells, own, rowsOf);
      const parent = other.length > 0 ? random.pick(other) : undefined;
      key.columns.forEach((name, i) => {
        if (nulls.includes(name)) cells[name] = null;
        else if (cells[name] === undefined)
          cells[name] = parent?.[key.parentColumns[i]!] ?? (nullable.has(name) ? null : undefined);
      });
    }
    for (const name of columns) {
      if (cells[name] !== undefined) continue;
      // A column of a key that NULL in another one leaves free.
      const { type, modifier } = shapes.get(name)!;
      const text = valueAt(type, modifier, random.below(total * 2), name);
      if (text === undefined) return { why: `no values are known for ${name} of type ${type.name}` };
      cells[name] = text;
    }
    return { cells };
  };
  return {
    columns,
    late,
    bold: false,
    assign(row, { attempt, own, rowsOf, fixed }) {
      const given = Object.fromEntries(columns.filter((name) => name in fixed).map((name) => [name, fixed[name]]));
      let why: string | undefined;
      const wantNull =
        nullable.size > 0 && (attempt === 0 ? deck[turn++ % total] === true : random.chance(checked ? 0.4 : 0.25));
      for (let i = 0; i < 20; i++) {
        const made = tryOnce(row, wantNull && i < 10, given, own, rowsOf);
        if ("cells" in made) {
          Object.assign(row, made.cells);
          return undefined;
        }
        why = made.why;
      }
      return why;
    },
  };
}
