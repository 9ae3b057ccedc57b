import fc from "fast-check";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { type ServerAddress, serverAddress } from "../src/rehearsal/stage/server/url.ts";

/** What `pg` makes of it. */
function read(connectionString: string): {
  user: string | undefined;
  password: string | undefined;
  host: string;
  port: number;
  database: string | undefined;
  ssl: unknown;
} {
  const client = new pg.Client({ connectionString });
  return {
    user: client.user,
    password: client.password ?? undefined,
    host: client.host,
    port: client.port,
    database: client.database,
    ssl: client.ssl,
  };
}

function address(url: string): ServerAddress {
  const given = serverAddress(url, undefined);
  if (!given.ok) throw new Error(given.message);
  return given.value;
}

const word = fc.string({ unit: "binary", minLength: 1, maxLength: 12 }).filter((text) => !text.includes("\0"));
const host = fc.oneof(fc.constantFrom("localhost", "127.0.0.1", "[::1]", "db.example.com"), fc.domain());

describe("the URL of a server", () => {
  test("says the same to pg as it does to us, whatever is in its parts", () => {
    fc.assert(
      fc.property(
        word,
        word,
        host,
        fc.integer({ min: 1, max: 65535 }),
        fc.stringMatching(/^[a-z_][a-z0-9_$ -]{0,10}$/),
        fc.constantFrom("postgres", "postgresql"),
        (user, password, name, port, database, scheme) => {
          const given = address(
            `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${name}:${port}/${encodeURIComponent(database)}?schema=public&connection_limit=3&replication=database&query_timeout=1&pipeline=1&application_name=x`,
          );
          expect(given).toMatchObject({ where: `${name.replace(/[[\]]/g, "")}:${port}`, database, schema: "public" });
          for (const to of [database, "lockstep_rehearsal_0123456789ab_1"]) {
            expect(read(given.connection(to, false))).toMatchObject({
              user,
              password,
              host: name.replace(/[[\]]/g, ""),
              port,
              database: to,
              ssl: false,
            });
            expect(given.connection(to, true)).not.toMatch(
              /replication|query_timeout|pipeline|application_name|schema|connection_limit/,
            );
          }
        },
      ),
    );
  });

  test("is read or refused in a sentence that shows nothing of it", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc
            .tuple(
              fc.constantFrom("postgresql://u:", "postgres://", "postgresql:", "mysql://u:"),
              fc.string(),
              fc.constantFrom("@h/d", "@/d", "", "/d?sslmode=require"),
            )
            .map((parts) => parts.join("")),
        ),
        fc.constantFrom("", "hunter2hunter2"),
        (text, secret) => {
          const given = serverAddress(text.includes("@") ? text.replace("@", `${secret}@`) : text + secret, undefined);
          if (given.ok) expect(given.value.where).toMatch(/./);
          else expect(given.message).toMatch(/^--server (?:is|has)[^\n]*\.$/);
          if (!given.ok && secret !== "") expect(given.message).not.toContain(secret);
        },
      ),
    );
  });

  test.each<readonly [query: string, tls: unknown, prefers: boolean]>([
    ["", { rejectUnauthorized: false }, true],
    ["?sslmode=prefer", { rejectUnauthorized: false }, true],
    ["?sslmode=allow", { rejectUnauthorized: false }, true],
    ["?sslmode=disable", false, false],
    ["?sslmode=require", { rejectUnauthorized: false }, false],
    ["?sslmode=no-verify", { rejectUnauthorized: false }, false],
    ["?sslmode=verify-full", {}, false],
    ["?sslmode=verify-ca", {}, false],
    ["?sslrootcert=system", {}, false],
    ["?ssl=true", true, false],
    ["?sslaccept=strict", {}, false],
    [
      "?sslaccept=accept_invalid_certs&sslcert=../server-ca.pem&sslidentity=client.p12&sslpassword=x",
      { rejectUnauthorized: false },
      true,
    ],
  ])("modes of TLS mean what libpq and Prisma take them for: %s", (query, tls, prefers) => {
    const given = address(`postgresql://u:p@h/d${query}`);
    expect({ tls: read(given.connection("d", true)).ssl, prefers: given.prefersTls }).toEqual({ tls, prefers });
  });

  test("sockets have no TLS, in each way to write one", () => {
    for (const url of [
      "postgresql://u@/d?host=/run/postgresql&port=6000&sslmode=require",
      "postgresql://u@%2Frun%2Fpostgresql:6000/d",
      "postgresql:///d?host=/run/postgresql&port=6000&user=u",
    ]) {
      const given = address(url);
      expect({ where: given.where, database: given.database, prefers: given.prefersTls }).toEqual({
        where: "/run/postgresql",
        database: "d",
        prefers: false,
      });
      expect(read(given.connection("e", true))).toMatchObject({
        user: "u",
        host: "/run/postgresql",
        port: 6000,
        database: "e",
        ssl: false,
      });
    }
  });

  test("names postgres where it names no database", () => {
    expect(address("postgresql://u@h").database).toBe("postgres");
    expect(address("postgresql://u@h/").database).toBe("postgres");
  });
});
