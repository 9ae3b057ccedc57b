/** Names of the types of pg_catalog. */

/** Built-in types that have functions or operators of their own: everything that a table can be made of. */
export const BASES: ReadonlySet<string> = new Set(
  `bool bytea char name int8 int2 int4 text oid json xml xid8 point lseg path box polygon line float4 float8 circle money macaddr inet cidr macaddr8
  bpchar varchar date time timestamp timestamptz interval timetz bit varbit numeric uuid pg_lsn tsvector tsquery regclass jsonb jsonpath int4range
  numrange tsrange tstzrange daterange int8range int4multirange nummultirange tsmultirange tstzmultirange datemultirange int8multirange`.split(
    /\s+/,
  ),
);

/** Built-in types whose values cannot be grouped: neither btree nor hash has an operator class for them (measured on 18: pg_opclass). */
export const NO_EQUALITY: ReadonlySet<string> = new Set(
  "json xml point lseg path box polygon line circle refcursor gtsvector jsonpath txid_snapshot pg_snapshot".split(" "),
);

const OTHERS: ReadonlySet<string> = new Set(
  `tid xid cid oidvector int2vector txid_snapshot aclitem refcursor gtsvector record trigger event_trigger void cstring internal unknown
  datemultirange tsmultirange char`.split(/\s+/),
);

const PSEUDO = /^any(?:element|array|nonarray|enum|range|multirange|compatible(?:array|nonarray|range|multirange)?)?$/;
const REGISTERED = /^reg(?:class|collation|config|dictionary|namespace|oper|operator|proc|procedure|role|type)$/;

/** Whether pg_catalog has a type of that name: those that tables are made of, and the machinery's. */
export const isBuiltInName = (name: string): boolean =>
  BASES.has(name) || OTHERS.has(name) || PSEUDO.test(name) || REGISTERED.test(name);
