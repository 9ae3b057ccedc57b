import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { buildRepository, REPOSITORIES } from "../fixtures/repositories/build.mjs";
import { rules } from "../rules/index.ts";
import type { ConfigFile } from "../src/index.ts";
import { type RoledBranch, targetsOf } from "../src/model/divergence/roles.ts";
import { run } from "./support/command.ts";
import { commit, folder, git, write } from "./support/folders.ts";

// Each runs git dozens of times.
vi.setConfig({ testTimeout: 120_000 });

async function lockstep(cwd: string, args: readonly string[]) {
  const out = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr") => ({
    write: (text: string) => ((out[name] += text), Promise.resolve()),
    isTTY: false,
  });
  const code = await run(args, {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    stdin: () => Promise.resolve(new Uint8Array()),
    env: {},
    cwd,
  });
  if (code === 2) throw new Error(out.stderr);
  return { code, ...out };
}

/** What either command says: the rule, how severe it is, and the sentence. */
interface Said {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
}

const lines = (said: readonly Said[]): string[] =>
  said.map(({ rule, severity, message }) => `${severity} ${rule}: ${message}`).sort();

/** What `check` says of branches, the whole history of the branch that is checked out being checked. */
async function checked(root: string, base: string, args: readonly string[] = []): Promise<readonly Said[]> {
  const { stdout } = await lockstep(root, ["check", "--base", base, "--format", "json", ...args]);
  const { findings } = JSON.parse(stdout) as {
    findings: readonly (Said & { category: string; suppressed?: object })[];
  };
  return findings.filter(({ category, suppressed }) => category === "divergence" && suppressed === undefined);
}

interface Compared {
  readonly branches: readonly (RoledBranch & { readonly current: boolean })[];
  readonly findings: readonly (Said & { readonly of: readonly string[] })[];
}

async function compared(root: string): Promise<Compared> {
  return JSON.parse((await lockstep(root, ["branches", "--format", "json"])).stdout) as Compared;
}

const of = ({ findings }: Compared, branch: string): readonly Said[] =>
  findings.filter((finding) => finding.of.includes(branch));

const built = mkdtempSync(join(realpathSync(tmpdir()), "lockstep-samples-"));
afterAll(() => rmSync(built, { recursive: true, force: true }));

/** A sample repository with `branch` checked out: a copy, since building it takes dozens of processes. */
function sample(name: string, branch?: string): string {
  const original = join(built, name);
  if (!existsSync(original)) buildRepository(name, original);
  const root = folder();
  cpSync(original, root, { recursive: true });
  if (branch !== undefined) git(root, "checkout", "-q", branch);
  return root;
}

const configured = (root: string, config: ConfigFile): void =>
  write(root, { "lockstep.config.json": JSON.stringify(config) });

const ids = rules.filter(({ category }) => category === "divergence").map(({ id }) => id);

/** Each rule is turned off in one repository that has it. */
const turnedOff = new Set<string>();

describe.each(Object.keys(REPOSITORIES))("%s", (name) => {
  test("check of each branch and branches say the same: rule, severity, sentence", async () => {
    const { branches } = await compared(sample(name));
    let told = 0;
    for (const branch of branches) {
      const root = sample(name, branch.name);
      const whole = await compared(root);
      const base = targetsOf(branches, branch)[0]?.name ?? branch.name;
      const [mine, own] = [await checked(root, base), of(whole, branch.name)];
      told += own.length;
      const sentences = new Set(own.map(({ message }) => message));
      expect(lines(mine.filter(({ message }) => sentences.has(message))), branch.name).toEqual(lines(own));
      // What its target lacks is told to a branch too, as no more than a warning: it is said of the target there.
      for (const { rule, severity, message } of mine.filter((each) => !sentences.has(each.message))) {
        expect([severity, rule], branch.name).toEqual(["warning", "missing-forward-port"]);
        expect(
          of(whole, base)
            .filter((each) => each.rule === rule)
            .map((each) => each.message),
          branch.name,
        ).toContain(message);
      }
    }
    expect(told, "a scenario in which nothing is said shows nothing").toBeGreaterThan(name === "monorepo" ? -1 : 0);
  });

  test("both obey the configuration", async () => {
    const root = sample(name);
    const { branches, findings } = await compared(root);
    const branch = branches.find(({ current }) => current);
    if (!branch) throw new Error("no branch is checked out");
    const base = targetsOf(branches, branch)[0]?.name ?? branch.name;
    const before = await checked(root, base);
    for (const id of new Set([...before, ...findings].map(({ rule }) => rule))) {
      if (turnedOff.has(id)) continue;
      turnedOff.add(id);
      configured(root, { rules: { [id]: "off" } });
      const others = (said: readonly Said[]): string[] => lines(said.filter(({ rule }) => rule !== id));
      expect(lines(await checked(root, base)), `${id} off`).toEqual(others(before));
      expect(lines((await compared(root)).findings), `${id} off`).toEqual(others(findings));
    }
    configured(root, { rules: Object.fromEntries(ids.map((id) => [id, "info" as const])) });
    const lowered = (said: readonly Said[]): string[] => lines(said.map((each) => ({ ...each, severity: "info" })));
    expect(lines(await checked(root, base))).toEqual(lowered(before));
    expect(lines((await compared(root)).findings)).toEqual(lowered(findings));
  });
});

