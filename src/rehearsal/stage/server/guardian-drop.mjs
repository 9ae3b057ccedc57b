// What removes scratch databases: of this run when it ends, of dead runs when one begins. Plain JavaScript, for guardian-process.mjs.

const PREFIX = "lockstep_rehearsal_";
const PROGRAM = "lockstep rehearsal";

/** The name that the sessions of a run have in pg_stat_activity. Every user can read it there. */
export const applicationName = (token, part) => `${PROGRAM} ${token} ${part}`;

export const databaseName = (token, number) => `${PREFIX}${token}_${number}`;

/**
 * Two marks say that a database is ours, since a name can be anybody's. The limit of connections is set by CREATE DATABASE itself,
 * so that no moment is without a mark; DROP DATABASE that is interrupted leaves -2 there, but the comment.
 */
function connectionLimit(name) {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return 1_000_000_000 + (hash % 1_000_000_000);
}

const comment = (name) =>
  `Scratch database ${name} of lockstep rehearse. It may be dropped when its rehearsal has ended.`;

/** Creating one: the statements in order. `clauses` follow the name. */
export const creation = (name, clauses) => [
  `create database ${quoted(name)} ${clauses} connection limit ${connectionLimit(name)}`,
  `comment on database ${quoted(name)} is ${literal(comment(name))}`,
];

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
const literal = (text) => `'${text.replaceAll("'", "''")}'`;

/** Our databases, with the run that each is of. */
async function scratchDatabases(client) {
  const { rows } = await client.query(
    `select d.datname::text as name, d.datconnlimit as "limit", shobj_description(d.oid, 'pg_database') as description, exists (select from pg_stat_activity a where a.application_name in ('${PROGRAM} ' || split_part(d.datname::text, '_', 3) || ' control', '${PROGRAM} ' || split_part(d.datname::text, '_', 3) || ' cleaner')) as alive from pg_database d where d.datname::text ~ '^${PREFIX}[0-9a-f]+_[0-9]+$'`,
  );
  return rows
    .filter(({ name, limit, description }) => limit === connectionLimit(name) || description === comment(name))
    .map(({ name, alive }) => ({ name, alive, token: name.split("_")[2] }));
}

/** Removes what dead runs left behind: a run that lives has its control session. What cannot be dropped stays. */
export async function dropLeftovers(client, connect) {
  for (const { name, alive } of await scratchDatabases(client)) {
    if (!alive) await dropDatabase(client, name, connect).catch(() => undefined);
  }
}

/**
 * Ends all other sessions of a run and drops its databases. A CREATE DATABASE that its control session has begun goes on without
 * it, so that session is ended and waited for first. `connect(database)` gives a connected client. Throws where one cannot be dropped.
 */
export async function dropRun(client, token, connect) {
  const others = `from pg_stat_activity where application_name like '${PROGRAM} ${token} %' and application_name <> '${applicationName(token, "cleaner")}' and pid <> pg_backend_pid()`;
  const until = Date.now() + 30_000;
  for (;;) {
    const { rows } = await client.query(`select pg_terminate_backend(pid) ${others}`);
    if (rows.length === 0 || Date.now() > until) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  for (const { name } of (await scratchDatabases(client)).filter((each) => each.token === token))
    await dropDatabase(client, name, connect);
}

/** Drops one database, whatever a migration made of it. */
export async function dropDatabase(client, name, connect) {
  try {
    await client.query(`drop database if exists ${quoted(name)} with (force)`);
    return;
  } catch (error) {
    if (error.severity === undefined) throw error;
  }
  const { rows } = await client.query(
    `select datistemplate as template from pg_database where datname = ${literal(name)}`,
  );
  if (rows.length === 0) return;
  if (rows[0].template) await client.query(`alter database ${quoted(name)} is_template false`);
  const inside = await connect(name).catch(() => undefined);
  if (inside) {
    const each = async (query, statements) => {
      for (const row of (await inside.query(query)).rows)
        for (const statement of statements(row.name)) await inside.query(statement).catch(() => undefined);
    };
    await each("select gid as name from pg_prepared_xacts where database = current_database()", (gid) => [
      `rollback prepared ${literal(gid)}`,
    ]);
    // pg_subscription is the superusers'; who could not make one cannot read it.
    await each(
      "select subname::text as name from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())",
      (subscription) => [
        `alter subscription ${quoted(subscription)} disable`,
        `alter subscription ${quoted(subscription)} set (slot_name = none)`,
        `drop subscription ${quoted(subscription)}`,
      ],
    ).catch(() => undefined);
    await inside.end();
  }
  await client.query(`drop database if exists ${quoted(name)} with (force)`);
}
