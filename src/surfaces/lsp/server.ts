import {
  type ClientCapabilities,
  type CodeLens,
  CodeLensRefreshRequest,
  type Connection,
  type Diagnostic,
  DiagnosticRefreshRequest,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  InlayHintRefreshRequest,
  LSPErrorCodes,
  MessageType,
  ResponseError,
  ShowMessageNotification,
  TextDocuments,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { rules as own } from "../../../rules/index.ts";
import { isRecord } from "../../engine/config.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Environment } from "../../evidence/git/base.ts";
import { said, stackOf } from "../../report/crash.ts";
import { version } from "../../project/product.ts";
import { type ActionAbilities, actionsFor, EXPLAIN } from "./actions.ts";
import { capabilities } from "./capabilities.ts";
import { readClientSettings } from "./client.ts";
import {
  configDiagnostics,
  crashDiagnostic,
  type DiagnosticAbilities,
  diagnosticOf,
  failureDiagnostic,
} from "./diagnostics.ts";
import { isConfigFile, pathOf, uriOf } from "./places.ts";
import type { Judged } from "./project.ts";
import { type Opening, showPage } from "./rule-page.ts";
import { pluginTeller } from "./untrusted-plugins.ts";
import { hints, hoverAt, lenses, symbols } from "./statement-views.ts";
import { completions, links } from "./suppression-views.ts";
import { openWorkspace } from "./workspace.ts";

/** Milliseconds in which keys count as one. */
const TOGETHER = 15;
/** Milliseconds without a key after which the branches are compared with what was written. */
const IDLE = 500;

/** What can change what is said of a migration without being one. Emacs' eglot knows no wildcards inside of braces. */
const WATCHED = [
  "**/{migration.sql,down.sql,migration_lock.toml}",
  "**/*.prisma",
  "**/prisma.config.*",
  "**/lockstep.config.*",
  "**/{lockstep.baseline.json,lockstep.stats.json,package.json,package-lock.json,npm-shrinkwrap.json,pnpm-lock.yaml,yarn.lock,bun.lock,CODEOWNERS}",
  "**/.git/{HEAD,FETCH_HEAD,packed-refs}",
];

/** Serves one client until it goes. */
export function serve(connection: Connection, env: Environment): void {
  const documents = new TextDocuments(TextDocument);
  let client: ClientCapabilities = {};
  let settings = readClientSettings(undefined);
  let initial: unknown;
  let actions: ActionAbilities = { versions: false, snippets: false };
  /** The client's command behind a lens: without one a click on it would be an error. */
  let effectsCommand: string | undefined;
  let ready: Promise<void> = Promise.resolve();
  const workspace = openWorkspace({ env, documents, flags: () => settings.flags, untitled: () => settings.untitled });
  const pulls = (): boolean => client.textDocument?.diagnostic !== undefined;
  const abilities = (): DiagnosticAbilities => {
    // Clients say this for what is pushed; those that pull alone may say nothing.
    const { relatedInformation, codeDescriptionSupport } = {
      ...client.textDocument?.publishDiagnostics,
      ...client.textDocument?.diagnostic,
    };
    return { related: relatedInformation === true, links: codeDescriptionSupport === true };
  };
  /** The client's own URI for a path, where it has the file open: it may be written in another way. */
  const uriFor = (path: string): string => documents.all().find(({ uri }) => pathOf(uri) === path)?.uri ?? uriOf(path);

  connection.onInitialize((params: InitializeParams) => {
    client = params.capabilities;
    const options = isRecord(params.initializationOptions) ? params.initializationOptions : {};
    initial = options["settings"];
    settings = readClientSettings(initial);
    const command = options["ignoreCommand"];
    effectsCommand = typeof options["effectsCommand"] === "string" ? options["effectsCommand"] : undefined;
    workspace.trusted = options["trusted"] !== false;
    actions = {
      versions: client.workspace?.workspaceEdit?.documentChanges === true,
      snippets: client.workspace?.workspaceEdit?.snippetEditSupport === true,
      ...(typeof command === "string" && { ignoreCommand: command }),
    };
    // The protocol's older ways to name a folder are still all that some clients send.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const uris = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
    workspace.folders = uris.flatMap((uri) => pathOf(uri) ?? []);
    return {
      capabilities: capabilities(pulls(), effectsCommand !== undefined),
      serverInfo: { name: "lockstep", version: version() },
    };
  });

  connection.onInitialized(() => {
    ready = begin();
  });
  /** What a client refuses is done without. */
  const answered = async <T>(request: Promise<T>): Promise<T | undefined> => {
    try {
      return await request;
    } catch (error) {
      connection.console.warn(`The client answers: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const begin = async (): Promise<void> => {
    if (client.workspace?.didChangeConfiguration?.dynamicRegistration)
      await answered(connection.client.register(DidChangeConfigurationNotification.type, { section: "lockstep" }));
    if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration)
      await answered(
        connection.client.register(DidChangeWatchedFilesNotification.type, {
          watchers: WATCHED.map((globPattern) => ({ globPattern })),
        }),
      );
    if (client.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => pathOf(uri)));
        workspace.folders = [
          ...workspace.folders.filter((folder) => !gone.has(folder)),
          ...added.flatMap(({ uri }) => pathOf(uri) ?? []),
        ];
        startOver();
      });
    }
    await askSettings();
  };
  const askSettings = async (): Promise<void> => {
    if (client.workspace?.configuration)
      settings = readClientSettings(
        (await answered<unknown>(connection.workspace.getConfiguration("lockstep"))) ?? initial,
      );
  };

  /** The document as it is judged; a sentence where it cannot be; undefined where it is none of ours. */
  const judge = async (uri: string): Promise<Judged | string | undefined> => {
    await ready;
    const document = documents.get(uri);
    if (!document || !settings.enable) return undefined;
    try {
      const found = await workspace.of(document);
      if (!found) return undefined;
      const judged = await found.project.judge(found.path);
      pushConfigurations();
      tellOfPlugins(workspace.projects());
      return judged.ok ? judged.value : judged.message;
    } catch (error) {
      // What was said of the text before must not stay, and nobody restarts a server for one document.
      connection.console.error(stackOf(error));
      return `An internal error (${said(error)}) kept this file from being checked.`;
    }
  };
  const judged = async (uri: string): Promise<Judged | undefined> => {
    const found = await judge(uri);
    return typeof found === "object" ? found : undefined;
  };
  const diagnosticsOf = (found: Judged | string | undefined): Diagnostic[] => {
    if (found === undefined) return [];
    return typeof found === "string"
      ? [failureDiagnostic(found)]
      : [
          ...found.findings.map((finding) => diagnosticFor(finding, found)),
          ...found.result.crashes.filter(({ file }) => file.path === found.file.path).map(crashDiagnostic),
        ];
  };
  const diagnosticFor = (finding: Finding, found: Judged): Diagnostic =>
    diagnosticOf(finding, found, abilities(), uriFor);

  /** Configurations are nobody's to pull: what is wrong with them is pushed, and taken back when it is fixed. */
  const configurations = new Map<string, string>();
  const pushConfigurations = (): void => {
    const broken = workspace.broken();
    for (const [path, each] of broken) {
      const diagnostics = [...configDiagnostics(each)];
      const known = JSON.stringify(diagnostics);
      if (configurations.get(path) === known) continue;
      configurations.set(path, known);
      void connection.sendDiagnostics({ uri: uriFor(path), diagnostics });
    }
    for (const path of [...configurations.keys()].filter((each) => !broken.has(each))) {
      configurations.delete(path);
      void connection.sendDiagnostics({ uri: uriFor(path), diagnostics: [] });
    }
  };

  /** A message that wants no answer: not every client has a dialog. */
  const tell = (type: MessageType, message: string): void =>
    void connection.sendNotification(ShowMessageNotification.type, { type, message });
  const tellOfPlugins = pluginTeller((message) => tell(MessageType.Info, message));

  const pushed = new Map<string, string>();
  const push = async (): Promise<void> => {
    for (const { uri } of documents.all()) {
      const found = await judge(uri);
      const document = documents.get(uri);
      if (!document) continue;
      const diagnostics = diagnosticsOf(found);
      const said = JSON.stringify([document.version, diagnostics]);
      if (pushed.get(uri) === said || (diagnostics.length === 0 && !pushed.has(uri) && found === undefined)) continue;
      pushed.set(uri, said);
      await connection.sendDiagnostics({ uri, version: document.version, diagnostics });
    }
  };

  let soon: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;
  const later = (work: () => Promise<void>, milliseconds: number): NodeJS.Timeout =>
    setTimeout(
      () =>
        void work().catch((error: unknown) =>
          connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error)),
        ),
      milliseconds,
    );
  const written = (): void => {
    clearTimeout(soon);
    clearTimeout(idle);
    if (!pulls()) soon = later(push, TOGETHER);
    idle = later(async () => {
      const again = [...workspace.projects()].map((project) => project.compareAgain());
      if (again.some(Boolean)) await refresh();
    }, IDLE);
  };
  const refresh = async (): Promise<void> => {
    if (pulls()) {
      if (client.workspace?.diagnostics?.refreshSupport)
        await answered(connection.sendRequest(DiagnosticRefreshRequest.type));
    } else await push();
    if (client.workspace?.codeLens?.refreshSupport) await answered(connection.sendRequest(CodeLensRefreshRequest.type));
    if (client.workspace?.inlayHint?.refreshSupport)
      await answered(connection.sendRequest(InlayHintRefreshRequest.type));
  };
  /** Something besides the open texts is another. */
  const startOver = (): void => {
    workspace.changed();
    clearTimeout(soon);
    soon = later(refresh, TOGETHER);
  };

  documents.onDidChangeContent(written);
  documents.onDidSave(({ document }) => {
    const path = pathOf(document.uri);
    if (!client.workspace?.didChangeWatchedFiles?.dynamicRegistration || (path !== undefined && isConfigFile(path)))
      startOver();
  });
  documents.onDidClose(({ document: { uri } }) => {
    if (pushed.delete(uri)) void connection.sendDiagnostics({ uri, diagnostics: [] });
    reports.delete(uri);
    // What was written and not saved is gone with it.
    startOver();
  });
  connection.onDidChangeWatchedFiles(startOver);
  connection.onDidChangeConfiguration(({ settings: sent }: { readonly settings: unknown }) => {
    if (!client.workspace?.configuration) settings = readClientSettings(isRecord(sent) ? sent["lockstep"] : undefined);
    ready = ready.then(askSettings).then(startOver);
  });

  const reports = new Map<string, { readonly id: string; readonly said: string }>();
  let count = 0;
  connection.languages.diagnostics.on(async ({ textDocument: { uri }, previousResultId }, token) => {
    // Keys and cancellations that wait already are read first.
    await new Promise((settle) => setImmediate(settle));
    // Not as the server's own cancellation: VS Code would take "do not ask again" for the text that was written since, too.
    if (token.isCancellationRequested)
      throw new ResponseError(LSPErrorCodes.RequestCancelled, "The request was cancelled.");
    const items = diagnosticsOf(await judge(uri));
    const said = JSON.stringify(items);
    const known = reports.get(uri);
    if (known && known.id === previousResultId && known.said === said) return { kind: "unchanged", resultId: known.id };
    const id = String(++count);
    reports.set(uri, { id, said });
    return { kind: "full", resultId: id, items };
  });

  connection.onCodeAction(async ({ textDocument: { uri }, range, context }) => {
    const found = await judged(uri);
    const document = documents.get(uri);
    if (!found || !document) return null;
    return actionsFor(
      found,
      {
        uri,
        version: document.version,
        range,
        only: context.only,
        diagnostic: (finding) => diagnosticFor(finding, found),
      },
      actions,
    );
  });
  connection.onHover(async ({ textDocument: { uri }, position }) => {
    const found = await judged(uri);
    return (found && hoverAt(found, documents.get(uri)?.offsetAt(position) ?? 0)) ?? null;
  });
  connection.onCodeLens(async ({ textDocument: { uri } }): Promise<CodeLens[] | null> => {
    await ready;
    if (!settings.codeLens || effectsCommand === undefined) return null;
    const found = await judged(uri);
    return found ? lenses(found, uri, effectsCommand) : null;
  });
  connection.languages.inlayHint.on(async ({ textDocument: { uri }, range }) => {
    await ready;
    const found = settings.inlayHints ? await judged(uri) : undefined;
    return found ? hints(found, range) : null;
  });
  connection.onDocumentSymbol(async ({ textDocument: { uri } }) => {
    const found = await judged(uri);
    return found ? symbols(found) : null;
  });
  connection.onDocumentLinks(async ({ textDocument: { uri } }) => {
    const found = await judged(uri);
    return found ? links(found) : null;
  });
  connection.onCompletion(async ({ textDocument: { uri }, position }) => {
    const found = await judged(uri);
    return found ? completions(found, documents.get(uri)?.offsetAt(position) ?? 0) : null;
  });
  connection.onExecuteCommand(async ({ command, arguments: [id] = [] }) => {
    if (command !== EXPLAIN || typeof id !== "string") return;
    const rules = [...own, ...[...workspace.projects()].flatMap((project) => project.loaded()?.rules ?? [])];
    const opens = client.window?.showDocument?.support === true;
    const show: Opening = (params) =>
      opens ? answered(connection.window.showDocument(params)) : Promise.resolve(undefined);
    await showPage(id, rules, show, tell);
  });
  connection.onShutdown(() => {
    clearTimeout(soon);
    clearTimeout(idle);
  });
  documents.listen(connection);
  connection.listen();
}
