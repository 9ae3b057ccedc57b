import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { portableReader } from "../src/sql/portable/read.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import type { Statement } from "../src/sql/statement.ts";

/**
 * Two grammars, written by different people, and one set of operations: wherever the portable reader reads a
 * statement, it reads it as PostgreSQL does, to the last offset. LOCKSTEP_HISTORIES names more directories (comma
 * separated) whose SQL is compared, too.
 */

beforeAll(() => postgresReader.load());

function sqlFiles(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".sql"))
    .sort()
    .map((path) => join(directory, path));
}

interface Comparison {
  statements: number;
  both: number;
  readonly kinds: Set<string>;
  readonly gaps: string[];
  readonly differences: string[];
}

const nothing = (): Comparison => ({ statements: 0, both: 0, kinds: new Set(), gaps: [], differences: [] });

const bare = (statement: Statement | undefined) =>
  statement && {
    index: statement.index,
    range: statement.range,
    operations: statement.operations,
    comments: statement.comments,
  };

/** Compares one text in both readers, adds to `total`. */
function compare(text: string, total: Comparison): void {
  const judge = postgresReader.read(text);
  const portable = portableReader.read(text);
  expect(portable.comments).toEqual(judge.comments);
  // Where PostgreSQL itself refuses a statement, the portable reader cannot know; what it makes of it is not compared.
  expect(portable.statements.map((statement) => statement.range)).toEqual(
    judge.statements.map((statement) => statement.range),
  );
  expect(portable.gaps).toEqual(
    portable.statements.filter((statement) => statement.broken).map((statement) => statement.range),
  );
  judge.statements.forEach((statement, i) => {
    if (statement.broken) return;
    total.statements++;
    const other = portable.statements[i];
    for (const operation of statement.operations) total.kinds.add(operation.kind);
    if (!other || other.broken) {
      total.gaps.push(text.slice(statement.range.start, statement.range.end));
      return;
    }
    total.both++;
    try {
      expect(bare(other)).toEqual(bare(statement));
    } catch (error) {
      total.differences.push(
        `${text.slice(statement.range.start, statement.range.end)}\n${error instanceof Error ? error.message : ""}`,
      );
    }
  });
}

function compareFiles(what: string, files: readonly string[]): Comparison {
  const total = nothing();
  for (const file of files) compare(readFileSync(file, "utf8"), total);
  if (total.statements > 0)
    process.stdout.write(
      `both readers, ${what}: ${total.both} of ${total.statements} statements in ${files.length} files read by both, with equal operations\n`,
    );
  if (process.env["LOCKSTEP_GAPS"])
    for (const gap of total.gaps) process.stdout.write(`  gap: ${gap.replace(/\s+/g, " ").slice(0, 300)}\n`);
  expect(total.differences.join("\n")).toBe("");
  return total;
}

/** All kinds of the union, read from its sources. */
function kindsOfOperations(): string[] {
  const source = readdirSync("src/sql/operation")
    .map((file) => readFileSync(`src/sql/operation/${file}`, "utf8"))
    .join("\n");
  return [...source.matchAll(/\| \((?:Anywhere|OnTable)<([^>]*)>/g)].flatMap((match) =>
    [...(match[1] ?? "").matchAll(/"(\w+)"/g)].map((name) => name[1] ?? ""),
  );
}

describe("both readers give the same operations", () => {
  test("for the corpus", () => {
    const { statements, both, kinds } = compareFiles("corpus", ["test/sql/corpus.sql"]);
    expect(statements).toBeGreaterThan(700);
    expect(kindsOfOperations().filter((kind) => !kinds.has(kind))).toEqual([]);
    expect(postgresReader.read(readFileSync("test/sql/corpus.sql", "utf8")).errors).toEqual([]);
    expect(both / statements).toBeGreaterThan(0.6);
  });

  test("for the corpus with CRLF, and with text of several bytes in front of each statement", () => {
    const text = readFileSync("test/sql/corpus.sql", "utf8");
    const total = nothing();
    compare(text.replaceAll("\n", "\r\n"), total);
    compare(text.replaceAll(/;\n/g, ";\n/* é 😀 */ "), total);
    expect(total.differences.join("\n")).toBe("");
    expect(total.both).toBeGreaterThan(500);
  });

  test("for all fixtures", () => {
    compareFiles("fixtures", sqlFiles("fixtures"));
  });

  const histories = (process.env["LOCKSTEP_HISTORIES"] ?? "").split(",").filter(Boolean);
  test.runIf(histories.length > 0)("for real histories", { timeout: 300_000 }, () => {
    compareFiles("histories", histories.flatMap(sqlFiles));
  });
});
