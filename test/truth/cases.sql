-- Statements and what PostgreSQL (18, or the versions that are named) does with each over the schema of `setup`, as test/truth.test.ts observes it.
--   case:      a name; the statement follows
--   before:    a migration that runs first and is not observed
--   does:      locks | rewrites | scans, or the SQLSTATE; written by the test with UPDATE=1
--   does 14 15: the same of older servers (LOCKSTEP_TRUTH_SERVER=14 …), where they do something else
--   predicted: where lockstep says something else, what; written by the test with UPDATE=1
--   because:   why that stays

-- setup
create type color as enum ('red', 'green', 'blue');
create domain plain_integer as integer;
create domain positive as integer check (value > 0);
create sequence counter;
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create function steady() returns integer language sql stable as 'select 1';
create function random_one() returns integer language sql volatile as 'select (random() * 10)::int';
create table account (
  id integer primary key, email text not null, name varchar(40), short varchar(5), age integer, big bigint, score numeric(10, 2), paid boolean,
  born timestamp(3), seen timestamptz(3), moment timestamp, zoned timestamptz, color color, data json, doc jsonb, tags text[], words varchar(10)[], code char(5),
  ratio real, precise double precision, net cidr, address inet, span interval, bits varbit(5), flags bit(5), key uuid, positive positive, plain plain_integer, period int4range, raw text);
create unique index account_email_key on account (email);
create index account_name_idx on account (name);
create index account_age_idx on account (age);
create index account_born_idx on account (born);
create index account_moment_idx on account (moment);
create index account_short_idx on account (short);
alter table account add constraint account_age_check check (age > 0) not valid;
alter table account add constraint account_name_present check (name is not null);
insert into account (id, email, name, short, age, big, score, paid, born, seen, moment, zoned, color, data, doc, code, key, positive, plain, period, raw)
  select i, 'mail' || i, 'name' || i, 'x', i, i, i, true, now(), now(), now(), now(), 'red', '{}', '{}', 'a', gen_random_uuid(), 1, 1, int4range(i, i + 1), i::text from generate_series(1, 40) i;
create table post (id integer primary key, account_id integer, author_id integer not null references account (id), title varchar(10), unique (id, account_id));
create index post_author_id_idx on post (author_id);
insert into post select i, i, i, 'title' from generate_series(1, 40) i;
alter table post add constraint post_account_id_fkey foreign key (account_id) references account (id) not valid;
create table note (id bigint not null, post_id integer, body text);
create unique index note_id_key on note (id);
create unique index note_post_key on note (post_id);
insert into note values (1, 1, 'n');
create table employee (id integer primary key, boss_id integer references employee (id));
insert into employee values (1, null), (2, 1);
create table plain (id integer, word text);
insert into plain values (1, 'a');
create unlogged table cache (id integer);
insert into cache values (1);
create view account_names as select id, name from account;
create materialized view account_ages as select id, age from account;
create unique index account_ages_id_key on account_ages (id);
create table event (id integer not null, day integer not null) partition by range (day);
create table event_1 partition of event for values from (0) to (100);
insert into event values (1, 1);
create table event_next (id integer not null, day integer not null);
insert into event_next values (1, 250);
create table event_proven (id integer not null, day integer not null, constraint proven check (day >= 200 and day < 300));
insert into event_proven values (1, 250);
create table record (id integer, day integer) partition by range (day);
create table record_rest partition of record default;
insert into record values (1, 1);
create table record_next (id integer, day integer);
insert into record_next values (1, 500);
create trigger account_touch before update on account for each row execute function touch();
create policy readable on post for select using (true);
create rule no_delete as on delete to cache do instead nothing;
create statistics account_stats on name, short from account;
create table topic (id integer primary key);
create publication changes for table topic;
create table parent_table (id integer);
create table child_table () inherits (parent_table);
insert into child_table values (1);
create schema archive;
create table archive.old_account (id integer primary key, account_id integer references account (id));

-- == columns that are added

-- case: alter table account add column x integer
-- does: account:AE | - | -
alter table account add column x integer;

-- case: alter table account add column x integer not null default 5
-- does: account:AE | - | -
alter table account add column x integer not null default 5;

-- case: alter table account add column x timestamptz not null default now()
-- does: account:AE | - | -
alter table account add column x timestamptz not null default now();

-- case: alter table account add column x timestamp(3) not null default current_timestamp
-- does: account:AE | - | -
alter table account add column x timestamp(3) not null default current_timestamp;

-- case: alter table account add column x timestamptz default clock_timestamp()
-- does: account:AE | account | account
alter table account add column x timestamptz default clock_timestamp();

-- case: alter table account add column x timestamptz default statement_timestamp()
-- does: account:AE | - | -
alter table account add column x timestamptz default statement_timestamp();

-- case: alter table account add column x timestamptz default now() + interval '1 day'
-- does: account:AE | - | -
alter table account add column x timestamptz default now() + interval '1 day';

-- case: alter table account add column x uuid default gen_random_uuid()
-- does: account:AE | account | account
alter table account add column x uuid default gen_random_uuid();

-- case: alter table account add column x uuid default uuidv7()
-- does: account:AE | account | account
-- does 14 15 16 17: error 42883
alter table account add column x uuid default uuidv7();

-- case: alter table account add column x uuid not null default gen_random_uuid()
-- does: account:AE | account | account
alter table account add column x uuid not null default gen_random_uuid();

-- case: alter table account add column x double precision default random()
-- does: account:AE | account | account
alter table account add column x double precision default random();

-- case: alter table account add column x text default timeofday()
-- does: account:AE | account | account
alter table account add column x text default timeofday();

-- case: alter table account add column x text default md5(random()::text)
-- does: account:AE | account | account
alter table account add column x text default md5(random()::text);

-- case: alter table account add column x text default lower('A')
-- does: account:AE | - | -
alter table account add column x text default lower('A');

-- case: alter table account add column x text default current_user
-- does: account:AE | - | -
alter table account add column x text default current_user;

-- case: alter table account add column x text default to_char(now(), 'YYYY')
-- does: account:AE | - | -
alter table account add column x text default to_char(now(), 'YYYY');

-- case: alter table account add column x date default current_date
-- does: account:AE | - | -
alter table account add column x date default current_date;

-- case: alter table account add column x integer default nextval('counter')
-- does: account:AE | account | account
alter table account add column x integer default nextval('counter');

-- case: alter table account add column x integer default steady()
-- does: account:AE | - | -
alter table account add column x integer default steady();

-- case: alter table account add column x integer default random_one()
-- does: account:AE | account | account
alter table account add column x integer default random_one();

-- case: alter table account add column x serial
-- does: account:AE | account | account
alter table account add column x serial;

-- case: alter table account add column x bigserial
-- does: account:AE | account | account
alter table account add column x bigserial;

-- case: alter table account add column x integer generated always as identity
-- does: account:AE | account | account
alter table account add column x integer generated always as identity;

-- case: alter table account add column x integer generated by default as identity
-- does: account:AE | account | account
alter table account add column x integer generated by default as identity;

-- case: alter table account add column x integer generated always as (age + 1) stored
-- does: account:AE | account | account
alter table account add column x integer generated always as (age + 1) stored;

-- case: alter table account add column x integer generated always as (age + 1) virtual
-- does: account:AE | - | -
-- does 14 15 16 17: error 42601
alter table account add column x integer generated always as (age + 1) virtual;

-- case: alter table account add column x plain_integer
-- does: account:AE | - | -
alter table account add column x plain_integer;

-- case: alter table account add column x plain_integer default 5
-- does: account:AE | - | -
alter table account add column x plain_integer default 5;

-- case: alter table account add column x positive
-- does: account:AE | account | account
alter table account add column x positive;

-- case: alter table account add column x positive default 5
-- does: account:AE | account | account
alter table account add column x positive default 5;

-- case: alter table account add column x color default 'red'
-- does: account:AE | - | -
alter table account add column x color default 'red';

-- case: alter table account add column x color[] default '{}'
-- does: account:AE | - | -
alter table account add column x color[] default '{}';

-- case: alter table account add column x jsonb not null default '{}'
-- does: account:AE | - | -
alter table account add column x jsonb not null default '{}';

-- case: alter table account add column x text collate "C"
-- does: account:AE | - | -
alter table account add column x text collate "C";

-- case: alter table account add column x integer unique
-- does: account:AE | - | account
alter table account add column x integer unique;

-- case: alter table account add column x integer check (x > 0)
-- does: account:AE | - | account
alter table account add column x integer check (x > 0);

-- case: alter table account add column x integer default 1 check (x > 0)
-- does: account:AE | - | account
alter table account add column x integer default 1 check (x > 0);

-- case: alter table account add column x integer references account (id)
-- does: account:AE | - | -
alter table account add column x integer references account (id);

-- case: alter table account add column x integer default 1 references account (id)
-- does: account:AE | - | account
alter table account add column x integer default 1 references account (id);

-- case: alter table account add column x integer references employee (id)
-- does: account:AE employee:SRE | - | -
alter table account add column x integer references employee (id);

-- case: alter table account add column x integer not null
-- does: error 23502
alter table account add column x integer not null;

-- case: alter table account add column x text[] not null default array[]::text[]
-- does: account:AE | - | -
alter table account add column x text[] not null default array[]::text[];

-- case: alter table account add column if not exists x integer
-- does: account:AE | - | -
alter table account add column if not exists x integer;

-- case: alter table account add column if not exists age integer
-- does: account:AE | - | -
alter table account add column if not exists age integer;

-- case: alter table account add column x integer, add column y text default 'a', add column z uuid default gen_random_uuid()
-- does: account:AE | account | account
alter table account add column x integer, add column y text default 'a', add column z uuid default gen_random_uuid();

-- case: alter table account add column x uuid default gen_random_uuid(), alter column age type bigint
-- before: drop materialized view account_ages; drop view account_names;
-- does: account:AE | account | account
alter table account add column x uuid default gen_random_uuid(), alter column age type bigint;

-- case: alter table plain add column x serial primary key
-- does: plain:AE | plain | plain
alter table plain add column x serial primary key;

-- case: alter table plain add column x integer primary key
-- does: error 23502
alter table plain add column x integer primary key;

-- case: alter table plain add column x integer generated always as identity primary key
-- does: plain:AE | plain | plain
alter table plain add column x integer generated always as identity primary key;

-- case: alter table event add column x integer
-- does: event:AE event_1:AE | - | -
alter table event add column x integer;

-- case: alter table event add column x uuid default gen_random_uuid()
-- does: event:AE event_1:AE | event_1 | event_1
alter table event add column x uuid default gen_random_uuid();

-- case: alter table parent_table add column x integer
-- does: child_table:AE parent_table:AE | - | -
alter table parent_table add column x integer;

-- case: alter table only parent_table add column x integer
-- does: error 42P16
alter table only parent_table add column x integer;

-- case: alter table post add column x integer constraint post_x_fkey references account (id) on delete cascade, add column y text
-- does: account:SRE post:AE | - | -
alter table post add column x integer constraint post_x_fkey references account (id) on delete cascade, add column y text;

-- case: alter table nothing_there add column x integer
-- does: error 42P01
alter table nothing_there add column x integer;

-- case: alter table if exists nothing_there add column x integer
-- does: - | - | -
alter table if exists nothing_there add column x integer;

-- == columns that are changed or dropped

-- case: alter table account drop column raw
-- does: account:AE | - | -
alter table account drop column raw;

-- case: alter table account drop column if exists raw
-- does: account:AE | - | -
alter table account drop column if exists raw;

-- case: alter table account drop column if exists nothing
-- does: account:AE | - | -
alter table account drop column if exists nothing;

-- case: alter table account drop column age
-- does: error 2BP01
alter table account drop column age;

-- case: alter table account drop column name
-- does: error 2BP01
alter table account drop column name;

-- case: alter table account drop column email
-- does: account:AE | - | -
alter table account drop column email;

-- case: alter table account drop column raw, drop column big
-- does: account:AE | - | -
alter table account drop column raw, drop column big;

-- case: alter table account alter column raw set not null
-- does: account:AE | - | account
alter table account alter column raw set not null;

-- case: alter table account alter column name set not null
-- does: account:AE | - | -
alter table account alter column name set not null;

-- case: alter table account alter column email drop not null
-- does: account:AE | - | -
alter table account alter column email drop not null;

-- case: alter table account alter column age drop not null
-- does: account:AE | - | -
alter table account alter column age drop not null;

-- case: alter table account alter column raw set default 'a'
-- does: account:AE | - | -
alter table account alter column raw set default 'a';

-- case: alter table account alter column age set default nextval('counter')
-- does: account:AE | - | -
alter table account alter column age set default nextval('counter');

-- case: alter table account alter column key set default gen_random_uuid()
-- does: account:AE | - | -
alter table account alter column key set default gen_random_uuid();

-- case: alter table account alter column paid drop default
-- does: account:AE | - | -
alter table account alter column paid drop default;

-- case: alter table account alter column id add generated by default as identity
-- does: account:AE | - | -
alter table account alter column id add generated by default as identity;

-- case: alter table account alter column id add generated always as identity
-- does: account:AE | - | -
alter table account alter column id add generated always as identity;

-- case: alter table account alter column raw set not null, alter column big set not null
-- does: account:AE | - | account
alter table account alter column raw set not null, alter column big set not null;

-- case: alter table account alter column raw set statistics 100
-- does: account:SUE | - | -
alter table account alter column raw set statistics 100;

-- case: alter table account alter column raw set storage external
-- does: account:AE | - | -
alter table account alter column raw set storage external;

-- case: alter table account alter column raw set compression pglz
-- does: account:AE | - | -
alter table account alter column raw set compression pglz;

-- case: alter table account alter column raw set (n_distinct = 5)
-- does: account:SUE | - | -
alter table account alter column raw set (n_distinct = 5);

-- case: alter table account alter column raw reset (n_distinct)
-- does: account:SUE | - | -
alter table account alter column raw reset (n_distinct);

-- case: alter table account drop column name cascade
-- does: account:AE account_names:AE | - | -
alter table account drop column name cascade;

-- case: alter table post drop column author_id
-- does: account:AE post:AE | - | -
alter table post drop column author_id;

-- case: alter table post drop column account_id
-- does: account:AE post:AE | - | -
alter table post drop column account_id;

-- case: alter table post drop column title
-- does: post:AE | - | -
alter table post drop column title;

-- case: alter table account drop column id
-- does: error 2BP01
alter table account drop column id;

-- case: alter table account drop column id cascade
-- does: archive.old_account:AE account:AE account_ages:AE account_names:AE post:AE | - | -
alter table account drop column id cascade;

-- case: alter table employee drop column boss_id
-- does: employee:AE | - | -
alter table employee drop column boss_id;

-- case: alter table archive.old_account drop column account_id
-- does: archive.old_account:AE account:AE | - | -
alter table archive.old_account drop column account_id;

-- case: alter table event drop column id
-- does: event:AE event_1:AE | - | -
alter table event drop column id;

-- case: alter table event alter column id drop not null
-- does: event:AE event_1:AE | - | -
alter table event alter column id drop not null;

-- case: alter table parent_table alter column id set not null
-- does: child_table:AE parent_table:AE | - | child_table parent_table
alter table parent_table alter column id set not null;

-- case: alter table account alter column sum set expression as (age + 2)
-- before: alter table account add column sum integer generated always as (age + 1) stored;
-- does: account:AE | account | account
-- does 14 15 16: error 42601
alter table account alter column sum set expression as (age + 2);

-- case: alter table account alter column sum drop expression
-- before: alter table account add column sum integer generated always as (age + 1) stored;
-- does: account:AE | - | -
alter table account alter column sum drop expression;

-- case: set expression of a virtual column
-- before: alter table account add column sum integer generated always as (age + 1) virtual;
-- does: error 0A000
-- does 14 15 16 17: before: error 42601
-- predicted: error: predicted nothing, observed 0A000
-- predicted 14 15 16 17: 
-- because: that the column has a check is not looked up
alter table account alter column sum set expression as (age + 2);

-- case: alter table account alter column x set generated always
-- before: alter table account add column x integer generated by default as identity;
-- does: account:AE | - | -
alter table account alter column x set generated always;

-- case: alter table account alter column x drop identity
-- before: alter table account add column x integer generated by default as identity;
-- does: account:AE | - | -
alter table account alter column x drop identity;

