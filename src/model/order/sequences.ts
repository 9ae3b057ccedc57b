import { nameIn, relationId } from "../../sql/names.ts";
import { type Catalog, type Column, type Relation, resolve } from "../catalog.ts";
import { expressions } from "../queries.ts";
import { objectName } from "../object-names.ts";
import { wordsOf } from "./clauses.ts";
import { isNumbered } from "./row-changes.ts";

/** The sequence that numbers a column. */
export function ownedSequence(catalog: Catalog, table: Relation, column: Column): string | undefined {
  if (!isNumbered(column)) return undefined;
  for (const part of expressions(column.default)) {
    const [first] = part.kind === "call" && part.name === "nextval" ? part.args : [];
    const bare = first?.kind === "cast" ? first.arg : first;
    if (bare?.kind === "literal" && typeof bare.value === "string") return resolve(catalog, nameIn(bare.value));
  }
  for (const relation of catalog.relations.values())
    if (relation.ownedBy?.table === table.id && relation.ownedBy.column === column.name) return relation.id;
  return relationId(table.schema, objectName(table.name, column.name, "seq"));
}

const OPTIONS = new Set([
  "restart",
  "start",
  "increment",
  "minvalue",
  "maxvalue",
  "cache",
  "cycle",
  "owned",
  "as",
  "logged",
  "unlogged",
]);

/** Options that an ALTER SEQUENCE sets. */
export const sequenceOptions = (text: string): readonly string[] =>
  wordsOf(text).flatMap(({ kind, text: word }) => (kind === "word" && OPTIONS.has(word) ? [word] : []));

/** Options that say which numbers come. */
export const movesNumbers = (options: readonly string[]): boolean =>
  options.some((option) => ["restart", "increment", "minvalue", "maxvalue", "cycle", "as", "cache"].includes(option));
