import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { type AnyRule, defineRule } from "../src/index.ts";
import { loadReader } from "../src/sql/readers.ts";
import { parseFixture } from "./support/fixture.ts";
import { FIXTURES, fixtureNames, folderOf } from "./support/fixture-folders.ts";
import { differences, fixProblems, fixedText, runFixture, withTexts } from "./support/fixture-run.ts";

const reader = await loadReader("postgres");

/** Messages that need evidence which a fixture cannot give. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  // test/rule-messages.test.ts
  "branch-divergence": ["same"],
  "down-migration-does-not-restore": ["fails"],
  "edited-applied-migration": ["unclear"],
  "fails-in-rehearsal": ["endless"],
  "late-migration": ["seen"],
  // test/foreign-text.test.ts
  "syntax-error": ["encoding"],
};

for (const each of rules) {
  const folder = `${folderOf(each.id)}/`;
  const files = fixtureNames(each.id);
  describe(each.id, () => {
    const shown = new Set<PropertyKey>();
    const rule = { ...each, messages: watched(each.messages, shown) };
    const all = rules.map((other) => (other === each ? rule : other));
    const offered = new Set<string>();
    for (const file of files) {
      test(file, async () => {
        const fixture = parseFixture(readFileSync(folder + file, "utf8"), reader);
        const findings = await runFixture(fixture, rule, all);
        expect(differences(fixture, findings)).toEqual([]);
        expect(
          findings.flatMap(({ message, help }) => [message, help]).filter((text) => /\{[a-z]\w*\}/.test(text)),
          "every placeholder is filled",
        ).toEqual([]);
        if (file.startsWith("valid-")) expect(fixture.wants, "a valid fixture wants nothing").toEqual([]);
        else expect(fixture.wants, "an invalid fixture wants something").not.toEqual([]);

        const problems: string[] = [];
        for (const finding of findings.filter((each) => !each.suppressed)) {
          for (const fix of finding.fixes) {
            offered.add(fix.safety);
            problems.push(...(await fixProblems(fixture, rule, rules, finding, fix, reader)));
          }
        }
        expect(problems).toEqual([]);

        for (const [level, ending] of [
          ["safe", "fixed"],
          ["unsafe", "unsafe"],
        ] as const) {
          if (level === "unsafe" && !findings.some((finding) => finding.fixes.some((fix) => fix.safety === "unsafe"))) {
            expect(existsSync(folder + file.replace(/\.sql$/, ".unsafe.sql")), "there is nothing unsafe to fix").toBe(
              false,
            );
            continue;
          }
          const path = folder + file.replace(/\.sql$/, `.${ending}.sql`);
          const text = await fixedText(fixture, rule, rules, level, reader);
          if (process.env.UPDATE && text !== undefined) writeFileSync(path, text);
          expect(text, `${path.slice(FIXTURES.length)} is the text after ${level} fixes (UPDATE=1 writes it)`).toBe(
            existsSync(path) ? readFileSync(path, "utf8") : undefined,
          );
          const last = fixture.history.migrations.find(({ id }) => id === fixture.last)?.up;
          if (text !== undefined && last)
            expect(
              await fixedText(
                fixture,
                rule,
                rules,
                level,
                reader,
                withTexts(fixture.history, new Map([[last.path, text]])),
              ),
              "a second run changes nothing",
            ).toBeUndefined();
        }
      }, 60_000);
    }
    test("the fixtures show every message", () => {
      expect(
        Object.keys(each.messages).filter((message) => !shown.has(message)),
        `messages of ${each.id} that no fixture in ${folder.slice(FIXTURES.length)} shows: add one for each`,
      ).toEqual(ELSEWHERE[each.id] ?? []);
    });
    test("the fixtures offer the fixes that the rule declares, and no others", () => {
      const order = ["safe", "unsafe", "display"];
      expect(
        [...offered].sort((a, b) => order.indexOf(a) - order.indexOf(b))[0],
        `the safest fix in the fixtures of ${each.id}, against its "fixable": correct one of the two`,
      ).toBe(rule.fixable);
    });
  });
}

/** The messages, noting which of them are asked for. */
function watched(messages: AnyRule["messages"], asked: Set<PropertyKey>): AnyRule["messages"] {
  return new Proxy(messages, {
    get(target, name) {
      asked.add(name);
      return Reflect.get(target, name) as string;
    },
  });
}

