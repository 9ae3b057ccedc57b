-- Objects that refer to others whose names change: each statement is run in PostgreSQL and asked of the model. What PostgreSQL
-- refuses the model refuses with the same SQLSTATE, and nothing else.

-- script: a table renamed away under a view that takes its name
CREATE TABLE users (id int, name text);
ALTER TABLE users RENAME TO users_old;
CREATE VIEW users AS SELECT * FROM users_old;
DROP TABLE users_old;
ALTER TABLE users_old DROP COLUMN name;
DROP VIEW users;
DROP TABLE users_old;

-- script: a view made before the rename, and a view that takes the name
CREATE TABLE users (id int, name text);
CREATE VIEW names AS SELECT name FROM users;
ALTER TABLE users RENAME TO users_old;
CREATE VIEW users AS SELECT id FROM users_old;
ALTER TABLE users_old DROP COLUMN name;
DROP VIEW users;
DROP TABLE users_old;
DROP VIEW names;
DROP TABLE users_old;

-- script: a table made again under the name of one renamed away
CREATE TABLE users (id int, name text);
CREATE VIEW names AS SELECT name FROM users;
ALTER TABLE users RENAME TO users_old;
CREATE TABLE users (id int, name text);
DROP TABLE users;
DROP TABLE users_old;
DROP TABLE users_old CASCADE;
SELECT * FROM names;

-- script: two views swapped by renames
CREATE TABLE t (id int);
CREATE VIEW a AS SELECT id FROM t;
CREATE VIEW b AS SELECT id FROM a;
ALTER VIEW a RENAME TO tmp;
ALTER VIEW b RENAME TO a;
ALTER VIEW tmp RENAME TO b;
DROP VIEW b;
DROP VIEW a;
DROP VIEW b;
DROP TABLE t;

-- script: two tables swapped under a view
CREATE TABLE a (id int, one int);
CREATE TABLE b (id int, two int);
CREATE VIEW v AS SELECT one FROM a;
ALTER TABLE a RENAME TO tmp;
ALTER TABLE b RENAME TO a;
ALTER TABLE tmp RENAME TO b;
DROP TABLE a;
ALTER TABLE b DROP COLUMN id;
ALTER TABLE b DROP COLUMN one;
DROP TABLE b;

-- script: a view of the same name in another schema
CREATE SCHEMA other;
CREATE TABLE users (id int, name text);
CREATE VIEW other.users AS SELECT * FROM users;
SET search_path = other, public;
DROP TABLE public.users;
DROP VIEW users;
DROP TABLE users;

-- script: a view of the same name in the first schema of the path
CREATE SCHEMA other;
CREATE TABLE users (id int, name text);
SET search_path = other, public;
CREATE VIEW users AS SELECT * FROM users;
CREATE OR REPLACE VIEW users AS SELECT * FROM users;
DROP TABLE public.users;
DROP VIEW users;
DROP TABLE users;

-- script: a view keeps its table when another comes before it in the path
CREATE SCHEMA other;
CREATE TABLE users (id int);
SET search_path = other, public;
CREATE VIEW v AS SELECT id FROM users;
CREATE TABLE other.users (id int);
DROP TABLE other.users;
DROP TABLE public.users;

-- script: schemas swapped by renames
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id int, one int);
CREATE TABLE b.t (id int, two int);
CREATE VIEW a.v AS SELECT one FROM a.t;
CREATE VIEW b.w AS SELECT one FROM a.t;
ALTER SCHEMA a RENAME TO tmp;
ALTER SCHEMA b RENAME TO a;
ALTER SCHEMA tmp RENAME TO b;
DROP TABLE a.t;
DROP TABLE b.t;
ALTER TABLE b.t DROP COLUMN one;
DROP VIEW b.v;
DROP VIEW a.w;
DROP TABLE b.t;

-- script: a domain over its namesake in another schema
CREATE SCHEMA other;
CREATE DOMAIN email AS text CHECK (VALUE <> '');
CREATE DOMAIN other.email AS email;
SET search_path = other, public;
CREATE TABLE t (e email);
ALTER TABLE t ALTER COLUMN e TYPE text;
DROP DOMAIN public.email;
DROP DOMAIN email;
DROP DOMAIN email;

