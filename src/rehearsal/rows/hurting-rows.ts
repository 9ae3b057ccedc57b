import { loadReader } from "../../sql/readers.ts";
import type { Statement } from "../../sql/statement.ts";
import type { Failure, RelationId } from "../../model/effects.ts";
import { identifier, quotedRelation, relationName } from "../../sql/names.ts";
import type { Present, Making, NoRecipe, Recipe } from "./recipe.ts";
import { type Batch, insertBatches } from "./insertion.ts";
import { countOffending } from "./census.ts";
import type { Cells } from "./cells.ts";
import { planTable } from "./plan.ts";
import { matchParents } from "./parent-match.ts";
import { recipeFor } from "./recipes.ts";
import type { TableShape } from "./shapes.ts";
import { readSchema } from "./introspection.ts";
import type { ForeignKeyRows } from "./sql.ts";
import type { Session } from "../stage/session.ts";
import { type Spoken, spokenOf } from "./literals.ts";

/** Rows that are there to make a statement fail. */
export interface Hurting {
  readonly failure: Failure;
  /** "3 rows whose post_id has no parent in posts"; empty where there are none. */
  readonly rows: string;
  readonly count: number;
  /** Why there are none, as a clause: "title is NOT NULL until now". */
  readonly why?: string;
  /** The statements to come add columns that it is about. */
  readonly columnsAdded?: true;
}

export interface HurtingOptions {
  readonly seed: number;
  /** The statements to come: what they speak of is among the rows. */
  readonly statements?: readonly Statement[];
}

const ROUNDS = 3;

/**
 * Adds rows that the schema allows at that moment and that would make statements to come fail, with others beside them that
 * would not. One result for each failure, in their order.
 */
export async function addHurtingRows(
  session: Session,
  failures: readonly Failure[],
  { seed, statements = [] }: HurtingOptions,
): Promise<readonly Hurting[]> {
  if (failures.length === 0) return [];
  await loadReader("postgres");
  const tables = new Map((await readSchema(session)).map((table) => [table.id, table]));
  const coming = failures.flatMap(({ kind, relation: child, columns, parent, parentColumns }): ForeignKeyRows[] =>
    kind === "orphans" && parent !== undefined && parentColumns?.length === columns.length
      ? [{ child, columns, parent, parentColumns }]
      : [],
  );
  const spoken = spokenOf(statements, tables);
  await matchParents(session, failures, tables);
  const present: Present = { tables, coming, spoken, rows: await rowsOf(session, failures, spoken, tables) };
  const made = new Map<string, Made>();
  for (const failure of failures) {
    const key = keyOf(failure);
    if (!made.has(key)) made.set(key, await hurt(session, failure, present, seed, key));
  }
  const result: Hurting[] = [];
  const said = new Map<string, Omit<Hurting, "failure">>();
  // What is made for one failure may hurt another one too: all is counted when all are there.
  for (const failure of failures) {
    const key = keyOf(failure);
    const known = said.get(key) ?? (await outcome(session, failure, made.get(key)!));
    said.set(key, known);
    const shape = tables.get(failure.relation);
    const added =
      shape !== undefined && failure.columns.some((name) => !shape.columns.some((column) => column.name === name));
    result.push({ failure, ...known, ...(added && { columnsAdded: true }) });
  }
  return result;
}

/** What is asked of the rows, whoever asks. */
const keyOf = ({ kind, relation, columns, parent, parentColumns, demand }: Failure): string =>
  JSON.stringify([kind, relation, columns, parent, parentColumns, demand]);

type Made = NoRecipe | { readonly recipe: Recipe; readonly added: number; readonly why: string | undefined };

async function hurt(session: Session, failure: Failure, present: Present, seed: number, key: string): Promise<Made> {
  const shape = present.tables.get(failure.relation);
  if (!shape) return { why: `${relationName(failure.relation)} is not there before the deployment` };
  const recipe = await recipeFor(session, failure, shape, present);
  if ("make" in recipe || "phrase" in recipe) {
    let why: string | undefined;
    let added = 0;
    for (const [index, making] of (recipe.make ?? []).entries()) {
      const before = present.rows.get(making.shape.id)?.length ?? 0;
      const refused = await insert(session, making, present, seed, `${key} ${index}`);
      if (making.shape.id === failure.relation) why ??= refused;
      added = (present.rows.get(making.shape.id)?.length ?? 0) - before;
    }
    return { recipe, added, why };
  }
  return recipe;
}

