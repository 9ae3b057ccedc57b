import { lookup } from "../../words.ts";
import type { TypeName } from "../../sql/expression.ts";

/** Types whose default btree operator class is another type's: https://www.postgresql.org/docs/current/indexes-opclass.html */
export const OPERATORS: Readonly<Record<string, string>> = lookup({ varchar: "text", cidr: "inet" });

/** Digits that a value of the type can have before and after the decimal point. */
export const DIGITS: Readonly<Record<string, readonly [number, number]>> = lookup({
  int2: [5, 0],
  int4: [10, 0],
  int8: [19, 0],
  oid: [10, 0],
  money: [17, 2],
});

/** Digits before the decimal point that always fit, and digits after it or in all that are kept. */
export const ROOM: Readonly<Record<string, readonly [number, number | { readonly significant: number }]>> = lookup({
  int2: [4, 0],
  int4: [9, 0],
  int8: [18, 0],
  money: [16, 2],
  float4: [38, { significant: 6 }],
  float8: [308, { significant: 15 }],
});

/** Longest text form in characters. */
export const TEXT_LENGTH: Readonly<Record<string, number>> = lookup({
  int2: 6,
  int4: 11,
  int8: 20,
  oid: 10,
  bool: 5,
  uuid: 36,
  macaddr: 17,
  macaddr8: 23,
});

export const LOSSES: Readonly<Record<string, string>> = lookup({
  "json>jsonb": "the order of keys, duplicate keys and white space go",
  "timestamp>date": "the time of day goes",
  "timestamptz>date": "the time of day goes",
  "timestamp>time": "the date goes",
  "timestamptz>time": "the date goes",
  "timestamptz>timetz": "the date goes",
  "timetz>time": "the zone goes",
  "interval>time": "whole days go",
  "inet>cidr": "the host part is set to zero",
  "int2>oid": "negative numbers become large ones",
  "bytea>int2": "the number of leading zero bytes goes",
  "bytea>int4": "the number of leading zero bytes goes",
  "bytea>int8": "the number of leading zero bytes goes",
  "int4>bool": "every number but 0 becomes true",
  "int4>bit": "high bits are cut",
  "int8>bit": "high bits are cut",
});

export const FROM_TEXT_LOSSES: Readonly<Record<string, string>> = lookup({
  float4: "digits are rounded",
  float8: "digits are rounded",
  date: "a time of day goes",
  time: "a date goes",
  timetz: "a date goes",
  timestamp: "a zone goes",
  jsonb: "the order of keys, duplicate keys and white space go",
});

/**
 * pg_cast among the types that Prisma can write (PostgreSQL 18; bytea with integers is new there). Context is
 * i(mplicit), a(ssignment) or e(xplicit), method f(unction), b(inary) or i (by way of text); "!" marks a cast that
 * can fail for a value, "~" one that can change it: https://www.postgresql.org/docs/current/catalog-pg-cast.html
 * date to timestamp fails only for years past 294276, which is not counted.
 */
const PG_CAST: Readonly<Record<string, string>> = lookup({
  bit: "int4:ef! int8:ef! varbit:ib",
  bool: "bpchar:af citext:af int4:ef text:af varchar:af",
  bpchar: "citext:af text:if varchar:if xml:ef!",
  bytea: "int2:ef!~ int4:ef!~ int8:ef!~",
  cidr: "bpchar:af inet:ib text:af varchar:af",
  citext: "bpchar:ab text:ib varchar:ib",
  date: "timestamp:if timestamptz:if",
  float4: "float8:if int2:af!~ int4:af!~ int8:af!~ numeric:af~",
  float8: "float4:af!~ int2:af!~ int4:af!~ int8:af!~ numeric:af~",
  inet: "bpchar:af cidr:af~ citext:af text:af varchar:af",
  int2: "bytea:ef float4:if float8:if int4:if int8:if numeric:if oid:if~",
  int4: "bit:ef~ bool:ef~ bytea:ef float4:if~ float8:if int2:af! int8:if money:af numeric:if oid:ib",
  int8: "bit:ef~ bytea:ef float4:if~ float8:if~ int2:af! int4:af! money:af! numeric:if oid:if!",
  interval: "time:af~",
  json: "jsonb:ai!~",
  jsonb: "bool:ef! float4:ef!~ float8:ef!~ int2:ef!~ int4:ef!~ int8:ef!~ json:ai numeric:ef!",
  macaddr: "macaddr8:if",
  macaddr8: "macaddr:if!",
  money: "numeric:af",
  numeric: "float4:if!~ float8:if!~ int2:af!~ int4:af!~ int8:af!~ money:af!~",
  oid: "int4:ab int8:af",
  text: "bpchar:ib citext:ab varchar:ib xml:ef!",
  time: "interval:if timetz:if",
  timestamp: "date:af~ time:af~ timestamptz:if",
  timestamptz: "date:af~ time:af~ timestamp:af timetz:af~",
  timetz: "time:af~",
  uuid: "",
  varbit: "bit:ib",
  varchar: "bpchar:ib citext:ab text:ib xml:ef!",
  xml: "bpchar:ab text:ab varchar:ab",
});

export interface CastRow {
  readonly context: "implicit" | "assignment" | "explicit";
  readonly kind: "function" | "binary" | "text";
  readonly fails: boolean;
  readonly loses: boolean;
}

/** Keys are "from>to". */
export const CASTS: ReadonlyMap<string, CastRow> = new Map(
  Object.entries(PG_CAST).flatMap(([from, row]) =>
    [...row.matchAll(/(\w+):([iae])([fbi])(!?)(~?)/g)].map(([, to, context, kind, fails, loses]): [string, CastRow] => [
      `${from}>${to}`,
      {
        context: context === "i" ? "implicit" : context === "a" ? "assignment" : "explicit",
        kind: kind === "f" ? "function" : kind === "b" ? "binary" : "text",
        fails: fails === "!",
        loses: loses === "~",
      },
    ]),
  ),
);

/** The types whose casts are all listed. */
export const LISTED: ReadonlySet<string> = new Set(Object.keys(PG_CAST));

const BUILT_IN = new Set([...LISTED, "name"]);

export function isBuiltIn(type: TypeName): boolean {
  return (
    BUILT_IN.has(type.name) && (type.schema === undefined || type.schema === "pg_catalog" || type.name === "citext")
  );
}
