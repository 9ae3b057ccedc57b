/**
 * One query for everything that a database defines, as JSON. Columns that only some versions of PostgreSQL have are read through
 * to_jsonb, so that it runs from 13 on. It is meant to run with a search_path of "public" alone: names in public are then printed
 * bare, all others qualified.
 */

/** Schemas that are read: no system schema, none that belongs to an extension, nor lockstep's own. */
const NAMESPACES = `(
  select n.* from pg_namespace n
  where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', '_lockstep') and ${notOfExtension("pg_namespace", "n.oid")}
)`;

/** Relations that are read. Prisma's ledger is no part of the schema. */
const RELATIONS = `(
  select c.*, n.nspname from pg_class c join ${NAMESPACES} n on n.oid = c.relnamespace
  where c.relpersistence <> 't' and c.relname <> '_prisma_migrations' and ${notOfExtension("pg_class", "c.oid")}
)`;

function notOfExtension(catalog: string, oid: string): string {
  return `not exists (select from pg_depend own where own.classid = '${catalog}'::regclass and own.objid = ${oid} and own.deptype = 'e')`;
}

const owner = (column: string): string =>
  `case when ${column} = current_user::regrole then null else pg_get_userbyid(${column}) end`;
const acl = (column: string, kind: string, ownerColumn: string): string =>
  `case when ${column} is null then null else json_build_object('is', ${column}::text[], 'default', acldefault('${kind}', ${ownerColumn})::text[]) end`;

const schemas = `
  select n.oid::int8 as oid, n.nspname as name, ${owner("n.nspowner")} as owner, ${acl("n.nspacl", "n", "n.nspowner")} as acl, obj_description(n.oid, 'pg_namespace') as comment
  from ${NAMESPACES} n order by 2`;

const extensions = `
  select e.extname as name, n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname <> 'plpgsql' order by 1`;

const relations = `
  select c.oid::int8 as oid, c.nspname as schema, c.relname as name, c.relkind as kind, c.relpersistence as persistence,
    c.relreplident as "replicaIdentity", c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as "forceRowSecurity",
    c.reloptions as options, (select t.reloptions from pg_class t where t.oid = c.reltoastrelid) as "toastOptions",
    (select a.amname from pg_am a where a.oid = c.relam and a.amname <> 'heap') as method,
    (select t.spcname from pg_tablespace t where t.oid = c.reltablespace) as tablespace,
    case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as "partitionKey", pg_get_expr(c.relpartbound, c.oid) as "partitionBound",
    (select json_agg(i.inhparent::regclass::text order by i.inhseqno) from pg_inherits i where i.inhrelid = c.oid) as parents,
    case when c.reloftype <> 0 then c.reloftype::regtype::text end as "ofType",
    case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end as query, c.relispopulated as populated,
    (select json_build_object('server', s.srvname, 'options', f.ftoptions) from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid) as "foreign",
    (select i.relname from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid and x.indisclustered) as "clusteredOn",
    (select i.relname from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid and x.indisreplident) as "replicaIndex",
    ${owner("c.relowner")} as owner, ${acl("c.relacl", "r", "c.relowner")} as acl, obj_description(c.oid, 'pg_class') as comment
  from ${RELATIONS} c where c.relkind in ('r', 'p', 'v', 'm', 'f') order by 2, 3`;

