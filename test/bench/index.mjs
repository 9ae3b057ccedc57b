// Measures whole processes, in turns, so that a busy machine slows both sides: `npm run bench`, `npm run bench -- rehearsal` for a part.
// LOCKSTEP_BENCH_HISTORY: a migrations folder to read in place of the generated one.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeBranches, writeHistory } from "./history.mjs";
import { editOnce } from "./lsp.mjs";

const home = fileURLToPath(new URL("../..", import.meta.url));
const cli = join(home, "dist/cli.cjs");
const scratch = mkdtempSync(join(tmpdir(), "lockstep-bench-"));
let missed = false;
// With compiled code of an earlier run (src/surfaces/cli/code-cache.ts): the runs that do not count write it.
process.env.LOCKSTEP_CACHE_DIR = join(scratch, "compiled");
for (const name of ["CI", "NODE_DISABLE_COMPILE_CACHE", "NODE_V8_COVERAGE"]) delete process.env[name];
try {
  console.log(`Node ${process.versions.node}`);
  const parts = { start: startUp, lock: lockFile, hook, history: wholeHistory, rehearsal, branches, lsp, size };
  const asked = process.argv.slice(2);
  for (const name of asked)
    if (!(name in parts)) throw new Error(`There is no part ${name}: ${Object.keys(parts).join(", ")}`);
  for (const [name, part] of Object.entries(parts)) if (asked.length === 0 || asked.includes(name)) await part();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (missed) process.exitCode = 1;

async function startUp() {
  const path = "prisma/migrations/20260714234500_fix_orphaned_reactions/migration.sql";
  const cwd = join(home, "fixtures/projects/blog");
  const [check, bare] = inTurns(20, [() => run([cli, "check", path], cwd, [0, 1]), () => run(["-e", "0"], cwd, [0])]);
  compare("check, one literal path", check, "node -e 0", bare, 2.5);
}

/** The same in a project with a lock file of 100,000 packages, which tells Prisma's version. */
async function lockFile() {
  const [small, large] = [10, 100_000].map((count) => {
    const cwd = join(scratch, `lock-${count}`);
    cpSync(join(home, "fixtures/projects/blog"), cwd, { recursive: true });
    rmSync(join(cwd, "package-lock.json"));
    const others = Array.from(
      { length: count },
      (_, at) => `  prisma-like-${at}@1.0.0:\n    resolution: {integrity: sha512-${"x".repeat(60)}}\n`,
    );
    writeFileSync(
      join(cwd, "pnpm-lock.yaml"),
      `lockfileVersion: '9.0'\n\nimporters:\n  .: {}\n\npackages:\n${others.join("")}  prisma@7.4.0:\n    resolution: {}\n`,
    );
    return () =>
      run([cli, "check", "prisma/migrations/20260714234500_fix_orphaned_reactions/migration.sql"], cwd, [0, 1]);
  });
  const [own, other] = inTurns(11, [large, small]);
  compare("check with 100,000 locked packages", own, "with 10", other, 2.0);
}

/** The commit hook: with one migration staged that has no finding, and with none. */
async function hook() {
  const cwd = join(scratch, "hook");
  const migration = "prisma/migrations/20260801000000_tags";
  cpSync(join(home, "fixtures/projects/blog-fixed"), cwd, { recursive: true });
  rmSync(join(cwd, "lockstep.config.json"));
  const git = (...args) => {
    const { status, stderr } = spawnSync(
      "git",
      ["-c", "user.name=bench", "-c", "user.email=bench@example.com", ...args],
      { cwd, encoding: "utf8" },
    );
    if (status !== 0) throw new Error(stderr);
  };
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "before");
  const staged = (shown) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "check", "--staged"], {
      cwd,
      encoding: "utf8",
    });
    if (status !== 0 || !shown.test(stdout)) throw new Error(`not what is to be measured: ${stdout}${stderr}`);
    return inTurns(31, [() => run([cli, "check", "--staged"], cwd, [0]), () => run(["-e", "0"], cwd, [0])]);
  };
  const [none, bareOfNone] = staged(/^$/);
  mkdirSync(join(cwd, migration));
  writeFileSync(
    join(cwd, migration, "migration.sql"),
    `CREATE TABLE "tags" ("id" integer PRIMARY KEY, "name" text NOT NULL);\n`,
  );
  writeFileSync(
    join(cwd, migration, "down.sql"),
    '-- lockstep-ignore down-migration-loses-data: nothing is in it yet\nDROP TABLE "tags";\n',
  );
  git("add", "--all");
  const [one, bare] = staged(/No findings|✓/);
  compare("check --staged, one migration", one, "node -e 0", bare, 2.2);
  compare("check --staged, no migration", none, "node -e 0", bareOfNone, 1.5);
}

