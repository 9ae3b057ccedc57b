import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { build } from "rolldown";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { installedServer, startServer, type TestServer } from "./support/server.ts";

const HOME = fileURLToPath(new URL("..", import.meta.url));
const major = installedServer();

/** Rehearsals are killed from outside, as a CI job or a person would, and what they leave behind is looked at. */
describe.skipIf(major === undefined)("a rehearsal that is killed", { timeout: 60_000 }, () => {
  let server: TestServer;
  let admin: pg.Client;
  let folder: string;
  let children: ChildProcess[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lockstep-driver-"));
    await build({
      input: join(HOME, "test/support/rehearsal-driver.ts"),
      platform: "node",
      external: ["pg", "@electric-sql/pglite"],
      logLevel: "silent",
      output: { file: join(folder, "driver.mjs"), format: "esm", codeSplitting: false },
    });
    for (const file of ["guardian-process.mjs", "guardian-drop.mjs"])
      copyFileSync(join(HOME, "src/rehearsal/stage/server", file), join(folder, file));
    symlinkSync(join(HOME, "node_modules"), join(folder, "node_modules"));
    server = await startServer(major!);
    admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
  }, 60_000);

  afterEach(async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
    children = [];
  });

  afterAll(async () => {
    await admin?.end();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function drive(hang = false): Promise<ChildProcess> {
    const child = spawn(process.execPath, [join(folder, "driver.mjs"), server.url, ...(hang ? ["hang"] : [])], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    return child;
  }

  const ready = (child: ChildProcess): Promise<unknown> => once(child.stdout!, "data");

  const names = async (query: string): Promise<string[]> =>
    (await admin.query<{ name: string }>(query)).rows.map(({ name }) => name);
  const databases = (): Promise<string[]> =>
    names(
      "select datname::text as name from pg_database where datname not in ('postgres', 'template0', 'template1') order by 1",
    );
  const sessions = (): Promise<string[]> =>
    names("select application_name as name from pg_stat_activity where application_name like 'lockstep%' order by 1");

  /** Processes that run the copied programs, by their command lines. */
  const processes = (): string[] =>
    readdirSync("/proc").flatMap((pid) => {
      if (!/^\d+$/.test(pid)) return [];
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return line.includes(folder) ? [`${pid} ${line}`] : [];
      } catch {
        return []; // It ended meanwhile.
      }
    });

  async function until(what: () => Promise<boolean> | boolean, seconds = 15): Promise<void> {
    const end = Date.now() + 1000 * seconds;
    while (!(await what()) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async function nothingIsLeft(): Promise<void> {
    await until(
      async () => processes().length === 0 && (await databases()).length === 0 && (await sessions()).length === 0,
    );
    expect({ processes: processes(), databases: await databases(), sessions: await sessions() }).toEqual({
      processes: [],
      databases: [],
      sessions: [],
    });
  }

  async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  // Starting, creating, copying, running, dropping: the delays go over all of them, again in each run.
  test.each(Array.from({ length: 12 }, (_, round) => [round]))(
    "by SIGKILL at a random moment, round %i",
    async (round) => {
      const child = await drive();
      if (round % 3 !== 0) await ready(child);
      const delay = Math.random() * (round % 3 === 0 ? 400 : 1200);
      await new Promise((resolve) => setTimeout(resolve, delay));
      await kill(child, "SIGKILL");
      await nothingIsLeft();
    },
  );

  test("by SIGKILL while a statement hangs that does not let itself be cancelled", async () => {
    const child = await drive(true);
    await until(
      async () =>
        (
          await names(
            "select 'x' as name from pg_stat_activity where state = 'active' and query like '%pg_sleep(1000)%' and pid <> pg_backend_pid()",
          )
        ).length > 0,
    );
    await kill(child, "SIGKILL");
    await nothingIsLeft();
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("by %s: it cleans up itself before it ends", async (signal) => {
    const child = await drive();
    await ready(child);
    await new Promise((resolve) => setTimeout(resolve, 700));
    let said = "";
    child.stdout!.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await kill(child, signal);
    expect(said).toBe("closed\n");
    expect(child.exitCode).toBe(0);
    expect({ processes: processes(), databases: await databases(), sessions: await sessions() }).toEqual({
      processes: [],
      databases: [],
      sessions: [],
    });
  });

  test("by SIGINT while a statement hangs", async () => {
    const child = await drive(true);
    await until(
      async () =>
        (
          await names(
            "select 'x' as name from pg_stat_activity where state = 'active' and query like '%pg_sleep(1000)%' and pid <> pg_backend_pid()",
          )
        ).length > 0,
    );
    await kill(child, "SIGINT");
    expect(child.exitCode).toBe(0);
    expect({ processes: processes(), databases: await databases(), sessions: await sessions() }).toEqual({
      processes: [],
      databases: [],
      sessions: [],
    });
  });

  test("by SIGTERM to its guardian and then SIGKILL, as a CI job that is cancelled", async () => {
    const child = await drive(true);
    await ready(child);
    await until(async () => (await databases()).length > 1);
    for (const line of processes())
      if (line.includes("guardian-process")) process.kill(Number(line.split(" ")[0]), "SIGTERM");
    await kill(child, "SIGKILL");
    await nothingIsLeft();
  });

  test("together with its guardian: the next rehearsal removes what it left, and nothing else", async () => {
    await admin.query("create database lockstep_rehearsal_x");
    await admin.query("create database lockstep_rehearsal_0123456789ab_1");
    const child = await drive();
    const other = await drive();
    await Promise.all([ready(child), ready(other)]);
    await until(async () => (await databases()).length >= 6);
    const [guardian] = processes().filter(
      (line) =>
        line.includes("guardian-process") &&
        Number(readFileSync(`/proc/${line.split(" ")[0]}/stat`, "utf8").split(" ")[3]) === child.pid,
    );
    const token = guardian?.trim().split(" ").at(-1) ?? "";
    expect(token).toMatch(/^[0-9a-f]{12}$/);
    process.kill(Number(guardian?.split(" ")[0]), "SIGKILL");
    await kill(child, "SIGKILL");
    await until(async () => !(await sessions()).some((name) => name.includes(token)));
    const left = (await databases()).filter((name) => name.includes(token));
    expect(left).not.toEqual([]);

    const next = await drive();
    await ready(next);
    expect((await databases()).filter((name) => name.includes(token))).toEqual([]);
    // The other one lives, and was not disturbed.
    expect(other.exitCode).toBe(null);
    await kill(next, "SIGINT");
    await kill(other, "SIGINT");
    expect([next.exitCode, other.exitCode]).toEqual([0, 0]);
    expect(await databases()).toEqual(["lockstep_rehearsal_0123456789ab_1", "lockstep_rehearsal_x"]);
    for (const name of await databases()) await admin.query(`drop database ${name}`);
  });
});
