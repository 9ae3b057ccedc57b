import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding, Severity } from "../src/engine/finding.ts";
import type { CheckResult } from "../src/engine/result.ts";
import { github } from "../src/report/github.ts";
import { gitlab } from "../src/report/gitlab.ts";
import { junit } from "../src/report/junit.ts";
import { printable } from "../src/report/text/width.ts";
import { CLEAN, OPTIONS, PENDING, SAMPLE, up } from "./support/report-sample.ts";
import { parseXml, type Element } from "./support/xml.ts";

const [FIRST] = SAMPLE.findings as readonly [Finding];
const MIGRATION = "packages/db é/prisma/migrations/20260131120000_fix_orphans";

/** Hostile and ordinary text; what would end a command, a property, an attribute or an element. */
const words = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "\n",
      "\r",
      "\r\n",
      "::",
      ":",
      ",",
      "=",
      "%",
      "%0A",
      "%25",
      "##[",
      "::error::",
      "\n::stop-commands::x",
      "::set-env name=A::b",
      "&",
      "<",
      ">",
      '"',
      "'",
      "]]>",
      "</failure>",
      "<![CDATA[",
      "&#0;",
      "\0",
      "\u001b",
      "\u0085",
      "\u2028",
      "\uD800",
      "\uDC00",
      "\uFFFE",
      "\uFFFF",
      "\uFEFF",
      "é",
      "🚀",
    ),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
  maxLength: 60,
});

const hostile: fc.Arbitrary<CheckResult> = fc
  .array(
    fc.record({
      message: words,
      help: words,
      rule: words,
      path: words,
      object: words,
      severity: fc.constantFrom<Severity>("error", "warning", "info"),
      rehearsed: fc.option(words, { nil: undefined }),
      commands: fc.option(fc.array(words, { maxLength: 2 }), { nil: undefined }),
    }),
    { maxLength: 24 },
  )
  .chain((parts) => fc.record({ parts: fc.constant(parts), id: words, problem: words }))
  .map(({ parts, id, problem }) => ({
    ...SAMPLE,
    findings: parts.map(
      ({ path, object, rehearsed, commands, ...rest }, index): Finding => ({
        ...FIRST,
        ...rest,
        file: index % 2 === 0 ? up : { path, text: path },
        objects: object === "" ? [] : [object],
        ...(rehearsed !== undefined && { rehearsed }),
        ...(commands && { commands }),
      }),
    ),
    histories: [
      {
        root: "m",
        provider: "postgresql",
        problems: [{ file: problem, message: problem, help: problem }],
        migrations: [{ ...PENDING, id, path: id }],
      },
    ],
  }));

