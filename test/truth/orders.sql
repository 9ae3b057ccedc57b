-- Pairs of scripts, a kind of meeting each, and what PostgreSQL does with both orders over the rows below: "no" (the same), "yes"
-- (another schema, rows, numbers or privileges), "yes (fails)" (one order fails), "both fail". test/order-kinds.test.ts runs them.

-- base:
CREATE ROLE app; CREATE ROLE reader;
CREATE TYPE "OrderState" AS ENUM ('OPEN', 'PAID');
CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "email" TEXT NOT NULL, "name" TEXT, "role" TEXT NOT NULL DEFAULT 'USER', "tenantId" INTEGER, "score" INTEGER NOT NULL DEFAULT 0);
CREATE TABLE "Post" ("id" SERIAL PRIMARY KEY, "title" TEXT NOT NULL, "authorId" INTEGER, "status" TEXT NOT NULL DEFAULT 'draft', "price" INTEGER, "qty" INTEGER NOT NULL DEFAULT 1);
CREATE TABLE "Order" ("id" SERIAL PRIMARY KEY, "state" "OrderState" NOT NULL DEFAULT 'OPEN', "userId" INTEGER NOT NULL, "note" TEXT, "total" INTEGER);
ALTER TABLE "Order" ADD CONSTRAINT "Order_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE TABLE "Setting" ("key" TEXT PRIMARY KEY, "value" TEXT);
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
CREATE INDEX "Post_title_idx" ON "Post"("title");
CREATE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(t) $$;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."name" := 'touched'; RETURN NEW; END $$;
CREATE VIEW "ActiveUser" AS SELECT "id", "email" FROM "User";
CREATE MATERIALIZED VIEW "PostStat" AS SELECT "authorId", count(*) AS n FROM "Post" GROUP BY "authorId";
INSERT INTO "User"("email","name","role","tenantId","score") VALUES ('a@x.io','Ann','USER',1,1),('B@x.io',NULL,'OWNER',NULL,2),('b@x.io','Bob','ADMIN',2,3);
INSERT INTO "Post"("title","authorId","status","price","qty") VALUES ('One',1,'draft',10,1),('Two',99,'live',-5,2),('Three',NULL,'draft',NULL,3);
INSERT INTO "Order"("state","userId","note","total") VALUES ('OPEN',1,NULL,5),('PAID',2,'x',6);
INSERT INTO "Setting" VALUES ('theme','dark');

-- pair: label in cast
-- postgres: yes (fails)
-- one:
ALTER TABLE "Post" ADD COLUMN "st" TEXT DEFAULT ('OPEN'::"OrderState")::text;
-- other:
ALTER TYPE "OrderState" RENAME VALUE 'OPEN' TO 'PENDING';

-- pair: label in text column
-- postgres: no
-- one:
UPDATE "Order" SET "note" = 'OPEN';
-- other:
ALTER TYPE "OrderState" RENAME VALUE 'OPEN' TO 'PENDING';

-- pair: label in policy
-- postgres: yes (fails)
-- one:
CREATE POLICY p ON "Order" USING ("state" = 'OPEN');
-- other:
ALTER TYPE "OrderState" RENAME VALUE 'OPEN' TO 'PENDING';

-- pair: label in trigger when
-- postgres: yes (fails)
-- one:
CREATE TRIGGER tt BEFORE UPDATE ON "Order" FOR EACH ROW WHEN (NEW."state" = 'OPEN') EXECUTE FUNCTION touch();
-- other:
ALTER TYPE "OrderState" RENAME VALUE 'OPEN' TO 'PENDING';

-- pair: label in sql function
-- postgres: yes (fails)
-- one:
CREATE FUNCTION opens() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM "Order" WHERE "state" = 'OPEN' $$;
-- other:
ALTER TYPE "OrderState" RENAME VALUE 'OPEN' TO 'PENDING';

-- pair: label in plpgsql function
-- postgres: no
-- one:
CREATE FUNCTION opens() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM "Order" WHERE "state" = 'OPEN'); END $$;
-- other:
ALTER TYPE "OrderState" RENAME VALUE 'OPEN' TO 'PENDING';

-- pair: label delete
-- postgres: yes (fails)
-- one:
DELETE FROM "Order" WHERE "state" IN ('PAID');
-- other:
ALTER TYPE "OrderState" RENAME VALUE 'PAID' TO 'SETTLED';

