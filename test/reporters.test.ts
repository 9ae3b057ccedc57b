import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CheckResult } from "../src/engine/result.ts";
import type { Finding } from "../src/engine/finding.ts";
import { diffLines } from "../src/report/text/diff-lines.ts";
import { lineHashes } from "../src/report/sarif/line-hashes.ts";
import { codeFrame } from "../src/report/text/frame.ts";
import { FORMATS, FORMAT_NAMES, LOADERS } from "../src/report/index.ts";
import { codeSpan, fenced, inline } from "../src/report/markdown.ts";
import { uriFromRoot } from "../src/report/uri.ts";
import { width, wrap } from "../src/report/text/width.ts";
import { CLEAN, OPTIONS, PENDING, SAMPLE } from "./support/report-sample.ts";

const ENDINGS = {
  text: "txt",
  json: "json",
  sarif: "sarif",
  github: "txt",
  gitlab: "json",
  junit: "xml",
  checklist: "md",
  "checklist-json": "json",
  html: "html",
} as const;
const plain = (_: unknown, text: string) => text;

describe("the sample", () => {
  test.each(FORMAT_NAMES)("as %s", async (name) => {
    await expect(FORMATS[name].render(SAMPLE, OPTIONS)).toMatchFileSnapshot(
      `snapshots/report-${name}.${ENDINGS[name]}`,
    );
  });

  test("as text, in colour, with what is suppressed, on a narrow terminal", async () => {
    const text = FORMATS.text.render(SAMPLE, { ...OPTIONS, color: true, columns: 60, showSuppressed: true });
    await expect(text).toMatchFileSnapshot("snapshots/report-text-narrow.ansi");
  });

  test("as sarif, with what is suppressed", async () => {
    await expect(
      FORMATS.sarif.render(SAMPLE, { ...OPTIONS, showSuppressed: true, sarifCategory: "lockstep" }),
    ).toMatchFileSnapshot("snapshots/report-suppressed.sarif");
  });

  test("each format can be loaded alone", async () => {
    for (const name of FORMAT_NAMES) expect(await LOADERS[name]()).toBe(FORMATS[name]);
  });

  test("a clean check is one line", () => {
    expect(FORMATS.text.render(CLEAN, OPTIONS)).toBe("✓ 1 pending migration, 0 statements: no findings.\n");
  });

  test("--quiet leaves the errors and the counts", () => {
    const text = FORMATS.text.render(SAMPLE, { ...OPTIONS, quiet: true });
    expect(text).not.toContain("down-migration-loses-data");
    expect(text).toContain("✗ 2 errors and 1 info");
  });
});

describe("code frames", () => {
  const frame = (text: string, start: number, end: number, columns = 60) =>
    codeFrame({ path: "a.sql", text }, { start, end }, { paint: plain, style: "red", columns });

  test("marks are under wide characters, combining marks and tabs", () => {
    expect(frame("\t漢字 e\u0301 👩‍👩‍👧 x", 1, 3)).toEqual(["1 │     漢字 e\u0301 👩‍👩‍👧 x", "  │     ^^^^"]);
    const text = "\t漢字 e\u0301 👩‍👩‍👧 x";
    expect(frame(text, text.length - 1, text.length)[1]).toBe(`  │ ${" ".repeat(4 + 4 + 1 + 1 + 1 + 2 + 1)}^`);
  });

  test("a long line is clipped around the span", () => {
    const [line, marks] = frame(`${"a".repeat(500)}HERE${"b".repeat(500)}`, 500, 504) as [string, string];
    expect(width(line)).toBeLessThanOrEqual(60);
    expect(line.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1)).toBe("HERE");
    expect(line).toMatch(/│ …a+HEREb+…$/);
  });

  test("control characters of the file do not reach the terminal", () => {
    expect(frame("a\u001b[31mb", 0, 1)[0]).toBe("1 │ a␛[31mb");
  });
});

