import * as vscode from "vscode";
import { registerChecklists } from "./checklist.ts";
import { registerCommands, registerDownAction } from "./commands.ts";
import { createServers, type Servers } from "./servers.ts";
import { createStatus } from "./status.ts";
import { registerTasks } from "./tasks.ts";

let servers: Servers | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel("lockstep", { log: true });
  const bundled = vscode.Uri.joinPath(context.extensionUri, "server").fsPath;
  const started = createServers(bundled, output);
  servers = started;
  const { version } = context.extension.packageJSON as { readonly version: string };
  const update = (): void => void started.update();
  context.subscriptions.push(
    output,
    started,
    createStatus(started),
    registerCommands(started, output, bundled, version),
    registerDownAction(),
    registerChecklists(),
    registerTasks(started),
    vscode.workspace.onDidChangeWorkspaceFolders(update),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("lockstep.path") || event.affectsConfiguration("lockstep.enable")) update();
    }),
    // A lockstep that was installed or updated meanwhile; node_modules is not watched.
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) update();
    }),
  );
  await vscode.commands.executeCommand("setContext", "lockstep.active", true);
  await started.update();
}

export async function deactivate(): Promise<void> {
  await servers?.stop();
}
