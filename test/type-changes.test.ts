import { PGlite } from "@electric-sql/pglite";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CASTS } from "../src/model/postgres/conversions.ts";
import { typeChange, type TypeContext } from "../src/model/postgres/types.ts";
import type { TypeName } from "../src/sql/expression.ts";

/**
 * Every pair of these types is changed in PostgreSQL, on a table with one row whose value (NULL) every cast
 * accepts and an index on the column where the type can have one; what it did is compared with the prediction.
 */
const TYPES =
  "text varchar varchar(10) varchar(20) char char(5) char(10) int2 int4 int8 numeric numeric(10,2) numeric(12,2) numeric(65,30) numeric(8) float4 float8 money bool date " +
  "time time(3) timetz timetz(3) timestamp timestamp(3) timestamp(6) timestamptz timestamptz(3) timestamptz(6) interval interval(3) interval(6) uuid json jsonb bytea xml inet cidr " +
  "bit bit(5) varbit varbit(5) varbit(9) oid citext mood other_mood plain_domain strict_domain short_domain plain_integer text[] varchar(10)[] varchar[] int4[] int8[] mood[]";
const NO_INDEX = new Set(["json", "xml"]);

const DOMAINS: Readonly<
  Record<string, { readonly sql: string; readonly constrained: boolean; readonly base: string }>
> = {
  plain_domain: { base: "text", constrained: false, sql: "text" },
  strict_domain: { base: "text", constrained: true, sql: "text check (length(value) < 5)" },
  short_domain: { base: "varchar(10)", constrained: false, sql: "varchar(10)" },
  plain_integer: { base: "int4", constrained: false, sql: "int4" },
};

function typeName(text: string): TypeName {
  const [, name = "", modifiers, array] = /^(\w+)(?:\(([\d,]+)\))?(\[\])?$/.exec(text) ?? [];
  const spelled = name === "char" ? "bpchar" : name;
  const numbers = modifiers?.split(",").map(Number) ?? (name === "char" || name === "bit" ? [1] : []);
  return {
    name: spelled,
    modifiers: spelled === "interval" && numbers.length > 0 ? [32767, ...numbers] : numbers,
    array: array ? 1 : 0,
  };
}

function context(zone: string, using: TypeContext["using"]): TypeContext {
  return {
    timeZoneUtc: zone === "UTC",
    using,
    collationChange: false,
    isEnum: (type) => type.name === "mood" || type.name === "other_mood",
    domain: (type) => {
      const found = type.array === 0 ? DOMAINS[type.name] : undefined;
      return found && { base: typeName(found.base), constrained: found.constrained };
    },
  };
}

let db: PGlite;

beforeAll(async () => {
  db = await PGlite.create({ extensions: { citext } });
  await db.exec(
    "create extension citext; create type mood as enum ('sad', 'ok'); create type other_mood as enum ('ok')",
  );
  for (const [name, { sql }] of Object.entries(DOMAINS)) await db.exec(`create domain ${name} as ${sql}`);
}, 60_000);
afterAll(() => db.close());

interface Seen {
  readonly refused?: string;
  readonly rewrite: boolean;
  readonly scan: boolean;
}

/** Changes the column of an existing table `t`, looks, and rolls back. */
async function change(statement: string): Promise<Seen> {
  const look =
    "select pg_relation_filenode('t') as node, (select coalesce(seq_scan, 0)::int from pg_stat_xact_all_tables where relid = 't'::regclass) as scans";
  const results = await db.exec(`begin; ${look}`);
  const before = results.at(-1)?.rows[0] as { node: number; scans: number };
  try {
    const after = (await db.exec(`${statement}; ${look}`)).at(-1)?.rows[0] as { node: number; scans: number };
    const rewrite = after.node !== before.node;
    return { rewrite, scan: !rewrite && after.scans > before.scans };
  } catch (error) {
    return { refused: (error as { code: string }).code, rewrite: false, scan: false };
  } finally {
    await db.exec("rollback");
  }
}

