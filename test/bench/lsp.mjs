import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";

/**
 * One life of the language server: milliseconds from its start to the first diagnostics of `path`, the median of those from a key to
 * the diagnostics for it, and the most memory that it held in kilobytes (undefined where the system does not tell).
 */
export async function editOnce(cli, folder, path, keys) {
  const started = performance.now();
  const server = spawn(process.execPath, [cli, "lsp", "--stdio"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  connection.onRequest((method, params) =>
    method === "workspace/configuration" ? params.items.map(() => null) : null,
  );
  connection.listen();
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "bench" }],
    capabilities: { textDocument: { diagnostic: {}, publishDiagnostics: {} }, workspace: { configuration: true } },
  });
  await connection.sendNotification("initialized", {});
  const uri = pathToFileURL(path).href;
  let text = readFileSync(path, "utf8");
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "sql", version: 1, text },
  });
  const pull = async () => (await connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } })).items;
  const before = (await pull()).length;
  const first = performance.now() - started;
  const times = [];
  for (let key = 0; key < keys; key++) {
    // Every key brings a finding or takes one away, so that no answer can be an old one.
    const added = "DROP TABLE never_made;\n";
    const removes = text.startsWith(added);
    text = removes ? text.slice(added.length) : added + text;
    const at = performance.now();
    const range = { start: { line: 0, character: 0 }, end: { line: removes ? 1 : 0, character: 0 } };
    await connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: key + 2 },
      contentChanges: [{ range, text: removes ? "" : added }],
    });
    const found = (await pull()).length;
    times.push(performance.now() - at);
    if ((found === before) !== removes) throw new Error(`${found} findings after a key, ${before} before it`);
  }
  const kilobytes =
    process.platform === "linux"
      ? Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1])
      : undefined;
  const ended = new Promise((settle) => server.once("exit", settle));
  await connection.sendRequest("shutdown");
  await connection.sendNotification("exit");
  await ended;
  connection.dispose();
  return { first, key: times.sort((a, b) => a - b)[Math.floor(times.length / 2)], kilobytes };
}
