import { execFile } from "node:child_process";
import * as vscode from "vscode";
import { type CommandName, type CommandSettings, settingFlags, workingDirectory } from "./command-line.ts";
import type { Installation } from "./installation.ts";
import type { Servers } from "./servers.ts";

/** What a command is run with, and where. */
export interface Target {
  readonly folder: vscode.WorkspaceFolder;
  readonly installation: Installation;
  /** Where a user would run it. */
  readonly directory: string;
  /** The file that it was asked for. */
  readonly file?: string;
}

/** Commands that start a PostgreSQL or Prisma's schema engine, which the extension does not bring along. */
const NEEDS_PACKAGE: readonly CommandName[] = ["rehearse", "down"];
const INSTALL = "npm install --save-dev lockstep";

/** For a file of a menu, else the file that is looked at, else the folder that the user picks. Undefined after a message, or where the user picked none. */
export async function findTarget(
  servers: Servers,
  command: CommandName,
  uri: vscode.Uri | undefined,
): Promise<Target | undefined> {
  const file = uri ?? vscode.window.activeTextEditor?.document.uri;
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder =
    (file && vscode.workspace.getWorkspaceFolder(file)) ??
    (folders.length > 1
      ? await vscode.window.showWorkspaceFolderPick({ placeHolder: "In which project?" })
      : folders[0]);
  if (!folder) {
    if (folders.length === 0)
      void vscode.window.showInformationMessage("lockstep: Open the folder of the project first.");
    return undefined;
  }
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showInformationMessage(
      "lockstep: Trust this workspace first: the command reads its configuration, which may be a program.",
    );
    return undefined;
  }
  const found = await servers.find(folder);
  if (!found.ok) {
    void vscode.window.showErrorMessage(`lockstep: ${found.message}`);
    return undefined;
  }
  if (found.installation.origin === "bundled" && NEEDS_PACKAGE.includes(command)) {
    void offerInstall(command);
    return undefined;
  }
  const path =
    file && file.scheme === "file" && vscode.workspace.getWorkspaceFolder(file) === folder ? file.fsPath : undefined;
  return {
    folder,
    installation: found.installation,
    directory: workingDirectory(path, folder.uri.fsPath),
    ...(path !== undefined && { file: path }),
  };
}

async function offerInstall(command: CommandName): Promise<void> {
  const copy = "Copy Command";
  const answer = await vscode.window.showInformationMessage(
    `lockstep ${command} runs a PostgreSQL, which comes with the project's own lockstep: ${INSTALL}.`,
    copy,
  );
  if (answer === copy) await vscode.env.clipboard.writeText(INSTALL);
}

/** The flags for what the settings of a folder say. */
function flagsFor(command: CommandName, folder: vscode.WorkspaceFolder): readonly string[] {
  return settingFlags(
    command,
    vscode.workspace.getConfiguration("lockstep", folder) as unknown as CommandSettings,
    folder.uri.fsPath,
  );
}

/** A task of the editor, in its terminal. */
export function createTask(
  command: CommandName,
  args: readonly string[],
  { folder, installation, directory }: Target,
  name: string = command,
): vscode.Task {
  const execution = new vscode.ProcessExecution(
    process.execPath,
    [installation.program, command, ...flagsFor(command, folder), ...args],
    { cwd: directory, env: environment() },
  );
  const task = new vscode.Task({ type: "lockstep", command, args: [...args] }, folder, name, "lockstep", execution, []);
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Always,
    panel: vscode.TaskPanelKind.Dedicated,
    clear: true,
    focus: false,
    showReuseMessage: false,
  };
  return task;
}

export interface Finished {
  /** -1: it was cancelled. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command and keeps what it prints, behind a notification that can cancel it. */
export async function capture(
  title: string,
  command: CommandName,
  args: readonly string[],
  { folder, installation, directory }: Target,
): Promise<Finished> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (_progress, token) =>
      new Promise<Finished>((settle, refuse) => {
        const all = [installation.program, command, ...flagsFor(command, folder), ...args];
        const child = execFile(
          process.execPath,
          all,
          { cwd: directory, env: { ...process.env, ...environment() }, maxBuffer: 1 << 28, windowsHide: true },
          (error, stdout, stderr) => {
            if (token.isCancellationRequested) settle({ code: -1, stdout, stderr });
            else if (error && typeof error.code !== "number")
              refuse(new Error(`${installation.program} could not be run: ${error.message}`));
            else settle({ code: Number(error?.code ?? 0), stdout, stderr });
          },
        );
        token.onCancellationRequested(() => child.kill());
      }),
  );
}

/** A failure's first sentence; the rest is in the output. */
export async function showFailure(text: string, output: vscode.LogOutputChannel): Promise<void> {
  output.error(text.trim());
  const [first = "lockstep failed."] = text.trim().split("\n");
  const more = "Show Output";
  const answer = await vscode.window.showErrorMessage(first, more);
  if (answer === more) output.show();
}

/** The editor's own Node.js runs it, as it runs the server: a project needs none of its own on PATH. */
function environment(): Readonly<Record<string, string>> {
  return { ELECTRON_RUN_AS_NODE: "1", NO_UPDATE_NOTIFIER: "1" };
}