describe("typeChange against PostgreSQL", () => {
  const types = TYPES.split(" ");
  /** A third of the pairs, another one for each type; all of them by `npm run truth:types`. */
  const all = process.env["LOCKSTEP_TYPES"] === "all";
  const partners = (from: string, of: readonly string[]): readonly string[] =>
    all ? of : of.filter((_, at) => (at + of.indexOf(from)) % 3 === 0);
  for (const zone of ["UTC", "Europe/Berlin"]) {
    test(`pairs of ${types.length} types, TimeZone ${zone}`, async () => {
      const differences: string[] = [];
      let compared = 0;
      // Only the pairs between zoned and unzoned types look at the zone.
      const subset = zone === "UTC" ? types : types.filter((type) => /^(date|time|text)/.test(type));
      await db.exec(`set timezone = '${zone}'`);
      for (const from of subset) {
        await db.exec(
          `create table t (c ${from}); insert into t values (null); ${NO_INDEX.has(from) ? "" : "create index t_c on t (c)"}`,
        );
        for (const to of partners(from, subset)) {
          // A type without a default operator class makes rebuilding the index the failure.
          const drop = NO_INDEX.has(to) && !NO_INDEX.has(from) ? "drop index t_c; " : "";
          for (const [clause, using] of [
            ["", "none"],
            [` using c::${to}`, "cast to the same target"],
          ] as const) {
            const seen = await change(`${drop}alter table t alter column c type ${to}${clause}`);
            const p = typeChange(typeName(from), typeName(to), context(zone, using));
            const predicted: Seen = {
              ...(p.fails === "always" && p.sqlstate !== undefined ? { refused: p.sqlstate } : {}),
              rewrite: p.rewrite === "yes",
              scan: p.rebuildsIndexes && drop === "" && !NO_INDEX.has(from),
            };
            compared++;
            if (p.rewrite === "maybe" || JSON.stringify(seen) !== JSON.stringify(predicted)) {
              differences.push(
                `${from} -> ${to}${clause}: ${JSON.stringify(seen)}, predicted ${p.rewrite === "maybe" ? "maybe" : JSON.stringify(predicted)}`,
              );
            }
          }
        }
        await db.exec("drop table t");
      }
      expect(differences).toEqual([]);
      expect(compared).toBeGreaterThanOrEqual(((subset.length ** 2 * 2) / (all ? 1 : 3)) * 0.9);
    }, 300_000);
  }

  test("what a sample value shows to fail or to be lost is predicted", async () => {
    const differences: string[] = [];
    let compared = 0;
    await db.exec("set timezone = 'UTC'");
    const sampled = types.filter((type) => samples(type).length > 0);
    for (const from of sampled) {
      for (const to of partners(from, sampled)) {
        for (const [clause, using] of [
          ["", "none"],
          [` using c::${to}`, "cast to the same target"],
        ] as const) {
          const p = typeChange(typeName(from), typeName(to), context("UTC", using));
          if (p.fails === "always") continue;
          const seen = await convertSamples(from, to, clause);
          compared++;
          if (seen.fails && p.fails === "never") differences.push(`${from} -> ${to}${clause}: failed`);
          // A text that reads as a value of the type may be written in another way than the type writes it.
          if (seen.loses && !p.losesPrecision && !(SAMPLES[from] ?? WORDS).includes("abcde"))
            differences.push(`${from} -> ${to}${clause}: changed a value`);
        }
      }
    }
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(all ? 1500 : 400);
  }, 300_000);

  test.each([
    // from, to, USING, fails, loses, sqlstate; each proven by a value below
    ["int8", "int4", "", "may", false, "22003", "2147483648"],
    ["int4", "int8", "", "never", false, undefined, "2147483647"],
    ["int4", "float4", "", "never", true, undefined, "123456789"],
    ["varchar(20)", "varchar(10)", "", "may", false, "22001", "abcdefghijk"],
    ["varchar(20)", "varchar(10)", "cast", "never", true, undefined, "abcdefghijk"],
    ["text", "char(5)", "", "may", false, "22001", "abcdef"],
    ["uuid", "varchar(36)", "", "never", false, undefined, "b4d2a2d4-1e3f-4a3c-9d5e-6f7a8b9c0d1e"],
    ["uuid", "varchar(35)", "", "may", false, "22001", "b4d2a2d4-1e3f-4a3c-9d5e-6f7a8b9c0d1e"],
    ["text", "uuid", "cast", "may", false, "22P02", "no uuid"],
    ["text", "int4", "cast", "may", false, "22P02", "no number"],
    ["text", "mood", "cast", "may", false, "22P02", "glad"],
    ["mood", "text", "", "never", false, undefined, "sad"],
    ["text", "jsonb", "cast", "may", true, "22P02", "{"],
    ["json", "jsonb", "", "may", true, "22P05", '"\\u0000"'],
    ["jsonb", "json", "", "never", false, undefined, '{"a":1}'],
    ["numeric(12,2)", "numeric(10,2)", "", "may", false, "22003", "1234567890.12"],
    ["numeric(10,2)", "numeric(12,2)", "", "never", false, undefined, "12345678.12"],
    ["numeric", "numeric(10,2)", "", "may", true, "22003", "123456789.123"],
    ["numeric(10,4)", "numeric(10,2)", "", "never", true, undefined, "999999.9999"],
    ["numeric(10,4)", "numeric(9,2)", "", "never", true, undefined, "999999.9999"],
    ["numeric(6,2)", "numeric(5,1)", "", "may", true, "22003", "9999.99"],
    ["numeric(2,5)", "numeric(1,4)", "", "may", true, "22003", "0.00099"],
    ["numeric(8)", "int4", "", "never", false, undefined, "12345678"],
    ["numeric(12,2)", "int4", "", "may", true, "22003", "9999999999.99"],
    ["float8", "float4", "", "may", true, "22003", "1e300"],
    ["float8", "int4", "", "may", true, "22003", "1e10"],
    ["timestamp(6)", "timestamp(3)", "", "never", true, undefined, "2020-01-02 03:04:05.678901"],
    ["timestamp(3)", "timestamp(6)", "", "never", false, undefined, "2020-01-02 03:04:05.678"],
    ["timestamp(3)", "timestamptz(3)", "", "never", false, undefined, "2020-01-02 03:04:05.678"],
    ["timestamptz", "date", "", "never", true, undefined, "2020-01-02 03:04:05+00"],
    ["text", "strict_domain", "", "may", false, "23514", "abcdef"],
    ["bit(5)", "bit", "", "may", false, "22026", "10110"],
  ] as const)("%s -> %s (%s) %s fails, loses: %s", async (from, to, clause, fails, loses, sqlstate, value) => {
    const p = typeChange(
      typeName(from),
      typeName(to),
      context("UTC", clause === "" ? "none" : "cast to the same target"),
    );
    expect({ fails: p.fails, loses: p.losesPrecision, sqlstate: p.sqlstate }).toEqual({ fails, loses, sqlstate });
    await db.exec(`begin; create table t (c ${from}); insert into t values ('${value}')`);
    const code = await db.exec(`alter table t alter column c type ${to}${clause === "" ? "" : ` using c::${to}`}`).then(
      () => undefined,
      (error: unknown) => (error as { code: string }).code,
    );
    await db.exec("rollback");
    expect(code).toBe(sqlstate);
  });
});

