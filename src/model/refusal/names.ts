import { lookup } from "../../words.ts";
import { type Name, sibling } from "../../sql/names.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { type Catalog, resolve, resolveFunction } from "../catalog.ts";
import { type Known, column, onTable, publication, relation, schema, statistics, userFunction } from "../presence.ts";
import { signatures } from "../postgres/signatures.ts";
import type { Refusal } from "../typing/refusal.ts";
import { missingRelation, missingType } from "../typing/scope.ts";
import { type Need, needs } from "./needs.ts";

/** Tables, types, functions and schemas that an operation names and that are not there, in a history that makes all it names. */
export function bindNames(operation: Operation, catalog: Catalog, all: () => boolean): readonly Refusal[] {
  const missed = needs(operation, catalog).flatMap((need) => missing(need, catalog) ?? []);
  return missed.length > 0 && all() ? missed : [];
}

function missing(need: Need, catalog: Catalog): Refusal | undefined {
  switch (need.what) {
    case "relation": {
      const { schema: of } = need.name;
      if (of !== undefined && isAbsent(schema(catalog, of))) return missing({ what: "schema", name: of }, catalog);
      const refusal = missingRelation(catalog, need.name);
      return refusal && need.as ? { ...refusal, message: `${need.as} "${need.name.name}" does not exist` } : refusal;
    }
    case "index":
      return isAbsent(relation(catalog, resolve(catalog, need.name)))
        ? { sqlstate: "42704", message: `index "${need.name.name}" does not exist`, about: "relation" }
        : undefined;
    case "type":
      return missingType(catalog, need.name);
    case "schema":
      return isAbsent(schema(catalog, need.name))
        ? { sqlstate: "3F000", message: `schema "${need.name}" does not exist`, about: "schema" }
        : undefined;
    case "access method":
    case "language":
      return BUILT_IN[need.what].has(need.name.toLowerCase())
        ? undefined
        : { sqlstate: "42704", message: `${need.what} "${need.name}" does not exist`, about: "command" };
    case "column":
      return isAbsent(column(catalog, resolve(catalog, need.table), need.name))
        ? {
            sqlstate: "42703",
            message: `column "${need.name}" of relation "${need.table.name}" does not exist`,
            about: "column",
          }
        : undefined;
    case "clustering index":
      return isAbsent(relation(catalog, sibling(resolve(catalog, need.table), need.name)))
        ? {
            sqlstate: "42704",
            message: `index "${need.name}" for table "${need.table.name}" does not exist`,
            about: "relation",
          }
        : undefined;
    case "trigger":
    case "policy":
    case "rule":
      return isAbsent(onTable(catalog, resolve(catalog, need.table), need.what, need.name))
        ? {
            sqlstate: "42704",
            message: `${need.what} "${need.name}" for ${need.what === "rule" ? "relation" : "table"} "${need.table.name}" does not exist`,
            about: "relation",
          }
        : undefined;
    case "trigger function":
      return isMissingFunction(catalog, need.name)
        ? { sqlstate: "42883", message: `function ${spoken(need.name)}() does not exist`, about: "function" }
        : undefined;
    case "routine":
      return isMissingFunction(catalog, need.name)
        ? { sqlstate: "42883", message: `could not find a function named "${need.name.name}"`, about: "function" }
        : undefined;
    case "statistics":
      return isAbsent(statistics(catalog, resolve(catalog, need.name)))
        ? { sqlstate: "42704", message: `statistics object "${spoken(need.name)}" does not exist`, about: "relation" }
        : undefined;
    case "publication":
      return isAbsent(publication(catalog, need.name.name))
        ? { sqlstate: "42704", message: `publication "${need.name.name}" does not exist`, about: "relation" }
        : undefined;
    default:
      return need satisfies never;
  }
}

const isAbsent = (known: Known<unknown>): boolean => known.is === "absent";
const spoken = (name: Name): string => (name.schema === undefined ? name.name : `${name.schema}.${name.name}`);

/** Those of others come with extensions: https://www.postgresql.org/docs/current/indexes-types.html, https://www.postgresql.org/docs/current/xplang.html */
const BUILT_IN = {
  // PostgreSQL takes the rtree of old for a gist.
  "access method": new Set(["btree", "hash", "gist", "gin", "spgist", "brin", "rtree"]),
  language: new Set(["sql", "plpgsql", "c", "internal"]),
} as const;

/** Functions that PostgreSQL brings for triggers. */
const TRIGGERS: Readonly<Record<string, true>> = lookup({
  suppress_redundant_updates_trigger: true,
  tsvector_update_trigger: true,
  tsvector_update_trigger_column: true,
  unique_key_recheck: true,
});

const isMissingFunction = (catalog: Catalog, name: Name): boolean =>
  !(name.schema === undefined && (TRIGGERS[name.name] || signatures(name.name) !== undefined)) &&
  isAbsent(userFunction(catalog, resolveFunction(catalog, name)));
