import type { Expression, TypeName } from "../sql/expression.ts";
import {
  type Catalog,
  type Column,
  type Constraint,
  type Index,
  type Relation,
  type UserType,
  indexAt,
  relationAt,
} from "./catalog.ts";
import { canonical } from "./canonical.ts";
import { storedType } from "./postgres/serial.ts";
import * as sql from "./sql.ts";
import { isTakenUp, isWhole } from "./presence.ts";

/** One object that two catalogs do not agree on. */
export interface Difference {
  /** "public.users", "public.users.email", "type public.Role" … */
  readonly object: string;
  readonly kind:
    | "relation"
    | "column"
    | "constraint"
    | "index"
    | "type"
    | "function"
    | "trigger"
    | "policy"
    | "schema"
    | "extension";
  readonly change: "missing" | "surplus" | "changed";
  /** What was, in a few words; absent for `surplus`. */
  readonly was?: string;
  readonly is?: string;
}

const printed = (expression: Expression): string => sql.printed(canonical(expression));
const typeSql = (type: TypeName): string => sql.typeSql(storedType(type));

/** How `now` differs from `wanted`, object by object. The order of columns is no difference, nor is when an object was made. */
export function differences(wanted: Catalog, now: Catalog): Difference[] {
  return [
    ...compare(
      "schema",
      "",
      entries([...wanted.schemas].map((name) => [name, ""])),
      entries([...now.schemas].map((name) => [name, ""])),
    ),
    ...compare(
      "extension",
      "",
      entries([...wanted.extensions].map((name) => [name, ""])),
      entries([...now.extensions].map((name) => [name, ""])),
    ),
    ...compare("type", "", describeAll(wanted.types, typeText), describeAll(now.types, typeText)),
    ...compare(
      "function",
      "",
      entries([...wanted.functions.keys()].map((name) => [name, ""])),
      entries([...now.functions.keys()].map((name) => [name, ""])),
    ),
    ...relations(wanted, now),
  ];
}

const entries = (list: readonly (readonly [string, string])[]) => new Map(list);
const describeAll = <T>(map: ReadonlyMap<string, T>, text: (value: T) => string) =>
  new Map([...map].map(([name, value]) => [name, text(value)]));

function relations(wanted: Catalog, now: Catalog): Difference[] {
  const kinds = (catalog: Catalog) =>
    new Map(
      [...catalog.relations]
        .filter(([, relation]) => !relation.temporary)
        .map(([id, relation]) => [id, relation.kind as string]),
    );
  // One that only a later statement names was there before as well.
  const mentioned = (id: string) => !isWhole(relationAt(now, id)) && isTakenUp(relationAt(now, id));
  const found = compare("relation", "", kinds(wanted), kinds(now)).filter(
    ({ change, object }) => change !== "surplus" || !mentioned(object),
  );
  for (const [id, relation] of wanted.relations) {
    const other = relationAt(now, id);
    // A relation that no migration creates was only mentioned: what is not listed in it is not known.
    if (!isWhole(relation) || !isWhole(other)) continue;
    found.push(
      ...compare("column", `${id}.`, describeAll(relation.columns, columnText), describeAll(other.columns, columnText)),
      ...compare(
        "constraint",
        `${id}: `,
        describeAll(relation.constraints, constraintText),
        describeAll(other.constraints, constraintText),
      ),
      ...compare("index", "", indexes(wanted, relation), indexes(now, other)),
      ...compare(
        "trigger",
        `${id}: `,
        describeAll(relation.triggers, (trigger) => trigger.function),
        describeAll(other.triggers, (trigger) => trigger.function),
      ),
      ...compare(
        "policy",
        `${id}: `,
        describeAll(relation.policies, () => ""),
        describeAll(other.policies, () => ""),
      ),
    );
  }
  return found;
}

function compare(
  kind: Difference["kind"],
  prefix: string,
  wanted: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): Difference[] {
  const found: Difference[] = [];
  for (const [name, was] of wanted) {
    const is = now.get(name);
    if (is === undefined) found.push({ object: prefix + name, kind, change: "missing", was });
    else if (is !== was) found.push({ object: prefix + name, kind, change: "changed", was, is });
  }
  for (const [name, is] of now)
    if (!wanted.has(name)) found.push({ object: prefix + name, kind, change: "surplus", is });
  return found;
}

function columnText(column: Column): string {
  return [
    column.type ? typeSql(column.type) : "",
    column.notNull === true ? "NOT NULL" : "",
    column.default ? `DEFAULT ${printed(column.default)}` : "",
    column.identity ? "IDENTITY" : "",
    column.generated ? `GENERATED (${printed(column.generated.expression)})` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function constraintText(constraint: Constraint): string {
  const parent = constraint.parent
    ? ` REFERENCES ${constraint.parent} (${(constraint.parentColumns ?? []).join(", ")}) ON DELETE ${constraint.onDelete?.toUpperCase()} ON UPDATE ${constraint.onUpdate?.toUpperCase()}`
    : "";
  return `${constraint.type} (${constraint.columns.join(", ")})${parent}${constraint.expression ? ` ${printed(constraint.expression)}` : ""}${constraint.validated ? "" : " NOT VALID"}${constraint.deferrable ? " DEFERRABLE" : ""}`;
}

const indexes = (catalog: Catalog, relation: Relation) =>
  new Map(
    [...relation.indexes].flatMap((id) => indexAt(catalog, id) ?? []).map((index) => [index.id, indexText(index)]),
  );

function indexText(index: Index): string {
  const columns = index.columns.map((name) => name ?? "expression").join(", ");
  return `${index.unique ? "UNIQUE " : ""}${index.method} (${columns})${index.include.length > 0 ? ` INCLUDE (${index.include.join(", ")})` : ""}${index.where ? ` WHERE ${printed(index.where)}` : ""}`;
}

function typeText(type: UserType): string {
  if (type.kind === "enum") return `enum (${type.values.join(", ")})`;
  return `${type.kind}${type.base ? ` ${typeSql(type.base)}` : ""}${type.notNull ? " NOT NULL" : ""} ${[...type.checks.keys()].join(", ")}`.trim();
}
