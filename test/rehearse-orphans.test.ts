import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { check } from "../src/index.ts";
import { loadReader } from "../src/sql/readers.ts";
import { parseFixture } from "./support/fixture.ts";
import { fixtureNames, fixturePath } from "./support/fixture-folders.ts";
import { emptiedStage, rehearsed } from "./support/rehearsed.ts";

/** What the rules say of the cleanups in fixtures/ is seen when they are rehearsed, over rows that nobody wrote for them. */

const RULES = ["orphan-cleanup-before-foreign-key", "orphan-cleanup-ineffective", "orphan-cleanup-too-broad"];
const reader = await loadReader("postgres");
const stage = emptiedStage();

afterAll(() => stage.close());

/** Findings of these rules speak of every row of a table: the cleanup takes good rows too, and means to. */
const WHOLESALE: ReadonlySet<string> = new Set(["delete-without-where", "update-without-where", "truncate"]);

/** SQLSTATEs of rows that break a constraint: NOT NULL, a foreign key, a unique key. */
const CONSTRAINTS: ReadonlySet<string> = new Set(["23502", "23503", "23505"]);

interface Seen {
  /** The first error because of rows. */
  readonly sqlstate: string | undefined;
  /** Rows that were no orphans are gone or have another key. */
  readonly tookGoodRows: boolean;
}

/** Where what is seen is not what the rules say of the cleanup, and what is seen then. */
const OTHERWISE: Readonly<Record<string, Seen & { readonly why: string }>> = {
  "orphan-cleanup-before-foreign-key/invalid-unknown-tables.sql": {
    sqlstate: undefined,
    tookGoodRows: false,
    why: "no migration makes its tables: it fails with 42P01",
  },
  "orphan-cleanup-too-broad/invalid-null-keys-unknown-table.sql": {
    sqlstate: undefined,
    tookGoodRows: false,
    why: "no migration makes its tables: it fails with 42P01",
  },
  "orphan-cleanup-before-foreign-key/valid-parents-deleted-while-it-existed.sql": {
    sqlstate: undefined,
    tookGoodRows: true,
    why: "it deletes comments with their unpublished posts: that is no cleanup",
  },
  "orphan-cleanup-ineffective/valid-parents-deleted-under-a-not-valid-key.sql": {
    sqlstate: undefined,
    tookGoodRows: true,
    why: "ON DELETE CASCADE deletes comments with their unpublished posts, after the cleanup",
  },
  "orphan-cleanup-ineffective/invalid-self-reference-undone.sql": {
    sqlstate: "23503",
    tookGoodRows: true,
    why: "it deletes spam after the cleanup: that is none",
  },
  "orphan-cleanup-ineffective/invalid-undone-by-an-update.sql": {
    sqlstate: "23503",
    tookGoodRows: true,
    why: "it fills NULL keys after the cleanup: that is none",
  },
  "orphan-cleanup-ineffective/invalid-listed.sql": {
    sqlstate: "23503",
    tookGoodRows: true,
    why: "whether the keys that it lists have a parent, migrations do not show",
  },
  "orphan-cleanup-ineffective/invalid-children-of-some-parents.sql": {
    sqlstate: "23503",
    tookGoodRows: true,
    why: "it deletes rows that have their parent: that is no cleanup",
  },
  "orphan-cleanup-ineffective/invalid-children-of-some-parents-by-id.sql": {
    sqlstate: "23503",
    tookGoodRows: true,
    why: "it deletes rows that have their parent: that is no cleanup",
  },
  "orphan-cleanup-ineffective/invalid-children-of-some-parents-exists.sql": {
    sqlstate: "23503",
    tookGoodRows: true,
    why: "it deletes rows that have their parent: that is no cleanup",
  },
  "orphan-cleanup-ineffective/invalid-children-of-some-parents-using.sql": {
    sqlstate: "23503",
    tookGoodRows: true,
    why: "it deletes rows that have their parent: that is no cleanup",
  },
  "orphan-cleanup-ineffective/invalid-children-of-some-parents-set-null.sql": {
    sqlstate: "23503",
    tookGoodRows: true,
    why: "it empties keys that have their parent: that is no cleanup",
  },
  "orphan-cleanup-before-foreign-key/invalid-by-copy-taken-before.sql": {
    sqlstate: "23503",
    tookGoodRows: true,
    why: "the copy was taken before its tables were changed: what it lists is no longer what it was",
  },
};

