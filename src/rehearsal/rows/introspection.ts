import { loadReader, loadedReader } from "../../sql/readers.ts";
import type { Session } from "../stage/session.ts";
import type { Expression } from "../../sql/expression.ts";
import { quotedName, relationId } from "../../sql/names.ts";
import type { CheckShape, ColumnShape, TableShape, TypeShape, UniqueShape } from "./shapes.ts";

type RawTable = [
  oid: number,
  schema: string,
  name: string,
  kind: string,
  partition: boolean,
  triggers: boolean,
  partitionKey: number[] | null,
];
type RawColumn = [
  table: number,
  number: number,
  name: string,
  type: number,
  modifier: number,
  required: boolean,
  identity: string,
  generated: string,
  initial: string | null,
  sequences: string[] | null,
  typeSql: string,
];
type RawConstraint = [
  table: number,
  name: string,
  type: string,
  columns: number[] | null,
  parent: number,
  parentColumns: number[] | null,
  match: string,
  definition: string,
  validated: boolean,
];
type RawIndex = [
  table: number,
  name: string,
  columns: number[],
  expressions: string | null,
  where: string | null,
  nullsNotDistinct: boolean,
];
type RawType = [
  oid: number,
  name: string,
  kind: string,
  element: number,
  base: number,
  modifier: number,
  required: boolean,
  isArray: boolean,
];

interface RawSchema {
  readonly tables: RawTable[] | null;
  readonly columns: RawColumn[] | null;
  readonly constraints: RawConstraint[] | null;
  readonly indexes: RawIndex[] | null;
  readonly types: RawType[];
  readonly labels: [type: number, label: string][] | null;
  readonly attributes: [type: number, name: string, attribute: number, modifier: number][] | null;
  readonly domains: [type: number, definition: string][] | null;
  readonly ranges: [type: number, subtype: number, multirange: number | null][] | null;
  readonly bounds: [table: number, definition: string | null][] | null;
}

/** Tables of the project: nothing that an extension or Prisma itself keeps. */
const TABLES = `
  select c.oid, n.nspname, c.relname, c.relkind, c.relispartition from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname !~ '^(pg_|information_schema$)' and c.relname <> '_prisma_migrations'
    and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e')`;

/** to_jsonb reads columns of catalogs that older servers do not have. */
const SCHEMA = `
  with t as materialized (${TABLES}),
    leaves as (select t.oid as root, x.relid from t, lateral pg_catalog.pg_partition_tree(t.oid) x where (t.relkind = 'p' or t.relispartition) and x.isleaf)
  select json_build_object(
    'tables', (select json_agg(json_build_array(oid::int8, nspname, relname, relkind, relispartition, exists (select from pg_catalog.pg_trigger g where g.tgrelid = t.oid and not g.tgisinternal), (select array(select unnest(k.partattrs)) from pg_catalog.pg_partitioned_table k where k.partrelid = t.oid)) order by nspname collate "C", relname collate "C") from t),
    'columns', (select json_agg(json_build_array(a.attrelid::int8, a.attnum, a.attname, a.atttypid::int8, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated, pg_catalog.pg_get_expr(d.adbin, d.adrelid),
        (select json_agg(distinct format('%I.%I', n.nspname, s.relname)) from pg_catalog.pg_depend p join pg_catalog.pg_class s on s.oid = case when p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass then p.objid else p.refobjid end and s.relkind = 'S' join pg_catalog.pg_namespace n on n.oid = s.relnamespace
          where (p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and p.refobjid = a.attrelid and p.refobjsubid = a.attnum and p.deptype in ('a', 'i')) or (p.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and p.objid = d.oid and p.deptype = 'n')), pg_catalog.format_type(a.atttypid, a.atttypmod)) order by a.attnum)
      from pg_catalog.pg_attribute a left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attnum > 0 and not a.attisdropped and a.attrelid in (select oid from t)),
    'constraints', (select json_agg(json_build_array(conrelid::int8, conname, contype, conkey, confrelid::int8, confkey, confmatchtype, case when contype = 'c' or not convalidated then pg_catalog.pg_get_constraintdef(oid) else '' end, convalidated) order by conname collate "C")
      from pg_catalog.pg_constraint where conrelid in (select oid from t) and contype in ('c', 'f', 'x') and (conparentid = 0 or not exists (select from pg_catalog.pg_class p where p.oid = confrelid and p.relispartition))),
    'indexes', (select json_agg(json_build_array(x.indrelid::int8, i.relname, array(select unnest(x.indkey) limit x.indnkeyatts), pg_catalog.pg_get_expr(x.indexprs, x.indrelid), pg_catalog.pg_get_expr(x.indpred, x.indrelid), coalesce((to_jsonb(x) ->> 'indnullsnotdistinct')::bool, false)) order by i.relname collate "C")
      from pg_catalog.pg_index x join pg_catalog.pg_class i on i.oid = x.indexrelid where x.indrelid in (select oid from t) and x.indisunique),
    'types', (select json_agg(json_build_array(oid::int8, typname, typtype, typelem::int8, typbasetype::int8, typtypmod, typnotnull, typcategory = 'A' and typelem <> 0)) from pg_catalog.pg_type where typtype <> 'p'),
    'labels', (select json_agg(json_build_array(enumtypid::int8, enumlabel) order by enumsortorder) from pg_catalog.pg_enum),
    'attributes', (select json_agg(json_build_array(y.oid::int8, a.attname, a.atttypid::int8, a.atttypmod) order by a.attnum) from pg_catalog.pg_type y join pg_catalog.pg_class c on c.oid = y.typrelid and c.relkind in ('c', 'r') join pg_catalog.pg_attribute a on a.attrelid = c.oid where a.attnum > 0 and not a.attisdropped and (c.relkind = 'c' or c.oid in (select oid from t))),
    'domains', (select json_agg(json_build_array(contypid::int8, pg_catalog.pg_get_constraintdef(oid)) order by conname collate "C") from pg_catalog.pg_constraint where contypid <> 0 and contype = 'c'),
    'ranges', (select json_agg(json_build_array(rngtypid::int8, rngsubtype::int8, (to_jsonb(r) ->> 'rngmultitypid')::int8)) from pg_catalog.pg_range r),
    'bounds', (select json_agg(json_build_array(root::int8, pg_catalog.pg_get_partition_constraintdef(relid)) order by relid::text collate "C") from leaves)
  ) as schema`;

