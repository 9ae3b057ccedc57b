import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { loadConfig } from "../src/project/config/file.ts";
import { firstMistake, loadConfigSync } from "../src/project/config/sync.ts";
import { pageTextOf, pageUriOf } from "../src/project/pages.ts";
import { folder, write } from "./support/folders.ts";

const search = (cwd: string) => ({ cwd, rules, color: false, columns: 100 });
const rule = (id: string, more = ""): string =>
  `{ id: "${id}", title: "T", category: "schema", severity: "warning", messages: { m: "M." }, help: "H.", on: {}, ${more} }`;
const esm = (...ids: readonly string[]): string => `export const rules = [${ids.map((id) => rule(id)).join(", ")}];\n`;
const PACKAGE = "node_modules/lockstep-plugin-x";

/** The ids that are loaded besides ours, by both ways to read a configuration. */
async function loaded(root: string): Promise<readonly string[]> {
  const [found, atOnce] = [await loadConfig(search(root)), loadConfigSync(search(root))];
  if (!found.ok) throw new Error(found.message);
  if (!atOnce.ok) throw new Error(atOnce.message);
  const ids = (all: typeof found) => (all.plugins?.rules ?? rules).slice(rules.length).map(({ id }) => id);
  expect(ids(atOnce)).toEqual(ids(found));
  return ids(found);
}

describe("every configuration takes plugins, and every module is one", () => {
  const named = '["./r.mjs", "lockstep-plugin-x"]';
  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ["JSON", { "lockstep.config.json": `{ "plugins": ${named} }` }],
    ["JSON with comments", { "lockstep.config.jsonc": `{ "plugins": ${named}, /* ours */ }` }],
    ["package.json", { "package.json": `{ "lockstep": { "plugins": ${named} } }` }],
    ["a module", { "lockstep.config.mjs": `export default { plugins: ${named} };` }],
    ["CommonJS", { "lockstep.config.js": `module.exports = { plugins: ${named} };` }],
    [
      "a module that imports it",
      { "lockstep.config.mjs": `import * as r from "./r.mjs";\nexport default { plugins: [r, "lockstep-plugin-x"] };` },
    ],
    [
      "a module that has it",
      {
        "lockstep.config.mjs": `import { rules } from "./r.mjs";\nexport default { plugins: [{ name: "r", rules }, "lockstep-plugin-x"] };`,
      },
    ],
  ])("%s", async (_name, files) => {
    const root = folder({
      "r.mjs": esm("one-rule"),
      [`${PACKAGE}/index.js`]: `exports.rules = [${rule("x/two")}];`,
      ...files,
    });
    expect(await loaded(root)).toEqual(["one-rule", "x/two"]);
  });

  test.each<readonly [string, string, Readonly<Record<string, string>>]>([
    ["a folder", "./r", { "r/index.mjs": esm("one-rule") }],
    ["a default export", "./r.mjs", { "r.mjs": `export default { rules: [${rule("one-rule")}] };` }],
    [
      "CommonJS compiled from a module",
      "./r.cjs",
      { "r.cjs": `exports.__esModule = true; exports.default = { rules: [${rule("one-rule")}] };` },
    ],
    [
      "a package for import alone",
      "x",
      {
        "node_modules/x/package.json":
          '{ "name": "x", "type": "module", "exports": { ".": { "types": "./x.d.ts", "import": "./x.js" } } }',
        "node_modules/x/x.js": esm("one-rule"),
      },
    ],
    [
      "a path in a package",
      "@acme/x/rules",
      {
        "node_modules/@acme/x/package.json":
          '{ "name": "@acme/x", "type": "module", "exports": { "./rules": { "import": { "default": "./r.js" } } } }',
        "node_modules/@acme/x/r.js": esm("one-rule"),
      },
    ],
    ["the same module twice", './r.mjs", "./r.mjs', { "r.mjs": esm("one-rule") }],
  ])("%s", async (_name, entry, files) => {
    expect(await loaded(folder({ "lockstep.config.json": `{ "plugins": ["${entry}"] }`, ...files }))).toEqual([
      "one-rule",
    ]);
  });

  test("a package of a folder further up", async () => {
    const root = folder({
      [`${PACKAGE}/index.js`]: `exports.rules = [${rule("one-rule")}];`,
      "api/lockstep.config.json": '{ "plugins": ["lockstep-plugin-x"] }',
    });
    expect(await loaded(join(root, "api"))).toEqual(["one-rule"]);
  });
});

