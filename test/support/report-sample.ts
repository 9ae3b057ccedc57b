import type { CheckResult, CheckedMigration, CheckedStatement } from "../../src/engine/result.ts";
import type { Finding } from "../../src/engine/finding.ts";
import { defineRule } from "../../src/engine/rule.ts";
import { NO_EFFECTS, type Effects } from "../../src/model/effects.ts";
import type { Operation } from "../../src/sql/operation/index.ts";
import type { ReportOptions } from "../../src/report/options.ts";
import type { Range, SourceFile } from "../../src/source/text.ts";

/** A check result made by hand, with everything in it that is hard to print. */

export const OPTIONS: ReportOptions = {
  color: false,
  columns: 100,
  pathPrefix: "packages/db é",
  showSuppressed: false,
  quiet: false,
  failOn: "error",
  ruleUrl: (rule) => `https://example.org/lockstep/rules/${rule}.md`,
  homepage: "https://example.org/lockstep",
};

const UP = [
  "-- Blog: comments point to posts that are gone (#4711). Critical.",
  'DELETE FROM "comments" WHERE post_id NOT IN (SELECT id FROM posts);',
  "",
  "-- AddForeignKey",
  'ALTER TABLE "comments"',
  '\tADD COLUMN "größe" text DEFAULT \'🚀🚀\',\tADD CONSTRAINT "comments_post_id_fkey" FOREIGN KEY ("post_id") REFERENCES "posts"("id") ON DELETE CASCADE;',
  "",
  "-- CreateIndex",
  'CREATE INDEX "comments_post_id_idx"',
  '    ON "comments"',
  "    (",
  "        post_id,",
  "        author_id,",
  "        created_at",
  "    );",
  "DO $$ BEGIN EXECUTE 'ANALYZE ' || 'comments'; END $$;",
  "",
].join("\r\n");

export const up: SourceFile = {
  path: "prisma/migrations/20260131120000_fix_orphans/migration.sql",
  text: `\uFEFF${UP}`,
};
export const down: SourceFile = {
  path: "prisma/migrations/20260131120000_fix_orphans/down.sql",
  text: '-- Undo\nALTER TABLE "comments" DROP CONSTRAINT "comments_post_id_fkey";\nDROP INDEX "comments_post_id_idx";\n',
};
const old: SourceFile = {
  path: "prisma/migrations/20250101000000_init/migration.sql",
  text: '-- CreateTable\nCREATE TABLE "comments" (\n    "id" SERIAL NOT NULL\n);\n',
};

/** The range of `part` in `file`, from its nth occurrence. */
export function rangeOf(file: SourceFile, part: string): Range {
  const start = file.text.indexOf(part);
  if (start < 0) throw new Error(`${part} is not in ${file.path}`);
  return { start, end: start + part.length };
}

function between(file: SourceFile, from: string, to: string): Range {
  const { start } = rangeOf(file, from);
  return { start, end: file.text.indexOf(to, start) + to.length };
}

const REMOVE = rangeOf(up, 'DELETE FROM "comments" WHERE post_id NOT IN (SELECT id FROM posts)');
const ALTER = between(up, 'ALTER TABLE "comments"', "ON DELETE CASCADE");
const ADD_KEY = between(up, 'ADD CONSTRAINT "comments_post_id_fkey"', "ON DELETE CASCADE");
const INDEX = between(up, "CREATE INDEX", "    )");
const DYNAMIC = rangeOf(up, "DO $$ BEGIN EXECUTE 'ANALYZE ' || 'comments'; END $$");
const ORPHANS =
  "SELECT count(*) FROM comments AS c\nLEFT JOIN posts AS p ON p.id = c.post_id\nWHERE c.post_id IS NOT NULL AND p.id IS NULL";

const comments = "public.comments";
const posts = "public.posts";
const deployed = new Set([comments, posts]);

function statement(
  index: number,
  range: Range,
  operations: readonly Operation[],
  transaction: number | null,
  effects: Partial<Effects>,
): CheckedStatement {
  return { index, range, operations, transaction, effects: { ...NO_EFFECTS, ...effects }, deployed };
}

const table = { name: "comments" };
const text = { name: "text", modifiers: [], array: 0 } as const;

