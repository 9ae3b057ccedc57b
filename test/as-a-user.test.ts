import { spawn, spawnSync } from "node:child_process";
import { cpSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { git, write } from "./support/folders.ts";

const HOME = join(import.meta.dirname, "..");
const PENDING = "prisma/migrations/20260714234500_fix_orphaned_reactions";
/** For npm, which waits for a registry. */
const INSTALL = 300_000;

/** The packed package. `.ci/run` packs it and says where it is; elsewhere: npm run build && LOCKSTEP_TARBALL=$PWD/$(npm pack --silent) npm run as-a-user */
const tarball = process.env["LOCKSTEP_TARBALL"];

describe.skipIf(tarball === undefined)("the tarball, installed into an empty project, as a user would", () => {
  const scratch = join(realpathSync(tmpdir()), `lockstep-user-${process.pid}`);
  const project = join(scratch, "project");
  const environment = { ...process.env, LOCKSTEP_CACHE_DIR: join(scratch, "cache") };
  const run = (program: string, ...args: readonly string[]) => {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: project,
      encoding: "utf8",
      env: environment,
      maxBuffer: 1 << 28,
    });
    if (error) throw error;
    return { code: status, stdout, stderr };
  };
  const npx = (...args: readonly string[]) => run("npx", "--no-install", ...args);
  const lockstep = (...args: readonly string[]) => npx("lockstep", ...args);
  const install = (what: string) => {
    const { code, stderr } = run(
      "npm",
      "install",
      "--silent",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--save-dev",
      what,
    );
    expect(code, stderr).toBe(0);
  };

  beforeAll(() => {
    write(project, { "package.json": '{ "name": "user", "version": "1.0.0", "private": true, "type": "module" }\n' });
    cpSync(join(HOME, "fixtures/projects/blog/prisma"), join(project, "prisma"), { recursive: true });
    git(project, "init", "--quiet");
    install(tarball ?? "");
  }, INSTALL);
  afterAll(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  test("its dependencies are all there", () => {
    expect(run("npm", "ls", "--all")).toMatchObject({ code: 0 });
  });

  test("check: a finding, as text and as JSON", () => {
    const { code, stdout } = lockstep("check", PENDING, "--execution", "batch", "--output-file", "json=report.json");
    expect(stdout).toContain("orphan-cleanup-ineffective");
    expect(code).toBe(1);
    const report = JSON.parse(readFileSync(join(project, "report.json"), "utf8")) as Record<string, unknown[]>;
    expect(report["findings"]).not.toEqual([]);
    expect(report["migrations"]).not.toEqual([]);
  });

  test("check: a harmless migration, a path that is not there, a glob, the portable parser", () => {
    const clean = lockstep("check", "prisma/migrations/20250310091500_init");
    expect(clean.code, clean.stdout).toBe(0);
    const missing = lockstep("check", "nowhere.sql");
    expect(missing.code).toBe(2);
    expect(missing.stderr.trimEnd().split("\n").length, missing.stderr).toBeLessThanOrEqual(2);
    expect(lockstep("check", "prisma/migrations/2026*").code).toBe(1);
    const portable = lockstep("check", "--all", "--parser", "portable", "--format", "json");
    expect(portable.code, portable.stderr).toBe(1);
  });

  test("explain finds its pages", () => {
    expect(lockstep("explain", "orphan-cleanup-ineffective").stdout).toMatch(/^## Do this instead/m);
  });

  test("rehearse shows that the foreign key fails", () => {
    const { code, stdout } = lockstep("rehearse", PENDING, "--execution", "batch");
    expect(stdout).toContain("SQLSTATE 23503");
    expect(code).toBe(1);
  });

  test("down writes a file", () => {
    const { code, stderr } = lockstep("down", PENDING);
    expect(code, stderr).toBe(0);
    expect(readFileSync(join(project, PENDING, "down.sql"), "utf8")).not.toBe("");
  });

  test(
    "ESLint finds what lockstep finds",
    () => {
      install("eslint@10");
      write(project, {
        "eslint.config.js": 'import lockstep from "lockstep/eslint";\nexport default [lockstep.configs.recommended];\n',
      });
      const { code, stdout, stderr } = npx("eslint", "prisma");
      expect(stdout, stderr).toContain("lockstep/orphan-cleanup-ineffective");
      expect(code).toBe(1);
    },
    INSTALL,
  );

  test("init, doctor and the checklist as HTML", () => {
    const init = lockstep("init", "--yes");
    expect(init.code, init.stderr).toBe(0);
    const doctor = lockstep("doctor");
    expect([0, 1], doctor.stderr).toContain(doctor.code);
    expect(lockstep("checklist", "--all", "--format", "html").stdout).toContain("</html>");
  });

  test("the language server answers", async () => {
    const message = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { processId: null, rootUri: null, capabilities: {} },
    });
    const server = spawn(process.execPath, ["node_modules/lockstep/dist/cli.cjs", "lsp", "--stdio"], {
      cwd: project,
      env: environment,
      stdio: ["pipe", "pipe", "inherit"],
    });
    try {
      server.stdin.write(`Content-Length: ${message.length}\r\n\r\n${message}`);
      let said = "";
      for await (const part of server.stdout.setEncoding("utf8")) {
        said += String(part);
        if (said.includes('"name":"lockstep"')) break;
      }
      expect(said).toContain('"name":"lockstep"');
    } finally {
      server.kill();
    }
  });

  test("a program compiles against its types, and runs", () => {
    write(project, { "use.ts": USE });
    const compiled = run(
      process.execPath,
      join(HOME, "node_modules/typescript/bin/tsc"),
      ...["--strict", "--target", "es2023", "--module", "nodenext", "--moduleResolution", "nodenext"],
      ...["--types", "node", "--typeRoots", join(HOME, "node_modules/@types"), "--outDir", "out", "use.ts"],
    );
    expect(compiled.stdout).toBe("");
    expect(run(process.execPath, "out/use.js")).toEqual({ code: 0, stdout: "Made t.\n", stderr: "" });
  });
});

const USE = `
import { check, defineRule, memoryHistory, type Finding } from "lockstep";
import { rules } from "lockstep/rules";

const own = defineRule({ id: "own", title: "A table is made", category: "history", severity: "info", since: "1.0.0", messages: { made: "Made {table}." }, help: "Nothing.", on: {
  createTable(operation, context) { context.report({ at: operation, message: "made", data: { table: operation.table.name } }); },
} });
const history = memoryHistory({ "prisma/migrations/1_init/migration.sql": "CREATE TABLE t (id int PRIMARY KEY);" });
if (!history.ok) throw new Error(history.message);
const { findings } = await check({ histories: [history.value], rules: [...rules, own] });
const found: Finding | undefined = findings.find((finding) => finding.rule === "own");
console.log(found?.message);
`;