-- case: set not null where a check proves it
-- before: alter table account add constraint raw_present check (raw is not null);
-- does: account:AE | - | -
alter table account alter column raw set not null;

-- case: set not null where a check is not valid
-- before: alter table account add constraint raw_present check (raw is not null) not valid;
-- does: account:AE | - | account
alter table account alter column raw set not null;

-- case: set not null where a wider check proves it
-- before: alter table account add constraint raw_present check (raw is not null and big > 0);
-- does: account:AE | - | -
alter table account alter column raw set not null;

-- case: set not null over a NOT VALID not-null
-- before: alter table account add constraint raw_present not null raw not valid;
-- does: account:AE | - | account
-- does 14 15 16 17: before: error 42601
alter table account alter column raw set not null;

-- == types

-- case: alter table account alter column age type bigint
-- before: drop materialized view account_ages; drop view account_names;
-- does: account:AE | account | account
alter table account alter column age type bigint;

-- case: alter table account alter column big type integer
-- does: account:AE | account | account
alter table account alter column big type integer;

-- case: alter table account alter column big type integer using big::integer
-- does: account:AE | account | account
alter table account alter column big type integer using big::integer;

-- case: alter table account alter column big type numeric
-- does: account:AE | account | account
alter table account alter column big type numeric;

-- case: alter table account alter column big type numeric(20,0)
-- does: account:AE | account | account
alter table account alter column big type numeric(20,0);

-- case: alter table account alter column age type text
-- before: drop materialized view account_ages; drop view account_names;
-- does: error 42883
-- predicted: error: predicted nothing, observed 42883
-- because: the check on it has no operator for the new type, which is not looked up
alter table account alter column age type text;

-- case: alter table account alter column age type integer
-- before: drop materialized view account_ages; drop view account_names;
-- does: account:AE | - | -
alter table account alter column age type integer;

-- case: alter table account alter column age type integer using age
-- before: drop materialized view account_ages; drop view account_names;
-- does: account:AE | - | -
alter table account alter column age type integer using age;

-- case: alter table account alter column age type plain_integer
-- before: drop materialized view account_ages; drop view account_names;
-- does: account:AE | - | -
alter table account alter column age type plain_integer;

-- case: alter table account alter column big type positive
-- does: account:AE | account | account
alter table account alter column big type positive;

-- case: alter table account alter column age type smallint
-- before: drop materialized view account_ages; drop view account_names;
-- does: account:AE | account | account
alter table account alter column age type smallint;

-- case: alter table account alter column plain type integer
-- does: account:AE | - | -
alter table account alter column plain type integer;

-- case: alter table account alter column positive type integer
-- does: account:AE | - | -
alter table account alter column positive type integer;

-- case: alter table account alter column positive type bigint
-- does: account:AE | account | account
alter table account alter column positive type bigint;

-- case: alter table account alter column short type varchar(10)
-- does: account:AE | - | -
alter table account alter column short type varchar(10);

-- case: alter table account alter column short type varchar(5)
-- does: account:AE | - | -
alter table account alter column short type varchar(5);

-- case: alter table account alter column short type varchar(3)
-- does: account:AE | account | account
alter table account alter column short type varchar(3);

-- case: alter table account alter column short type text
-- does: account:AE | - | -
alter table account alter column short type text;

-- case: alter table account alter column short type varchar
-- does: account:AE | - | -
alter table account alter column short type varchar;

-- case: alter table account alter column short type char(5)
-- does: account:AE | account | account
alter table account alter column short type char(5);

-- case: alter table account alter column short type text using short
-- does: account:AE | - | -
alter table account alter column short type text using short;

-- case: alter table account alter column short type text collate "C"
-- does: account:AE | - | account
alter table account alter column short type text collate "C";

-- case: alter table account alter column short type varchar(5) collate "C"
-- does: account:AE | - | account
alter table account alter column short type varchar(5) collate "C";

-- case: alter table account alter column raw type varchar
-- does: account:AE | - | -
alter table account alter column raw type varchar;

-- case: alter table account alter column raw type varchar(50)
-- does: account:AE | account | account
alter table account alter column raw type varchar(50);

-- case: alter table account alter column raw type varchar(50) using raw::varchar(50)
-- does: account:AE | account | account
alter table account alter column raw type varchar(50) using raw::varchar(50);

-- case: alter table account alter column raw type integer using raw::integer
-- does: account:AE | account | account
alter table account alter column raw type integer using raw::integer;

-- case: alter table account alter column raw type integer
-- does: error 42804
alter table account alter column raw type integer;

-- case: alter table account alter column raw type uuid using key
-- does: account:AE | account | account
alter table account alter column raw type uuid using key;

-- case: alter table account alter column raw type json using raw::json
-- does: account:AE | account | account
alter table account alter column raw type json using raw::json;

-- case: alter table account alter column raw type color using 'red'::color
-- does: account:AE | account | account
alter table account alter column raw type color using 'red'::color;

-- case: alter table account alter column raw type text using upper(raw)
-- does: account:AE | account | account
alter table account alter column raw type text using upper(raw);

-- case: alter table account alter column raw type text using raw || 'x'
-- does: account:AE | account | account
alter table account alter column raw type text using raw || 'x';

-- case: alter table account alter column email type varchar(191)
-- does: account:AE | account | account
alter table account alter column email type varchar(191);

-- case: alter table account alter column email type varchar
-- does: account:AE | - | -
alter table account alter column email type varchar;

-- case: alter table account alter column score type numeric(12, 2)
-- does: account:AE | - | -
alter table account alter column score type numeric(12, 2);

-- case: alter table account alter column score type numeric(10, 3)
-- does: account:AE | account | account
alter table account alter column score type numeric(10, 3);

-- case: alter table account alter column score type numeric(8, 2)
-- does: account:AE | account | account
alter table account alter column score type numeric(8, 2);

-- case: alter table account alter column score type numeric
-- does: account:AE | - | -
alter table account alter column score type numeric;

-- case: alter table account alter column score type numeric(65, 30)
-- does: account:AE | account | account
alter table account alter column score type numeric(65, 30);

-- case: alter table account alter column score type double precision
-- does: account:AE | account | account
alter table account alter column score type double precision;

-- case: alter table account alter column score type integer
-- does: account:AE | account | account
alter table account alter column score type integer;

-- case: alter table account alter column born type timestamp(6)
-- does: account:AE | - | -
alter table account alter column born type timestamp(6);

-- case: alter table account alter column born type timestamp
-- does: account:AE | - | -
alter table account alter column born type timestamp;

-- case: alter table account alter column born type timestamp(0)
-- does: account:AE | account | account
alter table account alter column born type timestamp(0);

-- case: alter table account alter column born type timestamptz(3)
-- does: account:AE | account | account
alter table account alter column born type timestamptz(3);

-- case: alter table account alter column born type timestamptz(6)
-- does: account:AE | - | account
alter table account alter column born type timestamptz(6);

-- case: alter table account alter column born type timestamptz
-- does: account:AE | - | account
alter table account alter column born type timestamptz;

-- case: alter table account alter column born type timestamptz using born at time zone 'UTC'
-- does: account:AE | account | account
alter table account alter column born type timestamptz using born at time zone 'UTC';

-- case: alter table account alter column born type date
-- does: account:AE | account | account
alter table account alter column born type date;

-- case: alter table account alter column moment type timestamp(3)
-- does: account:AE | account | account
alter table account alter column moment type timestamp(3);

-- case: alter table account alter column moment type timestamptz
-- does: account:AE | - | account
alter table account alter column moment type timestamptz;

-- case: alter table account alter column moment type timestamptz(3)
-- does: account:AE | account | account
alter table account alter column moment type timestamptz(3);

-- case: alter table account alter column moment type timestamp(6)
-- does: account:AE | - | -
alter table account alter column moment type timestamp(6);

-- case: alter table account alter column seen type timestamp(3)
-- does: account:AE | account | account
alter table account alter column seen type timestamp(3);

-- case: alter table account alter column seen type timestamp
-- does: account:AE | - | -
alter table account alter column seen type timestamp;

-- case: alter table account alter column seen type timestamptz(6)
-- does: account:AE | - | -
alter table account alter column seen type timestamptz(6);

-- case: alter table account alter column seen type timestamptz
-- does: account:AE | - | -
alter table account alter column seen type timestamptz;

-- case: alter table account alter column zoned type timestamptz(3)
-- does: account:AE | account | account
alter table account alter column zoned type timestamptz(3);

-- case: alter table account alter column zoned type timestamp
-- does: account:AE | - | -
alter table account alter column zoned type timestamp;

-- case: alter table account alter column data type jsonb
-- does: account:AE | account | account
alter table account alter column data type jsonb;

-- case: alter table account alter column data type jsonb using data::jsonb
-- does: account:AE | account | account
alter table account alter column data type jsonb using data::jsonb;

-- case: alter table account alter column data type text
-- does: account:AE | account | account
alter table account alter column data type text;

-- case: alter table account alter column doc type json
-- does: account:AE | account | account
alter table account alter column doc type json;

-- case: alter table account alter column doc type text
-- does: account:AE | account | account
alter table account alter column doc type text;

-- case: alter table account alter column color type text
-- does: account:AE | account | account
alter table account alter column color type text;

-- case: alter table account alter column color type text using color::text
-- does: account:AE | account | account
alter table account alter column color type text using color::text;

-- case: alter table account alter column code type text
-- does: account:AE | account | account
alter table account alter column code type text;

-- case: alter table account alter column code type char(10)
-- does: account:AE | account | account
alter table account alter column code type char(10);

-- case: alter table account alter column code type varchar(5)
-- does: account:AE | account | account
alter table account alter column code type varchar(5);

-- case: alter table account alter column ratio type double precision
-- does: account:AE | account | account
alter table account alter column ratio type double precision;

-- case: alter table account alter column precise type real
-- does: account:AE | account | account
alter table account alter column precise type real;

-- case: alter table account alter column net type inet
-- does: account:AE | - | -
alter table account alter column net type inet;

-- case: alter table account alter column address type cidr
-- does: account:AE | account | account
alter table account alter column address type cidr;

-- case: alter table account alter column span type interval(3)
-- does: account:AE | account | account
alter table account alter column span type interval(3);

-- case: alter table account alter column span type interval(6)
-- does: account:AE | - | -
alter table account alter column span type interval(6);

-- case: alter table account alter column bits type varbit(9)
-- does: account:AE | - | -
alter table account alter column bits type varbit(9);

-- case: alter table account alter column bits type varbit
-- does: account:AE | - | -
alter table account alter column bits type varbit;

-- case: alter table account alter column bits type varbit(3)
-- does: account:AE | account | account
alter table account alter column bits type varbit(3);

-- case: alter table account alter column flags type varbit
-- does: account:AE | - | -
alter table account alter column flags type varbit;

-- case: alter table account alter column flags type bit(6)
-- does: account:AE | account | account
alter table account alter column flags type bit(6);

-- case: alter table account alter column key type text
-- does: account:AE | account | account
alter table account alter column key type text;

-- case: alter table account alter column key type varchar(36)
-- does: account:AE | account | account
alter table account alter column key type varchar(36);

-- case: alter table account alter column tags type varchar[]
-- does: account:AE | account | account
alter table account alter column tags type varchar[];

-- case: alter table account alter column tags type text[]
-- does: account:AE | - | -
alter table account alter column tags type text[];

-- case: alter table account alter column words type text[]
-- does: account:AE | account | account
alter table account alter column words type text[];

-- case: alter table account alter column words type varchar(20)[]
-- does: account:AE | account | account
alter table account alter column words type varchar(20)[];

-- case: alter table account alter column words type varchar[]
-- does: account:AE | - | -
alter table account alter column words type varchar[];

-- case: alter table account alter column paid type integer using paid::integer
-- does: account:AE | account | account
alter table account alter column paid type integer using paid::integer;

-- case: alter table account alter column paid type text
-- does: account:AE | account | account
alter table account alter column paid type text;

-- case: alter table account alter column paid type integer
-- does: error 42804
alter table account alter column paid type integer;

-- case: alter table account alter column period type int8range
-- does: error 42804
-- predicted: error: predicted 22000, observed 42804
-- because: which range types cast into each other is not known
alter table account alter column period type int8range;

-- case: alter table account alter column id type bigint
-- before: drop materialized view account_ages; drop view account_names;
-- does: archive.old_account:AE account:AE post:AE | account | archive.old_account account post
alter table account alter column id type bigint;

-- case: type of a column that views use
-- does: error 0A000
alter table account alter column age type bigint;

-- case: type of a column that a view uses, without a rewrite
-- does: error 0A000
alter table account alter column name type text;

-- case: a wider varchar with a check and statistics on it
-- before: drop view account_names;
-- does: account:AE | - | account
alter table account alter column name type varchar(80);

-- case: alter table account alter column short type text, alter column raw set default 'x', alter column paid set not null
-- does: account:AE | - | account
alter table account alter column short type text, alter column raw set default 'x', alter column paid set not null;

-- case: alter table post alter column author_id type bigint
-- does: account:AE post:AE | post | account post
alter table post alter column author_id type bigint;

-- case: alter table post alter column account_id type bigint
-- does: account:AE post:AE | post | post
alter table post alter column account_id type bigint;

-- case: alter table post alter column author_id type positive
-- does: account:AE post:AE | post | account post
alter table post alter column author_id type positive;

-- case: alter table employee alter column id type bigint
-- does: employee:AE | employee | employee
alter table employee alter column id type bigint;

-- case: alter table employee alter column boss_id type bigint
-- does: employee:AE | employee | employee
alter table employee alter column boss_id type bigint;

-- case: alter table post alter column title type text
-- does: post:AE | - | -
alter table post alter column title type text;

-- case: alter table event alter column id type bigint
-- does: event:AE event_1:AE | event_1 | event_1
alter table event alter column id type bigint;

-- case: alter table parent_table alter column id type bigint
-- does: child_table:AE parent_table:AE | child_table parent_table | child_table parent_table
alter table parent_table alter column id type bigint;

-- case: alter table note alter column id type integer
-- does: note:AE | note | note
alter table note alter column id type integer;

-- case: alter table post drop constraint post_pkey, alter column id type text, add primary key (id)
-- does: post:AE | post | post
alter table post drop constraint post_pkey, alter column id type text, add primary key (id);

-- case: alter table account alter column color type color_new using color::text::color_new
-- before: create type color_new as enum ('red');
-- does: account:AE | account | account
alter table account alter column color type color_new using color::text::color_new;

-- case: a new enum type with an index on the column
-- before: create type color_new as enum ('red'); alter table account add column shade color; create index account_shade_idx on account (color);
-- does: account:AE | account | account
alter table account alter column color type color_new using color::text::color_new;

-- == constraints

-- case: alter table account add constraint k check (big > 0)
-- does: account:AE | - | account
alter table account add constraint k check (big > 0);

-- case: alter table account add constraint k check (big > 0) not valid
-- does: account:AE | - | -
alter table account add constraint k check (big > 0) not valid;

-- case: alter table account add constraint k check (big > 0) not enforced
-- does: account:AE | - | -
-- does 14 15 16 17: error 42601
alter table account add constraint k check (big > 0) not enforced;

-- case: alter table account add check (age is not null and name <> '')
-- does: account:AE | - | account
alter table account add check (age is not null and name <> '');

-- case: alter table account validate constraint account_age_check
-- does: account:SUE | - | account
alter table account validate constraint account_age_check;

-- case: alter table account validate constraint account_name_present
-- does: account:SUE | - | -
alter table account validate constraint account_name_present;

-- case: alter table post add constraint k foreign key (account_id) references account (id)
-- does: account:SRE post:SRE | - | account post
alter table post add constraint k foreign key (account_id) references account (id);

-- case: alter table post add constraint k foreign key (account_id) references account (id) not valid
-- does: account:SRE post:SRE | - | -
alter table post add constraint k foreign key (account_id) references account (id) not valid;

-- case: alter table post add constraint k foreign key (account_id) references account (id) not enforced
-- does: account:SRE post:SRE | - | -
-- does 14 15 16 17: error 42601
alter table post add constraint k foreign key (account_id) references account (id) not enforced;

