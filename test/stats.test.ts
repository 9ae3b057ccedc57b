import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readOutput, readStatistics } from "../src/evidence/statistics/read.ts";
import type { Statistics, TableStatistics } from "../src/evidence/statistics/statistics.ts";
import { writeStatistics } from "../src/evidence/statistics/write.ts";
import { checkSync } from "../src/engine/check.ts";
import type { Io } from "../src/project/io.ts";
import { openProjectSync } from "../src/project/sync.ts";
import { loadReader } from "../src/sql/readers.ts";
import { run } from "./support/command.ts";
import { folder, repository, write } from "./support/folders.ts";

/** lockstep.stats.json: how it is read and written, and what a check makes of it. The query itself runs in test/stats-server.test.ts. */

const MB = 1024 * 1024;

function table(name: string, rows: number | null, megabytes: number, columns: TableStatistics["columns"] = {}) {
  return {
    schema: "public",
    name,
    rows,
    heap: (megabytes * MB) / 2,
    bytes: megabytes * MB,
    scans: { sequential: 1, index: 2 },
    writes: { inserted: 3, updated: 4, deleted: 5 },
    columns,
  } satisfies TableStatistics;
}

const statistics = (tables: readonly TableStatistics[], more: Partial<Statistics> = {}): Statistics => ({
  version: 1,
  taken: new Date().toISOString().replace(/\.\d+/, ""),
  server: "17.4",
  database: "shop",
  replicas: 0,
  tables,
  ...more,
});

const HISTORY = `
CREATE TABLE settings (id int PRIMARY KEY, key text, value text);
CREATE TABLE posts (id int PRIMARY KEY, author text, title text);
CREATE TABLE comments (id int PRIMARY KEY, post_id int);
`;

/** A project with one pending migration. */
function project(sql: string, files: Readonly<Record<string, string>> = {}): string {
  return folder({
    "prisma/migrations/1_init/migration.sql": HISTORY,
    "prisma/migrations/2_change/migration.sql": sql,
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    "lockstep.config.json": JSON.stringify({ postgres: 17, execution: "batch" }),
    ...files,
  });
}

const PENDING = "prisma/migrations/2_change/migration.sql";

interface Told {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function lockstep(
  cwd: string,
  args: readonly string[],
  { stdin = "", env = {} }: { readonly stdin?: string; readonly env?: Io["env"] } = {},
): Promise<Told> {
  const out = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr"): Io["stdout"] => ({
    write: (text) => ((out[name] += text), Promise.resolve()),
    isTTY: false,
  });
  const code = await run(args, {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    stdin: () => Promise.resolve(Buffer.from(stdin)),
    env,
    cwd,
  });
  return { code, ...out };
}

interface Found {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly size?: { readonly tables: readonly object[]; readonly small: boolean; readonly seconds?: number };
}

async function found(cwd: string, rule: string, env: Io["env"] = {}): Promise<readonly Found[]> {
  const { stdout, stderr } = await lockstep(cwd, ["check", "--format", "json", PENDING], { env });
  expect(stderr).toBe("");
  return (JSON.parse(stdout) as { findings: Found[] }).findings.filter((each) => each.rule === rule);
}

async function problems(cwd: string, env: Io["env"] = {}): Promise<readonly string[]> {
  const { stdout } = await lockstep(cwd, ["check", "--format", "json", PENDING], { env });
  return (JSON.parse(stdout) as { problems: { message: string; help: string }[] }).problems.map(
    ({ message, help }) => `${message} ${help}`,
  );
}

