import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recovery } from "../src/advice/recovery.ts";
import type { Accident } from "../src/advice/accident.ts";

const FAILED: Accident = {
  migration: "20260131120000_fix_orphans",
  root: "prisma/migrations",
  packageManager: "npm",
  prisma: "7.10.0",
  execution: "split",
  kind: "failed",
  sqlstate: "23503",
  statements: 4,
  committed: [0, 1],
  inTransaction: false,
  concurrently: false,
};

const shell = (accident: Accident) =>
  recovery(accident).steps.flatMap(({ command }) => (command?.language === "sh" ? command.text.split("\n") : []));
const instead = (accident: Accident) =>
  recovery(accident).instead.flatMap(({ command }) => (command ? command.text.split("\n") : []));
const titles = (accident: Accident) => recovery(accident).steps.map(({ title }) => title);

describe("what Prisma says", () => {
  test("a failure: P3018 now, P3009 at the next deploy", () => {
    for (const execution of ["batch", "split"] as const) {
      const { says } = recovery({ ...FAILED, execution });
      expect(says.map(({ when, code }) => [when, code])).toEqual([
        ["now", "P3018"],
        ["next deploy", "P3009"],
      ]);
      expect(says[0]?.sentence).toBe(
        "A migration failed to apply. New migrations cannot be applied before the error is recovered from. Migration name: 20260131120000_fix_orphans. Database error code: 23503",
      );
      expect(says[1]?.sentence).toContain("The `20260131120000_fix_orphans` migration started at … failed");
    }
  });

  test("a failure between BEGIN and COMMIT: the error is masked, logs stay empty", () => {
    const { says } = recovery({ ...FAILED, inTransaction: true, committed: [] });
    expect(says.map(({ when, code }) => [when, code])).toEqual([
      ["now", undefined],
      ["next deploy", "P3009"],
    ]);
    expect(says[0]?.sentence).toContain("25P02");
    expect(says[0]?.sentence).toContain("logs stays empty. What happened is 23503.");
  });

  test("a transaction that stays open: success now, P3009 at the next deploy", () => {
    const { says, kept } = recovery({ ...FAILED, kind: "unclosed", committed: [] });
    expect(says.map(({ when, code }) => [when, code])).toEqual([
      ["now", undefined],
      ["next deploy", "P3009"],
    ]);
    expect(says[0]?.sentence).toMatch(/^All migrations have been successfully applied\. It is not so/);
    expect(kept).toBe("Nothing of it stays: its BEGIN has no COMMIT.");
  });
});

describe("what stays", () => {
  test.each<[string, Partial<Accident>, string]>([
    [
      "batch",
      { execution: "batch", committed: [] },
      "Nothing of it stays: Prisma sends the file as one batch, which is one transaction.",
    ],
    [
      "batch with a COMMIT before",
      { execution: "batch", committed: [0, 1, 2] },
      "Statements 1 to 3 stay committed: the file ends transactions of its own.",
    ],
    [
      "one statement",
      { execution: "batch", committed: [], statements: 1 },
      "Nothing of it stays: it is one statement.",
    ],
    [
      "one statement CONCURRENTLY",
      { committed: [], statements: 1, concurrently: true },
      "Nothing of it stays: it is one statement. An invalid index may be left behind, since CONCURRENTLY runs outside of a transaction.",
    ],
    ["split, the first statement", { committed: [] }, "Nothing of it stays: nothing was committed before it."],
    [
      "split, one before",
      { committed: [0] },
      "Statement 1 stays committed: Prisma sends the statements one by one, and each is its own transaction.",
    ],
    [
      "split, several before",
      { committed: [0, 1, 2, 5] },
      "Statements 1 to 3 and 6 stay committed: Prisma sends the statements one by one, and each is its own transaction.",
    ],
    [
      "split, in a transaction of the file",
      { committed: [], inTransaction: true },
      "Nothing of it stays: its own BEGIN holds it together.",
    ],
  ])("%s", (_, change, kept) => {
    expect(recovery({ ...FAILED, ...change }).kept).toBe(kept);
  });
});

