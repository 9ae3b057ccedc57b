// Waits beside a rehearsal on a server and removes its databases if the rehearsal ends without having done so, even by SIGKILL.
// First line of standard input: a GuardianOrder (guardian.ts). Then either "clean", or the end.
import { createInterface } from "node:readline";
import { applicationName, dropRun } from "./guardian-drop.mjs";

/** How long a server that is away is waited for. What is left then is removed by the next rehearsal. */
const PATIENCE = 120_000;

// Ctrl-C and the end of a CI job reach all processes at once; the end of the pipe is what counts.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});

let given;
let clean = false;
const lines = createInterface({ input: process.stdin });
process.stdin.on("error", () => lines.close());
lines.on("line", (line) => {
  if (line === "clean") {
    clean = true;
    lines.close();
    process.stdin.destroy();
  } else given = JSON.parse(line);
});
lines.on("close", () => {
  if (given && !clean) void cleanUp(given);
});

async function cleanUp({ token, maintenance, scratch, placeholder }) {
  const { Client } = (await import("pg")).default;
  const open = async (connectionString, part) => {
    const client = new Client({
      connectionString,
      application_name: applicationName(token, part),
      connectionTimeoutMillis: 10_000,
      options: "-c statement_timeout=0 -c lock_timeout=0",
    });
    client.on("error", () => {});
    await client.connect().catch((error) => {
      void client.end().catch(() => {});
      throw error;
    });
    return client;
  };
  const until = Date.now() + PATIENCE;
  for (let wait = 100; Date.now() < until; wait = Math.min(2 * wait, 5_000)) {
    let client;
    try {
      client = await open(maintenance, "cleaner");
      await dropRun(client, token, (name) => open(scratch.replace(placeholder, name), "cleaner"));
      await client.end();
      return;
    } catch {
      await client?.end().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