async function outcome(session: Session, failure: Failure, made: Made): Promise<Omit<Hurting, "failure">> {
  const none = (why: string): Omit<Hurting, "failure"> => ({ rows: "", count: 0, why });
  if (!("recipe" in made)) return none(made.why);
  const { recipe, added, why } = made;
  const count = recipe.counted ? recipe.counted(added) : await countOffending(session, failure);
  if (count === undefined) return none("what it asks of the rows is not understood");
  if (count === 0) return none(why ?? "no such rows were found");
  return { rows: recipe.phrase(count), count };
}

/** Adds rows by a recipe; the reason where PostgreSQL takes none. */
async function insert(
  session: Session,
  make: Making,
  { rows: present }: Present,
  seed: number,
  key: string,
): Promise<string | undefined> {
  const { shape } = make;
  const existing = present.get(shape.id) ?? [];
  const plan = planTable(shape, {
    seed,
    wanted: make.total,
    salt: key,
    late: [],
    existing,
    rowsOf: (table) => present.get(table) ?? [],
    forced: make.forced,
  });
  const inserted = new Set(existing);
  let why: string | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    plan.add(make.total);
    const rows = plan.rows.filter((row) => !inserted.has(row));
    why ??= plan.why;
    if (rows.length === 0) break;
    const batch: Batch = {
      number: 0,
      after: [],
      whole: false,
      tables: [{ shape, rows }],
      deferred: [],
      around: openConstraints(make.deployed),
    };
    const { refused } = await insertBatches(session, [batch]);
    const bad = new Set(
      refused
        .flatMap(({ row }): readonly (Cells | undefined)[] => (row < 0 ? rows : [rows[row]]))
        .filter((row) => row !== undefined),
    );
    for (const row of rows) if (!bad.has(row)) inserted.add(row);
    if (refused[0]) why = `PostgreSQL refuses such rows: ${refused[0].message} (${refused[0].sqlstate})`;
    plan.remove(bad);
    if (bad.size === 0) break;
    plan.bold = true;
  }
  present.set(shape.id, plan.rows);
  return inserted.size > existing.length ? undefined : why;
}

/** What is NOT VALID holds for new rows; old ones may be there that it would not take. */
function openConstraints({ sql, notValid }: TableShape): NonNullable<Batch["around"]> {
  return {
    before: notValid.map(({ name }) => `alter table ${sql} drop constraint ${identifier(name)}`),
    end: notValid.map(({ name, definition }) => `alter table ${sql} add constraint ${identifier(name)} ${definition}`),
  };
}

const MOST = 500;

/** Rows of the tables that failures are about and that statements name, and of all that these point at. */
async function rowsOf(
  session: Session,
  failures: readonly Failure[],
  spoken: Spoken,
  tables: ReadonlyMap<RelationId, TableShape>,
): Promise<Map<RelationId, Cells[]>> {
  const wanted = new Set<RelationId>(spoken.tables);
  for (const { relation, parent } of failures) {
    for (const id of [
      relation,
      ...(parent === undefined ? [] : [parent]),
      ...(tables.get(relation)?.keys.map((key) => key.parent) ?? []),
    ])
      if (tables.has(id)) wanted.add(id);
  }
  if (wanted.size === 0) return new Map();
  const shapes = [...wanted].map((id) => tables.get(id)!);
  const queries = shapes.map(
    ({ id, columns }) =>
      `(select json_agg(r) from (select json_build_array(${columns
        .slice(0, 90)
        .map(({ name }) => `${identifier(name)}::text`)
        .join(", ")}) as r from ${quotedRelation(id)} limit ${MOST}) x)`,
  );
  const [row] = await session.query<{ rows: ((string | null)[][] | null)[] }>(
    `select to_json(array[${queries.join(", ")}]) as rows`,
  );
  return new Map(
    shapes.map(({ id, columns }, i) => [
      id,
      (row!.rows[i] ?? []).map(
        (cells): Cells => Object.fromEntries(columns.slice(0, 90).map(({ name }, at) => [name, cells[at]])),
      ),
    ]),
  );
}