test("wrapped text keeps to the width and loses no word", () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-zé漢]{1,12}$/), { maxLength: 30 }),
      fc.integer({ min: 24, max: 80 }),
      (words, columns) => {
        const lines = wrap(words.join(" "), columns);
        expect(lines.join(" ").split(" ").filter(Boolean)).toEqual(words);
        for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns);
      },
    ),
  );
});

test("the lines of a fix, without those that stay", () => {
  const file = { path: "a.sql", text: "one\r\ntwo\r\nthree\r\n" };
  expect(diffLines(file, [{ range: { start: 5, end: 5 }, text: "SET lock_timeout = '5s';\r\n" }])).toEqual([
    { kind: "+", line: 2, text: "SET lock_timeout = '5s';" },
  ]);
  expect(diffLines(file, [{ range: { start: 5, end: 8 }, text: "2" }])).toEqual([
    { kind: "-", line: 2, text: "two" },
    { kind: "+", line: 2, text: "2" },
  ]);
  const both = [
    { range: { start: 0, end: 3 }, text: "1" },
    { range: { start: 10, end: 10 }, text: "2 and a half\r\n" },
  ];
  expect(diffLines(file, both)).toEqual([
    { kind: "-", line: 1, text: "one" },
    { kind: "+", line: 1, text: "1" },
    { kind: "+", line: 3, text: "2 and a half" },
  ]);
});

describe("URIs", () => {
  test.each([
    ["", "prisma/a b/m.sql", "prisma/a%20b/m.sql", true],
    ["packages/db", "./prisma/é%/m.sql", "packages/db/prisma/%C3%A9%25/m.sql", true],
    ["packages/db", "../api\\m.sql", "packages/api/m.sql", true],
    ["", "../m.sql", "../m.sql", false],
    ["a", "/tmp/m 1.sql", "file:///tmp/m%201.sql", false],
    ["a", "C:\\x\\m.sql", "file:///C:/x/m.sql", false],
  ])("%s + %s", (prefix, path, uri, inRoot) => {
    expect(uriFromRoot(prefix, path)).toEqual({ uri, inRoot });
  });
});

describe("GitHub's line hash", () => {
  // The vectors of github/codeql-action's own tests (MIT).
  test.each([
    ["", ["c129715d7a2bc9a3:1"]],
    [" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]],
    [
      " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
      [
        "e9496ae3ebfced30:1",
        "fb7c023a8b9ccb3f:1",
        "ce8ba1a563dcdaca:1",
        "e20e36e16fcb0cc8:1",
        "b3edc88f2938467e:1",
        "c8e28b0b4002a3a0:1",
        "c129715d7a2bc9a3:1",
      ],
    ],
    [
      "Lorem ipsum dolor sit amet.\n".repeat(10),
      [
        ...[1, 2, 3, 4, 5, 6].map((count) => `a7f2ff13bc495cf2:${count}`),
        "a7f2ff1481e87703:1",
        "a9cf91f7bbf1862b:1",
        "55ec222b86bcae53:1",
        "cc97dc7b1d7d8f7b:1",
        "c129715d7a2bc9a3:1",
      ],
    ],
  ])("%j", (text, hashes) => {
    expect(lineHashes(text)).toEqual(hashes);
  });

  /** The definition without the rolling: each line's window for itself. */
  function reference(text: string): string[] {
    const units = [...text.replace(/\r\n|\r/g, "\n").split("")]
      .filter((unit) => unit !== " " && unit !== "\t")
      .map((unit) => BigInt(unit.charCodeAt(0)));
    const padded = [...units, 65535n, ...new Array<bigint>(100).fill(0n)];
    const starts = [0, ...units.flatMap((unit, index) => (unit === 10n ? [index + 1] : []))];
    const seen = new Map<bigint, number>();
    return starts.map((start) => {
      const hash = padded.slice(start, start + 100).reduce((sum, unit) => BigInt.asUintN(64, sum * 37n + unit), 0n);
      seen.set(hash, (seen.get(hash) ?? 0) + 1);
      return `${hash.toString(16)}:${seen.get(hash)}`;
    });
  }

  test("equals the definition, computed line by line", () => {
    const unit = fc.constantFrom("\n", "\r", "\r\n", " ", "\t", "a", ";", "é", "🚀", "\uFFFF", "\uFEFF", "\0");
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 400 }),
        (text) => void expect(lineHashes(text)).toEqual(reference(text)),
      ),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 300 }),
        (text) => void expect(lineHashes(text)).toEqual(reference(text)),
      ),
    );
  });
});

