import { splitStatements, tokenize } from "../../src/sql/tokens.ts";

/** One statement with one mistake in it, as people make them. */
export interface Mutant {
  readonly mistake:
    | "misspelt"
    | "other type"
    | "unquoted"
    | "double quotes"
    | "dropped before"
    | "column dropped before";
  readonly sql: string;
  /** A migration that is deployed before it. */
  readonly before?: string;
}

const TYPES = [
  "integer",
  "bigint",
  "text",
  "uuid",
  "jsonb",
  "boolean",
  "timestamp",
  "date",
  "numeric",
  "bytea",
  "inet",
];
const IS_TYPE = new Set([...TYPES, "int", "varchar", "timestamptz", "json", "real", "serial"]);

/** Every mutant of one statement; `relations` are the names in the schema as SQL writes them, with their columns. */
export function mutantsOf(sql: string, relations: ReadonlyMap<string, readonly string[]>): readonly Mutant[] {
  const mutants: Mutant[] = [];
  const tokens = tokenize(sql).filter(({ kind }) => kind !== "comment");
  const texts = tokens.map(({ start, end }) => sql.slice(start, end));
  const put = (at: number, text: string) => sql.slice(0, tokens[at]!.start) + text + sql.slice(tokens[at]!.end);
  const mentioned = new Set(texts);
  for (const [i, { kind }] of tokens.entries()) {
    const text = texts[i]!;
    if (kind === "word") {
      mutants.push({ mistake: "misspelt", sql: put(i, `${text}x`) });
      if (IS_TYPE.has(text.toLowerCase())) {
        const other = TYPES[(TYPES.indexOf(text.toLowerCase()) + 1 + i) % TYPES.length]!;
        mutants.push({ mistake: "other type", sql: put(i, other) });
      }
    }
    if (kind === "quoted") {
      mutants.push({ mistake: "misspelt", sql: put(i, `${text.slice(0, -1)}x"`) });
      if (text !== text.toLowerCase()) mutants.push({ mistake: "unquoted", sql: put(i, text.slice(1, -1)) });
    }
    if (kind === "string" && /^'[^']+'$/.test(text)) {
      mutants.push({ mistake: "misspelt", sql: put(i, `${text.slice(0, -1)}x'`) });
      mutants.push({ mistake: "double quotes", sql: put(i, `"${text.slice(1, -1)}"`) });
    }
  }
  for (const [name, columns] of relations) {
    if (!mentioned.has(name)) continue;
    mutants.push({ mistake: "dropped before", sql, before: `drop table ${name} cascade;` });
    for (const column of columns)
      if (mentioned.has(column))
        mutants.push({
          mistake: "column dropped before",
          sql,
          before: `alter table ${name} drop column ${column} cascade;`,
        });
  }
  return mutants;
}

/** The statements of a text, each with what stands before it. */
export function statementsWithPrefix(text: string): readonly { readonly prefix: string; readonly sql: string }[] {
  return splitStatements(text, tokenize(text)).map(({ start, end }) => ({
    prefix: text.slice(0, start),
    sql: text.slice(start, end),
  }));
}

/** A deterministic order that mixes the list: the sample of a run is its first part. */
export function mixed<T>(list: readonly T[], seed: number): T[] {
  const result = [...list];
  let state = seed;
  for (let i = result.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = state % (i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