// The rare things are looked for once, not for each column. A name that this version's pg_attribute does not have is found one level further out.
const columns = `
  select a.attrelid::int8 as relation, a.attnum::int4 as number, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "notNull",
    case when rare.invalid then exists (select from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'n' and k.conkey = array[a.attnum] and not k.convalidated) else false end as "notNullNotValid",
    case when a.atthasdef then (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum) end as "default", a.attgenerated as generated, a.attidentity as identity,
    case when a.attidentity <> '' then (
      select json_build_object('schema', n.nspname, 'name', s.relname, 'start', q.seqstart::text, 'min', q.seqmin::text, 'max', q.seqmax::text, 'increment', q.seqincrement::text, 'cache', q.seqcache::text, 'cycle', q.seqcycle)
      from pg_depend p join pg_class s on s.oid = p.objid and s.relkind = 'S' join pg_namespace n on n.oid = s.relnamespace join pg_sequence q on q.seqrelid = s.oid
      where p.refclassid = 'pg_class'::regclass and p.refobjid = a.attrelid and p.refobjsubid = a.attnum and p.classid = 'pg_class'::regclass and p.deptype = 'i' limit 1
    ) end as sequence,
    case when a.attcollation <> t.typcollation then (select quote_ident(n.nspname) || '.' || quote_ident(l.collname) from pg_collation l join pg_namespace n on n.oid = l.collnamespace where l.oid = a.attcollation) end as collation,
    case when a.attstorage <> t.typstorage then a.attstorage end as storage, nullif(a.compression, '') as compression,
    nullif(a.attstattarget, -1)::int4 as statistics, a.attoptions as options,
    a.attinhcount > 0 and not a.attislocal as inherited, t.typtype as "typeKind",
    case when a.attacl is not null then a.attacl::text[] end as acl, case when rare.comments then col_description(a.attrelid, a.attnum) end as comment
  from (select exists (select from pg_description where classoid = 'pg_class'::regclass and objsubid > 0 and objoid >= 16384) as comments, exists (select from pg_constraint where contype = 'n' and not convalidated) as invalid) rare
    cross join (select '' as attcompression) older
    cross join lateral (select i.*, attcompression::text as compression from pg_attribute i where i.attnum > 0 and not i.attisdropped) a
    join ${RELATIONS} c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
  where c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1, 2`;

// NOT NULL is a constraint from version 18 on; it is read as a property of the column, as before.
const constraints = `
  select k.oid::int8 as oid, k.conrelid::int8 as relation, k.conname as name, k.contype as type, pg_get_constraintdef(k.oid) as definition, k.convalidated as validated,
    k.conparentid <> 0 or (k.coninhcount > 0 and not k.conislocal) as inherited,
    nullif(k.confrelid, 0)::int8 as parent, (select json_agg(a.attname order by u.i) from unnest(k.conkey) with ordinality u (number, i) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number) as columns,
    obj_description(k.oid, 'pg_constraint') as comment
  from ${RELATIONS} c join pg_constraint k on k.conrelid = c.oid where k.contype in ('p', 'u', 'f', 'c', 'x') order by 2, 3`;

const indexes = `
  select i.oid::int8 as oid, x.indrelid::int8 as relation, i.relname as name, case when k.oid is null then pg_get_indexdef(x.indexrelid, 0, true) else '' end as definition, x.indisunique as "unique", x.indisvalid as valid,
    i.relispartition as inherited, k.oid is not null as "ofConstraint",
    m.amname as method, x.indexprs is null and x.indpred is null as plain,
    case when x.indisunique then (select json_agg(a.attname order by u.i) from unnest(x.indkey) with ordinality u (number, i) join pg_attribute a on a.attrelid = x.indrelid and a.attnum = u.number) end as columns,
    obj_description(x.indexrelid, 'pg_class') as comment
  from ${RELATIONS} c join pg_index x on x.indrelid = c.oid join pg_class i on i.oid = x.indexrelid join pg_am m on m.oid = i.relam
    left join pg_constraint k on k.conindid = x.indexrelid and k.conrelid = x.indrelid and k.contype in ('p', 'u', 'x') order by 2, 3`;

const sequences = `
  select c.oid::int8 as oid, c.nspname as schema, c.relname as name, c.relpersistence as persistence, format_type(q.seqtypid, null) as type, q.seqstart::text as start, q.seqmin::text as min, q.seqmax::text as max,
    q.seqincrement::text as increment, q.seqcache::text as cache, q.seqcycle as cycle,
    (select json_build_object('relation', d.refobjid::int8, 'column', a.attname) from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype = 'a' limit 1) as "ownedBy",
    ${owner("c.relowner")} as owner, ${acl("c.relacl", "s", "c.relowner")} as acl, obj_description(c.oid, 'pg_class') as comment
  from ${RELATIONS} c join pg_sequence q on q.seqrelid = c.oid
  where not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype = 'i') order by 2, 3`;

