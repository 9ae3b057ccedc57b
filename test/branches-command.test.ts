import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { buildRepository, REPOSITORIES } from "../fixtures/repositories/build.mjs";
import { renamesBehind, secondsOf, stampOf } from "../src/advice/divergence/renames.ts";
import { compareFolders } from "../src/source/layout.ts";
import { run } from "./support/command.ts";
import { commit, folder, git, repository } from "./support/folders.ts";

// Each builds repositories by dozens of git processes.
vi.setConfig({ testTimeout: 120_000 });

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function lockstep(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  terminal?: number,
): Promise<Ran> {
  let out = "";
  let err = "";
  const write =
    (put: (text: string) => void) =>
    (text: string): Promise<void> => {
      put(text);
      return Promise.resolve();
    };
  const code = await run(args, {
    stdout: {
      write: write((text) => void (out += text)),
      isTTY: terminal !== undefined,
      ...(terminal !== undefined && { columns: terminal }),
    },
    stderr: { write: write((text) => void (err += text)), isTTY: false },
    stdin: () => Promise.resolve(new Uint8Array()),
    env: { NO_COLOR: "1", ...env },
    cwd,
  });
  return { code, out, err };
}

function sample(name: string): string {
  const root = folder();
  buildRepository(name, root);
  return root;
}

const EXPECTED = new URL("../fixtures/repositories/expected/", import.meta.url);

/** Compares with the file that is checked in; UPDATE=1 writes it. */
function expectFile(name: string, text: string): void {
  const file = new URL(name, EXPECTED);
  if (process.env["UPDATE"] === "1" || !existsSync(file)) {
    if (process.env["UPDATE"] !== "1") throw new Error(`${name} is not there: write it with UPDATE=1`);
    mkdirSync(EXPECTED, { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, "utf8"));
}

/** Readers must bear new fields; what is written today has to be in the schema. */
const published = readFileSync(new URL("../schema/branches.schema.json", import.meta.url), "utf8");
const schema = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
  JSON.parse(published.replaceAll('"additionalProperties": true', '"additionalProperties": false')) as object,
);
const errorsOf = (text: string): unknown => (schema(JSON.parse(text)) ? [] : schema.errors);

/** 1 where something does not add up. */
const CODES: Readonly<Record<string, number>> = { "github-flow": 0, monorepo: 0, "two-hotfixes": 0 };

describe.each(Object.keys(REPOSITORIES))("%s", (name) => {
  test("has its report, in every format", async () => {
    const root = sample(name);
    const before = git(root, "status", "--porcelain") + git(root, "rev-parse", "HEAD");
    const text = await lockstep(root, ["branches"]);
    expect(text.err).toBe("");
    expect(text.code).toBe(CODES[name] ?? 1);
    expectFile(`${name}.txt`, text.out);
    const { out } = await lockstep(root, ["branches", "--format", "json"]);
    expect(errorsOf(out)).toEqual([]);
    expectFile(`${name}.json`, out);
    expectFile(`${name}.md`, (await lockstep(root, ["branches", "--format", "mermaid"])).out);
    expect(git(root, "status", "--porcelain") + git(root, "rev-parse", "HEAD")).toBe(before);
  });
});

describe("terminals", () => {
  test("a narrow one gets the matrix as a list, and no line of our own is wider", async () => {
    const root = sample("two-hotfixes");
    const { out } = await lockstep(root, ["branches"], {}, 50);
    expect(out).toContain("  20250308080000_require_tier\n    hotfix/require-tier: 2\n");
    // Commands are for copying and are not broken.
    const lines = out.split("\n").filter((line) => !line.startsWith("      "));
    expect(lines.filter((line) => [...line].length > 50)).toEqual([]);
  });

  test("ASCII only where the locale knows nothing else, or by --ascii", async () => {
    const root = sample("git-flow-hotfix");
    const plain = (text: string): boolean => /^[\n -~]*$/.test(text);
    const [asked, locale, utf8] = [
      await lockstep(root, ["branches", "--ascii"]),
      await lockstep(root, ["branches"], { LC_ALL: "C" }, 100),
      await lockstep(root, ["branches"], { LANG: "de_DE.UTF-8" }, 100),
    ];
    expect([plain(asked.out), plain(locale.out), plain(utf8.out)]).toEqual([true, true, false]);
    expect(asked.out).toContain("  |-. develop  development, parted at ");
  });

  test("colours where they are asked for", async () => {
    const root = sample("git-flow-hotfix");
    expect((await lockstep(root, ["branches", "--color"])).out).toContain("\u001b[31m");
    expect((await lockstep(root, ["branches", "--no-color"])).out).not.toContain("\u001b");
  });
});

