import { PGlite } from "@electric-sql/pglite";

/**
 * Runs pending statements in PostgreSQL over rows made to hurt: parents that are there, children that point at one,
 * at none, or nowhere. Says whether it failed, and which rows that were no orphans are gone or have another key.
 */

/** Names as they are before the pending statements. `child` and `parent` are SQL names. */
export interface RowKey {
  readonly child: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

export interface Trial {
  /** SQL that makes the schema. */
  readonly history: readonly string[];
  /** SQL that adds rows. */
  readonly rows: string;
  /** Statements that run one by one; the first that fails ends the trial. */
  readonly pending: readonly string[];
  readonly keys: readonly RowKey[];
  readonly seed: number;
}

export interface Outcome {
  readonly error?: { readonly code: string; readonly message: string };
  /** Rows that were no orphans and are gone, or have another key now. */
  readonly hit: readonly string[];
}

export interface Rehearsal {
  run(trial: Trial): Promise<Outcome>;
  close(): Promise<void>;
}

/** What is the same in all trials of a schema. */
interface Prepared {
  readonly schema: string;
  readonly keys: readonly Located[];
  readonly columns: readonly Attribute[];
  /** SQL names of the tables, and of NOT VALID keys with what makes them. */
  readonly names: ReadonlyMap<string, string>;
  readonly open: readonly { readonly child: string; readonly name: string; readonly sql: string }[];
}

export async function openRehearsal(): Promise<Rehearsal> {
  const db = await PGlite.create();
  let prepared: Prepared | undefined;
  return {
    close: () => db.close(),
    async run(trial) {
      const schema = [...trial.history, trial.rows, JSON.stringify(trial.keys)].join("\n-- ");
      if (prepared?.schema !== schema) {
        await db.exec(RESET);
        await db.exec([...trial.history, trial.rows].join("\n"));
        prepared = { schema, keys: await located(db, trial.keys), ...(await described(db)) };
      }
      const { keys, columns, names, open } = prepared;
      // Trials share the schema, each in a transaction that is rolled back, where the statements allow that.
      const nested = !trial.pending.some((statement) => OWN_TRANSACTION.test(statement));
      if (!nested) prepared = undefined;
      // A key that is NOT VALID lets no new orphan in, but old ones may be there.
      const drops = open.map(({ child, name }) => `alter table ${child} drop constraint ${name};`);
      const adds = open.map(({ child, name, sql }) => `alter table ${child} add constraint ${name} ${sql};`);
      await db.exec([nested ? "begin;" : "", ...drops, filling(trial, keys, columns, names), ...adds].join("\n"));
      const tables = [...new Set(keys.flatMap((key) => [key.child, key.parent]))];
      const before = new Map<string, Table>();
      for (const oid of tables)
        before.set(
          oid,
          await read(
            db,
            names.get(oid) ?? "",
            columns.filter((column) => column.oid === oid),
          ),
        );
      const error = await attempt(db, trial.pending, nested);
      if (!nested) await db.exec("rollback");
      const now = await described(db);
      const after = new Map<string, Table>();
      for (const oid of tables) {
        const name = now.names.get(oid);
        if (name !== undefined)
          after.set(
            oid,
            await read(
              db,
              name,
              now.columns.filter((column) => column.oid === oid),
            ),
          );
      }
      if (nested) await db.exec("rollback");
      const innocent = innocents(keys, before, after);
      const hit: string[] = [];
      for (const [oid, table] of before) {
        const own = keys.filter((key) => key.child === oid);
        const left = after.get(oid);
        for (const row of own.length > 0 ? (innocent.get(oid) ?? []) : []) {
          const found = left?.rows.get(identity(table, row));
          if (!found) hit.push(`gone: ${JSON.stringify(row)}`);
          else if (own.some((key) => key.columns.some((at) => left?.live.has(at) && found[at] !== row[at])))
            hit.push(`changed: ${JSON.stringify(row)} to ${JSON.stringify(found)}`);
        }
      }
      return { ...(error && { error }), hit };
    },
  };
}

const RESET = `rollback; set search_path to public; reset lock_timeout; reset statement_timeout;
  do $$ declare s text; begin for s in select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)' loop execute format('drop schema %I cascade', s); end loop; end $$;
  create schema public`;

const OWN_TRANSACTION = /^\s*(?:--.*\n\s*)*(?:begin|start|commit|rollback|set)\b|\bconcurrently\b/i;

/** `nested`: a transaction is open, in which each statement stands for one of its own. */
async function attempt(db: PGlite, statements: readonly string[], nested: boolean): Promise<Outcome["error"]> {
  for (const statement of statements) {
    try {
      await db.exec(nested ? `savepoint one; ${statement}; release one` : statement);
    } catch (error) {
      if (nested) await db.exec("rollback to one");
      const { code = "", message = "" } = error as { code?: string; message?: string };
      return { code, message };
    }
  }
  return undefined;
}

/** By object and attribute numbers, which no rename changes. */
interface Located {
  readonly child: string;
  readonly columns: readonly number[];
  readonly parent: string;
  readonly parentColumns: readonly number[];
}

/** Keys over columns that are there before the pending statements. */
async function located(db: PGlite, keys: readonly RowKey[]): Promise<Located[]> {
  const found: Located[] = [];
  for (const key of keys) {
    const numbers = async (table: string, columns: readonly string[]) => {
      const { rows } = await db.query<{ oid: string; attname: string; attnum: number }>(
        "select attrelid::text as oid, attname, attnum from pg_attribute where attrelid = to_regclass($1) and attname = any ($2) and not attisdropped",
        [table, columns],
      );
      const all = columns.flatMap((column) => rows.find((row) => row.attname === column)?.attnum ?? []);
      return rows[0] && all.length === columns.length ? { oid: rows[0].oid, all } : undefined;
    };
    const [child, parent] = [await numbers(key.child, key.columns), await numbers(key.parent, key.parentColumns)];
    if (child && parent)
      found.push({ child: child.oid, columns: child.all, parent: parent.oid, parentColumns: parent.all });
  }
  return found;
}

/** A row by attribute numbers, as text. */
type Row = Readonly<Record<number, string | null>>;

interface Table {
  readonly identity: readonly number[];
  readonly live: ReadonlySet<number>;
  readonly rows: ReadonlyMap<string, Row>;
}

const identity = (table: Pick<Table, "identity">, row: Row): string =>
  JSON.stringify(table.identity.map((at) => row[at]));

async function read(db: PGlite, name: string, columns: readonly Attribute[]): Promise<Table> {
  const { rows } = await db.query<Record<string, string | null>>(
    `select ${columns.map(({ attname, attnum }) => `"${attname}"::text as "${attnum}"`).join(", ")} from ${name}`,
  );
  const keyed = columns.filter(({ primary }) => primary);
  const table = {
    identity: (keyed.length > 0 ? keyed : columns).map(({ attnum }) => attnum),
    live: new Set(columns.map(({ attnum }) => attnum)),
  };
  return { ...table, rows: new Map(rows.map((row) => [identity(table, row as Row), row as Row])) };
}

/** Rows that are no orphans of any key, nor become some: what points at an orphan, or at a parent that the statements took away on purpose. */
function innocents(
  keys: readonly Located[],
  tables: ReadonlyMap<string, Table>,
  after: ReadonlyMap<string, Table>,
): Map<string, Row[]> {
  const alive = new Map([...tables].map(([oid, table]) => [oid, [...table.rows.values()]]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const key of keys) {
      const keyOf = (row: Row) => JSON.stringify(key.parentColumns.map((at) => row[at]));
      const left = keys.some((each) => each.child === key.parent)
        ? undefined
        : new Set([...(after.get(key.parent)?.rows.values() ?? [])].map(keyOf));
      const parents = new Set((alive.get(key.parent) ?? []).map(keyOf).filter((each) => left?.has(each) !== false));
      const children = alive.get(key.child) ?? [];
      const good = children.filter(
        (row) =>
          key.columns.some((at) => row[at] === null) || parents.has(JSON.stringify(key.columns.map((at) => row[at]))),
      );
      if (good.length < children.length) changed = true;
      alive.set(key.child, good);
    }
  }
  return alive;
}

/** A small generator with a seed: mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Attribute {
  readonly oid: string;
  readonly attname: string;
  readonly attnum: number;
  readonly type: string;
  readonly category: string;
  readonly labels: readonly string[] | null;
  readonly required: boolean;
  readonly default: boolean;
  readonly primary: boolean;
  /** Generated, or an identity that takes no value. */
  readonly made: boolean;
}

