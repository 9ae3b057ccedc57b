import { resolve } from "node:path";
import * as vscode from "vscode";
import type { CommandName } from "./command-line.ts";
import { createTask } from "./run.ts";
import type { Servers } from "./servers.ts";

const COMMANDS: readonly CommandName[] = ["check", "rehearse", "branches", "checklist", "down"];

/** Tasks of the type lockstep, for tasks.json and for "Run Task". */
export function registerTasks(servers: Servers): vscode.Disposable {
  return vscode.tasks.registerTaskProvider("lockstep", {
    async provideTasks() {
      if (!vscode.workspace.isTrusted) return [];
      const all = (vscode.workspace.workspaceFolders ?? []).map(async (folder) => {
        const found = await servers.find(folder);
        if (!found.ok) return [];
        const commands = COMMANDS.filter(
          (command) => found.installation.origin !== "bundled" || (command !== "rehearse" && command !== "down"),
        );
        return commands.map((command) =>
          createTask(command, [], { folder, installation: found.installation, directory: folder.uri.fsPath }),
        );
      });
      return (await Promise.all(all)).flat();
    },
    async resolveTask(task) {
      const { command, args, cwd } = task.definition as {
        readonly command?: unknown;
        readonly args?: unknown;
        readonly cwd?: unknown;
      };
      const name = COMMANDS.find((one) => one === command);
      const folder = typeof task.scope === "object" ? task.scope : vscode.workspace.workspaceFolders?.[0];
      if (!name || !folder) return undefined;
      const found = await servers.find(folder);
      if (!found.ok) return undefined;
      const words = Array.isArray(args) ? args.filter((arg) => typeof arg === "string") : [];
      const directory = typeof cwd === "string" ? resolve(folder.uri.fsPath, cwd) : folder.uri.fsPath;
      const made = createTask(name, words, { folder, installation: found.installation, directory }, task.name);
      // The editor compares the definition with the one it asked for.
      made.definition = task.definition;
      return made;
    },
  });
}
