import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** Commands of lockstep that the extension runs as they are. */
export type CommandName = "check" | "rehearse" | "branches" | "checklist" | "down";

/** The settings of the editor that have a flag. Empty texts and null are the same as none. */
export interface CommandSettings {
  readonly base?: string | null | undefined;
  readonly preset?: string | null | undefined;
  readonly postgres?: number | null | undefined;
  readonly execution?: string | null | undefined;
  /** Relative to the workspace folder. */
  readonly configPath?: string | null | undefined;
}

const TAKES: Readonly<Record<CommandName, readonly (keyof CommandSettings)[]>> = {
  check: ["base", "preset", "postgres", "execution", "configPath"],
  checklist: ["base", "preset", "postgres", "execution", "configPath"],
  rehearse: ["base", "execution", "configPath"],
  down: ["base", "configPath"],
  branches: ["configPath"],
};

/** The flags that give a command the same settings as the server has. */
export function settingFlags(command: CommandName, settings: CommandSettings, folder: string): readonly string[] {
  return TAKES[command].flatMap((name) => {
    const value = settings[name];
    const text = value == null ? "" : String(value).trim();
    if (text === "") return [];
    if (name === "configPath") return ["--config", resolve(folder, text)];
    return [`--${name}`, text];
  });
}

const CONFIGURATIONS = ["json", "jsonc", "js", "mjs", "ts"].map((extension) => `lockstep.config.${extension}`);

/** Where a user would run lockstep for a file: the nearest folder with a package.json or a configuration, within the workspace folder. */
export function workingDirectory(file: string | undefined, folder: string): string {
  if (file === undefined || !inside(file, folder)) return folder;
  for (
    let directory = dirname(file);
    directory !== folder && dirname(directory) !== directory;
    directory = dirname(directory)
  ) {
    if (["package.json", ...CONFIGURATIONS].some((name) => existsSync(join(directory, name)))) return directory;
  }
  return folder;
}

/** The folder of the migration that a file belongs to, as an argument for lockstep in `directory`; undefined for other files. */
export function migrationArgument(file: string | undefined, directory: string): string | undefined {
  if (file === undefined || !/[\\/](?:migration|down)\.sql$/.test(file)) return undefined;
  const path = relative(directory, dirname(file)) || ".";
  // A path that begins with a hyphen would be read as an option.
  return isAbsolute(path) ? path : `.${sep}${path}`;
}

function inside(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
