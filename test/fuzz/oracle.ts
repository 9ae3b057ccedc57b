import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import Ajv4Module from "ajv-draft-04";
import addFormatsModule from "ajv-formats";
import { rules } from "../../rules/index.ts";
import { type CheckResult, type Finding, check, memoryHistory } from "../../src/index.ts";
import { FORMATS, FORMAT_NAMES, type FormatName } from "../../src/report/index.ts";
import { isWellFormed, parseXml } from "../support/xml.ts";
import { type Input, MARKUP } from "./inputs.ts";

/** What must hold for every input whatsoever. */

const OPTIONS = {
  color: false,
  columns: 100,
  pathPrefix: "",
  showSuppressed: true,
  quiet: false,
  failOn: "error",
  ruleUrl: (rule: string) => `https://example.org/rules/${rule}`,
} as const;

export interface Problem {
  readonly what: string;
  readonly detail: string;
}

export type Oracle = (input: Input) => Promise<readonly Problem[]>;

/** `root`: the repository's. */
export function oracle(root: string): Oracle {
  const json = (path: string): Record<string, unknown> =>
    JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  const own = (name: string): ValidateFunction =>
    new Ajv({ strict: true, allowUnionTypes: true }).compile(json(join(root, `schema/${name}.schema.json`)));
  const sarif = new Ajv4Module.default({ strict: false, unicodeRegExp: false });
  addFormatsModule.default(sarif);
  const shipped = dirname(dirname(createRequire(join(root, "package.json")).resolve("@microsoft/jest-sarif")));
  const schemas: Partial<Record<FormatName, ValidateFunction>> = {
    json: own("report"),
    "checklist-json": own("checklist"),
    sarif: sarif.compile(json(join(shipped, "lib/schemas/sarif-2.1.0-rtm.5.json"))),
  };
  return async (input) => {
    const problems: Problem[] = [];
    const tell = (what: string, detail: unknown): void => {
      const text = detail instanceof Error ? (detail.stack ?? detail.message) : String(detail);
      problems.push({ what, detail: text.slice(0, 1_500) });
    };
    let result: CheckResult;
    try {
      result = await checked(input);
    } catch (error) {
      tell("exception", error);
      return problems;
    }
    for (const { error } of result.crashes) tell("internal error", error);
    for (const wrong of places(result)) tell("range", wrong);
    for (const name of FORMAT_NAMES) {
      try {
        const report = FORMATS[name].render(result, OPTIONS);
        const wrong = malformed(name, report, schemas[name]);
        if (wrong !== undefined) tell(`report ${name}`, wrong);
      } catch (error) {
        tell(`report ${name}`, error);
      }
    }
    return problems;
  };
}

async function checked(input: Input): Promise<CheckResult> {
  const history = memoryHistory(
    Object.fromEntries(input.migrations.map((text, at) => [`prisma/migrations/${at + 1}_m/migration.sql`, text])),
  );
  if (!history.ok) throw new Error(history.message);
  const migrations = history.value.migrations.map((migration, at) => ({
    ...migration,
    state: at < input.deployed ? ("history" as const) : ("pending" as const),
  }));
  return check({
    histories: [{ ...history.value, migrations }],
    rules,
    config: { parser: input.parser, preset: "all" },
    deployments: input.deployments,
    evidence: {
      execution: { mode: input.execution, because: "the input" },
      postgres: { version: input.postgres, because: "the input" },
    },
  });
}

/** Ranges that are not in their text. */
function* places({ findings, histories, coverage }: CheckResult): Generator<string> {
  const isIn = (
    { text }: { readonly text: string },
    { start, end }: { readonly start: number; readonly end: number },
  ): boolean => Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= text.length;
  const of = ({ rule, range }: Finding): string => `${rule} ${range.start}..${range.end}`;
  for (const finding of findings) {
    if (!isIn(finding.file, finding.range)) yield of(finding);
    for (const related of finding.related)
      if (!isIn(related.file, related.range)) yield `related place of ${of(finding)}`;
    for (const { edits, title } of finding.fixes) {
      let end = 0;
      for (const { range } of edits) {
        if (!isIn(finding.file, range) || range.start < end) yield `fix "${title}" of ${of(finding)}`;
        end = range.end;
      }
    }
  }
  for (const { file, range } of coverage.notUnderstood)
    if (!isIn(file, range)) yield `not understood ${range.start}..${range.end}`;
  for (const { migrations } of histories)
    for (const { file, statements } of migrations)
      for (const { range, operations, index } of statements)
        for (const each of [range, ...operations.map((operation) => operation.range)])
          if (file && !isIn(file, each)) yield `statement ${index} ${each.start}..${each.end}`;
}

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

function malformed(name: FormatName, report: string, validate: ValidateFunction | undefined): string | undefined {
  const control = CONTROL.exec(report);
  if (control)
    return `a control character at ${control.index}: ${JSON.stringify(report.slice(control.index - 40, control.index + 40))}`;
  if (!isWellFormed(report)) return "half a character";
  if (validate && !validate(JSON.parse(report))) return JSON.stringify(validate.errors?.slice(0, 3));
  if (name === "gitlab") JSON.parse(report);
  if (name === "junit") parseXml(report);
  if (name === "html") {
    if (report.includes(MARKUP)) return "the input's markup";
    parseXml(report.replace(/^<!doctype html>/i, '<?xml version="1.0" encoding="UTF-8"?>'));
  }
  return undefined;
}