const FINE = rule("fine");
test.each<readonly [string, string]>([
  ["", "The plugin ./r.mjs exports no rules: write export const rules = [ … ], each made by defineRule()."],
  [
    "export const rules = {};",
    "rules of the plugin ./r.mjs is an object, but must be a list of rules made by defineRule().",
  ],
  [
    `export const rules = [${FINE}, 3];`,
    "rules[1] of the plugin ./r.mjs is 3, but must be a rule made by defineRule().",
  ],
  [
    "export const rules = [{}];",
    "rules[0].id of the plugin ./r.mjs is missing, but must be a name in small letters, as table-without-comment or acme/table-without-comment.",
  ],
  [
    `export const rules = [${rule("No Good")}];`,
    'rules[0].id of the plugin ./r.mjs (No Good) is "No Good", but must be a name',
  ],
  [
    `export const rules = [${rule("x", 'title: ""')}];`,
    'rules[0].title of the plugin ./r.mjs (x) is "", but must be a line that says what happens.',
  ],
  [
    `export const rules = [${rule("x", 'category: "lockin"')}];`,
    'rules[0].category of the plugin ./r.mjs (x) is "lockin", but must be integrity, destructive, reversibility, locking, transactions, compatibility, history, divergence, schema or security. Did you mean locking?',
  ],
  [
    `export const rules = [${rule("x", 'severity: "warn"')}];`,
    'rules[0].severity of the plugin ./r.mjs (x) is "warn", but must be error, warning, info or off.',
  ],
  [
    `export const rules = [${rule("x", 'hotfix: "off"')}];`,
    'rules[0].hotfix of the plugin ./r.mjs (x) is "off", but must be error, warning or info.',
  ],
  [
    `export const rules = [${rule("x", "messages: {}")}];`,
    "rules[0].messages of the plugin ./r.mjs (x) is an object, but must be",
  ],
  [
    `export const rules = [${rule("x", "messages: { m: 1 }")}];`,
    "rules[0].messages.m of the plugin ./r.mjs (x) is 1, but must be a sentence.",
  ],
  [
    `export const rules = [${rule("x", "help: undefined")}];`,
    "rules[0].help of the plugin ./r.mjs (x) is missing, but must be a sentence that says what to do.",
  ],
  [
    `export const rules = [${rule("x", "on: undefined")}];`,
    "rules[0].on of the plugin ./r.mjs (x) is missing, but must be an object of handlers",
  ],
  [
    `export const rules = [${rule("x", "on: { dropColum() {} }")}];`,
    "rules[0].on of the plugin ./r.mjs (x) has a handler dropColum, which nothing calls. Did you mean dropColumn?",
  ],
  [
    `export const rules = [${rule("x", "on: { dropColumn: 1 }")}];`,
    "rules[0].on.dropColumn of the plugin ./r.mjs (x) is 1, but must be a function.",
  ],
  [
    `export const rules = [${rule("x", 'needs: "base"')}];`,
    'rules[0].needs of the plugin ./r.mjs (x) is "base", but must be a list of names: ["base"].',
  ],
  [
    `export const rules = [${rule("x", "options: {}")}];`,
    "rules[0].options of the plugin ./r.mjs (x) is an object, but must be an object with schema and default.",
  ],
  [
    `export const rules = [${rule("x", 'options: { schema: { type: "object" }, default: {} }')}];`,
    "rules[0].options.schema of the plugin ./r.mjs (x) is an object, but must be a JSON schema",
  ],
  [
    `export const rules = [${rule("x", "docs: 1")}];`,
    "rules[0].docs of the plugin ./r.mjs (x) is 1, but must be a URL or a text in Markdown.",
  ],
  [
    `export const rules = [${rule("x", 'docs: "./x.md"')}];`,
    'docs of the rule x of the plugin ./r.mjs is "./x.md", a path as a text: write new URL("./x.md", import.meta.url).',
  ],
  [
    `export const rules = [${rule("x", 'docs: new URL("./x.md", import.meta.url)')}];`,
    "The page of the rule x of the plugin ./r.mjs does not exist: ",
  ],
  [`export const rules = [${FINE}, ${FINE}];`, "The plugin ./r.mjs has two rules fine: give one of them another id."],
  [
    `export const rules = [${rule("drop-column")}];`,
    "The plugin ./r.mjs has a rule drop-column, and so has lockstep itself: give it another id, r/drop-column.",
  ],
  ['throw new Error("No way. Really.");', "The plugin ./r.mjs could not be loaded: No way. Really."],
  ["export const rules = [;", "The plugin ./r.mjs could not be loaded: "],
])("%j is told in one sentence", async (text, sentence) => {
  const root = folder({ "r.mjs": text, "lockstep.config.json": '{\n  "plugins": ["./r.mjs"]\n}' });
  const found = await loadConfig(search(root));
  if (found.ok) throw new Error("it was loaded");
  const [first = ""] = found.message.split("\n");
  expect(first.replace("lockstep.config.json:2:15 ", "")).toContain(sentence);
  const atOnce = loadConfigSync(search(root));
  expect(atOnce.ok ? "" : firstMistake(atOnce).replace(" synchronously, as ESLint needs it", "")).toContain(
    `lockstep.config.json:2:15: ${sentence}`,
  );
});