-- pair: label other value
-- postgres: no
-- one:
UPDATE "Order" SET "state" = 'OPEN';
-- other:
ALTER TYPE "OrderState" RENAME VALUE 'PAID' TO 'SETTLED';

-- pair: force rls both
-- postgres: yes
-- one:
ALTER TABLE "User" NO FORCE ROW LEVEL SECURITY;
-- other:
ALTER TABLE "User" FORCE ROW LEVEL SECURITY;

-- pair: enable trigger all
-- postgres: yes
-- before:
CREATE TRIGGER tg BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION touch();
-- one:
ALTER TABLE "User" ENABLE TRIGGER tg;
-- other:
ALTER TABLE "User" DISABLE TRIGGER ALL;

-- pair: logged unlogged
-- postgres: yes
-- one:
ALTER TABLE "Setting" SET LOGGED;
-- other:
ALTER TABLE "Setting" SET UNLOGGED;

-- pair: grant all seq vs serial table
-- postgres: yes
-- one:
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO app;
-- other:
CREATE TABLE "Audit" ("id" SERIAL PRIMARY KEY);

-- pair: grant all functions vs create function
-- postgres: yes
-- one:
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
-- other:
CREATE FUNCTION g() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;

-- pair: default privileges sequences vs serial
-- postgres: yes
-- one:
CREATE TABLE "Audit" ("id" SERIAL PRIMARY KEY);
-- other:
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO app;

-- pair: grant function vs revoke all functions
-- postgres: yes
-- one:
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM app;
-- other:
GRANT EXECUTE ON FUNCTION slug(text) TO app;

-- pair: grant column vs revoke table
-- postgres: yes
-- one:
REVOKE SELECT ON "User" FROM app;
-- other:
GRANT SELECT ("name") ON "User" TO app;

-- pair: grant insert vs revoke select
-- postgres: no
-- one:
REVOKE SELECT ON "User" FROM app;
-- other:
GRANT INSERT ON "User" TO app;

-- pair: grant app vs revoke reader
-- postgres: no
-- one:
REVOKE SELECT ON "User" FROM reader;
-- other:
GRANT SELECT ON "User" TO app;

-- pair: comment constraint vs drop add
-- postgres: yes
-- one:
ALTER TABLE "Order" DROP CONSTRAINT "Order_userId_fkey";
ALTER TABLE "Order" ADD CONSTRAINT "Order_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
-- other:
COMMENT ON CONSTRAINT "Order_userId_fkey" ON "Order" IS 'x';

-- pair: comment function vs replace
-- postgres: no
-- one:
CREATE OR REPLACE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT trim(t) $$;
-- other:
COMMENT ON FUNCTION slug(text) IS 'x';

-- pair: update not in
-- postgres: no
-- one:
UPDATE "User" SET "score" = 20 WHERE "role" IN ('USER');
-- other:
UPDATE "User" SET "score" = 10 WHERE "role" NOT IN ('USER', 'GUEST');

-- pair: update between
-- postgres: no
-- one:
UPDATE "User" SET "score" = 20 WHERE "id" BETWEEN 6 AND 9;
-- other:
UPDATE "User" SET "score" = 10 WHERE "id" BETWEEN 1 AND 5;

-- pair: update between overlap
-- postgres: yes
-- one:
UPDATE "User" SET "score" = 20 WHERE "id" BETWEEN 2 AND 9;
-- other:
UPDATE "User" SET "score" = 10 WHERE "id" BETWEEN 1 AND 5;

-- pair: update or
-- postgres: no
-- one:
UPDATE "User" SET "score" = 20 WHERE "role" = 'OWNER';
-- other:
UPDATE "User" SET "score" = 10 WHERE "role" = 'USER' OR "role" = 'GUEST';

-- pair: update increments other columns
-- postgres: no
-- one:
UPDATE "Post" SET "price" = "price" - 1;
-- other:
UPDATE "Post" SET "qty" = "qty" + 1;

-- pair: status transitions apart
-- postgres: no
-- one:
UPDATE "Post" SET "status" = 'published' WHERE "status" = 'live';
-- other:
UPDATE "Post" SET "status" = 'archived' WHERE "status" = 'draft';

