import fc from "fast-check";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { buildRepository } from "../fixtures/repositories/build.mjs";
import { readBranches } from "../src/evidence/git/branches.ts";
import { canonical } from "../src/model/order/canonical.ts";
import type { BranchDivergence, DivergenceFact, DivergingMigration } from "../src/model/divergence/facts.ts";
import { compareBranches } from "../src/model/divergence/index.ts";
import { orderConflicts } from "../src/model/divergence/conflicts.ts";
import { missingPorts } from "../src/model/divergence/ports.ts";
import { sameMigration } from "../src/model/divergence/texts.ts";
import type { SourceFile } from "../src/source/text.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import type { Statement } from "../src/sql/statement.ts";
import { folder } from "./support/folders.ts";

vi.setConfig({ testTimeout: 60_000 });
beforeAll(() => postgresReader.load());

const statements = (file: SourceFile): readonly Statement[] => postgresReader.read(file.text).statements;
const at = (id: string, text: string): DivergingMigration => ({
  id,
  path: `m/${id}`,
  file: { path: `m/${id}/migration.sql`, text },
});
const compare = (
  ours: readonly DivergingMigration[],
  theirs: readonly DivergingMigration[],
  base?: readonly DivergingMigration[],
): BranchDivergence =>
  compareBranches({ name: "ours", migrations: ours }, { name: "theirs", migrations: theirs }, base, statements);

/** A line for each fact. */
function facts({ facts: all }: BranchDivergence): string[] {
  return all.map((fact: DivergenceFact) => {
    switch (fact.kind) {
      case "late":
        return `late ${fact.side} ${fact.migration.id} behind ${fact.behind.map(({ id }) => id).join(" ")}: ${fact.order.commutes}${fact.order.because.map(({ why, object }) => ` ${why} ${object.kind} ${object.name}`).join(",")}`;
      case "edited":
        return `edited ${fact.ours.id} by ${fact.by}: ${fact.change}`;
      case "renamed":
        return `renamed by ${fact.by} ${fact.from.id} ${fact.to.id}`;
      case "deleted":
        return `deleted by ${fact.by} ${fact.migration.id}`;
      case "sameTimestamp":
        return `same timestamp ${fact.ours.id} ${fact.theirs.id}, ${fact.first} first`;
      case "sameName":
        return `same name ${fact.ours.id} ${fact.theirs.id}`;
      case "duplicate":
        return `duplicate ${fact.ours.id} ${fact.theirs.id} ${fact.how}${fact.of === undefined ? "" : ` in ${fact.of}`}: ${fact.rerun}`;
    }
  });
}

describe("the sample repositories", () => {
  const expected: Readonly<Record<string, readonly string[]>> = {
    "git-flow-hotfix": [
      "develop against main",
      "late ours 20250310120000_refund_state behind 20250311080000_cancelled_state: no schema type public.OrderState",
      "late theirs 20250311080000_cancelled_state behind 20250312120000_order_note: yes",
      "port 20250311080000_cancelled_state absent",
    ],
    "github-flow": [
      "feature/notes against main",
      "late ours 20250305100000_order_note behind 20250307100000_customer_phone: yes",
      "port 20250307100000_customer_phone absent",
    ],
    "trunk-squash": [
      "main against release/1.4",
      "late ours 20250304100000_address behind 20250306080000_tier_default: yes",
      "late ours 20250304110000_address_city behind 20250306080000_tier_default: yes",
      "port 20250306080000_tier_default absent",
    ],
    "two-hotfixes": [
      "hotfix/require-tier against main",
      "hotfix/fill-tier against main",
      "hotfix/fill-tier against hotfix/require-tier",
      "late theirs 20250308080000_require_tier behind 20250308090000_fill_tier: no rows rows public.Customer",
      "port 20250308080000_require_tier absent",
    ],
    "cherry-pick-renamed": [
      "develop against main",
      "duplicate 20250311090000_order_index_and_note 20250310090000_order_index operations: refused",
      "late ours 20250309090000_customer_phone behind 20250310090000_order_index: yes",
      "late theirs 20250310090000_order_index behind 20250311090000_order_index_and_note: no refused relation public.Order_customerId_idx, refused column public.Order.note",
      "port 20250310090000_order_index duplicate 20250311090000_order_index_and_note",
    ],
    "rebase-edited": [
      "feature/cleaned-up against main",
      "edited 20250301090000_init by ours: comments",
      "edited 20250304090000_customer_name by ours: statements",
      "renamed by ours 20250302090000_order_note 20250305090000_order_note",
      "deleted by ours 20250303090000_customer_phone",
      "port 20250301090000_init edited 20250301090000_init",
      "port 20250302090000_order_note renamed 20250305090000_order_note",
      "port 20250303090000_customer_phone deleted",
      "port 20250304090000_customer_name edited 20250304090000_customer_name",
    ],
    "long-lived-development": [
      "develop against main",
      "late ours 20250315090000_invoice behind 20250420090000_order_total 20250510090000_tier_index: yes",
      "late ours 20250401090000_rename_tier behind 20250420090000_order_total 20250510090000_tier_index: no refused column public.Customer.tier",
      "late ours 20250501090000_invoice_total behind 20250510090000_tier_index: yes",
      "port 20250510090000_tier_index absent",
    ],
    monorepo: ["feature/move against main", "port 20250306090000_ledger_currency absent", "feature/move against main"],
  };
  test.each(Object.entries(expected))("%s", (name, lines) => {
    const root = folder();
    buildRepository(name, root);
    const set = readBranches(root, { environment: {} });
    if (!set.ok) throw new Error(set.message);
    const { branches, pairs, bases } = set.value;
    const found: string[] = [];
    for (const { one, other, base } of pairs) {
      const [theirs, ours] = [one, other].map((wanted) => branches.find((each) => each.name === wanted)?.roots ?? []);
      for (const root of theirs ?? []) {
        const its = { name: one, migrations: root.migrations };
        const mine = { name: other, migrations: ours?.find((each) => each.root === root.root)?.migrations ?? [] };
        const divergence = compareBranches(
          mine,
          its,
          base === undefined ? undefined : (bases.get(base)?.find((each) => each.root === root.root)?.migrations ?? []),
          statements,
        );
        found.push(
          `${other} against ${one}`,
          ...facts(divergence),
          ...missingPorts(its, divergence).map(
            ({ migration, state, instead }) => `port ${migration.id} ${state}${instead ? ` ${instead.id}` : ""}`,
          ),
        );
      }
    }
    expect(found).toEqual(lines);
  });
});

