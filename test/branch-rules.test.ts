import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import type { BranchRole } from "../src/model/divergence/roles.ts";
import type { Divergence } from "../src/model/divergence/viewpoint.ts";
import { withTargets } from "../src/model/divergence/roles.ts";
import { type Finding, type History, check } from "../src/index.ts";
import { loadReader } from "../src/sql/readers.ts";
import { divergenceOf } from "../src/model/divergence/viewpoint.ts";
import { compareFolders } from "../src/source/layout.ts";

const reader = await loadReader("postgres");
const own = rules.filter(({ category }) => category === "divergence");
const ROOT = "prisma/it's migrations";

type Texts = Readonly<Record<string, string>>;
const migrations = (texts: Texts) =>
  Object.entries(texts)
    .map(([id, text]) => ({ id, path: `${ROOT}/${id}`, file: { path: `${ROOT}/${id}/migration.sql`, text } }))
    .sort((a, b) => compareFolders(a.id, b.id));

interface Sample {
  readonly shared: Texts;
  readonly target: Texts;
  readonly ours: Texts;
  readonly other: Texts;
  readonly roles: Readonly<Record<"ours" | "target" | "other", readonly BranchRole[]>>;
  readonly hasBase: boolean;
}

async function findings({ shared, target, ours, other, roles, hasBase }: Sample): Promise<readonly Finding[]> {
  const deployed = new Set(Object.keys(target));
  const history: History = {
    root: ROOT,
    layout: "prisma",
    provider: "postgresql",
    problems: [],
    migrations: migrations(ours).map(({ id, path, file }) => ({
      id,
      path,
      up: file,
      state: deployed.has(id) ? "history" : "pending",
    })),
  };
  const [mine, base, third] = withTargets(
    (["ours", "target", "other"] as const).map((name) => ({ name, ref: `origin/${name}`, roles: roles[name] })),
  );
  if (!mine || !base || !third) throw new Error("three branches are three");
  const branches = new Map(
    Object.entries({ ours, target, other }).map(([name, texts]) => [name, { migrations: migrations(texts) }]),
  );
  const divergence: Divergence = divergenceOf(
    { ours: mine, target: base, others: [third] },
    [{ root: ROOT, branches, shared: () => (hasBase ? migrations(shared) : undefined) }],
    (file) => reader.read(file.text).statements,
  );
  const result = await check({
    histories: [history],
    rules: own,
    evidence: {
      execution: { mode: "unknown", because: "a test" },
      postgres: { version: 17, because: "a test" },
      divergence,
    },
  });
  return result.findings;
}

const SQL = fc.constantFrom(
  'ALTER TABLE "a" ADD COLUMN "x" TEXT;',
  'ALTER TABLE "a" ADD COLUMN IF NOT EXISTS "x" TEXT;',
  'ALTER TABLE "a" RENAME COLUMN "x" TO "y";',
  "ALTER TYPE \"e\" ADD VALUE 'two';",
  "ALTER TYPE \"e\" ADD VALUE 'three';",
  'UPDATE "a" SET "x" = \'1\';',
  'ALTER TABLE "a" ALTER COLUMN "x" SET NOT NULL;',
  'DROP TABLE "a";',
  'CREATE INDEX "i" ON "a"("id");',
  "DO $$ BEGIN EXECUTE 'SELECT 1'; END $$;",
  "-- nothing",
  "",
  "ALTER TABLE (",
);
const folders = fc.constantFrom(
  "20250102000000_a",
  "20250102000000_b",
  "20250103000000_a",
  "20250104000000_c d",
  "20250105000000_e",
  "0004_f",
  "g",
  "20251231235959_h",
  "99999999999999_i",
);
const INIT = {
  "20250101000000_init": 'CREATE TYPE "e" AS ENUM (\'one\');\nCREATE TABLE "a" ("id" INTEGER PRIMARY KEY);\n',
};
const texts = fc.dictionary(folders, SQL, { maxKeys: 4 });
const roles = fc.subarray<BranchRole>(["production", "main", "development", "hotfix", "release", "other"], {
  minLength: 1,
});
const samples = fc
  .record({
    shared: texts,
    target: texts,
    ours: texts,
    other: texts,
    roles: fc.record({ ours: roles, target: roles, other: roles }),
    hasBase: fc.boolean(),
  })
  .map(({ shared, target, ours, other, ...rest }): Sample => {
    const before = { ...INIT, ...shared };
    return {
      shared: before,
      target: { ...before, ...target },
      ours: { ...before, ...ours },
      other: { ...before, ...other },
      ...rest,
    };
  });

describe("whatever the branches hold", () => {
  test("findings are in files that exist, and say all that they have to say", async () => {
    await fc.assert(
      fc.asyncProperty(samples, async (sample) => {
        for (const finding of await findings(sample)) {
          expect(Object.keys(sample.ours).map((id) => `${ROOT}/${id}/migration.sql`)).toContain(finding.file.path);
          expect(finding.range.end).toBeLessThanOrEqual(finding.file.text.length);
          expect(`${finding.message} ${finding.help}`).not.toMatch(/\{[a-z]+\}|undefined|\[object/i);
        }
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  test("a branch that is the same as its target and all others has no findings", async () => {
    await fc.assert(
      fc.asyncProperty(samples, async (sample) => {
        expect(await findings({ ...sample, ours: sample.target, other: sample.target })).toEqual([]);
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  test("the renames of late folders, run, leave none that is late and keep their order", async () => {
    let ran = 0;
    await fc.assert(
      fc.asyncProperty(samples, async (sample) => {
        // What another branch has too keeps its name, and may stay late.
        fc.pre(Object.keys(sample.ours).every((id) => id in sample.target || !(id in sample.other)));
        const late = (await findings(sample)).find(
          ({ rule, commands }) => rule === "late-migration" && commands !== undefined,
        );
        if (!late) return;
        ran++;
        const names = new Map(
          (late.commands ?? []).map((command) => {
            const words = execFileSync("sh", ["-c", `set -- ${command.replace(/^git mv /, "")}; printf '%s\\n' "$@"`], {
              encoding: "utf8",
            })
              .trimEnd()
              .split("\n")
              .map((path) => path.slice(ROOT.length + 1));
            return [words[0] ?? "", words[1] ?? ""] as const;
          }),
        );
        const renamed = Object.fromEntries(
          Object.entries(sample.ours).map(([id, text]) => [names.get(id) ?? id, text]),
        );
        expect(Object.keys(renamed)).toHaveLength(Object.keys(sample.ours).length);
        expect((await findings({ ...sample, ours: renamed })).filter(({ rule }) => rule === "late-migration")).toEqual(
          [],
        );
        const added = migrations(sample.ours)
          .filter(({ id }) => !(id in sample.target))
          .map(({ id }) => names.get(id) ?? id);
        expect([...added].sort(compareFolders)).toEqual(added);
      }),
      { numRuns: 60 },
    );
    expect(ran).toBeGreaterThan(0);
  }, 120_000);
});
