import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import Ajv4Module from "ajv-draft-04";
import addFormatsModule from "ajv-formats";
import { describe, expect, test } from "vitest";
import type { BranchRole } from "../src/model/divergence/roles.ts";
import type { Divergence } from "../src/model/divergence/viewpoint.ts";
import { FORMATS, type FormatName } from "../src/report/index.ts";
import { CLEAN, OPTIONS, SAMPLE } from "./support/report-sample.ts";

const read = (file: string | URL) => JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;

function own(name: string): ValidateFunction {
  return new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
    read(new URL(`../schema/${name}.schema.json`, import.meta.url)),
  );
}

/** OASIS's schema as @microsoft/jest-sarif ships it. Only its JSON is read: its code wants an older ajv. */
function oasis(): ValidateFunction {
  const require = createRequire(import.meta.url);
  const main = require.resolve("@microsoft/jest-sarif");
  const root = main.slice(
    0,
    main.lastIndexOf(path.join("@microsoft", "jest-sarif")) + path.join("@microsoft", "jest-sarif").length,
  );
  const ajv = new Ajv4Module.default({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormatsModule.default(ajv);
  return ajv.compile(read(path.join(root, "lib/schemas/sarif-2.1.0-rtm.5.json")));
}

function rendered(format: FormatName, result = SAMPLE, options = OPTIONS): Record<string, unknown> {
  return JSON.parse(FORMATS[format].render(result, options)) as Record<string, unknown>;
}

function errorsOf(validate: ValidateFunction, value: unknown): unknown {
  return validate(value) ? [] : validate.errors?.map((error) => `${error.instancePath} ${error.message}`);
}

describe.each([
  ["json", "report"],
  ["checklist-json", "checklist"],
] as const)("%s", (format, schema) => {
  const validate = own(schema);

  test("is valid by its schema", () => {
    expect(errorsOf(validate, rendered(format))).toEqual([]);
    expect(errorsOf(validate, rendered(format, CLEAN))).toEqual([]);
    expect(errorsOf(validate, rendered(format, { ...SAMPLE, histories: [] }))).toEqual([]);
  });

  test("names the schema that it keeps", () => {
    expect(rendered(format)["$schema"]).toBe(read(new URL(`../schema/${schema}.schema.json`, import.meta.url))["$id"]);
  });

  test("would not pass with another version", () => {
    expect(errorsOf(validate, { ...rendered(format), version: 2 })).toEqual(["/version must be equal to constant"]);
  });
});

test("branches that were compared, or why they were not, are valid by the schema", () => {
  const branch = (name: string, role: BranchRole) => ({ name, ref: `origin/${name}`, roles: [role], into: [] });
  const divergence: Divergence = {
    ours: branch("hotfix/orphans", "hotfix"),
    target: branch("main", "main"),
    others: [branch("develop", "development")],
    histories: new Map(),
  };
  const evidence = {
    ...SAMPLE.evidence,
    divergence,
    preset: { name: "hotfix" as const, because: "the branch hotfix/orphans matches hotfix/*" },
  };
  const [finding] = SAMPLE.findings;
  if (!finding) throw new Error("the sample has findings");
  const report = rendered("json", { ...SAMPLE, evidence, findings: [{ ...finding, commands: ["git mv a b"] }] });
  expect(errorsOf(own("report"), report)).toEqual([]);
  expect(report["evidence"]).toMatchObject({
    divergence: {
      ours: { name: "hotfix/orphans", ref: "origin/hotfix/orphans", roles: ["hotfix"] },
      target: { name: "main", ref: "origin/main", roles: ["main"] },
      others: [{ name: "develop", ref: "origin/develop", roles: ["development"] }],
    },
  });
  const without = rendered("json", {
    ...SAMPLE,
    evidence: { ...SAMPLE.evidence, unavailable: { divergence: "The clone is shallow." } },
    coverage: {
      ...SAMPLE.coverage,
      rulesNotRun: [{ rule: "late-migration", needs: "divergence", because: "The clone is shallow." }],
    },
  });
  expect(errorsOf(own("report"), without)).toEqual([]);
  expect(
    errorsOf(oasis(), rendered("sarif", { ...SAMPLE, evidence, findings: [{ ...finding, commands: ["git mv a b"] }] })),
  ).toEqual([]);
});

test("the schema refuses locks below ROW SHARE", () => {
  const text = FORMATS.json.render(SAMPLE, OPTIONS).replace('"mode":"RowExclusiveLock"', '"mode":"AccessShareLock"');
  expect(errorsOf(own("report"), JSON.parse(text))).toHaveLength(1);
});

test("the contract of effects: what is sure, the strongest per relation, from ROW SHARE up", () => {
  const report = rendered("json") as { migrations: { statements: { effects: unknown }[] }[] };
  const [remove, alter] = report.migrations[1]?.statements.map((statement) => statement.effects) ?? [];
  expect(remove).toMatchObject({
    locks: [{ relation: "public.comments", mode: "RowExclusiveLock" }],
    rewrites: [],
    scans: ["public.comments"],
    possible: {
      locks: [{ relation: "public.likes", mode: "RowExclusiveLock", certainty: "rows" }],
      rewrites: [],
      scans: [],
    },
  });
  expect(alter).toMatchObject({
    locks: [
      { relation: "public.comments", mode: "AccessExclusiveLock" },
      { relation: "public.posts", mode: "ShareRowExclusiveLock" },
    ],
    rewrites: [],
    possible: { locks: [], rewrites: [{ relation: "public.comments", certainty: "maybe", reason: "fill größe" }] },
  });
});

describe("sarif", () => {
  const validate = oasis();

  test.each([false, true])("is valid by OASIS's schema (suppressed findings shown: %s)", (showSuppressed) => {
    expect(
      errorsOf(validate, rendered("sarif", SAMPLE, { ...OPTIONS, showSuppressed, sarifCategory: "lockstep" })),
    ).toEqual([]);
    expect(errorsOf(validate, rendered("sarif", CLEAN))).toEqual([]);
  });

  test("would not pass with a level that does not exist", () => {
    const broken = FORMATS.sarif.render(SAMPLE, OPTIONS).replaceAll('"level": "error"', '"level": "fatal"');
    expect(errorsOf(validate, JSON.parse(broken))).toContain(
      "/runs/0/results/0/level must be equal to one of the allowed values",
    );
  });
});
