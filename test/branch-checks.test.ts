import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { buildRepository } from "../fixtures/repositories/build.mjs";
import { run } from "./support/command.ts";
import type { Io } from "../src/project/io.ts";
import { commit, folder, git, repository, write } from "./support/folders.ts";

// Each runs git dozens of times.
vi.setConfig({ testTimeout: 120_000 });

interface Report {
  readonly evidence: {
    readonly divergence?: {
      readonly target: { readonly name: string };
      readonly others: readonly { readonly name: string }[];
    };
    readonly preset?: object;
    readonly unavailable?: object;
  };
  readonly problems: readonly { readonly message: string }[];
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly category: string;
    readonly migration?: string;
    readonly file: string;
    readonly message: string;
    readonly rehearsed?: string;
    readonly commands?: readonly string[];
  }[];
}

async function lockstep(cwd: string, args: readonly string[], env: Io["env"] = {}) {
  const out = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr"): Io["stdout"] => ({
    write: (text) => ((out[name] += text), Promise.resolve()),
    isTTY: false,
  });
  const code = await run(args, {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    stdin: () => Promise.resolve(new Uint8Array()),
    env,
    cwd,
  });
  return { code, ...out };
}

async function check(cwd: string, args: readonly string[], env: Io["env"] = {}): Promise<Report> {
  const { code, stdout, stderr } = await lockstep(cwd, ["check", ...args, "--format", "json"], env);
  if (code === 2) throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

/** "error late-migration 0310120000_refund_state", the findings of the group divergence. */
const short = ({ findings }: Report): string[] =>
  findings
    .filter(({ category }) => category === "divergence")
    .map(({ severity, rule, migration = "" }) => `${severity} ${rule} ${migration.replace(/^2025/, "")}`);
const of = (report: Report, rule: string) => report.findings.filter((finding) => finding.rule === rule);

const built = mkdtempSync(join(realpathSync(tmpdir()), "lockstep-samples-"));
afterAll(() => rmSync(built, { recursive: true, force: true }));

/** A sample repository with `branch` checked out: a copy, since building it takes dozens of processes. */
function sample(name: string, branch: string): string {
  const original = join(built, name);
  if (!existsSync(original)) buildRepository(name, original);
  const root = folder();
  cpSync(original, root, { recursive: true });
  git(root, "checkout", "-q", branch);
  return root;
}

/** Runs the commands that findings give, as somebody would paste them. */
function paste(root: string, commands: readonly string[] | undefined): void {
  for (const command of commands ?? [])
    execFileSync("sh", ["-c", command], { cwd: root, stdio: "pipe", env: { PATH: process.env["PATH"], HOME: root } });
}

describe("check --base, on a branch of a sample repository", () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      "git-flow-hotfix",
      "develop",
      "main",
      ["error late-migration 0310120000_refund_state", "error missing-forward-port 0312120000_order_note"],
    ],
    ["git-flow-hotfix", "main", "main", []],
    ["github-flow", "feature/notes", "main", ["info late-migration 0305100000_order_note"]],
    ["trunk-squash", "topic/address", "main", ["warning missing-forward-port 0304110000_address_city"]],
    ["trunk-squash", "release/1.4", "main", []],
    ["two-hotfixes", "hotfix/require-tier", "main", ["warning branch-divergence 0308080000_require_tier"]],
    ["two-hotfixes", "hotfix/fill-tier", "main", ["warning branch-divergence 0308090000_fill_tier"]],
    [
      "cherry-pick-renamed",
      "develop",
      "main",
      ["info late-migration 0309090000_customer_phone", "error duplicate-migration 0311090000_order_index_and_note"],
    ],
    [
      "rebase-edited",
      "feature/cleaned-up",
      "main",
      [
        "error edited-applied-migration 0301090000_init",
        "error edited-applied-migration 0304090000_customer_name",
        "error edited-applied-migration 0305090000_order_note",
        "error edited-applied-migration 0305090000_order_note",
      ],
    ],
    [
      "long-lived-development",
      "develop",
      "main",
      [
        "info late-migration 0315090000_invoice",
        "error late-migration 0401090000_rename_tier",
        "error missing-forward-port 0501090000_invoice_total",
        "info late-migration 0501090000_invoice_total",
      ],
    ],
    ["monorepo", "feature/move", "main", []],
  ])("%s: %s into %s", async (name, branch, base, expected) => {
    expect(short(await check(sample(name, branch), ["--base", base]))).toEqual(expected);
  });
});

