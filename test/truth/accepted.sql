-- Scripts that PostgreSQL takes from beginning to end, each in an empty database: no statement of them may be said to fail. test/accepted.test.ts

-- script: a table made again with a key to itself
create table nodes (id integer primary key, parent integer references nodes);
drop table nodes;
create table nodes (id integer primary key, parent integer, foreign key (parent) references nodes (id));
drop table nodes;
create table nodes (id integer primary key check (id > 5) references nodes, name text);

-- script: a parent and its partition in one DROP
create table logs (id integer, at date) partition by range (at);
create table logs_1 partition of logs for values from ('2026-01-01') to ('2027-01-01');
create table plain (id integer primary key, log integer);
drop table logs, logs_1, plain;

-- script: tables that point at each other in one DROP
create table parent (id integer primary key) partition by hash (id);
create table parent_0 partition of parent for values with (modulus 1, remainder 0);
create table child (id integer references parent) partition by hash (id);
create table child_0 partition of child for values with (modulus 1, remainder 0);
alter table parent add column other integer references parent;
drop table parent, child;
create table above (id integer);
create table below () inherits (above);
drop table above, below cascade;
create view one as select 1 as id;
create view two as select * from one;
drop view one, two;
create table once (id integer);
drop table once, once;

-- script: keys of a table and its partitions, one by one
create table orders (id integer not null, at date not null) partition by range (at);
create table orders_1 (id integer not null, at date not null);
alter table only orders attach partition orders_1 for values from ('2026-01-01') to ('2027-01-01');
alter table only orders add constraint orders_pkey primary key (id, at);
alter table only orders_1 add constraint orders_1_pkey primary key (id, at);
alter index orders_pkey attach partition orders_1_pkey;
alter table only orders add constraint orders_key unique (at);
alter table only orders_1 add constraint orders_1_key unique (at);

-- script: columns that a query's have by another name
create table q (id, x) as select 1, 2, 3 as y;
create index on q (id);
create unique index on q (x, y);
select id, x, y from q;
create temporary table r (id) as select 1;
create index on r (id);
create table s (a, b) as values (1, 'a'), (2, 'b');
alter table s alter column b set not null;

-- script: temporary views over names of permanent ones
create view v as select 1 as a;
create temporary view v as select 2 as b, 3 as c;
create or replace temporary view v as select 2 as b, 3 as c, 4 as d;
drop view v;
create temporary view v as select 2 as b;
drop view v;
select a from v;

-- script: schemas with what is made in them
create schema shop create table items (id integer primary key, name text) create index items_name on items (name) create view names as select name from items;
insert into shop.items values (1, 'a');
create table items (id integer);
create schema late create view later as select a from made create unique index made_a on made (a) create table made (a serial, b integer unique);
drop table late.made cascade;
create role seller;
create schema authorization seller create table seller.sales (id integer);
select id from seller.sales;
create schema if not exists authorization seller;

-- script: a check that parent and child have
create table base (a integer);
create table derived () inherits (base);
alter table base add constraint positive check (a > 0);
alter table derived add constraint positive check (a > 0);
alter table base drop constraint positive;
alter table derived drop constraint positive;
create table merged (a integer, constraint small check (a < 9)) inherits (base);
alter table base add constraint small check (a < 9);
alter table base drop constraint small;
alter table merged drop constraint small;

-- script: columns that a child has besides
create table grand (id integer, name text);
create table other (id2 integer, name text, height integer);
create table son (age integer, id integer) inherits (grand, other);
create table grandson () inherits (son);
alter table only grand drop column name;
alter table other drop column name;
alter table son drop column name;
alter table grand drop column id;
alter table son drop column id;
alter table other drop column height;
alter table grand add column age integer;
alter table grand drop column age;
select age from son;

-- script: columns of partitions and of typed tables that are only added to
create table parted (a integer, b text) partition by list (b);
create table part_b partition of parted (b not null default 'b', a with options check (a > 0)) for values in ('b');
create index on part_b (a, b);
create type person as (id integer, name text);
create table persons of person (id with options primary key, unique (name), name default '' not null);
insert into persons values (1, 'a');
drop type person cascade;
create table persons (id integer);
create type person as (id integer, name text);
create table more of person;