describe("github", () => {
  interface Command {
    readonly name: string;
    readonly properties: Readonly<Record<string, string>>;
    readonly message: string;
  }

  /** A line as the runner of GitHub Actions takes it apart; undefined where it is no command. */
  function readCommand(line: string): Command | undefined {
    const trimmed = line.trimStart();
    if (!trimmed.startsWith("::")) return undefined;
    const end = trimmed.indexOf("::", 2);
    if (end < 0) return undefined;
    const head = trimmed.slice(2, end);
    const space = head.indexOf(" ");
    const name = space < 0 ? head : head.slice(0, space);
    const properties: Record<string, string> = {};
    for (const pair of space < 0
      ? []
      : head
          .slice(space + 1)
          .split(",")
          .filter(Boolean)) {
      const equals = pair.indexOf("=");
      properties[pair.slice(0, equals)] = unescaped(pair.slice(equals + 1), true);
    }
    return { name, properties, message: unescaped(trimmed.slice(end + 2), false) };
  }

  function unescaped(text: string, property: boolean): string {
    const more = property ? text.replaceAll("%3A", ":").replaceAll("%2C", ",") : text;
    return more.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
  }

  const linesOf = (result: CheckResult, options = OPTIONS): string[] =>
    github
      .render(result, options)
      .split(/\r\n|[\r\n]/)
      .slice(0, -1);
  const many = (counts: Readonly<Record<Severity, number>>, files = 1): CheckResult => ({
    ...SAMPLE,
    histories: [],
    findings: (["info", "warning", "error"] as const).flatMap((severity) =>
      Array.from(
        { length: counts[severity] },
        (_, index): Finding => ({
          ...FIRST,
          severity,
          message: `${severity} ${index}`,
          file: { ...up, path: `m/${String(index % files)}/migration.sql` },
        }),
      ),
    ),
  });

  test("nothing found is one line for the log and no command", () => {
    expect(github.render(CLEAN, OPTIONS)).toBe("lockstep: no findings.\n");
  });

  test("properties and data are escaped as the runner turns them back", () => {
    const finding: Finding = {
      ...FIRST,
      rule: "a:b,c",
      message: "100%\r\nsure: a, b",
      help: "",
      range: { start: 1, end: 3 },
      file: { path: "a,b:c%/m.sql", text: "\uFEFFxyz" },
    };
    expect(linesOf({ ...SAMPLE, histories: [], findings: [finding] }, { ...OPTIONS, ruleUrl: () => "u" })).toEqual([
      "::error file=packages/db é/a%2Cb%3Ac%25/m.sql,line=1,endLine=1,col=1,endColumn=3,title=a%3Ab%2Cc::100%25%0Asure: a, b%0AWhy: u",
      "lockstep: 1 error.",
    ]);
  });

  test("as many as GitHub shows need no word about more", () => {
    const lines = linesOf(many({ error: 10, warning: 10, info: 10 }));
    expect(lines.map((line) => readCommand(line)?.name)).toEqual([
      ...new Array<string>(10).fill("error"),
      ...new Array<string>(10).fill("warning"),
      ...new Array<string>(10).fill("notice"),
      undefined,
    ]);
    expect(lines.at(-1)).toBe("lockstep: 10 errors, 10 warnings and 10 infos.");
  });

  test("the worst come first, and the last notice says how many more and where", () => {
    const commands = linesOf(many({ error: 13, warning: 11, info: 1 }, 4)).map(readCommand);
    expect(commands.map((command) => command?.message.split("\n")[0])).toEqual([
      ...Array.from({ length: 10 }, (_, index) => `error ${index}`),
      ...Array.from({ length: 10 }, (_, index) => `warning ${index}`),
      "info 0",
      "3 more errors and 1 more warning, not shown here because GitHub shows 10 of a level and step: 2 in packages/db é/m/2/migration.sql, 1 in packages/db é/m/3/migration.sql and 1 in packages/db é/m/0/migration.sql.",
      undefined,
    ]);
  });

  test("that notice takes a notice's place, and names ten files", () => {
    const commands = linesOf(many({ error: 0, warning: 0, info: 30 }, 30)).map(readCommand);
    expect(commands.filter((command) => command?.name === "notice")).toHaveLength(10);
    expect(commands.at(-2)?.message).toMatch(
      /^21 more notices, .*: 1 in packages\/db é\/m\/9\/migration\.sql, .*1 in packages\/db é\/m\/18\/migration\.sql and more in 11 other files\.\nAll of them: lockstep check\.$/,
    );
  });

  test("no text breaks out of a command, and none is lost but control characters", () => {
    fc.assert(
      fc.property(hostile, (result) => {
        const lines = linesOf(result, { ...OPTIONS, pathPrefix: "" });
        expect(readCommand(lines.at(-1) ?? "")).toBeUndefined();
        const commands = lines.slice(0, -1).map(readCommand);
        const levels = ["error", "warning", "notice"];
        expect(commands.map((command) => levels.indexOf(command?.name ?? ""))).toEqual(
          commands.map((command) => levels.indexOf(command?.name ?? "")).sort(),
        );
        for (const level of levels)
          expect(commands.filter((command) => command?.name === level).length).toBeLessThanOrEqual(10);
        const errors = result.findings.filter(({ severity }) => severity === "error").slice(0, 10);
        for (const [index, { message, rule }] of errors.entries()) {
          expect(
            Object.keys(commands[index]?.properties ?? {}).filter((name) => !["col", "endColumn"].includes(name)),
          ).toEqual(["file", "line", "endLine", "title"]);
          expect(commands[index]?.properties["title"]).toBe(printable(rule));
          expect(commands[index]?.message.startsWith(printable(message))).toBe(true);
        }
      }),
    );
  });
});