-- pair: status transitions chained
-- postgres: yes
-- one:
UPDATE "Post" SET "status" = 'published' WHERE "status" = 'live';
-- other:
UPDATE "Post" SET "status" = 'live' WHERE "status" = 'draft';

-- pair: update is not null chain
-- postgres: yes
-- one:
UPDATE "Post" SET "qty" = 5 WHERE "price" IS NOT NULL;
-- other:
UPDATE "Post" SET "price" = 0 WHERE "price" IS NULL;

-- pair: insert vs update disjoint
-- postgres: no
-- one:
UPDATE "Post" SET "qty" = 7 WHERE "status" = 'draft';
-- other:
INSERT INTO "Post"("id","title","status") VALUES (901,'n','live');

-- pair: insert vs update matching
-- postgres: yes
-- one:
UPDATE "Post" SET "qty" = 7 WHERE "status" = 'live';
-- other:
INSERT INTO "Post"("id","title","status") VALUES (901,'n','live');

-- pair: insert vs delete range
-- postgres: no
-- one:
DELETE FROM "Post" WHERE "price" < 0;
-- other:
INSERT INTO "Post"("id","title","price") VALUES (901,'n',5);

-- pair: insert same pk both
-- postgres: both fail
-- one:
INSERT INTO "Setting" VALUES ('lang','de');
-- other:
INSERT INTO "Setting" VALUES ('lang','en');

-- pair: insert same pk one on conflict
-- postgres: yes (fails)
-- one:
INSERT INTO "Setting" VALUES ('lang','en') ON CONFLICT DO NOTHING;
-- other:
INSERT INTO "Setting" VALUES ('lang','en');

-- pair: insert same unique column
-- postgres: both fail
-- one:
INSERT INTO "User"("id","email") VALUES (502,'q@x.io');
-- other:
INSERT INTO "User"("id","email") VALUES (501,'q@x.io');

-- pair: insert explicit small id vs serial
-- postgres: both fail
-- one:
INSERT INTO "Post"("title") VALUES ('m');
-- other:
INSERT INTO "Post"("id","title") VALUES (1,'n');

-- pair: insert default keyword
-- postgres: yes
-- one:
INSERT INTO "Post"("id","title","status") VALUES (500,'Five',DEFAULT);
-- other:
ALTER TABLE "Post" ALTER COLUMN "status" SET DEFAULT 'live';

-- pair: update set default
-- postgres: yes
-- one:
UPDATE "Post" SET "status" = DEFAULT;
-- other:
ALTER TABLE "Post" ALTER COLUMN "status" SET DEFAULT 'live';

-- pair: insert default values
-- postgres: yes (fails)
-- one:
INSERT INTO "Setting" DEFAULT VALUES;
-- other:
ALTER TABLE "Setting" ALTER COLUMN "key" SET DEFAULT 'k';

-- pair: truncate restart identity vs insert
-- postgres: yes
-- one:
INSERT INTO "Post"("title") VALUES ('a');
-- other:
TRUNCATE "Post" RESTART IDENTITY;

-- pair: identity restart vs insert
-- postgres: yes
-- before:
ALTER TABLE "Setting" ADD COLUMN "n" INTEGER GENERATED BY DEFAULT AS IDENTITY;
-- one:
INSERT INTO "Setting"("key") VALUES ('z');
-- other:
ALTER TABLE "Setting" ALTER COLUMN "n" RESTART WITH 100;

-- pair: identity always vs insert explicit
-- postgres: yes (fails)
-- before:
ALTER TABLE "Setting" ADD COLUMN "n" INTEGER GENERATED BY DEFAULT AS IDENTITY;
-- one:
INSERT INTO "Setting"("key","n") VALUES ('z',5);
-- other:
ALTER TABLE "Setting" ALTER COLUMN "n" SET GENERATED ALWAYS;

-- pair: sequence increments vs insert
-- postgres: yes
-- one:
INSERT INTO "Post"("title") VALUES ('a'),('b');
-- other:
ALTER SEQUENCE "Post_id_seq" INCREMENT BY 10;

-- pair: setval pg_get vs restart
-- postgres: yes
-- one:
ALTER SEQUENCE "Post_id_seq" RESTART WITH 1000;
-- other:
SELECT setval(pg_get_serial_sequence('"Post"', 'id'), 70);

