import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { buildRepository } from "../fixtures/repositories/build.mjs";
import { assignRoles, matchesGlob } from "../src/evidence/git/roles.ts";
import type { BranchOptions, BranchSet } from "../src/evidence/git/branch-set.ts";
import { readBranches } from "../src/evidence/git/branches.ts";
import { findRepository } from "../src/source/git/refs.ts";
import type { Outcome } from "../src/source/outcome.ts";
import { commit, folder, git, repository } from "./support/folders.ts";

// Each builds repositories by dozens of git processes.
vi.setConfig({ testTimeout: 60_000 });

const INIT = "prisma/migrations/20250101000000_init/migration.sql";
const NEXT = "prisma/migrations/20250102000000_next/migration.sql";

function sample(name: string): string {
  const root = folder();
  buildRepository(name, root);
  return root;
}

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

const read = (root: string, options: Partial<BranchOptions> = {}): BranchSet =>
  value(readBranches(root, { environment: {}, ...options }));
const sentence = (root: string, options: Partial<BranchOptions> = {}): string => {
  const set = readBranches(root, { environment: {}, ...options });
  return set.ok ? "no failure" : set.message;
};

/** "main production,main: init next", one for each branch. */
function summary({ branches }: BranchSet): string[] {
  return branches.map(
    ({ name, roles, current, roots }) =>
      `${name} ${roles.join(",")}${current ? " *" : ""}: ${roots.map(({ root, path, migrations }) => `${path}${path === root ? "" : ` for ${root}`} ${migrations.map(({ id }) => id.replace(/^2025/, "")).join(" ")}`).join(", ")}`,
  );
}

describe("the sample repositories", () => {
  const expected: Readonly<
    Record<
      string,
      {
        readonly flow: BranchSet["flow"];
        readonly branches: readonly string[];
        readonly leftOut?: BranchSet["leftOut"];
      }
    >
  > = {
    "git-flow-hotfix": {
      flow: "git flow",
      branches: [
        "main production,main *: prisma/migrations 0301090000_init 0311080000_cancelled_state",
        "develop development: prisma/migrations 0301090000_init 0310120000_refund_state 0312120000_order_note",
      ],
      leftOut: [{ name: "hotfix/cancelled-state", why: "merged" }],
    },
    "github-flow": {
      flow: "GitHub flow",
      branches: [
        "main production,main: prisma/migrations 0301090000_init 0307100000_customer_phone",
        "feature/notes other *: prisma/migrations 0301090000_init 0305100000_order_note",
      ],
      leftOut: [{ name: "feature/phones", why: "merged" }],
    },
    "trunk-squash": {
      flow: "trunk",
      branches: [
        "release/1.4 production,release: prisma/migrations 0301090000_init 0306080000_tier_default",
        "main main *: prisma/migrations 0301090000_init 0304100000_address 0304110000_address_city",
      ],
      leftOut: [{ name: "topic/address", why: "no migrations of its own" }],
    },
    "two-hotfixes": {
      flow: "GitHub flow",
      branches: [
        "main production,main: prisma/migrations 0301090000_init",
        "hotfix/require-tier hotfix *: prisma/migrations 0301090000_init 0308080000_require_tier",
        "hotfix/fill-tier hotfix: prisma/migrations 0301090000_init 0308090000_fill_tier",
      ],
    },
    "cherry-pick-renamed": {
      flow: "git flow",
      branches: [
        "main production,main: prisma/migrations 0301090000_init 0310090000_order_index",
        "develop development *: prisma/migrations 0301090000_init 0309090000_customer_phone 0311090000_order_index_and_note",
      ],
      leftOut: [{ name: "hotfix/order-index", why: "merged" }],
    },
    "rebase-edited": {
      flow: "GitHub flow",
      branches: [
        "main production,main: prisma/migrations 0301090000_init 0302090000_order_note 0303090000_customer_phone 0304090000_customer_name",
        "feature/cleaned-up other *: prisma/migrations 0301090000_init 0304090000_customer_name 0305090000_order_note",
      ],
    },
    "long-lived-development": {
      flow: "git flow",
      branches: [
        "main production,main: prisma/migrations 0301090000_init 0420090000_order_total 0510090000_tier_index",
        "develop development *: prisma/migrations 0301090000_init 0315090000_invoice 0401090000_rename_tier 0420090000_order_total 0501090000_invoice_total",
      ],
    },
    monorepo: {
      flow: "GitHub flow",
      branches: [
        "main production,main: packages/billing/prisma/migrations 0302090000_ledger 0306090000_ledger_currency, prisma/migrations 0301090000_init",
        "feature/move other *: packages/billing/prisma/migrations 0302090000_ledger, packages/shop/prisma/migrations for prisma/migrations 0301090000_init 0305090000_order_note",
      ],
    },
  };
  test.each(Object.entries(expected))("%s", (name, { flow, branches, leftOut = [] }) => {
    const set = read(sample(name));
    expect(set.flow).toBe(flow);
    expect(summary(set)).toEqual(branches);
    expect(set.leftOut).toEqual(leftOut);
    for (const { base, problem } of set.pairs) expect([set.bases.has(base ?? ""), problem]).toEqual([true, undefined]);
  });
  test("each text has its checksum, and one that branches share is one", () => {
    const set = read(sample("github-flow"));
    const [main, feature] = set.branches.map(({ roots }) => roots[0]?.migrations[0]);
    expect(main?.checksum).toBe(
      createHash("sha256")
        .update(main?.file.text ?? "")
        .digest("hex"),
    );
    expect(main?.file).toBe(feature?.file);
    expect(main?.blob).toBe(
      git(set.repository, "rev-parse", "main:prisma/migrations/20250301090000_init/migration.sql"),
    );
  });
  test("nothing is written", () => {
    const root = sample("monorepo");
    const times = (): string[] =>
      readdirSync(root, { recursive: true, encoding: "utf8" }).map(
        (path) => `${path} ${statSync(join(root, path)).mtimeMs}`,
      );
    const before = times();
    read(root);
    expect(times()).toEqual(before);
  });
});

