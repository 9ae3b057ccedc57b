import { PGlite } from "@electric-sql/pglite";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  dotted,
  identifier,
  literal,
  nameIn,
  partsOf,
  qualifiedSql,
  quoted,
  quotedRelation,
  relationId,
  relationName,
  relationOf,
  relationSql,
  sibling,
  sqlName,
  undotted,
  unquoted,
} from "../src/sql/names.ts";

const NAMES = [
  "posts",
  "User",
  "user",
  "a.b",
  'say "hi"',
  '"',
  "é",
  "日本語",
  "my table",
  "1st",
  "a$1",
  "$1",
  "it's",
  "a\\b",
];

/** A name that PostgreSQL can hold: not empty, no NUL, within its 63 bytes, no half of a surrogate pair. */
const name = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 15 })
  .filter((text) => !text.includes("\0") && Buffer.byteLength(text) < 64);

describe("relation ids", () => {
  test("what is joined comes apart again, whatever dots and quotes are in it", () => {
    fc.assert(
      fc.property(
        fc.oneof(name, fc.constantFrom(...NAMES)),
        fc.oneof(name, fc.constantFrom(...NAMES)),
        (schema, own) => {
          expect(partsOf(relationId(schema, own))).toEqual({ schema, name: own });
          expect(undotted(dotted({ schema, name: own }))).toEqual({ schema, name: own });
          expect(partsOf(sibling(relationId(schema, own), "other"))).toEqual({ schema, name: "other" });
        },
      ),
    );
  });

  test("a column's relation is found, and a relation's is itself", () => {
    for (const schema of NAMES) {
      const id = relationId(schema, "posts");
      expect(relationOf(`${id}.title`)).toBe(id);
      expect(relationOf(id)).toBe(id);
    }
    expect(relationOf("sales")).toBe("sales");
  });

  test("a name in a text comes apart as regclass reads it", () => {
    fc.assert(
      fc.property(
        fc.oneof(name, fc.constantFrom(...NAMES)),
        fc.oneof(name, fc.constantFrom(...NAMES)),
        (schema, own) => {
          expect(nameIn(sqlName({ schema, name: own }))).toEqual({ schema, name: own });
          expect(nameIn(sqlName({ name: own }))).toEqual({ name: own });
        },
      ),
    );
  });

  test("two names have two ids", () => {
    fc.assert(
      fc.property(fc.tuple(name, name), fc.tuple(name, name), (one, other) => {
        fc.pre(one[0] !== other[0] || one[1] !== other[1]);
        expect(relationId(...one)).not.toBe(relationId(...other));
      }),
    );
    expect(relationId("a.b", "c")).not.toBe(relationId("a", "b.c"));
    expect(relationId('"a', 'b".c')).not.toBe(relationId("a.b", "c"));
  });

  test.each([
    ["public.posts", "posts", "posts", "public.posts", '"public"."posts"'],
    ["public.User", "User", '"User"', 'public."User"', '"public"."User"'],
    ["public.order", "order", '"order"', 'public."order"', '"public"."order"'],
    ["public.a.b", "a.b", '"a.b"', 'public."a.b"', '"public"."a.b"'],
    ["audit.log", "audit.log", "audit.log", "audit.log", '"audit"."log"'],
    ["Audit.log", "Audit.log", '"Audit".log', '"Audit".log', '"Audit"."log"'],
    ['"public.x".y', '"public.x".y', '"public.x".y', '"public.x".y', '"public.x"."y"'],
    ['public.say "hi"', 'say "hi"', '"say ""hi"""', 'public."say ""hi"""', '"public"."say ""hi"""'],
  ])("%s in prose and in SQL", (id, prose, sql, whole, inQuotes) => {
    expect([relationName(id), relationSql(id), qualifiedSql(id), quotedRelation(id)]).toEqual([
      prose,
      sql,
      whole,
      inQuotes,
    ]);
  });
});

describe("in PostgreSQL", () => {
  let db: PGlite;
  beforeAll(async () => {
    db = await PGlite.create();
  });

  test("a quoted name is that name, whether it needs the quotes or not", async () => {
    for (const each of [...NAMES, ...fc.sample(name, 100)])
      for (const written of [quoted(each), identifier(each)]) {
        const { rows } = await db.query<{ parts: string[] }>("select parse_ident($1) as parts", [written]);
        expect(rows[0]?.parts, written).toEqual([each]);
        expect(unquoted(identifier(each))).toBe(each);
      }
  });

  test("a name in a text is what PostgreSQL reads in it", async () => {
    for (const text of ["posts", "Public.Post_Seq", 'public."Post_Seq"', '"a.b".c', '"say ""hi"""', " posts "]) {
      const { rows } = await db.query<{ parts: string[] }>("select parse_ident($1) as parts", [text]);
      const { schema, name: own } = nameIn(text);
      expect([...(schema === undefined ? [] : [schema]), own], text).toEqual(rows[0]?.parts);
    }
  });

  test("every key word can name a table and a column as it is written", async () => {
    const { rows } = await db.query<{ word: string; catcode: string }>("select word, catcode from pg_get_keywords()");
    expect(rows.length).toBeGreaterThan(400);
    await db.exec(
      rows
        .map(({ word }, index) => `create table k${index} (${quoted(word)} int); create table ${quoted(word)} (a int);`)
        .join("\n"),
    );
    const bare = rows.filter(({ word, catcode }) => catcode === "R" && quoted(word) === word);
    expect(bare.map(({ word }) => word)).toEqual([]);
  });

  test("a literal is that text, whatever standard_conforming_strings is", async () => {
    const texts = ["", "it's", "a\\b", "\\'", "'", "\\", "line\nline", "E'x'", ...NAMES, ...fc.sample(name, 100)];
    for (const setting of ["on", "off"]) {
      await db.exec(`set standard_conforming_strings = ${setting}; set escape_string_warning = off`);
      for (const text of texts) {
        const { rows } = await db.query<{ text: string }>(`select ${literal(text)}::text as text`);
        expect(rows[0]?.text, literal(text)).toBe(text);
      }
    }
    for (const text of texts.filter((each) => !each.includes("\\"))) expect(unquoted(literal(text))).toBe(text);
  });
});
