import type { Expression, Query } from "../sql/expression.ts";
import { type Name, relationId, relationName } from "../sql/names.ts";
import type { Catalog, Relation } from "./catalog.ts";
import { type Naming, named, namedChange, namedOperation, namedQuery } from "./naming.ts";
import { isDoubtful } from "./presence.ts";
import { indexesOf } from "./relatives.ts";

/** What refers to an object besides columns, keys and views over tables, as PostgreSQL keeps it in pg_depend. */
export interface Dependent {
  /** The relation that it belongs to; absent for a type or a function. */
  readonly relation?: string;
  /** "policy p on table posts". */
  readonly what: string;
}

export type Target =
  | { readonly relation: string }
  | { readonly type: string }
  /** Of several functions of one name a call may mean another. */
  | { readonly function: string };

export function dependents(catalog: Catalog, on: Target): Dependent[] {
  const found: Dependent[] = [];
  const look = looking(on);
  for (const relation of catalog.relations.values())
    for (const [part, what] of ofRelation(catalog, relation, look, "relation" in on ? on.relation : undefined))
      if (!isDoubtful(catalog, part)) found.push({ relation: relation.id, what });
  for (const type of catalog.types.values()) {
    const depends =
      look.expression(type.default) || [...type.checks.values()].some(({ check }) => look.expression(check.expression));
    if (depends) found.push({ what: `type ${relationName(type.id)}` });
  }
  for (const known of catalog.functions.values())
    if (
      known.bound &&
      !isDoubtful(catalog, known.id) &&
      look.by((how) => known.operations.forEach((each) => namedOperation(each, how)))
    )
      found.push({ what: `function ${relationName(known.id)}` });
  return found;
}

/** What can be doubtful, and in words. */
type Part = readonly [object: string, what: string];

function* ofRelation(catalog: Catalog, relation: Relation, look: Look, own: string | undefined): Generator<Part> {
  const { id } = relation;
  const table = `table ${relationName(id)}`;
  if (relation.query) {
    // Views over relations are found by what they read.
    if (own === undefined && look.query(relation.query)) yield [id, `view ${relationName(id)}`];
    return;
  }
  // What belongs to a table goes with it.
  if (id === own) return;
  for (const column of relation.columns.values())
    if (look.expression(column.default) || look.expression(column.generated?.expression))
      yield [`${id}.${column.name}`, `column ${column.name} of ${table}`];
  for (const { name, expression } of relation.constraints.values())
    if (look.expression(expression)) yield [`${id}.${name}`, `constraint ${name} on ${table}`];
  for (const [name, { when }] of relation.triggers)
    if (look.expression(when)) yield [`${id}.${name}`, `trigger ${name} on ${table}`];
  for (const [name, { using, check }] of relation.policies)
    if (look.expression(using) || look.expression(check)) yield [`${id}.${name}`, `policy ${name} on ${table}`];
  for (const [name, { changes }] of relation.rules)
    if (look.by((how) => changes.forEach((change) => namedChange(change, how))))
      yield [`${id}.${name}`, `rule ${name} on ${table}`];
  for (const index of indexesOf(catalog, relation))
    if (look.expression(index.where)) yield [index.id, `index ${index.name}`];
}

interface Look {
  expression(expression: Expression | undefined): boolean;
  query(query: Query): boolean;
  by(walk: (how: Naming) => unknown): boolean;
}

function looking(on: Target): Look {
  const by: Look["by"] = (walk) => {
    let seen = false;
    const is = (name: Name, id: string | undefined): void => {
      seen ||= id !== undefined && name.schema !== undefined && relationId(name.schema, name.name) === id;
    };
    const relation = "relation" in on ? on.relation : undefined;
    const type = "type" in on ? on.type : relation;
    const called = "function" in on ? on.function : undefined;
    walk({
      relation: (name) => (is(name, relation), name),
      // Built-in types have no id.
      type: (each) => ((seen ||= type !== undefined && each.id === type), each),
      function: (name) => (is(name, called), name),
    });
    return seen;
  };
  return {
    by,
    expression: (expression) => expression !== undefined && by((how) => named(expression, how)),
    query: (query) => by((how) => namedQuery(query, how)),
  };
}
