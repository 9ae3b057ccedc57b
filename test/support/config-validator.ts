import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { configSchema } from "../../src/engine/config-schema.ts";
import type { AnyRule } from "../../src/engine/rule.ts";

/** The text of schema/config.schema.json. */
export function configSchemaText(rules: readonly AnyRule[]): string {
  return `${JSON.stringify(configSchema(rules), null, 2)}\n`;
}

/**
 * The text of src/project/config/validator.js: the schema, compiled, so that the command line needs no ajv.
 * ajv writes `require` for its small run-time parts even in ESM.
 */
export function configValidatorText(rules: readonly AnyRule[]): string {
  const ajv = new Ajv({
    allErrors: true,
    messages: false,
    inlineRefs: false,
    strict: true,
    allowUnionTypes: true,
    code: { source: true, esm: true, lines: true },
  });
  const compile = standalone.default;
  const code = compile(ajv, ajv.compile(withoutProse(configSchema(rules)) as object));
  const imports: string[] = [];
  const body = code.replace(/require\("(ajv\/dist\/runtime\/[\w]+)"\)/g, (_, path: string) => {
    const name = `runtime_${path.split("/").at(-1) as string}`;
    const line = `import ${name} from "${path}.js";`;
    if (!imports.includes(line)) imports.push(line);
    return name;
  });
  if (/\brequire\(/.test(body)) throw new Error("the compiled validator still requires something");
  return [
    "/* eslint-disable */",
    "// Made from schema/config.schema.json by test/config-schema.test.ts: UPDATE=1 npx vitest run test/config-schema.test.ts",
    ...imports,
    body.replace(/^"use strict";\n?/, ""),
    "",
  ].join("\n");
}

/** Descriptions, defaults and titles do not validate anything, and the validator would carry them. */
function withoutProse(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutProse);
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => {
      if (key === "description" || key === "title" || key === "default") return [];
      if (key === "properties")
        return [
          [key, Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, withoutProse(each)]))],
        ];
      return [[key, withoutProse(value)]];
    }),
  );
}
