import { relationName } from "../../sql/names.ts";
import { type DownStep, type Note, PHASE } from "./step.ts";
import type { Limit, Session } from "../stage/session.ts";
import type { DatabaseError } from "../../evidence/rehearsal.ts";

/** A statement of a down.sql that ran. */
export interface RunStatement {
  /** Prisma's word for it; absent where it goes on with what the one before began. */
  readonly title?: string;
  readonly sql: string;
  readonly notes: readonly Note[];
}

/** Its notes are still to be read from the statement, where the plan gave none. */
export type PlannedStatement = Omit<RunStatement, "notes"> & { readonly notes?: readonly Note[] };

/**
 * Runs steps inside of the open transaction. What cannot run yet is tried again after the others; what others depend on is tried again
 * after those were dropped. Returns the statements that ran, in the order in which they did; what never ran has left nothing.
 */
export async function runSteps(
  session: Session,
  steps: readonly DownStep[],
  limit: Limit,
): Promise<readonly PlannedStatement[]> {
  const done: PlannedStatement[] = [];
  let waiting = steps;
  for (;;) {
    const left: DownStep[] = [];
    for (const each of waiting) {
      const ran = await runStep(session, each, limit, 0);
      if (ran === undefined) left.push(each);
      else done.push(...ran);
    }
    if (left.length === 0 || left.length === waiting.length) return done;
    waiting = left;
  }
}

/** Views over views over views: deeper than that is a cycle. */
const DEPTH = 12;

async function runStep(
  session: Session,
  step: DownStep,
  limit: Limit,
  depth: number,
): Promise<readonly PlannedStatement[] | undefined> {
  let blocked = false;
  for (const way of step.ways) {
    const error = await runWay(session, way, limit);
    if (error === undefined) return statements(step, way);
    // dependent_objects_still_exist; feature_not_supported: "cannot alter type of a column used by a view or rule"
    blocked ||= error.sqlstate === "2BP01" || error.sqlstate === "0A000";
  }
  if (!blocked || step.touches === undefined || depth > DEPTH) return undefined;
  const dropped: PlannedStatement[] = [];
  for (const dependent of await dependents(session, step.touches))
    dropped.push(...((await runStep(session, dependent, limit, depth + 1)) ?? []));
  if (dropped.length === 0) return undefined;
  for (const way of step.ways)
    if ((await runWay(session, way, limit)) === undefined) return [...dropped, ...statements(step, way)];
  // What was dropped is missing from now on, and comes back with the next plan.
  return dropped;
}

const statements = ({ title, notes }: DownStep, way: readonly string[]): readonly PlannedStatement[] =>
  way.map((sql, i) => ({ ...(i === 0 && { title }), sql, ...(notes && { notes: i === 0 ? notes : [] }) }));

async function runWay(session: Session, way: readonly string[], limit: Limit): Promise<DatabaseError | undefined> {
  await session.query("savepoint lockstep");
  for (const sql of way) {
    const ran = await session.run(sql, limit);
    if (ran.ok) continue;
    await session.query("rollback to savepoint lockstep");
    return ran.error;
  }
  await session.query("release savepoint lockstep");
  return undefined;
}

interface Dependent {
  readonly catalog: "pg_class" | "pg_type" | "pg_proc" | "pg_constraint" | "pg_policy" | "pg_trigger";
  readonly oid: number;
  readonly type: string;
  readonly identity: string;
}

/** What keeps an object from being dropped or altered, as steps that drop it. Views show in pg_depend by their rules. */
async function dependents(
  session: Session,
  { catalog, oid }: NonNullable<DownStep["touches"]>,
): Promise<readonly DownStep[]> {
  const arrays = catalog === "pg_type" ? `, (select typarray from pg_type where oid = ${oid})` : "";
  const found = await session.query<Dependent>(`
    select distinct o.class::regclass::text as catalog, o.objid::int8::text::int4 as oid, i.type, i.identity
    from pg_depend d left join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
      cross join lateral (select case when r.oid is null or r.rulename <> '_RETURN' then d.classid else 'pg_class'::regclass end as class, case when r.oid is null or r.rulename <> '_RETURN' then d.objid else r.ev_class end as objid) o
      cross join lateral pg_identify_object(o.class, o.objid, 0) i
    where d.refclassid = '${catalog}'::regclass and d.refobjid in (${oid}${arrays}) and d.deptype in ('n', 'a') and o.objid <> ${oid} and i.identity is not null
    order by 3, 4`);
  return found.flatMap((dependent) => {
    const drop = dropOf(dependent);
    if (drop === undefined) return [];
    const { oid: own, catalog: kind } = dependent;
    const touches =
      kind === "pg_class" || kind === "pg_type" || kind === "pg_proc" ? { catalog: kind, oid: own } : undefined;
    return [
      {
        title: drop.title,
        phase: PHASE.dropDependents,
        ways: [[drop.sql]],
        visible: false,
        ...(touches && { touches }),
      },
    ];
  });
}

function dropOf({ type, identity }: Dependent): { readonly title: string; readonly sql: string } | undefined {
  const on = / on (.*)$/.exec(identity);
  const [name, table] = [identity.slice(0, on?.index ?? identity.length), on?.[1] ?? ""];
  switch (type) {
    case "view":
      return { title: "DropView", sql: `DROP VIEW ${relationName(identity)}` };
    case "materialized view":
      return { title: "DropMaterializedView", sql: `DROP MATERIALIZED VIEW ${relationName(identity)}` };
    case "function":
    case "procedure":
    case "aggregate":
      return { title: "DropFunction", sql: `DROP ${type.toUpperCase()} ${relationName(identity)}` };
    case "policy":
    case "trigger":
    case "rule":
      return {
        title: `Drop${type.replace(/^./, (letter) => letter.toUpperCase())}`,
        sql: `DROP ${type.toUpperCase()} ${name} ON ${relationName(table)}`,
      };
    case "table constraint":
      return { title: "AlterTable", sql: `ALTER TABLE ${relationName(table)} DROP CONSTRAINT ${name}` };
    default:
      return undefined;
  }
}