-- case: alter table post add constraint k foreign key (account_id) references account (id) on delete cascade on update cascade deferrable
-- does: account:SRE post:SRE | - | account post
alter table post add constraint k foreign key (account_id) references account (id) on delete cascade on update cascade deferrable;

-- case: alter table post add constraint k foreign key (id) references post (id)
-- does: post:SRE | - | post
alter table post add constraint k foreign key (id) references post (id);

-- case: alter table post add foreign key (title) references account (id)
-- does: error 42804
alter table post add foreign key (title) references account (id);

-- case: alter table note add constraint k foreign key (post_id) references post (id) on delete set null
-- does: note:SRE post:SRE | - | note post
alter table note add constraint k foreign key (post_id) references post (id) on delete set null;

-- case: alter table note add foreign key (post_id) references post
-- does: note:SRE post:SRE | - | note post
alter table note add foreign key (post_id) references post;

-- case: alter table event add constraint k foreign key (id) references account (id)
-- does: account:SRE event:SRE event_1:SRE | - | account event_1
alter table event add constraint k foreign key (id) references account (id);

-- case: alter table event_next add constraint k foreign key (id) references account (id)
-- does: account:SRE event_next:SRE | - | account event_next
alter table event_next add constraint k foreign key (id) references account (id);

-- case: alter table post validate constraint post_account_id_fkey
-- does: account:RS post:SUE | - | account post
alter table post validate constraint post_account_id_fkey;

-- case: alter table post drop constraint post_account_id_fkey
-- does: account:AE post:AE | - | -
alter table post drop constraint post_account_id_fkey;

-- case: alter table post drop constraint post_author_id_fkey
-- does: account:AE post:AE | - | -
alter table post drop constraint post_author_id_fkey;

-- case: alter table post drop constraint if exists nothing
-- does: post:AE | - | -
alter table post drop constraint if exists nothing;

-- case: alter table post drop constraint post_author_id_fkey, add constraint post_author_id_fkey foreign key (author_id) references account (id) on delete cascade
-- does: account:AE post:AE | - | account post
alter table post drop constraint post_author_id_fkey, add constraint post_author_id_fkey foreign key (author_id) references account (id) on delete cascade;

-- case: alter table post drop constraint post_id_account_id_key
-- does: post:AE | - | -
alter table post drop constraint post_id_account_id_key;

-- case: alter table employee drop constraint employee_boss_id_fkey
-- does: employee:AE | - | -
alter table employee drop constraint employee_boss_id_fkey;

-- case: alter table account drop constraint account_age_check
-- does: account:AE | - | -
alter table account drop constraint account_age_check;

-- case: alter table account drop constraint account_pkey
-- does: error 2BP01
alter table account drop constraint account_pkey;

-- case: alter table account drop constraint account_pkey cascade
-- does: archive.old_account:AE account:AE post:AE | - | -
alter table account drop constraint account_pkey cascade;

-- case: alter table employee drop constraint employee_pkey cascade
-- does: employee:AE | - | -
alter table employee drop constraint employee_pkey cascade;

-- case: alter table post drop constraint post_pkey
-- does: post:AE | - | -
alter table post drop constraint post_pkey;

-- case: alter table account add constraint k unique (big)
-- does: account:AE | - | account
alter table account add constraint k unique (big);

-- case: alter table account add unique (big, age)
-- does: account:AE | - | account
alter table account add unique (big, age);

-- case: alter table account add constraint k unique (big) not valid
-- does: error 0A000
-- predicted: error: predicted 42601, observed 0A000
-- because: the grammar itself refuses it, with a SQLSTATE of its own
alter table account add constraint k unique (big) not valid;

-- case: alter table account add constraint k unique using index account_email_key
-- does: account:AE | - | -
alter table account add constraint k unique using index account_email_key;

-- case: alter table plain add primary key (id)
-- does: plain:AE | - | plain
alter table plain add primary key (id);

-- case: alter table plain add constraint k primary key (id)
-- does: plain:AE | - | plain
alter table plain add constraint k primary key (id);

-- case: alter table note add primary key (id)
-- does: note:AE | - | note
alter table note add primary key (id);

-- case: alter table note add constraint k primary key using index note_id_key
-- does: note:AE | - | -
alter table note add constraint k primary key using index note_id_key;

-- case: alter table note add constraint k primary key using index note_post_key
-- does: note:AE | - | note
alter table note add constraint k primary key using index note_post_key;

-- case: alter table account add constraint k exclude using gist (period with &&)
-- does: account:AE | - | account
alter table account add constraint k exclude using gist (period with &&);

-- case: alter table account add constraint k exclude (big with =)
-- does: account:AE | - | account
alter table account add constraint k exclude (big with =);

-- case: alter table account add constraint k not null big
-- does: account:AE | - | account
-- does 14 15 16 17: error 42601
alter table account add constraint k not null big;

-- case: alter table account add constraint k not null big not valid
-- does: account:AE | - | -
-- does 14 15 16 17: error 42601
alter table account add constraint k not null big not valid;

-- case: alter table account add constraint k not null email
-- does: error 55000
-- does 14 15 16 17: error 42601
-- predicted: error: predicted nothing, observed 55000
-- predicted 14 15 16 17: 
-- because: it is named again though it has a NOT NULL that is called otherwise, which is not looked up
alter table account add constraint k not null email;

-- case: alter table post alter constraint post_author_id_fkey deferrable initially deferred
-- does: post:AE | - | -
alter table post alter constraint post_author_id_fkey deferrable initially deferred;

-- case: alter table post rename constraint post_author_id_fkey to fk
-- does: post:AE | - | -
alter table post rename constraint post_author_id_fkey to fk;

-- case: alter table account rename constraint account_pkey to pk
-- does: account:AE | - | -
alter table account rename constraint account_pkey to pk;

-- case: alter table account add constraint k check (big > 0) not valid, validate constraint account_age_check
-- does: account:AE | - | account
alter table account add constraint k check (big > 0) not valid, validate constraint account_age_check;

-- case: alter table account add constraint k check (big > 0), add constraint l check (big < 1000)
-- does: account:AE | - | account
alter table account add constraint k check (big > 0), add constraint l check (big < 1000);

-- case: alter table event add constraint k check (id > 0)
-- does: event:AE event_1:AE | - | event_1
alter table event add constraint k check (id > 0);

-- case: alter table event add primary key (id, day)
-- does: event:AE event_1:AE | - | event_1
-- does 14 15 16 17: event:AE event_1:S | - | event_1
alter table event add primary key (id, day);

-- case: alter table event add unique (id, day)
-- does: event:AE event_1:AE | - | event_1
-- does 14 15 16 17: event:AE event_1:S | - | event_1
alter table event add unique (id, day);

-- case: alter table event add unique (id)
-- does: error 0A000
alter table event add unique (id);

-- case: alter table parent_table add constraint k check (id > 0)
-- does: child_table:AE parent_table:AE | - | child_table parent_table
alter table parent_table add constraint k check (id > 0);

-- case: alter table parent_table add constraint k check (id > 0) no inherit
-- does: child_table:AE parent_table:AE | - | parent_table
-- does 14 15 16 17: parent_table:AE | - | parent_table
alter table parent_table add constraint k check (id > 0) no inherit;

-- case: alter table archive.old_account drop constraint old_account_account_id_fkey
-- does: archive.old_account:AE account:AE | - | -
alter table archive.old_account drop constraint old_account_account_id_fkey;

-- case: alter table account validate constraint k
-- before: alter table account add constraint k not null big not valid;
-- does: account:SUE | - | account
-- does 14 15 16 17: before: error 42601
alter table account validate constraint k;

-- case: alter table note validate constraint k
-- before: alter table note add constraint k foreign key (post_id) references post (id) not valid;
-- does: note:SUE post:RS | - | note post
alter table note validate constraint k;

-- case: alter table account add primary key (big)
-- does: error 42P16
alter table account add primary key (big);

-- == indexes

-- case: create index on account (raw)
-- does: account:S | - | account
create index on account (raw);

-- case: create index i on account (raw, big desc)
-- does: account:S | - | account
create index i on account (raw, big desc);

-- case: create index if not exists account_age_idx on account (age)
-- does: account:S | - | -
create index if not exists account_age_idx on account (age);

-- case: create unique index i on account (big)
-- does: account:S | - | account
create unique index i on account (big);

-- case: create unique index i on account (paid)
-- does: error 23505
create unique index i on account (paid);

-- case: create index i on account (lower(raw))
-- does: account:S | - | account
create index i on account (lower(raw));

-- case: create index i on account (big) where paid
-- does: account:S | - | account
create index i on account (big) where paid;

-- case: create index i on account using gin (tags)
-- does: account:S | - | account
create index i on account using gin (tags);

-- case: create index i on account using gin (doc jsonb_path_ops)
-- does: account:S | - | account
create index i on account using gin (doc jsonb_path_ops);

-- case: create index i on account using hash (raw)
-- does: account:S | - | account
create index i on account using hash (raw);

-- case: create index i on account using brin (born)
-- does: account:S | - | account
create index i on account using brin (born);

-- case: create index i on account (big) include (raw)
-- does: account:S | - | account
create index i on account (big) include (raw);

-- case: create index concurrently i on account (raw)
-- does: outside of a transaction | - | -
create index concurrently i on account (raw);

-- case: create unique index concurrently i on account (big)
-- does: outside of a transaction | - | -
create unique index concurrently i on account (big);

-- case: create index concurrently if not exists account_age_idx on account (age)
-- does: outside of a transaction | - | -
create index concurrently if not exists account_age_idx on account (age);

-- case: create index i on event (id)
-- does: event:S event_1:S | - | event_1
create index i on event (id);

-- case: create index i on only event (id)
-- does: event:S | - | -
create index i on only event (id);

-- case: create index concurrently i on event (id)
-- does: error 0A000
create index concurrently i on event (id);

-- case: create index i on account_ages (age)
-- does: account_ages:S | - | account_ages
create index i on account_ages (age);

-- case: create index i on parent_table (id)
-- does: parent_table:S | - | parent_table
create index i on parent_table (id);

-- case: create index i on account_names (id)
-- does: error 42809
create index i on account_names (id);

-- case: create index i on account (random())
-- does: error 42P17
create index i on account (random());

-- case: drop index account_age_idx
-- does: account:AE | - | -
drop index account_age_idx;

-- case: drop index account_age_idx, account_name_idx
-- does: account:AE | - | -
drop index account_age_idx, account_name_idx;

-- case: drop index concurrently account_age_idx
-- does: outside of a transaction | - | -
drop index concurrently account_age_idx;

-- case: drop index concurrently if exists nothing
-- does: outside of a transaction | - | -
drop index concurrently if exists nothing;

-- case: drop index if exists nothing
-- does: - | - | -
drop index if exists nothing;

-- case: drop index post_author_id_idx
-- does: post:AE | - | -
drop index post_author_id_idx;

-- case: drop index account_pkey
-- does: error 2BP01
drop index account_pkey;

-- case: drop index post_id_account_id_key
-- does: error 2BP01
drop index post_id_account_id_key;

-- case: drop index account_email_key
-- does: account:AE | - | -
drop index account_email_key;

-- case: drop index account_ages_id_key
-- does: account_ages:AE | - | -
drop index account_ages_id_key;

-- case: reindex index account_age_idx
-- does: account:S | - | account
reindex index account_age_idx;

-- case: reindex index concurrently account_age_idx
-- does: outside of a transaction | - | -
reindex index concurrently account_age_idx;

-- case: reindex table account
-- does: account:S | - | account
reindex table account;

-- case: reindex table concurrently account
-- does: outside of a transaction | - | -
reindex table concurrently account;

-- case: reindex table post
-- does: post:S | - | post
reindex table post;

-- case: reindex schema archive
-- does: outside of a transaction | - | -
reindex schema archive;

-- case: alter index account_age_idx rename to i
-- does: - | - | -
alter index account_age_idx rename to i;

-- case: alter index account_age_idx set (fillfactor = 80)
-- does: - | - | -
alter index account_age_idx set (fillfactor = 80);

-- case: alter index account_age_idx set tablespace pg_default
-- does: - | - | -
alter index account_age_idx set tablespace pg_default;

-- case: alter index if exists nothing rename to i
-- does: - | - | -
alter index if exists nothing rename to i;

-- case: comment on index account_age_idx is 'c'
-- does: - | - | -
comment on index account_age_idx is 'c';

-- case: alter index account_age_idx alter column 1 set statistics 10
-- does: error 0A000
-- predicted: error: predicted nothing, observed 0A000
-- because: which parts of an index are expressions is not looked up there
alter index account_age_idx alter column 1 set statistics 10;

-- case: alter index event_day_idx attach partition event_1_day_idx2
-- before: create index event_day_idx on only event (day); create index event_1_day_idx2 on event_1 (day);
-- does: - | - | -
alter index event_day_idx attach partition event_1_day_idx2;

-- case: drop index event_i
-- before: create index event_i on event (id);
-- does: event:AE event_1:AE | - | -
drop index event_i;

-- == tables

-- case: create table t (id integer primary key)
-- does: - | - | -
create table t (id integer primary key);

-- case: create table t (id integer primary key, account_id integer references account (id))
-- does: account:SRE | - | -
create table t (id integer primary key, account_id integer references account (id));

-- case: create table t (id integer, a integer references account (id), b integer references post (id), c integer references employee (id))
-- does: account:SRE employee:SRE post:SRE | - | -
create table t (id integer, a integer references account (id), b integer references post (id), c integer references employee (id));

-- case: create table t (id integer primary key, parent integer references t (id))
-- does: - | - | -
create table t (id integer primary key, parent integer references t (id));

-- case: create table if not exists account (id integer)
-- does: - | - | -
create table if not exists account (id integer);

-- case: create table account (id integer)
-- does: error 42P07
create table account (id integer);

-- case: create table t (like account including all)
-- does: - | - | -
create table t (like account including all);

-- case: create table t () inherits (parent_table)
-- does: parent_table:SUE | - | -
create table t () inherits (parent_table);

-- case: create table t as select * from account
-- does: - | - | account
create table t as select * from account;

-- case: create table t as select * from account with no data
-- does: - | - | -
create table t as select * from account with no data;

-- case: create table t as select a.id from account a join post p on true
-- does: - | - | account post
create table t as select a.id from account a join post p on true;

-- case: select * into t from account
-- does: - | - | account
select * into t from account;

-- case: create temporary table t (id integer)
-- does: - | - | -
create temporary table t (id integer);

-- case: create unlogged table t (id integer references account (id))
-- does: account:SRE | - | -
create unlogged table t (id integer references account (id));

-- case: create table event_2 partition of event for values from (100) to (200)
-- does: event:AE | - | -
create table event_2 partition of event for values from (100) to (200);

-- case: create table record_2 partition of record for values from (100) to (200)
-- does: record:AE record_rest:AE | - | record_rest
create table record_2 partition of record for values from (100) to (200);

-- case: create table event_rest partition of event default
-- does: event:AE | - | -
create table event_rest partition of event default;

-- case: drop table plain
-- does: plain:AE | - | -
drop table plain;

-- case: drop table post
-- does: account:AE post:AE | - | -
drop table post;

-- case: drop table account
-- does: error 2BP01
drop table account;

-- case: drop table account cascade
-- does: archive.old_account:AE account:AE account_ages:AE account_names:AE post:AE | - | -
drop table account cascade;

-- case: drop table if exists nothing
-- does: - | - | -
drop table if exists nothing;

-- case: drop table plain, note
-- does: note:AE plain:AE | - | -
drop table plain, note;

-- case: drop table post, account
-- does: error 2BP01
drop table post, account;

-- case: drop table employee
-- does: employee:AE | - | -
drop table employee;

-- case: drop table archive.old_account
-- does: archive.old_account:AE account:AE | - | -
drop table archive.old_account;

-- case: drop table event
-- does: event:AE event_1:AE | - | -
drop table event;

-- case: drop table event_1
-- does: event:AE event_1:AE | - | -
drop table event_1;

-- case: drop table parent_table
-- does: error 2BP01
drop table parent_table;

-- case: drop table parent_table cascade
-- does: child_table:AE parent_table:AE | - | -
drop table parent_table cascade;

-- case: drop table child_table
-- does: child_table:AE | - | -
drop table child_table;

-- case: alter table account rename to user_account
-- does: account:AE | - | -
alter table account rename to user_account;