const types = `
  select t.oid::int8 as oid, n.nspname as schema, t.typname as name, t.typtype as kind,
    (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as values, (select json_agg(e.oid::int8 order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as "valueOids",
    case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end as base, t.typnotnull as "notNull", t.typdefault as "default",
    case when t.typtype = 'd' and t.typcollation <> (select b.typcollation from pg_type b where b.oid = t.typbasetype) then (select quote_ident(m.nspname) || '.' || quote_ident(l.collname) from pg_collation l join pg_namespace m on m.oid = l.collnamespace where l.oid = t.typcollation) end as collation,
    case when t.typtype = 'd' then (select json_agg(json_build_object('name', k.conname, 'definition', pg_get_constraintdef(k.oid)) order by k.conname) from pg_constraint k where k.contypid = t.oid and k.contype = 'c') end as checks,
    case when t.typtype = 'c' then (select json_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attcollation <> u.typcollation then ' COLLATE ' || a.attcollation::regcollation::text else '' end order by a.attnum)
      from pg_attribute a join pg_type u on u.oid = a.atttypid where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) end as attributes,
    case when t.typtype = 'r' then (select json_build_object('subtype', format_type(r.rngsubtype, null), 'canonical', nullif(r.rngcanonical::oid, 0)::regproc::text, 'diff', nullif(r.rngsubdiff::oid, 0)::regproc::text) from pg_range r where r.rngtypid = t.oid) end as range,
    ${owner("t.typowner")} as owner, ${acl("t.typacl", "T", "t.typowner")} as acl, obj_description(t.oid, 'pg_type') as comment
  from pg_type t join ${NAMESPACES} n on n.oid = t.typnamespace
  where (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and (select c.relkind from pg_class c where c.oid = t.typrelid) = 'c') or (t.typtype = 'b' and t.typelem = 0)) and ${notOfExtension("pg_type", "t.oid")} order by 2, 3`;

const functions = `
  select p.oid::int8 as oid, n.nspname as schema, p.proname as name, pg_get_function_identity_arguments(p.oid) as arguments, p.prokind as kind,
    case when p.prokind <> 'a' then pg_get_functiondef(p.oid) end as definition,
    case when p.prokind = 'a' then (select json_build_object('step', a.aggtransfn::regproc::text, 'state', format_type(a.aggtranstype, null), 'final', nullif(a.aggfinalfn::oid, 0)::regproc::text, 'initial', a.agginitval, 'combine', nullif(a.aggcombinefn::oid, 0)::regproc::text, 'parallel', p.proparallel, 'kind', a.aggkind) from pg_aggregate a where a.aggfnoid = p.oid) end as aggregate,
    ${owner("p.proowner")} as owner, ${acl("p.proacl", "f", "p.proowner")} as acl, obj_description(p.oid, 'pg_proc') as comment
  from pg_proc p join ${NAMESPACES} n on n.oid = p.pronamespace where ${notOfExtension("pg_proc", "p.oid")} order by 2, 3, 4`;

const triggers = `
  select t.oid::int8 as oid, t.tgrelid::int8 as relation, t.tgname as name, pg_get_triggerdef(t.oid, true) as definition, t.tgenabled as enabled, t.tgparentid <> 0 as inherited, obj_description(t.oid, 'pg_trigger') as comment
  from ${RELATIONS} c join pg_trigger t on t.tgrelid = c.oid where not t.tgisinternal order by 2, 3`;

const policies = `
  select p.oid::int8 as oid, p.polrelid::int8 as relation, p.polname as name, p.polcmd as command, p.polpermissive as permissive,
    (select json_agg(case when r = 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(r)) end order by 1) from unnest(p.polroles) r) as roles,
    pg_get_expr(p.polqual, p.polrelid) as "using", pg_get_expr(p.polwithcheck, p.polrelid) as "check", obj_description(p.oid, 'pg_policy') as comment
  from ${RELATIONS} c join pg_policy p on p.polrelid = c.oid order by 2, 3`;

const rules = `
  select r.ev_class::int8 as relation, r.rulename as name, pg_get_ruledef(r.oid, true) as definition, r.ev_enabled as enabled, obj_description(r.oid, 'pg_rewrite') as comment
  from ${RELATIONS} c join pg_rewrite r on r.ev_class = c.oid and r.rulename <> '_RETURN' order by 1, 2`;