async function wholeHistory() {
  const given = process.env.LOCKSTEP_BENCH_HISTORY;
  const folder = given ?? join(scratch, "project/prisma/migrations");
  if (!given) writeHistory(folder, 820);
  const files = readdirSync(folder)
    .map((name) => join(folder, name, "migration.sql"))
    .filter((file) => existsSync(file));
  console.log(`${files.length} migrations${given ? ` in ${given}` : ", generated"}`);
  const lockstep = () => run([cli, "check", "--all", "--format", "json", "."], folder, [0, 1]);
  const pgfence = installPgfence();
  if (!pgfence) {
    const [own, bare] = inTurns(7, [lockstep, () => run(["-e", "0"], folder, [0])]);
    console.log(
      `@flvmnt/pgfence 0.1.5 could not be installed: no bar. check --all ${own.toFixed(0)} ms, node -e 0 ${bare.toFixed(0)} ms`,
    );
    return;
  }
  const [own, other] = inTurns(7, [
    lockstep,
    () => run([pgfence, "analyze", "--output", "json", ...files], folder, [0, 1]),
  ]);
  compare("check --all --format json", own, "@flvmnt/pgfence 0.1.5", other, 2.0);
}

/** A history of 820 migrations of which the last is pending, with nothing cached and with the state before it cached. */
async function rehearsal() {
  const project = join(scratch, "rehearsal");
  const folder = join(project, "prisma/migrations");
  const cache = join(scratch, "cache");
  const report = join(scratch, "rehearsal.json");
  writeHistory(folder, 820);
  const pending = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .at(-1);
  let peak = 0;
  const measured = (args, cwd, codes) => {
    const milliseconds = run(["--require", join(home, "test/bench/peak.cjs"), ...args], cwd, codes, {
      ...process.env,
      LOCKSTEP_CACHE_DIR: cache,
      PEAK_FILE: join(scratch, "peak"),
    });
    return { milliseconds, kilobytes: Number(readFileSync(join(scratch, "peak"), "utf8")) };
  };
  const rehearse = (cached) => {
    const { milliseconds, kilobytes } = measured(
      [cli, "rehearse", `prisma/migrations/${pending}`, "--execution", "split", "--output-file", `json=${report}`],
      project,
      [0],
    );
    const { runs } = JSON.parse(readFileSync(report, "utf8"));
    const [{ deployed, migrations }] = runs;
    if (
      runs.length !== 1 ||
      deployed.migrations !== 819 ||
      deployed.cached !== cached ||
      migrations.length !== 1 ||
      migrations[0].outcome !== "applied"
    )
      throw new Error(`not what is to be measured: ${JSON.stringify(deployed)}`);
    peak = Math.max(peak, kilobytes);
    return milliseconds;
  };
  const cold = () => {
    rmSync(cache, { recursive: true, force: true });
    return rehearse(false);
  };
  const create = `import { PGlite } from "@electric-sql/pglite"; const db = await PGlite.create(); await db.close();`;
  const bare = () => measured(["--input-type=module", "--eval", create], home, [0]).milliseconds;
  const [first, again, theirs] = inTurns(5, [cold, () => rehearse(true), bare]);
  compare("rehearse 1 of 820, cold", first, "PGlite.create()", theirs, 3.0);
  compare("rehearse 1 of 820, warm", again, "PGlite.create()", theirs, 0.8);
  if (peak * 1024 > 1.2e9) missed = true;
  console.log(
    `rehearse: at most ${((peak / 1000) * 1.024).toFixed(0)} MB (bar 1200 MB)${peak * 1024 > 1.2e9 ? " MISSED" : ""}`,
  );
}

