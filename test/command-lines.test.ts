import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { COMMAND_KINDS } from "../src/advice/kinds.ts";

const HOME = fileURLToPath(new URL("..", import.meta.url));

/** What a command line looks like. A hole of a template is `${}`. */
const LOOKS = {
  git: /\bgit (?:add|am|bisect|branch|checkout|cherry-pick|clean|clone|commit|config|fetch|init|merge|mv|pull|push|rebase|remote|reset|restore|revert|rm|show|stash|status|switch|tag|worktree)\b/,
  prisma: /\bprisma (?:migrate|db|generate|format|validate)\b/,
  "package manager":
    /\b(?:npx|bunx|pnpm exec|pnpm dlx|yarn dlx|corepack enable|(?:npm|pnpm|yarn|bun) (?:add|ci|exec|i|install|run))\b/,
  postgres: /\b(?:psql|pg_dump|pg_dumpall|pg_restore|createdb|dropdb) [-"$<]/,
  lockstep:
    /\blockstep (?:check|checklist|rehearse|down|branches|hotfix|stats|init|doctor|completion|lsp|explain|rules|help)\b/,
  shell: /^(?:cd|cp|mkdir|mv|rm) \S/m,
  // With … in it, it is the form of a statement.
  sql: /^(?:-- )?(?:ALTER|CREATE|DELETE|DROP|GRANT|INSERT|REINDEX|SELECT|SET|TRUNCATE|UPDATE|VACUUM) (?!.*…).*(?:\$\{|;$)/m,
} as const;

type Look = keyof typeof LOOKS;

interface Line {
  readonly path: string;
  readonly look: Look;
  readonly text: string;
}

/** Strings outside of the room that look like commands and are none for a person to run, each with the reason. */
const EXCEPTIONS: readonly (readonly [path: RegExp, looks: readonly Look[], because: string])[] = [
  [/^src\/sql\//, ["sql"], "the readers put text together to parse it, and name statements"],
  [/^src\/model\/sql\.ts$/, ["sql"], "it prints a query that was read"],
  [/^src\/model\/predict\//, ["sql"], "the query that decides a failure is a fact of the model"],
  [/^src\/rehearsal\/(?:rows|order)\//, ["sql"], "lockstep itself runs it"],
  [/^src\/rehearsal\/down\//, ["sql"], "statements of down.sql, which lockstep itself runs before it writes them"],
  [/^src\/surfaces\/cli\/(?:command|commands\/\w+)\.ts$/, ["lockstep"], "the help of the command line about itself"],
  [/^src\/surfaces\/cli\/completion\/scripts\.ts$/, ["lockstep"], "a script that the shell runs"],
  [
    /^src\/model\/divergence\/judgement\/messages\.ts$/,
    ["prisma"],
    "what migrate dev wants to do is said, not told to run",
  ],
  [
    /^rules\//,
    ["lockstep", "postgres", "prisma"],
    "messages and help are constants, checked by the compiler: they name a program, and `commands` says how to call it",
  ],
];

function stringsOf(path: string, text: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    else if (ts.isTemplateExpression(node))
      found.push(node.head.text + node.templateSpans.map(({ literal }) => `\${}${literal.text}`).join(""));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return found;
}

/** Everything in a text that looks like a command. */
function commandLines(path: string, text: string): readonly Line[] {
  return stringsOf(path, text).flatMap((each) =>
    Object.entries(LOOKS).flatMap(([look, pattern]) =>
      pattern.test(each) ? [{ path, look: look as Look, text: each }] : [],
    ),
  );
}

const excuse = ({ path, look }: Line) => EXCEPTIONS.find(([where, looks]) => where.test(path) && looks.includes(look));

const LINES = ["src", "rules"]
  .flatMap((folder) =>
    readdirSync(join(HOME, folder), { recursive: true, encoding: "utf8" }).map(
      (path) => `${folder}/${path.replaceAll("\\", "/")}`,
    ),
  )
  .filter((path) => /(?<!\.d)\.ts$/.test(path) && !path.startsWith("src/advice/"))
  .flatMap((path) => commandLines(path, readFileSync(join(HOME, path), "utf8")));

describe("what a person is told to run", () => {
  test("is spelled in src/advice and nowhere else", () => {
    expect(
      LINES.filter((line) => excuse(line) === undefined).map(({ path, text }) => `${path}: ${text}`),
      "ask a table in src/advice/programs or src/advice/sql for it",
    ).toEqual([]);
  });

  test("each exception excuses something", () => {
    const used = new Set(LINES.map(excuse));
    expect(EXCEPTIONS.filter((each) => !used.has(each)).map(([path]) => String(path))).toEqual([]);
  });

  test("every table of commands is listed, and says what each does", () => {
    const made = ["programs", "sql"].flatMap((folder) =>
      readdirSync(join(HOME, "src/advice", folder)).flatMap((name) => [
        ...readFileSync(join(HOME, "src/advice", folder, name), "utf8").matchAll(
          /^export const (\w+) = commands\("(\w+)"/gm,
        ),
      ]),
    );
    expect(made.length).toBeGreaterThan(5);
    expect(made.filter(([, name, table]) => name !== table)).toEqual([]);
    expect([...new Set(COMMAND_KINDS.map((kind) => kind.split(".")[0]))].sort()).toEqual(
      made.map(([, name]) => name).sort(),
    );
  });
});

describe("the look itself", () => {
  const cases: readonly (readonly [text: string, look: Look | undefined])[] = [
    ["`git switch ${branch}`", "git"],
    ['"run \\"git fetch --unshallow\\" first"', "git"],
    ['"git is not there"', undefined],
    ["`${prisma} migrate deploy && npx prisma migrate status`", "prisma"],
    ["`pnpm exec ${program}`", "package manager"],
    ['"pnpm-lock.yaml"', undefined],
    ["`pg_dump ${url} --format=custom`", "postgres"],
    ['"lockstep rules lists them."', "lockstep"],
    ['"lockstep checks migrations"', undefined],
    ["`SELECT count(*) FROM ${table};`", "sql"],
    ["\"SET lock_timeout = '5s';\"", "sql"],
    ['"UPDATE changes every row of a table"', undefined],
    ["`mkdir -p ${folder}`", "shell"],
  ];
  test.each(cases)("%s", (text, look) => {
    const looks = commandLines("src/x.ts", `const x = ${text};`).map((line) => line.look);
    if (look === undefined) expect(looks).toEqual([]);
    else expect(looks).toContain(look);
  });
});