-- case: alter table post rename to article
-- does: post:AE | - | -
alter table post rename to article;

-- case: alter table if exists nothing rename to t
-- does: - | - | -
alter table if exists nothing rename to t;

-- case: alter table account rename column age to years
-- does: account:AE | - | -
alter table account rename column age to years;

-- case: alter table account rename age to years
-- does: account:AE | - | -
alter table account rename age to years;

-- case: alter table post rename column author_id to writer_id
-- does: post:AE | - | -
alter table post rename column author_id to writer_id;

-- case: alter table event rename column id to number
-- does: event:AE event_1:AE | - | -
alter table event rename column id to number;

-- case: alter table account set schema archive
-- does: account:AE | - | -
alter table account set schema archive;

-- case: alter table post set schema archive
-- does: post:AE | - | -
alter table post set schema archive;

-- case: truncate plain
-- does: plain:AE | plain | -
truncate plain;

-- case: truncate account
-- does: error 0A000
truncate account;

-- case: truncate account cascade
-- does: archive.old_account:AE account:AE post:AE | archive.old_account account post | archive.old_account account post
truncate account cascade;

-- case: truncate post
-- does: post:AE | post | post
truncate post;

-- case: truncate post, account
-- does: error 0A000
truncate post, account;

-- case: truncate plain restart identity
-- does: plain:AE | plain | -
truncate plain restart identity;

-- case: truncate event
-- does: event:AE event_1:AE | event_1 | -
truncate event;

-- case: truncate parent_table
-- does: child_table:AE parent_table:AE | child_table parent_table | -
truncate parent_table;

-- case: alter table plain set unlogged
-- does: plain:AE | plain | plain
alter table plain set unlogged;

-- case: alter table cache set logged
-- does: cache:AE | cache | cache
alter table cache set logged;

-- case: alter table plain set logged
-- does: plain:AE | - | -
alter table plain set logged;

-- case: alter table plain set tablespace pg_default
-- does: plain:AE | - | -
alter table plain set tablespace pg_default;

-- case: alter table plain set access method heap
-- does: plain:AE | - | -
-- does 14: error 42601
alter table plain set access method heap;

-- case: alter table account set (fillfactor = 70)
-- does: account:SUE | - | -
alter table account set (fillfactor = 70);

-- case: alter table account set (autovacuum_enabled = false)
-- does: account:SUE | - | -
alter table account set (autovacuum_enabled = false);

-- case: alter table account reset (fillfactor)
-- does: account:SUE | - | -
alter table account reset (fillfactor);

-- case: alter table account set without cluster
-- does: account:SUE | - | -
alter table account set without cluster;

-- case: alter table account cluster on account_age_idx
-- does: account:SUE | - | -
alter table account cluster on account_age_idx;

-- case: alter table account replica identity full
-- does: account:AE | - | -
alter table account replica identity full;

-- case: alter table account replica identity using index account_email_key
-- does: account:AE | - | -
alter table account replica identity using index account_email_key;

-- case: alter table account owner to current_user
-- does: account:AE | - | -
alter table account owner to current_user;

-- case: alter table account enable row level security
-- does: account:AE | - | -
alter table account enable row level security;

-- case: alter table post disable row level security
-- does: post:AE | - | -
alter table post disable row level security;

-- case: alter table account force row level security
-- does: account:AE | - | -
alter table account force row level security;

-- case: alter table account no force row level security
-- does: account:AE | - | -
alter table account no force row level security;

-- case: alter table account enable trigger account_touch
-- does: account:SRE | - | -
alter table account enable trigger account_touch;

-- case: alter table account disable trigger account_touch
-- does: account:SRE | - | -
alter table account disable trigger account_touch;

-- case: alter table account disable trigger all
-- does: account:SRE | - | -
alter table account disable trigger all;

-- case: alter table account enable always trigger account_touch
-- does: account:SRE | - | -
alter table account enable always trigger account_touch;

-- case: alter table cache disable rule no_delete
-- does: cache:AE | - | -
alter table cache disable rule no_delete;

-- case: alter table plain inherit parent_table
-- does: parent_table:SUE plain:AE | - | -
alter table plain inherit parent_table;

-- case: alter table child_table no inherit parent_table
-- does: child_table:AE | - | -
alter table child_table no inherit parent_table;

-- case: alter table event attach partition event_next for values from (200) to (300)
-- does: event:SUE event_next:AE | - | event_next
alter table event attach partition event_next for values from (200) to (300);

-- case: alter table event attach partition event_proven for values from (200) to (300)
-- does: event:SUE event_proven:AE | - | -
alter table event attach partition event_proven for values from (200) to (300);

-- case: alter table record attach partition record_next for values from (400) to (600)
-- does: record:SUE record_next:AE record_rest:AE | - | record_next record_rest
alter table record attach partition record_next for values from (400) to (600);

-- case: alter table event detach partition event_1
-- does: event:AE event_1:AE | - | -
alter table event detach partition event_1;

-- case: alter table event detach partition event_1 concurrently
-- does: outside of a transaction | - | -
alter table event detach partition event_1 concurrently;

-- case: alter table record detach partition record_rest
-- does: record:AE record_rest:AE | - | -
alter table record detach partition record_rest;

-- case: comment on table account is 'c'
-- does: account:SUE | - | -
comment on table account is 'c';

-- case: comment on column account.age is 'c'
-- does: account:SUE | - | -
comment on column account.age is 'c';

-- case: comment on constraint account_pkey on account is 'c'
-- does: - | - | -
comment on constraint account_pkey on account is 'c';

-- case: comment on view account_names is 'c'
-- does: account_names:SUE | - | -
comment on view account_names is 'c';

-- case: comment on trigger account_touch on account is 'c'
-- does: - | - | -
comment on trigger account_touch on account is 'c';

-- case: comment on policy readable on post is 'c'
-- does: - | - | -
comment on policy readable on post is 'c';

-- case: comment on type color is 'c'
-- does: - | - | -
comment on type color is 'c';

-- case: grant select on account to public
-- does: - | - | -
grant select on account to public;

-- case: revoke all on account, post from public
-- does: - | - | -
revoke all on account, post from public;

-- case: grant usage on schema archive to public
-- does: - | - | -
grant usage on schema archive to public;

-- case: lock table account
-- does: account:AE | - | -
lock table account;

-- case: lock table account in share mode
-- does: account:S | - | -
lock table account in share mode;

-- case: lock table account, post in access exclusive mode
-- does: account:AE post:AE | - | -
lock table account, post in access exclusive mode;

-- case: lock table event in row exclusive mode
-- does: event:RE event_1:RE | - | -
lock table event in row exclusive mode;

-- == views, functions, triggers, policies and other objects

-- case: create view v as select * from account
-- does: - | - | -
create view v as select * from account;

-- case: create or replace view account_names as select id, name from account
-- does: account_names:AE | - | -
create or replace view account_names as select id, name from account;

-- case: create or replace view account_names as select id, name, age from account
-- does: account_names:AE | - | -
create or replace view account_names as select id, name, age from account;

-- case: create or replace view account_names as select id from account
-- does: error 42P16
create or replace view account_names as select id from account;

-- case: create materialized view m as select count(*) from account
-- does: - | - | account
create materialized view m as select count(*) from account;

-- case: create materialized view m as select * from post with no data
-- does: - | - | -
create materialized view m as select * from post with no data;

-- case: drop view account_names
-- does: account_names:AE | - | -
drop view account_names;

-- case: drop view if exists nothing
-- does: - | - | -
drop view if exists nothing;

-- case: drop materialized view account_ages
-- does: account_ages:AE | - | -
drop materialized view account_ages;

-- case: alter view account_names rename to n
-- does: account_names:AE | - | -
alter view account_names rename to n;

-- case: alter view account_names rename column name to label
-- does: account_names:AE | - | -
alter view account_names rename column name to label;

-- case: alter view account_names set schema archive
-- does: account_names:AE | - | -
alter view account_names set schema archive;

-- case: alter view account_names owner to current_user
-- does: account_names:AE | - | -
alter view account_names owner to current_user;

-- case: alter materialized view account_ages rename to n
-- does: account_ages:AE | - | -
alter materialized view account_ages rename to n;

-- case: refresh materialized view account_ages
-- does: account_ages:AE | account_ages | account account_ages
refresh materialized view account_ages;

-- case: refresh materialized view account_ages with no data
-- does: account_ages:AE | account_ages | account_ages
refresh materialized view account_ages with no data;

-- case: refresh materialized view concurrently account_ages
-- does: account_ages:EX | - | account account_ages
refresh materialized view concurrently account_ages;

-- case: create function f() returns integer language sql as 'select 1'
-- does: - | - | -
create function f() returns integer language sql as 'select 1';

-- case: create or replace function touch() returns trigger language plpgsql as 'begin return old; end'
-- does: - | - | -
create or replace function touch() returns trigger language plpgsql as 'begin return old; end';

-- case: drop function steady()
-- does: - | - | -
drop function steady();

-- case: drop function touch()
-- does: error 2BP01
drop function touch();

-- case: drop function touch() cascade
-- does: account:AE | - | -
drop function touch() cascade;

-- case: create trigger t after insert on post for each row execute function touch()
-- does: post:SRE | - | -
create trigger t after insert on post for each row execute function touch();

-- case: create or replace trigger account_touch before update on account for each row execute function touch()
-- does: account:SRE | - | -
create or replace trigger account_touch before update on account for each row execute function touch();

-- case: create constraint trigger t after insert on post deferrable for each row execute function touch()
-- does: post:SRE | - | -
create constraint trigger t after insert on post deferrable for each row execute function touch();

-- case: create trigger t after insert on event for each row execute function touch()
-- does: event:SRE event_1:SRE | - | -
create trigger t after insert on event for each row execute function touch();

-- case: drop trigger account_touch on account
-- does: account:AE | - | -
drop trigger account_touch on account;

-- case: drop trigger if exists nothing on account
-- does: - | - | -
drop trigger if exists nothing on account;

-- case: alter trigger account_touch on account rename to t
-- does: account:AE | - | -
alter trigger account_touch on account rename to t;

-- case: create policy p on account for all using (true)
-- does: account:AE | - | -
create policy p on account for all using (true);

-- case: create policy p on post using (exists (select 1 from account where account.id = author_id))
-- does: post:AE | - | -
create policy p on post using (exists (select 1 from account where account.id = author_id));

-- case: alter policy readable on post using (false)
-- does: post:AE | - | -
alter policy readable on post using (false);

-- case: alter policy readable on post rename to r
-- does: post:AE | - | -
alter policy readable on post rename to r;

-- case: drop policy readable on post
-- does: post:AE | - | -
drop policy readable on post;

-- case: create rule r as on insert to plain do also select 1
-- does: plain:AE | - | -
create rule r as on insert to plain do also select 1;

-- case: create rule r as on insert to plain do also insert into note values (1, 1, 'x')
-- does: note:RE plain:AE | - | -
create rule r as on insert to plain do also insert into note values (1, 1, 'x');

-- case: drop rule no_delete on cache
-- does: cache:AE | - | -
drop rule no_delete on cache;

-- case: create statistics s on age, big from account
-- does: account:SUE | - | -
create statistics s on age, big from account;

-- case: drop statistics account_stats
-- does: account:SUE | - | -
drop statistics account_stats;

-- case: create publication p for table account
-- does: account:SUE | - | -
create publication p for table account;

-- case: alter publication changes add table post
-- does: post:SUE | - | -
alter publication changes add table post;

-- case: alter publication changes drop table topic
-- does: topic:SUE | - | -
alter publication changes drop table topic;

-- case: alter publication changes set table post
-- does: post:SUE topic:SUE | - | -
alter publication changes set table post;

-- case: drop publication changes
-- does: - | - | -
drop publication changes;

-- case: create sequence s
-- does: - | - | -
create sequence s;

-- case: create sequence s owned by account.age
-- does: - | - | -
create sequence s owned by account.age;

-- case: alter sequence counter owned by account.id
-- does: - | - | -
alter sequence counter owned by account.id;

-- case: alter sequence counter restart with 5
-- does: - | - | -
alter sequence counter restart with 5;

-- case: drop sequence counter
-- does: - | - | -
drop sequence counter;

-- case: create schema s
-- does: - | - | -
create schema s;

-- case: drop schema archive
-- does: error 2BP01
drop schema archive;

-- case: drop schema archive cascade
-- does: archive.old_account:AE account:AE | - | -
drop schema archive cascade;

-- case: alter schema archive rename to old
-- does: - | - | -
alter schema archive rename to old;

-- case: create extension if not exists pgcrypto
-- does: - | - | -
create extension if not exists pgcrypto;

-- case: create extension citext
-- does: - | - | -
create extension citext;

-- case: create type t as enum ('a')
-- does: - | - | -
create type t as enum ('a');

-- case: create type t as (a integer)
-- does: - | - | -
create type t as (a integer);

-- case: alter type color add value 'black'
-- does: - | - | -
alter type color add value 'black';

-- case: alter type color add value if not exists 'red'
-- does: - | - | -
alter type color add value if not exists 'red';

-- case: alter type color rename value 'red' to 'crimson'
-- does: - | - | -
alter type color rename value 'red' to 'crimson';

-- case: alter type color rename to paint
-- does: - | - | -
alter type color rename to paint;

-- case: alter type color set schema archive
-- does: - | - | -
alter type color set schema archive;

-- case: drop type color
-- does: error 2BP01
drop type color;

-- case: drop type color cascade
-- does: account:AE | - | -
drop type color cascade;

-- case: create domain d as text check (value <> '')
-- does: - | - | -
create domain d as text check (value <> '');

-- case: alter domain positive add constraint c check (value < 100)
-- does: account:S | - | account
alter domain positive add constraint c check (value < 100);

-- case: alter domain positive add constraint c check (value < 100) not valid
-- does: - | - | -
alter domain positive add constraint c check (value < 100) not valid;

-- case: alter domain positive drop constraint positive_check
-- does: - | - | -
alter domain positive drop constraint positive_check;

-- case: alter domain positive set not null
-- does: account:S | - | account
alter domain positive set not null;

-- case: alter domain positive drop not null
-- does: - | - | -
alter domain positive drop not null;

-- case: alter domain positive set default 1
-- does: - | - | -
alter domain positive set default 1;

-- case: alter domain plain_integer set not null
-- does: account:S | - | account
alter domain plain_integer set not null;

-- case: drop domain plain_integer
-- does: error 2BP01
drop domain plain_integer;

-- case: drop domain positive cascade
-- does: account:AE | - | -
drop domain positive cascade;

-- case: alter domain positive validate constraint c
-- before: alter domain positive add constraint c check (value < 100) not valid;
-- does: account:S | - | account
alter domain positive validate constraint c;

-- == rows

-- case: insert into plain values (2, 'b')
-- does: plain:RE | - | -
insert into plain values (2, 'b');

-- case: insert into post (id, author_id) values (100, 1)
-- does: account:RS post:RE | - | -
insert into post (id, author_id) values (100, 1);

-- case: insert into post (id, author_id) select id + 1000, id from account
-- does: account:RS post:RE | - | account
insert into post (id, author_id) select id + 1000, id from account;

-- case: insert into plain select id, email from account
-- does: plain:RE | - | account
insert into plain select id, email from account;

-- case: insert into account (id, email, name) values (1, 'x', 'n') on conflict do nothing
-- does: account:RE | - | -
insert into account (id, email, name) values (1, 'x', 'n') on conflict do nothing;

-- case: insert into account (id, email, name) values (1, 'x', 'n') on conflict (id) do update set age = 5
-- does: account:RE | - | -
insert into account (id, email, name) values (1, 'x', 'n') on conflict (id) do update set age = 5;

-- case: update account set raw = 'x'
-- does: account:RE | - | account
update account set raw = 'x';

-- case: update account set age = age + 1 where raw is null
-- does: account:RE | - | account
update account set age = age + 1 where raw is null;

-- case: update note set id = id + 1000
-- does: note:RE | - | note
update note set id = id + 1000;

-- case: update post set author_id = 2
-- does: account:RS post:RE | - | post
update post set author_id = 2;

-- case: update post set account_id = null where not exists (select 1 from account where account.id = post.account_id)
-- does: post:RE | - | account post
update post set account_id = null where not exists (select 1 from account where account.id = post.account_id);

