import { configSchema, type JsonSchema } from "../../engine/config-schema.ts";
import { isRecord } from "../../engine/config.ts";
import { didYouMean, nearest } from "../../engine/nearest.ts";
import type { AnyRule } from "../../engine/rule.ts";
import { codeFrame } from "../../report/text/frame.ts";
import { painter } from "../../report/text/paint.ts";
import { position, type Range, type SourceFile } from "../../source/text.ts";
import { alternatives } from "../../words.ts";
import type { SchemaError } from "./validator.js";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

export type ConfigPath = readonly (string | number)[];

/** One mistake in a configuration. */
export interface ConfigProblem {
  readonly path: ConfigPath;
  /** It is the name at the end of `path` that is wrong, not its value. */
  readonly name: boolean;
  /** A sentence. */
  readonly message: string;
}

/** What ajv found, one sentence for each mistake. `data` is what it looked at. */
export function describeErrors(
  errors: readonly SchemaError[],
  data: unknown,
  rules: readonly AnyRule[],
): readonly ConfigProblem[] {
  const schema = configSchema(rules);
  const problems = new Map<string, ConfigProblem>();
  // Of a name that is wrong no value is right.
  const names = errors.filter(({ keyword }) => keyword === "propertyNames");
  for (const { instancePath, params } of names) {
    const path = fromPointer(instancePath, data);
    const name = String(params.propertyName);
    add({ path: [...path, name], name: true, message: unknownName(name, path, schema) });
  }
  for (const error of errors) {
    if (names.includes(error) || error.keyword === "if") continue;
    const path = fromPointer(error.instancePath, data);
    // What is wrong with a name, told above.
    if (path[0] === "rules" && path.length === 1 && error.keyword === "enum") continue;
    const value = valueAt(data, path);
    // A setting is a severity or a list: only the branch that the value was meant for is worth telling.
    if (/\/anyOf$/.test(error.schemaPath) || error.keyword === "anyOf") continue;
    if (path[0] === "rules" && path.length === 2) {
      if (Array.isArray(value) && error.keyword === "enum" && takesNone(rules, path[1])) {
        add({ path, name: false, message: `The rule ${String(path[1])} has no options: give it a severity alone.` });
        continue;
      }
      if (
        Array.isArray(value) ===
        (error.keyword === "enum" || (error.keyword === "type" && error.params.type === "array"))
      )
        continue;
      if (!Array.isArray(value) && error.keyword === "type") continue;
    }
    const problem = describe(error, path, value, schema);
    if (problem) add(problem);
  }
  return [...problems.values()];

  function add(problem: ConfigProblem): void {
    const key = JSON.stringify(problem.path);
    if (!problems.has(key)) problems.set(key, problem);
  }
}

function takesNone(rules: readonly AnyRule[], id: unknown): boolean {
  return rules.some((rule) => rule.id === id && rule.options === undefined);
}

function describe(error: SchemaError, path: ConfigPath, value: unknown, schema: JsonSchema): ConfigProblem | undefined {
  const { params } = error;
  const where = describePath(path);
  switch (error.keyword) {
    case "additionalProperties": {
      const name = String(params.additionalProperty);
      return { path: [...path, name], name: true, message: unknownName(name, path, schema) };
    }
    case "required":
      return { path, name: false, message: `${where} needs ${quote(params.missingProperty)}.` };
    case "enum": {
      const allowed = Array.isArray(params.allowedValues) ? (params.allowedValues as readonly unknown[]) : [];
      const meant = typeof value === "string" ? didYouMean(value, allowed.map(String)) : "";
      if (path[0] === "ignores" && path[2] === "rules")
        return {
          path,
          name: false,
          message: `There is no rule ${quote(value)}.${meant || ` ${lockstep.rules(IN_WORDS).text} lists them.`}`,
        };
      return { path, name: false, message: `${where} is ${show(value)}, but must be ${oneOf(allowed)}.${meant}` };
    }
    case "type":
      return { path, name: false, message: `${where} is ${show(value)}, but must be ${typeName(params.type)}.` };
    case "pattern":
      return {
        path,
        name: false,
        message:
          params.pattern === "\\S"
            ? `${where} is empty.`
            : `${where} is ${show(value)}, but must match ${String(params.pattern)}.`,
      };
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
      return {
        path,
        name: false,
        message: `${where} is ${show(value)}, but must be ${comparison(params.comparison)} ${String(params.limit)}.`,
      };
    case "minItems":
      return {
        path,
        name: false,
        message:
          path[0] === "rules" && path.length === 2
            ? `${where} needs a severity and options: ["error", { … }].`
            : `${where} has fewer than ${String(params.limit)} entries.`,
      };
    case "maxItems":
      return { path, name: false, message: `${where} has more than ${String(params.limit)} entries.` };
    case "additionalItems":
      return undefined;
    default:
      return { path, name: false, message: `${where} is ${show(value)}, which does not fit (${error.keyword}).` };
  }
}