describe("what both have", () => {
  const base = at("1_init", "CREATE TABLE a (id int PRIMARY KEY);\n");
  test("equal histories have no facts, whatever their line endings", () => {
    expect(
      compare([base], [{ ...base, file: { ...base.file, text: base.file.text.replaceAll("\n", "\r\n") } }], [base])
        .facts,
    ).toEqual([]);
  });
  test("who edited it is told by what they had in common", () => {
    const edited = at("1_init", "CREATE TABLE a (id bigint PRIMARY KEY);\n");
    const other = at("1_init", "CREATE TABLE a (id text PRIMARY KEY);\n");
    expect(facts(compare([edited], [base], [base]))).toEqual(["edited 1_init by ours: statements"]);
    expect(facts(compare([base], [edited], [base]))).toEqual(["edited 1_init by theirs: statements"]);
    expect(facts(compare([edited], [other], [base]))).toEqual(["edited 1_init by both: statements"]);
    expect(facts(compare([edited], [base]))).toEqual(["edited 1_init by unknown: statements"]);
    expect(facts(compare([at("1_init", `-- why\n${base.file.text}`)], [base], [base]))).toEqual([
      "edited 1_init by ours: comments",
    ]);
  });
  test("without a merge base nothing is said to be deleted", () => {
    const found = compare([], [base]);
    expect([found.withoutBase, found.facts, found.onlyTheirs]).toEqual([true, [], [base]]);
    expect(facts(compare([], [base], [base]))).toEqual(["deleted by ours 1_init"]);
    expect(facts(compare([base], [], [base]))).toEqual(["deleted by theirs 1_init"]);
  });
  test("Prisma's line endings", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a\r\n]{0,12}$/),
        (text) => sameMigration(text.replaceAll("\r\n", "\n"), text) && sameMigration(text, text),
      ),
    );
    expect(sameMigration("a\r\nb\n", "a\nb\n")).toBe(false);
    expect(sameMigration("a\n", "a \n")).toBe(false);
  });
});

describe("names", () => {
  const base = at("20250101000000_init", "CREATE TABLE a (id int);");
  test("the same second, the same name", () => {
    const found = compare(
      [
        base,
        at("20250102000000_b", "ALTER TABLE a ADD COLUMN b int;"),
        at("20250104000000_more", "ALTER TABLE a ADD COLUMN c int;"),
      ],
      [
        base,
        at("20250102000000_a", "ALTER TABLE a ADD COLUMN d int;"),
        at("20250103000000_more", "ALTER TABLE a ADD COLUMN e int;"),
      ],
      [base],
    );
    expect(facts(found).filter((line) => line.startsWith("same"))).toEqual([
      "same timestamp 20250102000000_b 20250102000000_a, theirs first",
      "same name 20250104000000_more 20250103000000_more",
    ]);
  });
});

