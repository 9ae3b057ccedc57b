import fc from "fast-check";

/** Cleanups as people write them, right and wrong: a small grammar over a child table, its parent and a third table. */

export interface Sample {
  readonly history: string;
  /** Statements of the migration, the foreign key among them. */
  readonly statements: readonly string[];
  /** It changes other rows as well, on purpose. */
  readonly meant: boolean;
  /** Nothing but one cleanup before the key: what is said against it has to be true of it. */
  readonly single: boolean;
}

const of = <const T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
/** Mostly the first. */
const mostly = <const T>(first: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(first) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

const schema = fc
  .record({ required: mostly(false, true), legacy: mostly("integer NOT NULL UNIQUE", "integer UNIQUE") })
  .map(
    ({
      required,
      legacy,
    }) => `CREATE TABLE posts (id integer PRIMARY KEY, legacy ${legacy}, published boolean NOT NULL DEFAULT true, title text);
CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE comments (id integer PRIMARY KEY, post_id integer${required ? " NOT NULL" : ""}, author_id integer, body text);`,
  );

/** The parent's rows that count. */
const partner = fc
  .record({
    table: mostly("posts", "users"),
    column: mostly("id", "legacy"),
    filter: mostly("", "published", "title IS NOT NULL"),
  })
  .map(({ table, column, filter }) =>
    table === "users" ? { table, column: "id", filter: "" } : { table, column, filter },
  );

interface Row {
  /** How the row is called, and its columns. */
  readonly name: string;
  readonly alias: boolean;
}

const qualified = (row: Row, column: string): string => (row.alias ? `${row.name}.${column}` : column);

/** A term that holds for rows without a partner. */
function anti(row: Row): fc.Arbitrary<string> {
  const own = mostly("post_id", "author_id").map((column) => ({
    inner: `${row.name}.${column}`,
    outer: qualified(row, column),
  }));
  const where = (...terms: readonly string[]) =>
    terms.some((term) => term !== "") ? ` WHERE ${terms.filter((term) => term !== "").join(" AND ")}` : "";
  return fc.oneof(
    fc
      .tuple(own, partner, mostly("", "given"))
      .map(
        ([{ outer }, { table, column, filter }, given]) =>
          `${outer} NOT IN (SELECT ${column} FROM ${table}${where(filter, given && `${column} IS NOT NULL`)})`,
      ),
    fc
      .tuple(own, partner)
      .map(
        ([{ outer }, { table, column, filter }]) =>
          `${outer} <> ALL (SELECT p.${column} FROM ${table} p${where(filter)})`,
      ),
    fc
      .tuple(own, partner, of("1", "p.id", ""))
      .map(
        ([{ inner }, { table, column, filter }, target]) =>
          `NOT EXISTS (SELECT ${target} FROM ${table} p${where(`p.${column} = ${inner}`, filter)})`,
      ),
    fc
      .tuple(own, partner)
      .map(
        ([{ inner }, { table, column, filter }]) =>
          `NOT EXISTS (SELECT 1 FROM (SELECT ${column} AS k FROM ${table}${where(filter)}) living WHERE living.k = ${inner})`,
      ),
    // The trap: unqualified names bind inside.
    of(
      "NOT EXISTS (SELECT 1 FROM posts WHERE posts.id = id)",
      "NOT EXISTS (SELECT 1 FROM posts WHERE posts.id = post_id)",
      "post_id NOT IN (SELECT post_id FROM posts)",
    ),
    fc
      .tuple(own, partner, of("count(*)", "count(p.id)", "count(p.title)"))
      .map(
        ([{ inner }, { table, column, filter }, count]) =>
          `(SELECT ${table === "users" ? "count(*)" : count} FROM ${table} p${where(`p.${column} = ${inner}`, filter)}) = 0`,
      ),
    fc
      .tuple(own, partner)
      .map(([{ inner }, { table, column }]) => `(SELECT p.id FROM ${table} p WHERE p.${column} = ${inner}) IS NULL`),
  );
}

const other = (row: Row): fc.Arbitrary<string> =>
  of(
    "body = 'x'",
    "id > 7",
    "author_id IS NOT NULL",
    "author_id IS NULL",
    "post_id IS NULL",
    "author_id IN (SELECT id FROM users)",
    "true",
  ).map((term) =>
    row.alias ? term.replace(/\b(body|post_id|author_id)\b|^id\b/g, (column) => `${row.name}.${column}`) : term,
  );

/** A whole condition over one row. */
function condition(row: Row): fc.Arbitrary<string> {
  const given = of(`${qualified(row, "post_id")} IS NOT NULL`, "");
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(given, anti(row)).map((terms) => terms.filter((term) => term !== "").join(" AND ")),
    },
    { weight: 2, arbitrary: fc.tuple(anti(row), other(row)).map((terms) => terms.join(" AND ")) },
    { weight: 1, arbitrary: fc.tuple(anti(row), other(row)).map((terms) => terms.join(" OR ")) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(given, anti(row), other(row))
        .map(([a, b, c]) => (a === "" ? `${b} OR ${c}` : `${a} AND (${b} OR ${c})`)),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(anti(row), anti(row), of("AND", "OR")).map(([a, b, word]) => `${a} ${word} ${b}`),
    },
    { weight: 1, arbitrary: other(row) },
  );
}

