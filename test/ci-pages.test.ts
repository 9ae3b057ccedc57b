import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { namedBlocks } from "./support/code-blocks.ts";
import { commit, folder, git, repository, write } from "./support/folders.ts";
import { type BuiltProgram, builtProgram } from "./support/program.ts";
import { type Element, parseXml } from "./support/xml.ts";

const HOME = join(import.meta.dirname, "..");
const PAGE = namedBlocks("ci.md");
const NEXT = "prisma/migrations/20260201000000_next/migration.sql";

let built: BuiltProgram;
beforeAll(async () => {
  built = await builtProgram();
  chmodSync(built.cli, 0o755);
});
afterAll(() => {
  built.remove();
});

function block(heading: string): string {
  const [first] = PAGE.get(heading) ?? [];
  if (!first) throw new Error(`docs/ci.md has no block under "${heading}"`);
  return first.text;
}

function validate(path: string): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(join(HOME, "node_modules/.bin/action-validator"), [path], {
    encoding: "utf8",
  });
  return { status, said: stdout + stderr };
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly runs: { readonly steps: readonly { readonly env: Readonly<Record<string, string>> }[] };
}

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      { readonly steps: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[] }
    >
  >;
}

describe("GitHub Actions", () => {
  const action = parse(readFileSync(join(HOME, "action.yml"), "utf8")) as Action;

  test("the action is valid, and hands every input over", () => {
    expect(validate(join(HOME, "action.yml"))).toEqual({ status: 0, said: "" });
    const handed = action.runs.steps.flatMap(({ env }) => Object.entries(env));
    expect(handed.map(([, text]) => text)).toEqual(
      Object.keys(action.inputs).map((input) => `\${{ inputs.${input} }}`),
    );
    const read = readdirSync(join(HOME, "action"))
      .map((file) => readFileSync(join(HOME, "action", file), "utf8"))
      .join("");
    for (const [variable] of handed)
      expect(read).toContain(
        variable
          .replace("LOCKSTEP_ACTION_", "")
          .replace(/^(CHECKLIST|COMMENT|REHEARSE)$/, (name) => name.toLowerCase()),
      );
  });

  test("the validator finds what is wrong", () => {
    const path = join(
      folder({
        "action.yml": readFileSync(join(HOME, "action.yml"), "utf8").replace("using: composite", "using: composit"),
      }),
      "action.yml",
    );
    expect(validate(path).status).not.toBe(0);
  });

  test("the workflow of the page is valid and uses inputs that there are", () => {
    const text = block("GitHub Actions");
    expect(
      validate(join(folder({ ".github/workflows/migrations.yml": text }), ".github/workflows/migrations.yml")),
    ).toEqual({ status: 0, said: "" });
    const steps = Object.values((parse(text) as Workflow).jobs).flatMap((job) => job.steps);
    const own = steps.find(({ uses }) => uses?.includes("/lockstep@"));
    expect(Object.keys(own?.with ?? {}).filter((input) => !(input in action.inputs))).toEqual([]);
    expect(steps.find(({ uses }) => uses?.startsWith("actions/checkout@"))?.with).toEqual({ "fetch-depth": 0 });
    expect(steps.find(({ uses }) => uses?.includes("upload-sarif"))?.with).toEqual({
      sarif_file: action.inputs["sarif-file"]?.default,
    });
  });

  test("the page names every input and output", () => {
    const page = readFileSync(join(HOME, "docs/ci.md"), "utf8");
    expect([...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name)).toEqual(Object.keys(action.inputs));
    for (const output of Object.keys(action.outputs))
      expect(/^Outputs: .*$/m.exec(page)?.[0]).toContain(`\`${output}\``);
  });
});

/** A clone as the CI leaves it, on a branch that adds a migration to main. */
function clone(sql: string): { readonly root: string; readonly before: string } {
  const root = repository({
    ".gitignore": "node_modules\n",
    "package.json": '{ "name": "blog", "private": true }\n',
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    "prisma/migrations/20260101000000_init/migration.sql":
      'CREATE TABLE "users" ("id" integer PRIMARY KEY, "email" text);\n',
  });
  const before = git(root, "rev-parse", "HEAD");
  git(root, "update-ref", "refs/remotes/origin/main", before);
  commit(root, { [NEXT]: sql });
  git(root, "checkout", "-q", "--detach");
  git(root, "branch", "-q", "-D", "main");
  write(root, { "node_modules/.bin/": "" });
  symlinkSync(built.cli, join(root, "node_modules/.bin/lockstep"));
  return { root, before };
}