/** Reads the tables that can have rows. */
export async function readSchema(session: Session): Promise<readonly TableShape[]> {
  await loadReader("postgres");
  const [row] = await session.query<{ schema: RawSchema }>(SCHEMA);
  return shapes(row!.schema);
}

function shapes(raw: RawSchema): TableShape[] {
  const typeOf = types(raw);
  const tables = raw.tables ?? [];
  const ids = new Map(tables.map(([oid, schema, name]) => [oid, relationId(schema, name)]));
  const columnsOf = grouped(raw.columns ?? []);
  const constraintsOf = grouped(raw.constraints ?? []);
  const indexesOf = grouped(raw.indexes ?? []);
  const boundsOf = grouped(raw.bounds ?? []);
  const names = new Map(
    [...columnsOf].map(([oid, columns]) => [oid, new Map(columns.map(([, number, name]) => [number, name]))]),
  );
  const named = (table: number, numbers: readonly number[] | null): string[] =>
    (numbers ?? []).flatMap((number) => names.get(table)?.get(number) ?? []);
  return tables.map(([oid, schema, name, kind, partition, triggers, partitionKey]): TableShape => {
    const own = new Set(names.get(oid)?.values());
    // What PostgreSQL computes depends on the columns that it is computed from.
    const sources = new Map(
      (columnsOf.get(oid) ?? []).flatMap(([, , column, , , , , generated, initial]): [string, string[]][] =>
        generated === "" || initial === null ? [] : [[column, mentions(conditionOf(`(${initial}) is null`))]],
      ),
    );
    const sourced = (columns: readonly string[]): string[] =>
      columns.flatMap((column) => sources.get(column) ?? [column]);
    const mentioned = (expression: Expression | undefined): string[] =>
      [...new Set(mentions(expression))].filter((column) => own.has(column));
    const constraints = constraintsOf.get(oid) ?? [];
    const columns = (columnsOf.get(oid) ?? []).map(
      ([, , column, type, modifier, required, identity, generated, initial, sequences, typeSql]): ColumnShape => ({
        name: column,
        type: typeOf(type),
        modifier,
        typeSql,
        required,
        generated: generated !== "",
        identity: identity !== "",
        ...(initial !== null && generated === "" && { default: initial }),
        sequences: sequences ?? [],
      }),
    );
    const checks = constraints
      .filter(([, , type]) => type === "c")
      .map(([, constraint, , numbers, , , , definition]): CheckShape => {
        const expression = checkOf(definition);
        return {
          name: constraint,
          expression,
          columns: numbers === null ? mentioned(expression) : named(oid, numbers),
        };
      });
    const bounds = (boundsOf.get(oid) ?? []).map(([, definition]) =>
      definition === null ? undefined : conditionOf(definition),
    );
    if (bounds.length > 0 && bounds.every((bound) => bound !== undefined)) {
      const expression: Expression = { kind: "or", args: bounds };
      checks.push({ name: "partition bounds", expression, columns: mentioned(expression) });
    }
    const exclusions = constraints
      .filter(([, , type]) => type === "x")
      .map(
        ([, constraint, , numbers]): UniqueShape => ({
          name: constraint,
          columns: named(oid, numbers),
          expressions: true,
          nullsNotDistinct: false,
        }),
      );
    const uniques = (indexesOf.get(oid) ?? []).map(
      ([, index, numbers, expressions, where, nullsNotDistinct]): UniqueShape => {
        const condition = where === null ? undefined : conditionOf(where);
        const inner = expressions === null ? [] : mentioned(rowOf(expressions));
        return {
          name: index,
          columns: [
            ...new Set(
              sourced([
                ...named(
                  oid,
                  numbers.filter((number) => number > 0),
                ),
                ...inner,
              ]),
            ),
          ],
          expressions: expressions !== null || named(oid, numbers).some((column) => sources.has(column)),
          nullsNotDistinct,
          where: condition,
        };
      },
    );
    return {
      id: relationId(schema, name),
      sql: quotedName({ schema, name }),
      partitioned: kind === "p",
      partitionKey: named(oid, partitionKey),
      partition,
      placeless: kind === "p" && bounds.length === 0,
      columns,
      keys: constraints
        .filter(([, , type]) => type === "f")
        .map(([, constraint, , numbers, parent, parentNumbers, match]) => ({
          name: constraint,
          columns: named(oid, numbers),
          parent: ids.get(parent) ?? "",
          parentColumns: named(parent, parentNumbers),
          full: match === "f",
        })),
      uniques: [...uniques, ...exclusions],
      checks,
      notValid: constraints.flatMap(([, constraint, , , , , , definition, validated]) =>
        validated ? [] : [{ name: constraint, definition }],
      ),
      triggers,
    };
  });
}

