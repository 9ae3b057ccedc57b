import { postgresReader } from "../../sql/postgres/read.ts";
import type { Failure, RelationId } from "../../model/effects.ts";
import { type Batch, insertBatches } from "./rows-insert.ts";
import { countOffending } from "./rows-count.ts";
import { type Cells, planTable } from "./rows-plan.ts";
import { matchParents } from "./rows-matched.ts";
import { type Making, recipeFor } from "./rows-recipes.ts";
import { type TableShape, identifier, readSchema } from "./rows-schema.ts";
import { relationSql } from "./rows-sql.ts";
import type { Session } from "./session.ts";

/** Rows that are there to make a statement fail. */
export interface Hurting {
  readonly failure: Failure;
  /** "3 rows whose post_id has no parent in posts"; empty where there are none. */
  readonly rows: string;
  readonly count: number;
  /** Why there are none, as a clause: "title is NOT NULL until now". */
  readonly why?: string;
}

/** Tables of the deployed schema with their rows, those that are added here among them. */
export interface Present {
  readonly tables: ReadonlyMap<RelationId, TableShape>;
  readonly rows: Map<RelationId, Cells[]>;
}

const ROUNDS = 3;

/**
 * Adds rows that the schema as it stands allows and that would make statements to come fail, with others beside them that
 * would not. One result for each failure, in their order.
 */
export async function addHurtingRows(session: Session, failures: readonly Failure[], { seed }: { readonly seed: number }): Promise<readonly Hurting[]> {
  if (failures.length === 0) return [];
  await postgresReader.load();
  const tables = new Map((await readSchema(session)).map((table) => [table.id, table]));
  await matchParents(session, failures, tables);
  const present: Present = { tables, rows: await rowsOf(session, failures, tables) };
  const made = new Map<string, Omit<Hurting, "failure">>();
  const result: Hurting[] = [];
  for (const failure of failures) {
    const key = keyOf(failure);
    const known = made.get(key) ?? (await hurt(session, failure, present, seed, key));
    made.set(key, known);
    result.push({ failure, ...known });
  }
  return result;
}

/** What is asked of the rows, whoever asks. */
const keyOf = ({ kind, relation, columns, parent, parentColumns, demand }: Failure): string => JSON.stringify([kind, relation, columns, parent, parentColumns, demand]);

async function hurt(session: Session, failure: Failure, present: Present, seed: number, key: string): Promise<Omit<Hurting, "failure">> {
  const none = (why: string): Omit<Hurting, "failure"> => ({ rows: "", count: 0, why });
  const shape = present.tables.get(failure.relation);
  if (!shape) return none(`${shortName(failure.relation)} is not there before the deployment`);
  const recipe = await recipeFor(session, failure, shape, present);
  if ("why" in recipe) return none(recipe.why);
  let why: string | undefined;
  let added = 0;
  for (const making of recipe.make ?? []) {
    const before = present.rows.get(making.shape.id)?.length ?? 0;
    why = await insert(session, making, present, seed, key);
    added = (present.rows.get(making.shape.id)?.length ?? 0) - before;
  }
  const count = recipe.counted ? recipe.counted(added) : await countOffending(session, failure);
  if (count === undefined) return none("what it asks of the rows is not understood");
  if (count === 0) return none(why ?? "no such rows were found");
  return { rows: recipe.phrase(count), count };
}

/** Adds rows by a recipe; the reason where PostgreSQL takes none. */
async function insert(session: Session, make: Making, { rows: present }: Present, seed: number, key: string): Promise<string | undefined> {
  const { shape } = make;
  const existing = present.get(shape.id) ?? [];
  const plan = planTable(shape, { seed, wanted: make.total, salt: key, late: [], existing, rowsOf: (table) => present.get(table) ?? [], forced: make.forced });
  const inserted = new Set(existing);
  let why: string | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    plan.add(make.total);
    const rows = plan.rows.filter((row) => !inserted.has(row));
    why ??= plan.why;
    if (rows.length === 0) break;
    const batch: Batch = { number: 0, after: [], whole: false, tables: [{ shape, rows }], deferred: [], around: openConstraints(make.deployed) };
    const { refused } = await insertBatches(session, [batch]);
    const bad = new Set(refused.flatMap(({ row }): readonly (Cells | undefined)[] => (row < 0 ? rows : [rows[row]])).filter((row) => row !== undefined));
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

export const shortName = (relation: RelationId): string => relation.replace(/^public\./, "");

const MOST = 500;

/** Rows of the tables that failures are about, and of all that these point at. */
async function rowsOf(session: Session, failures: readonly Failure[], tables: ReadonlyMap<RelationId, TableShape>): Promise<Map<RelationId, Cells[]>> {
  const wanted = new Set<RelationId>();
  for (const { relation, parent } of failures) {
    for (const id of [relation, ...(parent === undefined ? [] : [parent]), ...(tables.get(relation)?.keys.map((key) => key.parent) ?? [])]) if (tables.has(id)) wanted.add(id);
  }
  if (wanted.size === 0) return new Map();
  const shapes = [...wanted].map((id) => tables.get(id)!);
  const queries = shapes.map(({ id, columns }) => `(select json_agg(r) from (select json_build_array(${columns.slice(0, 90).map(({ name }) => `${identifier(name)}::text`).join(", ")}) as r from ${relationSql(id)} limit ${MOST}) x)`);
  const [row] = await session.query<{ rows: ((string | null)[][] | null)[] }>(`select to_json(array[${queries.join(", ")}]) as rows`);
  return new Map(shapes.map(({ id, columns }, i) => [id, (row!.rows[i] ?? []).map((cells): Cells => Object.fromEntries(columns.slice(0, 90).map(({ name }, at) => [name, cells[at]])))]));
}