test("every rule that compares branches was turned off", () => {
  expect([...turnedOff].sort()).toEqual([...ids].sort());
});

describe("one rule of one repository, in every output of branches", () => {
  const NAME = "github-flow";

  test("a rule that is off is neither found nor fixed, and is named", async () => {
    const root = sample(NAME);
    configured(root, { rules: { "late-migration": "off" } });
    commit(root, { "lockstep.config.json": JSON.stringify({ rules: { "late-migration": "off" } }) });
    for (const format of ["text", "mermaid"]) {
      const { stdout } = await lockstep(root, ["branches", "--format", format]);
      expect(stdout).not.toContain("sorts before");
      expect(stdout).not.toContain("in lockstep");
      expect(stdout).toContain("turned off by the configuration: late-migration");
    }
    const { stdout } = await lockstep(root, ["branches", "--format", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({ findings: [], off: ["late-migration"] });
    const fixed = await lockstep(root, ["branches", "--fix"]);
    expect([fixed.code, fixed.stdout, fixed.stderr]).toEqual([
      0,
      "",
      "lockstep: The configuration turns late-migration off: there is nothing to rename.\n",
    ]);
    expect(git(root, "status", "--porcelain")).toBe("");
  });

  test("its severity and failOn decide over the exit code, as they do in check", async () => {
    const codes = async (config: ConfigFile): Promise<readonly number[]> => {
      const root = sample("git-flow-hotfix", "develop");
      configured(root, config);
      return [(await lockstep(root, ["branches"])).code, (await lockstep(root, ["check", "--base", "main"])).code];
    };
    const off = Object.fromEntries(ids.map((id) => [id, "off" as const]));
    expect(await codes({})).toEqual([1, 1]);
    expect(await codes({ rules: { ...off, "late-migration": "error" } })).toEqual([1, 1]);
    expect(await codes({ rules: { ...off, "late-migration": "warning" } })).toEqual([0, 0]);
    expect(await codes({ rules: { ...off, "late-migration": "warning" }, failOn: "warning" })).toEqual([1, 1]);
    expect(await codes({ failOn: "never" })).toEqual([0, 0]);
  });

  test("ignores and comments suppress in both", async () => {
    const root = sample(NAME);
    const id = "20250305100000_order_note";
    configured(root, { ignores: [{ path: id, rules: ["late-migration"], reason: "it was deployed by hand" }] });
    expect([await checked(root, "main"), (await compared(root)).findings]).toEqual([[], []]);
    configured(root, {});
    expect((await checked(root, "main")).length).toBe(1);
    write(root, {
      [`prisma/migrations/${id}/migration.sql`]:
        '-- lockstep-ignore late-migration: it was deployed by hand\nALTER TABLE "Order" ADD COLUMN "note" TEXT;\n',
    });
    expect([await checked(root, "main"), (await compared(root)).findings]).toEqual([[], []]);
    expect((await lockstep(root, ["branches"])).stdout).toContain("1 suppressed");
  });
});