-- script: a domain over its namesake further down the path
CREATE SCHEMA other;
CREATE DOMAIN email AS text;
SET search_path = other, public;
CREATE DOMAIN email AS email;
CREATE TABLE t (e email DEFAULT 'a');
ALTER TABLE t ALTER COLUMN e SET DEFAULT 'b';
DROP DOMAIN public.email;
DROP TABLE t;
DROP DOMAIN email;
DROP DOMAIN email;

-- script: a domain with the name of a built-in type
CREATE DOMAIN "text" AS text;
CREATE TABLE t (c text, d public."text");
ALTER TABLE t ALTER COLUMN d TYPE text;
DROP DOMAIN public."text";

-- script: a domain of its own name that is renamed
CREATE DOMAIN a AS int;
ALTER DOMAIN a RENAME TO b;
CREATE DOMAIN a AS b;
CREATE TABLE t (c a);
DROP DOMAIN b;
DROP DOMAIN a;
DROP TABLE t;
DROP DOMAIN b;
DROP DOMAIN a;
DROP DOMAIN b;

-- script: types swapped
CREATE TYPE a AS ENUM ('x');
CREATE TYPE b AS ENUM ('y');
CREATE TABLE t (c a DEFAULT 'x');
ALTER TYPE a RENAME TO tmp;
ALTER TYPE b RENAME TO a;
ALTER TYPE tmp RENAME TO b;
ALTER TABLE t ALTER COLUMN c SET DEFAULT 'y';
ALTER TABLE t ALTER COLUMN c SET DEFAULT 'x';
DROP TYPE b;
DROP TYPE a;
DROP TYPE b;

-- script: a type keeps what it is when another comes before it in the path
CREATE SCHEMA other;
CREATE TYPE mood AS ENUM ('x');
CREATE TABLE t (c mood);
CREATE TYPE other.mood AS ENUM ('y');
SET search_path = other, public;
ALTER TABLE t ALTER COLUMN c SET DEFAULT 'x';
DROP TYPE mood;
DROP TYPE public.mood;

-- script: a type with the name of the table that has a column of it
CREATE SCHEMA other;
CREATE TYPE other.t AS ENUM ('x');
SET search_path = public, other;
CREATE TABLE t (c t);
CREATE TABLE u (c t);
DROP TYPE other.t;
DROP TABLE t;
DROP TYPE other.t;
DROP TABLE u;
DROP TABLE t;

-- script: a column of a row type follows its table
CREATE TABLE a (id int);
CREATE TABLE b (c a);
ALTER TABLE a RENAME TO d;
CREATE TABLE a (id int);
DROP TABLE a;
DROP TABLE d;

-- script: inheritance in a circle
CREATE TABLE a (id int);
CREATE TABLE b (id int);
ALTER TABLE a INHERIT b;
ALTER TABLE b INHERIT a;
ALTER TABLE a INHERIT b;
ALTER TABLE a INHERIT a;
ALTER TABLE a ADD COLUMN x int;
ALTER TABLE b ADD COLUMN y int;
DROP TABLE b;
DROP TABLE a;
DROP TABLE b;

-- script: inheritance in a circle of three
CREATE TABLE a (id int);
CREATE TABLE b () INHERITS (a);
CREATE TABLE c () INHERITS (b);
ALTER TABLE a INHERIT c;
ALTER TABLE a ADD COLUMN x int;
TRUNCATE a;
DROP TABLE a;

-- script: inheritance through a renamed table
CREATE TABLE a (id int);
CREATE TABLE b () INHERITS (a);
ALTER TABLE a RENAME TO c;
CREATE TABLE a (id int);
ALTER TABLE b INHERIT a;
ALTER TABLE c INHERIT b;
ALTER TABLE a INHERIT b;
DROP TABLE c;
DROP TABLE a;
ALTER TABLE b NO INHERIT c;
ALTER TABLE b NO INHERIT c;
DROP TABLE c;