describe("the way out that a finding gives", () => {
  test("git mv puts late folders behind the base, and no database ends differently", async () => {
    const root = sample("git-flow-hotfix", "develop");
    const before = await check(root, ["--base", "main"]);
    const [late] = of(before, "late-migration");
    expect(late?.message).toBe(
      "20250310120000_refund_state sorts before 20250311080000_cancelled_state of main: a database that has that one runs it afterwards, a fresh one before, and they end differently. " +
        "`ALTER TYPE \"OrderState\" ADD VALUE 'REFUNDED'` of 20250310120000_refund_state and `ALTER TYPE \"OrderState\" ADD VALUE 'CANCELLED'` of 20250311080000_cancelled_state meet in type public.OrderState: " +
        "in the order of the names it leaves enum (OPEN, PAID, REFUNDED, CANCELLED); where main was first it leaves enum (OPEN, PAID, CANCELLED, REFUNDED).",
    );
    paste(root, late?.commands);
    expect(short(await check(root, ["--base", "main"]))).toEqual([
      "info branch-divergence 0311080001_refund_state",
      "error missing-forward-port 0312120000_order_note",
    ]);
    const port = of(before, "missing-forward-port")[0]?.commands ?? [];
    const other = port.findIndex((line) => line.startsWith("# Or bring the folder"));
    expect(other).toBeGreaterThan(0);
    paste(root, port.slice(other + 1));
    expect(short(await check(root, ["--base", "main"]))).toEqual([]);
    // The merge, which is offered first, once the renames are committed.
    git(root, "rm", "-rqf", "prisma/migrations/20250311080000_cancelled_state");
    git(root, "commit", "-q", "-m", "renamed");
    git(root, "config", "user.name", "Ada");
    git(root, "config", "user.email", "ada@example.com");
    expect(short(await check(root, ["--base", "main"]))).toContain("error missing-forward-port 0312120000_order_note");
    paste(root, port.slice(0, other));
    expect(short(await check(root, ["--base", "main"]))).toEqual([]);
  });

  test("git checkout and git mv bring back what the base has", async () => {
    const root = sample("rebase-edited", "feature/cleaned-up");
    for (const { commands } of of(await check(root, ["--base", "main"]), "edited-applied-migration"))
      paste(root, commands);
    expect(short(await check(root, ["--base", "main"]))).toEqual([]);
    expect(git(root, "diff", "--stat", "main", "--", "prisma/migrations")).toBe("");
  });

  test("of a change that is in two folders the one of the base stays", async () => {
    const root = sample("cherry-pick-renamed", "develop");
    const [duplicate] = of(await check(root, ["--base", "main"]), "duplicate-migration");
    expect(duplicate?.commands?.slice(2)).toEqual([
      "# If a database of develop has it already, let that database note the other one as applied:",
      "npx prisma migrate resolve --applied 20250310090000_order_index",
    ]);
    paste(root, duplicate?.commands?.slice(0, 2));
    expect(short(await check(root, ["--base", "main"]))).toEqual(["info late-migration 0309090000_customer_phone"]);
  });
});

