import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ESLint } from "eslint";
import { ESLint as ESLint9 } from "eslint9";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { type ConfigFile, enabled, resolveConfig } from "../src/engine/config.ts";
import { loadReader } from "../src/sql/readers.ts";
import { type LspClient, startClient } from "./support/lsp-client.ts";
import { type BuiltProgram, builtProgram } from "./support/program.ts";
import { type SurfaceProject, fixedFixture, fixtureProjects, sampleProjects } from "./support/surface-projects.ts";
import {
  cliFindings,
  eslintFindings,
  eslintFixed,
  lspFindings,
  type SurfaceFinding,
} from "./support/surface-findings.ts";

/**
 * One engine: wherever a migration is judged, the findings, their places and their fixes are the same: for each rule on its first fixture that
 * finds something, and on a part of the others; by `npm run truth:surfaces` on every one.
 */
const reader = await loadReader("postgres");
const root = realpathSync(mkdtempSync(join(tmpdir(), "lockstep-surfaces-")));
const before = process.cwd();
const fixtures = fixtureProjects(root, reader);
const all = process.env["LOCKSTEP_SURFACES"] === "all";
const projects = [...part(fixtures), ...sampleProjects(root)];
let found = 0;
let fixed = 0;
/** Findings that ESLint takes for less, and how many it takes for more: it has one severity for all that a rule finds. */
const milder: SurfaceFinding[] = [];
let stricter = 0;
/** Warnings that the command line makes errors where a failure is sure: docs/eslint.md says so. */
const WORSE_CASES: ReadonlySet<string> = new Set(["change-violates-constraint", "unique-over-existing-rows"]);
const MAPPED = { error: "error", warning: "warn", info: "warn" } as const;

let program: BuiltProgram;
let editor: LspClient;

beforeAll(async () => {
  program = await builtProgram();
  editor = await startClient(program.cli, { folder: root, pull: true });
}, 60_000);

afterAll(async () => {
  process.chdir(before);
  await editor.stop();
  program.remove();
  rmSync(root, { recursive: true, force: true });
});

describe("the command line, ESLint and the language server say the same", () => {
  test.each(projects.map((project) => [project.name, project] as const))("%s", async (_name, project) => {
    const { findings: cli, preset } = await cliFindings(project);
    const severities = eslintSeverities({ ...project.config, ...(preset && { preset }) });
    const expected = cli.map((finding) => ({
      ...withoutMark(finding, project.folder),
      severity: severities.get(finding.rule) ?? "error",
    }));
    milder.push(...expected.filter(({ severity }, at) => severity === "warn" && cli[at]?.severity === "error"));
    stricter += expected.filter(({ severity }, at) => severity === "error" && cli[at]?.severity !== "error").length;
    expect(await eslintFindings(project, ESLint)).toEqual(expected);
    // Both ESLints are given the same plugin: a third of the fixtures shows what the older one makes of it.
    if (projects.indexOf(project) % 3 === 0)
      expect(
        await eslintFindings(project, ESLint9 as unknown as typeof ESLint),
        "by the oldest ESLint that is supported",
      ).toEqual(expected);
    expect(await lspFindings(project, editor), "by the language server").toEqual(cli);
    found += cli.length;
    fixed += cli.filter(({ fixes }) => fixes.length > 0).length;
  });

  test("which is something", () => {
    expect(projects.length).toBeGreaterThan(all ? 800 : 120);
    expect(found).toBeGreaterThan(projects.length / 2);
    expect(fixed).toBeGreaterThan(projects.length / 8);
    expect(milder.map(({ rule }) => rule).filter((rule) => !WORSE_CASES.has(rule))).toEqual([]);
    expect(stricter).toBeGreaterThan(0);
  });
});

describe("ESLint's --fix makes of a file what lockstep's does", () => {
  const fixable = part(fixtures.filter(({ name }) => fixedFixture(name, reader).text !== undefined));
  test.each(fixable.map((project) => [project.name, project] as const))("%s", async (name, project) => {
    const { file, rules: only, text } = fixedFixture(name, reader);
    expect(await eslintFixed(project, file, only, ESLint)).toBe(text);
    expect(await eslintFixed(project, file, only, ESLint9 as unknown as typeof ESLint)).toBe(text);
  });

  test("which is something", () => {
    expect(fixable.length).toBeGreaterThan(all ? 20 : 5);
  });
});

/** The first of each rule that finds something, and every tenth of the others. */
function part(of: readonly SurfaceProject[]): readonly SurfaceProject[] {
  const seen = new Set<string>();
  return of.filter(({ name }, at) => {
    const kind = name.replace(/(\/[a-z]+)-.*$/, "$1");
    const first = kind.endsWith("/invalid") && !seen.has(kind);
    seen.add(kind);
    return all || first || at % 10 === 0;
  });
}

/** What a rule's findings are in ESLint: as the configuration has the rule. */
function eslintSeverities(file: ConfigFile): ReadonlyMap<string, SurfaceFinding["severity"]> {
  const config = resolveConfig(file, rules);
  return new Map(
    rules.flatMap((rule) => {
      const how = enabled(rule, config);
      return how ? [[rule.id, MAPPED[how.severity]] as const] : [];
    }),
  );
}

/** ESLint cannot point at a byte order mark: what is at it is at the first character. */
function withoutMark(finding: SurfaceFinding, folder: string): SurfaceFinding {
  if (!readFileSync(join(folder, finding.file), "utf8").startsWith("\uFEFF")) return finding;
  return { ...finding, start: Math.max(1, finding.start), end: Math.max(1, finding.end) };
}