-- script: a table that inherits from itself
CREATE TABLE a (id int) INHERITS (a);

-- script: a table that is a partition of itself
CREATE TABLE a PARTITION OF a FOR VALUES IN (1);

-- script: a table attached to itself
CREATE TABLE a (id int) PARTITION BY LIST (id);
ALTER TABLE a ATTACH PARTITION a FOR VALUES IN (1);
ALTER TABLE a ADD COLUMN x int;
DROP TABLE a;

-- script: partitions in a circle
CREATE TABLE a (id int) PARTITION BY LIST (id);
CREATE TABLE b (id int) PARTITION BY LIST (id);
ALTER TABLE a ATTACH PARTITION b FOR VALUES IN (1);
ALTER TABLE b ATTACH PARTITION a FOR VALUES IN (1);
ALTER TABLE a ATTACH PARTITION b FOR VALUES IN (2);
TRUNCATE a;
ALTER TABLE a DETACH PARTITION b;
ALTER TABLE a DETACH PARTITION b;
ALTER TABLE b ATTACH PARTITION a FOR VALUES IN (1);
DROP TABLE b;

-- script: partitions and inheritance do not mix
CREATE TABLE p (id int) PARTITION BY LIST (id);
CREATE TABLE t (id int);
CREATE TABLE u (id int);
ALTER TABLE t ATTACH PARTITION u FOR VALUES IN (1);
ALTER TABLE u INHERIT p;
ALTER TABLE p INHERIT u;
ALTER TABLE u INHERIT t;
ALTER TABLE p ATTACH PARTITION u FOR VALUES IN (1);
ALTER TABLE p ATTACH PARTITION t FOR VALUES IN (1);
ALTER TABLE u NO INHERIT t;
ALTER TABLE p ATTACH PARTITION u FOR VALUES IN (1);
ALTER TABLE u INHERIT t;

-- script: a view that reads itself
CREATE TABLE t (id int);
CREATE VIEW v AS SELECT id FROM t;
CREATE OR REPLACE VIEW v AS SELECT id FROM v;
SELECT * FROM v;
CREATE TABLE u AS SELECT * FROM v;
CREATE VIEW w AS SELECT * FROM v;
DROP TABLE t;
DROP VIEW v;

-- script: two views that read each other
CREATE TABLE t (id int);
CREATE VIEW v AS SELECT id FROM t;
CREATE VIEW w AS SELECT id FROM v;
CREATE OR REPLACE VIEW v AS SELECT id FROM w;
CREATE VIEW x AS SELECT id FROM w;
SELECT * FROM w;
SELECT * FROM x;
INSERT INTO t SELECT id FROM x;
DELETE FROM t WHERE id IN (SELECT id FROM v);
DROP TABLE t;
DROP VIEW v;
DROP VIEW v CASCADE;
DROP VIEW x;

-- script: a view that reads itself before it is there
CREATE TABLE t (id int);
CREATE VIEW v AS SELECT id FROM v;

-- script: a recursive view
CREATE RECURSIVE VIEW v (n) AS SELECT 1 UNION ALL SELECT n + 1 FROM v WHERE n < 3;
CREATE VIEW w AS SELECT n FROM v;
DROP VIEW v;

-- script: a name that is taken
CREATE TABLE a (id int);
CREATE TABLE b (id int);
CREATE VIEW v AS SELECT id FROM a;
ALTER TABLE a RENAME TO b;
ALTER TABLE b RENAME TO v;
ALTER VIEW v RENAME TO a;
ALTER VIEW v RENAME TO v;
DROP TABLE b;
DROP TABLE a;

-- script: a schema that has the name already
CREATE SCHEMA other;
CREATE TABLE t (id int);
CREATE TABLE other.t (id int);
CREATE VIEW v AS SELECT id FROM t;
ALTER TABLE t SET SCHEMA other;
ALTER VIEW v SET SCHEMA other;
DROP TABLE other.t;
DROP TABLE t;
DROP VIEW other.v;
DROP TABLE t;

