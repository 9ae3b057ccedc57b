import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import type { Servers } from "./servers.ts";
import { SOURCE } from "./status.ts";

/** Opens the page of a rule: the one that is named, else the one of the finding at the cursor, else one that the user picks. */
export async function explainRule(servers: Servers, bundled: string, rule: unknown): Promise<void> {
  const uri = vscode.window.activeTextEditor?.document.uri;
  const pages = join(servers.running(uri)?.home ?? bundled, "rules");
  const id = typeof rule === "string" ? rule : await choose(pages);
  if (id === undefined) return;
  const page = pagesBelow(pages).get(id);
  if (page !== undefined) {
    await vscode.commands.executeCommand("markdown.showPreview", vscode.Uri.file(page));
    return;
  }
  // A rule of the project's own: the server knows where its page is, if it has one.
  if (await servers.execute(uri, "lockstep.explain", [id])) return;
  void vscode.window.showInformationMessage(`lockstep: There is no page for ${id}.`);
}

async function choose(pages: string): Promise<string | undefined> {
  const here = rulesAtCursor();
  if (here.length === 1) return here[0];
  const known = pagesBelow(pages);
  const ids = here.length > 0 ? here : [...known.keys()].sort();
  const items = ids.map((id) => ({ label: id, detail: hazard(known.get(id)) ?? "" }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: "Which rule?", matchOnDetail: true });
  return chosen?.label;
}

function rulesAtCursor(): readonly string[] {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return [];
  const found = vscode.languages
    .getDiagnostics(editor.document.uri)
    .filter(({ source, range }) => source === SOURCE && range.contains(editor.selection.active));
  const ids = found
    .map(({ code }) => (typeof code === "object" ? code.value : code))
    .filter((code) => typeof code === "string");
  return [...new Set(ids)];
}

/** The rule's hazard in one sentence, from the table that opens each page. */
function hazard(page: string | undefined): string | undefined {
  return page === undefined ? undefined : /^\| Hazard \| (.*) \|$/m.exec(readFileSync(page, "utf8"))?.[1];
}

/** The pages in a folder with one folder a category, by the ids of their rules. */
function pagesBelow(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".md"));
  return new Map(paths.map((path) => [basename(path, ".md"), join(folder, path)]));
}