test.each<readonly [string, Readonly<Record<string, string>>, string]>([
  [
    "./gone.mjs",
    {},
    "The plugin ./gone.mjs does not exist: correct its path, which counts from the configuration's folder.",
  ],
  [
    "./empty",
    { "empty/": "" },
    "The plugin ./empty is a folder without index.js: name the file that exports its rules.",
  ],
  ["gone", {}, "The plugin gone is not installed: install it, or, where it is a file, write ./gone."],
  ["", {}, "plugins[0] is empty."],
  [
    './a.mjs", "./b.mjs',
    { "a.mjs": esm("one-rule"), "b.mjs": esm("one-rule") },
    "The plugins ./a.mjs and ./b.mjs both have a rule one-rule: give one of them another id, b/one-rule.",
  ],
  [
    "./needs.mjs",
    { "needs.mjs": 'import "not-installed";' },
    "The plugin ./needs.mjs could not be loaded: Cannot find package 'not-installed'",
  ],
])("%j as an entry", async (entry, files, sentence) => {
  const root = folder({ "lockstep.config.json": `{ "plugins": ["${entry}"] }`, ...files });
  const found = await loadConfig(search(root));
  expect(found.ok ? "" : found.message).toContain(sentence);
});

test("an object in JSON is no plugin, nor is one without rules in a program", async () => {
  for (const files of [
    { "lockstep.config.json": '{ "plugins": [{}] }' },
    { "lockstep.config.mjs": "export default { plugins: [{}] };" },
  ]) {
    const found = await loadConfig(search(folder(files)));
    expect(found.ok ? "" : found.message).toContain("plugins[0] is an object, but must be a string.");
  }
});

const WITH_OPTIONS = `export const rules = [${rule("plain")}, ${rule("acme/limited", 'options: { schema: { type: "object", additionalProperties: false, properties: { limit: { type: "integer", minimum: 1, description: "D." } } }, default: { limit: 5 } }')}];\n`;