-- script: types and schemas that have the name already
CREATE SCHEMA other;
CREATE TYPE a AS ENUM ('x');
CREATE TYPE other.a AS ENUM ('y');
CREATE TABLE t (c a);
ALTER TYPE a SET SCHEMA other;
ALTER SCHEMA other RENAME TO public;
ALTER TYPE a RENAME TO t;
DROP TYPE other.a;
DROP TYPE a;

-- script: columns of a view are bound when it is made
CREATE TABLE t (id int);
CREATE VIEW v AS SELECT * FROM t;
CREATE VIEW w AS SELECT t.* FROM t;
ALTER TABLE t ADD COLUMN c int;
ALTER TABLE t DROP COLUMN c;
ALTER TABLE t DROP COLUMN id;

-- script: a column without its table is bound when the view is made
CREATE TABLE t (id int, a int);
CREATE TABLE u (id int);
CREATE VIEW v AS SELECT a FROM t JOIN u ON t.id = u.id;
ALTER TABLE u ADD COLUMN a int;
ALTER TABLE u DROP COLUMN a;
ALTER TABLE t DROP COLUMN a;

-- script: a name of a common table expression is no table
CREATE TABLE t (id int);
CREATE TABLE u (id int);
CREATE VIEW v AS WITH u AS (SELECT id FROM t) SELECT id FROM u;
DROP TABLE u;
DROP TABLE t;

-- script: a common table expression with the name of the table that it reads
CREATE TABLE t (id int);
CREATE VIEW v AS WITH t AS (SELECT id FROM t) SELECT id FROM t;
ALTER TABLE t RENAME TO u;
CREATE TABLE t (id int);
DROP TABLE t;
DROP TABLE u;

-- script: a common table expression that reads itself
CREATE TABLE t (id int);
CREATE VIEW v AS WITH RECURSIVE t AS (SELECT 1 AS id UNION SELECT id + 1 FROM t) SELECT id FROM t;
DROP TABLE t;

-- script: a domain over a row type
CREATE TABLE a (id int);
CREATE DOMAIN d AS a;
CREATE TABLE b (c d);
ALTER TABLE a RENAME TO e;
DROP TABLE e;
DROP TABLE e CASCADE;
ALTER TABLE b DROP COLUMN c;

-- script: views exchange their schemas
CREATE SCHEMA other;
CREATE TABLE t (id int);
CREATE VIEW v AS SELECT id FROM t;
CREATE VIEW other.v AS SELECT id FROM v;
ALTER VIEW other.v RENAME TO w;
ALTER VIEW v SET SCHEMA other;
ALTER VIEW other.w SET SCHEMA public;
ALTER VIEW w RENAME TO v;
DROP VIEW other.v;
DROP VIEW v;
DROP VIEW other.v;
DROP TABLE t;

-- script: indexes and constraints with the names of others
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE u (id int REFERENCES t);
ALTER INDEX t_pkey RENAME TO x;
ALTER TABLE u RENAME TO t_pkey;
ALTER INDEX x RENAME TO t_pkey;
ALTER TABLE t DROP CONSTRAINT x;
ALTER TABLE t DROP CONSTRAINT t_pkey;

-- script: materialized views
CREATE TABLE t (id int);
CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
ALTER TABLE t RENAME TO u;
CREATE MATERIALIZED VIEW t AS SELECT id FROM m;
REFRESH MATERIALIZED VIEW m;
DROP TABLE u;
DROP MATERIALIZED VIEW m;
ALTER MATERIALIZED VIEW t RENAME TO x;
ALTER MATERIALIZED VIEW m RENAME TO t;
DROP MATERIALIZED VIEW t;
DROP MATERIALIZED VIEW x;
DROP MATERIALIZED VIEW t;

-- script: a foreign key follows its parent
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
ALTER TABLE a RENAME TO c;
CREATE TABLE a (id int PRIMARY KEY);
DROP TABLE a;
DROP TABLE c;
ALTER TABLE c RENAME TO a;
DROP TABLE a;

