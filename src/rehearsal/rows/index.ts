export { type Hurting, addHurtingRows } from "./hurting-rows.ts";
export { census } from "./census.ts";
export { type KeyedRows, keyedRows, taken } from "./keyed-rows.ts";
export type { ForeignKeyRows } from "./sql.ts";
export { cure, hurtingLeft } from "./cure.ts";
import type { RelationId } from "../../model/effects.ts";
import { identifier } from "../../sql/names.ts";
import { type Batch, type RefusedRow, insertBatches } from "./insertion.ts";
import { type Group, fillingOrder } from "./filling-order.ts";
import type { Cells } from "./cells.ts";
import { type TablePlan, planTable } from "./plan.ts";
import type { TableShape } from "./shapes.ts";
import { readSchema } from "./introspection.ts";
import type { Session } from "../stage/session.ts";

export interface FillOptions {
  /** Rows per table. */
  readonly rows: number;
  readonly seed: number;
  /** Only these tables. */
  readonly only?: readonly RelationId[];
}

export interface FilledTables {
  /** Tables that got rows, and how many: fewer than asked for where a unique key has no more values. */
  readonly filled: readonly { readonly relation: RelationId; readonly rows: number }[];
  /** Tables that had to stay empty, with the reason as a clause. */
  readonly unfilled: readonly { readonly relation: RelationId; readonly why: string }[];
}

const ROUNDS = 12;

/**
 * Gives every empty table rows that satisfy its constraints. Tables with rows stay as they are. The same schema, numbers
 * and seed make the same rows on every machine; triggers do not run.
 */
export async function fillTables(session: Session, options: FillOptions): Promise<FilledTables> {
  const schema = (await readSchema(session)).filter((table) => !table.partition);
  const state = await presentRows(session, schema);
  const wanted = schema.filter(
    (table) => !state.occupied.has(table.id) && (options.only?.includes(table.id) ?? true) && !table.placeless,
  );
  const placeless = schema.filter((table) => table.placeless && (options.only?.includes(table.id) ?? true));
  const groups = fillingOrder(wanted).map((group, number) => planGroup(group, number, options, state.rows));
  let open = groups;
  const why = new Map<string, string>();
  for (let round = 0; round < ROUNDS && open.length > 0; round++) {
    const last = round === ROUNDS - 1;
    for (const group of open) group.make(last);
    const { refused, failed } = await insertBatches(
      session,
      open.map((group) => group.batch(groups)),
    );
    for (const each of refused) {
      const table = groups[each.batch]?.plans[each.table];
      if (table) why.set(table.shape.id, refusal(each));
    }
    for (const group of open)
      group.took(
        refused.filter((each) => each.batch === group.number),
        failed.includes(group.number),
      );
    open = open.filter((group) => failed.includes(group.number));
  }
  const plans = groups.flatMap((group) => group.plans);
  return {
    filled: plans
      .flatMap(({ shape, rows }) => (rows.length > 0 ? [{ relation: shape.id, rows: rows.length }] : []))
      .sort(byRelation),
    unfilled: [
      ...placeless.map(({ id }) => ({ relation: id, why: "it has no partition" })),
      ...plans.flatMap((plan) =>
        plan.rows.length > 0 || options.rows < 1
          ? []
          : [
              {
                relation: plan.shape.id,
                why: why.get(plan.shape.id) ?? plan.why ?? "no rows were found that satisfy its constraints",
              },
            ],
      ),
    ].sort(byRelation),
  };
}

const byRelation = (a: { readonly relation: string }, b: { readonly relation: string }): number =>
  a.relation < b.relation ? -1 : 1;

const refusal = ({ sqlstate, message }: RefusedRow): string => `PostgreSQL refuses its rows: ${message} (${sqlstate})`;

interface GroupPlan {
  readonly number: number;
  readonly plans: readonly TablePlan[];
  /** Rows for this round. */
  make(last: boolean): void;
  batch(groups: readonly GroupPlan[]): Batch;
  /** What PostgreSQL made of them. */
  took(refused: readonly RefusedRow[], failed: boolean): void;
}