describe("what is written is read", () => {
  const some = statistics([
    table("users", 5, 1, { email: { nulls: 0.5, distinct: -0.5 }, constructor: { nulls: 0, distinct: 3 } }),
    table("a", null, 0),
  ]);

  test("a table a line, by name", () => {
    const text = writeStatistics(some);
    const read = readStatistics(text);
    expect(read).toEqual({ ok: true, value: { ...some, tables: [...some.tables].reverse() } });
    expect(text.split("\n").filter((line) => line.includes('"name"'))).toHaveLength(2);
  });

  const value = JSON.stringify(some);
  test.each([
    ["the value alone", value],
    ["with a mark of its encoding", `\ufeff${value}\n`],
    ["CSV", `lockstep_stats\n"${value.replaceAll('"', '""')}"\n`],
    ["CSV with the line ends of Windows", `lockstep_stats\r\n"${value.replaceAll('"', '""')}"\r\n`],
    ["psql's table", ` lockstep_stats \n${"-".repeat(20)}\n ${value}\n(1 row)\n\n`],
    ["rows as JSON", JSON.stringify([{ lockstep_stats: some }])],
    ["rows as JSON, the value as a text", JSON.stringify([{ lockstep_stats: value }])],
    ["one row as JSON", JSON.stringify({ lockstep_stats: some })],
  ])("%s", (_, output) => {
    expect(readOutput(output)).toEqual({ ok: true, value: some });
  });

  test.each<[string, unknown, string]>([
    ["a version", { version: 2 }, "version is 2, but must be 1"],
    ["a time", { taken: "yesterday" }, 'taken is "yesterday", but must be a time as 2026-07-14T09:30:00Z'],
    ["a name", { database: "" }, 'database is "", but must be a text'],
    ["a list", { tables: {} }, "tables is an object, but must be a list"],
    ["rows", { tables: [{ ...table("a", 1, 1), rows: -1 }] }, "tables[0].rows is -1, but must be a number from 0"],
    ["a size", { tables: [{ ...table("a", 1, 1), bytes: "9 GB" }] }, 'tables[0].bytes is "9 GB", but must be'],
    ["counters", { tables: [{ ...table("a", 1, 1), scans: undefined }] }, "tables[0].scans is missing, but must be"],
    [
      "a share",
      { tables: [table("a", 1, 1, { b: { nulls: 2, distinct: 1 } })] },
      'tables[0].columns["b"].nulls is 2, but must be a number from 0 to 1',
    ],
  ])("%s that is wrong is named", (_, wrong, sentence) => {
    const read = readStatistics(JSON.stringify({ ...some, ...(wrong as object) }));
    expect(read).toEqual({ ok: false, message: expect.stringContaining(sentence) as string });
  });
});