describe("the runner itself", () => {
  const sample = defineRule({
    id: "sample",
    title: "Dropping a column",
    category: "destructive",
    severity: "warning",
    since: "0.1.0",
    fixable: "safe",
    messages: { dropped: "Dropping {column} loses its values." },
    help: "Keep it.",
    on: {
      dropColumn(operation, context) {
        context.report({
          at: operation,
          message: "dropped",
          data: { column: operation.column },
          fixes: [
            {
              title: "Keep the column",
              safety: "safe",
              edits: [{ range: operation.range, text: `ALTER COLUMN "${operation.column}" DROP NOT NULL` }],
            },
          ],
        });
      },
    },
  });
  const HEAD = `-- postgres: 16\n-- migration: 0001_init\nCREATE TABLE t (id int PRIMARY KEY, a int, b int);\n-- migration: 0002_drop\n`;
  const judge = async (text: string): Promise<string[]> => {
    const fixture = parseFixture(text, reader);
    return differences(fixture, await runFixture(fixture, sample, [sample]));
  };

  test.each([
    ["on the line", `ALTER TABLE t ADD z int, DROP COLUMN a; -- want \`DROP COLUMN a\`: loses its values`, []],
    ["before the statement", `-- want: Dropping a\nALTER TABLE t ADD z int, DROP COLUMN a;`, []],
    ["inside the statement", `ALTER TABLE t ADD z int,\n  -- want \`DROP COLUMN b\`: Dropping b\n  DROP COLUMN b;`, []],
    [
      "two on one statement",
      `-- want: Dropping a\nALTER TABLE t ADD z int, DROP COLUMN a, DROP COLUMN b; -- want: Dropping b`,
      [],
    ],
    ["elided", `ALTER TABLE t ADD z int, DROP COLUMN   a; -- want \`DROP … a\`: Dropping a`, []],
    [
      "nothing wanted",
      `ALTER TABLE t ADD z int, DROP COLUMN a;`,
      ["surplus: 0002_drop `DROP COLUMN a`: Dropping a loses its values."],
    ],
    ["nothing found", `SELECT 1; -- want: Dropping a`, ["missing: -- want: Dropping a"]],
    [
      "another highlight",
      `ALTER TABLE t ADD z int, DROP COLUMN a; -- want \`DROP COLUMN\`: Dropping a`,
      [
        "missing: -- want `DROP COLUMN`: Dropping a",
        "surplus: 0002_drop `DROP COLUMN a`: Dropping a loses its values.",
      ],
    ],
    [
      "another statement",
      `SELECT 1; -- want: Dropping a\nALTER TABLE t ADD z int, DROP COLUMN a;`,
      ["missing: -- want: Dropping a", "surplus: 0002_drop `DROP COLUMN a`: Dropping a loses its values."],
    ],
    [
      "a want for the file",
      `ALTER TABLE t ADD z int, DROP COLUMN a;\n-- want-file: Dropping a`,
      ["missing: -- want-file: Dropping a", "surplus: 0002_drop `DROP COLUMN a`: Dropping a loses its values."],
    ],
  ])("%s", async (_name, text, expected) => {
    expect(await judge(HEAD + text)).toEqual(expected);
  });

  test("history is not judged, pending migrations are", async () => {
    const text = `-- migration: 0001_init\nCREATE TABLE t (id int, a int);\n-- migration: 0002_x\nALTER TABLE t ADD z int, DROP COLUMN a;\n-- migration: 0003_y\nSELECT 1;\n`;
    expect(await judge(text)).toEqual([]);
    expect(await judge(`-- pending from: 0002_x\n${text}`)).toEqual([
      "surplus: 0002_x `DROP COLUMN a`: Dropping a loses its values.",
    ]);
  });

  test.each([
    ["a want without a message", `${HEAD}SELECT 1; -- want:`, "This is no want"],
    ["a want without a colon", `${HEAD}SELECT 1; -- want \`x\` y`, "This is no want"],
    ["a want by no statement", `${HEAD}SELECT 1;\n-- want: x`, "No statement is at this want"],
    ["migrations out of order", `-- migration: 0002_b\n-- migration: 0001_a\n`, "in the order 0001_a, 0002_b"],
    ["a migration twice", `-- migration: 0001_a\n-- migration: 0001_a\n`, "is there twice"],
    ["SQL before the first migration", `SELECT 1;\n-- migration: 0001_a\n`, "before the first"],
    ["a down.sql of nothing", `-- migration: 0001_a\n-- down: 0002_b\n`, "has no migration"],
    ["an unknown version", `-- postgres: 9\nSELECT 1;`, "is none of"],
  ])("refuses %s", (_name, text, complaint) => {
    expect(() => parseFixture(text, reader)).toThrow(complaint);
  });

  test("a good fix is applied, a bad one is told", async () => {
    const fixture = parseFixture(`${HEAD}ALTER TABLE t ADD z int, DROP COLUMN a;`, reader);
    const [finding] = await runFixture(fixture, sample, [sample]);
    const fix = finding?.fixes[0];
    if (!finding || !fix) throw new Error("no finding");
    expect(await fixProblems(fixture, sample, [sample], finding, fix, reader)).toEqual([]);
    expect(await fixedText(fixture, sample, [sample], "safe", reader)).toBe(
      `ALTER TABLE t ADD z int, ALTER COLUMN "a" DROP NOT NULL;`,
    );
    const range = fix.edits[0]!.range;
    const bad = async (text: string): Promise<string> =>
      (await fixProblems(fixture, sample, [sample], finding, { ...fix, edits: [{ range, text }] }, reader)).join("\n");
    expect(await bad("DROP NOTHING AT ALL")).toContain("does not parse");
    expect(await bad("DROP COLUMN a CASCADE")).toContain("the finding stays");
    expect(await bad("DROP COLUMN b")).toContain("brings sample prisma/migrations/0002_drop/migration.sql: Dropping b");
    expect(
      await fixProblems(
        fixture,
        sample,
        [sample],
        finding,
        { ...fix, edits: [{ range: { start: 0, end: 9999 }, text: "" }] },
        reader,
      ),
    ).toHaveLength(1);
  });
});
