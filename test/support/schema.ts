import type { Session } from "../../src/rehearsal/stage/session.ts";
import type { Catalog, Column, Constraint, Index } from "../../src/model/catalog.ts";
import { resolveType } from "../../src/model/catalog.ts";
import { readMigration, walk } from "../../src/model/walk.ts";
import { postgresReader } from "../../src/sql/postgres/read.ts";
import type { Migration } from "./replay.ts";

/** A schema as one line for each thing in it: what it is, and what there is to say of it. `?` for what is not known. */
export type Schema = ReadonlyMap<string, string>;

/** The catalog at the end of a history. */
export async function foldHistory(migrations: readonly Migration[]): Promise<Catalog> {
  await postgresReader.load();
  const views = migrations.flatMap(
    ({ id, text }) =>
      readMigration(
        { id, path: id, up: { path: `${id}/migration.sql`, text }, state: "pending" },
        postgresReader,
        "split",
      ) ?? [],
  );
  return walk(views, { postgres: 18, execution: "split", deployments: "each", timeZoneUtc: true }, {});
}

export function schemaOf(catalog: Catalog): Schema {
  const lines = new Map<string, string>();
  for (const relation of catalog.relations.values()) {
    if (relation.temporary) continue;
    lines.set(`relation ${relation.id}`, relation.kind);
    if (relation.kind === "sequence") continue;
    if (!relation.complete) lines.set(`incomplete ${relation.id}`, "");
    for (const column of relation.columns.values())
      lines.set(`column ${relation.id}.${column.name}`, columnLine(catalog, column));
    for (const constraint of relation.constraints.values())
      if (constraint.type !== "notNull")
        lines.set(`constraint ${relation.id}.${constraint.name}`, constraintLine(constraint));
  }
  for (const index of catalog.indexes.values())
    if (catalog.relations.get(index.table)?.temporary !== true) lines.set(`index ${index.id}`, indexLine(index));
  for (const type of catalog.types.values())
    lines.set(`type ${type.id}`, type.kind === "enum" ? `enum (${type.values.join(", ")})` : type.kind);
  return lines;
}

const SERIAL: Readonly<Record<string, string>> = { serial: "int4", bigserial: "int8", smallserial: "int2" };