describe("a hotfix in git flow", () => {
  /** Before it is merged. */
  function open(): string {
    const root = sample("git-flow-hotfix", "hotfix/cancelled-state");
    git(root, "branch", "-f", "main", "main^1");
    return root;
  }

  test("is told of development, and has its preset", async () => {
    const root = open();
    const report = await check(root, ["--base", "main"]);
    expect(short(report)).toEqual([
      "warning branch-divergence 0311080000_cancelled_state",
      "info missing-forward-port 0311080000_cancelled_state",
    ]);
    expect(of(report, "missing-forward-port")[0]?.commands).toEqual([
      "git switch develop && git merge hotfix/cancelled-state",
    ]);
    expect(report.evidence.preset).toEqual({
      name: "hotfix",
      because: "the branch hotfix/cancelled-state matches hotfix/*",
    });
    expect(of(report, "missing-down-migration").map(({ severity }) => severity)).toEqual(["error"]);
    expect((await lockstep(root, ["check", "--base", "main"])).stdout.replace(/\s+/g, " ")).toContain(
      "beside develop, with the preset hotfix (the branch hotfix/cancelled-state matches hotfix/*).",
    );
    expect((await check(root, ["--base", "main", "--preset", "recommended"])).evidence.preset).toBeUndefined();
    write(root, { "lockstep.config.json": JSON.stringify({ branches: { hotfix: ["urgent/*"] } }) });
    expect((await check(root, ["--base", "main"])).evidence.preset).toBeUndefined();
  });

  test("is open in the checklist until development has it", async () => {
    const root = open();
    const item = async () => {
      const { stdout } = await lockstep(root, ["checklist", "--base", "main", "--format", "checklist-json"]);
      return (
        JSON.parse(stdout) as { items: { id: string; state: string; because: string; run: { text: string }[] }[] }
      ).items.find(({ id }) => id === "merged");
    };
    expect(await item()).toMatchObject({
      state: "needs you",
      because:
        "`develop` lacks `20250311080000_cancelled_state`. Merge after the deployment, so that the folder stays the same byte for byte: generated again, it would run twice.",
      run: [{ text: "git switch develop\ngit merge hotfix/cancelled-state" }],
    });
    git(root, "checkout", "-q", "develop");
    git(root, "merge", "-q", "--no-ff", "-m", "hotfix", "hotfix/cancelled-state");
    git(root, "checkout", "-q", "hotfix/cancelled-state");
    expect(await item()).toMatchObject({ state: "done", because: "`develop` has it as it is here.", run: [] });
  });

  test("in CI, where the merge is checked out and no branch", async () => {
    const root = open();
    git(root, "checkout", "-q", "main");
    git(root, "merge", "-q", "--no-ff", "-m", "pull request", "hotfix/cancelled-state");
    const clone = folder();
    git(clone, "clone", "-q", `file://${root}`, "work");
    const work = join(clone, "work");
    git(root, "reset", "-q", "--hard", "main^1");
    git(work, "checkout", "-q", "--detach", "HEAD");
    git(work, "branch", "-q", "-D", "main");
    git(work, "fetch", "-q", "--prune", "origin", "+refs/heads/*:refs/remotes/origin/*");
    const env = { GITHUB_BASE_REF: "main", GITHUB_HEAD_REF: "hotfix/cancelled-state" };
    const report = await check(work, [], env);
    expect(report.evidence.divergence).toMatchObject({
      ours: { name: "hotfix/cancelled-state", roles: ["hotfix"] },
      target: { name: "main", ref: "origin/main" },
      others: [{ name: "develop", ref: "origin/develop" }],
    });
    expect(report.evidence.preset).toEqual({
      name: "hotfix",
      because: "the branch hotfix/cancelled-state matches hotfix/*",
    });
    expect(short(report)).toEqual([
      "warning branch-divergence 0311080000_cancelled_state",
      "info missing-forward-port 0311080000_cancelled_state",
    ]);
  });
});