function unknownName(name: string, path: ConfigPath, schema: JsonSchema): string {
  const known = Object.keys(propertiesAt(schema, path));
  if (path.length === 1 && path[0] === "rules") {
    const meant = nearest(name, known);
    return `There is no rule ${quote(name)}.${meant === undefined ? ` ${lockstep.rules(IN_WORDS).text} lists them.` : ` Did you mean ${meant}?`}`;
  }
  const what =
    path[0] === "rules"
      ? `The rule ${String(path[1])} has no option`
      : path.length === 0
        ? "There is no setting"
        : `${describePath(path)} has no`;
  const list = known.filter((each) => each !== "$schema");
  return `${what} ${quote(name)}.${didYouMean(name, known) || (list.length === 0 ? "" : ` There ${list.length === 1 ? "is" : "are"} ${list.join(", ")}.`)}`;
}

/** The names that the schema knows at `path`. */
function propertiesAt(schema: JsonSchema, path: ConfigPath): JsonSchema {
  let at: unknown = schema;
  for (const step of path) {
    if (!isRecord(at)) return {};
    if (typeof step === "string") at = isRecord(at.properties) ? at.properties[step] : undefined;
    else {
      const list = Array.isArray(at.anyOf)
        ? (at.anyOf as readonly unknown[]).find((branch) => isRecord(branch) && branch.type === "array")
        : at;
      const items: unknown = isRecord(list) ? list.items : undefined;
      at = Array.isArray(items) ? (items as readonly unknown[])[step] : items;
    }
  }
  return isRecord(at) && isRecord(at.properties) ? at.properties : {};
}

function fromPointer(pointer: string, data: unknown): ConfigPath {
  let at: unknown = data;
  return pointer
    .split("/")
    .slice(1)
    .map((part) => {
      const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
      const step = Array.isArray(at) ? Number(name) : name;
      at = valueAt(at, [step]);
      return step;
    });
}

function valueAt(data: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string | number, unknown>)[step]
        : undefined,
    data,
  );
}

/** As one would write it in JavaScript: rules["drop-column"][1].limit */
function describePath(path: ConfigPath): string {
  if (path.length === 0) return "The configuration";
  return path
    .map((step, index) =>
      typeof step === "number"
        ? `[${step}]`
        : !/^[A-Za-z_$][\w$]*$/.test(step)
          ? `[${quote(step)}]`
          : index === 0
            ? step
            : `.${step}`,
    )
    .join("");
}

function quote(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : show(value);
}

function show(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "bigint" || typeof value === "symbol" ? value.toString() : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function oneOf(values: readonly unknown[]): string {
  return alternatives(values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))));
}

function typeName(type: unknown): string {
  const names: Readonly<Record<string, string>> = {
    object: "an object",
    array: "a list",
    string: "a string",
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
  };
  return Array.isArray(type)
    ? (type as readonly unknown[]).map(typeName).join(" or ")
    : (names[String(type)] ?? String(type));
}

function comparison(sign: unknown): string {
  const words: Readonly<Record<string, string>> = {
    ">=": "at least",
    "<=": "at most",
    ">": "more than",
    "<": "less than",
  };
  return words[String(sign)] ?? String(sign);
}

/** A mistake with its place, or without one where the configuration is a program. */
export interface PlacedProblem {
  readonly message: string;
  readonly range?: Range;
}

/** The problems of one file as one text: sentence, place and code frame each. */
export function formatProblems(
  file: SourceFile,
  problems: readonly PlacedProblem[],
  look: { readonly color: boolean; readonly columns: number },
): string {
  const paint = painter(look.color);
  const blocks = [...problems]
    .sort((a, b) => (a.range?.start ?? 0) - (b.range?.start ?? 0))
    .map(({ message, range }) => {
      if (!range) return `${paint("bold", `${file.path}:`)} ${message}`;
      const { line, column } = position(file, range.start);
      return [
        `${paint("bold", `${file.path}:${line}:${column}`)} ${message}`,
        ...codeFrame(file, range, { paint, style: "red", columns: look.columns }),
      ].join("\n");
    });
  return `${blocks.join("\n\n")}\n`;
}
