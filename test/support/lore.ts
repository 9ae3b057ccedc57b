import pg from "pg";
import { startServer } from "./server.ts";

/** What the catalogs of PostgreSQL's major versions say of functions, operators and casts, as src/model/postgres/ keeps it. */

const VERSIONS = [14, 15, 16, 17, 18] as const;

/** Types of PostgreSQL's machinery: nobody passes such a value. */
const MACHINERY: ReadonlySet<string> = new Set(
  "internal cstring language_handler fdw_handler index_am_handler table_am_handler tsm_handler event_trigger pg_ddl_command".split(
    " ",
  ),
);

/** Functions behind operators, casts and types that people call by name all the same. */
const CALLED: ReadonlySet<string> = new Set(
  `date timestamp timestamptz time timetz interval text name bpchar varchar numeric int2 int4 int8 float4 float8 abs ceil floor round trunc lower
  upper length substring overlay position mod power sqrt now timezone array_append array_prepend array_cat array_length to_jsonb money bool macaddr
  macaddr8 inet cidr oid regclass xml box point circle polygon path lseg line overlaps starts_with nextval generate_series jsonb_path_exists`.split(
    /\s+/,
  ),
);

interface Procedure {
  readonly name: string;
  readonly kind: "f" | "a" | "w" | "p";
  readonly volatility: "i" | "s" | "v";
  readonly strict: boolean;
  readonly set: boolean;
  readonly result: string;
  readonly args: readonly string[];
  readonly defaults: number;
  readonly variadic: boolean;
}

interface Operator {
  readonly name: string;
  readonly left: string | null;
  readonly right: string | null;
  readonly result: string;
  readonly volatility: "i" | "s" | "v";
}

interface Cast {
  readonly from: string;
  readonly to: string;
  readonly volatility: "i" | "s" | "v" | null;
  readonly implicit: boolean;
}

const PROCEDURES = `
  select proname::text as name, prokind::text as kind, provolatile::text as volatility, proisstrict as strict, proretset as set,
    (select typname::text from pg_type where oid = prorettype) as result,
    coalesce((select array_agg(t.typname::text order by at) from unnest(proargtypes) with ordinality as a (type, at) join pg_type t on t.oid = type), '{}') as args,
    pronargdefaults::int as defaults, provariadic <> 0 as variadic
  from pg_proc where pronamespace = 'pg_catalog'::regnamespace order by oid`;

/** Names of functions that operators, casts, types, indexes and aggregates are made of. */
const SUPPORT = `
  select distinct regexp_replace(f, '^pg_catalog\\.', '') as name from (
    select unnest(array[oprcode, oprrest, oprjoin])::text from pg_operator union select castfunc::regproc::text from pg_cast where castfunc <> 0
    union select amproc::text from pg_amproc
    union select unnest(array[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn])::text from pg_aggregate
    union select unnest(array[typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, typsubscript])::text from pg_type
    union select prosupport::text from pg_proc union select conproc::text from pg_conversion) as all_of_them (f)`;

const OPERATORS = `
  select oprname::text as name, (select typname::text from pg_type where oid = oprleft) as left, (select typname::text from pg_type where oid = oprright) as right,
    (select typname::text from pg_type where oid = oprresult) as result, (select provolatile::text from pg_proc where oid = oprcode) as volatility
  from pg_operator where oprnamespace = 'pg_catalog'::regnamespace and oprcode <> 0 order by oid`;

const CASTS = `
  select (select typname::text from pg_type where oid = castsource) as from, (select typname::text from pg_type where oid = casttarget) as to,
    (select provolatile::text from pg_proc where oid = castfunc) as volatility, castcontext = 'i' as implicit
  from pg_cast where castsource <> casttarget order by 1, 2`;

/** The tables' texts by the names of their constants. */
export async function lore(): Promise<
  Readonly<Record<"SIGNATURES" | "NAMES" | "OPERATORS" | "IMPLICIT" | "VOLATILE_CASTS", string>>
> {
  const procedures = new Map<string, { readonly row: Procedure; readonly versions: number[] }>();
  const support = new Set<string>();
  let operators: readonly Operator[] = [];
  let casts: readonly Cast[] = [];
  for (const version of VERSIONS) {
    const server = await startServer(version);
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    for (const row of (await client.query<Procedure>(PROCEDURES)).rows) {
      const key = `${row.name}(${row.args.join()})`;
      const versions = [...(procedures.get(key)?.versions ?? []), version];
      procedures.set(key, { row, versions });
    }
    for (const { name } of (await client.query<{ name: string }>(SUPPORT)).rows) support.add(name);
    operators = (await client.query<Operator>(OPERATORS)).rows;
    casts = (await client.query<Cast>(CASTS)).rows;
    await client.end();
    await server.stop();
  }
  const byName = grouped([...procedures.values()], ({ row }) => row.name);
  const names: string[] = [];
  const signatures: string[] = [];
  for (const [name, all] of [...byName].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const open = all.filter(({ row }) => ![...row.args, row.result].some((type) => MACHINERY.has(type)));
    if (open.length === 0 || (support.has(name) && !CALLED.has(name))) names.push(name);
    else signatures.push([name, ...open.map(({ row, versions }) => signature(row, versions))].join(" "));
  }
  const byOperator = grouped(operators, ({ name }) => name);
  return {
    SIGNATURES: lines(signatures, "; ", 200),
    NAMES: lines(names, " "),
    OPERATORS: lines(
      [...byOperator]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, all]) =>
          [
            name,
            ...all.map(
              (each) =>
                `${each.left ?? ""},${each.right ?? ""}>${each.result}${each.volatility === "i" ? "" : `:${each.volatility}`}`,
            ),
          ].join(" "),
        ),
      "; ",
    ),
    IMPLICIT: lines(
      [
        ...grouped(
          casts.filter(({ implicit }) => implicit),
          ({ from }) => from,
        ),
      ].map(([from, all]) => `${from}>${all.map(({ to }) => to).join()}`),
      " ",
    ),
    VOLATILE_CASTS: lines(
      casts
        .filter(({ volatility }) => volatility !== null && volatility !== "i")
        .map(({ from, to }) => `${from}>${to}`),
      " ",
    ),
  };
}

/** `date,int4/1*>text[]:s!a@15-17`: the last argument has a default, or is variadic; the result is a set; strict; an aggregate; from 15 to 17. */
function signature(
  { args, defaults, variadic, result, set, volatility, strict, kind }: Procedure,
  versions: readonly number[],
): string {
  const first = versions[0] ?? 14;
  const last = versions.at(-1) ?? 18;
  const age = `${first > 14 ? `@${first}` : ""}${last < 18 ? `-${last}` : ""}`;
  return `${args.join()}${defaults > 0 ? `/${defaults}` : ""}${variadic ? "*" : ""}>${result}${set ? "[]" : ""}:${volatility}${strict ? "!" : ""}${kind === "f" ? "" : kind}${age}`;
}

/** Wrapped, with the separator at the ends of lines. */
function lines(items: readonly string[], separator: string, width = 160): string {
  const found: string[] = [];
  for (const item of items) {
    const last = found.at(-1);
    if (last !== undefined && last.length + separator.length + item.length <= width)
      found[found.length - 1] = `${last}${separator}${item}`;
    else found.push(`  ${item}`);
  }
  return found.join(`${separator.trimEnd()}\n`).replaceAll("\\", "\\\\").replaceAll("`", "\\`");
}

function grouped<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) found.set(key(item), [...(found.get(key(item)) ?? []), item]);
  return found;
}
