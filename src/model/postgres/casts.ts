/** Casts as pg_cast of 18 has them: https://www.postgresql.org/docs/current/catalog-pg-cast.html */

/** Whether a value of one built-in type is taken for another wherever that is asked for. Length casts of a type to itself are not counted. */
export function isImplicit(from: string, to: string): boolean {
  implicit ??= new Map(
    IMPLICIT.trim()
      .split(/\s+/)
      .map((entry) => {
        const [source = "", targets = ""] = entry.split(">");
        return [source, new Set(targets.split(","))];
      }),
  );
  return implicit.get(from)?.has(to) === true;
}

/** Whether a cast looks at settings of the session (TimeZone, DateStyle), so that no index can be built over it. */
export function isStableCast(from: string, to: string): boolean {
  stable ??= new Set(VOLATILE_CASTS.trim().split(/\s+/));
  return stable.has(`${from}>${to}`);
}

let implicit: ReadonlyMap<string, ReadonlySet<string>> | undefined;
let stable: ReadonlySet<string> | undefined;

// Written by test/lore.test.ts from PostgreSQL 18.
const IMPLICIT = `
  bit>varbit bpchar>name,text,varchar char>text cidr>inet date>timestamp,timestamptz float4>float8
  int2>float4,float8,int4,int8,numeric,oid,regclass,regcollation,regconfig,regdictionary,regnamespace,regoper,regoperator,regproc,regprocedure,regrole,regtype
  int4>float4,float8,int8,numeric,oid,regclass,regcollation,regconfig,regdictionary,regnamespace,regoper,regoperator,regproc,regprocedure,regrole,regtype
  int8>float4,float8,numeric,oid,regclass,regcollation,regconfig,regdictionary,regnamespace,regoper,regoperator,regproc,regprocedure,regrole,regtype
  macaddr>macaddr8 macaddr8>macaddr name>text numeric>float4,float8
  oid>regclass,regcollation,regconfig,regdictionary,regnamespace,regoper,regoperator,regproc,regprocedure,regrole,regtype pg_dependencies>bytea,text
  pg_mcv_list>bytea,text pg_ndistinct>bytea,text pg_node_tree>text regclass>oid regcollation>oid regconfig>oid regdictionary>oid regnamespace>oid
  regoper>oid,regoperator regoperator>oid,regoper regproc>oid,regprocedure regprocedure>oid,regproc regrole>oid regtype>oid text>bpchar,name,regclass,varchar
  time>interval,timetz timestamp>timestamptz varbit>bit varchar>bpchar,name,regclass,text`;

// Those that are not IMMUTABLE.
const VOLATILE_CASTS = `
  bpchar>xml date>timestamptz int4>money int8>money money>numeric numeric>money text>regclass text>xml time>timetz timestamp>timestamptz timestamptz>date
  timestamptz>time timestamptz>timestamp timestamptz>timetz varchar>regclass varchar>xml`;