describe("the same change twice", () => {
  const base = at("1_init", 'CREATE TABLE "Post" (id int PRIMARY KEY, title text);');
  const pair = (ours: string, theirs: string): string[] =>
    facts(compare([base, at("3_ours", ours)], [base, at("2_theirs", theirs)], [base])).filter((line) =>
      line.startsWith("duplicate"),
    );
  test.each([
    [
      "byte for byte",
      'ALTER TABLE "Post" ADD COLUMN a int;',
      'ALTER TABLE "Post" ADD COLUMN a int;',
      ["duplicate 3_ours 2_theirs text: refused"],
    ],
    [
      "quotes, schema, blanks, comments and type names",
      'ALTER TABLE "public"."Post" ADD COLUMN     "a" INTEGER; -- x',
      'alter table "Post" add column a int4',
      ["duplicate 3_ours 2_theirs operations: refused"],
    ],
    [
      "the order of statements",
      'CREATE INDEX i ON "Post" (title); ALTER TABLE "Post" ADD COLUMN a int;',
      'ALTER TABLE "Post" ADD COLUMN a int; CREATE INDEX i ON "Post" (title);',
      ["duplicate 3_ours 2_theirs operations: refused"],
    ],
    [
      "guarded, so that it can run twice",
      'ALTER TABLE "Post" ADD COLUMN IF NOT EXISTS a int;',
      'ALTER TABLE "Post" ADD COLUMN a int;',
      ["duplicate 3_ours 2_theirs operations: nothing"],
    ],
    [
      "a part of more",
      'CREATE TABLE x (id int); ALTER TABLE "Post" ADD COLUMN a int;',
      'ALTER TABLE "Post" ADD COLUMN a int;',
      ["duplicate 3_ours 2_theirs contained in ours: refused"],
    ],
    [
      "rows",
      `UPDATE "Post" SET title = '' WHERE title IS NULL`,
      `UPDATE "Post" SET title = '' WHERE title IS NULL;`,
      ["duplicate 3_ours 2_theirs operations: unknown"],
    ],
    ["another type", 'ALTER TABLE "Post" ADD COLUMN a int;', 'ALTER TABLE "Post" ADD COLUMN a text;', []],
    ["another table", 'ALTER TABLE "Post" ADD COLUMN a int;', "ALTER TABLE post ADD COLUMN a int;", []],
    [
      "functions by their bodies",
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';",
      [],
    ],
    ["only settings", "SET lock_timeout = '5s';", "SET lock_timeout = '5s';", []],
  ] as const)("%s", (_name, ours, theirs, expected) => expect(pair(ours, theirs)).toEqual(expected));
  test("a hotfix that was merged and is generated again", () => {
    const hotfix = at("2_hotfix", 'CREATE INDEX i ON "Post" (title);');
    expect(
      facts(compare([base, hotfix, at("3_again", 'CREATE INDEX "i" ON "Post"("title");')], [base, hotfix], [base])),
    ).toEqual(["duplicate 3_again 2_hotfix operations: refused"]);
  });
  test("what was undone may be done again", () => {
    const history = [base, at("2_on", 'CREATE INDEX i ON "Post" (title);'), at("3_off", "DROP INDEX i;")];
    expect(compare([...history, at("4_on", 'CREATE INDEX i ON "Post" (title);')], history, history).facts).toEqual([]);
  });
  test("canonical text is the same for the same operation in other clothes", () => {
    const word = fc.constantFrom("id", "title", "body");
    fc.assert(
      fc.property(
        word,
        fc.constantFrom("int", "integer", "INT4"),
        fc.boolean(),
        fc.boolean(),
        (column, type, quote, schema) => {
          const text = `ALTER  TABLE ${schema ? "public." : ""}post /* x */ ADD ${quote ? `COLUMN "${column}"` : column} ${type}`;
          const plain = `ALTER TABLE post ADD COLUMN ${column} integer`;
          const one = (sql: string): string[] =>
            postgresReader
              .read(sql)
              .statements.flatMap(({ operations }) =>
                operations.map((each) => canonical(each, { path: "x", text: sql })),
              );
          expect(one(text)).toEqual(one(plain));
        },
      ),
    );
  });
});

describe("late migrations", () => {
  const base = at("1_init", "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (id int, m mood);");
  test("each is judged alone, in the schema before it", () => {
    // 2 and 4 are ours, 3 and 5 theirs: 4 needs what 3 makes only where 3 sorts before it.
    const found = compare(
      [base, at("2_x", "ALTER TYPE mood ADD VALUE 'x';"), at("4_y", "ALTER TABLE t ADD COLUMN y int;")],
      [base, at("3_z", "ALTER TYPE mood ADD VALUE 'z';"), at("5_w", "ALTER TABLE t ADD COLUMN w int;")],
      [base],
    );
    expect(facts(found)).toEqual([
      "late ours 2_x behind 3_z 5_w: no schema type public.mood",
      "late theirs 3_z behind 4_y: yes",
      "late ours 4_y behind 5_w: yes",
    ]);
    expect(orderConflicts(found).map(({ ours, theirs, conflict }) => [ours.id, theirs.id, conflict.leaves])).toEqual([
      [
        "2_x",
        "3_z",
        [
          { is: "state", text: "enum (a, x, z)" },
          { is: "state", text: "enum (a, z, x)" },
        ],
      ],
    ]);
    const last = found.facts.at(-1);
    expect(last?.kind === "late" && last.order.columnOrder).toEqual(["public.t"]);
  });
  test("what the other side has in common counts too", () => {
    const shared = at("3_shared", "ALTER TYPE mood ADD VALUE 'z';");
    expect(
      facts(compare([base, at("2_late", "ALTER TYPE mood ADD VALUE 'x';"), shared], [base, shared], [base, shared])),
    ).toEqual(["late ours 2_late behind 3_shared: no schema type public.mood"]);
  });
});
