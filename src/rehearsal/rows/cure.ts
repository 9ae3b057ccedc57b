import type { Failure } from "../../model/effects.ts";
import { identifier, literal, quotedRelation } from "../../sql/names.ts";
import { countOffending, tried } from "./census.ts";
import type { Hurting } from "./hurting-rows.ts";
import { distinctKeys, offends } from "./sql.ts";
import type { Session } from "../stage/session.ts";

/** How many rows are there now that would make the statement fail; undefined where that cannot be counted. */
export function hurtingLeft(session: Session, { failure }: Hurting): Promise<number | undefined> {
  return countOffending(session, failure);
}

/**
 * Takes away what would make the statement fail, and what points at it, within the open transaction. Where that is not
 * known, or where something is left, the table is emptied.
 */
export async function cure(session: Session, { failure }: Hurting): Promise<void> {
  if (failure.demand?.kind === "type") {
    await tried(
      session,
      failure,
      `delete from ${quotedRelation(failure.relation)} where tableoid = lockstep_row.tableoid and ctid = lockstep_row.ctid;`,
    );
    await work(session, failure, []);
  } else await work(session, failure, deletions(failure));
  const left = await countOffending(session, failure);
  if (left !== 0) await work(session, failure, [`delete from ${quotedRelation(failure.relation)}`]);
}

function deletions(failure: Failure): readonly string[] {
  const table = quotedRelation(failure.relation);
  const predicate = offends(failure);
  if (predicate !== undefined) {
    const { kind, columns } = failure;
    const remove = `delete from ${table} c where ${predicate}`;
    // NULL in the key keeps the rows and what points at them.
    return kind === "orphans"
      ? [
          `update ${table} c set ${columns.map((name) => `${identifier(name)} = null`).join(", ")} where ${predicate}`,
          remove,
        ]
      : [remove];
  }
  const distinct = distinctKeys(failure);
  if (!distinct) return [];
  const { keys, where, nullsNotDistinct } = distinct;
  const conditions = [
    ...(where === undefined ? [] : [`(${where})`]),
    ...(nullsNotDistinct ? [] : keys.map((key) => `(${key}) is not null`)),
  ];
  return [
    `delete from ${table} where (tableoid, ctid) in (select tableoid, ctid from (select tableoid, ctid, row_number() over (partition by ${keys.map((key) => `(${key})`).join(", ")} order by tableoid, ctid) as n from ${table} ${conditions.length > 0 ? `where ${conditions.join(" and ")}` : ""}) x where n > 1)`,
  ];
}

/**
 * Runs statements until they change nothing more, then removes what points at rows that are gone. One that fails is passed
 * over. Triggers do not run where the session may switch them off, so that this does by itself what foreign keys ask for.
 */
async function work(session: Session, failure: Failure, statements: readonly string[]): Promise<void> {
  const body = `
    declare prior text := current_setting('session_replication_role'); one text; n int; changed bool; k record; todo oid[]; next oid[]; seen int := 0;
    begin
      if ${session.server.superuser} then perform set_config('session_replication_role', 'replica', true); end if;
      loop
        changed := false;
        foreach one in array array[${statements.map(literal).join(", ")}]::text[] loop
          begin execute one; get diagnostics n = row_count; changed := changed or n > 0; exception when others then null; end;
        end loop;
        seen := seen + 1;
        exit when not changed or seen > 50;
      end loop;
      todo := array[to_regclass(${literal(quotedRelation(failure.relation))})::oid];
      todo := todo || array(select inhparent from pg_inherits where inhrelid = todo[1]);
      while cardinality(todo) > 0 and seen < 500 loop
        next := '{}';
        for k in select c.conrelid, c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent,
            (select string_agg(format('c.%I is not null', a.attname), ' and ') from unnest(c.conkey) x join pg_attribute a on a.attrelid = c.conrelid and a.attnum = x) as given,
            (select string_agg(format('c.%I = p.%I', a.attname, b.attname), ' and ') from unnest(c.conkey, c.confkey) x (child, parent) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = x.child join pg_attribute b on b.attrelid = c.confrelid and b.attnum = x.parent) as pairs
          from pg_constraint c where c.contype = 'f' and c.conparentid = 0 and c.convalidated and c.confrelid = any (todo)
        loop
          begin
            execute format('delete from %s c where %s and not exists (select from %s p where %s)', k.child, k.given, k.parent, k.pairs);
            get diagnostics n = row_count;
            if n > 0 then next := next || k.conrelid; end if;
          exception when others then null;
          end;
        end loop;
        todo := next;
        seen := seen + 1;
      end loop;
      if ${session.server.superuser} then perform set_config('session_replication_role', prior, true); end if;
    end`;
  await session.query(`do ${literal(body)}`);
}