-- case: update post set title = account.name from account where account.id = post.author_id
-- does: post:RE | - | account post
update post set title = account.name from account where account.id = post.author_id;

-- case: update plain set id = 2 where id in (select id from note)
-- does: plain:RE | - | note plain
update plain set id = 2 where id in (select id from note);

-- case: update event set id = 5
-- does: event:RE event_1:RE | - | event_1
update event set id = 5;

-- case: delete from plain
-- does: plain:RE | - | plain
delete from plain;

-- case: delete from note where post_id not in (select id from post)
-- does: note:RE | - | note post
delete from note where post_id not in (select id from post);

-- case: delete from note where not exists (select 1 from post where post.id = note.post_id)
-- does: note:RE | - | note post
delete from note where not exists (select 1 from post where post.id = note.post_id);

-- case: delete from note using post where post.id = note.post_id
-- does: note:RE | - | note post
delete from note using post where post.id = note.post_id;

-- case: delete from account
-- does: error 23503
delete from account;

-- case: delete from employee
-- does: employee:RE | - | employee
delete from employee;

-- case: delete from post
-- does: post:RE | - | post
delete from post;

-- case: delete from cache
-- does: cache:RE | - | -
delete from cache;

-- case: with gone as (delete from note returning *) insert into plain select id, body from gone
-- does: note:RE plain:RE | - | note
with gone as (delete from note returning *) insert into plain select id, body from gone;

-- case: merge into plain using note on plain.id = note.id when matched then update set word = 'x' when not matched then insert values (note.id, 'y')
-- does: plain:RE | - | note plain
-- does 14: error 42601
merge into plain using note on plain.id = note.id when matched then update set word = 'x' when not matched then insert values (note.id, 'y');

-- case: select * from account
-- does: - | - | account
select * from account;

-- case: select * from account for update
-- does: account:RS | - | account
select * from account for update;

-- case: select count(*) from account a join post p on p.author_id = a.id
-- does: - | - | account post
select count(*) from account a join post p on p.author_id = a.id;

-- case: select setval('counter', 10)
-- does: - | - | -
select setval('counter', 10);

-- case: select nextval('counter')
-- does: - | - | -
select nextval('counter');

-- case: select set_config('search_path', 'public', false)
-- does: - | - | -
select set_config('search_path', 'public', false);

-- case: copy (select * from account) to '/dev/null'
-- does: - | - | account
copy (select * from account) to '/dev/null';

-- case: do $$ begin update account set raw = 'x'; end $$
-- does: account:RE | - | account
do $$ begin update account set raw = 'x'; end $$;

-- case: do $$ begin if exists (select 1 from plain) then delete from plain; end if; end $$
-- does: plain:RE | - | plain
do $$ begin if exists (select 1 from plain) then delete from plain; end if; end $$;

-- case: do $$ begin execute 'alter table account add column x integer'; end $$
-- does: account:AE | - | -
do $$ begin execute 'alter table account add column x integer'; end $$;

-- case: do $$ begin alter table account add column x integer; end $$
-- does: account:AE | - | -
do $$ begin alter table account add column x integer; end $$;

-- == maintenance, session, transactions

-- case: vacuum
-- does: outside of a transaction | - | -
vacuum;

-- case: vacuum account
-- does: outside of a transaction | - | -
vacuum account;

-- case: vacuum full account
-- does: outside of a transaction | account | -
vacuum full account;

-- case: vacuum (full) account
-- does: outside of a transaction | account | -
vacuum (full) account;

-- case: analyze account
-- does: account:SUE | - | -
analyze account;

-- case: analyze
-- does: archive.old_account:SUE account:SUE account_ages:SUE cache:SUE child_table:SUE employee:SUE event:SUE event_1:SUE event_next:SUE event_proven:SUE note:SUE parent_table:SUE plain:SUE post:SUE record:SUE record_next:SUE record_rest:SUE topic:SUE | - | -
analyze;

-- case: cluster account using account_age_idx
-- does: account:AE | account | account
cluster account using account_age_idx;

-- case: cluster
-- does: outside of a transaction | - | -
cluster;

-- case: set lock_timeout = '2s'
-- does: - | - | -
set lock_timeout = '2s';

-- case: set local lock_timeout = '2s'
-- does: - | - | -
set local lock_timeout = '2s';

-- case: set statement_timeout to default
-- does: - | - | -
set statement_timeout to default;

-- case: reset lock_timeout
-- does: - | - | -
reset lock_timeout;

-- case: begin
-- does: - | - | -
begin;

-- case: commit
-- does: - | - | -
commit;

-- case: create role someone
-- does: - | - | -
create role someone;

-- case: alter system set work_mem = '8MB'
-- does: outside of a transaction | - | -
alter system set work_mem = '8MB';

-- case: checkpoint
-- does: - | - | -
checkpoint;

-- case: listen channel
-- does: - | - | -
listen channel;

-- case: notify channel
-- does: - | - | -
notify channel;

-- case: discard plans
-- does: - | - | -
discard plans;

-- case: create collation german (locale = 'C')
-- does: - | - | -
create collation german (locale = 'C');

-- == partitions and their keys