const statistics = `
  select n.nspname as schema, s.stxname as name, s.stxrelid::int8 as relation, pg_get_statisticsobjdef(s.oid) as definition, nullif((to_jsonb(s) ->> 'stxstattarget')::int4, -1) as target, obj_description(s.oid, 'pg_statistic_ext') as comment
  from pg_statistic_ext s join ${NAMESPACES} n on n.oid = s.stxnamespace order by 1, 2`;

const eventTriggers = `
  select e.evtname as name, e.evtevent as event, e.evtenabled as enabled, e.evttags as tags, e.evtfoid::regproc::text as function from pg_event_trigger e where ${notOfExtension("pg_event_trigger", "e.oid")} order by 1`;

const publications = `
  select p.pubname as name, to_jsonb(p) - array['oid', 'pubname', 'pubowner'] as options,
    (select json_agg(r.prrelid::regclass::text order by 1) from pg_publication_rel r where r.prpubid = p.oid) as tables
  from pg_publication p order by 1`;

/** Made by the user, rarely and by hand: compared, never written. */
const others = `
  select 'cast' as kind, format_type(c.castsource, null) || ' AS ' || format_type(c.casttarget, null) as name, json_build_array(nullif(c.castfunc, 0)::regprocedure::text, c.castcontext, c.castmethod)::text as definition
  from pg_cast c where c.oid >= 16384 and ${notOfExtension("pg_cast", "c.oid")}
  union all select 'operator', o.oid::regoperator::text, o.oprcode::regproc::text from pg_operator o join ${NAMESPACES} n on n.oid = o.oprnamespace where ${notOfExtension("pg_operator", "o.oid")}
  union all select 'operator class', n.nspname || '.' || o.opcname, json_build_array(o.opcmethod, format_type(o.opcintype, null), o.opcdefault)::text from pg_opclass o join ${NAMESPACES} n on n.oid = o.opcnamespace where ${notOfExtension("pg_opclass", "o.oid")}
  union all select 'collation', n.nspname || '.' || l.collname, json_build_array(l.collprovider::text, l.collisdeterministic, l.collcollate, l.collctype, coalesce(to_jsonb(l) ->> 'colllocale', to_jsonb(l) ->> 'colliculocale'))::text from pg_collation l join ${NAMESPACES} n on n.oid = l.collnamespace where ${notOfExtension("pg_collation", "l.oid")}
  union all select 'text search configuration', n.nspname || '.' || t.cfgname, '' from pg_ts_config t join ${NAMESPACES} n on n.oid = t.cfgnamespace where ${notOfExtension("pg_ts_config", "t.oid")}
  union all select 'text search dictionary', n.nspname || '.' || t.dictname, coalesce(t.dictinitoption, '') from pg_ts_dict t join ${NAMESPACES} n on n.oid = t.dictnamespace where ${notOfExtension("pg_ts_dict", "t.oid")}
  union all select 'foreign data wrapper', f.fdwname, json_build_array(f.fdwoptions)::text from pg_foreign_data_wrapper f where ${notOfExtension("pg_foreign_data_wrapper", "f.oid")}
  union all select 'server', s.srvname, json_build_array(f.fdwname, s.srvtype, s.srvversion, s.srvoptions)::text from pg_foreign_server s join pg_foreign_data_wrapper f on f.oid = s.srvfdw
  union all select 'default privileges', pg_get_userbyid(d.defaclrole) || ' ' || d.defaclobjtype::text || ' ' || coalesce((select nspname from pg_namespace where oid = d.defaclnamespace), ''), d.defaclacl::text from pg_default_acl d
  order by 1, 2`;

const parts = {
  schemas,
  extensions,
  relations,
  columns,
  constraints,
  indexes,
  sequences,
  types,
  functions,
  triggers,
  policies,
  rules,
  statistics,
  eventTriggers,
  publications,
  others,
};

/** One row, one column `catalog`, a JSON object of arrays. */
export const DEFINITIONS = `select json_build_object(${Object.entries(parts)
  .map(([name, query]) => `'${name}', (select coalesce(json_agg(row_to_json(q)), '[]') from (${query}) q)`)
  .join(",\n")}) as catalog`;
