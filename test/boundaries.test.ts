import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const HOME = fileURLToPath(new URL("..", import.meta.url));

/** Left to right: a room imports only from rooms to its left. */
const ROOMS = ["source", "sql", "model", "evidence", "rehearsal", "advice", "engine", "report", "project", "surfaces"];

/** What joins the surfaces to one program, right of all rooms. */
const PROGRAM: readonly string[] = ["src/composition.ts", "src/main.ts"];

/** What is loaded with import() at the moment it is needed, never by `check FILE` itself. */
const HEAVY =
  /^(?:globby|ajv(?!\/dist\/runtime\/)|pgsql-ast-parser|eslint|@electric-sql\/pglite|pg$|prisma|@prisma\/|vscode-languageserver)/;

interface Import {
  readonly from: string;
  readonly to: string;
  /** Types are erased: nothing is loaded for them. The order of rooms binds them as it binds values. */
  readonly typeOnly: boolean;
  /** import(): loaded only when the line is reached. */
  readonly lazy: boolean;
}

type Texts = ReadonlyMap<string, string>;

function projectTexts(): Texts {
  const files = ["src", "rules"].flatMap((folder) =>
    readdirSync(join(HOME, folder), { recursive: true, encoding: "utf8" }).map(
      (path) => `${folder}/${path.replaceAll("\\", "/")}`,
    ),
  );
  return new Map(
    files
      .filter((path) => /(?<!\.d)\.(?:ts|js)$/.test(path))
      .map((path) => [path, readFileSync(join(HOME, path), "utf8")]),
  );
}

function importsOf(path: string, text: string): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const add = (specifier: ts.Node | undefined, typeOnly: boolean, lazy: boolean): void => {
      if (specifier && ts.isStringLiteralLike(specifier))
        found.push({ from: path, to: specifier.text, typeOnly, lazy });
    };
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause), false);
    else if (ts.isExportDeclaration(node))
      add(node.moduleSpecifier, node.isTypeOnly || everySpecifierIsType(node.exportClause), false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true, false);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false, true);
    else if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "require")
      add(node.arguments[0], false, false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return found.map((each) =>
    each.to.startsWith(".") ? { ...each, to: join(dirname(path), each.to).replaceAll("\\", "/") } : each,
  );
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  const named = clause.namedBindings;
  return (
    clause.phaseModifier === ts.SyntaxKind.TypeKeyword ||
    (!clause.name && named !== undefined && ts.isNamedImports(named) && everySpecifierIsType(named))
  );
}

function everySpecifierIsType(clause: ts.NamedImports | ts.NamedExportBindings | undefined): boolean {
  return (
    clause !== undefined &&
    !ts.isNamespaceExport(clause) &&
    clause.elements.length > 0 &&
    clause.elements.every((each) => each.isTypeOnly)
  );
}

/** How programs are called: below all rooms, so that a sentence of any of them can say what to run. */
const SPELLINGS = "src/advice/programs/";

/** What everybody needs, the spellings too, and what itself needs nothing. */
const GROUND = ["src/words.ts", "src/sql/names.ts"];

/**
 * The room's rank; undefined outside the rooms. The ground is below them all, and so are the spellings of commands. src/index.ts is
 * the door: it joins the rooms up to report. src/rule-kit.ts is the rules' own. The program joins the surfaces.
 */
function rank(path: string): number | undefined {
  if (GROUND.includes(path)) return -2;
  if (path.startsWith(SPELLINGS)) return -1;
  if (PROGRAM.includes(path)) return ROOMS.length + PROGRAM.indexOf(path);
  if (path === "src/index.ts" || path === "src/rule-kit.ts") return ROOMS.indexOf("report") + 0.5;
  const at = ROOMS.indexOf(/^src\/([^/]+)\//.exec(path)?.[1] ?? "");
  return at < 0 ? undefined : at;
}

/** Where files, the process and other programs may be touched. */
function mayTouchTheWorld(path: string): boolean {
  return /^src\/(?:source\/(?:disk|git)\/|evidence\/|rehearsal\/|project\/|surfaces\/|main\.ts$)/.test(path);
}

function usesTheWorld(text: string): string[] {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (
      ts.isPropertyAccessExpression(node) &&
      ts.isIdentifier(node.expression) &&
      /^(?:process|console)$/.test(node.expression.text)
    )
      found.add(node.expression.text);
    if (
      ts.isPropertyAccessExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === "globalThis" &&
      /^(?:process|console)$/.test(node.name.text)
    )
      found.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest));
  return [...found];
}

