import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { type LanguageClient, State } from "vscode-languageclient/node";
import { createClient } from "./client.ts";
import { findInstallation, type FoundInstallation, type Installation } from "./installation.ts";
import type { ServerState } from "./status-text.ts";

/** The servers of a window: one for each workspace folder, since each may have a lockstep of its own. */
export interface Servers {
  readonly onDidChange: vscode.Event<void>;
  /** The state of the server that looks after a file; of the first one without `uri`. */
  state(uri?: vscode.Uri): ServerState;
  /** The lockstep that runs for a file or folder; undefined before the first look. */
  running(uri?: vscode.Uri): Installation | undefined;
  /** Looks for the lockstep of a folder again. */
  find(folder: vscode.WorkspaceFolder | undefined): Promise<FoundInstallation>;
  /** Sends a command to the server that looks after a file. */
  execute(uri: vscode.Uri | undefined, command: string, args: readonly unknown[]): Promise<boolean>;
  /** Starts and stops servers until they are what folders, settings and trust ask for. */
  update(): Promise<void>;
  /** Stops all, and starts them again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  dispose(): void;
}

interface Server {
  readonly folder: vscode.WorkspaceFolder | undefined;
  client?: LanguageClient;
  /** Whether untitled files are its own. */
  readonly untitled: boolean;
  readonly installation?: Installation;
  /** Two servers with the same one would be the same. */
  readonly identity: string;
  state: ServerState;
}

export function createServers(bundled: string, output: vscode.LogOutputChannel): Servers {
  const servers = new Map<string, Server>();
  const changed = new vscode.EventEmitter<void>();
  let queue: Promise<void> = Promise.resolve();

  const serverOf = (uri?: vscode.Uri): Server | undefined => {
    const folder = uri && vscode.workspace.getWorkspaceFolder(uri);
    const found = folder && servers.get(keyOf(outermost(folder)));
    // What is in no folder (an untitled file, a rule's page) is with the first one.
    return (
      found ??
      (uri && uri.scheme === "file" && vscode.workspace.workspaceFolders?.length ? undefined : [...servers.values()][0])
    );
  };

  async function find(folder: vscode.WorkspaceFolder | undefined): Promise<FoundInstallation> {
    return findInstallation({
      setting: vscode.workspace.getConfiguration("lockstep", folder ?? null).get<string | null>("path") ?? undefined,
      folder: folder?.uri.fsPath,
      projects: folder ? await projectsIn(folder) : openFolders(),
      trusted: vscode.workspace.isTrusted,
      bundled,
    });
  }

  async function wanted(folder: vscode.WorkspaceFolder | undefined, first: boolean): Promise<Server> {
    const settings = vscode.workspace.getConfiguration("lockstep", folder ?? null);
    if (!settings.get<boolean>("enable", true))
      return { folder, untitled: false, identity: "off", state: { kind: "off" } };
    const program = vscode.workspace.isTrusted ? undefined : await configurationProgram(folder);
    if (program !== undefined) {
      const message = `The configuration ${program} is a program, which is not run in a workspace that is not trusted.`;
      return { folder, untitled: false, identity: message, state: { kind: "restricted", message } };
    }
    const found = await find(folder);
    if (!found.ok)
      return { folder, untitled: false, identity: found.message, state: { kind: "failed", message: found.message } };
    const { installation } = found;
    const identity = [installation.program, installation.version, vscode.workspace.isTrusted, first].join("\n");
    if (servers.get(keyOf(folder))?.identity !== identity) for (const note of found.notes) output.info(note);
    return { folder, untitled: first, installation, identity, state: { kind: "starting" } };
  }

  async function start(server: Server): Promise<void> {
    servers.set(keyOf(server.folder), server);
    changed.fire();
    if (server.state.kind === "failed") output.error(server.state.message);
    const { folder, untitled, installation } = server;
    if (!installation) return;
    const client = createClient(installation, { folder, untitled }, output);
    server.client = client;
    output.info(`${folder?.name ?? "Files"}: lockstep ${installation.version} (${installation.program})`);
    client.onDidChangeState(({ newState }) => {
      server.state =
        newState === State.Running
          ? { kind: "running" }
          : newState === State.Stopped
            ? {
                kind: "failed",
                message: "The server has ended: the output says why. Restart it by lockstep: Restart Server.",
              }
            : { kind: "starting" };
      changed.fire();
    });
    try {
      await client.start();
    } catch (error) {
      output.error(error instanceof Error ? error : String(error));
      server.state = {
        kind: "failed",
        message: `The server of lockstep ${installation.version} did not start: the output says why.`,
      };
      changed.fire();
    }
  }

  async function end(key: string): Promise<void> {
    const server = servers.get(key);
    servers.delete(key);
    changed.fire();
    if (server?.client === undefined) return;
    // One that never started, or died, cannot be stopped and need not be.
    await server.client.dispose().catch(() => undefined);
  }

  async function bringAbout(again: boolean): Promise<void> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(
      (folder) => folder.uri.scheme === "file" && outermost(folder) === folder,
    );
    const places = folders.length > 0 ? folders : [undefined];
    const keys = new Set(places.map(keyOf));
    for (const key of [...servers.keys()]) if (again || !keys.has(key)) await end(key);
    for (const [at, folder] of places.entries()) {
      const server = await wanted(folder, at === 0);
      const present = servers.get(keyOf(folder));
      if (present?.identity === server.identity) continue;
      if (present) await end(keyOf(folder));
      await start(server);
    }
  }

  const enqueue = (work: () => Promise<void>): Promise<void> => {
    queue = queue
      .then(work, work)
      .catch((error: unknown) => output.error(error instanceof Error ? error : String(error)));
    return queue;
  };

  const stop = (): Promise<void> => enqueue(async () => void (await Promise.all([...servers.keys()].map(end))));

  return {
    onDidChange: changed.event,
    state: (uri) => serverOf(uri)?.state ?? { kind: "starting" },
    running: (uri) => serverOf(uri)?.installation,
    find,
    async execute(uri, command, args) {
      const client = serverOf(uri)?.client;
      if (!client?.isRunning()) return false;
      await client.sendRequest("workspace/executeCommand", { command, arguments: args });
      return true;
    },
    update: () => enqueue(() => bringAbout(false)),
    restart: () => enqueue(() => bringAbout(true)),
    stop,
    dispose: () => changed.dispose(),
  };
}