/** Values of a type that bring out what a cast can do to them. */
function samples(type: string): readonly string[] {
  const exact = SAMPLES[type] ?? (type.endsWith("[]") ? [] : SAMPLES[type.replace(/\(.*/, "")]) ?? [];
  const limit = Number(/^(?:varchar|char|varbit)\((\d+)\)$/.exec(type)?.[1] ?? (type === "char" ? 1 : Infinity));
  return exact.filter((value) => value.length <= limit);
}

const WORDS = [
  "a",
  "abcde",
  "abcdefghij",
  "abcdefghijklm<",
  "abcdefghijklmnopqrstuvwxy",
  "\\xzz",
  "1",
  "1.123456789",
  "1.12345678901234567890123",
  "true",
  "2020-01-02 03:04:05.678901+02",
  '{"b":1,"a":1,"a":2}',
  "b4d2a2d4-1e3f-4a3c-9d5e-6f7a8b9c0d1e",
];
const TIMES = ["2020-01-02 03:04:05.678901", "1999-12-31 00:00:00"];
const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  text: WORDS,
  varchar: WORDS,
  char: WORDS,
  citext: WORDS,
  int2: ["0", "2", "-32768", "32767"],
  int4: ["0", "2", "-2147483648", "2147483647", "123456789"],
  int8: ["0", "2", "-9223372036854775808", "9223372036854775807", "1234567890123456789"],
  numeric: ["0", "1.5", "123456789012345678901234567890.123456789", "1e400"],
  "numeric(10,2)": ["0", "1.55", "12345678.12"],
  "numeric(12,2)": ["0", "1.55", "1234567890.12"],
  "numeric(65,30)": ["0", "1.55", "12345678901234567890123456789012345.123456789012345678901234567891"],
  "numeric(8)": ["0", "12345678"],
  float4: ["0", "1.2345678", "1e30"],
  float8: ["0", "1.2345678901234567", "1e300"],
  money: ["0", "1.55", "92233720368547758.07"],
  bool: ["true", "false"],
  date: ["2020-01-02", "1999-12-31"],
  time: ["03:04:05.678901"],
  timetz: ["03:04:05.678901+02"],
  timestamp: TIMES,
  timestamptz: TIMES.map((time) => `${time}+00`),
  interval: ["1 day 03:04:05.678901", "10 years"],
  uuid: ["b4d2a2d4-1e3f-4a3c-9d5e-6f7a8b9c0d1e"],
  json: ['{"b":1,"a":1,"a":2}', '"\\u0000"', "1"],
  jsonb: ['{"b":1}', "1", "12345678901", "1e400", "1.12345678901234567890123", "true"],
  bytea: ["\\x616263", "\\x0102030405060708090a"],
  xml: ["<a/>", "abcdefghijklmnopqrstuvwxy"],
  inet: ["10.1.2.3/8", "::1"],
  cidr: ["10.0.0.0/8"],
  bit: ["1"],
  "bit(5)": ["10110"],
  varbit: ["1", "10110", "101101011", "10110101101", "1".repeat(70)],
  oid: ["1", "4294967295"],
  mood: ["sad", "ok"],
  other_mood: ["ok"],
  "int4[]": ["{1,2}"],
  "text[]": ["{abcdefghijklmnop,1}"],
};

