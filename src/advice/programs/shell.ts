import { type Command, commands } from "./command.ts";
import { type ProjectFacts, VARIABLE } from "./facts.ts";

/** One word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) && !text.startsWith("-") ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What a POSIX shell does by itself. */
export const shell = commands("shell", "shell", {
  nameFolder: [
    "names a migration's folder by the time, for the commands after it",
    (directory: string, name: string) => `folder=${shellWord(directory)}/$(date -u +%Y%m%d%H%M%S)_${name}`,
  ],
  makeFolder: ["makes the folder that was named", () => 'mkdir -p "$folder"'],
  makeDirectory: ["makes a directory", (directory: string) => `mkdir -p ${shellWord(directory)}`],
  against: [
    "runs a command of Prisma against another database, and nothing where its address is not set",
    ({ variables = [] }: ProjectFacts, address: string, { text }: Command) =>
      [...(variables.length > 0 ? variables : [VARIABLE]).map((name) => `${name}="\${${address}:?}"`), text].join(" "),
  ],
  go: ["goes into a directory", (directory: string) => `cd ${shellWord(directory)}`],
});