function run(
  root: string,
  script: string,
  env: Readonly<Record<string, string>>,
): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", script], {
    cwd: root,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: root, CI: "true", NO_COLOR: "1", ...env },
  });
  return { status, said: stdout + stderr };
}

interface Job {
  readonly variables: Readonly<Record<string, string>>;
  readonly before_script: readonly string[];
  readonly script: readonly string[];
  readonly rules: readonly { readonly if: string; readonly variables?: Readonly<Record<string, string>> }[];
  readonly artifacts: {
    readonly when: string;
    readonly reports: { readonly codequality: string; readonly junit: string };
  };
}

describe("GitLab", () => {
  const text = readFileSync(join(HOME, "ci/gitlab.yml"), "utf8");
  const { lockstep: job } = parse(text) as { readonly lockstep: Job };
  const script = job.script.join("\n");
  const mergeRequest = {
    GITLAB_CI: "true",
    CI_PIPELINE_SOURCE: "merge_request_event",
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: "tags",
  };

  const failures = (element: Element): readonly Element[] => [
    ...(element.name === "failure" ? [element] : []),
    ...element.children.flatMap((child) => (typeof child === "string" ? [] : failures(child))),
  ];

  test("the page shows the template", () => {
    expect(block("GitLab")).toBe(text);
    expect(job.before_script).toEqual(["npm ci"]);
    expect(job.artifacts.when).toBe("always");
  });

  test("a merge request is compared with its target, and has both reports", () => {
    const { root } = clone('DROP TABLE "users";\n');
    const { status, said } = run(root, script, { ...job.variables, ...mergeRequest });
    expect(status, said).toBe(1);
    const quality = JSON.parse(readFileSync(join(root, job.artifacts.reports.codequality), "utf8")) as readonly {
      readonly check_name: string;
      readonly location: { readonly path: string };
    }[];
    expect(quality).toContainEqual(
      expect.objectContaining({ check_name: "drop-table", location: { path: NEXT, lines: { begin: 1, end: 1 } } }),
    );
    expect(new Set(quality.map(({ location }) => location.path))).toEqual(new Set([NEXT]));
    expect(failures(parseXml(readFileSync(join(root, job.artifacts.reports.junit), "utf8"))).length).toBeGreaterThan(0);
  });

  test("one without harm passes, with reports that say so", () => {
    const { root } = clone('CREATE TABLE "tags" ("id" integer PRIMARY KEY);\n');
    const { status, said } = run(root, script, { ...job.variables, ...mergeRequest });
    expect(status, said).toBe(0);
    expect(failures(parseXml(readFileSync(join(root, job.artifacts.reports.junit), "utf8")))).toEqual([]);
  });

  test("a push to the default branch is compared with what was there before it", () => {
    const { root, before } = clone('DROP TABLE "users";\n');
    git(root, "update-ref", "refs/remotes/origin/main", "HEAD");
    const rule = job.rules.find(({ variables }) => variables);
    expect(rule?.variables).toEqual({ LOCKSTEP_BASE: "$CI_COMMIT_BEFORE_SHA" });
    const { status, said } = run(root, script, {
      ...job.variables,
      GITLAB_CI: "true",
      CI_COMMIT_BRANCH: "main",
      LOCKSTEP_BASE: before,
    });
    expect(status, said).toBe(1);
    expect(said).toContain("drop-table");
  });

  test("without GIT_DEPTH: 0 it says what is missing", () => {
    const { root } = clone("SELECT 1;\n");
    const place = folder();
    git(place, "clone", "-q", "--depth=1", `file://${root}`, "shallow");
    const shallow = join(place, "shallow");
    git(shallow, "update-ref", "-d", "refs/remotes/origin/main");
    write(shallow, { "node_modules/.bin/": "" });
    symlinkSync(built.cli, join(shallow, "node_modules/.bin/lockstep"));
    const { status, said } = run(shallow, script, mergeRequest);
    expect(status).toBe(2);
    expect(said).toMatch(
      /The base "origin\/main" \(CI_MERGE_REQUEST_TARGET_BRANCH_NAME of GitLab CI\) is not in this shallow clone/,
    );
  });
});

test("any other CI: the base by the environment, reports by name", () => {
  const { root } = clone('DROP TABLE "users";\n');
  const { status, said } = run(root, block("Any other"), {});
  expect(status, said).toBe(1);
  expect(readFileSync(join(root, "lockstep-junit.xml"), "utf8")).toContain("drop-table");
  expect(JSON.parse(readFileSync(join(root, "lockstep.sarif"), "utf8"))).toMatchObject({ version: "2.1.0" });
});
