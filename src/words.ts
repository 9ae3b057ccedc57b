/** What sentences are made of, whoever writes them: once, for every room. */

/** "1 row", "2 rows"; the plural where it takes more than an s. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** "a", "a and b", "a, b and c". Of more than `most`, one fewer by name and the rest by number: "a, b and 3 more". */
export function listed(words: readonly string[], most = Infinity): string {
  return series(words.length > most ? [...words.slice(0, most - 1), `${words.length - most + 1} more`] : words, "and");
}

/** "a", "a or b", "a, b or c". */
export function alternatives(words: readonly string[]): string {
  return series(words, "or");
}

function series(words: readonly string[], last: string): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1) ?? ""}`;
}

/** With a capital at its beginning, as a sentence has it. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** By code units: the same everywhere, whatever the locale is. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The names in braces that a text has: of "{table} has no {what}." these are "table" and "what". */
export type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

/** Rows by names that anybody may choose: none of them is found because every object has one of that name ("constructor"). */
export function lookup<Rows extends object>(rows: Rows): Rows {
  return Object.assign(Object.create(null) as Rows, rows);
}
