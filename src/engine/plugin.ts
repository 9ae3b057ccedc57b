import { OPERATION_KINDS } from "../model/order/canonical.ts";
import type { Outcome } from "../source/outcome.ts";
import { failure, success } from "../source/outcome.ts";
import { alternatives } from "../words.ts";
import { isRecord, SEVERITIES } from "./config.ts";
import { didYouMean } from "./nearest.ts";
import { type AnyRule, CATEGORIES, type Plugin, type Report } from "./rule.ts";

/** A plugin whose rules are such. */
export type NamedPlugin = Required<Plugin>;

const ID = /^(?:[a-z][a-z0-9-]*\/)?[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const HANDLERS = [...OPERATION_KINDS, "operation", "statement", "migration", "history"];

/** Reads what a plugin's module exports. `called` is what the configuration calls it. Fails with the first mistake. */
export function readPlugin(exported: unknown, called: string): Outcome<NamedPlugin> {
  const holder = holderOf(exported);
  if (!holder)
    return failure(
      `The plugin ${called} exports no rules: write export const rules = [ … ], each made by defineRule().`,
    );
  const { name, rules } = holder;
  const plugin = typeof name === "string" && name !== "" ? name : called;
  if (!Array.isArray(rules))
    return failure(
      `rules of the plugin ${called} is ${shown(rules)}, but must be a list of rules made by defineRule().`,
    );
  const ids = new Set<string>();
  for (const [index, rule] of (rules as readonly unknown[]).entries()) {
    const mistake = mistakeIn(rule);
    if (mistake) {
      const id = isRecord(rule) && typeof rule["id"] === "string" ? ` (${rule["id"]})` : "";
      const key = mistake.key === "" ? "" : `.${mistake.key}`;
      return failure(`rules[${index}]${key} of the plugin ${called}${id} ${mistake.says}`);
    }
    const { id } = rule as AnyRule;
    if (ids.has(id)) return failure(`The plugin ${called} has two rules ${id}: give one of them another id.`);
    ids.add(id);
  }
  return success({ name: plugin, rules: (rules as readonly AnyRule[]).map((rule) => guarded(rule, plugin)) });
}

/** lockstep's own rules and those of plugins. One name is one rule, everywhere. */
export function withPlugins(own: readonly AnyRule[], plugins: readonly NamedPlugin[]): Outcome<readonly AnyRule[]> {
  const owners = new Map<string, string | undefined>(own.map(({ id }) => [id, undefined]));
  for (const { name, rules } of plugins) {
    for (const { id } of rules) {
      const owner = owners.get(id);
      if (owners.has(id))
        return failure(
          owner === undefined
            ? `The plugin ${name} has a rule ${id}, and so has lockstep itself: give it another id, ${prefixOf(name)}/${id}.`
            : `The plugins ${owner} and ${name} both have a rule ${id}: give one of them another id, ${prefixOf(name)}/${id}.`,
        );
      owners.set(id, name);
    }
  }
  return success([...own, ...plugins.flatMap(({ rules }) => rules)]);
}

/** A word for the front of an id: "acme" of lockstep-plugin-acme, @acme/rules and ./acme/index.js. */
function prefixOf(name: string): string {
  const words = name.toLowerCase().match(/[a-z][a-z0-9]*/g) ?? [];
  return (
    words.find((word) => !["lockstep", "plugin", "rules", "index", "js", "mjs", "cjs", "ts"].includes(word)) ?? "my"
  );
}

/** The namespace of a module, its default export, or that of a module that was compiled to CommonJS. */
function holderOf(exported: unknown): Readonly<Record<string, unknown>> | undefined {
  let at = exported;
  for (let depth = 0; depth < 3 && isRecord(at); depth++) {
    if ("rules" in at) return at;
    at = at["default"];
  }
  return undefined;
}

interface Mistake {
  readonly key: string;
  /** The sentence behind the key. */
  readonly says: string;
}

const wrong = (key: string, value: unknown, wanted: string): Mistake => ({
  key,
  says: `is ${shown(value)}, but must be ${wanted}`,
});

function mistakeIn(rule: unknown): Mistake | undefined {
  if (!isRecord(rule)) return wrong("", rule, "a rule made by defineRule().");
  const { id, title, category, severity, hotfix, messages, help, on, needs, options, docs } = rule;
  const oneOf = (key: string, value: unknown, all: readonly string[]): Mistake | undefined =>
    typeof value === "string" && all.includes(value)
      ? undefined
      : wrong(key, value, `${alternatives(all)}.${typeof value === "string" ? didYouMean(value, all) : ""}`);
  if (typeof id !== "string" || !ID.test(id))
    return wrong("id", id, "a name in small letters, as table-without-comment or acme/table-without-comment.");
  if (!isText(title)) return wrong("title", title, "a line that says what happens.");
  const chosen =
    oneOf("category", category, CATEGORIES) ??
    oneOf("severity", severity, [...SEVERITIES, "off"]) ??
    (hotfix === undefined ? undefined : oneOf("hotfix", hotfix, SEVERITIES));
  if (chosen) return chosen;
  if (!isRecord(messages) || Object.keys(messages).length === 0)
    return wrong("messages", messages, 'an object of sentences: { missing: "{table} has no comment." }.');
  for (const [name, text] of Object.entries(messages))
    if (!isText(text)) return wrong(`messages.${name}`, text, "a sentence.");
  if (!isText(help)) return wrong("help", help, "a sentence that says what to do.");
  if (!isRecord(on)) return wrong("on", on, "an object of handlers: { createTable(operation, context) { … } }.");
  for (const [kind, handler] of Object.entries(on)) {
    if (!HANDLERS.includes(kind))
      return {
        key: "on",
        says: `has a handler ${kind}, which nothing calls.${didYouMean(kind, HANDLERS) || " There are statement, migration, history, operation, and one for each kind of operation: dropColumn."}`,
      };
    if (typeof handler !== "function") return wrong(`on.${kind}`, handler, "a function.");
  }
  if (needs !== undefined && !(Array.isArray(needs) && needs.every(isText)))
    return wrong("needs", needs, 'a list of names: ["base"].');
  if (options !== undefined) {
    if (!isRecord(options) || !isRecord(options["schema"]) || !isRecord(options["default"]))
      return wrong("options", options, "an object with schema and default.");
    const { type, properties, additionalProperties } = options["schema"];
    if (type !== "object" || !isRecord(properties) || additionalProperties !== false)
      return wrong(
        "options.schema",
        options["schema"],
        'a JSON schema with type: "object", properties and additionalProperties: false.',
      );
  }
  if (docs !== undefined && !isText(docs) && !(docs instanceof URL))
    return wrong("docs", docs, "a URL or a text in Markdown.");
  return undefined;
}

const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "function") return "a function";
  const text = typeof value === "bigint" || typeof value === "symbol" ? value.toString() : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

type Handler = (subject: unknown, context: { readonly report: (report: Report) => void }) => void;

/** A rule whose bugs are told with its name and its plugin's. */
function guarded(rule: AnyRule, plugin: string): AnyRule {
  const failed = (what: string, cause?: unknown): Error =>
    new Error(`The rule ${rule.id} of the plugin ${plugin} failed: ${what}`, { cause });
  const handlers = (Object.entries(rule.on) as [string, Handler][]).map(([kind, handler]) => [
    kind,
    (subject: unknown, context: Parameters<Handler>[1]): void => {
      const report = (given: Report): void => {
        if (!Object.hasOwn(rule.messages, given.message))
          throw new Error(`it reports ${JSON.stringify(given.message)}, which is none of its messages.`);
        if (!isRecord(given.at)) throw new Error(`it reports ${given.message} without a place: give at.`);
        context.report(given);
      };
      try {
        // Inherited, since the context has getters, and is filled in for each rule.
        handler(subject, Object.create(context, { report: { value: report } }) as typeof context);
      } catch (error) {
        throw failed(error instanceof Error ? error.message : String(error), error);
      }
    },
  ]);
  return { ...rule, on: Object.fromEntries(handlers) as AnyRule["on"] };
}