const pending: CheckedMigration = {
  id: "20260131120000_fix_orphans",
  path: "prisma/migrations/20260131120000_fix_orphans",
  file: up,
  down,
  state: "pending",
  execution: "split",
  comments: [
    "-- Blog: comments point to posts that are gone (#4711). Critical.",
    "-- AddForeignKey",
    "-- CreateIndex",
  ].map((part) => ({ range: rangeOf(up, part), text: part })),
  statements: [
    statement(
      0,
      REMOVE,
      [{ kind: "deleteRows", range: REMOVE, table, change: { kind: "deleteRows", table, using: [], ctes: [] } }],
      null,
      {
        locks: [
          { relation: posts, mode: "AccessShareLock", certainty: "sure", partner: true },
          { relation: comments, mode: "RowExclusiveLock", certainty: "sure", partner: false },
          { relation: "public.likes", mode: "RowExclusiveLock", certainty: "rows", partner: true },
        ],
        scans: [{ relation: comments, kind: "query", certainty: "sure", reason: "find the rows" }],
        losses: [
          {
            kind: "rows",
            relation: comments,
            data: true,
            certainty: "rows",
            where: "post_id NOT IN (SELECT id FROM posts)",
            along: false,
          },
        ],
      },
    ),
    statement(
      1,
      ALTER,
      [
        {
          kind: "addColumn",
          range: between(up, "ADD COLUMN", "'🚀🚀'"),
          table,
          ifNotExists: false,
          only: false,
          column: { name: "größe", type: text, notNull: false, constraints: [], range: ALTER },
        },
        {
          kind: "addForeignKey",
          range: ADD_KEY,
          table,
          constraint: {
            name: "comments_post_id_fkey",
            columns: ["post_id"],
            parent: { name: "posts" },
            parentColumns: ["id"],
            onDelete: "cascade",
            onUpdate: "no action",
            matchFull: false,
            notValid: false,
            notEnforced: false,
            deferrable: false,
          },
        },
      ],
      null,
      {
        locks: [
          { relation: posts, mode: "ShareRowExclusiveLock", certainty: "sure", partner: true },
          { relation: comments, mode: "ShareRowExclusiveLock", certainty: "sure", partner: false },
          { relation: comments, mode: "AccessExclusiveLock", certainty: "sure", partner: false },
        ],
        scans: [
          {
            relation: comments,
            kind: "foreignKey",
            certainty: "sure",
            reason: "check every row of comments_post_id_fkey",
          },
        ],
        rewrites: [{ relation: comments, kind: "rewrite", certainty: "maybe", reason: "fill größe" }],
        failures: [
          {
            kind: "orphans",
            relation: comments,
            columns: ["post_id"],
            parent: posts,
            parentColumns: ["id"],
            sqlstate: "23503",
            certainty: "rows",
            countQuery: ORPHANS,
            preparation: {
              verdict: "ineffective",
              why: "null in NOT IN",
              detail: "posts.id",
              certainty: "sure",
              by: { file: up, range: REMOVE },
            },
          },
        ],
        breaks: [
          {
            kind: "constraint",
            relation: comments,
            name: "comments_post_id_fkey",
            sentence: "An INSERT into public.comments fails where its post is gone.",
          },
        ],
      },
    ),
    statement(
      2,
      INDEX,
      [
        {
          kind: "createIndex",
          range: INDEX,
          table,
          name: "comments_post_id_idx",
          unique: false,
          concurrently: false,
          ifNotExists: false,
          only: false,
          method: "btree",
          columns: [],
          include: [],
          nullsNotDistinct: false,
        },
      ],
      null,
      {
        locks: [{ relation: comments, mode: "ShareLock", certainty: "sure", partner: false }],
        scans: [{ relation: comments, certainty: "sure", kind: "index", reason: "build index comments_post_id_idx" }],
      },
    ),
    statement(3, DYNAMIC, [{ kind: "opaque", range: DYNAMIC, reason: "dynamic", what: "EXECUTE" }], null, {}),
  ],
};

const applied: CheckedMigration = {
  id: "20250101000000_init",
  path: "prisma/migrations/20250101000000_init",
  file: old,
  state: "history",
  execution: "split",
  comments: [{ range: rangeOf(old, "-- CreateTable"), text: "-- CreateTable" }],
  statements: [
    {
      index: 0,
      range: between(old, "CREATE TABLE", ")"),
      operations: [
        {
          kind: "createTable",
          range: between(old, "CREATE TABLE", ")"),
          table,
          columns: [],
          constraints: [],
          ifNotExists: false,
          persistence: "permanent",
          foreign: false,
          partitionDefault: false,
          inherits: [],
          like: [],
        },
      ],
      transaction: null,
      effects: NO_EFFECTS,
      deployed: new Set(),
    },
  ],
};

const rule = (
  id: string,
  title: string,
  message: string,
  help: string,
  category: "integrity" | "locking" | "reversibility",
  severity: "error" | "warning" | "info",
) => defineRule({ id, title, category, severity, since: "0.1.0", messages: { found: message }, help, on: {} });