describe("roles", () => {
  test("flags and the configuration say which branch is what", async () => {
    const root = sample("github-flow");
    const byFlag = await lockstep(root, ["branches", "--production", "feature/notes", "--main", "main"]);
    const flat = byFlag.out.replace(/\s+/g, " ");
    expect(flat).toContain("feature/notes (production) and main (main)");
    expect(flat).toContain("main lacks 20250305100000_order_note, which production (feature/notes) has");
    expect(byFlag.code).toBe(1);
    writeFileSync(join(root, "lockstep.config.json"), JSON.stringify({ branches: { production: "feature/notes" } }));
    expect((await lockstep(root, ["branches"])).out).toContain(
      "As configured, since production is configured as feature/notes",
    );
    expect((await lockstep(root, ["branches", "--production", "main"])).out).toContain("main (production, main)");
  });

  test("a branch that was left out is compared by --also", async () => {
    const root = sample("github-flow");
    expect((await lockstep(root, ["branches"])).out).toContain("not compared, merged already: feature/phones");
    expect((await lockstep(root, ["branches", "--also", "feature/phones"])).out).toMatch(
      /^ +main +feature\/phones +feature\/notes$/m,
    );
  });
});

describe("what is not committed", () => {
  test("belongs to the branch that is checked out", async () => {
    const root = sample("github-flow");
    git(root, "switch", "-q", "main");
    mkdirSync(join(root, "prisma/migrations/20250306090000_new"));
    writeFileSync(
      join(root, "prisma/migrations/20250306090000_new/migration.sql"),
      'ALTER TABLE "Order" ADD COLUMN "x" INTEGER;\n',
    );
    const { out } = await lockstep(root, ["branches"]);
    expect(out).toMatch(/^ +20250306090000_new +2 +·$/m);
  });
});

describe("bad input is one sentence and exit code 2", () => {
  const sentence = async (
    cwd: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> => {
    const { code, out, err } = await lockstep(cwd, args, env);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^lockstep: [^\n]+\.\n$/);
    return err;
  };

  test("no repository", async () => {
    const root = folder({ "prisma/migrations/1_a/migration.sql": "SELECT 1;" });
    for (const command of ["branches", "hotfix"])
      expect(await sentence(root, [command])).toContain(
        "is in no git repository: branches are compared inside of one.",
      );
  });

  test("no commit", async () => {
    const root = folder();
    git(root, "init", "-q");
    expect(await sentence(root, ["branches"])).toContain("commit the migrations first");
  });

  test("unknown refs", async () => {
    const root = sample("git-flow-hotfix");
    expect(await sentence(root, ["branches", "--production", "live"])).toContain("live");
    expect(await sentence(root, ["branches", "--main", "mian"])).toContain("mian");
    expect(await sentence(root, ["branches", "--also", "feature/none"])).toContain("feature/none");
    expect(await sentence(root, ["branches", "--production", "v*"])).toContain("v*");
  });

  test("no migrations, folders outside, other folders", async () => {
    const root = repository({ "src/a.txt": "a" });
    expect(await sentence(root, ["branches"])).toContain("No branch of ");
    const other = sample("git-flow-hotfix");
    expect(await sentence(other, ["branches", "prisma/none"])).toContain("in prisma/none: name the migrations folder");
    expect(await sentence(other, ["branches", "prisma/migrations", "../elsewhere"])).toContain(
      "is outside of the repository",
    );
    expect(await sentence(other, ["branches", ""])).toContain("One of the paths is empty");
  });

  test("a shallow clone without the commit where the branches part", async () => {
    const root = sample("git-flow-hotfix");
    const clone = folder();
    git(clone, "clone", "-q", "--no-single-branch", "--depth", "1", `file://${root}`, "clone");
    expect(await sentence(join(clone, "clone"), ["branches"])).toContain('run "git fetch --unshallow" first');
  });

  test("a clone of one branch says what it does not know, and how to bring the rest", async () => {
    const root = sample("git-flow-hotfix");
    const names = git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads").split("\n").length;
    expect(names).toBeGreaterThan(1);
    const clone = join(folder(), "clone");
    git(root, "clone", "-q", "--depth", "1", `file://${root}`, clone);
    const stdout = (await lockstep(clone, ["branches"])).out.replace(/\s+/g, " ");
    expect(stdout).toContain("branches that are not here were not compared");
    expect(stdout).not.toContain("in lockstep");
    expect((await lockstep(clone, ["branches", "--format", "mermaid"])).out).not.toContain("in lockstep");
    for (const command of ['git remote set-branches origin "*"', "git fetch --unshallow"]) {
      expect(stdout).toContain(command);
      git(clone, ...command.replaceAll('"', "").split(" ").slice(1));
    }
    expect((await lockstep(clone, ["branches"])).out).not.toContain("that are not here");
    expect(git(clone, "for-each-ref", "--format=%(refname:short)", "refs/remotes").split("\n").length).toBeGreaterThan(
      names,
    );
  });

  test("a file that cannot be written", async () => {
    const root = sample("git-flow-hotfix");
    expect(await sentence(root, ["branches", "--output-file", "json=package.json/x"])).toContain(
      "could not be written",
    );
  });
});

