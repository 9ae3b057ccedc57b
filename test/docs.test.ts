import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { loadReader } from "../src/sql/readers.ts";
import { parseFixture } from "./support/fixture.ts";
import { differences, runFixture } from "./support/fixture-run.ts";
import { HEADINGS, examples, pageHeader, replaceBlock, rulesTable } from "./support/rule-page.ts";

const HOME = fileURLToPath(new URL("..", import.meta.url));
const reader = await loadReader("postgres");

/** Compares a generated part with the file; with UPDATE=1 it is written first. */
function expectBlock(path: string, name: string, block: string): void {
  const text = readFileSync(path, "utf8");
  const updated = replaceBlock(text, name, block);
  if (process.env.UPDATE && updated !== undefined) writeFileSync(path, updated);
  expect(
    readFileSync(path, "utf8"),
    `<!-- ${name} --> … <!-- /${name} --> is made from the rules (UPDATE=1 writes it)`,
  ).toBe(updated);
}

describe.each(rules.map((rule) => [rule.id, rule] as const))("rules/%s.md", (id, rule) => {
  const path = `${HOME}rules/${rule.category}/${id}.md`;
  const page = existsSync(path) ? readFileSync(path, "utf8").replaceAll("\r\n", "\n") : "";

  test("opens with the id and the rule's data", () => {
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

test("README's table of rules is what the rules say", () => {
  expectBlock(`${HOME}README.md`, "rules", rulesTable(rules));
});

test("relative links lead somewhere", () => {
  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    ...rules.map(({ category, id }) => `rules/${category}/${id}.md`),
  ];
  const dead = pages.flatMap((page) => {
    const text = readFileSync(HOME + page, "utf8").replace(/^```[^]*?^```$/gm, "");
    return [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map((match) => match[1] ?? "")
      .filter((link) => !existsSync(join(HOME, dirname(page), link)))
      .map((link) => `${page}: ${link}`);
  });
  expect(dead).toEqual([]);
});

test("README's commands are scripts of package.json", () => {
  const { scripts } = JSON.parse(readFileSync(`${HOME}package.json`, "utf8")) as { scripts: Record<string, string> };
  const commands = ["README.md", "CONTRIBUTING.md"].flatMap((page) =>
    [...readFileSync(HOME + page, "utf8").matchAll(/npm (?:run (\w+)|(test)\b)/g)].map(
      (match) => match[1] ?? match[2] ?? "",
    ),
  );
  expect(commands).toContain("demo");
  expect(commands).toContain("test");
  expect(commands.filter((command) => !(command in scripts))).toEqual([]);
});

test("README's configuration names rules and settings that there are", () => {
  const readme = readFileSync(`${HOME}README.md`, "utf8");
  const block = /```json\n([^]*?)```/.exec(readme)?.[1] ?? "";
  const config = JSON.parse(block) as { rules?: Record<string, unknown> };
  const schema = JSON.parse(readFileSync(`${HOME}schema/config.schema.json`, "utf8")) as {
    properties: Record<string, unknown>;
  };
  expect(Object.keys(config).filter((key) => !(key in schema.properties))).toEqual([]);
  expect(Object.keys(config.rules ?? {}).filter((id) => !rules.some((rule) => rule.id === id))).toEqual([]);
});
