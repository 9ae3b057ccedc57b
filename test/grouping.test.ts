import { expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { checkSync } from "../src/engine/check.ts";
import type { CheckResult } from "../src/engine/result.ts";
import type { History } from "../src/index.ts";
import { grouped } from "../src/report/grouping.ts";
import { summarize } from "../src/report/summary.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";

await postgresReader.load();

function checked(pending: string): CheckResult {
  const file = (id: string, text: string) => ({ id, path: id, up: { path: `${id}/migration.sql`, text } });
  const history = {
    root: "m",
    provider: "postgresql",
    problems: [],
    migrations: [
      {
        ...file(
          "0001_init",
          "CREATE TABLE users (id int PRIMARY KEY, mail text, phone text, fax text); CREATE TABLE posts (id int PRIMARY KEY, title text, user_id int);",
        ),
        state: "history" as const,
      },
      { ...file("0002_change", pending), state: "pending" as const },
    ],
  } as unknown as History;
  return checkSync({
    histories: [history],
    rules,
    reader: postgresReader,
    config: { preset: "all", execution: "batch", postgres: 17 },
  });
}

const of = ({ findings }: CheckResult, rule: string) => findings.filter((finding) => finding.rule === rule);

test("what a rule says of one table is one finding, with the other places beside it", () => {
  const result = checked(
    "ALTER TABLE users DROP COLUMN phone;\nALTER TABLE users DROP COLUMN fax;\nALTER TABLE posts DROP COLUMN title;",
  );
  expect(of(result, "drop-column")).toHaveLength(3);
  const [users, posts, ...more] = of(grouped(result), "drop-column");
  expect(more).toEqual([]);
  expect(users?.message).toMatch(/The same goes for .*fax/);
  expect(users?.objects).toEqual(["public.users.phone", "public.users.fax"]);
  expect(users?.related.map(({ range, file }) => file.text.slice(range.start, range.end))).toEqual([
    expect.stringContaining("fax"),
  ]);
  expect(posts?.also).toBeUndefined();
  expect(summarize(grouped(result)).errors).toBe(summarize(result).errors - 1);
});

test("the worst leads", () => {
  const result = checked("CREATE INDEX a ON users (mail);\nCREATE INDEX b ON users (phone);");
  const [first, second] = of(result, "index-build-blocks-writes");
  if (!first || !second) throw new Error("two were to be found");
  const [told] = of(
    grouped({ ...result, findings: [{ ...first, severity: "warning" }, second] }),
    "index-build-blocks-writes",
  );
  expect(told?.severity).toBe(second.severity);
  expect(told?.range).toEqual(second.range);
  expect(told?.also).toEqual([{ ...first, severity: "warning" }]);
});

test("all fixes stay", () => {
  const result = checked("CREATE INDEX a ON users (mail);\nCREATE INDEX b ON users (phone);");
  const fixes = of(result, "index-build-blocks-writes").flatMap((finding) => finding.fixes);
  expect(
    of(grouped(result), "index-build-blocks-writes").flatMap((finding) =>
      [finding, ...(finding.also ?? [])].flatMap((each) => each.fixes),
    ),
  ).toEqual(fixes);
});

test.each([
  [
    "what fails is a cause of its own each time",
    "ALTER TABLE users ALTER mail SET NOT NULL, ALTER phone SET NOT NULL;",
    "not-null-over-existing-rows",
  ],
  [
    "what is suppressed stays by itself",
    "-- lockstep-ignore drop-column: no longer read\nALTER TABLE users DROP COLUMN phone;\nALTER TABLE users DROP COLUMN fax;",
    "drop-column",
  ],
])("%s", (_, sql, rule) => {
  const result = checked(sql);
  expect(of(result, rule)).toHaveLength(2);
  expect(of(grouped(result), rule)).toEqual(of(result, rule));
});

test("the worst comes first in each migration, and what every migration is asked for last", () => {
  const told = grouped(
    checked(
      "CREATE INDEX a ON users (mail);\nALTER TABLE users ADD CONSTRAINT k UNIQUE (phone);\nALTER TABLE posts DROP COLUMN title;",
    ),
  ).findings.map(({ rule, severity }) => `${severity} ${rule}`);
  const rank = (each: string): number =>
    /missing-(?:down-migration|lock-timeout)/.test(each)
      ? 3
      : ["error", "warning", "info"].indexOf(each.split(" ")[0] ?? "");
  expect(told.map(rank)).toEqual(told.map(rank).sort());
  expect(told.map(rank)).toContain(3);
  expect(told[0]).toMatch(/^error/);
});

test("what one statement makes others wait for at one table is one finding, the worst first", () => {
  const result = checked("ALTER TABLE users DROP COLUMN phone;\nCREATE INDEX a ON users (mail);");
  const [index, work] = ["index-build-blocks-writes", "work-after-exclusive-lock"].map((rule) => of(result, rule)[0]);
  if (!index || !work) throw new Error("two were to be found");
  const findings = [{ ...index, severity: "warning" as const }, work];
  const told = grouped({ ...result, findings }).findings;
  expect(told.map(({ rule, severity, also }) => [rule, severity, also])).toEqual([[work.rule, "error", [findings[0]]]]);
  expect(told[0]?.message).toBe(`${work.message} Also ${index.rule}: ${index.message}`);
  const elsewhere = { ...work, objects: ["public.posts"] };
  expect(grouped({ ...result, findings: [index, elsewhere] }).findings).toHaveLength(2);
  const suppressed = { ...work, suppressed: { reason: "x" } } as unknown as typeof work;
  expect(grouped({ ...result, findings: [index, suppressed] }).findings).toHaveLength(2);
});
