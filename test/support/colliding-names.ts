import { type Random, randomOf } from "../../src/rehearsal/rows/random.ts";

/** Statements over a few names that collide: objects are made, renamed, exchanged, attached and dropped at random. */
export function collidingStatements(seed: number, count: number): string[] {
  const random = randomOf(seed, "names");
  // Schemas are exchanged in one go: in between most statements would find nothing.
  return Array.from({ length: count }, () => (random.chance(0.02) ? EXCHANGE : [statement(random)])).flat();
}

const EXCHANGE = [
  "ALTER SCHEMA public RENAME TO aside",
  "ALTER SCHEMA other RENAME TO public",
  "ALTER SCHEMA aside RENAME TO other",
];

const statement = (random: Random): string => random.pick(STATEMENTS)(random);

const plain = ({ pick }: Random): string => pick(["a", "b", "c"]);
const name = (random: Random): string =>
  random.chance(0.7) ? plain(random) : `${random.pick(["public", "other"])}.${plain(random)}`;
const cascade = (random: Random): string => (random.chance(0.2) ? " CASCADE" : "");
const query = (random: Random): string =>
  random.pick([
    `SELECT * FROM ${name(random)}`,
    `SELECT id FROM ${name(random)}`,
    `SELECT id FROM ${name(random)} WHERE id IN (SELECT id FROM ${name(random)})`,
    `WITH a AS (SELECT id FROM ${name(random)}) SELECT id FROM a`,
    `SELECT x.id FROM ${name(random)} x JOIN ${name(random)} y ON x.id = y.id`,
  ]);

const STATEMENTS: readonly ((random: Random) => string)[] = [
  (random) => `CREATE TABLE ${name(random)} (id int, n int)`,
  (random) => `CREATE TABLE ${name(random)} (id int, n int)`,
  (random) => `CREATE TABLE ${name(random)} (id int, n int) PARTITION BY LIST (id)`,
  (random) => `CREATE TABLE ${name(random)} (id int, r ${name(random)})`,
  (random) => `CREATE TABLE ${name(random)} () INHERITS (${name(random)})`,
  (random) => `CREATE VIEW ${name(random)} AS ${query(random)}`,
  (random) => `CREATE VIEW ${name(random)} AS ${query(random)}`,
  (random) => `CREATE OR REPLACE VIEW ${name(random)} AS ${query(random)}`,
  (random) => `CREATE MATERIALIZED VIEW ${name(random)} AS ${query(random)} WITH NO DATA`,
  (random) => `ALTER TABLE ${name(random)} RENAME TO ${plain(random)}`,
  (random) => `ALTER TABLE ${name(random)} RENAME TO ${plain(random)}`,
  (random) => `ALTER VIEW ${name(random)} RENAME TO ${plain(random)}`,
  (random) => `ALTER TABLE ${name(random)} SET SCHEMA ${random.pick(["public", "other"])}`,
  (random) => `SET search_path = ${random.pick(["public", "other, public", "public, other"])}`,
  (random) => `ALTER TABLE ${name(random)} INHERIT ${name(random)}`,
  (random) => `ALTER TABLE ${name(random)} INHERIT ${name(random)}`,
  (random) => `ALTER TABLE ${name(random)} NO INHERIT ${name(random)}`,
  (random) => `ALTER TABLE ${name(random)} ATTACH PARTITION ${name(random)} FOR VALUES IN (${random.below(100)})`,
  (random) => `ALTER TABLE ${name(random)} DETACH PARTITION ${name(random)}`,
  (random) => `ALTER TABLE ${name(random)} ADD COLUMN ${random.pick(["n", "m"])} int`,
  (random) => `ALTER TABLE ${name(random)} DROP COLUMN ${random.pick(["n", "m", "r"])}${cascade(random)}`,
  (random) => `ALTER TABLE ${name(random)} RENAME COLUMN n TO m`,
  (random) => `DROP TABLE ${name(random)}${cascade(random)}`,
  (random) => `DROP TABLE ${name(random)}${cascade(random)}`,
  (random) => `DROP VIEW ${name(random)}${cascade(random)}`,
  (random) => `DROP MATERIALIZED VIEW ${name(random)}${cascade(random)}`,
  (random) => `CREATE DOMAIN ${name(random)} AS ${random.pick(["int", name(random)])}`,
  (random) => `CREATE TYPE ${name(random)} AS ENUM ('x')`,
  (random) => `ALTER TYPE ${name(random)} RENAME TO ${plain(random)}`,
  (random) => `ALTER DOMAIN ${name(random)} SET SCHEMA ${random.pick(["public", "other"])}`,
  (random) => `DROP TYPE ${name(random)}${cascade(random)}`,
  (random) => query(random),
  (random) => `TRUNCATE ${name(random)}${cascade(random)}`,
  (random) => `CREATE POLICY p ON ${name(random)} USING (EXISTS (${query(random)}))`,
];