-- pair: nextval select vs insert
-- postgres: yes
-- one:
INSERT INTO "Post"("title") VALUES ('a');
-- other:
SELECT nextval('"Post_id_seq"');

-- pair: setval max vs delete
-- postgres: yes
-- one:
DELETE FROM "Post" WHERE "id" = 3;
-- other:
SELECT setval('"Post_id_seq"', (SELECT max("id") FROM "Post"));

-- pair: add not null column vs insert
-- postgres: both fail
-- one:
INSERT INTO "Setting"("key") VALUES ('z');
-- other:
ALTER TABLE "Setting" ADD COLUMN "n" INTEGER NOT NULL;

-- pair: drop not null vs insert null
-- postgres: yes (fails)
-- one:
INSERT INTO "Post"("id","title") VALUES (900,NULL);
-- other:
ALTER TABLE "Post" ALTER COLUMN "title" DROP NOT NULL;

-- pair: check vs insert bad
-- postgres: both fail
-- one:
INSERT INTO "Setting" VALUES ('z','1');
-- other:
ALTER TABLE "Setting" ADD CONSTRAINT c CHECK (length("key") > 1);

-- pair: check vs insert good
-- postgres: no
-- one:
INSERT INTO "Setting" VALUES ('z','1');
-- other:
ALTER TABLE "Setting" ADD CONSTRAINT c CHECK ("key" <> 'y');

-- pair: check in vs insert bad
-- postgres: both fail
-- one:
INSERT INTO "Setting" VALUES ('z','3');
-- other:
ALTER TABLE "Setting" ADD CONSTRAINT c CHECK ("value" IN ('1','2'));

-- pair: check not valid vs insert bad
-- postgres: yes (fails)
-- one:
INSERT INTO "Setting" VALUES ('z','3');
-- other:
ALTER TABLE "Setting" ADD CONSTRAINT c CHECK ("value" IN ('1','2')) NOT VALID;

-- pair: fk not valid vs insert child
-- postgres: yes (fails)
-- one:
INSERT INTO "Post"("id","title","authorId") VALUES (900,'a',77);
-- other:
ALTER TABLE "Post" ADD CONSTRAINT f FOREIGN KEY ("authorId") REFERENCES "User"("id") NOT VALID;

-- pair: fk vs insert child null
-- postgres: no
-- one:
INSERT INTO "Post"("id","title","authorId") VALUES (900,'a',NULL);
-- other:
ALTER TABLE "Post" ADD CONSTRAINT f FOREIGN KEY ("authorId") REFERENCES "User"("id") NOT VALID;

-- pair: drop fk vs insert child
-- postgres: yes (fails)
-- one:
INSERT INTO "Order"("id","userId") VALUES (900,77);
-- other:
ALTER TABLE "Order" DROP CONSTRAINT "Order_userId_fkey";

-- pair: drop fk vs truncate parent
-- postgres: yes (fails)
-- one:
TRUNCATE "User";
-- other:
ALTER TABLE "Order" DROP CONSTRAINT "Order_userId_fkey";

-- pair: drop unique vs update other
-- postgres: no
-- one:
UPDATE "User" SET "score" = 3;
-- other:
DROP INDEX "User_email_key";

-- pair: drop check vs insert
-- postgres: yes (fails)
-- before:
ALTER TABLE "Post" ADD CONSTRAINT "qty_check" CHECK ("qty" > 0);
-- one:
INSERT INTO "Post"("id","title","qty") VALUES (900,'a',0);
-- other:
ALTER TABLE "Post" DROP CONSTRAINT "qty_check";

-- pair: drop check vs insert good
-- postgres: no
-- before:
ALTER TABLE "Post" ADD CONSTRAINT "qty_check" CHECK ("qty" > 0);
-- one:
INSERT INTO "Post"("id","title","qty") VALUES (900,'a',4);
-- other:
ALTER TABLE "Post" DROP CONSTRAINT "qty_check";

-- pair: drop check vs update other
-- postgres: no
-- before:
ALTER TABLE "Post" ADD CONSTRAINT "qty_check" CHECK ("qty" > 0);
-- one:
UPDATE "Post" SET "title" = 'q';
-- other:
ALTER TABLE "Post" DROP CONSTRAINT "qty_check";

