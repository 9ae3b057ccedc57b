import { EXECUTIONS, FAIL_ON, PARSERS, POSTGRES_VERSIONS, PRESETS, SEVERITIES, SMALL_TABLES } from "./config.ts";
import type { AnyRule } from "./rule.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON schema (draft-07, which editors read) of a configuration file, made of the rules' own option schemas.
 * `schema/config.schema.json` is its output; build/validator.mjs compiles that into the validator that the program runs.
 */
export function configSchema(rules: readonly AnyRule[]): JsonSchema {
  const ids = rules.map((rule) => rule.id);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "lockstep configuration",
    description: "lockstep.config.json, lockstep.config.jsonc, or the key lockstep in package.json.",
    type: "object",
    additionalProperties: false,
    properties: {
      $schema: { type: "string", description: "Where this schema is, for editors." },
      preset: {
        enum: PRESETS,
        default: "recommended",
        description:
          "Which rules run: recommended (hazards), hotfix (the same, with the rules of the hotfix flow as errors), all.",
      },
      plugins: {
        type: "array",
        items: { type: "string", pattern: "\\S" },
        description: "Rules of one's own: modules by their path from this file, or packages.",
      },
      rules: {
        type: "object",
        description: "Severities and options of single rules, over the preset's.",
        additionalProperties: { $ref: "#/definitions/setting" },
        properties: Object.fromEntries(rules.map((rule) => [rule.id, ruleSetting(rule)])),
      },
      ignores: {
        type: "array",
        description:
          "Findings to leave out without touching the SQL, which Prisma keeps a checksum of once it is applied.",
        items: {
          type: "object",
          required: ["reason"],
          additionalProperties: false,
          properties: {
            path: {
              type: "string",
              description:
                "A migration's name, or a glob (*, **, ?) over paths from this file's folder. Without it: everywhere.",
            },
            rules: {
              type: "array",
              minItems: 1,
              items: { type: "string" },
              description: "Without it: every rule.",
            },
            reason: { type: "string", pattern: "\\S", description: "Why these findings are fine. Required." },
          },
        },
      },
      migrations: {
        type: "array",
        items: { type: "string" },
        description: "Migrations folders or globs of them, from this file's folder. Without it they are found.",
      },
      postgres: {
        enum: POSTGRES_VERSIONS,
        description: "Major version of the PostgreSQL that the migrations run on. 17 without it.",
      },
      execution: {
        enum: EXECUTIONS,
        description:
          "How the migrations are sent: batch (a file in one transaction, Prisma up to 7.3) or split (statement by statement, from 7.4). Without it: from the locked Prisma version.",
      },
      parser: {
        enum: PARSERS,
        default: "postgres",
        description: "postgres is PostgreSQL's own grammar; portable needs no WebAssembly and understands less.",
      },
      base: {
        type: "string",
        pattern: "\\S",
        description: "The branch, tag or commit that is deployed: migrations that are not on it are pending.",
      },
      branches: {
        type: "object",
        additionalProperties: false,
        description:
          "Which branch is what. Names without the remote; * stands for any characters. Without it: by convention (git flow, GitHub flow, trunk).",
        properties: {
          production: {
            type: "string",
            pattern: "\\S",
            description: "What production runs: a branch, a tag or a commit; with * the newest that matches.",
          },
          main: {
            type: "string",
            pattern: "\\S",
            description: "Without it: the remote's default branch, else main or master.",
          },
          development: {
            type: "array",
            items: { type: "string", pattern: "\\S" },
            description: "Without it: develop, development, dev.",
          },
          hotfix: {
            type: "array",
            items: { type: "string", pattern: "\\S" },
            description:
              "On such a branch the preset hotfix is the default. Without it: hotfix/*, hotfix-*, hotfixes/*.",
          },
        },
      },
      failOn: { enum: FAIL_ON, default: "error", description: "The least severity that makes the exit code 1." },
      timeoutsSetByRunner: {
        type: "boolean",
        description:
          "lock_timeout is set by the role, the database or the connection string: no migration is asked for one.",
      },
      smallTables: {
        type: "object",
        additionalProperties: false,
        description:
          "Tables that are let off: a hazard that grows with a table is information on them. By size where lockstep.stats.json has it, and by name.",
        properties: {
          rows: {
            type: "integer",
            minimum: 0,
            default: SMALL_TABLES.rows,
            description: "A table with more rows is not small.",
          },
          megabytes: {
            type: "number",
            minimum: 0,
            default: SMALL_TABLES.megabytes,
            description: "A table that takes more, indexes included, is not small.",
          },
          tables: {
            type: "array",
            items: { type: "string", pattern: "\\S" },
            description:
              "Tables that are small whatever is known of them, as findings name them: settings, audit.events.",
          },
        },
      },
      baseline: {
        type: "string",
        pattern: "\\S",
        description: "The file of accepted findings, from this file's folder. lockstep.baseline.json without it.",
      },
    },
    // Which rules plugins have is known once they are loaded: src/project/config/plugins.ts looks at their names and options then.
    if: { required: ["plugins"], properties: { plugins: true } },
    else: {
      properties: {
        rules: { type: "object", propertyNames: { $ref: "#/definitions/rule" } },
        ignores: {
          type: "array",
          items: {
            type: "object",
            properties: { rules: { type: "array", items: { $ref: "#/definitions/rule" } } },
          },
        },
      },
    },
    definitions: {
      severity: { enum: ["off", ...SEVERITIES] },
      rule: ids.length > 0 ? { enum: ids } : { type: "string" },
      setting: {
        anyOf: [
          { $ref: "#/definitions/severity" },
          {
            type: "array",
            items: [{ $ref: "#/definitions/severity" }, { type: "object" }],
            minItems: 2,
            maxItems: 2,
            additionalItems: false,
          },
        ],
      },
    },
  };
}

function ruleSetting(rule: AnyRule): JsonSchema {
  const description = `${rule.title}. Category ${rule.category}, ${rule.severity === "off" ? "off" : `${article(rule.severity)} ${rule.severity}`} in the preset recommended.`;
  const severity = { $ref: "#/definitions/severity" };
  if (!rule.options) return { description, allOf: [severity] };
  const defaults: unknown = rule.options.default;
  const options = { ...rule.options.schema, default: defaults };
  return {
    description,
    anyOf: [severity, { type: "array", items: [severity, options], minItems: 2, maxItems: 2, additionalItems: false }],
  };
}

function article(word: string): string {
  return /^[aeiou]/.test(word) ? "an" : "a";
}
