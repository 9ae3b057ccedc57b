import type { RelationId } from "../../model/effects.ts";
import type { Statement } from "../../sql/statement.ts";
import { partsOf } from "../../sql/names.ts";
import type { TableShape } from "./shapes.ts";

/** What statements over rows speak of: rows are made such that it matters. */
export interface Spoken {
  /** Constants that a column is compared with, by its name, in the order of the text. */
  readonly constants: ReadonlyMap<string, readonly string[]>;
  /** Tables that they read or write, as far as they are deployed. */
  readonly tables: readonly RelationId[];
}

const CHANGES: ReadonlySet<unknown> = new Set(["insertRows", "updateRows", "deleteRows", "mergeRows"]);

/** Collects from statements what they compare columns with, and which of the tables they name. */
export function spokenOf(statements: readonly Statement[], tables: ReadonlyMap<RelationId, TableShape>): Spoken {
  const constants = new Map<string, string[]>();
  const named = new Set<RelationId>();
  const beside = (subject: unknown, other: unknown): void => {
    const value = constant(other);
    if (value === undefined) return;
    for (const column of columnsOf(subject)) {
      const known = constants.get(column) ?? [];
      if (!known.includes(value)) constants.set(column, [...known, value]);
    }
  };
  const name = (given: unknown): void => {
    if (!isNode(given) || typeof given["name"] !== "string") return;
    const { schema } = given;
    for (const id of tables.keys()) {
      const known = partsOf(id);
      if (known.name === given["name"] && (typeof schema !== "string" || schema === known.schema)) named.add(id);
    }
  };
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (isNode(node)) {
      if (node["kind"] === "table") name(node["name"]);
      if (CHANGES.has(node["kind"])) name(node["table"]);
      if (node["kind"] === "operator" && Array.isArray(node["args"])) {
        const args: readonly unknown[] = node["args"];
        for (const subject of args) for (const other of args) if (subject !== other) beside(subject, other);
      }
      if (node["kind"] === "in" && Array.isArray(node["list"]))
        for (const other of node["list"]) beside(node["arg"], other);
      Object.values(node).forEach(visit);
    }
  };
  visit(statements.map(({ operations }) => operations));
  return { constants, tables: [...named] };
}

const isNode = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The text of a literal that is alone or cast. */
function constant(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node["kind"] === "cast") return constant(node["arg"]);
  const value = node["kind"] === "literal" ? node["value"] : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

/** Columns that are alone, or within a cast or a function. */
function columnsOf(node: unknown): readonly string[] {
  if (!isNode(node)) return [];
  if (node["kind"] === "column") return typeof node["column"] === "string" ? [node["column"]] : [];
  if (node["kind"] === "cast") return columnsOf(node["arg"]);
  return node["kind"] === "call" && Array.isArray(node["args"]) ? node["args"].flatMap(columnsOf) : [];
}