-- script: a sequence follows its default
CREATE SEQUENCE s;
CREATE TABLE t (id int DEFAULT nextval('s'));
ALTER SEQUENCE s RENAME TO r;
CREATE SEQUENCE s;
DROP SEQUENCE s;
DROP SEQUENCE r;
ALTER TABLE t ALTER COLUMN id DROP DEFAULT;
DROP SEQUENCE r;

-- script: a trigger follows its function
CREATE TABLE t (id int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
ALTER FUNCTION f() RENAME TO tmp;
ALTER FUNCTION g() RENAME TO f;
ALTER FUNCTION tmp() RENAME TO g;
DROP FUNCTION f();
DROP FUNCTION g();

-- script: what is computed follows its function
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE t (id int, c int GENERATED ALWAYS AS (f(id)) STORED, d int DEFAULT f(1), CHECK (f(id) > 0));
CREATE VIEW v AS SELECT f(1) AS one;
ALTER FUNCTION f(int) RENAME TO g;
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
DROP FUNCTION f(int);
DROP FUNCTION g(int);

-- script: a body that is text is looked up when it is called
CREATE TABLE t (id int);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t';
ALTER TABLE t RENAME TO u;
DROP TABLE u;

-- script: a body of the SQL standard is bound
CREATE TABLE t (id int);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t; END;
ALTER TABLE t RENAME TO u;
CREATE TABLE t (id int);
DROP TABLE t;
DROP TABLE u;
DROP FUNCTION f();
DROP TABLE u;

-- script: a policy follows the tables that it reads
CREATE TABLE t (id int);
CREATE TABLE members (id int);
CREATE POLICY p ON t USING (EXISTS (SELECT 1 FROM members m WHERE m.id = t.id));
ALTER TABLE members RENAME TO people;
CREATE TABLE members (id int);
DROP TABLE members;
ALTER TABLE people DROP COLUMN id;
DROP TABLE people;

-- script: a policy on a renamed table
CREATE TABLE t (id int, tenant int);
CREATE POLICY p ON t USING (t.tenant = 1);
ALTER TABLE t RENAME TO u;
CREATE TABLE t (id int, tenant int);
ALTER TABLE t DROP COLUMN tenant;
ALTER TABLE u DROP COLUMN tenant;

-- script: a rule follows the tables that it changes
CREATE TABLE t (id int);
CREATE TABLE log (id int);
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (1);
ALTER TABLE log RENAME TO history;
CREATE TABLE log (id int);
DROP TABLE log;
DROP TABLE history;

-- script: a domain over a domain that is swapped
CREATE DOMAIN a AS text;
CREATE DOMAIN b AS a;
ALTER DOMAIN a RENAME TO tmp;
ALTER DOMAIN b RENAME TO a;
ALTER DOMAIN tmp RENAME TO b;
CREATE TABLE t (c a);
ALTER TABLE t ALTER COLUMN c TYPE text;
DROP DOMAIN b;
DROP DOMAIN a;
DROP DOMAIN b;

-- script: a CASCADE takes what reads it by any name
CREATE TABLE t (id int);
CREATE VIEW a AS SELECT id FROM t;
CREATE VIEW b AS SELECT id FROM a;
ALTER VIEW a RENAME TO c;
CREATE VIEW a AS SELECT id FROM b;
DROP VIEW c CASCADE;
SELECT * FROM a;
SELECT * FROM b;
DROP TABLE t;

-- script: names of every object of JavaScript
CREATE TYPE "constructor" AS ENUM ('x');
CREATE TYPE "toString" AS ENUM ('x');
CREATE DOMAIN "__proto__" AS "constructor";
CREATE TABLE "valueOf" ("constructor" "constructor", "__proto__" "__proto__", "toString" "toString" DEFAULT 'x');
ALTER TYPE "constructor" RENAME TO "hasOwnProperty";
ALTER TYPE "toString" RENAME TO "constructor";
DROP TYPE "constructor";
DROP TYPE "hasOwnProperty";
DROP TABLE "valueOf";
DROP TYPE "hasOwnProperty";
DROP DOMAIN "__proto__";
DROP TYPE "hasOwnProperty";