describe("what can be checked is checked", () => {
  test("a branch without a common commit, a branch without migrations, a submodule", async () => {
    const root = sample("git-flow-hotfix");
    git(root, "switch", "-q", "--orphan", "island");
    commit(root, {
      "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
      "prisma/migrations/20250401090000_island/migration.sql": "CREATE TABLE island (id int);\n",
    });
    git(root, "switch", "-q", "--orphan", "empty");
    commit(root, { "README.md": "nothing" });
    git(
      root,
      "update-index",
      "--add",
      "--cacheinfo",
      `160000,${git(root, "rev-parse", "main")},prisma/migrations/20250101000000_module`,
    );
    git(root, "commit", "-q", "-m", "a submodule");
    const { code, out, err } = await lockstep(root, ["branches"]);
    expect([code, err]).toEqual([1, ""]);
    expect(out.replace(/\s+/g, " ")).toContain("have no commit in common");
    expect(out).toContain("20250401090000_island");
    expect(out).toContain("empty has no such folder");
  });

  test("names that are not UTF-8", async () => {
    const root = sample("github-flow");
    git(root, "switch", "-q", "main");
    const tree = (entries: string): string => {
      writeFileSync(join(root, ".git/tree"), entries, "latin1");
      return git(root, "-c", "core.quotePath=false", "hash-object", "-t", "tree", "-w", "--literally", ".git/tree");
    };
    const raw = (hex: string): string => Buffer.from(hex, "hex").toString("latin1");
    const blob = git(root, "rev-parse", "HEAD:prisma/migrations/20250301090000_init/migration.sql");
    const inner = tree(`100644 migration.sql\0${raw(blob)}`);
    const migrations = tree(`40000 20250310090000_\u00e9\0${raw(inner)}`);
    const prisma = tree(`40000 migrations\0${raw(migrations)}`);
    const top = tree(`40000 prisma\0${raw(prisma)}`);
    git(root, "branch", "odd", git(root, "commit-tree", top, "-p", "HEAD", "-m", "odd"));
    const { code, out } = await lockstep(root, ["branches"]);
    expect(code).toBe(1);
    expect(out.replace(/\s+/g, " ")).toContain(
      "The folder's name is not UTF-8: it is compared as far as it can be read.",
    );
  });
});