describe("lockstep stats", () => {
  const ANSWER = JSON.stringify(statistics([table("posts", 10, 1)]));

  test("prints the query and how it is run", async () => {
    const { code, stdout } = await lockstep(folder({ "package.json": "{}" }), ["stats"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^-- .*\| psql .* -XAtq \| npx lockstep stats -$/m);
    expect(stdout).toMatch(/;\n$/);
    expect(stdout).not.toMatch(/most_common|histogram/);
  });

  test("writes beside the configuration, from wherever it is started", async () => {
    const root = repository({ "lockstep.config.json": "{}", "prisma/schema.prisma": "" });
    const { code, stdout, stderr } = await lockstep(join(root, "prisma"), ["stats", "-"], { stdin: ANSWER });
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^lockstep: \.\.\/lockstep\.stats\.json has 1 table of shop \(PostgreSQL 17\.4, /);
    expect(readStatistics(readFileSync(join(root, "lockstep.stats.json"), "utf8")).ok).toBe(true);
  });

  test("a file of another database, or none of lockstep's, is written over when that is asked for", async () => {
    const other = writeStatistics(statistics([], { database: "shop_test" }));
    for (const [before, sentence] of [
      [other, "has the sizes of the database shop_test, and these are of shop"],
      ["{}", "are none: version is missing, but must be 1"],
    ] as const) {
      const root = project("", { "lockstep.stats.json": before });
      const refused = await lockstep(root, ["stats", "-"], { stdin: ANSWER });
      expect(refused).toEqual({ code: 2, stdout: "", stderr: expect.stringContaining(sentence) as string });
      expect(refused.stderr).toContain("--force writes over it");
      expect(readFileSync(join(root, "lockstep.stats.json"), "utf8")).toBe(before);
      expect((await lockstep(root, ["stats", "--force", "-"], { stdin: ANSWER })).code).toBe(0);
      // Of the same database nobody needs to ask.
      expect((await lockstep(root, ["stats", "-"], { stdin: ANSWER })).code).toBe(0);
    }
  });

  test.each([
    [["stats", "-"], "", "Standard input is not what the query of lockstep stats gives: it is empty."],
    [["stats", "-"], "psql: error", "it holds no JSON."],
    [["stats", "nowhere.csv"], "", "nowhere.csv cannot be read (ENOENT)"],
    [["stats", "--server", "postgresql://x", "-"], "", "give one of them"],
  ])("%j: what is wrong is one sentence", async (args, stdin, sentence) => {
    const root = project("");
    const { code, stdout, stderr } = await lockstep(root, args, { stdin });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(existsSync(join(root, "lockstep.stats.json"))).toBe(false);
  });
});

const stats = (tables: readonly TableStatistics[], more: Partial<Statistics> = {}) => ({
  "lockstep.stats.json": writeStatistics(statistics(tables, more)),
});

describe("a check with it", () => {
  const INDEX = "CREATE INDEX settings_key ON settings (key);\n";
  const BOTH = `${INDEX}CREATE INDEX posts_title ON posts (title);\n`;

  test("small tables are information, others say how big they are and how long it takes", async () => {
    const root = project(BOTH, stats([table("settings", 120, 1), table("posts", 4_200_000, 1126.4)]));
    const findings = await found(root, "index-build-blocks-writes");
    expect(findings.map(({ severity, message }) => [severity, message.replace(/^.*?(?=How big|Small)/, "")])).toEqual([
      ["error", "How big: posts (4.2 million rows, 1.1 GB): it takes roughly 10 seconds."],
      ["info", "Small: settings (120 rows, 1 MB)."],
    ]);
    expect(findings[1]?.size).toEqual({
      tables: [{ relation: "public.settings", rows: 120, bytes: MB }],
      small: true,
      seconds: expect.closeTo(0.01, 1) as number,
    });
  });

  test("without it nothing is said of sizes, and a table that it does not have is not small", async () => {
    const [alone] = await found(project(INDEX), "index-build-blocks-writes");
    expect([alone?.severity, alone?.size]).toEqual(["error", undefined]);
    expect(alone?.message).not.toMatch(/How big|Small/);
    const [unknown] = await found(project(INDEX, stats([table("posts", 1, 1)])), "index-build-blocks-writes");
    expect([unknown?.severity, unknown?.size, unknown?.message]).toEqual(["error", undefined, alone?.message]);
  });

  test("both thresholds count, and the configuration sets them", async () => {
    const severity = async (rows: number | null, megabytes: number, smallTables?: object) => {
      const root = project(INDEX, {
        ...stats([table("settings", rows, megabytes)]),
        "lockstep.config.json": JSON.stringify({ postgres: 17, ...(smallTables && { smallTables }) }),
      });
      return (await found(root, "index-build-blocks-writes"))[0]?.severity;
    };
    expect(await severity(10_000, 16)).toBe("info");
    expect(await severity(10_001, 16)).toBe("error");
    expect(await severity(10_000, 16.1)).toBe("error");
    expect(await severity(10_001, 16.1, { rows: 20_000, megabytes: 20 })).toBe("info");
    // Nothing has counted them: not more than there is room for.
    expect(await severity(null, 0.5)).toBe("info");
    expect(await severity(null, 1)).toBe("error");
  });

  test("by hand, without a file", async () => {
    const root = project(BOTH, {
      "lockstep.config.json": JSON.stringify({ postgres: 17, smallTables: { tables: ["settings"] } }),
    });
    const findings = await found(root, "index-build-blocks-writes");
    expect(findings.map(({ severity }) => severity).sort()).toEqual(["error", "info"]);
    expect(findings.find(({ severity }) => severity === "info")?.message).toContain(
      "Small by the configuration: settings.",
    );
  });

  test("a severity that somebody has set stays", async () => {
    const root = project(INDEX, {
      ...stats([table("settings", 1, 1)]),
      "lockstep.config.json": JSON.stringify({ rules: { "index-build-blocks-writes": "warning" } }),
    });
    const [finding] = await found(root, "index-build-blocks-writes");
    expect([finding?.severity, finding?.size?.small]).toEqual(["warning", true]);
  });

  test("it is the table that is read which counts, not the other end of a foreign key", async () => {
    const sql = "ALTER TABLE comments ADD CONSTRAINT comments_post FOREIGN KEY (post_id) REFERENCES posts (id);\n";
    const rule = "foreign-key-scan-blocks-writes";
    const [small] = await found(project(sql, stats([table("comments", 9, 1), table("posts", 1e6, 500)])), rule);
    expect([small?.severity, small?.size?.small]).toEqual(["info", true]);
    const [large] = await found(project(sql, stats([table("comments", 1e6, 500), table("posts", 9, 1)])), rule);
    expect(large?.severity).toBe("warning");
    expect(large?.message).toContain("How big: comments (1 million rows, 500 MB): it takes roughly 1 second.");
  });

  test.each([
    ["table-rewrite", "ALTER TABLE posts ALTER COLUMN id TYPE bigint;\n"],
    ["constraint-scan-blocks-reads", "ALTER TABLE posts ADD CONSTRAINT short CHECK (length(title) < 9);\n"],
    ["maintenance-blocks-reads", "CLUSTER posts USING posts_pkey;\n"],
    ["reindex-blocks", "REINDEX TABLE posts;\n"],
    ["missing-lock-timeout", "ALTER TABLE posts ALTER COLUMN id TYPE bigint;\n"],
    [
      "work-after-exclusive-lock",
      "ALTER TABLE settings ADD COLUMN x int;\nALTER TABLE posts ADD CONSTRAINT short CHECK (length(title) < 9);\n",
    ],
  ])("%s goes by it", async (rule, sql) => {
    const tables = [table("settings", 9, 1)];
    const [large] = await found(project(sql, stats([...tables, table("posts", 5e6, 2000)])), rule);
    const [small] = await found(project(sql, stats([...tables, table("posts", 50, 1)])), rule);
    expect([large?.size?.small, small?.size?.small, small?.severity]).toEqual([false, true, "info"]);
    expect(large?.severity).not.toBe("info");
    expect(large?.message).toContain("posts (5 million rows, 2 GB)");
  });

  test("of a partitioned table its partitions take the time", async () => {
    const root = project("CREATE INDEX events_at ON events (at);\n", {
      "prisma/migrations/1_init/migration.sql": `CREATE TABLE events (at date) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
`,
      ...stats([table("events", 4e6, 400), table("events_1", 1e6, 100), table("events_2", 3e6, 300)]),
    });
    const [finding] = await found(root, "index-build-blocks-writes");
    expect(finding?.message).toContain("How big: events (4 million rows, 400 MB): it takes roughly 8 seconds.");
  });

  test.each([
    ["maintenance-blocks-reads", "LOCK TABLE settings;\n"],
    ["drop-column", "ALTER TABLE settings DROP COLUMN value;\n"],
  ])("%s is as bad on a small table", async (rule, sql) => {
    const [with_] = await found(project(sql, stats([table("settings", 9, 1)])), rule);
    const [without] = await found(project(sql), rule);
    expect(without).toBeDefined();
    expect(with_).toEqual(without);
  });

  test("of rows that fail, pg_stats knows a share, which is no proof", async () => {
    const message = async (sql: string, rule: string, columns: TableStatistics["columns"]) =>
      (await found(project(sql, stats([table("posts", 1_000_000, 100, columns)])), rule))[0]?.message ?? "";
    const required = "ALTER TABLE posts ALTER COLUMN author SET NOT NULL;\n";
    const nulls = "not-null-over-existing-rows";
    expect(await message(required, nulls, { author: { nulls: 0.25, distinct: 9 } })).toMatch(
      / By pg_stats 25 % of author is NULL: roughly 250,000 of 1 million rows\.$/,
    );
    expect(await message(required, nulls, { author: { nulls: 0, distinct: 9 } })).toMatch(
      / pg_stats knows no NULL in author, which is no proof, since it goes by a sample\.$/,
    );
    expect(await message(required, nulls, {})).not.toContain("pg_stats");
    const unique = "CREATE UNIQUE INDEX CONCURRENTLY posts_author ON posts (author);\n";
    const twice = "unique-over-existing-rows";
    expect(await message(unique, twice, { author: { nulls: 0.5, distinct: -0.5 } })).toMatch(
      / pg_stats knows no value twice in author, which is no proof, since it goes by a sample\.$/,
    );
    expect(await message(unique, twice, { author: { nulls: 0.5, distinct: 400 } })).toMatch(
      / By pg_stats author has roughly 400 different values in 500,000 rows\.$/,
    );
  });

  test("a file that is none is one sentence, and nothing is checked", async () => {
    const root = project(INDEX, { "lockstep.stats.json": '{"version": 1}' });
    const { code, stdout, stderr } = await lockstep(root, ["check", PENDING]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^lockstep: The statistics lockstep\.stats\.json are none: taken is missing, .*\n$/);
    const doctor = await lockstep(root, ["doctor", "--format", "json"]);
    expect(doctor.code).toBe(2);
    expect(doctor.stdout).toContain("The statistics lockstep.stats.json are none");
  });
});

describe("a file that is not of now or of here is named", () => {
  const SQL = "CREATE INDEX settings_key ON settings (key);\n";
  const now = Date.now();
  const daysAgo = (days: number) => new Date(now - days * 86_400_000 - 1000).toISOString().replace(/\.\d+/, "");

  test("its age", async () => {
    expect(await problems(project(SQL, stats([], { taken: daysAgo(90) })))).toEqual([]);
    expect(await problems(project(SQL, stats([], { taken: daysAgo(91) })))).toEqual([
      expect.stringMatching(
        /^The sizes are 91 days old \(\d{4}-\d\d-\d\d\), and .* lockstep stats prints the query\.$/,
      ),
    ]);
  });

  test("its major version", async () => {
    expect(await problems(project(SQL, stats([], { server: "15.2" })))).toEqual([
      'The sizes are from PostgreSQL 15.2, and the check is for PostgreSQL 17 (postgres in the configuration). Say "postgres": 15 in the configuration, or take them again from the database that the migrations are for.',
    ]);
  });

  test("its database, where the environment leads to another that is not of this machine", async () => {
    const root = project(SQL, {
      ...stats([]),
      "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n  url = env("SHOP_URL")\n}\n',
    });
    const at = (url: string) => problems(root, { SHOP_URL: url });
    expect(await at("postgresql://a:b@db.example.com/shop_eu?schema=public")).toEqual([
      expect.stringContaining("The sizes are those of the database shop, and SHOP_URL leads to shop_eu."),
    ]);
    for (const other of [
      "postgresql://a@db.example.com/shop",
      "postgresql://localhost/dev",
      "postgresql://db:5432/test",
    ])
      expect(await at(other)).toEqual([]);
  });

  test("small tables of the configuration that are not", async () => {
    const root = project(SQL, {
      ...stats([table("settings", 5_000_000, 900), table("posts", 1, 1)]),
      "lockstep.config.json": JSON.stringify({ postgres: 17, smallTables: { tables: ["settings", "public.posts"] } }),
    });
    expect(await problems(root)).toEqual([
      "smallTables in the configuration names settings (5 million rows, 900 MB), which the statistics do not call small. Take it out of smallTables.",
    ]);
  });
});

describe("the checklist's low-traffic window", () => {
  const window = async (root: string): Promise<string> => {
    const { stdout } = await lockstep(root, ["checklist", PENDING]);
    return /Low-traffic window[^]*?(?=\n- \[|\n#|$)/.exec(stdout)?.[0] ?? "";
  };
  const SQL = "SET lock_timeout = '5s';\nALTER TABLE posts ALTER COLUMN id TYPE bigint;\n";

  test("goes by the sizes", async () => {
    const large = await window(project(SQL, stats([table("posts", 4_000_000, 2000)], { replicas: 2 })));
    expect(large).toMatch(/has 4 million rows, 2 GB\. The lock is held for roughly \d+ (?:seconds|minutes)\./);
    expect(large).toContain("The 2 replicas hold it too.");
    const small = await window(project(SQL, stats([table("posts", 40, 1)])));
    expect(small).toContain("but only for a moment, since `public.posts` is small.");
    expect(await window(project(SQL))).not.toMatch(/roughly|small/);
  });

  test("the longest is the worst, whatever the lock", async () => {
    const sql =
      "ALTER TABLE settings ALTER COLUMN id TYPE bigint;\nCOMMIT;\nCREATE INDEX posts_title ON posts (title);\n";
    const root = project(sql, stats([table("settings", 50_000, 20), table("posts", 90_000_000, 9000)]));
    expect(await window(root)).toMatch(/The worst lock is SHARE on `public\.posts`/);
  });
});

test("every surface goes by the same file", async () => {
  const root = repository({ "README.md": "" });
  write(root, {
    "prisma/migrations/1_init/migration.sql": HISTORY,
    "lockstep.config.json": "{}",
    ...stats([table("settings", 9, 1)]),
  });
  write(root, { "prisma/migrations/2_change/migration.sql": "CREATE INDEX settings_key ON settings (key);\n" });
  const reader = await loadReader("postgres");
  const opened = openProjectSync(
    { cwd: root, path: join(root, "prisma/migrations"), kind: "directory" },
    { all: true, called: (name) => name },
    { environment: {}, readers: () => reader },
  );
  if (!opened.ok) throw new Error(opened.message);
  const rules = checkSync(opened.value).findings.filter(({ rule }) => rule === "index-build-blocks-writes");
  expect(rules.map(({ severity }) => severity)).toEqual(["info"]);
});
