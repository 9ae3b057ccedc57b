import { type ChildProcess, spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type {
  CodeAction,
  Diagnostic,
  DocumentDiagnosticReport,
  InitializeResult,
  PublishDiagnosticsParams,
  TextDocumentContentChangeEvent,
  WorkspaceEdit,
} from "vscode-languageserver";

export interface ClientOptions {
  /** Absolute: the workspace folder and the server's directory. */
  readonly folder: string;
  /** Whether the client pulls diagnostics; else they are pushed to it. */
  readonly pull: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly initializationOptions?: unknown;
  /** More of `workspace` in the client's capabilities. */
  readonly workspace?: object;
  /** What it answers to window/showDocument; undefined: it cannot show one, and says so. */
  readonly shows?: boolean | undefined;
  /** Answers every request of the server with an error. */
  readonly refusing?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** A client of the real server over standard input and output, with nothing but the protocol between them. */
export interface LspClient {
  readonly process: ChildProcess;
  readonly connection: MessageConnection;
  readonly initialized: InitializeResult;
  /** All that was pushed, oldest first. */
  readonly pushed: PublishDiagnosticsParams[];
  /** Requests and notifications of the server by method. */
  readonly received: { readonly method: string; readonly params: unknown }[];
  settings: Readonly<Record<string, unknown>> | undefined;
  open(path: string, text: string, languageId?: string): string;
  change(uri: string, changes: string | TextDocumentContentChangeEvent[]): void;
  close(uri: string): void;
  /** For what is open as it was last sent. */
  diagnostics(uri: string): Promise<readonly Diagnostic[]>;
  request<T>(method: string, params: unknown): Promise<T>;
  notify(method: string, params: unknown): void;
  actions(uri: string, range: Diagnostic["range"], only?: readonly string[]): Promise<readonly CodeAction[]>;
  /** Settles with the exit code. */
  stop(): Promise<number | null>;
}

const environment = (env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  LOCKSTEP_BASE: undefined,
  GITHUB_BASE_REF: undefined,
  ...env,
});

export async function startClient(cli: string, options: ClientOptions): Promise<LspClient> {
  const { shows } = { shows: true, ...options };
  const child = spawn(process.execPath, [cli, "lsp", "--stdio"], {
    cwd: options.folder,
    stdio: ["pipe", "pipe", "inherit"],
    env: environment(options.env),
  });
  const ended = new Promise<number | null>((settle) => child.once("exit", settle));
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const pushed: PublishDiagnosticsParams[] = [];
  const received: { method: string; params: unknown }[] = [];
  const versions = new Map<string, number>();
  /** Where in `pushed` what is said of a document begins: its versions are counted from the start when it is opened. */
  const from = new Map<string, number>();
  const waiting = new Set<() => void>();
  connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
    pushed.push(params);
    for (const each of waiting) each();
  });
  connection.onNotification((method, params) => void received.push({ method, params }));
  connection.onRequest((method, params) => {
    received.push({ method, params });
    if (options.refusing) throw new Error("not here");
    if (method === "workspace/configuration") return [client.settings ?? null];
    return method === "window/showDocument" ? { success: shows } : null;
  });
  connection.listen();
  const initialized = await connection.sendRequest<InitializeResult>("initialize", {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(options.folder).href, name: "scratch" }],
    ...(options.initializationOptions !== undefined && { initializationOptions: options.initializationOptions }),
    capabilities: {
      general: { positionEncodings: ["utf-16"] },
      textDocument: {
        publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, versionSupport: true },
        ...(options.pull && { diagnostic: { relatedInformation: true, codeDescriptionSupport: true } }),
      },
      workspace: {
        configuration: true,
        workspaceEdit: { documentChanges: true },
        diagnostics: { refreshSupport: true },
        ...options.workspace,
      },
      window: { ...(shows !== undefined && { showDocument: { support: true } }) },
    },
  });
  await connection.sendNotification("initialized", {});
  const client: LspClient = {
    process: child,
    connection,
    initialized,
    pushed,
    received,
    settings: options.settings,
    open(path, text, languageId = "sql") {
      const uri = path.startsWith("untitled:") ? path : pathToFileURL(path).href;
      versions.set(uri, 1);
      from.set(uri, pushed.length);
      client.notify("textDocument/didOpen", { textDocument: { uri, languageId, version: 1, text } });
      return uri;
    },
    change(uri, changes) {
      const version = (versions.get(uri) ?? 0) + 1;
      versions.set(uri, version);
      client.notify("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: typeof changes === "string" ? [{ text: changes }] : changes,
      });
    },
    close(uri) {
      versions.delete(uri);
      client.notify("textDocument/didClose", { textDocument: { uri } });
    },
    async diagnostics(uri) {
      if (options.pull) {
        const report = await client.request<DocumentDiagnosticReport>("textDocument/diagnostic", {
          textDocument: { uri },
        });
        if (report.kind !== "full") throw new Error("nothing was asked to be unchanged");
        return report.items;
      }
      const version = versions.get(uri);
      for (;;) {
        const found = pushed.slice(from.get(uri)).findLast((each) => each.uri === uri && each.version === version);
        if (found) return found.diagnostics;
        await new Promise<void>((settle) => {
          const once = (): void => {
            waiting.delete(once);
            settle();
          };
          waiting.add(once);
        });
      }
    },
    request: (method, params) => connection.sendRequest(method, params),
    // A server that is gone hears nothing; what was to be seen of that is its exit code.
    notify: (method, params) => void connection.sendNotification(method, params).catch(() => undefined),
    actions: async (uri, range, only) =>
      (await client.request<CodeAction[] | null>("textDocument/codeAction", {
        textDocument: { uri },
        range,
        context: { diagnostics: [], ...(only && { only }) },
      })) ?? [],
    async stop() {
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      return ended;
    },
  };
  return client;
}

/** A text with the edits of a workspace edit for it, as an editor would apply them: positions are of the text before. */
export function edited(text: string, uri: string, edit: WorkspaceEdit | undefined): string {
  const edits = [
    ...(edit?.changes?.[uri] ?? []),
    ...(edit?.documentChanges ?? []).flatMap((change) =>
      "edits" in change && change.textDocument.uri === uri ? change.edits.filter((each) => "newText" in each) : [],
    ),
  ];
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/);
  const offset = ({ line, character }: { line: number; character: number }): number =>
    lines.slice(0, line).join("").length + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce(
      (now, { range, newText }) => now.slice(0, offset(range.start)) + newText + now.slice(offset(range.end)),
      text,
    );
}
