import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { configSchema } from "../src/engine/config-schema.ts";
import { FORMATS } from "../src/report/index.ts";
import { loadReader } from "../src/sql/readers.ts";
import { parseFixture } from "./support/fixture.ts";
import { differences, runFixture } from "./support/fixture-run.ts";
import { expectBlock } from "./support/page-blocks.ts";
import { pieceProblems } from "./support/pieces.ts";
import { HEADINGS, examples, pageHeader, rulesTable, settingsTable } from "./support/rule-page.ts";

const HOME = fileURLToPath(new URL("..", import.meta.url));
const reader = await loadReader("postgres");

describe.each(rules.map((rule) => [rule.id, rule] as const))("rules/%s.md", (id, rule) => {
  const path = `rules/${rule.category}/${id}.md`;
  const page = existsSync(HOME + path) ? readFileSync(HOME + path, "utf8").replaceAll("\r\n", "\n") : "";

  test("opens with the id and the rule's data", () => {
    expect(page, `${path} is missing or empty: npm run rule -- ${id} makes one to fill in`).not.toBe("");
    expect(page).toMatch(new RegExp(`^# ${id}\n\n<!-- rule -->\n`));
    expectBlock(path, "rule", pageHeader(rule));
  });

  test("has the headings of every page, in order", () => {
    const prose = page.replace(/^```[^]*?^```$/gm, "");
    expect([...prose.matchAll(/^##? .*$/gm)].map(([heading]) => heading)).toEqual([`# ${id}`, ...HEADINGS]);
    for (const heading of HEADINGS) {
      const after = page.slice(page.indexOf(`\n${heading}\n`) + heading.length + 2);
      expect(after.split(/^## /m)[0]?.trim(), `${heading} says something`).not.toBe("");
    }
  });

  test("is written", () => {
    expect(page.split("\n").filter((line) => line.includes("TODO"))).toEqual([]);
  });

  test("shows what the rule catches and what it does not", () => {
    const kinds = examples(page).map(({ kind }) => kind);
    expect(kinds).toContain("invalid");
    expect(kinds).toContain("valid");
    expect(page.match(/^```sql\b.*$/gm)?.filter((fence) => !/^```sql(?: invalid| valid)?$/.test(fence)) ?? []).toEqual(
      [],
    );
  });

  test.each(examples(page).map((example) => [`line ${example.line}: ${example.kind}`, example] as const))(
    "%s",
    async (_name, { kind, sql }) => {
      const fixture = parseFixture(sql, reader);
      for (const { up } of fixture.history.migrations)
        expect(up && reader.read(up.text).errors.map(({ message }) => message)).toEqual(
          id === "syntax-error" && kind === "invalid" ? expect.anything() : [],
        );
      const findings = await runFixture(fixture, rule, rules);
      if (kind === "valid") expect(findings.map(({ message }) => message)).toEqual([]);
      else if (fixture.wants.length > 0) expect(differences(fixture, findings)).toEqual([]);
      else
        expect(
          findings.filter((finding) => !finding.suppressed).length,
          "an invalid example is caught",
        ).toBeGreaterThan(0);
    },
    60_000,
  );
});

const DOCS = readdirSync(`${HOME}docs`).map((name) => `docs/${name}`);
const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "editors/vscode/README.md",
  ...DOCS,
  ...rules.map(pageOf),
];

function pageOf({ category, id }: { readonly category: string; readonly id: string }): string {
  return `rules/${category}/${id}.md`;
}

/** A page without its blocks of code. */
function prose(page: string): string {
  return readFileSync(HOME + page, "utf8").replace(/^```[^]*?^```$/gm, "");
}

/** The anchors that GitHub gives the headings of a page. */
function anchors(page: string): Set<string> {
  return new Set(
    [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

test("the table of rules is what the rules say", () => {
  expectBlock("docs/rules.md", "rules", rulesTable(rules));
});

test("the table of settings is what the configuration's schema says", () => {
  expectBlock("docs/configuration.md", "settings", settingsTable(configSchema(rules)));
});

test("the table of formats has each format once", () => {
  const named = [...readFileSync(`${HOME}docs/reports.md`, "utf8").matchAll(/^\| `([a-z-]+)` \|/gm)].map(
    ([, name = ""]) => name,
  );
  expect(
    pieceProblems(Object.keys(FORMATS), named, {
      path: (format) => `The row of ${format} in the table of docs/reports.md`,
      add: "say what the format is for",
      drop: "there is no such format, or it has two rows",
    }),
  ).toEqual([]);
  expect(named).toEqual([...new Set(named)]);
});

test("relative links lead somewhere, and their anchors to a heading", () => {
  const dead = PAGES.flatMap((page) =>
    [...prose(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
      .filter(([, path = "", anchor]) => {
        const target = path === "" ? page : join(dirname(page), path).replaceAll("\\", "/");
        return !existsSync(HOME + target) || (anchor !== undefined && !anchors(target).has(anchor));
      })
      .map(([link]) => `${page}: ${link}`),
  );
  expect(dead).toEqual([]);
});

/** Words of ours for which PostgreSQL and plain English have better ones; "stands for" is neither of is and exists. */
const OTHER_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\banew\b/i, "rewritten, rebuilt, again"],
  [/\b(?:hang|hangs|hanging|hung) on\b/i, "depends on"],
  [/\bmend(?:s|ed|ing)?\b/i, "correct, repair"],
  [/\b(?:stand|stands|stood)\b(?! (?:in )?for\b)/i, "is, exists"],
];

test("pages, messages and comments are in plain words", () => {
  const files = [
    ...PAGES,
    ...["src", "rules", "schema"].flatMap((folder) =>
      readdirSync(HOME + folder, { recursive: true, encoding: "utf8" })
        .filter((path) => /\.(?:ts|mjs|json)$/.test(path))
        .map((path) => join(folder, path)),
    ),
  ];
  const found = files.flatMap((file) =>
    readFileSync(HOME + file, "utf8")
      .split("\n")
      .flatMap((line, index) =>
        OTHER_WORDS.filter(([word]) => word.test(line)).map(
          ([word, better]) => `${file}:${index + 1}: ${word.exec(line)?.[0]}, better ${better}`,
        ),
      ),
  );
  expect(found).toEqual([]);
});

test("README is short, and says how to install it at once", () => {
  const readme = readFileSync(`${HOME}README.md`, "utf8");
  expect(readme.split(/\s+/).filter((word) => word !== "").length).toBeLessThanOrEqual(1300);
  const line = readme.split("\n").findIndex((each) => each.startsWith("npm install --save-dev lockstep"));
  expect(line).toBeGreaterThan(0);
  expect(line).toBeLessThan(40);
});

test("README leads to every page in docs/, at most by one page between", () => {
  const linked = (page: string): string[] =>
    [...prose(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]+)/g)].map(([, path = ""]) =>
      join(dirname(page), path).replaceAll("\\", "/"),
    );
  const reached = new Set(linked("README.md").flatMap((page) => [page, ...(DOCS.includes(page) ? linked(page) : [])]));
  expect(DOCS.filter((page) => !reached.has(page))).toEqual([]);
});

test("commands of the pages are scripts of package.json", () => {
  const { scripts } = JSON.parse(readFileSync(`${HOME}package.json`, "utf8")) as { scripts: Record<string, string> };
  const commands = ["README.md", "CONTRIBUTING.md", "docs/architecture.md"]
    .filter((page) => existsSync(HOME + page))
    .flatMap((page) =>
      [...readFileSync(HOME + page, "utf8").matchAll(/npm (?:run ([\w:-]+)|(test)\b)/g)].map(
        (match) => match[1] ?? match[2] ?? "",
      ),
    );
  expect(readFileSync(`${HOME}README.md`, "utf8")).toMatch(/^npm ci && npm run demo$[^]*^npm ci && npm test$/m);
  expect(commands.filter((command) => !(command in scripts))).toEqual([]);
});

test("configurations that are shown are valid", () => {
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(configSchema(rules));
  const blocks = ["docs/configuration.md", "docs/branches.md"].flatMap((page) =>
    [...readFileSync(HOME + page, "utf8").matchAll(/^```json\n([^]*?)^```$/gm)].map(([, block = ""]) => block),
  );
  expect(blocks.length).toBeGreaterThan(1);
  for (const block of blocks) expect(validate(JSON.parse(block)) ? [] : validate.errors, block).toEqual([]);
});