function types(raw: RawSchema): (oid: number) => TypeShape {
  const all = new Map(raw.types.map((type) => [type[0], type]));
  const labels = grouped(raw.labels ?? []);
  const attributes = grouped(raw.attributes ?? []);
  const domains = grouped(raw.domains ?? []);
  const ranges = new Map(
    (raw.ranges ?? []).flatMap(([type, subtype, multirange]): [number, number][] => [
      [type, subtype],
      ...(multirange === null ? [] : [[multirange, type] as [number, number]]),
    ]),
  );
  const known = new Map<number, TypeShape>();
  const typeOf = (oid: number, depth = 0): TypeShape => {
    const found = known.get(oid);
    if (found) return found;
    const [, name = "unknown", kind = "b", element = 0, base = 0, modifier = -1, required = false, isArray = false] =
      all.get(oid) ?? [];
    const inner = kind === "d" ? base : kind === "r" || kind === "m" ? ranges.get(oid) : isArray ? element : undefined;
    const shape: TypeShape = {
      name,
      kind:
        kind === "e"
          ? "enum"
          : kind === "d"
            ? "domain"
            : kind === "c"
              ? "composite"
              : kind === "r"
                ? "range"
                : kind === "m"
                  ? "multirange"
                  : isArray
                    ? "array"
                    : "base",
      labels: (labels.get(oid) ?? []).map(([, label]) => label),
      ...(inner !== undefined && depth < 8 && { of: typeOf(inner, depth + 1) }),
      modifier,
      required,
      attributes:
        depth < 8
          ? (attributes.get(oid) ?? []).map(([, attribute, type, mod]) => ({
              name: attribute,
              type: typeOf(type, depth + 1),
              modifier: mod,
            }))
          : [],
      checks: (domains.get(oid) ?? []).flatMap(([, definition]) => checkOf(definition) ?? []),
    };
    if (depth === 0) known.set(oid, shape);
    return shape;
  };
  return typeOf;
}

function grouped<T extends readonly [number, ...unknown[]]>(all: readonly T[]): Map<number, T[]> {
  const found = new Map<number, T[]>();
  for (const each of all) {
    const group = found.get(each[0]);
    if (group) group.push(each);
    else found.set(each[0], [each]);
  }
  return found;
}

/** The expression of "CHECK (…)", as pg_get_constraintdef prints it. */
function checkOf(definition: string): Expression | undefined {
  const operation = loadedReader("postgres").read(`ALTER TABLE t ADD ${definition}`).statements[0]?.operations[0];
  return operation?.kind === "addCheck" ? operation.constraint.expression : undefined;
}

const conditionOf = (condition: string): Expression | undefined => checkOf(`CHECK (${condition})`);

const rowOf = (expressions: string): Expression | undefined => conditionOf(`ROW(${expressions}) IS NOT NULL`);

/** Columns that an expression names. */
export function mentions(expression: Expression | undefined): string[] {
  if (expression === undefined) return [];
  if (expression.kind === "column") return [expression.column];
  if ("args" in expression) return expression.args.flatMap(mentions);
  if (expression.kind === "in") return [expression.arg, ...(expression.list ?? [])].flatMap(mentions);
  return "arg" in expression ? mentions(expression.arg) : [];
}
