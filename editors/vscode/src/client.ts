import * as vscode from "vscode";
import {
  type DocumentSelector,
  type DynamicFeature,
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  type StaticFeature,
  TransportKind,
} from "vscode-languageclient/node";
import type { Installation } from "./installation.ts";

export interface ClientPlace {
  /** Absent where only files are open. */
  readonly folder: vscode.WorkspaceFolder | undefined;
  /** Whether SQL that has no file yet goes to this server: to one, if there are several. */
  readonly untitled: boolean;
}

/** A client for the server of `installation`; it is not started. */
export function createClient(
  installation: Installation,
  { folder, untitled }: ClientPlace,
  output: vscode.LogOutputChannel,
): LanguageClient {
  const module = {
    module: installation.program,
    args: ["lsp"],
    transport: TransportKind.stdio,
    options: {
      ...(folder && { cwd: folder.uri.fsPath }),
      ...(!vscode.workspace.isTrusted && { env: { ...process.env, ...restrictedGit() } }),
    },
  };
  const server: ServerOptions = { run: module, debug: module };
  const options: LanguageClientOptions = {
    documentSelector: documents(folder, untitled),
    ...(folder && { workspaceFolder: folder }),
    outputChannel: output,
    initializationOptions: {
      ignoreCommand: "lockstep.ignore",
      effectsCommand: "lockstep.showEffects",
      trusted: vscode.workspace.isTrusted,
    },
    markdown: { supportHtml: false },
    middleware: {
      workspace: {
        // A server that serves one folder need not know that settings differ between folders.
        configuration: (params, token, next) =>
          next(
            {
              items: params.items.map((item) =>
                item.scopeUri === undefined && folder ? { ...item, scopeUri: folder.uri.toString() } : item,
              ),
            },
            token,
          ),
      },
      window: {
        showDocument: async (params, token, next) => {
          const uri = vscode.Uri.parse(params.uri);
          if (params.external === true || uri.scheme !== "file" || !uri.path.endsWith(".md"))
            return next(params, token);
          await vscode.commands.executeCommand("markdown.showPreview", uri);
          return { success: true };
        },
      },
    },
  };
  return new Client("lockstep", "lockstep", server, options);
}

/** What the servers are told about. Which SQL is a migration is for the configuration to say, which they read. */
function documents(folder: vscode.WorkspaceFolder | undefined, untitled: boolean): DocumentSelector {
  const names = "**/*.sql";
  return [
    { scheme: "file", pattern: folder ? { baseUri: folder.uri.toString(), pattern: names } : names },
    ...(untitled ? ["sql", "postgres"].map((language) => ({ scheme: "untitled", language })) : []),
  ];
}

/** The library would register the server's commands as commands of the editor, which a second server could not do again. They are the extension's own. */
class Client extends LanguageClient {
  override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    if ("registrationType" in feature && feature.registrationType.method === "workspace/executeCommand") return;
    super.registerFeature(feature);
  }
}

/** A repository's own git configuration names programs that git starts. In a workspace that is not trusted it starts none. */
function restrictedGit(): Readonly<Record<string, string>> {
  const settings = [
    ["core.fsmonitor", "false"],
    ["core.hooksPath", process.platform === "win32" ? "NUL" : "/dev/null"],
  ] as const;
  return {
    GIT_ALLOW_PROTOCOL: "",
    GIT_NO_LAZY_FETCH: "1",
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, key],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
  };
}