-- script: tables that go with the type of their key
create domain number as integer;
create table keyed (a number, b text) partition by range (a);
drop domain number cascade;
create table keyed (a integer);

-- script: aggregates, ranges and shell types
create aggregate summed (integer) (sfunc = int4pl, stype = integer, initcond = '0');
select summed(x) from (values (1), (2)) as t(x);
create or replace aggregate summed (integer) (sfunc = int4pl, stype = integer, initcond = '1');
create type lengths as range (subtype = double precision);
create type textrange as range (subtype = text, multirange_type_name = texts);
create table measured (l lengths, m lengths_multirange, t texts);
select lengths(1, 2), textrange('a', 'b'), texts(textrange('a', 'b'));
drop type lengths cascade;
create type lengths as range (subtype = double precision);
create type pair;
create function pair_in(cstring) returns pair language internal immutable strict as 'int4in';
create function pair_out(pair) returns cstring language internal immutable strict as 'int4out';
create type pair (input = pair_in, output = pair_out, like = integer);
create table paired (p pair);

-- script: functions of one name
create function echo(integer) returns integer language sql as 'select $1';
create function echo(text) returns text language sql as 'select $1';
drop function echo(integer);
select echo('a'::text);
create table people (first text, last text);
create function initials(people) returns text language sql as $$ select left($1.first, 1) || left($1.last, 1) $$;
select p.initials, initials(p), first(p) from people p;
select text(1.5), inet('10.0.0.1'::text), tsquery('a & b'), pg_basetype(23);
select jsonb_path_exists('[1]', '$[0]', silent => true);

-- script: elements of arrays and fields of rows
create type place as (x integer, y integer);
create table parts (list integer[], at place, note text);
insert into parts (list[1], list[2], at.x) values (1, 2, 3);
update parts set list[1] = 5, at.y = 6;
select array_to_json(array(select 1)), x'40'::integer, '1_0e-1_0'::numeric;

-- script: names in FROM and GROUP BY
create table one (a integer, b integer);
create table two (a integer, c integer);
select a, b, count(*) from one group by rollup (a, b);
select a as x, count(*) from one group by grouping sets ((x), ());
select a + 1 as a from one group by grouping sets (a, b);
select k.p, k.q from (one cross join two) as k (p, q, r, s);
select j.a, one.b from one join two using (a) as j;
select * from one, lateral (select one.*) as inside where inside.b = 1;
select one.b from one tablesample system (50) where one.a = 1;
select generate_series.generate_series from generate_series(1, 2);
select json_array(select a from one);
create sequence counter;
select counter.last_value, is_called from counter;
create unique index on one (a);
insert into one as o values (1, 2) on conflict (a) do update set b = o.b + excluded.b;
declare reading cursor with hold for select a from one;
alter foreign table if exists nowhere alter column a type integer;

-- script: columns copied in the midst of others
create table source (middle text check (middle = 'm'));
create table copied (first integer, like source including constraints, last integer);
insert into copied values (1, 'm', 2);

-- script: views over the columns that were there
create table growing (a integer, b integer);
create view all_of_it as select * from growing;
create view joined as select * from growing natural join (values (1)) as t(a);
alter table growing add column later integer;
alter table growing drop column later;

-- script: policies that go with a view
create table guarded (a integer);
create view allowed as select a from guarded;
create policy seeing on guarded using (a in (select allowed.a from allowed));
drop view allowed cascade;
create view allowed as select a from guarded;
create policy seeing on guarded using (a in (select allowed.a from allowed));

-- script: names that PostgreSQL gives itself
create table named (a integer, b box, c text[], exclude using gist ((box(b)) with &&));
reindex index named_box_excl;
create index on named ((a + 1), abs(a));
reindex index named_expr_abs_idx;
create index on named using rtree (b);
select '{a}'::_text, '{1}'::_int2 from named where c = '{}'::_text;
create function stamped() returns trigger language plpgsql as 'begin return new; end';
create trigger stamp before insert on named for each row execute function stamped();
alter table named disable trigger user;
alter table named enable trigger all;
