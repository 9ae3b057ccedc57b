import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { writeDown } from "../src/rehearsal/down/index.ts";
import { embeddedStage } from "../src/rehearsal/stage/embedded/index.ts";
import { type Fingerprint, compareFingerprints, fingerprint } from "../src/rehearsal/schema/fingerprint.ts";
import { serverStage } from "../src/rehearsal/stage/server/index.ts";
import type { Stage } from "../src/rehearsal/stage/session.ts";
import type { History } from "../src/source/history.ts";
import { postgresReader as reader } from "../src/sql/postgres/read.ts";
import { MAJORS, type TestServer, serverInstalled, startServer } from "./support/server.ts";

vi.setConfig({ testTimeout: 60_000 });

const SCHEMA = `
  CREATE SCHEMA other;
  CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN');
  CREATE TYPE pair AS (a INTEGER, b TEXT);
  CREATE TYPE floats AS RANGE (SUBTYPE = float8);
  CREATE DOMAIN positive AS INTEGER NOT NULL CHECK (VALUE > 0);
  CREATE TABLE "User" (id SERIAL PRIMARY KEY, email TEXT NOT NULL UNIQUE, "Name" VARCHAR(9) COLLATE "C" DEFAULT 'x', role "Role" NOT NULL DEFAULT 'USER', age INTEGER CHECK (age > 0),
    g INTEGER GENERATED ALWAYS AS (age * 2) STORED, i BIGINT GENERATED ALWAYS AS IDENTITY (START 5), tags TEXT[] DEFAULT '{}', at TIMESTAMPTZ DEFAULT '2026-01-01 00:00:00+00', made TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP);
  CREATE TABLE other.post (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES "User"(id) ON DELETE CASCADE DEFERRABLE, body TEXT, n positive);
  ALTER TABLE other.post ADD CONSTRAINT long CHECK (length(body) > 3 AND body <> ALL (ARRAY['a', 'b'])) NOT VALID;
  CREATE TABLE log (day DATE NOT NULL, n INTEGER, PRIMARY KEY (day)) PARTITION BY RANGE (day);
  CREATE TABLE log1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
  CREATE INDEX low ON "User" (lower(email)) WHERE age IS NOT NULL AND role = 'USER';
  CREATE INDEX jn ON log (n DESC NULLS LAST) INCLUDE (day);
  CREATE SEQUENCE free AS INTEGER INCREMENT 5;
  CREATE VIEW v WITH (security_barrier) AS SELECT u.id, p.body FROM "User" u JOIN other.post p ON p.user_id = u.id;
  CREATE FUNCTION f(a integer DEFAULT 1, OUT b text) LANGUAGE sql STABLE AS 'SELECT a::text';
  CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
  CREATE TRIGGER t BEFORE INSERT OR UPDATE OF email ON "User" FOR EACH ROW WHEN (NEW.age > 1) EXECUTE FUNCTION tr();
  ALTER TABLE "User" ENABLE ROW LEVEL SECURITY, DISABLE TRIGGER t, REPLICA IDENTITY FULL, SET (fillfactor = 70);
  CREATE POLICY p ON "User" FOR SELECT TO PUBLIC USING (age > 1 OR role = 'ADMIN');
  CREATE RULE r AS ON DELETE TO other.post DO INSTEAD NOTHING;
  CREATE STATISTICS st (dependencies) ON email, age FROM "User";
  GRANT SELECT ON "User" TO PUBLIC;
  GRANT UPDATE (email) ON "User" TO PUBLIC;
  REVOKE EXECUTE ON FUNCTION tr() FROM PUBLIC;
  COMMENT ON COLUMN "User".email IS 'mail';
`;

/** What Prisma sees and what it does not. */
const UP = `
  ALTER TABLE "User" RENAME COLUMN age TO years;
  ALTER TYPE "Role" ADD VALUE 'GUEST';
  DROP VIEW v;
  ALTER TABLE other.post DROP CONSTRAINT long;
  ALTER TABLE other.post DROP COLUMN body;
  DROP TRIGGER t ON "User";
  DROP POLICY p ON "User";
  DROP INDEX low;
  CREATE TABLE extra (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES "User"(id));
  CREATE INDEX names ON "User" ("Name");
  COMMENT ON COLUMN "User".email IS NULL;
`;

const migration = (id: string, text: string, state: "history" | "pending") => ({
  id,
  path: `prisma/migrations/${id}`,
  up: { path: `prisma/migrations/${id}/migration.sql`, text },
  state,
});
const history: History = {
  root: "prisma/migrations",
  layout: "prisma",
  provider: "postgresql",
  problems: [],
  migrations: [migration("1_init", SCHEMA, "history"), migration("2_up", UP, "pending")],
};

async function made(stage: Stage): Promise<Fingerprint> {
  const fresh = await stage.fresh();
  if (!fresh.ok) throw new Error(fresh.message);
  const ran = await fresh.value.run(SCHEMA);
  if (!ran.ok) throw new Error(ran.error.message);
  return fingerprint(fresh.value);
}

let embedded: Fingerprint;
beforeAll(async () => {
  await reader.load();
  const stage = embeddedStage({ extensions: [] });
  embedded = await made(stage);
  await stage.close();
}, 60_000);

describe.each(MAJORS.filter((major) => major >= 14 && serverInstalled(major)))("PostgreSQL %i", (major) => {
  let server: TestServer;
  let stage: Stage;
  beforeAll(async () => {
    server = await startServer(major);
    const opened = await serverStage({ url: server.url });
    if (!opened.ok) throw new Error(opened.message);
    stage = opened.value;
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await server.stop();
  });

  test("prints the schema as the embedded one does", async () => {
    expect(compareFingerprints(embedded, await made(stage))).toEqual([]);
  });

  test("a down.sql leads back", async () => {
    const down = await writeDown(stage, history, "2_up", { reader, limit: { time: 20_000 }, mayReachOutside: false });
    if (!down.ok) throw new Error(down.message);
    expect(down.value.differences).toEqual([]);
  });
});
