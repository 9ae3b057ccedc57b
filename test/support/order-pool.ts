/** A schema with rows, and statements each of which PostgreSQL runs in it when it is the only one. */
export const BASE = `
CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN');
CREATE TABLE author (id serial PRIMARY KEY, email text NOT NULL, name text, role "Role" NOT NULL DEFAULT 'USER', age int DEFAULT 1);
CREATE TABLE post (id serial PRIMARY KEY, author_id int, title varchar(100), status text DEFAULT 'draft', score int);
CREATE TABLE tag (id int PRIMARY KEY, label text);
ALTER TABLE post ADD CONSTRAINT post_author_fkey FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE SET NULL;
ALTER TABLE post ADD CONSTRAINT post_score_check CHECK (score >= 0);
CREATE INDEX post_status_idx ON post (status);
CREATE UNIQUE INDEX author_email_key ON author (email);
CREATE VIEW drafts AS SELECT id, title FROM post WHERE status = 'draft';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
INSERT INTO author (email, name, role, age) VALUES ('a@x', 'Ada', 'ADMIN', 30), ('b@x', NULL, 'USER', NULL), ('c@x', 'Cy', 'USER', 7);
INSERT INTO post (author_id, title, status, score) VALUES (1, 'one', 'draft', 1), (1, 'two', NULL, NULL), (2, 'three', 'live', 3);
INSERT INTO tag VALUES (1, 'x'), (2, 'y');
`;

export const TABLES = ["author", "post", "tag"];