/** Three branches of about 820 migrations, and the same again in a repository with 100,000 other files. */
async function branches() {
  const small = join(scratch, "branches");
  const large = join(scratch, "branches-among-files");
  writeBranches(small, 820, 0);
  writeBranches(large, 820, 100_000);
  const compare3 = (cwd) => () => run([cli, "branches", "--format", "json"], cwd, [1]);
  const [own, check, among] = inTurns(7, [
    compare3(small),
    () => run([cli, "check", "--all", "--format", "json", "."], join(small, "prisma/migrations"), [0, 1]),
    compare3(large),
  ]);
  compare("branches, 3 of 820", own, "check --all of one", check, 1.5);
  // What git itself needs to open the larger index is in it.
  compare("branches among 100,000 files", among, "without them", own, 1.2);
}

/** The language server on a branch with one pending migration of 820, against the check of all of them. */
async function lsp() {
  const project = join(scratch, "lsp");
  const folder = join(project, "prisma/migrations");
  writeHistory(folder, 820);
  const pending = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .at(-1);
  const git = (...args) =>
    spawnSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], {
      cwd: project,
      stdio: "ignore",
    });
  git("init", "-q", "-b", "main");
  git("add", "-A", "--", ".", `:!prisma/migrations/${pending}`);
  git("commit", "-q", "-m", "deployed");
  git("checkout", "-q", "-b", "feature");
  const rounds = { check: [], first: [], key: [] };
  let peak = 0;
  for (let round = 0; round < 8; round++) {
    const check = run([cli, "check", "--all", "--format", "json", "."], project, [0, 1]);
    const { first, key, kilobytes } = await editOnce(cli, project, join(folder, pending, "migration.sql"), 40);
    peak = Math.max(peak, kilobytes ?? 0);
    if (round > 0) for (const [name, value] of Object.entries({ check, first, key })) rounds[name].push(value);
  }
  const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
  const check = median(rounds.check);
  compare("lsp, first diagnostics of 1 of 820", median(rounds.first), "check --all", check, 1.5);
  compare("lsp, diagnostics after a key", median(rounds.key), "check --all", check, 0.1);
  const megabytes = (peak * 1.024) / 1000;
  if (megabytes > 250) missed = true;
  console.log(`lsp: at most ${megabytes.toFixed(0)} MB (bar 250 MB)${megabytes > 250 ? " MISSED" : ""}`);
}

