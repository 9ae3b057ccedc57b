import { basename } from "node:path";
import * as vscode from "vscode";
import type { Installation } from "./installation.ts";
import type { Servers } from "./servers.ts";
import { statusShown } from "./status-text.ts";

export const SOURCE = "lockstep";

/** The item in the status bar: shown with SQL and with the configuration, and wherever something is wrong. */
export function createStatus(servers: Servers): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("lockstep.status", vscode.StatusBarAlignment.Right, 90);
  item.name = "lockstep";
  item.command = "lockstep.menu";

  const show = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    const migration = document !== undefined && isMigration(document);
    const configuration = brokenConfiguration(document?.uri);
    const server = servers.state(document?.uri);
    const { text, tooltip, severity } = statusShown({
      server,
      ...(migration && { findings: countFindings(document.uri) }),
      ...(configuration && { configuration: configuration.message }),
      running: describe(servers.running(document?.uri)),
    });
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: text.replace(/\$\([^)]*\)\s*/g, ""), role: "button" };
    item.backgroundColor =
      severity === "none" ? undefined : new vscode.ThemeColor(`statusBarItem.${severity}Background`);
    if (
      migration ||
      (document !== undefined && isConfiguration(document.uri)) ||
      (severity !== "none" && server.kind !== "restricted")
    )
      item.show();
    else item.hide();
  };

  show();
  return vscode.Disposable.from(
    item,
    servers.onDidChange(show),
    vscode.window.onDidChangeActiveTextEditor(show),
    vscode.languages.onDidChangeDiagnostics(show),
  );
}

/** A mistake in a configuration that holds for a file, with its place. */
export function brokenConfiguration(
  uri: vscode.Uri | undefined,
): { readonly uri: vscode.Uri; readonly range: vscode.Range; readonly message: string } | undefined {
  const folder = uri && vscode.workspace.getWorkspaceFolder(uri);
  for (const [at, diagnostics] of vscode.languages.getDiagnostics()) {
    if (
      !isConfiguration(at) ||
      (folder && vscode.workspace.getWorkspaceFolder(at) && vscode.workspace.getWorkspaceFolder(at) !== folder)
    )
      continue;
    const mistake = diagnostics.find(
      ({ source, severity }) => source === SOURCE && severity === vscode.DiagnosticSeverity.Error,
    );
    if (mistake) return { uri: at, range: mistake.range, message: mistake.message };
  }
  return undefined;
}

/** "lockstep 1.2.0, the project's own": for people. */
export function describe(installation: Installation | undefined): string | undefined {
  if (!installation) return undefined;
  const origin = { setting: "from lockstep.path", project: "the project's own", bundled: "the extension's own" }[
    installation.origin
  ];
  return `lockstep ${installation.version}, ${origin}`;
}

function isMigration(document: vscode.TextDocument): boolean {
  if (document.uri.scheme === "untitled") return document.languageId === "sql" || document.languageId === "postgres";
  if (document.uri.scheme !== "file") return false;
  // Other SQL is one if the configuration says so: then something is said of it, sooner or later.
  return (
    /\/(?:migration|down)\.sql$/.test(document.uri.path) ||
    (document.uri.path.endsWith(".sql") && own(document.uri).length > 0)
  );
}

function isConfiguration(uri: vscode.Uri): boolean {
  const name = basename(uri.path);
  return name.startsWith("lockstep.config.") || name === "package.json" || name === "lockstep.baseline.json";
}

function countFindings(uri: vscode.Uri): {
  readonly errors: number;
  readonly warnings: number;
  readonly others: number;
} {
  const all = own(uri);
  const errors = all.filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error).length;
  const warnings = all.filter(({ severity }) => severity === vscode.DiagnosticSeverity.Warning).length;
  return { errors, warnings, others: all.length - errors - warnings };
}

function own(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === SOURCE);
}