export const POOL: readonly string[] = [
  // columns
  "ALTER TABLE post ADD COLUMN slug text",
  "ALTER TABLE post ADD COLUMN slug text DEFAULT 's'",
  "ALTER TABLE post ADD COLUMN IF NOT EXISTS slug text",
  "ALTER TABLE post ADD COLUMN IF NOT EXISTS slug int",
  "ALTER TABLE post ADD COLUMN views int NOT NULL DEFAULT 0",
  "ALTER TABLE post DROP COLUMN score",
  "ALTER TABLE post DROP COLUMN status CASCADE",
  "ALTER TABLE post RENAME COLUMN score TO points",
  "ALTER TABLE post RENAME COLUMN title TO headline",
  "ALTER TABLE author ALTER COLUMN age TYPE bigint",
  "ALTER TABLE author ALTER COLUMN age TYPE text",
  "ALTER TABLE post ALTER COLUMN score TYPE bigint",
  "ALTER TABLE author ALTER COLUMN age SET DEFAULT 2",
  "ALTER TABLE author ALTER COLUMN age SET DEFAULT 3",
  "ALTER TABLE author ALTER COLUMN age DROP DEFAULT",
  "ALTER TABLE post ALTER COLUMN status SET DEFAULT 'new'",
  "ALTER TABLE author ALTER COLUMN email DROP NOT NULL",
  "ALTER TABLE tag ALTER COLUMN label SET NOT NULL",
  // constraints and indexes
  "ALTER TABLE post ADD CONSTRAINT post_title_check CHECK (length(title) > 0)",
  "ALTER TABLE post ADD CONSTRAINT post_title_check CHECK (length(title) > 1)",
  "ALTER TABLE post DROP CONSTRAINT post_author_fkey",
  "ALTER TABLE post DROP CONSTRAINT post_author_fkey, ADD CONSTRAINT post_author_fkey FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE",
  "ALTER TABLE post RENAME CONSTRAINT post_score_check TO post_points_check",
  "ALTER TABLE author ADD CONSTRAINT author_age_check CHECK (age < 100) NOT VALID",
  "ALTER TABLE tag ADD CONSTRAINT tag_label_key UNIQUE (label)",
  "ALTER TABLE tag DROP CONSTRAINT tag_pkey",
  "CREATE INDEX post_title_idx ON post (title)",
  "CREATE INDEX IF NOT EXISTS post_title_idx ON post (title, id)",
  "CREATE INDEX post_score_idx ON post (score)",
  "DROP INDEX post_status_idx",
  "DROP INDEX IF EXISTS post_status_idx",
  "ALTER INDEX post_status_idx RENAME TO post_state_idx",
  "DROP INDEX author_email_key",
  // tables
  "CREATE TABLE note (id serial PRIMARY KEY, post_id int REFERENCES post (id))",
  "CREATE TABLE note (id serial PRIMARY KEY)",
  "CREATE TABLE IF NOT EXISTS note (id bigint PRIMARY KEY)",
  "CREATE TABLE label (tag_id int REFERENCES tag (id))",
  "ALTER TABLE tag RENAME TO topic",
  "DROP TABLE tag",
  "DROP TABLE IF EXISTS tag",
  "DROP TABLE tag; CREATE TABLE tag (id int PRIMARY KEY, label text, color text)",
  // types
  `ALTER TYPE "Role" ADD VALUE 'GUEST'`,
  `ALTER TYPE "Role" ADD VALUE 'OWNER'`,
  `ALTER TYPE "Role" ADD VALUE 'EDITOR' BEFORE 'ADMIN'`,
  `ALTER TYPE "Role" RENAME VALUE 'USER' TO 'MEMBER'`,
  `ALTER TYPE "Role" RENAME TO "AuthorRole"`,
  `CREATE TYPE "Role_new" AS ENUM ('USER', 'ADMIN', 'BOT'); ALTER TABLE author ALTER COLUMN role DROP DEFAULT; ALTER TABLE author ALTER COLUMN role TYPE "Role_new" USING (role::text::"Role_new"); ALTER TYPE "Role" RENAME TO "Role_old"; ALTER TYPE "Role_new" RENAME TO "Role"; DROP TYPE "Role_old"; ALTER TABLE author ALTER COLUMN role SET DEFAULT 'USER'`,
  `ALTER TABLE post ADD COLUMN seen_by "Role"`,
  // views, functions, triggers, policies
  "CREATE OR REPLACE VIEW drafts AS SELECT id, title FROM post WHERE status = 'draft' AND score > 0",
  "DROP VIEW drafts",
  "CREATE VIEW authors AS SELECT * FROM author",
  "CREATE VIEW tags AS SELECT label FROM tag",
  "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.score := 5; RETURN NEW; END $$",
  "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.score := 6; RETURN NEW; END $$",
  "DROP FUNCTION touch()",
  "CREATE TRIGGER post_touch BEFORE UPDATE ON post FOR EACH ROW EXECUTE FUNCTION touch()",
  "CREATE POLICY own ON post USING (true)",
  "CREATE POLICY own ON post USING (score > 0)",
  "COMMENT ON TABLE tag IS 'one'",
  "COMMENT ON TABLE tag IS 'two'",
  "ALTER TABLE post ENABLE ROW LEVEL SECURITY",
  // rows
  "UPDATE author SET age = 18 WHERE age IS NULL",
  "UPDATE author SET age = 21 WHERE age IS NULL",
  "UPDATE author SET name = 'x' WHERE role = 'ADMIN'",
  "UPDATE post SET status = 'draft' WHERE status IS NULL",
  "UPDATE post SET status = 'old' WHERE score = 3",
  "UPDATE post SET score = 9 WHERE status = 'live'",
  "UPDATE post SET title = upper(title)",
  "UPDATE post SET score = (SELECT count(*) FROM author)",
  "INSERT INTO author (email) VALUES ('d@x')",
  "INSERT INTO author (email, age) VALUES ('e@x', 5)",
  "INSERT INTO post (title, status) VALUES ('four', 'live')",
  "INSERT INTO tag (id, label) VALUES (3, 'z')",
  "INSERT INTO tag (id, label) VALUES (4, 'q') ON CONFLICT (id) DO NOTHING",
  "DELETE FROM author WHERE age IS NULL",
  "DELETE FROM post WHERE status IS NULL",
  "DELETE FROM tag WHERE id = 2",
  "DELETE FROM post WHERE author_id NOT IN (SELECT id FROM author WHERE age > 1)",
  "TRUNCATE post",
  "ALTER TABLE author ALTER COLUMN name TYPE varchar(10)",
  // read, but not to the end
  "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'Mood') THEN CREATE TYPE \"Mood\" AS ENUM ('GOOD'); END IF; END $$",
  "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN extra int', 'ta' || 'g'); END $$",
];