/** A query that gives a column of the rows to clean up. */
function rows(column: string): fc.Arbitrary<string> {
  const row: Row = { name: "c", alias: true };
  const join = fc
    .tuple(
      mostly("post_id", "author_id"),
      partner,
      of("c.post_id IS NOT NULL", ""),
      mostly("", "JOIN users u ON u.id = c.author_id"),
      mostly("key", "title"),
      mostly("", "c.body = 'x'"),
    )
    .map(([own, { table, column: key, filter }, given, inner, absent, more]) => {
      const terms = [`p.${absent === "title" && table === "posts" ? "title" : key} IS NULL`, given, more].filter(
        (term) => term !== "",
      );
      return `SELECT c.${column} FROM comments c ${inner} LEFT JOIN ${table} p ON p.${key} = c.${own}${filter === "" ? "" : ` AND p.${filter}`} WHERE ${terms.join(" AND ")}`;
    });
  return fc.oneof(
    { weight: 3, arbitrary: join },
    { weight: 2, arbitrary: condition(row).map((where) => `SELECT c.${column} FROM comments c WHERE ${where}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(mostly("post_id", "author_id"), partner)
        .map(([own, { table, column: key, filter }]) =>
          column === own
            ? `SELECT ${own} FROM comments EXCEPT SELECT ${key} FROM ${table}${filter === "" ? "" : ` WHERE ${filter}`}`
            : `SELECT ${column} FROM comments EXCEPT SELECT c.${column} FROM comments c JOIN ${table} p ON p.${key} = c.${own}`,
        ),
    },
  );
}

const picked = mostly("id", "post_id", "author_id", "ctid");

/** WHERE and what is before and beside it, for `head`: DELETE FROM comments, UPDATE comments SET …. */
function statement(verb: "DELETE" | "UPDATE", set: string): fc.Arbitrary<string> {
  const head = (alias: string) =>
    verb === "DELETE" ? `DELETE FROM comments${alias}` : `UPDATE comments${alias} SET ${set}`;
  const beside = verb === "DELETE" ? "USING" : "FROM";
  const limit = mostly("", " LIMIT 2");
  return fc.oneof(
    {
      weight: 3,
      arbitrary: condition({ name: "comments", alias: false }).map((where) => `${head("")} WHERE ${where}`),
    },
    { weight: 3, arbitrary: condition({ name: "c", alias: true }).map((where) => `${head(" c")} WHERE ${where}`) },
    {
      weight: 3,
      arbitrary: picked.chain((column) =>
        fc.tuple(rows(column), limit).map(([query, most]) => `${head("")} WHERE ${column} IN (${query}${most})`),
      ),
    },
    {
      weight: 1,
      arbitrary: picked.chain((column) =>
        fc
          .tuple(rows(column), limit)
          .map(([query, most]) => `${head("")} WHERE ${column} = ANY (ARRAY(${query}${most}))`),
      ),
    },
    {
      weight: 2,
      arbitrary: picked
        .filter((column) => column !== "ctid")
        .chain((column) =>
          rows(column).map(
            (query) =>
              `WITH orphans AS (${query}) ${head("")} ${beside} orphans WHERE orphans.${column} = comments.${column}`,
          ),
        ),
    },
    {
      weight: 1,
      arbitrary: picked
        .filter((column) => column !== "ctid")
        .chain((column) =>
          rows(column).map(
            (query) => `WITH orphans AS (${query}) ${head("")} WHERE ${column} IN (SELECT ${column} FROM orphans)`,
          ),
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          mostly("post_id", "author_id"),
          partner,
          of(" AND o.post_id IS NOT NULL", ""),
          mostly("o.id = c.id", "o.author_id = c.author_id"),
        )
        .map(
          ([own, { table, column }, given, link]) =>
            `${head(" c")} ${beside} comments o LEFT JOIN ${table} p ON p.${column} = o.${own} WHERE ${link} AND p.${column} IS NULL${given}`,
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(partner, of("=", "<>"))
        .map(
          ([{ table, column }, operator]) =>
            `${head("")} ${beside} ${table} p WHERE p.${column} ${operator} comments.post_id AND p.${column} IS NULL`,
        ),
    },
  );
}

const parents = fc
  .tuple(of("DISTINCT ", ""), rows("post_id"), mostly("", " ON CONFLICT DO NOTHING"))
  .map(
    ([distinct, query, conflict]) =>
      `INSERT INTO posts (id, legacy) SELECT ${distinct}k.post_id, k.post_id + 100 FROM (${query}) k${conflict}`,
  );

const cleanup = fc.oneof(
  { weight: 8, arbitrary: statement("DELETE", "") },
  { weight: 3, arbitrary: statement("UPDATE", "post_id = NULL") },
  {
    weight: 1,
    arbitrary: of("post_id = 1000", "post_id = (SELECT min(id) FROM posts)", "post_id = author_id").chain((set) =>
      statement("UPDATE", set),
    ),
  },
  { weight: 1, arbitrary: parents },
  {
    weight: 1,
    arbitrary: of(
      "DELETE FROM comments WHERE post_id IS NOT NULL",
      "DELETE FROM comments WHERE post_id IN (5, 6)",
      "UPDATE comments c SET post_id = p.id FROM posts p WHERE p.legacy = c.author_id",
      "INSERT INTO posts (id, legacy) SELECT DISTINCT post_id, post_id + 100 FROM comments WHERE post_id IS NOT NULL ON CONFLICT DO NOTHING",
    ),
  },
);

/** Until it finds nothing; some would go on for ever. */
const loop = (sql: string): string =>
  `DO $$ DECLARE n integer := 0; BEGIN LOOP ${sql}; EXIT WHEN NOT FOUND OR n = 40; n := n + 1; END LOOP; END $$;`;

const looped = fc.tuple(cleanup, mostly("no", "loop", "for")).map(([sql, how]) => {
  if (how === "no") return `${sql};`;
  return how === "loop" ? loop(sql) : `DO $$ BEGIN FOR i IN 1..2 LOOP ${sql}; END LOOP; END $$;`;
});

const after = mostly(
  "",
  "DELETE FROM posts WHERE NOT published;",
  "UPDATE comments SET post_id = author_id WHERE body = 'x';",
  "DELETE FROM comments WHERE body = 'x';",
  "UPDATE comments SET body = 'y';",
);

/** It is not about this key, or gives a key on purpose: which rows it may change, nobody but its author knows. */
function deliberate(sql: string): boolean {
  if (/\bINSERT\b|SET body/.test(sql)) return false;
  if (/^DELETE FROM posts|WHERE post_id IS NOT NULL;|p\.legacy = c\.author_id/.test(sql)) return true;
  const condition = sql.replace("post_id = (SELECT min(id) FROM posts)", "");
  return (
    !/\bposts\b/.test(condition) &&
    !/post_id (?:NOT IN|<> ALL) \(SELECT [^()]*\busers\b|\busers\b.* = \w+\.post_id\b|EXCEPT SELECT id FROM users/.test(
      condition.replace(/author_id (?:IN|= ANY) .*EXCEPT.*/, ""),
    )
  );
}

/** With what names the constraint comes. */
const key = fc.tuple(mostly("id", "legacy"), mostly(false, true)).map(([column, renamed]) => ({
  renames: renamed
    ? ["ALTER TABLE comments RENAME COLUMN post_id TO article_id;", "ALTER TABLE posts RENAME TO articles;"]
    : [],
  add: renamed
    ? `ALTER TABLE comments ADD CONSTRAINT fk FOREIGN KEY (article_id) REFERENCES articles (${column});`
    : `ALTER TABLE comments ADD CONSTRAINT fk FOREIGN KEY (post_id) REFERENCES posts (${column});`,
}));

export const simpleKey: fc.Arbitrary<Sample> = fc
  .tuple(schema, fc.array(looped, { minLength: 1, maxLength: 2 }), after, key, mostly("plain", "not valid", "late"))
  .map(([history, cleanups, then, { renames, add }, how]) => {
    const changes = [...cleanups, then].filter((sql) => sql !== "");
    const meant = changes.some(deliberate);
    // What the constraint refuses at once cannot be seen to hit any row.
    const single = changes.length === 1 && !(how === "not valid" && /SET post_id = (?!NULL)/.test(changes[0] ?? ""));
    const rest = { history, meant, single };
    if (how === "late") return { ...rest, statements: [...renames, add, ...(renames.length > 0 ? [] : cleanups)] };
    if (how === "not valid" && renames.length === 0)
      return {
        ...rest,
        statements: [
          add.replace(";", " NOT VALID;"),
          ...cleanups,
          then,
          "ALTER TABLE comments VALIDATE CONSTRAINT fk;",
        ].filter((sql) => sql !== ""),
      };
    return { ...rest, statements: [...cleanups, then, ...renames, add].filter((sql) => sql !== "") };
  });

// A key of two columns.

const pairTerm = of(
  "NOT EXISTS (SELECT 1 FROM projects p WHERE p.tenant = tasks.tenant AND p.number = tasks.number)",
  "NOT EXISTS (SELECT 1 FROM projects p WHERE p.tenant = tasks.tenant AND p.number = tasks.number AND p.live)",
  "NOT EXISTS (SELECT 1 FROM projects p WHERE p.tenant = tasks.tenant)",
  "NOT EXISTS (SELECT 1 FROM projects p WHERE p.tenant = tasks.number AND p.number = tasks.tenant)",
  "(tenant, number) NOT IN (SELECT tenant, number FROM projects)",
  "(number, tenant) NOT IN (SELECT number, tenant FROM projects)",
  "(tenant, number) NOT IN (SELECT number, tenant FROM projects)",
  "number NOT IN (SELECT number FROM projects)",
  "id NOT IN (SELECT t.id FROM tasks t JOIN projects p ON p.tenant = t.tenant AND p.number = t.number)",
  "id IN (SELECT t.id FROM tasks t LEFT JOIN projects p ON p.tenant = t.tenant AND p.number = t.number WHERE p.number IS NULL)",
  "id IN (SELECT t.id FROM tasks t LEFT JOIN projects p USING (tenant, number) WHERE p.tenant IS NULL)",
  "(tenant, number) IN (SELECT tenant, number FROM tasks EXCEPT SELECT tenant, number FROM projects)",
);
const pairGiven = of(
  "",
  "tenant IS NOT NULL AND ",
  "number IS NOT NULL AND ",
  "tenant IS NOT NULL AND number IS NOT NULL AND ",
);

export const pairKey: fc.Arbitrary<Sample> = fc
  .tuple(
    of(" NOT NULL", ""),
    fc.array(
      fc.tuple(
        pairGiven,
        pairTerm,
        of(
          "DELETE FROM tasks",
          "DELETE FROM tasks",
          "UPDATE tasks SET number = NULL",
          "UPDATE tasks SET tenant = NULL, number = NULL",
        ),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  )
  .map(([required, cleanups]) => ({
    history: `CREATE TABLE projects (tenant integer, number integer, live boolean NOT NULL, PRIMARY KEY (tenant, number));
CREATE TABLE tasks (id integer PRIMARY KEY, tenant integer${required}, number integer);`,
    meant: false,
    single: cleanups.length === 1 && cleanups[0]?.[0] === "",
    statements: [
      ...cleanups.map(([given, term, head]) => `${head} WHERE ${given}${term};`),
      "ALTER TABLE tasks ADD CONSTRAINT fk FOREIGN KEY (tenant, number) REFERENCES projects (tenant, number);",
    ],
  }));

// A table that points at itself.

const selfTerm = of(
  "parent_id NOT IN (SELECT id FROM nodes)",
  "parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM nodes p WHERE p.id = nodes.parent_id)",
  "NOT EXISTS (SELECT 1 FROM nodes p WHERE p.id = nodes.parent_id)",
  "id IN (SELECT n.id FROM nodes n LEFT JOIN nodes p ON p.id = n.parent_id WHERE p.id IS NULL AND n.parent_id IS NOT NULL)",
  "id IN (SELECT n.id FROM nodes n LEFT JOIN nodes p ON p.id = n.parent_id WHERE n.id IS NULL)",
  "id NOT IN (SELECT parent_id FROM nodes)",
);

export const selfKey: fc.Arbitrary<Sample> = fc
  .tuple(
    selfTerm,
    of("DELETE FROM nodes", "UPDATE nodes SET parent_id = NULL"),
    mostly("once", "loop", "twice"),
    mostly("", "DELETE FROM nodes WHERE body = 'x';"),
  )
  .map(([term, head, how, then]) => {
    const sql = `${head} WHERE ${term};`;
    return {
      history: "CREATE TABLE nodes (id integer PRIMARY KEY, parent_id integer, body text);",
      meant: then !== "" || term.includes("n.id IS NULL") || term.startsWith("id NOT IN"),
      single: then === "" && how === "once",
      statements: [
        ...(how === "loop" ? [loop(sql.replace(";", ""))] : how === "twice" ? [sql, sql] : [sql]),
        then,
        "ALTER TABLE nodes ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES nodes (id);",
      ].filter((each) => each !== ""),
    };
  });