function planGroup(
  group: Group,
  number: number,
  { rows: wanted, seed }: FillOptions,
  present: Map<string, Cells[]>,
): GroupPlan {
  const plans = group.tables.map((shape) => {
    const plan = planTable(shape, {
      seed,
      wanted,
      late: group.late.get(shape.id) ?? [],
      rowsOf: (table) => present.get(table) ?? [],
    });
    present.set(shape.id, plan.rows);
    return plan;
  });
  /** Rows that PostgreSQL has. */
  const inserted = new Set<Cells>();
  const sent: Cells[][] = [];
  /** Takes rows out, and within the group what points at them. */
  const prune = (gone: Set<Cells>): void => {
    for (let more = true; more; ) {
      for (const plan of plans) plan.remove(gone);
      more = false;
      for (const plan of group.inner ? plans : [])
        for (const row of plan.rows) {
          const orphan = plan.shape.keys.some((key) => {
            const parents = plans.find(({ shape }) => shape.id === key.parent)?.rows;
            return (
              parents !== undefined &&
              key.columns.every((name) => row[name] !== null && row[name] !== undefined) &&
              !parents.some((parent) => key.parentColumns.every((name, i) => parent[name] === row[key.columns[i]!]))
            );
          });
          if (orphan && !inserted.has(row)) {
            gone.add(row);
            more = true;
          }
        }
    }
  };
  return {
    number,
    plans,
    make(last) {
      for (let lost = -1, again = 0; lost !== 0 && again < 5; again++) {
        if (!last || plans.every((plan) => plan.rows.length === 0)) for (const plan of plans) plan.add(wanted);
        const gone = new Set(plans.flatMap((plan) => plan.settle()));
        lost = gone.size;
        if (group.inner) prune(gone);
      }
      sent.splice(0, sent.length, ...plans.map((plan) => plan.rows.filter((row) => !inserted.has(row))));
    },
    batch: (groups) => ({
      number,
      after: groups
        .filter(
          (other) =>
            other.number < number &&
            plans.some((plan) =>
              plan.shape.keys.some((key) => other.plans.some(({ shape }) => shape.id === key.parent)),
            ),
        )
        .map((other) => other.number),
      whole: group.inner,
      tables: plans.map((plan, i) => ({ shape: plan.shape, rows: sent[i] ?? [] })),
      deferred:
        plans.length > 1
          ? plans.flatMap((plan) => plan.late.map((key) => ({ table: plan.shape.sql, constraint: key.name })))
          : [],
    }),
    took(refused, failed) {
      if (!failed) {
        for (const row of sent.flat()) inserted.add(row);
        return;
      }
      if (refused.length === 0) {
        // It waited for others, whose rows are no longer what they were.
        prune(new Set(sent.flat()));
        return;
      }
      const bad = new Set(
        refused
          .flatMap(({ table, row }): readonly (Cells | undefined)[] => (row < 0 ? sent.flat() : [sent[table]?.[row]]))
          .filter((row) => row !== undefined),
      );
      if (!group.inner) for (const row of sent.flat()) if (!bad.has(row)) inserted.add(row);
      for (const plan of plans) plan.bold = true;
      prune(bad);
    },
  };
}

/** Which tables have rows, and the keys that rows of others may point at. */
async function presentRows(
  session: Session,
  schema: readonly TableShape[],
): Promise<{ readonly occupied: ReadonlySet<string>; readonly rows: Map<string, Cells[]> }> {
  if (schema.length === 0) return { occupied: new Set(), rows: new Map() };
  const [row] = await session.query<{ some: boolean[] }>(
    `select to_json(array[${schema.map(({ sql, partitioned }) => `exists (select from ${partitioned ? "" : "only "}${sql})`).join(", ")}]) as some`,
  );
  const occupied = new Set(schema.filter((_, i) => row!.some[i] === true).map(({ id }) => id));
  const parents = schema
    .filter(({ id }) => occupied.has(id))
    .flatMap((table) => {
      const columns = [
        ...new Set(
          schema.flatMap((child) =>
            occupied.has(child.id)
              ? []
              : child.keys.filter((key) => key.parent === table.id).flatMap((key) => key.parentColumns),
          ),
        ),
      ];
      return columns.length > 0 ? [{ table, columns }] : [];
    });
  if (parents.length === 0) return { occupied, rows: new Map() };
  const queries = parents.map(({ table, columns }) => {
    const texts = columns.map((name) => `${identifier(name)}::text`).join(", ");
    return `(select json_agg(json_build_array(${columns.map((_, i) => `x.c${i}`).join(", ")})) from (select ${texts} from ${table.sql} limit 200) x (${columns.map((_, i) => `c${i}`).join(", ")}))`;
  });
  const [keys] = await session.query<{ keys: (Cell[][] | null)[] }>(
    `select to_json(array[${queries.join(", ")}]) as keys`,
  );
  return {
    occupied,
    rows: new Map(
      parents.map(({ table, columns }, i) => [
        table.id,
        (keys!.keys[i] ?? []).map((cells) => Object.fromEntries(columns.map((name, at) => [name, cells[at]]))),
      ]),
    ),
  };
}

type Cell = Cells[string];