-- case: alter table measure add column x integer default 1 (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE | - | -
alter table measure add column x integer default 1;

-- case: alter table measure drop column post_ref (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE | - | -
alter table measure drop column post_ref;

-- case: alter table measure alter column post_ref set not null (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE | - | measure_1 measure_2_a
alter table measure alter column post_ref set not null;

-- case: alter table measure alter column post_ref type bigint (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE | measure_1 measure_2_a | measure_1 measure_2_a
alter table measure alter column post_ref type bigint;

-- case: alter table measure add constraint fk foreign key (post_ref) references post (id) (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:SRE measure_1:SRE measure_2:SRE measure_2_a:SRE post:SRE | - | measure_1 measure_2_a post
alter table measure add constraint fk foreign key (post_ref) references post (id);

-- case: alter table measure add constraint fk foreign key (post_ref) references post (id) not valid (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:SRE measure_1:SRE measure_2:SRE measure_2_a:SRE post:SRE | - | -
-- does 14 15 16 17: error 42809
alter table measure add constraint fk foreign key (post_ref) references post (id) not valid;

-- case: create index on measure (day) (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:S measure_1:S measure_2:S measure_2_a:S | - | measure_1 measure_2_a
create index on measure (day);

-- case: create index on only measure (day) (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:S | - | -
create index on only measure (day);

-- case: create unique index on measure (day, id) (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:S measure_1:S measure_2:S measure_2_a:S | - | measure_1 measure_2_a
create unique index on measure (day, id);

-- case: drop index measure_post (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE | - | -
drop index measure_post;

-- case: drop index measure_1_post_ref_idx (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: error 2BP01
-- predicted: error: predicted nothing, observed 2BP01
-- because: which index belongs to which one of the partitioned table is not in the catalog
drop index measure_1_post_ref_idx;

-- case: alter table measure drop constraint measure_pkey (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE | - | -
alter table measure drop constraint measure_pkey;

-- case: alter table measure rename column post_ref to p (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE | - | -
alter table measure rename column post_ref to p;

-- case: alter table measure rename to m (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE | - | -
alter table measure rename to m;

-- case: create table measure_3 partition of measure for values from (200) to (300) (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE | - | -
create table measure_3 partition of measure for values from (200) to (300);

-- case: create table measure_2_b partition of measure_2 for values from (100) to (200) (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure_2:AE | - | -
create table measure_2_b partition of measure_2 for values from (100) to (200);

-- case: create table measure_rest partition of measure default (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE | - | -
create table measure_rest partition of measure default;

-- case: drop table measure_1 (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE measure_1:AE | - | -
drop table measure_1;

-- case: drop table measure_2 (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE measure_2:AE measure_2_a:AE | - | -
drop table measure_2;

-- case: drop table measure (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE | - | -
drop table measure;

-- case: truncate measure (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE | measure_1 measure_2_a | measure_1 measure_2_a
truncate measure;

-- case: truncate measure_2 (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure_2:AE measure_2_a:AE | measure_2_a | measure_2_a
truncate measure_2;

-- case: alter table measure detach partition measure_1 (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE measure_1:AE | - | -
alter table measure detach partition measure_1;

-- case: alter table measure add check (id > 0) (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE | - | measure_1 measure_2_a
alter table measure add check (id > 0);

-- case: delete from measure (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:RE measure_1:RE measure_2:RE measure_2_a:RE | - | measure_1 measure_2_a
delete from measure;

-- case: update measure set post_ref = 1 (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:RE measure_1:RE measure_2:RE measure_2_a:RE | - | measure_1 measure_2_a
update measure set post_ref = 1;

-- case: select * from measure (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: - | - | measure_1 measure_2_a
select * from measure;

-- case: insert into measure values (3, 3, 3) (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:RE measure_1:RE | - | -
insert into measure values (3, 3, 3);

-- case: vacuum measure (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: outside of a transaction | - | -
vacuum measure;

-- case: analyze measure (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:SUE measure_1:SUE measure_2:SUE measure_2_a:SUE | - | -
analyze measure;

-- case: alter table measure_1 add check (id > 0) (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure_1:AE | - | measure_1
alter table measure_1 add check (id > 0);

-- case: alter table measure_1 alter column post_ref set not null (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure_1:AE | - | measure_1
alter table measure_1 alter column post_ref set not null;

-- case: alter table measure alter column day type bigint (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: error 42P16
alter table measure alter column day type bigint;

-- case: reindex table measure (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: outside of a transaction | - | -
reindex table measure;

-- case: reindex index measure_post (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: outside of a transaction | - | -
reindex index measure_post;

-- case: lock table measure in share mode (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:S measure_1:S measure_2:S measure_2_a:S | - | -
lock table measure in share mode;

-- case: create trigger t after insert on measure for each statement execute function touch() (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:SRE | - | -
create trigger t after insert on measure for each statement execute function touch();

-- case: create trigger t after insert on measure for each row execute function touch() (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:SRE measure_1:SRE measure_2:SRE measure_2_a:SRE | - | -
create trigger t after insert on measure for each row execute function touch();

-- case: comment on table measure is 'c' (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:SUE | - | -
comment on table measure is 'c';

-- case: alter table measure owner to current_user (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE | - | -
alter table measure owner to current_user;

-- case: alter table measure add unique (id, day, post_ref) (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE | - | measure_1 measure_2_a
-- does 14 15 16 17: measure:AE measure_1:S measure_2:S measure_2_a:S | - | measure_1 measure_2_a
alter table measure add unique (id, day, post_ref);

-- case: alter table measure enable row level security (partitions)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1);
-- does: measure:AE | - | -
alter table measure enable row level security;

-- case: alter table measure drop constraint measure_fk (partitions with foreign keys)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint measure_fk foreign key (post_ref) references post (id); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE post:AE | - | -
alter table measure drop constraint measure_fk;

-- case: alter table reading drop constraint reading_fk (partitions with foreign keys)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint measure_fk foreign key (post_ref) references post (id); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE reading:AE | - | -
-- does 14: measure:AE measure_1:AE measure_2_a:AE reading:AE | - | -
alter table reading drop constraint reading_fk;

-- case: drop table measure (partitions with foreign keys)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint measure_fk foreign key (post_ref) references post (id); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day);
-- does: error 2BP01
drop table measure;

-- case: drop table measure cascade (partitions with foreign keys)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint measure_fk foreign key (post_ref) references post (id); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE post:AE reading:AE | - | -
drop table measure cascade;

-- case: drop table measure_1 (partitions with foreign keys)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint measure_fk foreign key (post_ref) references post (id); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day);
-- does: error 2BP01
drop table measure_1;

-- case: drop table reading (partitions with foreign keys)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint measure_fk foreign key (post_ref) references post (id); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE reading:AE | - | -
-- does 14: measure_1:AE measure_2_a:AE reading:AE | - | -
drop table reading;

-- case: alter table measure detach partition measure_1 (partitions with foreign keys)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint measure_fk foreign key (post_ref) references post (id); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day);
-- does: error 23503
alter table measure detach partition measure_1;

-- case: create table measure_3 partition of measure for values from (200) to (300) (partitions with foreign keys)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint measure_fk foreign key (post_ref) references post (id); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day);
-- does: measure:AE post:SRE reading:SRE | - | -
-- does 14: measure:AE post:SRE | - | -
create table measure_3 partition of measure for values from (200) to (300);

-- case: alter table measure drop column post_ref (partitions with foreign keys)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint measure_fk foreign key (post_ref) references post (id); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE post:AE | - | -
alter table measure drop column post_ref;

-- case: truncate measure, reading (partitions with foreign keys)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint measure_fk foreign key (post_ref) references post (id); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE reading:AE | measure_1 measure_2_a reading | measure_1 measure_2_a
truncate measure, reading;

-- case: truncate measure cascade (partitions with foreign keys)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint measure_fk foreign key (post_ref) references post (id); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE reading:AE | measure_1 measure_2_a reading | measure_1 measure_2_a
truncate measure cascade;

-- case: alter table reading alter column m_id type bigint (partitions with foreign keys)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint measure_fk foreign key (post_ref) references post (id); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day);
-- does: measure:AE measure_1:AE measure_2:AE measure_2_a:AE reading:AE | reading | reading
-- does 14: measure:SRE measure_1:AE measure_2:SRE measure_2_a:AE reading:AE | reading | measure_1 measure_2_a reading
-- does 15: measure:AE measure_1:AE measure_2:AE measure_2_a:AE reading:AE | reading | measure_1 measure_2_a reading
alter table reading alter column m_id type bigint;

-- case: drop table post cascade (partitions with foreign keys)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint measure_fk foreign key (post_ref) references post (id); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day);
-- does: account:AE measure:AE measure_1:AE measure_2:AE measure_2_a:AE post:AE | - | -
drop table post cascade;

-- case: alter table measure attach partition late for values from (300) to (400)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint measure_fk foreign key (post_ref) references post (id); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day); create table late (id integer not null, day integer not null, post_ref integer); insert into late values (5, 305, 1);
-- does: late:AE measure:SUE post:SRE reading:SRE | - | late
-- does 14: late:AE measure:SUE post:SRE | - | late
alter table measure attach partition late for values from (300) to (400);

-- case: alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day)
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1);
-- does: measure:SRE measure_1:SRE measure_2:SRE measure_2_a:SRE reading:SRE | - | reading
-- does 14 15: measure:SRE measure_1:SRE measure_2:SRE measure_2_a:SRE reading:SRE | - | measure_1 measure_2_a reading
alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day);

-- case: alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day) not valid
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1);
-- does: measure:SRE measure_1:SRE measure_2:SRE measure_2_a:SRE reading:SRE | - | -
alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day) not valid;

-- case: alter table reading validate constraint reading_fk
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); create table reading (id integer, m_id integer, m_day integer); insert into reading values (1, 1, 1); alter table reading add constraint reading_fk foreign key (m_id, m_day) references measure (id, day) not valid;
-- does: measure:RS reading:SUE | - | reading
-- does 14 15: measure:RS reading:SUE | - | measure_1 measure_2_a reading
alter table reading validate constraint reading_fk;

-- case: alter table measure validate constraint fk
-- before: create table measure (id integer not null, day integer not null, post_ref integer, primary key (id, day)) partition by range (day); create table measure_1 partition of measure for values from (0) to (100); create table measure_2 partition of measure for values from (100) to (200) partition by range (id); create table measure_2_a partition of measure_2 for values from (0) to (100); create index measure_post on measure (post_ref); insert into measure values (1, 1, 1), (2, 101, 1); alter table measure add constraint fk foreign key (post_ref) references post (id) not valid;
-- does: measure:SUE measure_1:SUE measure_2:SUE measure_2_a:SUE post:RS | - | measure_1 measure_2_a post
-- does 14 15 16 17: before: error 42809
alter table measure validate constraint fk;

-- == inheritance and self references

-- case: alter table base drop column name (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE deeper:AE derived:AE | - | -
alter table base drop column name;

-- case: alter table base alter column name set not null (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE deeper:AE derived:AE | - | base deeper derived
alter table base alter column name set not null;

-- case: alter table base alter column name type varchar(20) (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE deeper:AE derived:AE | base deeper derived | base deeper derived
alter table base alter column name type varchar(20);

-- case: alter table base rename column name to title (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE deeper:AE derived:AE | - | -
alter table base rename column name to title;

-- case: alter table base add unique (name) (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE deeper:AE derived:AE | - | base
-- does 14 15 16 17: base:AE | - | base
alter table base add unique (name);

-- case: alter table base add check (id > 0) (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE deeper:AE derived:AE | - | base deeper derived
alter table base add check (id > 0);

-- case: alter table base add column x uuid default gen_random_uuid() (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE deeper:AE derived:AE | base deeper derived | base deeper derived
alter table base add column x uuid default gen_random_uuid();

-- case: create index on base (name) (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:S | - | base
create index on base (name);

-- case: drop table derived (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: error 2BP01
drop table derived;

-- case: drop table derived cascade (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: deeper:AE derived:AE | - | -
drop table derived cascade;

-- case: drop table deeper (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: deeper:AE | - | -
drop table deeper;

-- case: truncate base (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE deeper:AE derived:AE | base deeper derived | base
truncate base;

-- case: truncate only base (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE | base | base
truncate only base;

-- case: delete from base (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:RE deeper:RE derived:RE | - | base deeper derived
delete from base;

-- case: delete from only base (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:RE | - | base
delete from only base;

-- case: update base set name = 'x' (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:RE deeper:RE derived:RE | - | base deeper derived
update base set name = 'x';

-- case: select * from base (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: - | - | base deeper derived
select * from base;

-- case: alter table derived no inherit base (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: derived:AE | - | -
alter table derived no inherit base;

-- case: alter table base alter column name set default 'x' (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE deeper:AE derived:AE | - | -
alter table base alter column name set default 'x';

-- case: alter table base rename to root (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE | - | -
alter table base rename to root;

-- case: lock table base in share mode (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:S deeper:S derived:S | - | -
lock table base in share mode;

-- case: analyze base (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:SUE deeper:SUE derived:SUE | - | -
-- does 14 15 16 17: base:SUE | - | -
analyze base;

-- case: alter table base drop constraint base_pkey (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE | - | -
alter table base drop constraint base_pkey;

-- case: alter table base enable row level security (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE | - | -
alter table base enable row level security;

-- case: alter table only base alter column name set default 'x' (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE | - | -
alter table only base alter column name set default 'x';

-- case: alter table only base drop column name (inheritance)
-- before: create table base (id integer primary key, name text); create table derived (extra integer) inherits (base); create table deeper () inherits (derived); insert into base values (1, 'a'); insert into derived values (2, 'b', 1); insert into deeper values (3, 'c', 1);
-- does: base:AE derived:AE | - | -
alter table only base drop column name;

-- case: alter table employee alter column boss_id set not null
-- does: error 23502
alter table employee alter column boss_id set not null;

-- case: alter table employee rename column boss_id to lead_id
-- does: employee:AE | - | -
alter table employee rename column boss_id to lead_id;

-- case: alter table employee drop column id cascade
-- does: employee:AE | - | -
alter table employee drop column id cascade;

-- case: truncate employee
-- does: employee:AE | employee | employee
truncate employee;

-- case: delete from employee where id = 2
-- does: employee:RE | - | employee
delete from employee where id = 2;

-- case: alter table employee drop constraint employee_boss_id_fkey, add constraint employee_boss_id_fkey foreign key (boss_id) references employee (id) on delete cascade
-- does: employee:AE | - | employee
alter table employee drop constraint employee_boss_id_fkey, add constraint employee_boss_id_fkey foreign key (boss_id) references employee (id) on delete cascade;

-- case: alter table employee add column lead_id integer references employee (id)
-- does: employee:AE | - | -
alter table employee add column lead_id integer references employee (id);

-- case: insert into employee values (3, 1)
-- does: employee:RE | - | -
insert into employee values (3, 1);

-- == several actions

-- case: alter table plain add column post_id integer, add constraint plain_post foreign key (post_id) references post (id)
-- does: plain:AE post:SRE | - | plain
alter table plain add column post_id integer, add constraint plain_post foreign key (post_id) references post (id);

-- case: alter table plain add column post_id integer default 1, add constraint plain_post foreign key (post_id) references post (id)
-- does: plain:AE post:SRE | - | plain post
alter table plain add column post_id integer default 1, add constraint plain_post foreign key (post_id) references post (id);

-- case: alter table plain add column k integer not null default 1, add primary key (id)
-- does: plain:AE | - | plain
alter table plain add column k integer not null default 1, add primary key (id);

-- case: alter table plain add column s serial, add unique (s)
-- does: plain:AE | plain | plain
alter table plain add column s serial, add unique (s);

-- case: alter table plain alter column id type bigint, alter column id set default 1, alter column id set not null
-- does: plain:AE | plain | plain
alter table plain alter column id type bigint, alter column id set default 1, alter column id set not null;

-- case: alter table plain alter column word type varchar(10), alter column word set not null
-- does: plain:AE | plain | plain
alter table plain alter column word type varchar(10), alter column word set not null;

-- case: alter table plain drop column word, add column word integer not null default 0
-- does: plain:AE | - | -
alter table plain drop column word, add column word integer not null default 0;

-- case: alter table post drop constraint post_author_id_fkey, drop column author_id
-- does: account:AE post:AE | - | -
alter table post drop constraint post_author_id_fkey, drop column author_id;

-- case: alter table post alter column author_id drop not null, alter column author_id type bigint
-- does: account:AE post:AE | post | account post
alter table post alter column author_id drop not null, alter column author_id type bigint;

-- case: alter table post drop constraint post_pkey cascade, add primary key (id)
-- does: post:AE | - | post
alter table post drop constraint post_pkey cascade, add primary key (id);

-- case: alter table account add column nick text, add constraint nick_key unique (nick), add check (nick <> '')
-- does: account:AE | - | account
alter table account add column nick text, add constraint nick_key unique (nick), add check (nick <> '');

-- case: alter table account add constraint raw_present check (raw is not null), alter column raw set not null
-- does: account:AE | - | account
alter table account add constraint raw_present check (raw is not null), alter column raw set not null;

-- case: alter table plain add column u uuid default gen_random_uuid(), alter column u drop default
-- does: error 42703
-- predicted: error: predicted nothing, observed 42703
-- because: the actions of one ALTER TABLE run in passes, and DROP DEFAULT comes before ADD COLUMN
alter table plain add column u uuid default gen_random_uuid(), alter column u drop default;

-- case: alter table plain alter column id set not null, add primary key (id)
-- does: plain:AE | - | plain
alter table plain alter column id set not null, add primary key (id);

-- case: alter table plain set unlogged, add column x integer
-- does: plain:AE | plain | plain
alter table plain set unlogged, add column x integer;

-- == there or not

-- case: alter table if exists account add column if not exists raw text
-- does: account:AE | - | -
alter table if exists account add column if not exists raw text;

-- case: alter table if exists nothing_there drop column x
-- does: - | - | -
alter table if exists nothing_there drop column x;

-- case: alter table if exists nothing_there rename to x
-- does: - | - | -
alter table if exists nothing_there rename to x;

-- case: alter table if exists nothing_there rename column a to b
-- does: - | - | -
alter table if exists nothing_there rename column a to b;

-- case: alter index if exists nothing_there rename to x
-- does: - | - | -
alter index if exists nothing_there rename to x;

-- case: alter table account drop constraint if exists nothing
-- does: account:AE | - | -
alter table account drop constraint if exists nothing;

-- case: alter table account add column if not exists fresh text
-- does: account:AE | - | -
alter table account add column if not exists fresh text;

-- case: create table if not exists fresh (id integer references account (id))
-- does: account:SRE | - | -
create table if not exists fresh (id integer references account (id));

-- case: create materialized view if not exists account_ages as select * from plain
-- does: - | - | -
create materialized view if not exists account_ages as select * from plain;

-- case: create view account_names as select 1
-- does: error 42P07
create view account_names as select 1;

-- case: drop view if exists nothing_there
-- does: - | - | -
drop view if exists nothing_there;

-- case: drop policy if exists nothing on post
-- does: - | - | -
drop policy if exists nothing on post;

-- case: drop rule if exists nothing on cache
-- does: - | - | -
drop rule if exists nothing on cache;

-- case: drop sequence if exists nothing_there
-- does: - | - | -
drop sequence if exists nothing_there;

-- case: drop function if exists nothing_there()
-- does: - | - | -
drop function if exists nothing_there();

-- case: drop table if exists nothing_there, plain
-- does: plain:AE | - | -
drop table if exists nothing_there, plain;

-- case: drop index if exists nothing_there
-- does: - | - | -
drop index if exists nothing_there;

-- case: create schema if not exists archive
-- does: - | - | -
create schema if not exists archive;

-- case: drop schema if exists nothing_there
-- does: - | - | -
drop schema if exists nothing_there;

-- case: drop trigger if exists t on nothing_there
-- does: - | - | -
drop trigger if exists t on nothing_there;

-- case: alter view if exists nothing_there rename to x
-- does: - | - | -
alter view if exists nothing_there rename to x;

-- == views over views

-- case: drop view titles (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: error 2BP01
drop view titles;

-- case: drop view titles cascade (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: deep:AE titles:AE | - | -
drop view titles cascade;

-- case: drop view posts cascade (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: deep:AE posts:AE titles:AE | - | -
drop view posts cascade;

-- case: drop table post cascade (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: account:AE deep:AE post:AE posts:AE titles:AE | - | -
drop table post cascade;

-- case: alter table post drop column title cascade (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: deep:AE post:AE posts:AE titles:AE | - | -
alter table post drop column title cascade;

-- case: alter table post alter column title type text (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: error 0A000
alter table post alter column title type text;

-- case: alter table post rename column title to headline (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: post:AE | - | -
alter table post rename column title to headline;

-- case: alter table post rename to article (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: post:AE | - | -
alter table post rename to article;

-- case: refresh materialized view words (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: words:AE | words | plain
refresh materialized view words;

-- case: refresh materialized view deep (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: deep:AE | deep | post
refresh materialized view deep;

-- case: refresh materialized view deep with no data (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: deep:AE | deep | -
refresh materialized view deep with no data;

-- case: drop materialized view words (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: words:AE | - | -
drop materialized view words;

-- case: create unique index on words (word) (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: words:S | - | words
create unique index on words (word);

-- case: create index on deep (title) (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: deep:S | - | deep
create index on deep (title);

-- case: select * from titles (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: - | - | post
select * from titles;

-- case: select * from deep (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: - | - | deep
select * from deep;

-- case: insert into posts values (100, 'x') (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: error 23502
-- predicted: error: predicted nothing, observed 23502
-- because: what an INSERT may not leave out is not predicted
insert into posts values (100, 'x');

-- case: update posts set title = 'x' (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: post:RE posts:RE | - | post
update posts set title = 'x';

-- case: delete from posts (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: post:RE posts:RE | - | post
delete from posts;

-- case: alter materialized view words rename to w (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: words:AE | - | -
alter materialized view words rename to w;

-- case: alter view titles set schema archive (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: titles:AE | - | -
alter view titles set schema archive;

-- case: create or replace view titles as select title from posts where id > 0 (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: titles:AE | - | -
create or replace view titles as select title from posts where id > 0;

-- case: create view more as select * from titles (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: - | - | -
create view more as select * from titles;

-- case: create table copied as select * from titles (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: - | - | post
create table copied as select * from titles;

-- case: create materialized view again as select * from titles with no data (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: - | - | -
create materialized view again as select * from titles with no data;

-- case: refresh materialized view concurrently words (views)
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles;
-- does: error 55000
refresh materialized view concurrently words;

-- case: refresh materialized view concurrently words
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles; create unique index words_key on words (word);
-- does: words:EX | - | plain words
refresh materialized view concurrently words;

-- case: refresh materialized view words
-- before: create view posts as select id, title from post; create view titles as select title from posts; create materialized view words as select word from plain; create materialized view deep as select title from titles; create unique index words_key on words (word);
-- does: words:AE | words | plain words
refresh materialized view words;

-- == generated columns, domains, sequences

-- case: alter table calc alter column a type bigint (generated)
-- before: create table calc (id integer primary key, a integer, s integer generated always as (a + 1) stored, v integer generated always as (a + 2) virtual); insert into calc (id, a) values (1, 1);
-- does: error 0A000
-- does 14 15 16 17: before: error 42601
alter table calc alter column a type bigint;

-- case: alter table calc alter column s set expression as (a + 5) (generated)
-- before: create table calc (id integer primary key, a integer, s integer generated always as (a + 1) stored, v integer generated always as (a + 2) virtual); insert into calc (id, a) values (1, 1);
-- does: calc:AE | calc | calc
-- does 14 15 16 17: before: error 42601
alter table calc alter column s set expression as (a + 5);

-- case: alter table calc alter column v set expression as (a + 5) (generated)
-- before: create table calc (id integer primary key, a integer, s integer generated always as (a + 1) stored, v integer generated always as (a + 2) virtual); insert into calc (id, a) values (1, 1);
-- does: calc:AE | - | -
-- does 14 15 16 17: before: error 42601
alter table calc alter column v set expression as (a + 5);

-- case: alter table calc alter column s drop expression (generated)
-- before: create table calc (id integer primary key, a integer, s integer generated always as (a + 1) stored, v integer generated always as (a + 2) virtual); insert into calc (id, a) values (1, 1);
-- does: calc:AE | - | -
-- does 14 15 16 17: before: error 42601
alter table calc alter column s drop expression;

-- case: alter table calc drop column a (generated)
-- before: create table calc (id integer primary key, a integer, s integer generated always as (a + 1) stored, v integer generated always as (a + 2) virtual); insert into calc (id, a) values (1, 1);
-- does: error 2BP01
-- does 14 15 16 17: before: error 42601
alter table calc drop column a;

-- case: alter table calc drop column a cascade (generated)
-- before: create table calc (id integer primary key, a integer, s integer generated always as (a + 1) stored, v integer generated always as (a + 2) virtual); insert into calc (id, a) values (1, 1);
-- does: calc:AE | - | -
-- does 14 15 16 17: before: error 42601
alter table calc drop column a cascade;

-- case: alter table calc alter column s type bigint (generated)
-- before: create table calc (id integer primary key, a integer, s integer generated always as (a + 1) stored, v integer generated always as (a + 2) virtual); insert into calc (id, a) values (1, 1);
-- does: calc:AE | calc | calc
-- does 14 15 16 17: before: error 42601
alter table calc alter column s type bigint;

-- case: alter table calc alter column v type bigint (generated)
-- before: create table calc (id integer primary key, a integer, s integer generated always as (a + 1) stored, v integer generated always as (a + 2) virtual); insert into calc (id, a) values (1, 1);
-- does: calc:AE | - | -
-- does 14 15 16 17: before: error 42601
alter table calc alter column v type bigint;

-- case: alter table calc drop column v (generated)
-- before: create table calc (id integer primary key, a integer, s integer generated always as (a + 1) stored, v integer generated always as (a + 2) virtual); insert into calc (id, a) values (1, 1);
-- does: calc:AE | - | -
-- does 14 15 16 17: before: error 42601
alter table calc drop column v;

-- case: alter table calc add check (s > 0) (generated)
-- before: create table calc (id integer primary key, a integer, s integer generated always as (a + 1) stored, v integer generated always as (a + 2) virtual); insert into calc (id, a) values (1, 1);
-- does: calc:AE | - | calc
-- does 14 15 16 17: before: error 42601
alter table calc add check (s > 0);

-- case: alter table calc add check (v > 0) (generated)
-- before: create table calc (id integer primary key, a integer, s integer generated always as (a + 1) stored, v integer generated always as (a + 2) virtual); insert into calc (id, a) values (1, 1);
-- does: calc:AE | - | calc
-- does 14 15 16 17: before: error 42601
alter table calc add check (v > 0);

-- case: create index on calc (s) (generated)
-- before: create table calc (id integer primary key, a integer, s integer generated always as (a + 1) stored, v integer generated always as (a + 2) virtual); insert into calc (id, a) values (1, 1);
-- does: calc:S | - | calc
-- does 14 15 16 17: before: error 42601
create index on calc (s);

-- case: alter table calc alter column s set not null (generated)
-- before: create table calc (id integer primary key, a integer, s integer generated always as (a + 1) stored, v integer generated always as (a + 2) virtual); insert into calc (id, a) values (1, 1);
-- does: calc:AE | - | calc
-- does 14 15 16 17: before: error 42601
alter table calc alter column s set not null;

-- case: alter table calc rename column a to b (generated)
-- before: create table calc (id integer primary key, a integer, s integer generated always as (a + 1) stored, v integer generated always as (a + 2) virtual); insert into calc (id, a) values (1, 1);
-- does: calc:AE | - | -
-- does 14 15 16 17: before: error 42601
alter table calc rename column a to b;

-- case: alter domain even add check (value % 1 = 0) (domains)
-- before: create domain many as integer[]; create domain even as integer; create table tagged (id integer, list even[], one even); insert into tagged values (1, '{1}', 1);
-- does: error 0A000
-- predicted: error: predicted 23514, observed 0A000
-- because: that a column is an array of the domain is not looked up
alter domain even add check (value % 1 = 0);

-- case: alter domain even add check (value % 1 = 0) not valid (domains)
-- before: create domain many as integer[]; create domain even as integer; create table tagged (id integer, list even[], one even); insert into tagged values (1, '{1}', 1);
-- does: - | - | -
alter domain even add check (value % 1 = 0) not valid;

-- case: alter domain even set not null (domains)
-- before: create domain many as integer[]; create domain even as integer; create table tagged (id integer, list even[], one even); insert into tagged values (1, '{1}', 1);
-- does: error 0A000
-- predicted: error: predicted 23502, observed 0A000
-- because: that a column is an array of the domain is not looked up
alter domain even set not null;

-- case: drop domain even (domains)
-- before: create domain many as integer[]; create domain even as integer; create table tagged (id integer, list even[], one even); insert into tagged values (1, '{1}', 1);
-- does: error 2BP01
drop domain even;

-- case: drop domain even cascade (domains)
-- before: create domain many as integer[]; create domain even as integer; create table tagged (id integer, list even[], one even); insert into tagged values (1, '{1}', 1);
-- does: tagged:AE | - | -
drop domain even cascade;

-- case: alter table tagged alter column one type integer (domains)
-- before: create domain many as integer[]; create domain even as integer; create table tagged (id integer, list even[], one even); insert into tagged values (1, '{1}', 1);
-- does: tagged:AE | - | -
alter table tagged alter column one type integer;

-- case: alter table tagged alter column list type integer[] (domains)
-- before: create domain many as integer[]; create domain even as integer; create table tagged (id integer, list even[], one even); insert into tagged values (1, '{1}', 1);
-- does: tagged:AE | tagged | tagged
alter table tagged alter column list type integer[];

-- case: alter table tagged add column m many (domains)
-- before: create domain many as integer[]; create domain even as integer; create table tagged (id integer, list even[], one even); insert into tagged values (1, '{1}', 1);
-- does: tagged:AE | - | -
alter table tagged add column m many;

-- case: drop sequence own_id_seq (sequences)
-- before: create table own (id serial primary key, g integer generated always as identity); insert into own default values;
-- does: error 2BP01
drop sequence own_id_seq;

-- case: alter table own alter column g drop identity (sequences)
-- before: create table own (id serial primary key, g integer generated always as identity); insert into own default values;
-- does: own:AE | - | -
alter table own alter column g drop identity;

-- case: alter table own alter column g set generated by default (sequences)
-- before: create table own (id serial primary key, g integer generated always as identity); insert into own default values;
-- does: own:AE | - | -
alter table own alter column g set generated by default;

-- case: alter table own alter column id type bigint (sequences)
-- before: create table own (id serial primary key, g integer generated always as identity); insert into own default values;
-- does: own:AE | own | own
alter table own alter column id type bigint;

-- case: alter table own alter column g type bigint (sequences)
-- before: create table own (id serial primary key, g integer generated always as identity); insert into own default values;
-- does: own:AE | own | own
alter table own alter column g type bigint;

-- case: drop sequence own_id_seq cascade (sequences)
-- before: create table own (id serial primary key, g integer generated always as identity); insert into own default values;
-- does: own:AE | - | -
drop sequence own_id_seq cascade;

-- case: alter sequence own_id_seq owned by none (sequences)
-- before: create table own (id serial primary key, g integer generated always as identity); insert into own default values;
-- does: - | - | -
alter sequence own_id_seq owned by none;

-- case: alter sequence own_id_seq restart with 10 (sequences)
-- before: create table own (id serial primary key, g integer generated always as identity); insert into own default values;
-- does: - | - | -
alter sequence own_id_seq restart with 10;

-- case: truncate own restart identity (sequences)
-- before: create table own (id serial primary key, g integer generated always as identity); insert into own default values;
-- does: own:AE | own | own
truncate own restart identity;

-- case: alter table own rename to owned (sequences)
-- before: create table own (id serial primary key, g integer generated always as identity); insert into own default values;
-- does: own:AE | - | -
alter table own rename to owned;

-- == names

-- case: alter table simple add column x integer (after renames)
-- before: alter table plain rename to simple; alter table simple rename column word to term; alter table account rename constraint account_age_check to adult; alter index account_name_idx rename to by_name; alter type color rename value 'red' to 'rot'; alter type color rename to colour; alter schema archive rename to attic;
-- does: simple:AE | - | -
alter table simple add column x integer;

-- case: alter table simple drop column term (after renames)
-- before: alter table plain rename to simple; alter table simple rename column word to term; alter table account rename constraint account_age_check to adult; alter index account_name_idx rename to by_name; alter type color rename value 'red' to 'rot'; alter type color rename to colour; alter schema archive rename to attic;
-- does: simple:AE | - | -
alter table simple drop column term;

-- case: alter table account drop constraint adult (after renames)
-- before: alter table plain rename to simple; alter table simple rename column word to term; alter table account rename constraint account_age_check to adult; alter index account_name_idx rename to by_name; alter type color rename value 'red' to 'rot'; alter type color rename to colour; alter schema archive rename to attic;
-- does: account:AE | - | -
alter table account drop constraint adult;

-- case: drop index by_name (after renames)
-- before: alter table plain rename to simple; alter table simple rename column word to term; alter table account rename constraint account_age_check to adult; alter index account_name_idx rename to by_name; alter type color rename value 'red' to 'rot'; alter type color rename to colour; alter schema archive rename to attic;
-- does: account:AE | - | -
drop index by_name;

-- case: alter table account alter column color type text (after renames)
-- before: alter table plain rename to simple; alter table simple rename column word to term; alter table account rename constraint account_age_check to adult; alter index account_name_idx rename to by_name; alter type color rename value 'red' to 'rot'; alter type color rename to colour; alter schema archive rename to attic;
-- does: account:AE | account | account
alter table account alter column color type text;

-- case: drop type colour cascade (after renames)
-- before: alter table plain rename to simple; alter table simple rename column word to term; alter table account rename constraint account_age_check to adult; alter index account_name_idx rename to by_name; alter type color rename value 'red' to 'rot'; alter type color rename to colour; alter schema archive rename to attic;
-- does: account:AE | - | -
drop type colour cascade;

-- case: drop table attic.old_account (after renames)
-- before: alter table plain rename to simple; alter table simple rename column word to term; alter table account rename constraint account_age_check to adult; alter index account_name_idx rename to by_name; alter type color rename value 'red' to 'rot'; alter type color rename to colour; alter schema archive rename to attic;
-- does: attic.old_account:AE account:AE | - | -
drop table attic.old_account;

-- case: alter table account add column x colour default 'rot' (after renames)
-- before: alter table plain rename to simple; alter table simple rename column word to term; alter table account rename constraint account_age_check to adult; alter index account_name_idx rename to by_name; alter type color rename value 'red' to 'rot'; alter type color rename to colour; alter schema archive rename to attic;
-- does: account:AE | - | -
alter table account add column x colour default 'rot';

-- case: alter table account validate constraint adult (after renames)
-- before: alter table plain rename to simple; alter table simple rename column word to term; alter table account rename constraint account_age_check to adult; alter index account_name_idx rename to by_name; alter type color rename value 'red' to 'rot'; alter type color rename to colour; alter schema archive rename to attic;
-- does: account:SUE | - | account
alter table account validate constraint adult;

-- case: alter table long_named drop constraint long_named_age_check (made up names)
-- before: create table long_named (id integer primary key, name text unique, age integer, boss_id integer references long_named (id), check (age > 0)); alter table long_named add check (name <> ''); alter table long_named add foreign key (boss_id) references long_named (id); create index on long_named (age); create index on long_named (age); insert into long_named values (1, 'a', 1, 1);
-- does: long_named:AE | - | -
alter table long_named drop constraint long_named_age_check;

-- case: alter table long_named drop constraint long_named_name_check (made up names)
-- before: create table long_named (id integer primary key, name text unique, age integer, boss_id integer references long_named (id), check (age > 0)); alter table long_named add check (name <> ''); alter table long_named add foreign key (boss_id) references long_named (id); create index on long_named (age); create index on long_named (age); insert into long_named values (1, 'a', 1, 1);
-- does: long_named:AE | - | -
alter table long_named drop constraint long_named_name_check;

-- case: alter table long_named drop constraint long_named_name_key (made up names)
-- before: create table long_named (id integer primary key, name text unique, age integer, boss_id integer references long_named (id), check (age > 0)); alter table long_named add check (name <> ''); alter table long_named add foreign key (boss_id) references long_named (id); create index on long_named (age); create index on long_named (age); insert into long_named values (1, 'a', 1, 1);
-- does: long_named:AE | - | -
alter table long_named drop constraint long_named_name_key;

-- case: alter table long_named drop constraint long_named_boss_id_fkey (made up names)
-- before: create table long_named (id integer primary key, name text unique, age integer, boss_id integer references long_named (id), check (age > 0)); alter table long_named add check (name <> ''); alter table long_named add foreign key (boss_id) references long_named (id); create index on long_named (age); create index on long_named (age); insert into long_named values (1, 'a', 1, 1);
-- does: long_named:AE | - | -
alter table long_named drop constraint long_named_boss_id_fkey;

-- case: alter table long_named drop constraint long_named_boss_id_fkey1 (made up names)
-- before: create table long_named (id integer primary key, name text unique, age integer, boss_id integer references long_named (id), check (age > 0)); alter table long_named add check (name <> ''); alter table long_named add foreign key (boss_id) references long_named (id); create index on long_named (age); create index on long_named (age); insert into long_named values (1, 'a', 1, 1);
-- does: long_named:AE | - | -
alter table long_named drop constraint long_named_boss_id_fkey1;

-- case: drop index long_named_age_idx1 (made up names)
-- before: create table long_named (id integer primary key, name text unique, age integer, boss_id integer references long_named (id), check (age > 0)); alter table long_named add check (name <> ''); alter table long_named add foreign key (boss_id) references long_named (id); create index on long_named (age); create index on long_named (age); insert into long_named values (1, 'a', 1, 1);
-- does: long_named:AE | - | -
drop index long_named_age_idx1;

-- case: alter table long_named drop constraint long_named_pkey (made up names)
-- before: create table long_named (id integer primary key, name text unique, age integer, boss_id integer references long_named (id), check (age > 0)); alter table long_named add check (name <> ''); alter table long_named add foreign key (boss_id) references long_named (id); create index on long_named (age); create index on long_named (age); insert into long_named values (1, 'a', 1, 1);
-- does: error 2BP01
alter table long_named drop constraint long_named_pkey;

-- case: alter index long_named_age_idx rename to by_age (made up names)
-- before: create table long_named (id integer primary key, name text unique, age integer, boss_id integer references long_named (id), check (age > 0)); alter table long_named add check (name <> ''); alter table long_named add foreign key (boss_id) references long_named (id); create index on long_named (age); create index on long_named (age); insert into long_named values (1, 'a', 1, 1);
-- does: - | - | -
alter index long_named_age_idx rename to by_age;

-- case: alter index long_named_age_idx1 set (fillfactor = 50) (made up names)
-- before: create table long_named (id integer primary key, name text unique, age integer, boss_id integer references long_named (id), check (age > 0)); alter table long_named add check (name <> ''); alter table long_named add foreign key (boss_id) references long_named (id); create index on long_named (age); create index on long_named (age); insert into long_named values (1, 'a', 1, 1);
-- does: - | - | -
alter index long_named_age_idx1 set (fillfactor = 50);

-- case: reindex index long_named_age_idx1 (made up names)
-- before: create table long_named (id integer primary key, name text unique, age integer, boss_id integer references long_named (id), check (age > 0)); alter table long_named add check (name <> ''); alter table long_named add foreign key (boss_id) references long_named (id); create index on long_named (age); create index on long_named (age); insert into long_named values (1, 'a', 1, 1);
-- does: long_named:S | - | long_named
reindex index long_named_age_idx1;

-- case: cluster long_named using long_named_age_idx (made up names)
-- before: create table long_named (id integer primary key, name text unique, age integer, boss_id integer references long_named (id), check (age > 0)); alter table long_named add check (name <> ''); alter table long_named add foreign key (boss_id) references long_named (id); create index on long_named (age); create index on long_named (age); insert into long_named values (1, 'a', 1, 1);
-- does: long_named:AE | long_named | long_named
cluster long_named using long_named_age_idx;

-- case: alter table long_named cluster on long_named_age_idx (made up names)
-- before: create table long_named (id integer primary key, name text unique, age integer, boss_id integer references long_named (id), check (age > 0)); alter table long_named add check (name <> ''); alter table long_named add foreign key (boss_id) references long_named (id); create index on long_named (age); create index on long_named (age); insert into long_named values (1, 'a', 1, 1);
-- does: long_named:SUE | - | -
alter table long_named cluster on long_named_age_idx;

-- case: alter table "My Schema"."Table One" add column x integer (quoted)
-- before: create schema "My Schema"; create table "My Schema"."Table One" (id integer primary key, "A b" text); insert into "My Schema"."Table One" values (1, 'x');
-- does: My Schema.Table One:AE | - | -
alter table "My Schema"."Table One" add column x integer;

-- case: alter table "My Schema"."Table One" alter column "A b" set not null (quoted)
-- before: create schema "My Schema"; create table "My Schema"."Table One" (id integer primary key, "A b" text); insert into "My Schema"."Table One" values (1, 'x');
-- does: My Schema.Table One:AE | - | My Schema.Table One
alter table "My Schema"."Table One" alter column "A b" set not null;

-- case: drop schema "My Schema" cascade (quoted)
-- before: create schema "My Schema"; create table "My Schema"."Table One" (id integer primary key, "A b" text); insert into "My Schema"."Table One" values (1, 'x');
-- does: My Schema.Table One:AE | - | -
drop schema "My Schema" cascade;

-- case: create index on "My Schema"."Table One" ("A b") (quoted)
-- before: create schema "My Schema"; create table "My Schema"."Table One" (id integer primary key, "A b" text); insert into "My Schema"."Table One" values (1, 'x');
-- does: My Schema.Table One:S | - | My Schema.Table One
create index on "My Schema"."Table One" ("A b");

-- case: alter table "My Schema"."Table One" set schema archive (quoted)
-- before: create schema "My Schema"; create table "My Schema"."Table One" (id integer primary key, "A b" text); insert into "My Schema"."Table One" values (1, 'x');
-- does: My Schema.Table One:AE | - | -
alter table "My Schema"."Table One" set schema archive;

-- case: alter schema "My Schema" rename to mine (quoted)
-- before: create schema "My Schema"; create table "My Schema"."Table One" (id integer primary key, "A b" text); insert into "My Schema"."Table One" values (1, 'x');
-- does: - | - | -
alter schema "My Schema" rename to mine;

-- case: alter table plain add column x integer (search path)
-- before: create schema other; create table other.plain (id integer, word text); insert into other.plain values (1, 'a'); set search_path = other, public;
-- does: other.plain:AE | - | -
alter table plain add column x integer;

-- case: drop table plain (search path)
-- before: create schema other; create table other.plain (id integer, word text); insert into other.plain values (1, 'a'); set search_path = other, public;
-- does: other.plain:AE | - | -
drop table plain;

-- case: alter table account add column x integer (search path)
-- before: create schema other; create table other.plain (id integer, word text); insert into other.plain values (1, 'a'); set search_path = other, public;
-- does: account:AE | - | -
alter table account add column x integer;

-- case: create index on plain (id) (search path)
-- before: create schema other; create table other.plain (id integer, word text); insert into other.plain values (1, 'a'); set search_path = other, public;
-- does: other.plain:S | - | other.plain
create index on plain (id);

-- case: alter table public.plain alter column id set not null (search path)
-- before: create schema other; create table other.plain (id integer, word text); insert into other.plain values (1, 'a'); set search_path = other, public;
-- does: plain:AE | - | plain
alter table public.plain alter column id set not null;

-- case: update plain set word = 'x' (search path)
-- before: create schema other; create table other.plain (id integer, word text); insert into other.plain values (1, 'a'); set search_path = other, public;
-- does: other.plain:RE | - | other.plain
update plain set word = 'x';

-- case: create table account (id integer references public.account (id)) (search path)
-- before: create schema other; create table other.plain (id integer, word text); insert into other.plain values (1, 'a'); set search_path = other, public;
-- does: account:SRE | - | -
create table account (id integer references public.account (id));

-- == blocks and functions

-- case: do $$ begin alter table plain add column x integer; update plain set word = 'b'; end $$
-- does: plain:AE | - | plain
do $$ begin alter table plain add column x integer; update plain set word = 'b'; end $$;

-- case: do $$ begin if true then alter table plain add column x integer; end if; end $$
-- does: plain:AE | - | -
do $$ begin if true then alter table plain add column x integer; end if; end $$;

-- case: do $$ begin perform count(*) from plain; end $$
-- does: - | - | plain
do $$ begin perform count(*) from plain; end $$;

-- case: do $$ declare n integer; begin select count(*) into n from plain; end $$
-- does: - | - | plain
do $$ declare n integer; begin select count(*) into n from plain; end $$;

-- case: do $$ begin create table fresh (id integer); insert into fresh select id from plain; drop table fresh; end $$
-- does: - | - | plain
do $$ begin create table fresh (id integer); insert into fresh select id from plain; drop table fresh; end $$;

-- case: do $$ declare r record; begin for r in select * from plain loop update topic set id = r.id; end loop; end $$
-- does: topic:RE | - | plain topic
do $$ declare r record; begin for r in select * from plain loop update topic set id = r.id; end loop; end $$;

-- case: do $$ begin execute 'alter table plain add column x integer'; end $$
-- does: plain:AE | - | -
do $$ begin execute 'alter table plain add column x integer'; end $$;

-- case: do $$ begin alter table nothing_there add column x integer; exception when others then null; end $$
-- does: - | - | -
do $$ begin alter table nothing_there add column x integer; exception when others then null; end $$;

-- case: do $$ begin alter type color add value 'x'; exception when duplicate_object then null; end $$
-- does: - | - | -
do $$ begin alter type color add value 'x'; exception when duplicate_object then null; end $$;

-- case: select change() (functions)
-- before: create function change() returns void language plpgsql as $$ begin update plain set word = 'b'; alter table topic add column t text; end $$; create function peek() returns bigint language sql as 'select count(*) from plain';
-- does: plain:RE topic:AE | - | plain
select change();

-- case: select peek() (functions)
-- before: create function change() returns void language plpgsql as $$ begin update plain set word = 'b'; alter table topic add column t text; end $$; create function peek() returns bigint language sql as 'select count(*) from plain';
-- does: - | - | plain
select peek();

-- case: select * from peek() (functions)
-- before: create function change() returns void language plpgsql as $$ begin update plain set word = 'b'; alter table topic add column t text; end $$; create function peek() returns bigint language sql as 'select count(*) from plain';
-- does: - | - | plain
select * from peek();

-- case: do $$ begin perform change(); end $$ (functions)
-- before: create function change() returns void language plpgsql as $$ begin update plain set word = 'b'; alter table topic add column t text; end $$; create function peek() returns bigint language sql as 'select count(*) from plain';
-- does: plain:RE topic:AE | - | plain
do $$ begin perform change(); end $$;

-- == rows

-- case: truncate plain, topic
-- does: plain:AE topic:AE | plain topic | topic
truncate plain, topic;

-- case: truncate post, account, archive.old_account
-- does: archive.old_account:AE account:AE post:AE | archive.old_account account post | archive.old_account account post
truncate post, account, archive.old_account;

-- case: merge into plain using (select 1 as id) s on plain.id = s.id when matched then delete
-- does: plain:RE | - | plain
-- does 14: error 42601
merge into plain using (select 1 as id) s on plain.id = s.id when matched then delete;

-- case: insert into topic values (1) on conflict do nothing
-- does: topic:RE | - | -
insert into topic values (1) on conflict do nothing;

-- case: insert into topic values (1) on conflict (id) do update set id = 2
-- does: topic:RE | - | -
insert into topic values (1) on conflict (id) do update set id = 2;

-- case: insert into post values (90, 1, 1, 'x') on conflict do nothing
-- does: account:RS post:RE | - | -
insert into post values (90, 1, 1, 'x') on conflict do nothing;

-- case: delete from post using account where account.id = post.author_id and account.age > 1000
-- does: post:RE | - | account post
delete from post using account where account.id = post.author_id and account.age > 1000;

-- case: with old as (select id from plain) delete from topic where id in (select id from old)
-- does: topic:RE | - | topic
-- predicted: scan public.plain: predicted yes, observed nothing
-- because: a common table expression that is used once is inlined: the planner drops the side that it does not need
with old as (select id from plain) delete from topic where id in (select id from old);

-- case: with moved as (delete from plain returning id) insert into topic select id from moved
-- does: plain:RE topic:RE | - | plain
with moved as (delete from plain returning id) insert into topic select id from moved;

-- case: with a as (insert into topic values (5) returning id), b as (update plain set word = 'x' returning id) select * from a, b
-- does: plain:RE topic:RE | - | plain
with a as (insert into topic values (5) returning id), b as (update plain set word = 'x' returning id) select * from a, b;

-- case: copy plain to stdout
-- does: - | - | plain
copy plain to stdout;

-- case: update plain set word = (select title from post where post.id = plain.id)
-- does: plain:RE | - | plain
update plain set word = (select title from post where post.id = plain.id);

-- case: delete from account where id = 1000
-- does: account:RE | - | -
delete from account where id = 1000;

-- case: update account set age = 5 where id = 1
-- does: account:RE | - | -
update account set age = 5 where id = 1;

-- case: insert into plain default values
-- does: plain:RE | - | -
insert into plain default values;

-- case: select * from plain for update
-- does: plain:RS | - | plain
select * from plain for update;

-- case: select count(*) from account join post on post.author_id = account.id
-- does: - | - | account post
select count(*) from account join post on post.author_id = account.id;

-- case: select 1 where exists (select from plain)
-- does: - | - | plain
select 1 where exists (select from plain);

-- case: update plain set word = 'x' where false
-- does: plain:RE | - | -
update plain set word = 'x' where false;

-- case: delete from plain where id in (select id from topic)
-- does: plain:RE | - | plain topic
delete from plain where id in (select id from topic);

-- case: update post set author_id = 1 where id = 1
-- does: post:RE | - | -
update post set author_id = 1 where id = 1;

-- case: delete from plain where not exists (select from topic where topic.id = plain.id)
-- does: plain:RE | - | plain topic
delete from plain where not exists (select from topic where topic.id = plain.id);

-- == keys

-- case: alter table plain add constraint plain_primary primary key using index plain_id_key
-- before: create unique index plain_id_key on plain (id);
-- does: plain:AE | - | plain
alter table plain add constraint plain_primary primary key using index plain_id_key;

-- case: alter table plain add unique using index plain_id_key
-- before: create unique index plain_id_key on plain (id);
-- does: plain:AE | - | -
alter table plain add unique using index plain_id_key;

-- case: alter table plain add constraint u unique nulls not distinct (id)
-- does: plain:AE | - | plain
-- does 14: error 42601
alter table plain add constraint u unique nulls not distinct (id);

-- case: alter table plain add constraint u unique (id) deferrable initially deferred
-- does: plain:AE | - | plain
alter table plain add constraint u unique (id) deferrable initially deferred;

-- case: alter table post alter constraint post_author_id_fkey deferrable
-- does: post:AE | - | -
alter table post alter constraint post_author_id_fkey deferrable;

-- case: alter table post add constraint fk foreign key (id) references topic (id) deferrable initially deferred not valid
-- does: post:SRE topic:SRE | - | -
alter table post add constraint fk foreign key (id) references topic (id) deferrable initially deferred not valid;

-- case: alter table plain add constraint x exclude using btree (id with =)
-- does: plain:AE | - | plain
alter table plain add constraint x exclude using btree (id with =);

-- case: alter table plain add constraint n not null word
-- does: plain:AE | - | plain
-- does 14 15 16 17: error 42601
alter table plain add constraint n not null word;

-- case: alter table plain add constraint n not null word not valid
-- does: plain:AE | - | -
-- does 14 15 16 17: error 42601
alter table plain add constraint n not null word not valid;

-- case: alter table account alter constraint account_age_check not enforced
-- does: error 42809
-- does 14 15 16 17: error 42601
-- predicted: error: predicted nothing, observed 42809
-- predicted 14 15 16 17: 
-- because: that the constraint is a CHECK, which has no triggers, is not looked up
alter table account alter constraint account_age_check not enforced;

-- case: alter table post alter constraint post_author_id_fkey not enforced
-- does: account:AE post:AE | - | -
-- does 14 15 16 17: error 42601
alter table post alter constraint post_author_id_fkey not enforced;

-- case: create table like_account (like account including all)
-- does: - | - | -
create table like_account (like account including all);

-- case: create table like_account (like account including indexes, extra integer references post (id))
-- does: post:SRE | - | -
create table like_account (like account including indexes, extra integer references post (id));

-- case: alter table plain add constraint a check (id > 0), add constraint b check (id > 1)
-- does: error 23514
alter table plain add constraint a check (id > 0), add constraint b check (id > 1);

-- case: alter table plain replica identity full
-- does: plain:AE | - | -
alter table plain replica identity full;

-- case: create unique index on plain (id) nulls not distinct
-- does: plain:S | - | plain
-- does 14: error 42601
create unique index on plain (id) nulls not distinct;

-- case: create index on account ((data->>'a'))
-- does: account:S | - | account
create index on account ((data->>'a'));

-- case: create index on account (age) where age > 1
-- does: account:S | - | account
create index on account (age) where age > 1;

-- == publications, statistics, policies, rules, triggers

-- case: create publication p for all tables
-- does: - | - | -
create publication p for all tables;

-- case: create publication p for tables in schema archive
-- does: - | - | -
-- does 14: error 42601
create publication p for tables in schema archive;

-- case: create publication p for table account, post
-- does: account:SUE post:SUE | - | -
create publication p for table account, post;

-- case: alter publication p drop table account
-- before: create publication p for table account, post;
-- does: account:SUE | - | -
alter publication p drop table account;

-- case: alter publication p set table post
-- before: create publication p for table account, post;
-- does: account:SUE post:SUE | - | -
alter publication p set table post;

-- case: drop publication p
-- before: create publication p for table account, post;
-- does: - | - | -
drop publication p;

-- case: drop table account cascade (prepared)
-- before: create publication p for table account;
-- does: archive.old_account:AE account:AE account_ages:AE account_names:AE post:AE | - | -
drop table account cascade;

-- case: drop statistics s2
-- before: create statistics s2 on id, day from event;
-- does: event:SUE | - | -
drop statistics s2;

-- case: alter statistics account_stats set statistics 100
-- does: - | - | -
alter statistics account_stats set statistics 100;

-- case: alter statistics account_stats rename to s
-- does: - | - | -
alter statistics account_stats rename to s;

-- case: drop statistics if exists nothing
-- does: - | - | -
drop statistics if exists nothing;

-- case: alter policy readable on post using (id > 0)
-- does: post:AE | - | -
alter policy readable on post using (id > 0);

-- case: create policy p on post using (exists (select from account))
-- does: post:AE | - | -
create policy p on post using (exists (select from account));

-- case: create rule r as on update to plain do instead update topic set id = 1
-- does: plain:AE topic:RE | - | -
create rule r as on update to plain do instead update topic set id = 1;

-- case: create rule r as on insert to plain where new.id > 5 do instead nothing
-- does: plain:AE | - | -
create rule r as on insert to plain where new.id > 5 do instead nothing;

-- case: insert into plain values (1, 'a')
-- before: create rule r as on insert to plain do instead nothing;
-- does: plain:RE | - | -
insert into plain values (1, 'a');

-- case: update plain set word = 'x'
-- before: create rule r as on update to plain do instead nothing;
-- does: plain:RE | - | -
update plain set word = 'x';

-- case: delete from plain (prepared)
-- before: create rule r as on delete to plain where old.id > 5 do instead nothing;
-- does: plain:RE | - | plain
delete from plain;

-- case: insert into plain values (1, 'a') (prepared)
-- before: create rule r as on insert to plain do also delete from topic;
-- does: plain:RE topic:RE | - | topic
insert into plain values (1, 'a');

-- case: alter table account enable trigger all
-- does: account:SRE | - | -
alter table account enable trigger all;

-- case: alter table post disable trigger all
-- does: post:SRE | - | -
alter table post disable trigger all;

-- case: create or replace trigger account_touch after update on account for each row execute function touch()
-- does: account:SRE | - | -
create or replace trigger account_touch after update on account for each row execute function touch();

-- case: create trigger t instead of insert on account_names for each row execute function touch()
-- does: account_names:SRE | - | -
create trigger t instead of insert on account_names for each row execute function touch();

-- case: comment on rule no_delete on cache is 'c'
-- does: - | - | -
comment on rule no_delete on cache is 'c';

-- case: comment on materialized view account_ages is 'c'
-- does: account_ages:SUE | - | -
comment on materialized view account_ages is 'c';

-- case: comment on column account_names.id is 'c'
-- does: account_names:SUE | - | -
comment on column account_names.id is 'c';

-- case: comment on schema archive is 'c'
-- does: - | - | -
comment on schema archive is 'c';

-- == what an index may serve, or other rows make superfluous

-- case: planned: update account set raw = 'x' where name is null
-- before: set enable_seqscan = off;
-- does: account:RE | - | -
update account set raw = 'x' where name is null;

-- case: planned: update account set raw = 'x' where age < 3 or short = 'y'
-- before: set enable_seqscan = off;
-- does: account:RE | - | -
update account set raw = 'x' where age < 3 or short = 'y';

-- case: planned: update account set raw = 'x' where raw is null
-- before: set enable_seqscan = off;
-- does: account:RE | - | account
update account set raw = 'x' where raw is null;

-- case: planned: update account set raw = 'x' where age < 3 or raw = 'y'
-- before: set enable_seqscan = off;
-- does: account:RE | - | account
update account set raw = 'x' where age < 3 or raw = 'y';

-- case: planned: update account set raw = 'x' from post where post.author_id = account.id
-- before: set enable_seqscan = off;
-- does: account:RE | - | -
update account set raw = 'x' from post where post.author_id = account.id;

-- case: planned: delete from post p where not exists (select 1 from account a where a.id = p.author_id)
-- before: set enable_seqscan = off;
-- does: post:RE | - | -
delete from post p where not exists (select 1 from account a where a.id = p.author_id);

-- case: planned: insert into plain select max(age), 'x' from account
-- before: set enable_seqscan = off;
-- does: plain:RE | - | -
insert into plain select max(age), 'x' from account;

-- case: planned: insert into plain select max(big), 'x' from account
-- before: set enable_seqscan = off;
-- does: plain:RE | - | account
insert into plain select max(big), 'x' from account;

-- case: planned: insert into plain select a.id, 'x' from account a cross join topic t where not exists (select 1 from post p where p.author_id = a.id)
-- before: set enable_seqscan = off;
-- does: plain:RE | - | -
insert into plain select a.id, 'x' from account a cross join topic t where not exists (select 1 from post p where p.author_id = a.id);

-- case: planned: insert into parent_table select c.id from cache c join plain p on p.id = c.id where p.id > 100
-- does: parent_table:RE | - | cache plain
insert into parent_table select c.id from cache c join plain p on p.id = c.id where p.id > 100;

-- case: planned: alter table post add foreign key (account_id) references account (id)
-- before: update post set account_id = null;
-- does: account:SRE post:SRE | - | post
alter table post add foreign key (account_id) references account (id);