describe("--fix", () => {
  const names = (root: string): string[] =>
    git(root, "ls-files", "prisma/migrations")
      .split("\n")
      .flatMap((path) => /migrations\/(\d.*)\/migration.sql$/.exec(path)?.[1] ?? []);

  test("renames what is late and what follows it, in the index, without a commit", async () => {
    const root = sample("github-flow");
    const head = git(root, "rev-parse", "HEAD");
    const dry = await lockstep(root, ["branches", "--fix", "--dry-run"]);
    expect([dry.code, dry.out]).toEqual([
      0,
      "git mv prisma/migrations/20250305100000_order_note prisma/migrations/20250307100001_order_note\n",
    ]);
    expect(git(root, "status", "--porcelain")).toBe("");
    const { code, out, err } = await lockstep(root, ["branches", "--fix"]);
    expect([code, out]).toEqual([
      0,
      "renamed prisma/migrations/20250305100000_order_note to prisma/migrations/20250307100001_order_note\n",
    ]);
    expect(err).toContain("One folder of feature/notes renamed and not committed yet.");
    expect(names(root)).toEqual(["20250301090000_init", "20250307100001_order_note"]);
    expect(git(root, "status", "--porcelain")).toBe(
      "R  prisma/migrations/20250305100000_order_note/migration.sql -> prisma/migrations/20250307100001_order_note/migration.sql",
    );
    expect(git(root, "rev-parse", "HEAD")).toBe(head);
    // Nothing is late any more, committed or not.
    expect((await lockstep(root, ["branches"])).out).not.toContain("late-migration");
    const again = await lockstep(root, ["branches", "--fix"]);
    expect([again.code, again.out, again.err]).toEqual([
      0,
      "",
      "lockstep: No folder of feature/notes is late: there is nothing to rename.\n",
    ]);
  });

  test("keeps the order of the branch's own migrations", async () => {
    const root = sample("github-flow");
    commit(root, {
      "prisma/migrations/20250306100000_b/migration.sql": "SELECT 1;\n",
      "prisma/migrations/20250307100001_c/migration.sql": "SELECT 1;\n",
      "prisma/migrations/20990101000000_d/migration.sql": "SELECT 1;\n",
    });
    const { code } = await lockstep(root, ["branches", "--fix"]);
    expect(code).toBe(0);
    const [, ...own] = names(root);
    expect(own.map((id) => id.replace(/^\d+_/, ""))).toEqual(["order_note", "b", "c", "d"]);
    expect(own.at(-1)).toBe("20990101000000_d");
    expect(compareFolders(own[0] ?? "", "20250307100000_customer_phone")).toBeGreaterThan(0);
  });

  test("renames also what main was merged into", async () => {
    const root = sample("github-flow");
    git(root, "merge", "-q", "--no-edit", "main");
    expect((await lockstep(root, ["branches"])).out).toContain("late-migration");
    const { out } = await lockstep(root, ["branches", "--fix"]);
    expect(out).toMatch(
      /^renamed prisma\/migrations\/20250305100000_order_note to prisma\/migrations\/\d{14}_order_note\n$/,
    );
    expect((await lockstep(root, ["branches"])).out).not.toContain("late-migration");
  });

  test("refuses a work tree that is not clean, and changes nothing", async () => {
    const root = sample("github-flow");
    writeFileSync(join(root, "package.json"), "{}\n");
    const { code, out, err } = await lockstep(root, ["branches", "--fix"]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toBe(
      "lockstep: --fix renames folders only in a clean work tree, and this one is not (package.json): commit or stash first. Nothing was changed.\n",
    );
    git(root, "checkout", "-q", "package.json");
    mkdirSync(join(root, "prisma/migrations/20250401090000_new"));
    writeFileSync(join(root, "prisma/migrations/20250401090000_new/migration.sql"), "SELECT 1;");
    expect((await lockstep(root, ["branches", "--fix"])).code).toBe(2);
    expect(git(root, "status", "--porcelain")).toBe("?? prisma/migrations/20250401090000_new/");
  });

  test("refuses on branches that databases follow, and what another branch has", async () => {
    const develop = sample("long-lived-development");
    const refused = await lockstep(develop, ["branches", "--fix"]);
    expect([refused.code, refused.err]).toEqual([
      2,
      "lockstep: develop is development: databases have run its migrations under their names, so that none of them is renamed. Nothing was changed.\n",
    ]);
    const root = sample("github-flow");
    git(root, "branch", "feature/child");
    const shared = await lockstep(root, ["branches", "--fix"]);
    expect([shared.code, shared.out]).toEqual([1, ""]);
    expect(shared.err).toContain("20250305100000_order_note is on feature/child too");
    expect(git(root, "status", "--porcelain")).toBe("");
  });
});

describe("new names", () => {
  const stamps = fc.integer({ min: 946_684_800, max: 4_102_444_800 }).map(stampOf);
  const folders = fc
    .uniqueArray(
      fc.tuple(stamps, fc.constantFrom("a", "b", "add_x")).map(([stamp, name]) => `${stamp}_${name}`),
      { minLength: 1, maxLength: 8 },
    )
    .map((ids) => ids.sort(compareFolders));

  test("sort behind the newest, and as they were among themselves", () => {
    fc.assert(
      fc.property(folders, folders, fc.integer({ min: 0, max: 4_000_000_000 }), (own, theirs, now) => {
        const newest = theirs.at(-1) ?? "";
        const mine = own.filter((id) => !theirs.includes(id));
        const late = new Set(mine.filter((id) => compareFolders(id, newest) < 0));
        const renames = new Map((renamesBehind(mine, late, newest, now) ?? []).map(({ from, to }) => [from, to]));
        const after = mine.map((id) => renames.get(id) ?? id);
        expect([...after].sort(compareFolders)).toEqual(after);
        expect(new Set(after).size).toBe(after.length);
        for (const id of after) expect(compareFolders(id, newest)).toBeGreaterThan(0);
        for (const [from, to] of renames) expect(to.replace(/^\d{14}/, "")).toBe(from.replace(/^\d{14}/, ""));
        if (late.size === 0) expect(renames.size).toBe(0);
      }),
    );
  });

  test("are real times in UTC", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (seconds) => secondsOf(stampOf(seconds)) === seconds),
    );
    expect([secondsOf("20250230000000"), secondsOf("0001"), secondsOf("20250101250000")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(renamesBehind(["0002_b"], new Set(["0002_b"]), "0003_c", 0)).toBeUndefined();
  });
});

