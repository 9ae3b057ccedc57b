import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { showChecklist, saveChecklistPage } from "./checklist.ts";
import { type CommandName, migrationArgument } from "./command-line.ts";
import { explainRule } from "./explain.ts";
import { ignoreRequest, ignoreText, reasonProblem } from "./ignore.ts";
import { capture, createTask, findTarget, showFailure } from "./run.ts";
import type { Servers } from "./servers.ts";
import { brokenConfiguration, describe, SOURCE } from "./status.ts";

/** All commands of the extension, those of the server's actions and lenses included. */
export function registerCommands(
  servers: Servers,
  output: vscode.LogOutputChannel,
  bundled: string,
  version: string,
): vscode.Disposable {
  const commands: Readonly<Record<string, (...args: never[]) => unknown>> = {
    "lockstep.check": (uri?: unknown) => inTerminal(servers, "check", asUri(uri)),
    "lockstep.rehearse": (uri?: unknown) => inTerminal(servers, "rehearse", asUri(uri)),
    "lockstep.branches": (uri?: unknown) => inTerminal(servers, "branches", asUri(uri)),
    "lockstep.down": (uri?: unknown) => writeDown(servers, output, asUri(uri)),
    "lockstep.checklist": (uri?: unknown) => showChecklist(servers, output, asUri(uri)),
    "lockstep.checklistPage": (uri?: unknown) => saveChecklistPage(servers, output, asUri(uri)),
    "lockstep.explain": (rule?: unknown) => explainRule(servers, bundled, rule),
    "lockstep.ignore": (...args: unknown[]) => ignore(args),
    "lockstep.showEffects": (uri: unknown, place: unknown) => showEffects(uri, place),
    "lockstep.restart": () => servers.restart(),
    "lockstep.showOutput": () => output.show(),
    "lockstep.showVersion": () => {
      const running = describe(servers.running(vscode.window.activeTextEditor?.document.uri)) ?? "no lockstep runs";
      return vscode.window.showInformationMessage(
        `${running}. Extension ${version}, Node.js ${process.versions.node}.`,
      );
    },
    "lockstep.menu": () => showMenu(servers),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
  );
}

/** The server knows what a file lacks; what writes it is a command of the editor. */
export function registerDownAction(): vscode.Disposable {
  const kinds = [vscode.CodeActionKind.QuickFix];
  return vscode.languages.registerCodeActionsProvider(
    { scheme: "file", pattern: "**/migration.sql" },
    {
      provideCodeActions({ uri }, _range, { diagnostics, only }) {
        const missing = diagnostics.filter(
          ({ source, code }) =>
            source === SOURCE && (typeof code === "object" ? code.value : code) === "missing-down-migration",
        );
        if (missing.length === 0 || !vscode.workspace.isTrusted || (only && !kinds.some((kind) => only.contains(kind))))
          return [];
        const action = new vscode.CodeAction("Write down.sql", vscode.CodeActionKind.QuickFix);
        action.diagnostics = missing;
        action.command = { title: action.title, command: "lockstep.down", arguments: [uri] };
        return [action];
      },
    },
    { providedCodeActionKinds: kinds },
  );
}

/** Menus hand over a file; a key binding may hand over anything. */
function asUri(value: unknown): vscode.Uri | undefined {
  return value instanceof vscode.Uri ? value : undefined;
}

async function inTerminal(servers: Servers, command: CommandName, uri: vscode.Uri | undefined): Promise<void> {
  const target = await findTarget(servers, command, uri);
  if (!target) return;
  const migration = command === "rehearse" ? migrationArgument(target.file, target.directory) : undefined;
  await vscode.tasks.executeTask(
    createTask(
      command,
      migration === undefined ? [] : [migration],
      target,
      migration === undefined ? command : `${command} ${basename(migration)}`,
    ),
  );
}

