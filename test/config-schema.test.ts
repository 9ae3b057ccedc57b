import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { defineRule } from "../src/engine/rule.ts";
import { configSchema } from "../src/engine/config-schema.ts";
import { validatorText } from "../build/validator.mjs";
import { pieceProblems } from "./support/pieces.ts";

test("schema/config.schema.json is what the rules make (UPDATE=1 writes it)", () => {
  const url = new URL("../schema/config.schema.json", import.meta.url);
  const text = `${JSON.stringify(configSchema(rules), null, 2)}\n`;
  if (process.env.UPDATE) writeFileSync(url, text);
  const there = readFileSync(url, "utf8");
  const { properties } = (JSON.parse(there) as { properties: { rules: { properties: object } } }).properties.rules;
  const write = "UPDATE=1 npx vitest run test/config-schema.test.ts writes the schema";
  expect(
    pieceProblems(
      rules.map(({ id }) => id),
      Object.keys(properties),
      { path: (id) => `The rule ${id} in schema/config.schema.json`, add: write, drop: write },
    ),
  ).toEqual([]);
  expect(there, `schema/config.schema.json is another than the rules and settings make: ${write}`).toBe(text);
});

test("the validator imports no more of ajv than its run-time parts", () => {
  const imported = [...validatorText(configSchema(rules)).matchAll(/from "([^"]+)"/g)].map(([, path]) => path);
  for (const path of imported) expect(path).toMatch(/^ajv\/dist\/runtime\//);
});

test("a rule's options are in the schema with their descriptions and defaults", () => {
  const rule = defineRule<{ readonly m: string }, string, { limit: number }>({
    id: "some-rule",
    title: "Something",
    category: "locking",
    severity: "info",
    since: "0.1.0",
    messages: { m: "M." },
    help: "H.",
    on: {},
    options: {
      schema: {
        type: "object",
        additionalProperties: false,
        properties: { limit: { type: "integer", minimum: 1, description: "How many." } },
      },
      default: { limit: 5 },
    },
  });
  const schema = configSchema([rule]) as { properties: { rules: { properties: Record<string, unknown> } } };
  expect(schema.properties.rules.properties["some-rule"]).toEqual({
    description: "Something. Category locking, an info in the preset recommended.",
    anyOf: [
      { $ref: "#/definitions/severity" },
      {
        type: "array",
        items: [
          { $ref: "#/definitions/severity" },
          {
            type: "object",
            additionalProperties: false,
            properties: { limit: { type: "integer", minimum: 1, description: "How many." } },
            default: { limit: 5 },
          },
        ],
        minItems: 2,
        maxItems: 2,
        additionalItems: false,
      },
    ],
  });
});
