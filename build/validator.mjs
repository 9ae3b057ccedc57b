import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";

const root = join(import.meta.dirname, "..");
const MODULE = join(root, "src/project/config/validator.js");
const SCHEMA = join(root, "schema/config.schema.json");

/**
 * src/project/config/validator.js, a module without a file: rolldown and vitest make it from schema/config.schema.json,
 * so that lockstep needs no ajv to start and nothing made is checked in. validator.d.ts has its types.
 */
export function configValidator() {
  return {
    name: "config-validator",
    enforce: "pre",
    resolveId: {
      filter: { id: /[\\/]validator\.js$/ },
      handler: (id, importer) =>
        importer !== undefined && resolve(dirname(importer), id) === MODULE ? MODULE : undefined,
    },
    load: {
      filter: { id: /[\\/]validator\.js$/ },
      handler(id) {
        if (resolve(id) !== MODULE) return undefined;
        this.addWatchFile(SCHEMA);
        return validatorText(JSON.parse(readFileSync(SCHEMA, "utf8")));
      },
    },
  };
}

/** The schema, compiled. ajv writes `require` for its small run-time parts even in ESM. */
export function validatorText(schema) {
  const ajv = new Ajv({
    allErrors: true,
    messages: false,
    inlineRefs: false,
    strict: true,
    allowUnionTypes: true,
    code: { source: true, esm: true, lines: true },
  });
  const code = standalone.default(ajv, ajv.compile(eachPropertyOnItsOwn(withoutProse(schema))));
  const imports = new Set();
  const body = code.replace(/require\("(ajv\/dist\/runtime\/[\w]+)"\)/g, (_, path) => {
    const name = `runtime_${path.split("/").at(-1)}`;
    imports.add(`import ${name} from "${path}.js";`);
    return name;
  });
  if (/\brequire\(/.test(body)) throw new Error("the compiled validator still requires something");
  return [...imports, body.replace(/^"use strict";\n?/, ""), ""].join("\n");
}

/** Behind a reference, a property is a function of its own, which V8 compiles for a configuration that has it. */
function eachPropertyOnItsOwn({ properties, definitions, ...rest }) {
  const own = {};
  const referring = (prefix, each) =>
    Object.fromEntries(
      Object.entries(each).map(([name, value]) => {
        const { $ref } = value.allOf?.length === 1 && Object.keys(value).length === 1 ? value.allOf[0] : value;
        if ($ref !== undefined) return [name, { $ref }];
        own[`${prefix}${name}`] = value;
        return [name, { $ref: `#/definitions/${prefix}${name}` }];
      }),
    );
  const { rules, ...others } = properties;
  return {
    ...rest,
    properties: {
      ...referring("property-", others),
      ...referring("property-", { rules: { ...rules, properties: referring("rule-", rules.properties) } }),
    },
    definitions: { ...definitions, ...own },
  };
}

/** Descriptions, defaults and titles do not validate anything, and the validator would carry them. */
function withoutProse(schema) {
  if (Array.isArray(schema)) return schema.map(withoutProse);
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => {
      if (key === "description" || key === "title" || key === "default") return [];
      if (key !== "properties") return [[key, withoutProse(value)]];
      return [[key, Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutProse(each)]))]];
    }),
  );
}