describe("what is good is quiet", () => {
  const INIT = "prisma/migrations/20250101000000_init/migration.sql";
  const TABLES = 'CREATE TABLE "A" ("id" INTEGER PRIMARY KEY);\nCREATE TABLE "B" ("id" INTEGER PRIMARY KEY);\n';
  const at = (id: string): string => `prisma/migrations/${id}/migration.sql`;
  const start = (): string =>
    repository({ "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n', [INIT]: TABLES });

  test("a hotfix that was merged into main and development, and a feature after it", async () => {
    const root = start();
    git(root, "checkout", "-q", "-b", "develop");
    commit(root, { [at("20250102000000_a")]: 'ALTER TABLE "A" ADD COLUMN "x" TEXT;\n' });
    git(root, "checkout", "-q", "-b", "hotfix/b", "main");
    commit(root, { [at("20250103000000_b")]: 'ALTER TABLE "B" ADD COLUMN "x" TEXT;\n' });
    for (const branch of ["main", "develop"]) {
      git(root, "checkout", "-q", branch);
      git(root, "merge", "-q", "--no-ff", "-m", "hotfix", "hotfix/b");
    }
    expect(short(await check(root, ["--base", "main"]))).toEqual(["info late-migration 0102000000_a"]);
    git(root, "checkout", "-q", "-b", "feature/c");
    commit(root, { [at("20250104000000_c")]: 'CREATE INDEX "c" ON "A"("x");\n' });
    expect(short(await check(root, ["--base", "develop"]))).toEqual([]);
  });

  test("a branch that is behind, one that was rebased, one that was squashed, one on another", async () => {
    const root = start();
    git(root, "checkout", "-q", "-b", "one");
    commit(root, { [at("20250110000000_one")]: 'ALTER TABLE "A" ADD COLUMN "one" TEXT;\n' });
    git(root, "checkout", "-q", "-b", "stacked");
    commit(root, { [at("20250111000000_stacked")]: 'CREATE INDEX "one" ON "A"("one");\n' });
    expect(short(await check(root, ["--base", "main"]))).toEqual([]);
    expect(short(await check(root, ["--base", "one"]))).toEqual([]);
    git(root, "checkout", "-q", "main");
    commit(root, { [at("20250105000000_main")]: 'ALTER TABLE "B" ADD COLUMN "main" TEXT;\n' });
    git(root, "checkout", "-q", "one");
    expect(short(await check(root, ["--base", "main"]))).toEqual([]);
    git(root, "checkout", "-q", "main");
    git(root, "merge", "-q", "--squash", "stacked");
    git(root, "commit", "-q", "-m", "squashed");
    for (const branch of ["main", "one", "stacked"]) {
      git(root, "checkout", "-q", branch);
      expect(short(await check(root, ["--base", "main"]))).toEqual([]);
    }
  });

  test("what is not committed is this branch's, on the base itself too", async () => {
    const root = start();
    expect(short(await check(root, ["--base", "main"]))).toEqual([]);
    write(root, { [INIT]: `${TABLES}\n`.replaceAll("\n", "\r\n").slice(0, -2) });
    expect(short(await check(root, ["--base", "main"]))).toEqual([]);
    write(root, { [INIT]: `${TABLES}-- more\n` });
    expect(short(await check(root, ["--base", "main"]))).toEqual(["error edited-applied-migration 0101000000_init"]);
  });

  test("a literal path asks git nothing, unless it has a base", async () => {
    const root = sample("github-flow", "feature/notes");
    const path = "prisma/migrations/20250305100000_order_note";
    const plain = await check(root, [path]);
    expect([plain.evidence.divergence, short(plain)]).toEqual([undefined, []]);
    expect((await lockstep(root, ["check", path])).stdout).not.toContain("divergence");
    expect(short(await check(root, [path, "--base", "main"]))).toEqual(["info late-migration 0305100000_order_note"]);
    // The others of the folder are on disk, whether they are checked or not.
    git(root, "checkout", "-q", "main");
    expect(short(await check(root, ["prisma/migrations/20250301090000_init", "--base", "main"]))).toEqual([]);
  });
});

describe("what cannot be compared", () => {
  test("a shallow clone says what to fetch, and the rest is checked", async () => {
    const root = sample("github-flow", "feature/notes");
    const clone = folder();
    git(clone, "clone", "-q", "--depth", "1", "--no-single-branch", `file://${root}`, "work");
    const work = join(clone, "work");
    const report = await check(work, ["--base", "origin/main"]);
    expect(report.problems.map(({ message }) => message)).toEqual([
      `The commit where feature/notes and origin/main part is not in this shallow clone of ${work}: run "git fetch --unshallow" first, or let the checkout fetch everything (fetch-depth: 0).`,
    ]);
    expect(short(report)).toEqual(["info late-migration 0305100000_order_note"]);
  });

  test("unrelated histories are compared as they are", async () => {
    const root = sample("github-flow", "feature/notes");
    git(root, "checkout", "-q", "--orphan", "elsewhere");
    write(root, { "prisma/migrations/20250301090000_init/migration.sql": "CREATE TABLE other (id int);\n" });
    git(root, "add", "-A");
    git(root, "commit", "-q", "-m", "again");
    const report = await check(root, ["--base", "main"]);
    expect(report.problems.map(({ message }) => message)).toEqual([
      "elsewhere and main have no commit in common: what one of them changed or deleted cannot be told from what it never had.",
    ]);
    expect(short(report)).toEqual([
      "warning edited-applied-migration 0301090000_init",
      "info late-migration 0305100000_order_note",
    ]);
  });

  test("a configured branch that is not there is said, and the rules that need it are not run", async () => {
    const root = sample("github-flow", "feature/notes");
    write(root, { "lockstep.config.json": JSON.stringify({ branches: { production: "live" } }) });
    const report = await check(root, ["--base", "main"]);
    const sentence = `The branches were not compared: The branch "live" (branches.production) names no commit in ${root}: check its spelling, or run "git fetch origin live" first.`;
    expect([report.problems.map(({ message }) => message), report.evidence.unavailable, short(report)]).toEqual([
      [sentence],
      { divergence: sentence },
      [],
    ]);
    const { stdout, code } = await lockstep(root, ["check", "--base", "main"]);
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "Not run, for want of divergence: branch-divergence, duplicate-migration, edited-applied-migration, late-migration, missing-forward-port.",
    );
  });

  test("from a folder below, and with the directory moved, paths and commands lead where they should", async () => {
    const root = sample("monorepo", "feature/move");
    const shop = join(root, "packages/shop");
    write(shop, { "prisma/migrations/20250301090000_init/migration.sql": "SELECT 1;\n" });
    const [edited, ...rest] = of(
      await check(shop, ["prisma/migrations", "--base", "main"]),
      "edited-applied-migration",
    );
    expect([edited?.file, edited?.commands, rest]).toEqual([
      "prisma/migrations/20250301090000_init/migration.sql",
      [
        "mkdir -p prisma/migrations/20250301090000_init && git show main:prisma/migrations/20250301090000_init/migration.sql > prisma/migrations/20250301090000_init/migration.sql && git add prisma/migrations/20250301090000_init",
      ],
      [],
    ]);
    paste(shop, edited?.commands);
    expect(short(await check(shop, ["--base", "main"]))).toEqual([]);
  });
});

describe("check --rehearse runs late migrations in both orders", () => {
  test("what matters is seen, and what does not", async () => {
    const root = sample("git-flow-hotfix", "develop");
    write(root, {
      "prisma/migrations/20250310110000_customer_phone/migration.sql":
        'ALTER TABLE "Customer" ADD COLUMN "phone" TEXT;\n',
    });
    const late = of(
      await check(root, ["--base", "main", "--rehearse"], { HOME: root, XDG_CACHE_HOME: join(root, ".cache") }),
      "late-migration",
    );
    expect(
      late.map(({ severity, migration, rehearsed = "" }) => [
        severity,
        migration,
        rehearsed.replace(/PostgreSQL \S+ \(.*?\)/, "PostgreSQL"),
      ]),
    ).toEqual([
      [
        "info",
        "20250310110000_customer_phone",
        "Both orders were run in PostgreSQL, with 20 rows in each table: they come to the same schema and the same rows.",
      ],
      [
        "error",
        "20250310120000_refund_state",
        "Both orders were run in PostgreSQL, with 20 rows in each table. Enum public.OrderState: a fresh database has ('OPEN', 'PAID', 'REFUNDED', 'CANCELLED'), a database that has main has ('OPEN', 'PAID', 'CANCELLED', 'REFUNDED').",
      ],
    ]);
  });
});