describe("the way out", () => {
  test.each([
    ["npm", "npx prisma"],
    ["pnpm", "pnpm exec prisma"],
    ["yarn", "yarn prisma"],
    ["bun", "bunx prisma"],
  ] as const)("with %s", (packageManager, command) => {
    const accident = { ...FAILED, packageManager, committed: [] };
    expect(shell(accident)).toEqual([
      `${command} migrate status`,
      `${command} migrate resolve --rolled-back 20260131120000_fix_orphans`,
      `${command} migrate deploy`,
    ]);
    expect(instead({ ...accident, committed: [0] })).toEqual([
      `${command} migrate status`,
      `${command} db execute --file rest.sql`,
      `${command} migrate resolve --applied 20260131120000_fix_orphans`,
      `${command} migrate deploy`,
    ]);
  });

  test("version 6 wants the schema for db execute, 7 has no such option, unknown is taken for new", () => {
    expect(instead({ ...FAILED, prisma: "6.19.0", root: "packages/db/prisma/migrations" })[1]).toBe(
      "npx prisma db execute --file rest.sql --schema packages/db/prisma/schema.prisma",
    );
    expect(instead(FAILED)[1]).toBe("npx prisma db execute --file rest.sql");
    const { prisma: _, ...unknown } = FAILED;
    expect(instead(unknown)[1]).toBe("npx prisma db execute --file rest.sql");
  });

  test("what stays is undone before anything else; where nothing stays, there is nothing to undo and no other way", () => {
    expect(titles(FAILED)).toEqual([
      "Undo statements 1 and 2 by hand, or make them so that they can run again (IF NOT EXISTS, IF EXISTS)",
      "Mark it as rolled back, by the full name of the folder",
      "Correct the rows that it failed on, or have migration.sql do it",
      "Deploy again",
    ]);
    expect(titles({ ...FAILED, committed: [] })[0]).toBe("Mark it as rolled back, by the full name of the folder");
    expect(recovery({ ...FAILED, committed: [] }).instead).toEqual([]);
    expect(recovery(FAILED).instead[0]?.title).toBe("Put what is left of it into rest.sql, corrected, and run that");
  });

  test("down.sql is for a migration that ran to its end", () => {
    expect(recovery({ ...FAILED, down: true }).steps[0]?.why).toContain("down.sql as a whole does not fit");
    expect(titles({ ...FAILED, down: true, committed: [] })[0]).toBe("Leave down.sql alone");
    for (const down of [false, undefined])
      expect(JSON.stringify(recovery({ ...FAILED, committed: [], ...(down !== undefined && { down }) }))).not.toContain(
        "down.sql",
      );
  });

  test("an invalid index goes before the next build", () => {
    expect(titles({ ...FAILED, concurrently: true, committed: [] })[0]).toBe(
      "Drop the invalid index that the build left behind, by name",
    );
  });

  test("what is to be corrected follows the error", () => {
    const corrected = (change: Partial<Accident>) => titles({ ...FAILED, committed: [], ...change })[1];
    expect(corrected({ sqlstate: "42P01" })).toBe("Correct migration.sql");
    expect(corrected({ sqlstate: "22P02" })).toBe("Correct the rows that it failed on, or have migration.sql do it");
    for (const sqlstate of ["55P03", "57014", "40P01", "40001"])
      expect(corrected({ sqlstate })).toBe("Choose a quieter moment");
    expect(titles({ ...FAILED, kind: "unclosed", committed: [] })).toContain(
      "Write the COMMIT that is missing into migration.sql",
    );
  });

  test("a folder's name never becomes more than one word of the shell", () => {
    expect(shell({ ...FAILED, committed: [], migration: "2026 it's; rm -rf /" })[1]).toBe(
      `npx prisma migrate resolve --rolled-back '2026 it'\\''s; rm -rf /'`,
    );
  });
});

const accident: fc.Arbitrary<Accident> = fc
  .record({
    execution: fc.constantFrom("batch", "split"),
    kind: fc.constantFrom("failed", "unclosed"),
    packageManager: fc.constantFrom("npm", "pnpm", "yarn", "bun"),
    prisma: fc.constantFrom("6.1.0", "7.3.0", "7.10.0", undefined),
    sqlstate: fc.constantFrom("23503", "42P01", "55P03", undefined),
    statements: fc.integer({ min: 1, max: 9 }),
    stays: fc.integer({ min: 0, max: 8 }),
    inTransaction: fc.boolean(),
    concurrently: fc.boolean(),
    down: fc.constantFrom(true, false, undefined),
  })
  .map(({ stays, prisma, sqlstate, down, ...rest }) => ({
    ...FAILED,
    ...rest,
    committed: Array.from({ length: Math.min(stays, rest.statements - 1) }, (_, index) => index),
    prisma: prisma ?? "",
    sqlstate: sqlstate ?? "",
    ...(down !== undefined && { down }),
  }));

test("in every combination: one resolve before one deploy, by the full name, each step with one reason", () => {
  fc.assert(
    fc.property(accident, (one) => {
      const { steps, says, kept, instead: other } = recovery(one);
      const commands = shell(one);
      expect(
        commands.map((command) =>
          command
            .replace(/^\S+( exec)? ?(prisma )?/, "")
            .split(" ")
            .slice(0, 3)
            .join(" "),
        ),
      ).toEqual(["migrate status", "migrate resolve --rolled-back", "migrate deploy"]);
      expect(commands[1]?.endsWith(` ${one.migration}`)).toBe(true);
      expect(other.length > 0).toBe(one.committed.length > 0);
      expect(other.length === 0 || other.some(({ command }) => command?.text.includes("resolve --applied"))).toBe(true);
      expect(says.at(-1)?.code).toBe("P3009");
      expect(kept.startsWith("Nothing of it stays")).toBe(one.committed.length === 0);
      for (const { title, why } of [...steps, ...other]) {
        expect(title).toMatch(/^[A-Z].*[^.]$/);
        expect(why).toMatch(/^[A-Z].*\.$/);
      }
      expect(JSON.stringify([steps, other, says, kept])).not.toContain("undefined");
    }),
  );
});
