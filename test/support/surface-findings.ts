import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { ESLint, Linter } from "eslint";
import type { Position } from "vscode-languageserver";
import { type Preset, SEVERITIES } from "../../src/engine/config.ts";
import type { Severity } from "../../src/engine/finding.ts";
import { lineStarts } from "../../src/source/text.ts";
import { start } from "./command.ts";
import lockstep from "../../src/surfaces/eslint/plugin.ts";
import type { LspClient } from "./lsp-client.ts";
import type { SurfaceProject } from "./surface-projects.ts";

/** A finding as every surface can show it. Offsets are UTF-16 code units of the file's text. */
export interface SurfaceFinding {
  /** From the project's folder, with forward slashes. */
  readonly file: string;
  readonly rule: string;
  /** Message and help, with a space between them. */
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly severity: Severity | "warn";
  /** Each as one replacement, in the order of their places and texts. */
  readonly fixes: readonly Replacement[];
}

export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The findings in the order of file, place, rule and message; the surfaces have orders of their own. */
function inOrder(findings: readonly SurfaceFinding[]): readonly SurfaceFinding[] {
  const key = (each: SurfaceFinding): string =>
    [each.file, String(each.start).padStart(8, "0"), String(each.end).padStart(8, "0"), each.rule, each.message].join(
      "\0",
    );
  return findings
    .map((each) => ({
      ...each,
      fixes: [...each.fixes].sort((a, b) => a.start - b.start || a.end - b.end || (a.text < b.text ? -1 : 1)),
    }))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Edits of one text as one replacement, with what is between them. */
function merged(text: string, edits: readonly Replacement[]): Replacement {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  const start = sorted[0]?.start ?? 0;
  let at = start;
  let output = "";
  for (const edit of sorted) {
    output += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return { start, end: at, text: output };
}

/** What `lockstep check --format json` finds, without what is suppressed, and the preset that the branch asks for. */
export async function cliFindings({ folder }: SurfaceProject): Promise<{
  readonly findings: readonly SurfaceFinding[];
  readonly preset: Preset | undefined;
}> {
  const written = { stdout: "", stderr: "" };
  const output = (name: keyof typeof written) => ({
    isTTY: false,
    write: async (text: string) => void (written[name] += text),
  });
  const code = await start(["check", "--format", "json", "--fail-on", "never"], {
    stdout: output("stdout"),
    stderr: output("stderr"),
    stdin: async () => new Uint8Array(),
    env: process.env,
    cwd: folder,
  });
  if (code !== 0) throw new Error(`exit code ${code}: ${written.stderr}`);
  const report = JSON.parse(written.stdout) as JsonReport;
  const findings = inOrder(
    report.findings
      .flatMap(apart)
      .filter(({ suppressed }) => !suppressed)
      .map(({ file, rule, severity, message, help, range, fixes }): SurfaceFinding => {
        const text = readFileSync(join(folder, file), "utf8");
        const replacements = fixes
          .filter(({ edits }) => edits.length > 0)
          .map(({ edits }) =>
            merged(
              text,
              edits.map((edit) => ({ start: edit.range.start, end: edit.range.end, text: edit.text })),
            ),
          );
        const { start, end } = range;
        return { file, rule, message: `${message} ${help}`, start, end, severity, fixes: replacements };
      }),
  );
  return { findings, preset: report.evidence.preset?.name };
}

interface JsonReport {
  readonly evidence: { readonly preset?: { readonly name: Preset } };
  readonly findings: readonly JsonFinding[];
}

interface JsonFinding {
  /** Those that editors show at places of their own. */
  readonly also?: readonly JsonFinding[];
  readonly file: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly help: string;
  readonly range: { readonly start: number; readonly end: number };
  readonly fixes: readonly {
    readonly edits: readonly {
      readonly range: { readonly start: number; readonly end: number };
      readonly text: string;
    }[];
  }[];
  readonly suppressed?: object;
}

/** A finding as editors show it, and those that it stands for. */
function apart({ also = [], ...finding }: JsonFinding): readonly JsonFinding[] {
  if (also.length === 0) return [finding];
  return [
    { ...finding, message: finding.message.replace(OTHER_RULES, "").replace(TOGETHER, "") },
    ...also.flatMap(apart),
  ];
}

/** What a report adds to a message that stands for several: of other rules at the same statement, and of its own at other places. */
const OTHER_RULES = / Also [a-z]+(?:-[a-z]+)+: .*$/;
const TOGETHER = / (?:The same goes for .*|So it is at \d+ more places?)\.$/;

/** What ESLint finds by what lockstep's configuration says. */
export async function eslintFindings(
  project: SurfaceProject,
  Eslint: typeof ESLint,
): Promise<readonly SurfaceFinding[]> {
  const results = await eslintFor(project, Eslint).lintFiles(["prisma/migrations"]);
  return inOrder(
    results.flatMap(({ filePath, messages }) => {
      const file = relative(project.folder, filePath).replaceAll("\\", "/");
      return messages.map((message) => findingOf(message, file, readFileSync(filePath, "utf8")));
    }),
  );
}

/** The text of one file after `eslint --fix` with `only` these rules; undefined where it stays as it is. */
export async function eslintFixed(
  project: SurfaceProject,
  file: string,
  only: readonly string[],
  Eslint: typeof ESLint,
): Promise<string | undefined> {
  const [result] = await eslintFor(project, Eslint, { only, fix: true }).lintFiles([file]);
  return result?.output;
}

/** The plugin counts paths from the working directory, which is changed to the project's. */
function eslintFor(
  { folder }: SurfaceProject,
  Eslint: typeof ESLint,
  { only, fix = false }: { readonly only?: readonly string[]; readonly fix?: boolean } = {},
): ESLint {
  process.chdir(folder);
  const { name: _name, rules, ...configured } = lockstep.configs.configured;
  const wanted = Object.entries(rules).filter(([name]) => only?.includes(name.replace("lockstep/", "")) ?? true);
  return new Eslint({
    cwd: folder,
    fix,
    overrideConfigFile: true,
    overrideConfig: { ...configured, rules: Object.fromEntries(wanted) },
  });
}

/** What the language server shows of every file of the project's migrations, and what its quick fixes would do. */
export async function lspFindings({ folder }: SurfaceProject, client: LspClient): Promise<readonly SurfaceFinding[]> {
  const migrations = join(folder, "prisma/migrations");
  const files = readdirSync(migrations, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".sql"))
    .map((path) => join(migrations, path));
  const findings: SurfaceFinding[] = [];
  const uris = files.map((path) => client.open(path, readFileSync(path, "utf8")));
  for (const [at, uri] of uris.entries()) {
    const path = files[at] ?? "";
    const file = { path: relative(folder, path).replaceAll("\\", "/"), text: readFileSync(path, "utf8") };
    const offset = ({ line, character }: Position): number => (lineStarts(file)[line] ?? file.text.length) + character;
    const diagnostics = await client.diagnostics(uri);
    const actions = (
      await client.actions(uri, { start: { line: 0, character: 0 }, end: { line: 1e6, character: 0 } })
    ).filter(({ edit, title }) => edit && !title.startsWith("Ignore "));
    for (const diagnostic of diagnostics) {
      const own = actions.filter((action) => JSON.stringify(action.diagnostics) === JSON.stringify([diagnostic]));
      const edits = own.map(({ edit }) =>
        (edit?.documentChanges ?? [])
          .flatMap((change) => ("edits" in change ? change.edits : []))
          .flatMap((each) =>
            "newText" in each
              ? [{ start: offset(each.range.start), end: offset(each.range.end), text: each.newText }]
              : [],
          ),
      );
      findings.push({
        file: file.path,
        rule: String(diagnostic.code),
        message: (diagnostic.message as string).replace("\n", " "),
        start: offset(diagnostic.range.start),
        end: offset(diagnostic.range.end),
        severity: SEVERITIES[(diagnostic.severity ?? 0) - 1] ?? "error",
        fixes: edits.map((each) => merged(file.text, each)),
      });
    }
  }
  for (const uri of uris) client.close(uri);
  return inOrder(findings);
}

/** ESLint counts without a byte order mark, and cannot point at one. */
function findingOf(message: Linter.LintMessage, file: string, text: string): SurfaceFinding {
  const shift = text.startsWith("\uFEFF") ? 1 : 0;
  const body = { path: file, text: text.slice(shift) };
  const offset = (line = 1, column = 1): number =>
    shift + (lineStarts(body)[line - 1] ?? body.text.length) + column - 1;
  const replacement = ({
    range: [start, end],
    text: by,
  }: {
    readonly range: readonly [number, number];
    readonly text: string;
  }): Replacement => ({ start: start + shift, end: end + shift, text: by });
  return {
    file,
    rule: message.ruleId?.replace(/^lockstep\//, "") ?? "",
    message: message.message,
    start: offset(message.line, message.column),
    end: offset(message.endLine ?? message.line, message.endColumn ?? message.column),
    severity: message.severity === 2 ? "error" : "warn",
    fixes: [...(message.fix ? [message.fix] : []), ...(message.suggestions ?? []).map(({ fix }) => fix)].map(
      replacement,
    ),
  };
}