/** Long files: time that grows with the text and no faster, memory, and a key in the editor. */
async function size() {
  const rows = (count) =>
    Array.from(
      { length: count },
      (_, at) => `INSERT INTO "users" ("id", "name", "note") VALUES (${at}, 'name ${at}', 'note ${at}');\n`,
    ).join("");
  const changes = (count) =>
    Array.from({ length: count }, (_, at) => `UPDATE "users" SET "name" = 'x' WHERE "id" = ${at};\n`).join("");
  const indexes = (count) =>
    Array.from({ length: count }, (_, at) => `CREATE INDEX "users_${at}_idx" ON "users"("name");\n`).join("");
  const project = (name, text) => {
    const cwd = join(scratch, "size", name);
    const files = {
      "20260101000000_users": `CREATE TABLE "users" ("id" integer PRIMARY KEY, "name" text NOT NULL, "note" text);\n`,
      "20260102000000_long": text,
    };
    for (const [folder, sql] of Object.entries(files)) {
      mkdirSync(join(cwd, "prisma/migrations", folder), { recursive: true });
      writeFileSync(join(cwd, "prisma/migrations", folder, "migration.sql"), sql);
    }
    writeFileSync(join(cwd, "prisma/migrations/migration_lock.toml"), `provider = "postgresql"\n`);
    return cwd;
  };
  const long = "prisma/migrations/20260102000000_long/migration.sql";
  let peak = 0;
  const check = (cwd) => () => {
    const file = join(scratch, "peak");
    const args = ["--require", join(home, "test/bench/peak.cjs"), cli, "check", long];
    const milliseconds = run(args, cwd, [0, 1], { ...process.env, PEAK_FILE: file });
    peak = Math.max(peak, Number(readFileSync(file, "utf8")) * 1024);
    return milliseconds;
  };
  const most = (what, bar) => {
    if (peak > bar * 1e6) missed = true;
    console.log(`${what}: at most ${(peak / 1e6).toFixed(0)} MB (bar ${bar} MB)${peak > bar * 1e6 ? " MISSED" : ""}`);
    peak = 0;
  };
  const drop = `ALTER TABLE "users" DROP COLUMN "note";\n`;
  const [alone, dropped] = inTurns(1, [
    check(project("rows", rows(86_000))),
    check(project("rows-drop", rows(86_000) + drop)),
  ]);
  compare("86,000 INSERTs and a DROP COLUMN", dropped, "without it", alone, 2.0);
  most("86,000 INSERTs", 900);
  for (const [name, make] of Object.entries({ INSERT: rows, UPDATE: changes, "CREATE INDEX": indexes })) {
    const of = (count) => check(project(`${name}-${count}`, make(count)));
    const [few, many] = inTurns(3, [of(2_000), of(8_000)]);
    compare(`8,000 ${name}s`, many, "2,000", few, 4.4);
  }
  peak = 0;
  check(project("100-megabytes", rows(86_000).repeat(14)))();
  most("100 MB", 400);
  const cwd = project("keys", rows(8_880));
  const whole = run([cli, "check", long], cwd, [0, 1]);
  const { key } = await editOnce(cli, cwd, join(cwd, long), 3);
  compare("lsp, a key among 8,880 INSERTs", key, "check of the file", whole, 1.5);
}

/** Installs the peer outside the project; undefined where that is not possible. */
function installPgfence() {
  const place = join(scratch, "peer");
  mkdirSync(place);
  writeFileSync(join(place, "package.json"), `{ "private": true }`);
  spawnSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "@flvmnt/pgfence@0.1.5"], {
    cwd: place,
    stdio: "ignore",
    shell: process.platform === "win32",
  });
  const bin = join(place, "node_modules/@flvmnt/pgfence/dist/index.js");
  return existsSync(bin) ? bin : undefined;
}

/** Milliseconds of one process from start to exit. */
function run(args, cwd, codes, env = process.env) {
  const start = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(process.execPath, args, {
    cwd,
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (error || !codes.includes(status))
    throw new Error(`${args.slice(0, 4).join(" ")} ended with ${status}: ${error ?? stderr}`);
  return milliseconds;
}

/** Medians of `rounds` runs of each, after one that does not count. */
function inTurns(rounds, runs) {
  const times = runs.map((each) => (each(), []));
  for (let round = 0; round < rounds; round++) runs.forEach((each, at) => times[at].push(each()));
  return times.map((all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)]);
}

function compare(name, own, other, theirs, bar) {
  const ratio = own / theirs;
  if (ratio > bar) missed = true;
  console.log(
    `${name}: ${own.toFixed(0)} ms, ${other}: ${theirs.toFixed(0)} ms, ratio ${ratio.toFixed(2)} (bar ${bar.toFixed(1)})${ratio > bar ? " MISSED" : ""}`,
  );
}