describe("hotfix", () => {
  test("the whole plan of one repository", async () => {
    const root = sample("git-flow-hotfix");
    const { code, out, err } = await lockstep(root, ["hotfix", "fix_orphaned_orders"]);
    expect([code, err]).toEqual([0, ""]);
    expectFile("plan.txt", out);
    expectFile("plan.md", (await lockstep(root, ["hotfix", "fix_orphaned_orders", "--format", "markdown"])).out);
  });

  test("of the hotfix that is checked out, by its migrations", async () => {
    const root = sample("two-hotfixes");
    const { out } = await lockstep(root, ["hotfix"]);
    expect(out).toContain(" 1. Work on hotfix/require-tier, which began at main (done)");
    expect(out).toContain('      SELECT count(*) FROM "Customer" WHERE tier IS NULL;');
    expect(out.replace(/\s+/g, " ")).toContain(
      "The order matters for rows of public.Customer (tier): 20250308080000_require_tier and 20250308090000_fill_tier.",
    );
    expect(out).toContain("npx prisma migrate resolve --rolled-back 20250308080000_require_tier");
  });

  test("with the commands of the package manager, the version and the remote", async () => {
    const root = sample("git-flow-hotfix");
    commit(root, { "package.json": '{ "packageManager": "pnpm@9.0.0", "dependencies": { "prisma": "6.19.0" } }\n' });
    const clone = join(folder(), "clone");
    git(root, "clone", "-q", root, clone);
    const { out } = await lockstep(clone, ["hotfix"]);
    expect(out).toContain("      git switch -c hotfix/fix-what-is-wrong --no-track origin/main\n");
    expect(out).toContain("      pnpm exec lockstep check --base origin/main\n");
    expect(out).toContain("--to-schema-datamodel prisma/schema.prisma");
    expect(out).toContain("(each file as one batch)");
    expect(out).toContain("      git push -u origin hotfix/fix-what-is-wrong\n");
    expect((await lockstep(clone, ["hotfix", "!!"])).err).toBe(
      'lockstep: "!!" cannot be the name of a hotfix: give a word, like fix_orphaned_reactions.\n',
    );
  });

  test("its steps do what they say: a hotfix from production into main and develop", async () => {
    const root = sample("git-flow-hotfix");
    git(root, "switch", "-q", "-c", "hotfix/late-fee", "--no-track", "main");
    commit(root, {
      "prisma/migrations/20250320090000_late_fee/migration.sql": 'ALTER TABLE "Customer" ADD COLUMN "fee" INTEGER;\n',
    });
    git(root, "switch", "-q", "main");
    git(root, "merge", "-q", "--no-ff", "hotfix/late-fee");
    expect((await lockstep(root, ["branches"])).out).toContain(
      "develop lacks 20250311080000_cancelled_state and 20250320090000_late_fee",
    );
    git(root, "switch", "-q", "develop");
    git(root, "merge", "-q", "--no-ff", "main");
    const { out } = await lockstep(root, ["branches"]);
    expect(out).not.toContain("missing-forward-port");
    expect(out).not.toContain("20250320090000_late_fee  ");
  });
});