-- pair: fn replace vs view
-- postgres: no
-- one:
CREATE VIEW "V" AS SELECT slug("title") AS s FROM "Post";
-- other:
CREATE OR REPLACE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(t) $$;

-- pair: fn replace vs ctas
-- postgres: yes
-- one:
CREATE TABLE "V" AS SELECT slug("title") AS s FROM "Post";
-- other:
CREATE OR REPLACE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(t) $$;

-- pair: fn replace vs insert with default fn
-- postgres: yes
-- before:
ALTER TABLE "Post" ALTER COLUMN "status" SET DEFAULT slug('X');
-- one:
INSERT INTO "Post"("id","title") VALUES (900,'a');
-- other:
CREATE OR REPLACE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(t) $$;

-- pair: fn replace vs update generated
-- postgres: yes
-- before:
ALTER TABLE "Post" ADD COLUMN "slug" TEXT GENERATED ALWAYS AS (slug("title")) STORED;
-- one:
UPDATE "Post" SET "title" = 'zZ';
-- other:
CREATE OR REPLACE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(t) $$;

-- pair: fn in fn
-- postgres: yes
-- before:
CREATE FUNCTION slug2(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT slug(t) || '2' $$;
-- one:
UPDATE "Post" SET "title" = slug2("title");
-- other:
CREATE OR REPLACE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(t) $$;

-- pair: fn reads table vs update
-- postgres: yes
-- before:
CREATE FUNCTION cnt() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT count(*) FROM "User" WHERE "role" = 'USER' $$;
-- one:
UPDATE "Post" SET "qty" = cnt();
-- other:
UPDATE "User" SET "role" = 'X';

-- pair: trigger writes other table
-- postgres: yes
-- before:
CREATE FUNCTION aud() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO "Setting" VALUES ('p' || NEW."id", NEW."title") ON CONFLICT DO NOTHING; RETURN NEW; END $$;
CREATE TRIGGER aud AFTER UPDATE ON "Post" FOR EACH ROW EXECUTE FUNCTION aud();
-- one:
UPDATE "Setting" SET "value" = 'all';
-- other:
UPDATE "Post" SET "qty" = 9;

-- pair: replace procedure vs call
-- postgres: yes
-- before:
CREATE PROCEDURE fill() LANGUAGE sql AS $$ UPDATE "User" SET "score" = 50 $$;
-- one:
CALL fill();
-- other:
CREATE OR REPLACE PROCEDURE fill() LANGUAGE sql AS $$ UPDATE "User" SET "score" = 51 $$;

-- pair: alter function volatility vs replace
-- postgres: yes
-- one:
CREATE OR REPLACE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT trim(t) $$;
-- other:
ALTER FUNCTION slug(text) STABLE;

-- pair: alter function owner vs replace
-- postgres: no
-- one:
CREATE OR REPLACE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT trim(t) $$;
-- other:
ALTER FUNCTION slug(text) OWNER TO app;

-- pair: drop function if exists overload
-- postgres: no
-- one:
CREATE OR REPLACE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT trim(t) $$;
-- other:
DROP FUNCTION IF EXISTS slug(int);

-- pair: ctas from view vs replace view
-- postgres: yes
-- one:
CREATE TABLE "Copy" AS SELECT * FROM "ActiveUser";
-- other:
CREATE OR REPLACE VIEW "ActiveUser" AS SELECT "id", "email" FROM "User" WHERE "role" <> 'OWNER';

-- pair: update through view
-- postgres: yes
-- one:
UPDATE "User" SET "email" = 'u' || "id";
-- other:
UPDATE "ActiveUser" SET "email" = 'v' || "id";

-- pair: insert through view default
-- postgres: yes
-- one:
INSERT INTO "ActiveUser"("id","email") VALUES (900,'k');
-- other:
ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'M';

-- pair: type change vs plain sql fn
-- postgres: no
-- one:
CREATE FUNCTION tc() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM "User" WHERE "tenantId" = 1 $$;
-- other:
ALTER TABLE "User" ALTER COLUMN "tenantId" TYPE BIGINT;

-- pair: rename column vs generated
-- postgres: yes (fails)
-- one:
ALTER TABLE "Post" ADD COLUMN "t" INTEGER GENERATED ALWAYS AS ("price" * 2) STORED;
-- other:
ALTER TABLE "Post" RENAME COLUMN "price" TO "cost";

-- pair: range partitions overlap
-- postgres: both fail
-- before:
CREATE TABLE "Ev" ("k" INTEGER, "n" INTEGER) PARTITION BY RANGE ("k");
-- one:
CREATE TABLE "Ev_2" PARTITION OF "Ev" FOR VALUES FROM (5) TO (20);
-- other:
CREATE TABLE "Ev_1" PARTITION OF "Ev" FOR VALUES FROM (1) TO (10);

-- pair: range partitions apart
-- postgres: no
-- before:
CREATE TABLE "Ev" ("k" INTEGER, "n" INTEGER) PARTITION BY RANGE ("k");
-- one:
CREATE TABLE "Ev_2" PARTITION OF "Ev" FOR VALUES FROM (10) TO (20);
-- other:
CREATE TABLE "Ev_1" PARTITION OF "Ev" FOR VALUES FROM (1) TO (10);

-- pair: date partitions apart
-- postgres: no
-- before:
CREATE TABLE "Ev" ("k" DATE, "n" INTEGER) PARTITION BY RANGE ("k");
-- one:
CREATE TABLE "Ev_2" PARTITION OF "Ev" FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
-- other:
CREATE TABLE "Ev_1" PARTITION OF "Ev" FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');

-- pair: two default partitions
-- postgres: both fail
-- before:
CREATE TABLE "Ev" ("k" INTEGER, "n" INTEGER) PARTITION BY RANGE ("k");
-- one:
CREATE TABLE "Ev_2" PARTITION OF "Ev" DEFAULT;
-- other:
CREATE TABLE "Ev_1" PARTITION OF "Ev" DEFAULT;

-- pair: partition vs insert no default
-- postgres: yes (fails)
-- before:
CREATE TABLE "Ev" ("k" TEXT, "n" INTEGER) PARTITION BY LIST ("k");
-- one:
INSERT INTO "Ev" VALUES ('b', 1);
-- other:
CREATE TABLE "Ev_b" PARTITION OF "Ev" FOR VALUES IN ('b');

-- pair: partition vs insert other value
-- postgres: no
-- before:
CREATE TABLE "Ev" ("k" TEXT, "n" INTEGER) PARTITION BY LIST ("k");
CREATE TABLE "Ev_def" PARTITION OF "Ev" DEFAULT;
-- one:
INSERT INTO "Ev" VALUES ('c', 1);
-- other:
CREATE TABLE "Ev_b" PARTITION OF "Ev" FOR VALUES IN ('b');

-- pair: attach partition overlap
-- postgres: both fail
-- before:
CREATE TABLE "Ev" ("k" TEXT, "n" INTEGER) PARTITION BY LIST ("k");
CREATE TABLE "Ev_b" ("k" TEXT, "n" INTEGER);
-- one:
CREATE TABLE "Ev_bc" PARTITION OF "Ev" FOR VALUES IN ('b', 'c');
-- other:
ALTER TABLE "Ev" ATTACH PARTITION "Ev_b" FOR VALUES IN ('b');

-- pair: attach vs set default
-- postgres: yes
-- before:
CREATE TABLE "Ev" ("k" TEXT, "n" INTEGER) PARTITION BY LIST ("k");
CREATE TABLE "Ev_b" ("k" TEXT, "n" INTEGER);
-- one:
ALTER TABLE "Ev" ALTER COLUMN "n" SET DEFAULT 5;
-- other:
ALTER TABLE "Ev" ATTACH PARTITION "Ev_b" FOR VALUES IN ('b');

-- pair: detach vs update
-- postgres: yes
-- before:
CREATE TABLE "Ev" ("k" TEXT, "n" INTEGER) PARTITION BY LIST ("k");
CREATE TABLE "Ev_b" PARTITION OF "Ev" FOR VALUES IN ('b');
INSERT INTO "Ev" VALUES ('b', 1);
-- one:
UPDATE "Ev" SET "n" = 5;
-- other:
ALTER TABLE "Ev" DETACH PARTITION "Ev_b";

-- pair: inherits vs alter only
-- postgres: yes
-- one:
ALTER TABLE ONLY "Post" ALTER COLUMN "status" SET DEFAULT 'live';
-- other:
CREATE TABLE "PostKid" () INHERITS ("Post");

-- pair: inherits vs set default
-- postgres: no
-- one:
ALTER TABLE "Post" ALTER COLUMN "status" SET DEFAULT 'live';
-- other:
CREATE TABLE "PostKid" () INHERITS ("Post");

-- pair: like plain vs default
-- postgres: no
-- one:
CREATE TABLE "PostCopy" (LIKE "Post");
-- other:
ALTER TABLE "Post" ALTER COLUMN "status" SET DEFAULT 'live';

-- pair: like constraints vs check
-- postgres: yes
-- one:
CREATE TABLE "PostCopy" (LIKE "Post" INCLUDING CONSTRAINTS);
-- other:
ALTER TABLE "Post" ADD CONSTRAINT c CHECK ("qty" > 0);

-- pair: like all vs comment
-- postgres: yes
-- one:
CREATE TABLE "PostCopy" (LIKE "Post" INCLUDING ALL);
-- other:
COMMENT ON COLUMN "Post"."qty" IS 'n';

-- pair: merge vs insert
-- postgres: yes (fails)
-- one:
MERGE INTO "Setting" s USING (VALUES ('z','blue')) v(k,val) ON s."key" = v.k WHEN MATCHED THEN UPDATE SET "value" = v.val WHEN NOT MATCHED THEN INSERT VALUES (v.k, v.val);
-- other:
INSERT INTO "Setting" VALUES ('z','1');

-- pair: cte select write
-- postgres: yes
-- one:
UPDATE "User" SET "score" = 6;
-- other:
WITH u AS (UPDATE "User" SET "score" = 4 RETURNING "id") SELECT count(*) FROM u;

-- pair: extension vs opclass
-- postgres: yes (fails)
-- one:
CREATE INDEX "tr" ON "Post" USING gin ("title" gin_trgm_ops);
-- other:
CREATE EXTENSION pg_trgm;

-- pair: publication add drop
-- postgres: no
-- before:
CREATE PUBLICATION pub FOR TABLE "User";
-- one:
ALTER PUBLICATION pub DROP TABLE "User";
-- other:
ALTER PUBLICATION pub ADD TABLE "Post";

-- pair: publication set options
-- postgres: yes
-- before:
CREATE PUBLICATION pub;
-- one:
ALTER PUBLICATION pub SET (publish = 'update');
-- other:
ALTER PUBLICATION pub SET (publish = 'insert');

-- pair: domain default vs insert
-- postgres: yes
-- before:
CREATE DOMAIN email_t AS text;
CREATE TABLE "Mail" ("id" INTEGER PRIMARY KEY, "e" email_t);
-- one:
INSERT INTO "Mail"("id") VALUES (1);
-- other:
ALTER DOMAIN email_t SET DEFAULT 'a';

-- pair: unlogged vs fk existing
-- postgres: both fail
-- one:
ALTER TABLE "Post" ADD CONSTRAINT f FOREIGN KEY ("authorId") REFERENCES "User"("id") NOT VALID;
-- other:
ALTER TABLE "User" SET UNLOGGED;

-- pair: rename+new vs delete
-- postgres: yes
-- one:
DELETE FROM "Setting" WHERE "key" = 'theme';
-- other:
ALTER TABLE "Setting" RENAME TO "Setting_old";
CREATE TABLE "Setting" AS SELECT * FROM "Setting_old";

-- pair: column swap vs update
-- postgres: yes (fails)
-- one:
UPDATE "User" SET "name" = 'q';
-- other:
ALTER TABLE "User" RENAME COLUMN "name" TO "old";
ALTER TABLE "User" RENAME COLUMN "email" TO "name";

-- pair: alter policy both
-- postgres: no
-- before:
CREATE POLICY p ON "Order" USING (true);
-- one:
ALTER POLICY p ON "Order" TO app;
-- other:
ALTER POLICY p ON "Order" USING ("id" = 1);

-- pair: policy drop function
-- postgres: both fail
-- before:
CREATE FUNCTION ok() RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT true $$;
-- one:
CREATE POLICY p ON "Order" USING (ok());
-- other:
DROP FUNCTION ok();

-- pair: create function vs use
-- postgres: yes (fails)
-- one:
UPDATE "Post" SET "title" = nf("title");
-- other:
CREATE FUNCTION nf(t text) RETURNS text LANGUAGE sql AS $$ SELECT t $$;

-- pair: rename type vs cast
-- postgres: yes (fails)
-- one:
UPDATE "Order" SET "state" = 'PAID'::"OrderState";
-- other:
ALTER TYPE "OrderState" RENAME TO "OS";

-- pair: fk needs new unique
-- postgres: yes (fails)
-- one:
ALTER TABLE "Post" ADD CONSTRAINT f FOREIGN KEY ("authorId") REFERENCES "User"("tenantId") NOT VALID;
-- other:
CREATE UNIQUE INDEX uq ON "User"("tenantId");

-- pair: upsert needs new unique
-- postgres: yes (fails)
-- one:
INSERT INTO "Setting" VALUES ('q','x') ON CONFLICT ("value") DO NOTHING;
-- other:
CREATE UNIQUE INDEX ON "Setting"("value");

-- pair: set default vs cte insert
-- postgres: yes
-- one:
WITH i AS (INSERT INTO "Post"("id","title") VALUES (900,'x') RETURNING "id") SELECT count(*) FROM i;
-- other:
ALTER TABLE "Post" ALTER COLUMN "status" SET DEFAULT 'zz';

-- pair: set default vs function insert
-- postgres: yes
-- before:
CREATE FUNCTION mk() RETURNS void LANGUAGE sql AS $$ INSERT INTO "Post"("id","title") VALUES (900,'x') $$;
-- one:
SELECT mk();
-- other:
ALTER TABLE "Post" ALTER COLUMN "status" SET DEFAULT 'zz';

-- pair: trigger update vs insert
-- postgres: no
-- one:
INSERT INTO "User"("id","email") VALUES (900,'q');
-- other:
CREATE TRIGGER t1 BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION touch();

-- pair: disable trigger all vs create trigger
-- postgres: yes
-- one:
CREATE TRIGGER t1 BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION touch();
-- other:
ALTER TABLE "User" DISABLE TRIGGER ALL;

-- pair: fillfactor multiple
-- postgres: yes
-- one:
ALTER TABLE "Post" SET (fillfactor = 80);
-- other:
ALTER TABLE "Post" SET (fillfactor = 70, autovacuum_enabled = false);

-- pair: partition drop vs insert
-- postgres: yes (fails)
-- before:
CREATE TABLE "Ev" (k text, n int) PARTITION BY LIST (k);
CREATE TABLE "Ev_b" PARTITION OF "Ev" FOR VALUES IN ('b');
-- one:
INSERT INTO "Ev" VALUES ('b', 1);
-- other:
DROP TABLE "Ev_b";

-- pair: owner function
-- postgres: yes
-- one:
ALTER FUNCTION slug(text) OWNER TO reader;
-- other:
ALTER FUNCTION slug(text) OWNER TO app;

-- pair: truncate vs update
-- postgres: no
-- one:
UPDATE "Setting" SET "value" = 'x';
-- other:
TRUNCATE "Setting";

-- pair: alter if exists vs drop
-- postgres: no
-- one:
ALTER TABLE IF EXISTS "Setting" ADD COLUMN z int;
-- other:
DROP TABLE "Setting";

-- pair: operator made vs used
-- postgres: yes (fails)
-- one:
CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);
-- other:
CREATE INDEX "Post_same" ON "Post" ("id") WHERE "price" === "qty";

-- pair: operator dropped vs used
-- postgres: yes (fails)
-- before:
CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);
-- one:
DROP OPERATOR === (integer, integer);
-- other:
UPDATE "Post" SET "title" = 'same' WHERE "price" === "qty";

-- pair: cast dropped vs used
-- postgres: yes (fails)
-- before:
CREATE CAST ("OrderState" AS integer) WITH INOUT AS ASSIGNMENT;
-- one:
DROP CAST ("OrderState" AS integer);
-- other:
ALTER TABLE "Order" ADD COLUMN c integer; ALTER TABLE "Order" ADD CHECK (("state"::integer) > 0) NOT VALID;

-- pair: operator class made vs table that it does not touch
-- postgres: no
-- one:
CREATE COLLATION plain FROM "C";
-- other:
UPDATE "Setting" SET "value" = 'y';
