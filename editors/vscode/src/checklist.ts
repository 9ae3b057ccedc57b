import { join } from "node:path";
import * as vscode from "vscode";
import { capture, findTarget, showFailure } from "./run.ts";
import type { Servers } from "./servers.ts";

const SCHEME = "lockstep-checklist";
const texts = new Map<string, string>();
const changed = new vscode.EventEmitter<vscode.Uri>();

/** Serves the checklists that were made, as documents that cannot be changed. */
export function registerChecklists(): vscode.Disposable {
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? "",
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => void texts.delete(uri.toString())),
  );
}

/** The checklist of the pending migrations, as a Markdown preview beside the editor. */
export async function showChecklist(
  servers: Servers,
  output: vscode.LogOutputChannel,
  uri: vscode.Uri | undefined,
): Promise<void> {
  const target = await findTarget(servers, "checklist", uri);
  if (!target) return;
  const { code, stdout, stderr } = await capture(
    "Writing the checklist",
    "checklist",
    ["--format", "checklist"],
    target,
  );
  if (code === -1) return;
  if (code === 2 || stdout.trim() === "")
    return showFailure(stderr || "lockstep has nothing to put on a checklist.", output);
  const page = vscode.Uri.from({
    scheme: SCHEME,
    path: `/Checklist ${target.folder.name}.md`,
    query: target.directory,
  });
  texts.set(page.toString(), stdout);
  changed.fire(page);
  await vscode.commands.executeCommand("markdown.showPreviewToSide", page);
}

/** The checklist as a page to keep with the release, where the user wants it; opened in the browser. */
export async function saveChecklistPage(
  servers: Servers,
  output: vscode.LogOutputChannel,
  uri: vscode.Uri | undefined,
): Promise<void> {
  const target = await findTarget(servers, "checklist", uri);
  if (!target) return;
  const file = await vscode.window.showSaveDialog({
    title: "Save the checklist",
    defaultUri: vscode.Uri.file(join(target.directory, "checklist.html")),
    filters: { HTML: ["html"] },
  });
  if (!file) return;
  const { code, stderr } = await capture(
    "Writing the checklist",
    "checklist",
    ["--output-file", `html=${file.fsPath}`],
    target,
  );
  if (code === -1) return;
  if (code === 2) return showFailure(stderr, output);
  await vscode.env.openExternal(file);
}