/** Whether some sample is refused, and whether some sample is another value after it, judged by casting it back. */
async function convertSamples(from: string, to: string, clause: string): Promise<{ fails: boolean; loses: boolean }> {
  let fails = false;
  let loses = false;
  for (const value of samples(from)) {
    await db.exec(`begin; create table t (c ${from})`);
    try {
      await db.query(`insert into t values ('${value.replaceAll("'", "''")}')`);
      const before = ((await db.query("select c::text as c from t")).rows[0] as { c: string }).c;
      await db.exec("savepoint s");
      try {
        await db.exec(`alter table t alter column c type ${to}${clause}`);
        loses ||= (await back(from))?.trimEnd() !== before.trimEnd();
      } catch {
        fails = true;
      }
    } finally {
      await db.exec("rollback");
    }
  }
  return { fails, loses };
}

async function back(type: string): Promise<string | undefined> {
  for (const cast of [`c::${type}::text`, `c::text::${type}::text`, `c::numeric::${type}::text`]) {
    await db.exec("savepoint back");
    try {
      return ((await db.query(`select ${cast} as c from t`)).rows[0] as { c: string }).c;
    } catch {
      await db.exec("rollback to back");
    }
  }
  return undefined;
}

test("CASTS is PostgreSQL's pg_cast", async () => {
  const names = [...new Set([...CASTS.keys()].flatMap((key) => key.split(">")))];
  const { rows } = await db.query<{ from: string; to: string; context: string; method: string }>(
    `select s.typname as from, t.typname as to, castcontext::text as context, castmethod::text as method from pg_cast
       join pg_type s on s.oid = castsource join pg_type t on t.oid = casttarget where s.typname = any($1) and t.typname = any($1) and s.oid <> t.oid`,
    [names],
  );
  const theirs = rows.map((row) => `${row.from}>${row.to} ${row.context}${row.method}`);
  const letter = { binary: "b", function: "f", text: "i" };
  const ours = [...CASTS].map(([key, row]) => `${key} ${row.context[0] ?? ""}${letter[row.kind]}`);
  expect(ours.sort()).toEqual(theirs.sort());
});