/** The surface that a file belongs to. */
const surfaceOf = (path: string): string | undefined => /^src\/surfaces\/([^/]+)\//.exec(path)?.[1];

/** What only openProject() and its twin put together. */
const PARTS: readonly string[] = ["hotfix-preset", "inputs", "remembering", "staged", "stdin", "unsaved"].map(
  (name) => `src/project/${name}.ts`,
);

/** Surfaces are thin: they stand beside each other, and what they judge is opened by src/project and checked by check(). */
function surfaceViolations(texts: Texts): string[] {
  const found: string[] = [];
  const opens = new Set<string>();
  const checks = new Map<string, string>();
  for (const [path, text] of texts) {
    const surface = surfaceOf(path);
    for (const { to, typeOnly } of importsOf(path, text)) {
      if (to === "src/engine/run.ts" && !typeOnly && path !== "src/engine/check.ts")
        found.push(`${path} imports ${to}: everything is checked by check() or checkSync()`);
      if (surface === undefined) continue;
      const other = surfaceOf(to);
      if (other !== undefined && other !== surface)
        found.push(`${path} imports ${to}: surfaces import nothing from each other`);
      if (!typeOnly && (/^src\/evidence\//.test(to) || PARTS.includes(to)))
        found.push(`${path} imports ${to}: only src/project loads what a check is given`);
      if (!typeOnly && (to === "src/index.ts" || to === "src/engine/check.ts")) checks.set(surface, path);
      if (!typeOnly && to === "src/engine/branches.ts" && !text.includes("project/branches.ts"))
        found.push(`${path} imports ${to}: it judges what no openBranches() has opened`);
      if (!typeOnly && (to === "src/project/open.ts" || to === "src/project/sync.ts")) opens.add(surface);
    }
  }
  for (const [surface, path] of checks)
    if (!opens.has(surface)) found.push(`${path} checks what no openProject() of src/surfaces/${surface} has opened`);
  return found;
}

/** Everything that breaks the house's rules, a sentence each. */
function violations(texts: Texts): string[] {
  const found: string[] = [];
  for (const [path, text] of texts) {
    const imports = importsOf(path, text);
    for (const each of imports) {
      if (path.startsWith("rules/") && path !== "rules/index.ts" && !/^src\/(?:index|rule-kit)\.ts$/.test(each.to))
        found.push(`${path} imports ${each.to}: a rule imports src/index.ts and src/rule-kit.ts only`);
      if (path === "rules/index.ts" && !each.to.startsWith("rules/") && each.to !== "src/index.ts")
        found.push(`${path} imports ${each.to}: the list of rules imports rules and src/index.ts only`);
      if (path.startsWith("src/") && !/^src\/(?:project|surfaces)\//.test(path) && each.to.startsWith("rules/"))
        found.push(`${path} imports ${each.to}: only project and surfaces know which rules there are`);
      if (!path.startsWith("rules/") && each.to === "src/rule-kit.ts")
        found.push(`${path} imports ${each.to}: it is for rules only`);
      const from = rank(path);
      const to = rank(each.to);
      if (GROUND.includes(path)) found.push(`${path} imports ${each.to}: it is below every room`);
      else if (from !== undefined && to !== undefined && from <= to && !sameRoom(path, each.to))
        found.push(`${path} imports ${each.to}: a room imports only from rooms to its left (${ROOMS.join(", ")})`);
      if (
        !mayTouchTheWorld(path) &&
        !each.typeOnly &&
        /^(?:node:)?(?:fs|child_process|process|net|http|https|worker_threads|os)(?:\/|$)/.test(each.to)
      )
        found.push(`${path} imports ${each.to}: it is pure`);
    }
    if (!mayTouchTheWorld(path)) for (const name of usesTheWorld(text)) found.push(`${path} uses ${name}: it is pure`);
  }
  return found;
}

function sameRoom(a: string, b: string): boolean {
  return (
    a.startsWith(SPELLINGS) === b.startsWith(SPELLINGS) &&
    a.split("/").slice(0, 2).join("/") === b.split("/").slice(0, 2).join("/")
  );
}

/** Files that import each other in a circle, types and import() included: each circle as its files, sorted. */
function circles(texts: Texts): string[][] {
  const imports = new Map(
    [...texts].map(([path, text]) => [path, importsOf(path, text).flatMap(({ to }) => (texts.has(to) ? [to] : []))]),
  );
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (path: string): void => {
    order.set(path, order.size);
    lowest.set(path, order.get(path) ?? 0);
    stack.push(path);
    for (const to of imports.get(path) ?? []) {
      if (!order.has(to)) visit(to);
      else if (!stack.includes(to)) continue;
      lowest.set(path, Math.min(lowest.get(path) ?? 0, lowest.get(to) ?? 0));
    }
    if (lowest.get(path) !== order.get(path)) return;
    const circle = stack.splice(stack.indexOf(path));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const path of imports.keys()) if (!order.has(path)) visit(path);
  return found.sort((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1));
}

/** Of a file, in lines. */
const LONGEST = 350;

/** What is loaded when `entries` are: static imports only. Packages by name, files by path. */
function loaded(texts: Texts, entries: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const queue = [...entries];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const text = texts.get(path);
    if (text !== undefined)
      queue.push(
        ...importsOf(path, text)
          .filter((each) => !each.typeOnly && !each.lazy)
          .map((each) => each.to),
      );
  }
  return seen;
}

/** The files that `check FILE` goes through: the entry and what it loads with import() on its way. */
const CHECK_FILE = [
  "src/main.ts",
  "src/surfaces/cli/command.ts",
  "src/surfaces/cli/check.ts",
  "src/index.ts",
  "src/sql/postgres/read.ts",
];

describe("the house", () => {
  test("imports point to the left, pure rooms touch nothing, rules are strangers", () => {
    expect(violations(projectTexts())).toEqual([]);
  });

  test("no files import each other in a circle, types included", () => {
    expect(circles(projectTexts())).toEqual([]);
  });

  test("surfaces import nothing from each other, and check what openProject() opens", () => {
    const texts = projectTexts();
    expect(surfaceViolations(texts)).toEqual([]);
    // All of them check something.
    const checking = [...texts].flatMap(([path, text]) =>
      importsOf(path, text).some(
        ({ to, typeOnly }) => !typeOnly && (to === "src/index.ts" || to === "src/engine/check.ts"),
      )
        ? (surfaceOf(path) ?? [])
        : [],
    );
    expect([...new Set(checking)].sort()).toEqual(["cli", "eslint", "lsp", "setup"]);
  });

  test("check FILE loads nothing heavy", () => {
    const texts = projectTexts();
    for (const entry of CHECK_FILE) expect(texts.has(entry), entry).toBe(true);
    expect([...loaded(texts, CHECK_FILE)].filter((each) => HEAVY.test(each))).toEqual([]);
  });

  test(`no production file is longer than ${LONGEST} lines: beyond that it does two things`, () => {
    const long = ["action", "build", "hooks", "rules", "src"]
      .flatMap((folder) =>
        readdirSync(join(HOME, folder), { recursive: true, encoding: "utf8" }).map(
          (path) => `${folder}/${path.replaceAll("\\", "/")}`,
        ),
      )
      .filter((path) => /\.[cm]?[jt]s$/.test(path))
      .map((path) => ({ path, lines: readFileSync(join(HOME, path), "utf8").trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > LONGEST)
      .map(({ path, lines }) => `${path} has ${lines}`);
    expect(long).toEqual([]);
  });

  test("every relative import leads to a file", () => {
    const texts = projectTexts();
    const lost = [...texts]
      .flatMap(([path, text]) => importsOf(path, text))
      .filter((each) => /^(?:src|rules)\//.test(each.to) && !existsSync(resolve(HOME, each.to)))
      // A module that the build makes has its types where it would be.
      .filter((each) => !existsSync(resolve(HOME, each.to.replace(/\.js$/, ".d.ts"))));
    expect(lost.map((each) => `${each.from} -> ${relative(HOME, resolve(HOME, each.to))}`)).toEqual([]);
  });
});

describe("the checker itself", () => {
  const cases: readonly (readonly [name: string, path: string, text: string, complaint: string | undefined])[] = [
    [
      "an import to the right",
      "src/model/a.ts",
      `import { lint } from "../engine/run.ts";`,
      "src/model/a.ts imports src/engine/run.ts",
    ],
    [
      "a re-export to the right",
      "src/sql/a.ts",
      `export * from "../model/walk.ts";`,
      "src/sql/a.ts imports src/model/walk.ts",
    ],
    [
      "a lazy import to the right",
      "src/sql/a.ts",
      `await import("../model/walk.ts");`,
      "src/sql/a.ts imports src/model/walk.ts",
    ],
    [
      "one value among types",
      "src/sql/a.ts",
      `import { type Walk, walk } from "../model/walk.ts";`,
      "src/sql/a.ts imports src/model/walk.ts",
    ],
    [
      "a sentence that asks how a command is called",
      "src/source/a.ts",
      `import { git } from "../advice/programs/git.ts";`,
      undefined,
    ],
    [
      "a sentence that asks for other advice",
      "src/source/a.ts",
      `import { changes } from "../advice/sql/changes.ts";`,
      "src/source/a.ts imports src/advice/sql/changes.ts",
    ],
    [
      "a spelling that knows a room",
      "src/advice/programs/a.ts",
      `import { postgresReader } from "../../sql/postgres/read.ts";`,
      "src/advice/programs/a.ts imports src/sql/postgres/read.ts",
    ],
    [
      "a spelling that asks other advice",
      "src/advice/programs/a.ts",
      `import { changes } from "../sql/changes.ts";`,
      "src/advice/programs/a.ts imports src/advice/sql/changes.ts",
    ],
    [
      "a type to the right",
      "src/sql/a.ts",
      `import type { Walk } from "../model/walk.ts";`,
      "src/sql/a.ts imports src/model/walk.ts",
    ],
    [
      "types to the right, one by one",
      "src/sql/a.ts",
      `import { type Walk } from "../model/walk.ts";`,
      "src/sql/a.ts imports src/model/walk.ts",
    ],
    ["words, from every room", "src/source/a.ts", `import { listed } from "../words.ts";`, undefined],
    [
      "words that know a room",
      "src/words.ts",
      `import type { Name } from "./sql/expression.ts";`,
      "src/words.ts imports src/sql/expression.ts",
    ],
    [
      "names, from the spellings",
      "src/advice/programs/a.ts",
      `import { literal } from "../../sql/names.ts";`,
      undefined,
    ],
    [
      "names that know their room",
      "src/sql/names.ts",
      `import type { Query } from "./expression.ts";`,
      "src/sql/names.ts imports src/sql/expression.ts",
    ],
    ["an import to the left", "src/model/a.ts", `import { read } from "../sql/statement.ts";`, undefined],
    [
      "a surface that imports the program",
      "src/surfaces/cli/a.ts",
      `import { OTHERS } from "../../composition.ts";`,
      "src/surfaces/cli/a.ts imports src/composition.ts",
    ],
    ["an import in the room", "src/model/a.ts", `import { b } from "./postgres/b.ts";`, undefined],
    [
      "a room that imports the door",
      "src/engine/a.ts",
      `import { check } from "../index.ts";`,
      "src/engine/a.ts imports src/index.ts",
    ],
    ["a surface that imports the door", "src/surfaces/cli/a.ts", `import { check } from "../../index.ts";`, undefined],
    [
      "files in a pure room",
      "src/report/a.ts",
      `import { readFileSync } from "node:fs";`,
      "src/report/a.ts imports node:fs: it is pure",
    ],
    [
      "files without the node: prefix",
      "src/report/a.ts",
      `import { readFile } from "fs/promises";`,
      "src/report/a.ts imports fs/promises: it is pure",
    ],
    [
      "files in source, but not from disk",
      "src/source/layout.ts",
      `import { readFileSync } from "node:fs";`,
      "src/source/layout.ts imports node:fs: it is pure",
    ],
    ["files in source, from disk", "src/source/disk/search.ts", `import { readFileSync } from "node:fs";`, undefined],
    [
      "the process",
      "src/engine/a.ts",
      `export const home = process.env.HOME;`,
      "src/engine/a.ts uses process: it is pure",
    ],
    ["the console", "src/engine/a.ts", `console.log(1);`, "src/engine/a.ts uses console: it is pure"],
    ["the console in a rule", "rules/a.ts", `console.log(1);`, "rules/a.ts uses console: it is pure"],
    [
      "a rule that reaches into a room",
      "rules/a.ts",
      `import { walk } from "../src/model/walk.ts";`,
      "rules/a.ts imports src/model/walk.ts: a rule imports src/index.ts and src/rule-kit.ts only",
    ],
    [
      "a rule that takes a type from a room",
      "rules/a.ts",
      `import type { Walk } from "../src/model/walk.ts";`,
      "rules/a.ts imports src/model/walk.ts: a rule imports src/index.ts and src/rule-kit.ts only",
    ],
    [
      "a rule that imports a package",
      "rules/a.ts",
      `import x from "commander";`,
      "rules/a.ts imports commander: a rule imports src/index.ts and src/rule-kit.ts only",
    ],
    [
      "a rule that imports a rule",
      "rules/a.ts",
      `import b from "./b.ts";`,
      "rules/a.ts imports rules/b.ts: a rule imports src/index.ts and src/rule-kit.ts only",
    ],
    ["a rule as it should be", "rules/a.ts", `import { defineRule } from "../src/index.ts";`, undefined],
    ["a rule that uses the kit", "rules/a.ts", `import { dropOf } from "../src/rule-kit.ts";`, undefined],
    [
      "a surface that uses the kit",
      "src/surfaces/cli/a.ts",
      `import { dropOf } from "../../rule-kit.ts";`,
      "src/surfaces/cli/a.ts imports src/rule-kit.ts: it is for rules only",
    ],
    [
      "an engine that knows the rules",
      "src/engine/a.ts",
      `import { rules } from "../../rules/index.ts";`,
      "src/engine/a.ts imports rules/index.ts: only project and surfaces know",
    ],
    [
      "an import() type in a rule",
      "rules/a.ts",
      `export type W = import("../src/model/walk.ts").Walk;`,
      "rules/a.ts imports src/model/walk.ts: a rule imports src/index.ts and src/rule-kit.ts only",
    ],
  ];
  test.each(cases)("%s", (_name, path, text, complaint) => {
    const found = violations(new Map([[path, text]]));
    if (complaint === undefined) expect(found).toEqual([]);
    else expect(found.join("\n")).toContain(complaint);
  });

  test("circles are found through types, re-exports and import()", () => {
    const texts = new Map([
      ["src/a.ts", `import type { B } from "./b.ts";`],
      ["src/b.ts", `export { c } from "./c.ts";`],
      ["src/c.ts", `export const a = () => import("./a.ts"); import "./d.ts";`],
      ["src/d.ts", `export const d = 1;`],
    ]);
    expect(circles(texts)).toEqual([["src/a.ts", "src/b.ts", "src/c.ts"]]);
  });

  const surfaces: readonly (readonly [name: string, texts: Record<string, string>, complaint: string | undefined])[] = [
    [
      "a surface that imports another",
      { "src/surfaces/cli/a.ts": `const x = await import("../lsp/main.ts");` },
      "src/surfaces/cli/a.ts imports src/surfaces/lsp/main.ts: surfaces import nothing from each other",
    ],
    [
      "a surface that takes a type from another",
      { "src/surfaces/lsp/a.ts": `import type { CheckFlags } from "../cli/flags.ts";` },
      "src/surfaces/lsp/a.ts imports src/surfaces/cli/flags.ts: surfaces import nothing from each other",
    ],
    [
      "a surface that loads evidence",
      { "src/surfaces/eslint/a.ts": `import { findBase } from "../../evidence/git/base.ts";` },
      "src/surfaces/eslint/a.ts imports src/evidence/git/base.ts: only src/project loads",
    ],
    [
      "a surface that puts a project together",
      { "src/surfaces/setup/a.ts": `import { loadInputs } from "../../project/inputs.ts";` },
      "src/surfaces/setup/a.ts imports src/project/inputs.ts: only src/project loads",
    ],
    [
      "a surface that runs the rules by itself",
      { "src/surfaces/eslint/a.ts": `import { run } from "../../engine/run.ts";` },
      "src/surfaces/eslint/a.ts imports src/engine/run.ts: everything is checked by check()",
    ],
    [
      "a surface that checks what it has not opened",
      { "src/surfaces/lsp/a.ts": `import { check } from "../../index.ts";` },
      "src/surfaces/lsp/a.ts checks what no openProject()",
    ],
    [
      "a surface that judges branches which it has read itself",
      { "src/surfaces/cli/a.ts": `import { judgeBranches } from "../../engine/branches.ts";` },
      "src/surfaces/cli/a.ts imports src/engine/branches.ts: it judges what no openBranches()",
    ],
    [
      "a surface as it should be",
      {
        "src/surfaces/lsp/a.ts": `import { check } from "../../index.ts"; import { b } from "./b.ts";`,
        "src/surfaces/lsp/b.ts": `import { openProject } from "../../project/open.ts"; import type { Evidence } from "../../evidence/evidence.ts";`,
      },
      undefined,
    ],
  ];
  test.each(surfaces)("%s", (_name, texts, complaint) => {
    const found = surfaceViolations(new Map(Object.entries(texts)));
    if (complaint === undefined) expect(found).toEqual([]);
    else expect(found.join("\n")).toContain(complaint);
  });

  test("heavy packages are found behind static imports, not behind import()", () => {
    const texts = new Map([
      ["src/surfaces/cli/main.ts", `import "./a.ts"; const x = await import("globby");`],
      [
        "src/surfaces/cli/a.ts",
        `import type { P } from "pgsql-ast-parser"; import { f } from "ajv/dist/runtime/equal.js"; export { g } from "./b.ts";`,
      ],
      ["src/surfaces/cli/b.ts", `import Ajv from "ajv";`],
    ]);
    expect([...loaded(texts, ["src/surfaces/cli/main.ts"])].filter((each) => HEAVY.test(each))).toEqual(["ajv"]);
  });
});

describe("docs/architecture.md", () => {
  const PAGE = join(HOME, "docs/architecture.md");

  /** The rooms that a room loads, in their order. */
  function roomsLoaded(texts: Texts, room: string): string {
    const found = [...texts]
      .filter(([path]) => path.startsWith(`src/${room}/`))
      .flatMap(([path, text]) => importsOf(path, text))
      .filter((each) => !each.typeOnly && !each.to.startsWith(SPELLINGS))
      .map((each) => /^src\/([^/]+)\//.exec(each.to)?.[1]);
    return ROOMS.filter((each) => each !== room && found.includes(each)).join(", ");
  }

  test("its table has the rooms in their order, and what each one loads (UPDATE=1 writes that)", () => {
    const texts = projectTexts();
    const held = (row: string, room: string): string =>
      row.replace(/\| [^|]*\|$/, `| ${roomsLoaded(texts, room)} |`.replace("|  |", "| |"));
    const before = readFileSync(PAGE, "utf8");
    const rows = /^\| room \|.*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(before)?.[1] ?? "";
    const wanted = rows.replace(/^\| `(\w+)` \|.*$/gm, held);
    expect([...rows.matchAll(/^\| `(\w+)` \|/gm)].map(([, room]) => room)).toEqual(ROOMS);
    if (process.env["UPDATE"]) writeFileSync(PAGE, before.replace(rows, wanted));
    expect(readFileSync(PAGE, "utf8"), "UPDATE=1 npx vitest run test/boundaries.test.ts writes it").toBe(
      before.replace(rows, wanted),
    );
  });

  test("it names every folder of src and of a room, and only what exists", () => {
    const named = [
      ...readFileSync(PAGE, "utf8").matchAll(/`((?:src|test|rules|docs|fixtures|schema)\/[\w./-]*)`/g),
    ].map(([, path = ""]) => path.replace(/\/$/, ""));
    const folders = ROOMS.flatMap((room) =>
      readdirSync(join(HOME, "src", room), { withFileTypes: true })
        .filter((each) => each.isDirectory())
        .map(({ name }) => `src/${room}/${name}`),
    );
    const loose = readdirSync(join(HOME, "src"))
      .filter((name) => !ROOMS.includes(name))
      .map((name) => `src/${name}`);
    expect(
      [...folders, ...loose].filter((path) => !named.includes(path)),
      "docs/architecture.md, Where the folders are, says what each folder is for: add these",
    ).toEqual([]);
    expect(
      named.filter((path) => !existsSync(join(HOME, path))),
      "docs/architecture.md names what is not there",
    ).toEqual([]);
  });
});
