import { divergenceOf, type ComparedBranch, type Divergence } from "../../src/model/divergence/viewpoint.ts";
import type { Rehearsal, RehearsedStatement } from "../../src/evidence/rehearsal.ts";
import type { CheckResult } from "../../src/engine/result.ts";
import type { Observed } from "../../src/model/observation.ts";
import type { DivergingMigration, ReadStatements } from "../../src/model/divergence/facts.ts";
import { PENDING, rangeOf, SAMPLE, up } from "./report-sample.ts";

/** The sample with what only the page shows: a transaction, a rehearsal and other branches. */

const seen = (change: Partial<Observed>): Observed => ({
  locks: [],
  held: [],
  rewrites: [],
  scans: [],
  rows: [],
  milliseconds: 0.84,
  ...change,
});
const ran = (index: number, change: Partial<RehearsedStatement>): RehearsedStatement => ({
  index,
  range: PENDING.statements[index]?.range ?? { start: 0, end: 0 },
  outcome: "done",
  transaction: 0,
  disagreements: [],
  trials: [],
  cleanups: [],
  notices: [],
  ...change,
});
const comments = "public.comments";
const DYNAMIC = PENDING.statements[3]?.range ?? { start: 0, end: 0 };

const REHEARSAL: Rehearsal = {
  server: { kind: "embedded", version: "17.6 (PGlite)", major: 17, superuser: true },
  rows: { perTable: 20, seed: 1, hurt: true },
  runs: [
    {
      root: "prisma/migrations",
      execution: "batch",
      deployed: { migrations: 1, cached: false, leftOut: [] },
      unfilled: [],
      milliseconds: 1400,
      migrations: [
        {
          id: PENDING.id,
          path: PENDING.path,
          file: up,
          outcome: "applied",
          failure: {
            error: {
              sqlstate: "23503",
              message: 'insert or update on table "comments" violates "comments_post_id_fkey"',
            },
            index: 1,
            range: rangeOf(up, 'ADD CONSTRAINT "comments_post_id_fkey"'),
            on: "hurting rows",
            committed: [],
          },
          statements: [
            ran(0, {
              observed: seen({
                milliseconds: 12.4,
                locks: [{ relation: comments, mode: "RowExclusiveLock" }],
                scans: [comments],
                rows: [{ relation: comments, inserted: 0, updated: 0, deleted: 3 }],
              }),
              cleanups: [
                {
                  child: comments,
                  columns: ["post_id"],
                  parent: "public.posts",
                  parentColumns: ["id"],
                  before: { orphans: 3, matched: 15, nullKeys: 2 },
                  after: { orphans: 0, matched: 15, nullKeys: 2 },
                },
              ],
            }),
            ran(1, {
              observed: seen({
                milliseconds: 1204,
                locks: [
                  { relation: comments, mode: "AccessExclusiveLock" },
                  { relation: "public.posts", mode: "ShareRowExclusiveLock" },
                ],
                scans: [comments],
                rewrites: [comments],
              }),
              error: {
                sqlstate: "23503",
                message: 'insert or update on table "comments" violates a <constraint>',
                on: "hurting rows",
              },
              trials: [
                {
                  kind: "orphans",
                  sqlstate: "23503",
                  relation: comments,
                  columns: ["post_id"],
                  rows: "3 rows of comments whose post_id has no parent in posts",
                  count: 3,
                  left: 3,
                  outcome: "failed",
                  predicted: "fails",
                },
              ],
              disagreements: [{ what: "scan", relation: "public.posts", predicted: "yes" }],
            }),
            ran(2, { observed: seen({ milliseconds: 7, scans: [comments] }), notices: ["größer", "2", "3", "4"] }),
            ran(3, {
              outcome: "left out",
              leftOut: {
                migration: PENDING.id,
                file: up,
                range: DYNAMIC,
                why: "it needs what was left out before",
                kind: "depends",
              },
            }),
          ],
        },
      ],
    },
  ],
};

const file = (id: string, text: string): DivergingMigration => ({
  id,
  path: `prisma/migrations/${id}`,
  file: { path: `prisma/migrations/${id}/migration.sql`, text },
});
const INIT = file("20250101000000_init", "CREATE TYPE \"State\" AS ENUM ('OPEN');\n");
const PAID = file("20260101000000_paid", "ALTER TYPE \"State\" ADD VALUE 'PAID';\n");
const GONE = file("20260115000000_gone", "ALTER TYPE \"State\" ADD VALUE 'GONE';\n");
const FIX = file(PENDING.id, up.text);

/** Production has what development lacks, the checked hotfix sorts among it, and one folder was edited. */
function divergence(read: ReadStatements): Divergence {
  const main: ComparedBranch = { name: "main", ref: "origin/main", roles: ["production", "main"], into: [] };
  const develop: ComparedBranch = { name: "develop", ref: "origin/develop", roles: ["development"], into: ["main"] };
  const ours: ComparedBranch = { name: "hotfix/orphans", ref: "hotfix/orphans", roles: ["hotfix"], into: ["main"] };
  return divergenceOf(
    { ours, target: main, others: [develop] },
    [
      {
        root: "prisma/migrations",
        branches: new Map([
          ["main", { migrations: [INIT, GONE] }],
          ["develop", { migrations: [file(INIT.id, `-- first\n${INIT.file.text}`), PAID] }],
          ["hotfix/orphans", { migrations: [INIT, GONE, FIX] }],
        ]),
        shared: () => [INIT],
      },
    ],
    read,
  );
}

/** One batch: every lock is held to its end. */
export const inOneBatch = (result: CheckResult): CheckResult => ({
  ...result,
  histories: result.histories.map((history) => ({
    ...history,
    migrations: history.migrations.map((migration) =>
      migration.id === PENDING.id
        ? {
            ...migration,
            execution: "batch",
            statements: migration.statements.map((statement) => ({ ...statement, transaction: 0 })),
          }
        : migration,
    ),
  })),
});

export function richSample(read: ReadStatements): CheckResult {
  return inOneBatch({
    ...SAMPLE,
    evidence: {
      ...SAMPLE.evidence,
      execution: { mode: "batch", because: "prisma 6.19.0 in pnpm-lock.yaml" },
      rehearsal: REHEARSAL,
      divergence: divergence(read),
    },
  });
}