describe("gitlab", () => {
  /** What docs.gitlab.com/ci/testing/code_quality asks for. */
  const validate = new Ajv({ allErrors: true, strict: true }).compile({
    type: "array",
    items: {
      type: "object",
      required: ["description", "check_name", "fingerprint", "severity", "location"],
      additionalProperties: false,
      properties: {
        description: { type: "string", minLength: 1 },
        check_name: { type: "string", minLength: 1 },
        fingerprint: { type: "string", minLength: 1 },
        severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
        location: {
          type: "object",
          required: ["path", "lines"],
          additionalProperties: false,
          properties: {
            // From the top of the repository, without "./".
            path: { type: "string", pattern: "^[^./]" },
            lines: {
              type: "object",
              required: ["begin"],
              additionalProperties: false,
              properties: { begin: { type: "integer", minimum: 1 }, end: { type: "integer", minimum: 1 } },
            },
          },
        },
      },
    },
  });
  interface Issue {
    readonly fingerprint: string;
    readonly severity: string;
    readonly location: { readonly lines: { readonly begin: number } };
  }
  const issues = (result: CheckResult): Issue[] => JSON.parse(gitlab.render(result, OPTIONS)) as Issue[];

  test("has the documented fields and no others", () => {
    expect([validate(issues(SAMPLE)), validate.errors]).toEqual([true, null]);
    expect(issues(SAMPLE).map(({ severity }) => severity)).toEqual(["critical", "critical", "info"]);
    expect(issues({ ...SAMPLE, findings: [{ ...FIRST, severity: "warning" }] })[0]?.severity).toBe("minor");
    expect(gitlab.render(CLEAN, OPTIONS)).toBe("[]\n");
  });

  /** The sample with lines before everything in the file. */
  function moved(result: CheckResult): CheckResult {
    const lines = "-- one\n-- two\n";
    const file = { ...up, text: `\uFEFF${lines}${up.text.slice(1)}` };
    const range = ({ start, end }: Finding["range"]) => ({ start: start + lines.length, end: end + lines.length });
    return {
      ...result,
      findings: result.findings.map((finding) =>
        finding.file === up ? { ...finding, file, range: range(finding.range) } : finding,
      ),
      histories: result.histories.map((history) => ({
        ...history,
        migrations: history.migrations.map((migration) =>
          migration.file === up
            ? {
                ...migration,
                file,
                statements: migration.statements.map((statement) => ({ ...statement, range: range(statement.range) })),
              }
            : migration,
        ),
      })),
    };
  }

  test("a fingerprint stays when lines move", () => {
    const before = issues(SAMPLE);
    const after = issues(moved(SAMPLE));
    expect(after.map(({ location }) => location.lines.begin)).toEqual([8, 11, 3]);
    expect(after.map(({ fingerprint }) => fingerprint)).toEqual(before.map(({ fingerprint }) => fingerprint));
  });

  test("no two findings share a fingerprint, in one file or in two", () => {
    const other = { ...up, path: "prisma/migrations/20260201000000_again/migration.sql" };
    const prints = issues({
      ...SAMPLE,
      findings: [FIRST, { ...FIRST }, { ...FIRST, file: other }, { ...FIRST, rule: "another" }],
    }).map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(4);
    for (const print of prints) expect(print).toMatch(/^[0-9a-f]{16}$/);
  });

  test("whatever the texts are, it is JSON with a line for each finding", () => {
    fc.assert(
      fc.property(hostile, (result) => {
        const text = gitlab.render(result, OPTIONS);
        expect(text).not.toMatch(/\p{Cs}|\\ud[89a-f]/iu);
        expect((JSON.parse(text) as Issue[]).length).toBe(result.findings.length);
        expect(new Set((JSON.parse(text) as Issue[]).map(({ fingerprint }) => fingerprint)).size).toBe(
          result.findings.length,
        );
      }),
    );
  });
});