describe("where a repository is", () => {
  test("bare, a worktree, from below", () => {
    const root = sample("git-flow-hotfix");
    const [bare, tree] = [folder(), folder()];
    git(bare, "clone", "-q", "--bare", `file://${root}`, ".");
    git(root, "worktree", "add", "-q", join(tree, "develop"), "develop");
    expect(summary(read(value(findRepository(join(bare, "refs")))))).toEqual(
      summary(read(root)).map((line) => line.replace(" *", "")),
    );
    expect(summary(read(value(findRepository(join(tree, "develop/prisma")))))).toEqual(
      summary(read(root)).map((line) =>
        line.startsWith("develop") ? line.replace(":", " *:") : line.replace(" *", ""),
      ),
    );
    expect(findRepository(folder())).toMatchObject({
      ok: false,
      message: expect.stringContaining("is in no git repository") as string,
    });
  });
  test("a clone: remote branches count, unless what is local is ahead", () => {
    const remote = repository({ [INIT]: "SELECT 1;" });
    const root = folder();
    git(root, "clone", "-q", `file://${remote}`, ".");
    commit(remote, { [NEXT]: "SELECT 2;" });
    git(root, "fetch", "-q");
    git(root, "checkout", "-q", "-b", "hotfix/x");
    expect(read(root).branches.map(({ name, ref, roots }) => [name, ref, roots[0]?.migrations.length])).toEqual([
      ["main", "refs/remotes/origin/main", 2],
      ["hotfix/x", "refs/heads/hotfix/x", 1],
    ]);
    git(root, "checkout", "-q", "main");
    git(root, "merge", "-q", "origin/main");
    commit(root, { "prisma/migrations/20250103000000_more/migration.sql": "SELECT 3;" });
    git(root, "checkout", "-q", "hotfix/x");
    expect(read(root).branches[0]).toMatchObject({ name: "main", ref: "refs/heads/main" });
  });
  test("CI checks out a commit: its variables name the branch", () => {
    const root = sample("two-hotfixes");
    git(root, "checkout", "-q", "--detach", "hotfix/fill-tier");
    expect(summary(read(root, { environment: { GITHUB_HEAD_REF: "hotfix/fill-tier" } }))).toContain(
      "hotfix/fill-tier hotfix *: prisma/migrations 0301090000_init 0308090000_fill_tier",
    );
    expect(
      read(root)
        .branches.filter(({ current }) => current)
        .map(({ name }) => name),
    ).toEqual(["hotfix/fill-tier"]);
  });
  test("a shallow clone that lacks the merge base says what to fetch; with everything it is there", () => {
    const remote = sample("git-flow-hotfix");
    const root = folder();
    git(root, "clone", "-q", "--depth=1", "--no-single-branch", `file://${remote}`, ".");
    expect(read(root).pairs).toEqual([
      {
        one: "main",
        other: "develop",
        isCut: true,
        problem: `The commit where main and develop part is not in this shallow clone of ${root}: run "git fetch --unshallow" first, or let the checkout fetch everything (fetch-depth: 0).`,
      },
    ]);
    git(root, "fetch", "-q", "--unshallow");
    expect(read(root).pairs[0]?.base).toBe(git(remote, "merge-base", "main", "develop"));
  });
  test("a partial clone is not filled behind the user's back; the command that is named fills it", () => {
    const remote = sample("git-flow-hotfix");
    git(remote, "config", "uploadpack.allowFilter", "true");
    const root = folder();
    git(root, "clone", "-q", "--no-checkout", "--filter=blob:none", `file://${remote}`, ".");
    expect(sentence(root)).toBe(
      `${root} is a partial clone without the contents of all migrations: run "git fetch --refetch --no-filter" first, or clone without a filter.`,
    );
    git(root, "fetch", "-q", "--refetch", "--no-filter");
    expect(sentence(root)).toBe("no failure");
  });
  test("unrelated histories are said at the pair", () => {
    const root = repository({ [INIT]: "SELECT 1;" });
    git(root, "checkout", "-q", "--orphan", "hotfix/again");
    commit(root, { [NEXT]: "SELECT 2;" });
    expect(read(root).pairs).toEqual([
      {
        one: "main",
        other: "hotfix/again",
        problem:
          "main and hotfix/again have no commit in common: what one of them changed or deleted cannot be told from what it never had.",
      },
    ]);
  });
  test("names that are not UTF-8, links and submodules", () => {
    const root = repository({ [INIT]: "SELECT 1;" });
    const blob = git(root, "hash-object", "-w", INIT);
    const input = Buffer.concat([
      Buffer.from(`100644 blob ${blob}\tprisma/migrations/20250105_`),
      Buffer.from([0xe4]),
      Buffer.from(
        `/migration.sql\u0000120000 blob ${blob}\tprisma/migrations/20250106_link\u0000160000 commit ${git(root, "rev-parse", "HEAD")}\tprisma/migrations/20250107_module\u0000`,
      ),
    ]);
    execFileSync("git", ["update-index", "-z", "--index-info"], { cwd: root, input });
    git(root, "commit", "-q", "-m", "odd");
    const [main] = read(root).branches;
    expect(main?.roots[0]?.migrations.map(({ id }) => id)).toEqual(["20250101000000_init", "20250105_\uFFFD"]);
    expect(main?.roots[0]?.problems.map(({ message }) => message)).toEqual([
      "The folder's name is not UTF-8: it is compared as far as it can be read.",
    ]);
  });
  test("one sentence for what cannot be compared", () => {
    const root = repository({ "a file": "x" });
    expect(sentence(root)).toBe(`No branch of ${root} has migrations: name the migrations folder.`);
    expect(sentence(root, { names: { main: "trunk" } })).toBe(
      `The branch "trunk" (branches.main) names no commit in ${root}: check its spelling, or run "git fetch origin trunk" first.`,
    );
    expect(sentence(root, { names: { production: "live" } })).toBe(
      `The branch "live" (branches.production) names no commit in ${root}: check its spelling, or run "git fetch origin live" first.`,
    );
    expect(sentence(root, { names: { production: "v*" } })).toBe(
      `No branch and no tag of ${root} has a name like v* (branches.production): check its spelling, or run "git fetch --tags" first.`,
    );
    const empty = folder();
    git(empty, "init", "-q", "-b", "main");
    expect(sentence(empty)).toBe(`${empty} has no branch with a commit yet: commit the migrations first.`);
  });
});

