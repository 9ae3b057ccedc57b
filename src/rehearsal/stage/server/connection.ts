import type { Client } from "pg";
import { failure, type Outcome, success } from "../../../source/outcome.ts";
import { applicationName, type Part } from "./guardian-drop.mjs";
import { connectionMistake, type Purpose } from "./mistakes.ts";
import type { ServerAddress } from "./url.ts";

/** Milliseconds until a server counts as not answering. */
const PATIENCE = 10_000;

export interface Connecting {
  readonly address: ServerAddress;
  readonly token: string;
  /** What for: a rehearsal unless it is said. */
  readonly purpose?: Purpose;
  /** Whether the server has TLS; known after the first connection. */
  encrypted: boolean;
}

/** As `connection`; throws the sentence. */
export async function connected(
  to: Connecting,
  database: string,
  part: Part,
  settings: Readonly<Record<string, string>>,
): Promise<Client> {
  const made = await connection(to, database, part, settings);
  if (!made.ok) throw new Error(made.message);
  return made.value;
}

/** Connects; a mistake of the user is a sentence. The first one finds out whether the server has TLS. `settings` are for the whole session: RESET ALL comes back to them. */
export async function connection(
  to: Connecting,
  database: string,
  part: Part,
  settings: Readonly<Record<string, string>>,
): Promise<Outcome<Client>> {
  let client: Client | undefined;
  try {
    client = await unconnected(to, database, part, settings);
    await client.connect();
    return success(client);
  } catch (error) {
    // pg leaves it open where it has no password to give, and while one is awaited no database of the server can be dropped.
    void client?.end().catch(() => undefined);
    if (to.encrypted && to.address.prefersTls && /does not support SSL/.test((error as Error).message)) {
      to.encrypted = false;
      return connection(to, database, part, settings);
    }
    return failure(connectionMistake(error, to.address, database, client, to.purpose));
  }
}

async function unconnected(
  { address, token, encrypted, purpose }: Connecting,
  database: string,
  part: Part,
  settings: Readonly<Record<string, string>>,
): Promise<Client> {
  const { Client } = (await import("pg")).default;
  const options = [
    address.options ?? "",
    ...Object.entries(settings).map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, "\\$&")}`),
  ]
    .join(" ")
    .trim();
  const client = new Client({
    connectionString: address.connection(database, encrypted),
    application_name: purpose === "statistics" ? "lockstep statistics" : applicationName(token, part),
    connectionTimeoutMillis: PATIENCE,
    keepAlive: true,
    ...(options !== "" && { options }),
  });
  // Without a listener a lost connection would end the process; those who wait for an answer learn of it anyway.
  client.on("error", () => undefined);
  return client;
}
