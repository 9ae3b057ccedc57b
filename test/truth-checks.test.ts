import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/**
 * The hazards of locks, rewrites, constraints and indexes that linters know, each with the statements that PostgreSQL is asked about it:
 * a pattern that a case of truth/cases.sql has to match, or why there is no statement to run.
 */
const HAZARDS: Readonly<Record<string, RegExp | string>> = {
  A1: "about several statements: fixtures/work-after-exclusive-lock",
  A2: "about several statements: fixtures/work-after-exclusive-lock",
  A3: /alter table \w+ add column .*, add column/,
  A4: "counts statements",
  A5: /lock table/,
  A6: /create trigger/,
  A7: /disable trigger/,
  A8: /drop trigger/,
  A9: /drop constraint \w*fk/,
  A10: /create table .*references/,
  A11: /attach partition/,
  A12: /detach partition/,
  A13: /create table .*partition of/,
  A14: /refresh materialized view (?!concurrently)/,
  A15: /refresh materialized view concurrently/,
  A16: /vacuum (?:full|\(full)/,
  A17: /^cluster/,
  A18: /^vacuum (?!full|\(full)/,
  A19: /drop default|set default/,
  A20: "depends on the size of the table",
  A21: "counts files",
  A22: /create or replace view/,
  B1: /default gen_random_uuid/,
  B2: "PostgreSQL 10 and older",
  B3: /add column \w+ (?:big)?serial/,
  B4: /add column .*as identity/,
  B5: /generated always as .*stored/,
  B6: /set expression/,
  B7: /add column \w+ positive/,
  B8: /alter column \w+ type bigint/,
  B9: /type varchar\(3\)/,
  B10: /type timestamptz/,
  B11: /alter column id type bigint/,
  B12: /set (?:un)?logged/,
  B13: /set tablespace/,
  B14: /set access method/,
  B15: "all cases",
  B16: /set compression/,
  B17: /set default (?:nextval|gen_random_uuid)/,
  B18: /type \w+ using .*::text::/,
  C1: /add (?:constraint \w+ )?foreign key/,
  C2: /add (?:constraint \w+ )?check/,
  C3: /not valid/,
  C4: "about several statements: fixtures/constraint-scan-blocks-reads",
  C5: /validate constraint/,
  C6: /add (?:constraint \w+ )?unique \(/,
  C7: /unique using index/,
  C8: /add (?:constraint \w+ )?primary key \(/,
  C9: /primary key using index/,
  C10: /add (?:constraint \w+ )?exclude/,
  C11: /add column \w+ \w+ not null;/,
  C12: /set not null/,
  C13: /drop not null/,
  C14: /drop constraint/,
  C15: /drop constraint \w+_pkey/,
  C16: /alter domain .*add/,
  C17: "what later statements cost",
  C18: /add foreign key \(title\) references account/,
  C19: /on delete set null/,
  C20: "house style",
  C21: "counts statements",
  C22: /deferrable/,
  C23: /not enforced/,
  C24: "collations of foreign keys are not predicted",
  C25: "what later rows do",
  C26: /alter table event add unique \(id\);/,
  C27: /add check \(/,
  C28: "house style",
  C29: "house style",
  D1: /create index/,
  D2: /create unique index/,
  D3: /create index concurrently/,
  D4: /drop index concurrently/,
  D5: /drop index (?!concurrently)/,
  D6: /reindex (?:table|index) (?!concurrently)/,
  D7: /create index \w* ?on event/,
  D8: "what is left after a failed build",
  D9: "what later statements cost",
  D10: "house style",
  D11: "house style",
  D12: "what later statements cost",
  D13: /drop index \w+_(?:pkey|key)/,
  D14: "a fault of minor versions",
  D15: /using (?:gin|gist|hash)/,
  D16: "depends on traffic",
};

const cases = readFileSync(new URL("truth/cases.sql", import.meta.url), "utf8")
  .split(/^-- case: /m)
  .slice(1)
  .map((block) =>
    block
      .split("\n")
      .slice(1)
      .filter((line) => !line.startsWith("-- "))
      .join(" ")
      .trim(),
  );

test.each(Object.entries(HAZARDS).filter((entry): entry is [string, RegExp] => entry[1] instanceof RegExp))(
  "%s has a case",
  (_name, pattern) => {
    expect(cases.some((sql) => pattern.test(sql))).toBe(true);
  },
);

test("none of them is left out", () => {
  const all = [
    ["A", 22],
    ["B", 18],
    ["C", 29],
    ["D", 16],
  ] as const;
  expect(Object.keys(HAZARDS)).toEqual(
    all.flatMap(([letter, count]) => Array.from({ length: count }, (_each, i) => `${letter}${i + 1}`)),
  );
});
