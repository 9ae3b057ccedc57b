import { exactSql } from "../../model/exact-sql.ts";
import { typeSql } from "../../model/sql.ts";
import type { Failure } from "../../model/effects.ts";
import { identifier, literal, quotedRelation } from "../../sql/names.ts";
import { distinctKeys, keyGiven, matched, offends, type ForeignKeyRows } from "./sql.ts";
import type { KeyCensus } from "../../evidence/rehearsal.ts";
import type { Session } from "../stage/session.ts";

/** How many rows of the child of a foreign key have a parent, none, or a NULL in the key (MATCH SIMPLE). Undefined where tables or columns are not there. */
export async function census(session: Session, key: ForeignKeyRows): Promise<KeyCensus | undefined> {
  if (key.columns.length === 0 || key.columns.length !== key.parentColumns.length) return undefined;
  const given = keyGiven(key.columns);
  const found = await asked(
    session,
    `select json_build_array(count(*) filter (where not (${given})), count(*) filter (where ${given} and ${matched(key)}), count(*) filter (where ${given} and not ${matched(key)}))::text from ${quotedRelation(key.child)} c`,
  );
  const [nullKeys = 0, both = 0, orphans = 0] = found === undefined ? [] : (JSON.parse(found) as number[]);
  return found === undefined ? undefined : { orphans, matched: both, nullKeys };
}

/** How many rows are there now that would make a statement fail. Undefined where that cannot be counted: what it speaks of is not there, or was not understood. */
export async function countOffending(session: Session, failure: Failure): Promise<number | undefined> {
  const sql = countSql(failure);
  const found = sql === undefined ? await tried(session, failure, "") : await asked(session, sql);
  return found === undefined ? undefined : Number(found);
}

function countSql(failure: Failure): string | undefined {
  const table = quotedRelation(failure.relation);
  const predicate = offends(failure);
  if (predicate !== undefined) return `select count(*)::text from ${table} c where ${predicate}`;
  if (failure.demand?.kind === "atMost")
    return `select (case when count(*) > ${failure.demand.rows} then count(*) else 0 end)::text from ${table}`;
  const distinct = distinctKeys(failure);
  if (!distinct) return undefined;
  const { keys, where, nullsNotDistinct } = distinct;
  const conditions = [
    ...(where === undefined ? [] : [`(${where})`]),
    ...(nullsNotDistinct ? [] : keys.map((key) => `(${key}) is not null`)),
  ];
  return `select coalesce(sum(n), 0)::text from (select count(*) as n from ${table} ${conditions.length > 0 ? `where ${conditions.join(" and ")}` : ""} group by ${keys.map((key) => `(${key})`).join(", ")} having count(*) > 1) c`;
}

/**
 * The answer of a query for one text. Undefined where it fails: a statement between may have renamed or dropped what it
 * asks for. Within a transaction that goes on after it.
 */
export async function asked(session: Session, sql: string): Promise<string | undefined> {
  return answered(
    session,
    `declare answer text; begin
    begin execute ${literal(sql)} into answer; exception when others then answer := null; end;
    perform set_config('lockstep.answer', coalesce(answer, 'null'), false); end`,
  );
}

async function answered(session: Session, body: string): Promise<string | undefined> {
  const [row] = await session.query<{ answer: string }>(
    `do ${literal(body)}; select current_setting('lockstep.answer') as answer`,
  );
  return row === undefined || row.answer === "null" ? undefined : row.answer;
}

/** Assigns each row's value to the new type, as ALTER COLUMN … TYPE does, and does `then` with each row where that fails. The number of those. */
export async function tried(session: Session, failure: Failure, then: string): Promise<string | undefined> {
  const { demand, columns } = failure;
  if (demand?.kind !== "type") return undefined;
  const value = demand.using ? exactSql(demand.using) : identifier(columns[0] ?? "");
  if (value === undefined) return undefined;
  const table = quotedRelation(failure.relation);
  // An inner block is compiled when it runs, so that a type that is not there yet is an error to catch.
  const inner = `#variable_conflict use_column
    declare lockstep_target ${typeSql(demand.to)}; lockstep_row record; lockstep_count int := 0; begin
      for lockstep_row in select tableoid, ctid from ${table} loop
        begin select ${value} into lockstep_target from ${table} where tableoid = lockstep_row.tableoid and ctid = lockstep_row.ctid;
        exception when others then
          lockstep_count := lockstep_count + 1;
          ${then}
        end;
      end loop;
      perform set_config('lockstep.answer', lockstep_count::text, false); end`;
  const found = await answered(
    session,
    `begin
    begin execute ${literal(`do ${literal(inner)}`)}; exception when others then perform set_config('lockstep.answer', 'null', false); end; end`,
  );
  if (found !== undefined || !demand.labels || then !== "") return found;
  const column = identifier(columns[0] ?? "");
  return asked(
    session,
    `select count(*)::text from ${table} where ${column} is not null and ${column}::text not in (${demand.labels.map(literal).join(", ") || "null"})`,
  );
}