const RULES = [
  rule(
    "orphan-cleanup-ineffective",
    "A cleanup that can leave orphans",
    "{table} keeps orphans.",
    "Write NOT EXISTS.",
    "integrity",
    "error",
  ),
  rule(
    "index-build-blocks-writes",
    "An index build that blocks writes",
    "Building {index} blocks writes.",
    "Build it with CONCURRENTLY.",
    "locking",
    "error",
  ),
  rule(
    "down-migration-loses-data",
    "A down migration that loses data",
    "Running down.sql loses data.",
    "Keep a copy.",
    "reversibility",
    "info",
  ),
];

const base = { migration: pending.id, file: up, queries: [], related: [], fixes: [] } as const;

const FINDINGS: readonly Finding[] = [
  {
    ...base,
    rule: "orphan-cleanup-ineffective",
    severity: "error",
    category: "integrity",
    range: ADD_KEY,
    statement: 1,
    objects: [comments, "public.comments.comments_post_id_fkey"],
    message:
      "public.comments can keep orphans: NOT IN removes nothing as soon as posts.id yields a NULL, and then comments_post_id_fkey fails with 23503. Since each statement is committed on its own, the DELETE stays.",
    help: "Compare with NOT EXISTS, and hold the cleanup and the constraint together with BEGIN and COMMIT.",
    queries: [{ title: "How many orphans are there? 0 means that the constraint can be added.", sql: `${ORPHANS};` }],
    related: [{ file: up, range: REMOVE, message: "the cleanup [of post_id](x) that may remove nothing" }],
    fixes: [
      {
        title: "Delete with NOT EXISTS",
        safety: "unsafe",
        edits: [
          {
            range: rangeOf(up, "post_id NOT IN (SELECT id FROM posts)"),
            text: "post_id IS NOT NULL AND NOT EXISTS (SELECT FROM posts WHERE posts.id = post_id)",
          },
        ],
      },
    ],
  },
  {
    ...base,
    rule: "index-build-blocks-writes",
    severity: "error",
    category: "locking",
    range: INDEX,
    statement: 2,
    objects: [comments],
    message: "Building comments_post_id_idx blocks writes to public.comments until it is done.",
    help: "Build it with CONCURRENTLY, in a migration of its own.",
    fixes: [
      {
        title: "Build the index concurrently",
        safety: "safe",
        edits: [{ range: { start: INDEX.start + 12, end: INDEX.start + 12 }, text: " CONCURRENTLY" }],
      },
    ],
  },
  {
    ...base,
    rule: "opaque-statement",
    severity: "info",
    category: "history",
    range: DYNAMIC,
    statement: 3,
    objects: [],
    message: "What this runs is known only when it runs.",
    help: "Write the statement itself.",
    suppressed: { how: "comment", reason: "ANALYZE is harmless | <here>" },
  },
  {
    ...base,
    file: down,
    rule: "down-migration-loses-data",
    severity: "info",
    category: "reversibility",
    range: rangeOf(down, 'DROP INDEX "comments_post_id_idx"'),
    objects: [comments],
    message: "Running down.sql lets new orphans in.",
    help: "Keep a copy.",
  },
];

export const SAMPLE: CheckResult = {
  tool: { name: "lockstep", version: "0.1.0" },
  postgres: 17,
  evidence: {
    execution: { mode: "split", because: "prisma 7.10.0 in pnpm-lock.yaml" },
    postgres: { version: 17, because: "the default" },
    prisma: { version: "7.10.0", from: "pnpm-lock.yaml", packageManager: "pnpm" },
    database: { variables: ["DATABASE_URL"], from: "prisma.config.ts" },
    base: { ref: "origin/main", commit: "0123456789abcdef0123456789abcdef01234567", because: "origin/HEAD" },
    owners: { from: ".github/CODEOWNERS", of: { [up.path]: ["@acme/db", "@ann"] } },
    branch: "hotfix/orphans",
  },
  histories: [
    {
      root: "prisma/migrations",
      provider: "postgresql",
      problems: [
        { file: "prisma/migrations/migration_lock.toml", message: "The lock file is absent.", help: "Commit it." },
      ],
      migrations: [applied, pending],
    },
  ],
  findings: FINDINGS,
  crashes: [],
  coverage: {
    files: 2,
    statements: 5,
    understood: 4,
    notUnderstood: [{ file: up, range: DYNAMIC, why: "EXECUTE of a computed string" }],
    rulesNotRun: [
      { rule: "schema-drift", needs: "datamodel" },
      { rule: "drop-still-in-use", needs: "datamodel" },
    ],
  },
  rules: RULES,
};

/** The same without findings and gaps. */
export const CLEAN: CheckResult = {
  ...SAMPLE,
  findings: [],
  histories: [
    {
      root: "prisma/migrations",
      provider: "postgresql",
      problems: [],
      migrations: [applied, { ...pending, statements: [] }],
    },
  ],
  coverage: { files: 2, statements: 1, understood: 1, notUnderstood: [], rulesNotRun: [] },
};

export { pending as PENDING };