describe("Markdown", () => {
  test("says what it was given, not what it means in Markdown or HTML", () => {
    expect(inline("a|b <img> *x* [y](z) @team `co``de` &lt;")).toBe(
      "a\\|b &lt;img&gt; \\*x\\* \\[y\\](z) @\u2060team `co``de` &amp;lt;",
    );
    expect(inline("one ` alone")).toBe("one \\` alone");
    expect(codeSpan("a`b``c")).toBe("```a`b``c```");
    expect(codeSpan("`a`")).toBe("`` `a` ``");
    expect(fenced("sql", "```\nx")).toBe("````sql\n```\nx\n````");
  });
});

describe("whatever the text and the ranges are", () => {
  const offset = fc.integer({ min: -3, max: 220 });
  const range = fc.record({ start: offset, end: offset });
  const words = fc.string({
    unit: fc.oneof(
      fc.constantFrom("\r\n", "\n", "\t", "`", "|", "<", "[", "](1)", "\u001b[0m", "\uD800", "\uFEFF", "漢", "👩‍👩‍👧"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    ),
    maxLength: 120,
  });
  const results: fc.Arbitrary<CheckResult> = fc
    .record({
      text: words,
      path: words,
      message: words,
      help: words,
      id: words,
      range,
      other: range,
      edits: fc.array(fc.record({ range, text: words }), { maxLength: 3 }),
      where: words,
      suppressed: fc.boolean(),
    })
    .map(({ text, path, message, help, id, range, other, edits, where, suppressed }) => {
      const file = { path, text };
      const statements = PENDING.statements.map((statement, index) => ({
        ...statement,
        range: index === 1 ? other : range,
        operations: [],
        effects: {
          ...statement.effects,
          failures: statement.effects.failures.map((failure) => ({
            ...failure,
            relation: "public.comments",
            countQuery: where,
          })),
          losses: statement.effects.losses.map((loss) => ({ ...loss, where })),
        },
      }));
      const finding: Finding = {
        ...(SAMPLE.findings[0] as Finding),
        file,
        range,
        message,
        help,
        migration: id,
        related: [{ file, range: other, message }],
        fixes: [{ title: help, safety: "safe", edits }],
        queries: [{ title: message, sql: text }],
        ...(suppressed ? { suppressed: { how: "comment", reason: message, range: other } } : {}),
      };
      return {
        ...SAMPLE,
        findings: [finding],
        coverage: { ...SAMPLE.coverage, notUnderstood: [{ file, range: other, why: message }] },
        histories: [
          {
            root: path,
            provider: "postgresql",
            problems: [{ file: path, message, help }],
            migrations: [{ ...PENDING, id, path, file, down: file, comments: [{ range, text }], statements }],
          },
        ],
      };
    });

  test.each(FORMAT_NAMES)("%s renders, ends with a newline and is the same twice", (name) => {
    fc.assert(
      fc.property(results, fc.integer({ min: 0, max: 130 }), (result, columns) => {
        const options = { ...OPTIONS, columns, showSuppressed: true };
        const output = FORMATS[name].render(result, options);
        expect(output.endsWith("\n")).toBe(true);
        expect(FORMATS[name].render(result, options)).toBe(output);
        if (name === "json" || name === "sarif" || name === "gitlab" || name === "checklist-json") JSON.parse(output);
        else expect(output).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }),
    );
  });
});