const PARENTS = 4;
const ROWS = 14;

async function described(db: PGlite): Promise<Pick<Prepared, "columns" | "names" | "open">> {
  const { rows } = await db.query<Attribute & { name: string; open: Prepared["open"] | null }>(`
    select attrelid::text as oid, format('%I.%I', nspname, relname) as name, attname, attnum, format_type(t.oid, null) as type, typcategory as category, attnotnull as required, atthasdef as default,
      attgenerated <> '' or attidentity = 'a' as made,
      (select array_agg(enumlabel order by enumsortorder) from pg_enum where enumtypid = t.oid) as labels,
      coalesce(attnum = any ((select conkey from pg_constraint where conrelid = attrelid and contype = 'p')::int2[]), false) as primary,
      (select json_agg(json_build_object('child', conrelid::regclass::text, 'name', quote_ident(conname), 'sql', pg_get_constraintdef(oid))) from pg_constraint where contype = 'f' and not convalidated) as open
    from pg_attribute a join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace join pg_type t on t.oid = atttypid
    where relkind in ('r', 'p') and not relispartition and nspname !~ '^(pg_|information_schema$)' and attnum > 0 and not attisdropped order by attrelid, attnum`);
  return { columns: rows, names: new Map(rows.map(({ oid, name }) => [oid, name])), open: rows[0]?.open ?? [] };
}

