import { CodeActionKind, type ServerCapabilities, TextDocumentSyncKind } from "vscode-languageserver";
import { EXPLAIN, FIX_ALL } from "./actions.ts";

/** What the server offers: to a client that pulls diagnostics, and to one that knows a command for a lens. */
export function capabilities(pulls: boolean, hasLenses: boolean): ServerCapabilities {
  return {
    positionEncoding: "utf-16",
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
    // What is said of one migration depends on all before it.
    ...(pulls && {
      diagnosticProvider: { identifier: "lockstep", interFileDependencies: true, workspaceDiagnostics: false },
    }),
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
    hoverProvider: true,
    ...(hasLenses && { codeLensProvider: { resolveProvider: false } }),
    inlayHintProvider: true,
    documentSymbolProvider: true,
    documentLinkProvider: { resolveProvider: false },
    completionProvider: { triggerCharacters: ["-", " ", ","] },
    executeCommandProvider: { commands: [EXPLAIN] },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}