/** The workspace folder that holds a file or folder, if it is not inside another one: one server looks after both then. */
function outermost(folder: vscode.WorkspaceFolder): vscode.WorkspaceFolder {
  const holds = (outer: vscode.WorkspaceFolder): boolean =>
    folder.uri.toString().startsWith(`${outer.uri.toString().replace(/\/$/, "")}/`);
  return (
    (vscode.workspace.workspaceFolders ?? [])
      .filter(holds)
      .sort((one, other) => one.uri.path.length - other.uri.path.length)[0] ?? folder
  );
}

/** The parts of a folder that Prisma keeps migrations of. */
async function projectsIn(folder: vscode.WorkspaceFolder): Promise<readonly string[]> {
  const locks = await vscode.workspace.findFiles(
    new vscode.RelativePattern(folder, "**/migration_lock.toml"),
    "**/node_modules/**",
  );
  return locks.map((lock) => dirname(lock.fsPath)).sort();
}

function openFolders(): readonly string[] {
  return vscode.workspace.textDocuments
    .filter(({ uri }) => uri.scheme === "file" && uri.path.endsWith(".sql"))
    .map(({ uri }) => dirname(uri.fsPath));
}

/** A configuration in or above a folder that would have to be run to be read. */
async function configurationProgram(folder: vscode.WorkspaceFolder | undefined): Promise<string | undefined> {
  // Without the exclusions of the settings: these are the workspace's to write.
  const within = folder
    ? await vscode.workspace.findFiles(new vscode.RelativePattern(folder, "**/lockstep.config.{js,mjs,ts}"), null)
    : [];
  const own = within.find(({ path }) => !path.includes("/node_modules/"));
  if (own) return vscode.workspace.asRelativePath(own);
  for (const start of folder ? [folder.uri.fsPath] : openFolders()) {
    for (let directory = start; ; directory = dirname(directory)) {
      const found = ["js", "mjs", "ts"]
        .map((extension) => join(directory, `lockstep.config.${extension}`))
        .find((path) => existsSync(path));
      if (found !== undefined) return found;
      if (dirname(directory) === directory) break;
    }
  }
  return undefined;
}

function keyOf(folder: vscode.WorkspaceFolder | undefined): string {
  return folder?.uri.toString() ?? "";
}