/** Writes down.sql for the migration that is looked at and opens it. One that is there is opened, and written over only if the user says so. */
async function writeDown(
  servers: Servers,
  output: vscode.LogOutputChannel,
  uri: vscode.Uri | undefined,
): Promise<void> {
  const target = await findTarget(servers, "down", uri);
  if (!target) return;
  const migration = migrationArgument(target.file, target.directory);
  if (target.file === undefined || migration === undefined) {
    void vscode.window.showInformationMessage("lockstep: Open the migration.sql that needs a way back first.");
    return;
  }
  const path = join(dirname(target.file), "down.sql");
  const name = basename(dirname(path));
  const force = existsSync(path);
  if (force) {
    await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: false });
    const replace = "Write a New One";
    const answer = await vscode.window.showWarningMessage(
      `${name} has a down.sql already.`,
      { modal: true, detail: "What is in it now is lost if a new one is written." },
      replace,
    );
    if (answer !== replace) return;
  }
  // What is read from disk must be what is seen.
  const open = vscode.workspace.textDocuments.filter(
    ({ uri: at, isDirty }) =>
      isDirty && at.scheme === "file" && (at.fsPath === path || at.fsPath === join(dirname(path), "migration.sql")),
  );
  for (const document of open) if (!(await document.save())) return;
  const { code, stdout, stderr } = await capture(
    `Writing down.sql for ${name}`,
    "down",
    [migration, ...(force ? ["--force"] : [])],
    target,
  );
  if (code === -1) return;
  for (const text of [stdout, stderr]) if (text.trim() !== "") output.info(text.trim());
  if (!existsSync(path) || code === 2) {
    await showFailure(stderr || stdout, output);
    return;
  }
  await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: false });
}

/** Asks for the reason, then inserts the comment. */
async function ignore(args: readonly unknown[]): Promise<void> {
  const request = ignoreRequest(args);
  if (!request) return;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(request.uri));
  const { version } = document;
  const reason = await vscode.window.showInputBox({
    title: request.before
      .trim()
      .replace(/^--\s*/, "")
      .replace(/:$/, ""),
    prompt: "Why is this right here? The reason is kept in the migration, for those who read it later.",
    placeHolder: "the table has 200 rows",
    ignoreFocusOut: true,
    validateInput: reasonProblem,
  });
  if (reason === undefined || reasonProblem(reason) !== undefined) return;
  if (document.version !== version) {
    void vscode.window.showWarningMessage(
      "lockstep: The file has changed meanwhile, so nothing was inserted: use the action again.",
    );
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(request.at.line, request.at.character), ignoreText(request, reason));
  await vscode.workspace.applyEdit(edit);
}

/** Shows what a statement does, where a lens over it was clicked. */
async function showEffects(uri: unknown, place: unknown): Promise<void> {
  const request = ignoreRequest([uri, place, "", ""]);
  if (!request) return;
  const at = new vscode.Position(request.at.line, request.at.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(request.uri), { selection: new vscode.Range(at, at) });
  await vscode.commands.executeCommand("editor.action.showHover");
}

interface MenuItem extends vscode.QuickPickItem {
  readonly run?: () => unknown;
}

async function showMenu(servers: Servers): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const run = (command: string) => () => vscode.commands.executeCommand(command);
  const mistake = brokenConfiguration(document?.uri);
  const state = servers.state(document?.uri);
  const told = "message" in state ? state.message : undefined;
  const trusted = vscode.workspace.isTrusted;
  const items: readonly MenuItem[] = [
    ...(told === undefined ? [] : [{ label: "$(error) Show Output", detail: told, run: run("lockstep.showOutput") }]),
    ...(mistake
      ? [
          {
            label: "$(warning) Open the Configuration",
            detail: mistake.message,
            run: () => vscode.window.showTextDocument(mistake.uri, { selection: mistake.range }),
          },
        ]
      : []),
    { label: "$(list-unordered) Show Problems", run: run("workbench.actions.view.problems") },
    ...(trusted
      ? [
          {
            label: "$(checklist) Check Pending Migrations",
            description: "in the terminal, as CI does",
            run: run("lockstep.check"),
          },
          {
            label: "$(beaker) Rehearse Migration",
            description: "run it in a PostgreSQL of its own",
            run: run("lockstep.rehearse"),
          },
          { label: "$(discard) Write down.sql", run: run("lockstep.down") },
          { label: "$(tasklist) Show Checklist", run: run("lockstep.checklist") },
          { label: "$(git-branch) Compare Branches", run: run("lockstep.branches") },
        ]
      : [{ label: "$(shield) Manage Workspace Trust", run: run("workbench.trust.manage") }]),
    { label: "$(book) Explain Rule", run: run("lockstep.explain") },
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    { label: "$(refresh) Restart Server", run: run("lockstep.restart") },
    { label: "$(output) Show Output", run: run("lockstep.showOutput") },
    {
      label: "$(settings-gear) Open Settings",
      run: () => vscode.commands.executeCommand("workbench.action.openSettings", "@ext:lockstep.lockstep-vscode"),
    },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: describe(servers.running(document?.uri)) ?? "lockstep",
    placeHolder: "What now?",
  });
  await chosen?.run?.();
}
