import type { Session } from "../stage/session.ts";
import { identifier, literal } from "../../sql/names.ts";
import type { TableShape } from "./shapes.ts";
import type { Cells } from "./cells.ts";

/** Rows of a group of tables, to be taken together or, without `whole`, as many as PostgreSQL takes. */
export interface Batch {
  readonly number: number;
  /** Batches without whose rows these have no parents. */
  readonly after: readonly number[];
  readonly whole: boolean;
  readonly tables: readonly { readonly shape: TableShape; readonly rows: readonly Cells[] }[];
  /** Keys that have to wait for rows of their own group. */
  readonly deferred: readonly { readonly table: string; readonly constraint: string }[];
  /** Statements before and after the rows. */
  readonly around?: { readonly before: readonly string[]; readonly end: readonly string[] };
}

export interface RefusedRow {
  readonly batch: number;
  readonly table: number;
  readonly row: number;
  readonly sqlstate: string;
  readonly message: string;
}

export interface Inserted {
  readonly refused: readonly RefusedRow[];
  /** Batches with refused rows, and those that wait for them. */
  readonly failed: readonly number[];
}

/** Inserts in one message. Triggers do not run where the session may switch them off for itself; else those of tables are. */
export async function insertBatches(session: Session, batches: readonly Batch[]): Promise<Inserted> {
  const given = JSON.stringify(
    batches.map((batch) => ({ ...described(batch), ...around(batch, session.server.superuser) })),
  );
  const sql = `do ${quotedBody(given, (data) => BODY.replace("GIVEN", () => data).replaceAll("ROLE", () => (session.server.superuser ? "replica" : "")))};
    select current_setting('lockstep.refused')::json as refused, current_setting('lockstep.failed')::json as failed`;
  const [row] = await session.query<{ refused: [number, number, number, string, string][]; failed: number[] }>(sql);
  return {
    refused: row!.refused.map(([batch, table, at, sqlstate, message]) => ({
      batch,
      table,
      row: at,
      sqlstate,
      message,
    })),
    failed: row!.failed,
  };
}

function described({ number, after, whole, tables }: Batch): Record<string, unknown> {
  return {
    number,
    after,
    whole,
    tables: tables.map(({ shape, rows }) => {
      const columns = shape.columns.filter((column) => !column.generated);
      return {
        head: `insert into ${shape.sql} (${columns.map(({ name }) => identifier(name)).join(", ")}) overriding system value values `,
        rows: rows.map((row) => `(${columns.map(({ name }) => cellSql(row[name])).join(",")})`),
      };
    }),
    then: tables.flatMap(({ shape, rows }) =>
      shape.columns.flatMap(({ name, sequences }) => {
        const most = Math.max(0, ...rows.map((row) => Number(row[name] ?? 0)));
        return sequences
          .filter(() => most > 0)
          .map(
            (sequence) =>
              `select setval(${literal(sequence)}, greatest(${most}, (select last_value from ${sequence})))`,
          );
      }),
    ),
  };
}

function around(
  { tables, deferred, around: own = { before: [], end: [] } }: Batch,
  superuser: boolean,
): { readonly before: readonly string[]; readonly end: readonly string[] } {
  if (superuser) return own;
  const triggers = tables.filter(({ shape }) => shape.triggers);
  return {
    before: [
      ...own.before,
      ...triggers.map(({ shape }) => `alter table ${shape.sql} disable trigger user`),
      ...deferred.map(
        ({ table, constraint }) =>
          `alter table ${table} alter constraint ${identifier(constraint)} deferrable initially deferred`,
      ),
    ],
    end: [
      ...(deferred.length > 0 ? ["set constraints all immediate"] : []),
      ...deferred.map(
        ({ table, constraint }) => `alter table ${table} alter constraint ${identifier(constraint)} not deferrable`,
      ),
      ...triggers.map(({ shape }) => `alter table ${shape.sql} enable trigger user`),
      ...own.end,
    ],
  };
}

const cellSql = (cell: string | null | undefined): string =>
  cell === undefined ? "default" : cell === null ? "null" : literal(cell);

/** A DO block's body with data in it, between dollar quotes that do not occur within. */
function quotedBody(data: string, body: (quoted: string) => string): string {
  let tag = "data";
  while (data.includes(`$${tag}$`)) tag += "_";
  const text = body(`$${tag}$${data}$${tag}$`);
  let outer = "rows";
  while (text.includes(`$${outer}$`)) outer += "_";
  return `$${outer}$${text}$${outer}$`;
}

const BODY = `
declare
  item jsonb; part jsonb; one record; work text;
  prior text := current_setting('session_replication_role');
  failed int[] := '{}'; refused jsonb := '[]'; hurt bool; state text; why text;
begin
  if 'ROLE' <> '' then perform set_config('session_replication_role', 'replica', true); end if;
  for item in select value from jsonb_array_elements(GIVEN::jsonb) loop
    hurt := failed && array(select value::int from jsonb_array_elements_text(item -> 'after'));
    if not hurt then
      begin
        for work in select value from jsonb_array_elements_text(item -> 'before') loop execute work; end loop;
        for part, state in select value, ordinality - 1 from jsonb_array_elements(item -> 'tables') with ordinality loop
          if part -> 'rows' = '[]'::jsonb then continue; end if;
          begin
            execute (part ->> 'head') || (select string_agg(value, ',' order by ordinality) from jsonb_array_elements_text(part -> 'rows') with ordinality);
          exception when others then
            for one in select value, ordinality - 1 as at from jsonb_array_elements_text(part -> 'rows') with ordinality order by ordinality loop
              begin
                execute (part ->> 'head') || one.value;
              exception when others then
                get stacked diagnostics why = message_text;
                refused := refused || jsonb_build_array(jsonb_build_array(item -> 'number', state::int, one.at, sqlstate, why));
                hurt := true;
              end;
            end loop;
          end;
        end loop;
        if hurt and (item ->> 'whole')::bool then raise exception using errcode = 'LS001', message = 'taken back'; end if;
        for work in select value from jsonb_array_elements_text(coalesce(item -> 'end', '[]')) loop execute work; end loop;
      exception
        when sqlstate 'LS001' then null;
        when others then
          if hurt then raise; end if;
          get stacked diagnostics why = message_text;
          refused := refused || jsonb_build_array(jsonb_build_array(item -> 'number', 0, -1, sqlstate, why));
          hurt := true;
      end;
      for work in select value from jsonb_array_elements_text(item -> 'then') loop
        begin execute work; exception when others then null; end;
      end loop;
    end if;
    if hurt then failed := failed || (item ->> 'number')::int; end if;
  end loop;
  if 'ROLE' <> '' then perform set_config('session_replication_role', prior, true); end if;
  perform set_config('lockstep.refused', refused::text, false), set_config('lockstep.failed', to_json(failed)::text, false);
end `;
