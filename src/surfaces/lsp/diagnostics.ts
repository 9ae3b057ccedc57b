import { resolve } from "node:path";
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver";
import type { Finding, Severity } from "../../engine/finding.ts";
import type { SourceFile } from "../../source/text.ts";
import type { LoadedConfig } from "../../project/config/file.ts";
import type { Crash } from "../../model/crash.ts";
import { pageUriOf } from "../../project/pages.ts";
import { issuesAddress } from "../../project/product.ts";
import { crashInWords } from "../../report/crash.ts";
import type { AnyRule } from "../../engine/rule.ts";
import { lspRange, uriOf } from "./places.ts";

const SOURCE = "lockstep";

const SEVERITY: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** What a client can show of a diagnostic. */
export interface DiagnosticAbilities {
  readonly related: boolean;
  readonly links: boolean;
}

/** A finding as the protocol has it: message and help on two lines, places of other files by URI. */
export function diagnosticOf(
  finding: Finding,
  { cwd, rules }: { readonly cwd: string; readonly rules: readonly AnyRule[] },
  can: DiagnosticAbilities,
  uri: (path: string) => string = uriOf,
): Diagnostic {
  const related = can.related
    ? finding.related.map(({ file, range, message }) => ({
        location: { uri: uri(resolve(cwd, file.path)), range: lspRange(file, range) },
        message,
      }))
    : [];
  const page = can.links ? pageUriOf(rules.find(({ id }) => id === finding.rule) ?? { id: finding.rule }) : undefined;
  return {
    range: lspRange(finding.file, finding.range),
    severity: SEVERITY[finding.severity],
    code: finding.rule,
    ...(page !== undefined && { codeDescription: { href: page } }),
    source: SOURCE,
    message: `${finding.message}\n${finding.help}`,
    ...(finding.rule === "unused-suppression" && { tags: [DiagnosticTag.Unnecessary] }),
    ...(related.length > 0 && { relatedInformation: related }),
  };
}

/** Why a file could not be checked, where its findings would be. */
export function failureDiagnostic(message: string): Diagnostic {
  return {
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    severity: DiagnosticSeverity.Warning,
    code: "not-checked",
    source: SOURCE,
    message: message.trim(),
  };
}

/** A bug that was met at a statement: what is said of it may not be all. */
export function crashDiagnostic(crash: Crash): Diagnostic {
  return {
    range: lspRange(crash.file, crash.statement?.range ?? { start: 0, end: 0 }),
    severity: DiagnosticSeverity.Warning,
    code: "internal-error",
    source: SOURCE,
    message: crashInWords(crash, issuesAddress()),
  };
}

/** The mistakes of a configuration, each at its place. */
export function configDiagnostics(broken: LoadedConfig & { readonly ok: false }): readonly Diagnostic[] {
  const { file, problems = [] } = broken;
  const placed = problems.map(({ message, range }) => ({
    message,
    range: lspRange(file ?? EMPTY, range ?? { start: 0, end: 0 }),
  }));
  const all =
    placed.length > 0 ? placed : [{ message: broken.message.trim(), range: lspRange(EMPTY, { start: 0, end: 0 }) }];
  return all.map(({ message, range }) => ({
    range,
    severity: DiagnosticSeverity.Error,
    code: "configuration",
    source: SOURCE,
    message: `${message} Until it is corrected the defaults hold.`,
  }));
}

const EMPTY: SourceFile = { path: "", text: "" };