describe("roles", () => {
  test("production can be a tag, by its name or the newest of a kind", () => {
    const root = repository({ [INIT]: "SELECT 1;" });
    git(root, "tag", "-a", "v1.9", "-m", "x");
    git(root, "tag", "v1.10");
    commit(root, { [NEXT]: "SELECT 2;" });
    for (const production of ["v1.10", "v*"])
      expect(summary(read(root, { names: { production } }))).toEqual([
        "v1.10 production: prisma/migrations 0101000000_init",
        "main main *: prisma/migrations 0101000000_init 0102000000_next",
      ]);
  });
  const at = (names: readonly string[]): { name: string; committed: number }[] =>
    names.map((name, i) => ({ name, committed: 1_700_000_000 - i }));
  test.each([
    [
      ["master", "develop", "hotfix/a"],
      undefined,
      "develop",
      { flow: "git flow", production: "master", main: "master", development: ["develop"], hotfix: ["hotfix/a"] },
    ],
    [["main", "topic"], undefined, "main", { flow: "GitHub flow", production: "main", main: "main", development: [] }],
    [["main", "production", "topic"], undefined, undefined, { flow: "trunk", production: "production", main: "main" }],
    [
      ["main", "release/1.9", "release/1.10", "release/next"],
      undefined,
      undefined,
      { flow: "trunk", production: "release/1.10", release: ["release/1.9", "release/1.10", "release/next"] },
    ],
    [
      ["next", "live-eu", "urgent/a"],
      { production: "live-*", main: "next", hotfix: ["urgent/*"] },
      undefined,
      { flow: "configured", production: "live-eu", main: "next", hotfix: ["urgent/a"] },
    ],
  ] as const)("%j", (names, configured, defaultBranch, expected) => {
    expect(assignRoles(at(names), configured, defaultBranch)).toMatchObject(expected);
  });
  test("a glob is what a regular expression of it is", () => {
    const part = fc.stringMatching(/^[ab/*]{0,6}$/);
    fc.assert(
      fc.property(
        part,
        fc.stringMatching(/^[ab/]{0,8}$/),
        (glob, name) => matchesGlob(glob, name) === new RegExp(`^${glob.replaceAll("*", ".*")}$`).test(name),
      ),
    );
  });
});

describe("which branches", () => {
  test("alive, with migrations of their own, up to a limit; named ones always", () => {
    const root = repository({ [INIT]: "SELECT 1;" });
    for (const name of ["a", "b", "c"]) {
      git(root, "checkout", "-q", "-b", name, "main");
      commit(root, { [`prisma/migrations/20250102000000_${name}/migration.sql`]: "SELECT 2;" });
    }
    git(root, "checkout", "-q", "-b", "docs", "main");
    commit(root, { readme: "x" });
    git(root, "checkout", "-q", "main");
    expect(read(root, { limit: 2 }).branches.map(({ name }) => name)).toEqual(["main", "a", "b"]);
    expect(read(root, { limit: 2 }).leftOut).toEqual([
      { name: "c", why: "beyond the limit" },
      { name: "docs", why: "no migrations of its own" },
    ]);
    expect(read(root, { onlyRoles: true }).branches.map(({ name }) => name)).toEqual(["main"]);
    expect(read(root, { onlyRoles: true, also: ["c"] }).branches.map(({ name }) => name)).toEqual(["main", "c"]);
  });
});