function columnLine(catalog: Catalog, { type, notNull, default: value, identity, generated }: Column): string {
  if (type === undefined) return "?";
  const id = resolveType(catalog, type);
  const base = SERIAL[type.name] ?? (catalog.types.has(id) ? id : type.name);
  const modifiers = type.modifiers.length === 0 ? "" : `(${type.modifiers.join(",")})`;
  return [
    `${base}${modifiers}${type.array > 0 ? "[]" : ""}`,
    notNull === true ? "not null" : "",
    value !== undefined || type.name in SERIAL ? "default" : "",
    identity ? "identity" : "",
    generated ? "generated" : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function constraintLine(constraint: Constraint): string {
  const { type, columns, parent, parentColumns, onDelete, onUpdate, validated } = constraint;
  const key = type === "check" ? [...new Set(columns)].sort() : columns;
  const to =
    type === "foreignKey"
      ? ` to ${parent}(${(parentColumns ?? []).join(", ")}) on delete ${onDelete} on update ${onUpdate}`
      : "";
  return `${type} (${key.join(", ")})${to}${validated ? "" : " not valid"}`;
}

const indexLine = ({ table, unique, columns, include, partial, constraint, method }: Index): string =>
  `on ${table} ${method}${unique ? " unique" : ""} (${columns.map((name) => name ?? "expression").join(", ")})${include.length > 0 ? ` include (${include.join(", ")})` : ""}${partial ? " partial" : ""}${constraint === undefined ? "" : ` of ${constraint}`}`;

const OWN = "n.nspname !~ '^(pg_|information_schema$)'";
const notOfExtension = (catalog: string, oid: string): string =>
  `not exists (select from pg_depend x where x.classid = '${catalog}'::regclass and x.objid = ${oid} and x.deptype = 'e')`;
const names = (table: string, keys: string): string =>
  `(select coalesce(string_agg(a.attname, ', ' order by key.i), '') from unnest(${keys}) with ordinality key (num, i) join pg_attribute a on a.attrelid = ${table} and a.attnum = key.num)`;
const action = (column: string): string =>
  `case ${column} when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'set null' else 'set default' end`;

const QUERY = `
  select 'relation ' || n.nspname || '.' || c.relname as key,
    case c.relkind when 'r' then 'table' when 'p' then 'partitioned' when 'v' then 'view' when 'm' then 'materializedView' when 'S' then 'sequence' else 'foreignTable' end as value
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and ${OWN} and ${notOfExtension("pg_class", "c.oid")}
  union all
  select 'column ' || n.nspname || '.' || c.relname || '.' || a.attname,
    concat_ws(' ', case when tn.nspname = 'pg_catalog' then '' else tn.nspname || '.' end || e.typname || coalesce(substring(format_type(a.atttypid, a.atttypmod) from '\\([0-9,]+\\)'), '') || case when t.typcategory = 'A' then '[]' else '' end,
      case when a.attnotnull and (c.relkind not in ('r', 'p') or exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'n' and k.conkey = array[a.attnum] and k.convalidated)) then 'not null' end, case when a.atthasdef and a.attgenerated = '' then 'default' end, case when a.attidentity <> '' then 'identity' end, case when a.attgenerated <> '' then 'generated' end)
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace join pg_type t on t.oid = a.atttypid
    join pg_type e on e.oid = case when t.typcategory = 'A' and t.typelem <> 0 then t.typelem else t.oid end join pg_namespace tn on tn.oid = e.typnamespace
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f') and ${OWN} and ${notOfExtension("pg_class", "c.oid")}
  union all
  select 'constraint ' || n.nspname || '.' || c.relname || '.' || k.conname,
    case k.contype when 'f' then 'foreignKey' when 'c' then 'check' when 'u' then 'unique' when 'p' then 'primaryKey' else 'exclusion' end
    || ' (' || case when k.contype = 'c' then (select coalesce(string_agg(a.attname, ', ' order by a.attname collate "C"), '') from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any (k.conkey)) else ${names("k.conrelid", "k.conkey")} end || ')'
    || case when k.contype = 'f' then ' to ' || (select pn.nspname || '.' || p.relname from pg_class p join pg_namespace pn on pn.oid = p.relnamespace where p.oid = k.confrelid) || '(' || ${names("k.confrelid", "k.confkey")} || ') on delete ' || ${action("k.confdeltype")} || ' on update ' || ${action("k.confupdtype")} else '' end
    || case when k.convalidated then '' else ' not valid' end
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace where k.contype in ('f', 'c', 'u', 'p', 'x') and ${OWN}
    and (k.contype <> 'f' or k.conparentid = 0 or (select conrelid from pg_constraint kp where kp.oid = k.conparentid) <> k.conrelid)
  union all
  select 'index ' || n.nspname || '.' || i.relname,
    'on ' || n.nspname || '.' || c.relname || ' ' || m.amname || case when x.indisunique then ' unique' else '' end
    || ' (' || (select string_agg(case when k.num = 0 then 'expression' else a.attname end, ', ' order by k.i) from unnest(x.indkey[0:x.indnkeyatts - 1]) with ordinality k (num, i) left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num) || ')'
    || case when x.indnatts > x.indnkeyatts then ' include (' || (select string_agg(a.attname, ', ' order by k.i) from unnest(x.indkey[x.indnkeyatts:x.indnatts - 1]) with ordinality k (num, i) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num) || ')' else '' end
    || case when x.indpred is null then '' else ' partial' end || coalesce((select ' of ' || conname from pg_constraint where conindid = x.indexrelid and contype in ('p', 'u', 'x')), '')
  from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid join pg_namespace n on n.oid = i.relnamespace join pg_am m on m.oid = i.relam where ${OWN}
  union all
  select 'type ' || n.nspname || '.' || t.typname,
    case t.typtype when 'e' then 'enum (' || (select coalesce(string_agg(enumlabel, ', ' order by enumsortorder), '') from pg_enum where enumtypid = t.oid) || ')' when 'd' then 'domain' when 'c' then 'composite' when 'r' then 'range' else 'base' end
  from pg_type t join pg_namespace n on n.oid = t.typnamespace
  where (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))) and ${OWN} and ${notOfExtension("pg_type", "t.oid")}`;

export async function schemaOfDatabase(session: Session): Promise<Schema> {
  const rows = await session.query<{ key: string; value: string }>(QUERY);
  return new Map(rows.map(({ key, value }) => [key, value]));
}

/** What differs, as lines; details that the catalog does not know do not count, nor does what is in a relation that it does not know whole. */
export function schemaDifferences(folded: Schema, real: Schema): readonly string[] {
  const lines: string[] = [];
  const partly = [...folded.keys()]
    .filter((key) => key.startsWith("incomplete "))
    .map((key) => key.slice("incomplete ".length));
  for (const key of new Set([...folded.keys(), ...real.keys()])) {
    if (key.startsWith("incomplete ")) continue;
    const [one, two] = [folded.get(key), real.get(key)];
    if (one === two || (one === "?" && two !== undefined)) continue;
    if (key.startsWith("column ") && one === undefined && partly.some((id) => key.startsWith(`column ${id}.`)))
      continue;
    lines.push(`${key}: folded ${one ?? "nothing"}, PostgreSQL ${two ?? "nothing"}`);
  }
  return lines.sort();
}
