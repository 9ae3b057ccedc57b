import { tokenize } from "../../sql/tokens.ts";
import type { Name } from "../../sql/names.ts";

/** A token of a statement: words in lower case, identifiers without quotes, strings without theirs. */
export interface Word {
  readonly kind: "word" | "quoted" | "string" | "number" | "symbol" | "parameter";
  readonly text: string;
}

const WORDS = new Map<string, readonly Word[]>();

/** The tokens of a text; kept for the texts that were asked for last. */
export function wordsOf(text: string): readonly Word[] {
  const known = WORDS.get(text);
  if (known) return known;
  const found = tokenize(text).flatMap(({ kind, start, end }): Word[] => {
    const token = text.slice(start, end);
    switch (kind) {
      case "comment":
        return [];
      case "word":
        return [{ kind, text: token.toLowerCase() }];
      case "quoted":
        return [{ kind, text: token.slice(1, -1).replaceAll('""', '"') }];
      case "string":
        return [{ kind, text: token.startsWith("'") ? token.slice(1, -1).replaceAll("''", "'") : token }];
      default:
        return [{ kind, text: token }];
    }
  });
  if (WORDS.size > 500) WORDS.clear();
  WORDS.set(text, found);
  return found;
}

const isName = (word: Word | undefined): word is Word => word?.kind === "word" || word?.kind === "quoted";

/** Where these keywords follow each other; -1 where they do not. */
export function find(words: readonly Word[], ...keywords: readonly string[]): number {
  return words.findIndex((_, at) =>
    keywords.every((keyword, i) => words[at + i]?.kind === "word" && words[at + i]?.text === keyword),
  );
}

export const has = (text: string, ...keywords: readonly string[]): boolean => find(wordsOf(text), ...keywords) >= 0;

/** The name at a place, and the place behind it. */
export function nameAt(words: readonly Word[], at: number): { readonly name: Name; readonly next: number } | undefined {
  const first = words[at];
  if (!isName(first)) return undefined;
  const second = words[at + 2];
  if (words[at + 1]?.text === "." && isName(second))
    return { name: { schema: first.text, name: second.text }, next: at + 3 };
  return { name: { name: first.text }, next: at + 1 };
}

/** What is between the parenthesis at a place and the one that closes it, split at commas, and the place behind it. */
export function listAt(
  words: readonly Word[],
  at: number,
): { readonly items: readonly (readonly Word[])[]; readonly next: number } | undefined {
  if (words[at]?.text !== "(") return undefined;
  const items: Word[][] = [];
  let item: Word[] = [];
  let depth = 0;
  for (let i = at + 1; i < words.length; i++) {
    const word = words[i] as Word;
    if (word.kind === "symbol" && word.text === "(") depth++;
    if (word.kind === "symbol" && word.text === ")" && depth-- === 0) {
      if (item.length > 0) items.push(item);
      return { items, next: i + 1 };
    }
    if (word.kind === "symbol" && word.text === "," && depth === 0) {
      items.push(item);
      item = [];
    } else item.push(word);
  }
  return undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  int: "int4",
  integer: "int4",
  smallint: "int2",
  bigint: "int8",
  bool: "bool",
  boolean: "bool",
  real: "float4",
  decimal: "numeric",
  float: "float8",
  char: "bpchar",
  character: "bpchar",
  "double precision": "float8",
  "character varying": "varchar",
  "timestamp with time zone": "timestamptz",
  "timestamp without time zone": "timestamp",
  "time with time zone": "timetz",
  "time without time zone": "time",
  "bit varying": "varbit",
};

/** The types of a function's arguments as they tell functions of one name apart: "int4, text"; undefined where none are written. */
export function signatureAt(words: readonly Word[], at: number): string | undefined {
  const list = listAt(words, at);
  if (!list) return undefined;
  const types = list.items.flatMap((item): string[] => {
    const end = item.findIndex(
      (word) => word.text === "=" || word.text === ":=" || (word.kind === "word" && word.text === "default"),
    );
    let parts = end < 0 ? item : item.slice(0, end);
    const mode = parts[0]?.kind === "word" ? parts[0].text : "";
    if (mode === "out" && parts.length > 1) return [];
    if ((mode === "in" || mode === "inout" || mode === "variadic") && parts.length > 1) parts = parts.slice(1);
    const text = (of: readonly Word[]): string =>
      of
        .map((word) => word.text)
        .join(" ")
        .replace(/ ?\( ?[^)]*\)/g, "")
        .replace(/ ?\[ ?\d* ?\]/g, "[]");
    const type = (whole: string): string => {
      const bare = whole.replace(/\[\]/g, "");
      const dimension = whole.includes("[]") ? "[]" : "";
      return (TYPES[bare] ?? bare.replace(/^(public|pg_catalog) \. /, "")) + dimension;
    };
    const whole = text(parts);
    const named = parts.length > 1 && isName(parts[1]) && TYPES[whole.replace(/\[\]/g, "")] === undefined;
    return [type(named ? text(parts.slice(1)) : whole)];
  });
  return types.join(", ");
}

/** The signature behind the first FUNCTION, PROCEDURE, AGGREGATE or ROUTINE and its name. */
export function signatureIn(text: string): string | undefined {
  const words = wordsOf(text);
  const at = words.findIndex(
    ({ kind, text: word }) => kind === "word" && /^(function|procedure|aggregate|routine)s?$/.test(word),
  );
  let start = at + 1;
  if (words[start]?.text === "if" && words[start + 1]?.text === "exists") start += 2;
  const named = nameAt(words, start);
  return named && signatureAt(words, named.next);
}

/** Identifiers of a text, keywords among them. */
export const identifiersOf = (text: string): ReadonlySet<string> =>
  new Set(wordsOf(text).flatMap((word) => (isName(word) ? [word.text] : [])));

export const stringsOf = (text: string): ReadonlySet<string> =>
  new Set(wordsOf(text).flatMap((word) => (word.kind === "string" ? [word.text] : [])));
