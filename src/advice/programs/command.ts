/** What a person is told to run, as data: every line of it is spelled by one of the tables in this room. */
export interface Command {
  /** The table and the word in it: "git.switch", "ledger.forget". All of them: `COMMAND_KINDS`. */
  readonly kind: string;
  readonly program: Program;
  /** For a POSIX shell, or for psql. Several lines only where they are one statement. */
  readonly text: string;
  /** What it does, as a clause in the third person. */
  readonly purpose: string;
}

export type Program = "git" | "prisma" | "lockstep" | "package manager" | "shell" | "postgres" | "sql";

/** What a command does, and how it is spelled. */
type Spelling = readonly [purpose: string, spelled: (...facts: never[]) => string];

/** Makers of commands, by word. */
export type Commands<T extends Readonly<Record<string, Spelling>>> = {
  readonly [K in keyof T]: (...facts: Parameters<T[K][1]>) => Command;
};

/** A table of commands: `table` is the first half of each kind. */
export function commands<const T extends Readonly<Record<string, Spelling>>>(
  table: string,
  program: Program,
  spellings: T,
): Commands<T> {
  const makers = Object.entries(spellings).map(([word, [purpose, spelled]]) => [
    word,
    (...facts: never[]): Command => ({ kind: `${table}.${word}`, program, text: spelled(...facts), purpose }),
  ]);
  return Object.fromEntries(makers) as Commands<T>;
}

/** Lines that are pasted together: commands, and comments between them. */
export interface Block {
  readonly language: "sh" | "sql";
  readonly text: string;
}

/** Several commands for a shell, a line each, with comments between them. */
export function sh(...lines: readonly (Command | string)[]): Block {
  return { language: "sh", text: lines.map(textOf).join("\n") };
}

/** Several statements for psql, with comments between them. */
export function sql(...lines: readonly (Command | string)[]): Block {
  return { language: "sql", text: lines.map(textOf).join("\n") };
}

/** Commands on one line, each only if the one before it went well. */
export function together(...parts: readonly Command[]): string {
  return parts.map(textOf).join(" && ");
}

/** A statement as a part of a sentence, or of a file that ends it: without its semicolon. */
export const unended = ({ text }: Command): string => text.replace(/;$/, "");

const textOf = (line: Command | string): string => (typeof line === "string" ? line : line.text);
