import { spawn } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { rolldown, type InputOptions, type OutputOptions } from "rolldown";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { commit, folder, git, repository, write } from "./support/folders.ts";
import { type BuiltProgram, builtProgram } from "./support/program.ts";

const HOME = join(import.meta.dirname, "..");
const BAD = 'DROP TABLE "users";\n';
const GOOD = 'CREATE TABLE "tags" ("id" integer PRIMARY KEY);\n';
const at = (id: string): string => `prisma/migrations/${id}/migration.sql`;
const NEXT = at("20260201000000_next");

const { runs, inputs: INPUTS } = parse(readFileSync(join(HOME, "action.yml"), "utf8")) as {
  readonly runs: {
    readonly steps: readonly {
      readonly run: string;
      readonly shell: string;
      readonly env: Readonly<Record<string, string>>;
    }[];
  };
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
};

let built: BuiltProgram;
beforeAll(async () => {
  built = await builtProgram();
  const { started } = (await import(new URL("../rolldown.config.mjs", import.meta.url).href)) as {
    readonly started: readonly (InputOptions & { readonly output: OutputOptions })[];
  };
  for (const { output, ...input } of started) {
    const bundle = await rolldown({ ...input, cwd: HOME, logLevel: "silent" });
    await bundle.write({ ...output, dir: join(built.home, "dist") });
    await bundle.close();
  }
});
afterAll(() => {
  built.remove();
});

interface Checkout {
  readonly root: string;
  readonly base: string;
  readonly head: string;
}

/** What actions/checkout leaves with fetch-depth: 0 for a branch that adds a migration to main. */
function checkout(sql: string, files: Readonly<Record<string, string>> = {}): Checkout {
  const root = repository({
    ".gitignore": "node_modules\nlockstep.sarif\n",
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    [at("20260101000000_init")]: 'CREATE TABLE "users" ("id" integer PRIMARY KEY, "email" text);\n',
    ...files,
  });
  const base = git(root, "rev-parse", "HEAD");
  git(root, "update-ref", "refs/remotes/origin/main", base);
  const head = commit(root, { [NEXT]: sql });
  git(root, "checkout", "-q", "--detach");
  git(root, "branch", "-q", "-D", "main");
  install(root);
  return { root, base, head };
}

function install(root: string): void {
  write(root, { "node_modules/": "" });
  symlinkSync(built.home, join(root, "node_modules/lockstep"));
}

interface Result {
  readonly code: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs the step of action.yml as the runner does: its shell, its environment, the inputs with their defaults. */
async function act(
  { root, base, head }: Checkout,
  event: string,
  inputs: Readonly<Record<string, string>> = {},
  more: Readonly<Record<string, string>> = {},
): Promise<Result> {
  const temp = folder({ output: "", summary: "" });
  const [name = ""] = event.split(/-(?!.*_)/);
  const payload = readFileSync(join(import.meta.dirname, "events", `${event}.json`), "utf8")
    .replaceAll("BASE_SHA", base)
    .replaceAll("HEAD_SHA", head);
  write(temp, { "event.json": payload });
  const [step] = runs.steps;
  if (!step) throw new Error("action.yml has no step");
  const value = (text: string): string =>
    text.replace(
      /^\$\{\{ inputs\.([\w-]+) \}\}$/,
      (_, input: string) => inputs[input] ?? (INPUTS[input]?.default ?? "").replace("${{ github.token }}", "ghs_token"),
    );
  const env = {
    PATH: process.env["PATH"],
    HOME: temp,
    GITHUB_ACTIONS: "true",
    GITHUB_ACTION_PATH: HOME,
    GITHUB_API_URL: "http://127.0.0.1:1",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "acme/blog",
    GITHUB_RUN_ID: "99",
    GITHUB_EVENT_NAME: name,
    GITHUB_EVENT_PATH: join(temp, "event.json"),
    GITHUB_WORKSPACE: root,
    GITHUB_OUTPUT: join(temp, "output"),
    GITHUB_STEP_SUMMARY: join(temp, "summary"),
    RUNNER_TEMP: temp,
    ...(name.startsWith("pull_request") && { GITHUB_BASE_REF: "main", GITHUB_HEAD_REF: "tags" }),
    ...Object.fromEntries(Object.entries(step.env).map(([variable, text]) => [variable, value(text)])),
    ...more,
  };
  const child = spawn(step.shell, ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      log += chunk.toString("utf8");
    });
  const code = await new Promise<number | null>((settle) => child.on("close", settle));
  const lines = readFileSync(join(temp, "output"), "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return {
    code,
    log,
    outputs: Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    ),
    summary: readFileSync(join(temp, "summary"), "utf8"),
  };
}

interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string; readonly type: string };
  readonly author_association: string;
}

/** Stands for GitHub's comments of one pull request; `refuse` answers writes with that status. */
async function github(comments: Comment[] = [], refuse?: number) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? "", "http://127.0.0.1");
      asked.push(`${request.method ?? ""} ${url.pathname}${url.search}`);
      const answer = (status: number, value: unknown): void =>
        void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
      if (request.headers.authorization !== "Bearer ghs_token") return void answer(401, { message: "Bad credentials" });
      const list = url.pathname === "/repos/acme/blog/issues/17/comments";
      if (request.method === "GET" && list) {
        const [page, size] = ["page", "per_page"].map((name) => Number(url.searchParams.get(name))) as [number, number];
        return void answer(200, comments.slice((page - 1) * size, page * size));
      }
      const { body } = JSON.parse(await bodyOf(request)) as { readonly body: string };
      if (refuse !== undefined) return void answer(refuse, { message: "Resource not accessible by integration" });
      if (body.length > 65_536) return void answer(422, { message: "body is too long" });
      if (request.method === "POST" && list) {
        comments.push({
          id: 1000 + comments.length,
          body,
          user: { login: "github-actions[bot]", type: "Bot" },
          author_association: "NONE",
        });
        return void answer(201, comments.at(-1));
      }
      const found = comments.find(({ id }) => url.pathname === `/repos/acme/blog/issues/comments/${id}`);
      if (request.method !== "PATCH" || !found) return void answer(404, { message: "Not Found" });
      found.body = body;
      answer(200, found);
    })();
  });
  await new Promise<void>((settle) => {
    server.listen(0, "127.0.0.1", settle);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { comments, asked, env: { GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

const others = (count: number): Comment[] =>
  Array.from({ length: count }, (_, id) => ({
    id,
    body: `comment ${id}`,
    user: { login: "grace", type: "User" },
    author_association: "NONE",
  }));

describe("the gate", () => {
  test.each([
    "pull_request",
    "pull_request-fork",
    "push",
    "push-branch",
    "merge_group",
    "workflow_dispatch",
    "schedule",
  ])("checks what %s brings", async (event) => {
    const place = checkout(BAD);
    const { code, log, outputs, summary } = await act(place, event);
    expect(log).toMatch(/^::error .*file=prisma\/migrations\/20260201000000_next\/migration\.sql,line=1,/m);
    expect(log).not.toContain("20260101000000_init");
    expect({ code, outputs }).toEqual({
      code: 1,
      outputs: { "exit-code": "1", errors: "1", warnings: "2", infos: "0", "sarif-file": "lockstep.sarif" },
    });
    const sarif = JSON.parse(readFileSync(join(place.root, "lockstep.sarif"), "utf8")) as {
      readonly runs: readonly { readonly results: readonly { readonly ruleId: string }[] }[];
    };
    expect(sarif.runs[0]?.results.map(({ ruleId }) => ruleId)).toContain("drop-table");
    expect(summary).toContain("20260201000000_next");
    expect(summary).toMatch(/^- \[ \] /m);
  });

  test("is open for what is harmless, and by fail-on", async () => {
    expect(await act(checkout(GOOD), "pull_request")).toMatchObject({
      code: 0,
      outputs: { "exit-code": "0", errors: "0" },
    });
    const { code, outputs } = await act(checkout(BAD), "pull_request", { "fail-on": "never" });
    expect([code, outputs["exit-code"], outputs["errors"] !== "0"]).toEqual([0, "0", true]);
  });

  test("takes paths, a preset, another directory, and no checklist or SARIF where they are not wanted", async () => {
    const root = "packages/db";
    const place = checkout(BAD, {
      [`${root}/prisma/migrations/migration_lock.toml`]: 'provider = "postgresql"\n',
      [`${root}/${at("1_init")}`]: 'CREATE TABLE "a" ("id" integer PRIMARY KEY);\n',
      [`${root}/${at("2 with a space")}`]: 'DROP TABLE "a";\n',
    });
    const { code, log, outputs, summary } = await act(place, "pull_request", {
      "working-directory": root,
      paths: "prisma/migrations/1_init\nprisma/migrations/2 with a space\n",
      preset: "hotfix",
      "sarif-file": "",
      checklist: "false",
    });
    expect(log).toContain("file=packages/db/prisma/migrations/2 with a space/migration.sql");
    expect(log).toContain("missing-down-migration");
    expect({
      code,
      sarif: outputs["sarif-file"],
      summary,
      file: existsSync(join(place.root, "lockstep.sarif")),
    }).toEqual({ code: 1, sarif: "", summary: "", file: false });
  });

  test("rehearses where it is asked to", async () => {
    const { code, log } = await act(
      checkout('ALTER TABLE "users" ADD CONSTRAINT "c" CHECK ("nothing" > 0);\n'),
      "pull_request",
      { rehearse: "true" },
      { LOCKSTEP_CACHE_DIR: folder() },
    );
    expect(code).toBe(1);
    expect(log).toContain("In a rehearsal: It failed with 42703");
  });

  test("runs nothing that is in an input", async () => {
    const place = checkout(GOOD);
    const hostile = `$(touch pwned)\`touch pwned\`"; touch pwned; "`;
    for (const input of ["base", "preset", "fail-on", "version", "working-directory", "paths"]) {
      const { code, outputs } = await act(place, "pull_request", { [input]: hostile });
      expect([input, code, outputs["exit-code"], existsSync(join(place.root, "pwned"))]).toEqual([
        input,
        2,
        "2",
        false,
      ]);
    }
    for (const step of runs.steps) expect(step.run).not.toContain("${{");
  });
});

describe("what is missing is said", () => {
  test("the base, in a shallow checkout", async () => {
    const place = checkout(GOOD);
    const shallow = folder();
    git(shallow, "clone", "-q", "--depth=1", `file://${place.root}`, "clone");
    const root = join(shallow, "clone");
    git(root, "update-ref", "-d", "refs/remotes/origin/main");
    install(root);
    const { code, log } = await act({ ...place, root }, "pull_request");
    expect(code).toBe(2);
    expect(log).toMatch(
      /^::error title=lockstep::The base "origin\/main" \(GITHUB_BASE_REF of GitHub Actions\) is not in this shallow clone of .*fetch-depth: 0/m,
    );
    for (const event of ["push", "merge_group"]) {
      const other = await act({ ...place, root }, event);
      expect([other.code, other.log]).toEqual([
        2,
        expect.stringMatching(
          new RegExp(
            `^::error title=lockstep::The base "${place.base}" \\(--base\\) is not in this shallow clone of .*fetch-depth: 0`,
            "m",
          ),
        ),
      ]);
    }
  });

  test("not, where the clone lacks the branch and has the commit", async () => {
    const place = checkout(BAD);
    git(place.root, "update-ref", "-d", "refs/remotes/origin/main");
    const { code, log } = await act(place, "pull_request");
    expect(code).toBe(1);
    expect(log).not.toContain("20260101000000_init");
  });

  test("lockstep itself, and a folder", async () => {
    const place = checkout(GOOD);
    const bare = { ...place, root: repository({ "a.txt": "a" }) };
    expect((await act(bare, "push")).log).toBe(
      `::error title=lockstep::lockstep is not installed in ${bare.root}: run "npm ci" in a step before this one, or name a version with the input version.\n`,
    );
    expect(await act(place, "push", { "working-directory": "nowhere" })).toMatchObject({
      code: 2,
      log: `::error title=lockstep::The input working-directory is "nowhere", and there is no such folder in ${place.root}: check its spelling, and that actions/checkout runs before.\n`,
    });
    expect(await act(place, "push", { comment: "yes" })).toMatchObject({
      code: 2,
      log: '::error title=lockstep::The input comment is "yes": give true or false.\n',
    });
  });

  test("a mistake in the configuration, in one annotation", async () => {
    const place = checkout(GOOD, { "lockstep.config.json": '{ "presett": 1 }' });
    const { code, log } = await act(place, "pull_request");
    expect([code, log.trim().split("\n").length]).toEqual([2, 1]);
    expect(log).toContain(
      '::error title=lockstep::lockstep.config.json:1:3 There is no setting "presett". Did you mean preset?%0A',
    );
  });

  test("that lockstep broke off", async () => {
    const place = checkout(GOOD);
    git(place.root, "update-ref", "refs/remotes/origin/main", "HEAD");
    const broken = folder({
      "package.json": '{ "bin": { "lockstep": "cli.cjs" } }',
      "cli.cjs": 'throw new Error("a bug");\n',
    });
    const root = repository({ "a.txt": "a" });
    write(root, { "node_modules/": "" });
    symlinkSync(broken, join(root, "node_modules/lockstep"));
    const { code, log, outputs } = await act({ ...place, root }, "schedule");
    expect([code, outputs["exit-code"]]).toEqual([2, "2"]);
    expect(log).toContain("Error: a bug");
    expect(log).toContain(
      "::error title=lockstep::lockstep broke off without a report: what it said is in the log. Please report it.\n",
    );
  });
});

describe("the comment", () => {
  test("is written once and updated from then on", async () => {
    const api = await github(others(3));
    const place = checkout(BAD);
    const first = await act(place, "pull_request", { comment: "true" }, api.env);
    expect([first.code, first.log]).toEqual([
      1,
      expect.stringContaining("The comment on pull request 17 was created."),
    ]);
    expect(api.comments).toHaveLength(4);
    expect(api.comments[3]?.body).toMatch(/^<!-- lockstep: \. -->\n[^]*20260201000000_next/);
    commit(place.root, { [NEXT]: GOOD });
    const second = await act(place, "pull_request", { comment: "true" }, api.env);
    expect([second.code, second.log]).toEqual([
      0,
      expect.stringContaining("The comment on pull request 17 was updated."),
    ]);
    expect(api.comments).toHaveLength(4);
    git(place.root, "checkout", "-q", place.base);
    expect((await act(place, "pull_request", { comment: "true" }, api.env)).code).toBe(0);
    expect(api.comments[3]?.body).toContain("No migration is pending.");
    // Another use of the action in the same pull request has a comment of its own.
    git(place.root, "checkout", "-q", place.head);
    await act(place, "pull_request", { comment: "true", "working-directory": "prisma" }, api.env);
    expect(api.comments.map(({ body }) => body.split("\n")[0])).toEqual([
      "comment 0",
      "comment 1",
      "comment 2",
      "<!-- lockstep: . -->",
      "<!-- lockstep: prisma -->",
    ]);
  });

  test("is found on a later page, and not taken for one that a stranger wrote", async () => {
    const own: Comment = {
      id: 777,
      body: "<!-- lockstep: . -->\nold",
      user: { login: "github-actions[bot]", type: "Bot" },
      author_association: "NONE",
    };
    const fake: Comment = {
      id: 666,
      body: "<!-- lockstep: . -->\nfake",
      user: { login: "mallory", type: "User" },
      author_association: "NONE",
    };
    const api = await github([fake, ...others(130), own]);
    await act(checkout(BAD), "pull_request", { comment: "true" }, api.env);
    expect(api.asked).toEqual([
      "GET /repos/acme/blog/issues/17/comments?per_page=100&page=1",
      "GET /repos/acme/blog/issues/17/comments?per_page=100&page=2",
      "PATCH /repos/acme/blog/issues/comments/777",
    ]);
    expect(own.body).toContain("20260201000000_next");
    expect(fake.body).toMatch(/fake$/);
  });

  test("is not written where nothing is pending", async () => {
    const api = await github();
    const place = checkout(GOOD);
    git(place.root, "checkout", "-q", place.base);
    expect((await act(place, "pull_request", { comment: "true" }, api.env)).code).toBe(0);
    expect(api.comments).toEqual([]);
  });

  test("is cut where it would be too long", async () => {
    const api = await github();
    const place = checkout(
      Array.from(
        { length: 400 },
        (_, table) =>
          `DROP TABLE "a_table_with_a_long_name_${table}";\nALTER TABLE "users" DROP COLUMN "column_${table}";\n`,
      ).join(""),
    );
    const { summary } = await act(place, "pull_request", { comment: "true" }, api.env);
    expect(summary.length).toBeGreaterThan(65_536);
    expect(api.comments[0]?.body.length).toBeLessThanOrEqual(65_000);
    expect(api.comments[0]?.body).toContain(
      "The rest is left out, since a comment holds no more: [it is in the summary](https://github.com/acme/blog/actions/runs/99).",
    );
  });

  test.each([
    [
      "a token that may not",
      "pull_request-fork",
      403,
      /^::notice title=lockstep::There is no comment: The token may not write it \(403\): give the job the permission "pull-requests: write"\. For a pull request from a fork GitHub gives no token that may\.$/m,
    ],
    ["a failing GitHub", "pull_request", 500, /^::notice title=lockstep::There is no comment: GitHub answered 500\.$/m],
    [
      "a push",
      "push",
      undefined,
      /^::notice title=lockstep::There is no comment: the event push is about no pull request\.$/m,
    ],
  ])("is no part of the gate: %s", async (_, event, refuse, sentence) => {
    const api = await github([], refuse);
    const { code, log } = await act(checkout(GOOD), event, { comment: "true" }, api.env);
    expect(log).toMatch(sentence);
    expect(code).toBe(0);
  });

  test("is no part of the gate: no network", async () => {
    const { code, log } = await act(checkout(GOOD), "pull_request", { comment: "true" });
    expect(log).toMatch(/^::notice title=lockstep::There is no comment: GitHub could not be asked \(/m);
    expect(code).toBe(0);
  });
});

describe("cutting", async () => {
  const { cut } = (await import(new URL("../action/cut.mjs", import.meta.url).href)) as {
    readonly cut: (text: string, limit: number, sentence: string, size?: (part: string) => number) => string;
  };
  const bytes = (text: string): number => Buffer.byteLength(text);
  const line = fc.oneof(
    fc.constantFrom("```sql", "```", "  ```", "````", "<details><summary>x</summary>", "</details>", ""),
    fc.string({ unit: "binary", maxLength: 30 }),
  );

  test("keeps to the limit, whatever the text is", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.integer({ min: 40, max: 400 }), (lines, limit) => {
        const text = lines.join("\n");
        for (const size of [bytes, (part: string) => part.length]) {
          const short = cut(text, limit, "It goes on.", size);
          expect(size(short)).toBeLessThanOrEqual(limit);
          if (size(text) <= limit) expect(short).toBe(text);
          else expect(short.endsWith("\n\nIt goes on.\n")).toBe(true);
        }
      }),
    );
  });

  test("closes what was open", () => {
    expect(cut(`<details>\n\n\`\`\`sql\n${"SELECT 1;\n".repeat(50)}\`\`\`\n</details>\n`, 70, "It goes on.")).toBe(
      "<details>\n\n```sql\nSELECT 1;\nSELECT 1;\n```\n\n</details>\n\nIt goes on.\n",
    );
  });
});
