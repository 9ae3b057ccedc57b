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

/** "120", "420,000", "4.2 million": two digits of what is more than can be counted. */
export function roughly(count: number): string {
  if (count < 1000) return String(Math.round(count));
  const [unit, word] = count < 1e6 ? [1, ""] : count < 1e9 ? [1e6, " million"] : [1e9, " billion"];
  const rounded = Number((count / unit).toPrecision(2));
  return rounded * unit >= 1e6 && unit === 1 ? "1 million" : `${rounded.toLocaleString("en-US")}${word}`;
}

/** "48 kB", "1.1 GB": with units of 1024, as PostgreSQL has them. */
export function bytesInWords(bytes: number): string {
  let [value, at] = [bytes, 0];
  for (; value >= 1000 && at < BYTES.length - 1; at++) value /= 1024;
  return `${value < 10 && at > 0 ? Number(value.toFixed(1)) : Math.round(value)} ${BYTES[at]}`;
}

const BYTES = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** "less than a second", "20 seconds", "5 minutes", "3 hours". */
export function durationInWords(seconds: number): string {
  if (seconds < 1) return "less than a second";
  const [count, unit] =
    seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return counted(count < 10 ? Math.round(count) : Math.round(count / 5) * 5, unit);
}
