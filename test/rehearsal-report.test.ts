import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { rehearsalJson } from "../src/report/rehearsal-json.ts";
import { rehearsalText } from "../src/report/rehearsal-text.ts";
import { BATCH, EVIDENCE, GOOD, SAMPLE } from "./support/rehearsal-sample.ts";

const options = { color: false, columns: 100, evidence: EVIDENCE, version: "0.1.0" };

describe("the sample", () => {
  test("as text", async () => {
    await expect(rehearsalText(SAMPLE, options)).toMatchFileSnapshot("snapshots/rehearsal-text.txt");
    await expect(rehearsalText(BATCH, options)).toMatchFileSnapshot("snapshots/rehearsal-batch.txt");
    await expect(rehearsalText(GOOD, options)).toMatchFileSnapshot("snapshots/rehearsal-good.txt");
  });

  test("as text, in colour, on a narrow terminal", async () => {
    await expect(rehearsalText(SAMPLE, { ...options, color: true, columns: 60 })).toMatchFileSnapshot("snapshots/rehearsal-narrow.ansi");
  });
});

describe("json", () => {
  const tool = { name: "lockstep", version: "0.1.0" };
  const schema = JSON.parse(readFileSync(new URL("../schema/rehearsal.schema.json", import.meta.url), "utf8")) as Record<string, unknown>;
  const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
  const errors = (value: unknown): unknown => (validate(value) ? [] : validate.errors?.map((error) => `${error.instancePath} ${error.message}`));
  const written = (rehearsal: typeof SAMPLE) => JSON.parse(rehearsalJson(rehearsal, { tool, evidence: EVIDENCE })) as Record<string, unknown>;

  test("the sample", async () => {
    await expect(rehearsalJson(SAMPLE, { tool, evidence: EVIDENCE })).toMatchFileSnapshot("snapshots/rehearsal.json");
  });

  test.each([["every shape", SAMPLE], ["a batch", BATCH], ["a good one", GOOD], ["nothing", { ...SAMPLE, runs: [] }], ["an empty run", { ...GOOD, runs: GOOD.runs.map((run) => ({ ...run, migrations: [] })) }]])("%s is valid by the schema", (_, rehearsal) => {
    expect(errors(written(rehearsal))).toEqual([]);
  });

  test("names the schema that it keeps, and would not pass as another version", () => {
    expect(written(GOOD)["$schema"]).toBe(schema["$id"]);
    expect(errors({ ...written(GOOD), version: 2 })).toEqual(["/version must be equal to constant"]);
  });

  test("the schema knows every field that is written", () => {
    const seen = new Set<string>();
    const walk = (value: unknown): void => {
      if (Array.isArray(value)) value.forEach(walk);
      else if (typeof value === "object" && value !== null)
        for (const [key, inner] of Object.entries(value)) {
          seen.add(key);
          walk(inner);
        }
    };
    walk([written(SAMPLE), written(BATCH)]);
    const declared = new Set<string>();
    const collect = (value: unknown, inProperties: boolean): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        if (inProperties) declared.add(key);
        collect(inner, !inProperties && key === "properties");
      }
    };
    collect(schema, false);
    // Both ways: nothing is written that is not declared, and the samples write everything that is.
    expect([...declared].filter((name) => !seen.has(name)).sort()).toEqual([]);
    expect([...seen].filter((name) => !declared.has(name)).sort()).toEqual([]);
  });

  test("places are lines and columns", () => {
    const { runs } = written(SAMPLE) as { runs: { migrations: { failure?: { range: unknown } }[] }[] };
    expect(runs[0]?.migrations[2]?.failure?.range).toMatchObject({ startLine: 5, startColumn: 5, endLine: 5 });
  });
});