describe("junit", () => {
  const read = (result: CheckResult, options = OPTIONS): Element => parseXml(junit.render(result, options));

  /** What GitLab, Jenkins and the usual reporters know; anything else would be lost on them. */
  const KNOWN: Readonly<
    Record<string, { readonly inside: readonly string[]; readonly attributes: readonly string[] }>
  > = {
    testsuites: { inside: ["testsuite"], attributes: ["name", "tests", "failures", "errors", "skipped", "time"] },
    testsuite: { inside: ["testcase"], attributes: ["name", "tests", "failures", "errors", "skipped", "time"] },
    testcase: { inside: ["failure", "skipped"], attributes: ["name", "classname", "file", "line", "time"] },
    failure: { inside: [], attributes: ["message", "type"] },
    skipped: { inside: [], attributes: ["message"] },
  };

  function complaints({ name, attributes, children }: Element): string[] {
    const known = KNOWN[name];
    if (!known) return [`element ${name}`];
    const cases =
      name === "testsuite" ? children : name === "testsuites" ? children.flatMap((suite) => suite.children) : undefined;
    const count = (kind: string): string => String(cases?.filter((one) => one.children[0]?.name === kind).length);
    return [
      ...Object.keys(attributes)
        .filter((attribute) => !known.attributes.includes(attribute))
        .map((attribute) => `${name} ${attribute}`),
      ...children.flatMap((child) =>
        known.inside.includes(child.name) ? complaints(child) : [`${child.name} in ${name}`],
      ),
      ...(cases &&
      (attributes["tests"] !== String(cases.length) ||
        attributes["failures"] !== count("failure") ||
        attributes["skipped"] !== count("skipped"))
        ? [`counts of ${name}`]
        : []),
    ];
  }

  test("a clean migration is one case that passed", () => {
    expect(junit.render(CLEAN, OPTIONS)).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuites name="lockstep" tests="1" failures="0" errors="0" skipped="0" time="0">',
        `  <testsuite name="${MIGRATION}" tests="1" failures="0" errors="0" skipped="0" time="0">`,
        `    <testcase name="no findings" classname="${MIGRATION}" time="0"/>`,
        "  </testsuite>",
        "</testsuites>",
        "",
      ].join("\n"),
    );
  });

  test("what fails the check is a failure, the rest is skipped", () => {
    const outcomes = (failOn: Severity | "never") =>
      read(SAMPLE, { ...OPTIONS, failOn }).children.flatMap((suite) =>
        suite.children.map((one) => one.children[0]?.name),
      );
    expect(outcomes("error")).toEqual(["failure", "failure", "skipped"]);
    expect(outcomes("info")).toEqual(["failure", "failure", "failure"]);
    expect(outcomes("never")).toEqual(["skipped", "skipped", "skipped"]);
  });

  test("a folder without migration.sql did not pass", () => {
    const { file: _, ...without } = PENDING;
    const problem = { file: PENDING.path, message: "The folder holds no migration.sql.", help: "Restore it." };
    const {
      children: [suite],
    } = read({
      ...CLEAN,
      histories: [
        { root: "m", provider: "postgresql", problems: [problem], migrations: [{ ...without, statements: [] }] },
      ],
    });
    expect(suite?.children).toMatchObject([
      {
        attributes: { name: "migration.sql" },
        children: [{ name: "skipped", attributes: { message: "The folder holds no migration.sql. Restore it." } }],
      },
    ]);
  });

  test("a finding in another file has a suite of its own, and no two cases one name", () => {
    const elsewhere: Finding = {
      ...FIRST,
      file: { path: "prisma/schema.prisma", text: "model A {}" },
      range: { start: 0, end: 5 },
      objects: [],
    };
    const names = read({ ...SAMPLE, findings: [FIRST, { ...FIRST }, elsewhere] }).children.map((suite) => [
      suite.attributes["name"],
      ...suite.children.map((one) => one.attributes["name"]),
    ]);
    expect(names).toEqual([
      [MIGRATION, "orphan-cleanup-ineffective public.comments", "orphan-cleanup-ineffective public.comments (2)"],
      ["packages/db é/prisma/schema.prisma", "orphan-cleanup-ineffective"],
    ]);
  });

  test("the sample has what readers know, with true counts", () => {
    expect(complaints(read(SAMPLE))).toEqual([]);
  });

  test("no text breaks out of an element, and none is lost but what XML forbids", () => {
    // The only texts of the sample that readers see whole are those of failures.
    const kept = (text: string) =>
      text
        .replace(/\r\n?/g, "\n")
        .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]|\p{Cs}/gu, "");
    fc.assert(
      fc.property(hostile, (result) => {
        const root = read(result, { ...OPTIONS, failOn: "info" });
        expect(complaints(root)).toEqual([]);
        const cases = root.children
          .flatMap((suite) => suite.children)
          .filter((one) => one.attributes["name"] !== "no findings");
        expect(cases.length).toBe(result.findings.length);
        const texts = cases.map((one) => one.children[0]?.text ?? "");
        for (const { message, help, severity } of result.findings) {
          const whole = kept([message, help].filter((part) => part !== "").join("\n"));
          expect(
            texts.some(
              (text) =>
                text.startsWith(`${severity} at `) &&
                (text.includes(whole) || (text.includes(kept(message)) && text.includes(kept(help)))),
            ),
          ).toBe(true);
        }
      }),
    );
  });
});