test.each<readonly [object, readonly string[]]>([
  [{ rules: { plain: "error", "acme/limited": ["off", { limit: 2 }], "drop-column": "info" } }, []],
  [{ rules: { plainn: "error" } }, ['There is no rule "plainn". Did you mean plain?']],
  [{ rules: { plain: ["error", {}] } }, ["The rule plain has no options: give it a severity alone."]],
  [
    { rules: { plain: "eror" } },
    ['rules.plain is "eror", but must be off, error, warning or info. Did you mean error?'],
  ],
  [
    { rules: { "acme/limited": ["eror", {}] } },
    ['rules["acme/limited"][0] is "eror", but must be off, error, warning or info. Did you mean error?'],
  ],
  [
    { rules: { "acme/limited": ["error", { limt: 1 }] } },
    ['The rule acme/limited has no option "limt". Did you mean limit?'],
  ],
  [
    { rules: { "acme/limited": ["error", { limit: 0 }] } },
    ['rules["acme/limited"][1].limit is 0, but must be at least 1.'],
  ],
  [{ rules: { "drop-column": ["error", {}] } }, ["The rule drop-column has no options: give it a severity alone."]],
  [
    { ignores: [{ rules: ["plain", "acme/limitd"], reason: "r" }] },
    ['There is no rule "acme/limitd". Did you mean acme/limited?'],
  ],
])("%j with plugins", async (config, sentences) => {
  const root = folder({
    "r.mjs": WITH_OPTIONS,
    "lockstep.config.json": JSON.stringify({ plugins: ["./r.mjs"], ...config }, null, 2),
  });
  for (const found of [await loadConfig(search(root)), loadConfigSync(search(root))])
    expect(
      found.ok ? [] : found.problems?.map(({ message, range }) => (range ? message : `nowhere: ${message}`)),
    ).toEqual(sentences);
});

test("where programs are not run no plugin is loaded, and their names are taken as they are", async () => {
  const root = folder({
    "r.mjs": 'throw new Error("it was run");',
    "lockstep.config.json": '{ "plugins": ["./r.mjs"], "rules": { "one-rule": "off", "drop-column": "info" } }',
  });
  expect(await loadConfig({ ...search(root), programs: false })).toMatchObject({ ok: true, untrusted: ["./r.mjs"] });
});

test("a plugin that was changed is loaded again where that is asked for", async () => {
  const root = folder({
    "r.cjs": `exports.rules = [${rule("before")}];`,
    "m.mjs": esm("m-before"),
    "lockstep.config.json": '{ "plugins": ["./r.cjs", "./m.mjs"] }',
  });
  const ids = async () => {
    const found = await loadConfig({ ...search(root), fresh: true });
    return found.ok && found.plugins?.rules.slice(rules.length).map(({ id }) => id);
  };
  expect(await ids()).toEqual(["before", "m-before"]);
  rmSync(join(root, "r.cjs"));
  write(root, { "r.cjs": `exports.rules = [${rule("after")}];`, "m.mjs": esm("m-after") });
  expect(await ids()).toEqual(["after", "m-after"]);
});

test.each<readonly [string, string | undefined, string | undefined]>([
  ['docs: "# x\\n\\nWhy."', "# x\n\nWhy.", undefined],
  ['docs: "https://acme.example/x"', undefined, "https://acme.example/x"],
  ['docs: new URL("./page.md", import.meta.url)', "The page.\n", "page.md"],
  ["", undefined, undefined],
])("the page of { %s }", async (more, text, uri) => {
  const root = folder({
    "page.md": "The page.\n",
    "r.mjs": `export const rules = [${rule("x", more)}];`,
    "lockstep.config.json": '{ "plugins": ["./r.mjs"] }',
  });
  const found = await loadConfig(search(root));
  const own = found.ok ? found.plugins?.rules.at(-1) : undefined;
  expect(own && [pageTextOf(own), pageUriOf(own)?.split("/").at(-1)]).toEqual([text, uri?.split("/").at(-1)]);
});