const used = new Set<string>();
const classes = { fails: 0, nullKeys: 0, nothing: 0 };

describe.each(RULES)("%s", (rule) => {
  const files = fixtureNames(rule);
  test.each(files)(
    "%s",
    async (file) => {
      const fixture = parseFixture(readFileSync(fixturePath(`${rule}/${file}`), "utf8"), reader);
      const execution = fixture.execution ?? "batch";
      const result = await rehearsed(fixture.history, execution, { stage });
      const { findings } = await check({ histories: [fixture.history], rules, config: { preset: "all", execution } });
      const said = findings.filter(({ severity }) => severity !== "info");
      const broad = said.filter((finding) => finding.rule === "orphan-cleanup-too-broad");
      const fails = said.filter(
        (finding) =>
          finding.rule === "orphan-cleanup-before-foreign-key" || finding.rule === "orphan-cleanup-ineffective",
      );
      const cleanups = result.runs.flatMap(({ migrations }) =>
        migrations.flatMap(({ statements }) => statements.flatMap((statement) => statement.cleanups)),
      );
      const errors = result.runs.flatMap(({ migrations }) =>
        migrations.flatMap(({ failure }) => failure?.error.sqlstate ?? []),
      );
      const good = cleanups.flatMap(({ took }) => took ?? []);
      const seen: Seen = {
        sqlstate: errors.find((sqlstate) => CONSTRAINTS.has(sqlstate)),
        tookGoodRows: good.some(({ matched, nullKeys }) => matched + nullKeys > 0),
      };
      const otherwise = OTHERWISE[`${rule}/${file}`];
      if (otherwise) {
        used.add(`${rule}/${file}`);
        const { why: _, ...expected } = otherwise;
        expect(seen).toEqual(expected);
        return;
      }
      expect(seen.tookGoodRows).toBe(
        broad.length > 0 ||
          said.some(
            (finding) =>
              WHOLESALE.has(finding.rule) &&
              finding.objects.some((object) => cleanups.some(({ child }) => child === object)),
          ),
      );
      const named = new Set(
        fails.flatMap(({ message }) => [...message.matchAll(/\((\d{5})\)/g)].map(([, sqlstate]) => sqlstate!)),
      );
      expect(fails.length > 0).toBe(named.size > 0);
      if (named.size === 0) expect(seen.sqlstate).toBeUndefined();
      else expect([...named]).toContain(seen.sqlstate);
      // Then what exactly is seen.
      if (seen.sqlstate === "23503") classes.fails++;
      for (const { message } of broad) {
        if (/ is NULL, which are no orphans/.test(message)) {
          classes.nullKeys++;
          expect(Math.max(...good.map(({ nullKeys }) => nullKeys))).toBeGreaterThan(0);
        }
        if (message.includes("rows that have their parent"))
          expect(Math.max(...good.map(({ matched }) => matched))).toBeGreaterThan(0);
      }
      for (const { message } of fails) {
        if (!/ can be NULL\b|picks no row at all/.test(message)) continue;
        classes.nothing++;
        const first = cleanups.find(({ before }) => before.orphans > 0);
        expect(first?.took).toEqual({ orphans: 0, matched: 0, nullKeys: 0 });
        expect(first?.after).toEqual(first?.before);
        expect(seen.sqlstate).toBe("23503");
      }
    },
    60_000,
  );
});

test("every exception is one, and every class was seen", () => {
  expect([...used].sort()).toEqual(Object.keys(OTHERWISE).sort());
  expect(classes).toEqual({ fails: 77, nullKeys: 23, nothing: 7 });
});