/** Rows for every table; what PostgreSQL refuses (a duplicate, a constraint that is there) is left out. */
function filling(
  trial: Trial,
  keys: readonly Located[],
  columns: readonly Attribute[],
  names: ReadonlyMap<string, string>,
): string {
  const next = random(trial.seed);
  const words = [...new Set([...trial.pending.join("\n").matchAll(/'([^'\n]*)'/g)].map((match) => match[1] ?? ""))];
  const depth = (oid: string, path: readonly string[] = []): number =>
    Math.max(
      0,
      ...keys
        .filter((key) => key.child === oid && key.parent !== oid && !path.includes(key.parent))
        .map((key) => 1 + depth(key.parent, [...path, oid])),
    );
  const inserts: string[] = [];
  for (const oid of [...names.keys()].sort((a, b) => depth(a) - depth(b) || Number(a) - Number(b))) {
    const apart = keys.every((key) => key.child !== oid && key.parent !== oid);
    for (let i = 1; i <= ROWS; i++) {
      if (apart && next() < 0.5) continue;
      const given = columns.flatMap((column): [Attribute, string][] => {
        const value = column.oid === oid && !column.made ? valueFor(column, i, { next, keys, words }) : undefined;
        return value === undefined ? [] : [[column, value]];
      });
      inserts.push(
        `insert into ${names.get(oid) ?? ""} (${given.map(([{ attname }]) => `"${attname}"`).join(", ")}) values (${given.map(([, value]) => value).join(", ")})`,
      );
    }
  }
  return `do $fill$ begin ${inserts.map((insert) => `begin ${insert}; exception when integrity_constraint_violation then null; end;`).join("\n")} end $fill$;`;
}

/** SQL; undefined for the column's default. */
function valueFor(
  column: Attribute,
  row: number,
  {
    next,
    keys,
    words,
  }: { readonly next: () => number; readonly keys: readonly Located[]; readonly words: readonly string[] },
): string | undefined {
  const pick = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  const own = keys.filter((key) => key.child === column.oid && key.columns.includes(column.attnum));
  const pointed = keys.filter((key) => key.parent === column.oid && key.parentColumns.includes(column.attnum));
  if (own.length > 0) {
    // Some point nowhere, most at a parent, some at one that is gone.
    if (!column.required && next() < 0.2) return "null";
    return literal(column, pick(1, own.some((key) => key.parent === column.oid) ? ROWS + 6 : PARENTS + 3));
  }
  if (pointed.length > 0) {
    // Other values than those of the primary key beside it, and some the same.
    const shift = column.primary || keys.some((key) => key.child === column.oid) ? 0 : 1;
    if (pointed.every((key) => key.parentColumns.length === 1))
      return row > PARENTS && keys.every((key) => key.child !== column.oid)
        ? literal(column, shift + pick(1, PARENTS))
        : !column.required && next() < 0.1
          ? "null"
          : literal(column, row + shift);
    return literal(column, pick(1, PARENTS));
  }
  if (column.primary) return literal(column, row);
  if (column.default && next() < 0.5) return undefined;
  if (!column.required && next() < 0.3) return "null";
  if (column.category === "S" && words.length > 0 && next() < 0.6)
    return quote(words[Math.floor(next() * words.length)] ?? "");
  return literal(column, pick(1, 6));
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function literal({ type, category, labels }: Attribute, n: number): string {
  if (labels) return quote(labels[(n - 1) % labels.length] ?? "");
  if (category === "N") return String(n);
  if (category === "B") return n % 2 === 0 ? "true" : "false";
  if (category === "D") return quote(`2020-01-${String(n).padStart(2, "0")}`);
  if (type === "uuid") return quote(`00000000-0000-4000-8000-0000000000${String(n).padStart(2, "0")}`);
  if (type === "json" || type === "jsonb") return quote("{}");
  if (category === "A") return quote("{}");
  return quote(`k${n}`);
}
