import type { Expression, TypeName } from "../../sql/expression.ts";
import { type Name, partsOf, relationId } from "../../sql/names.ts";
import type { Check } from "../../sql/operation/constraints.ts";
import { type Catalog, resolve, resolveFunction, resolveType } from "../catalog.ts";
import { type Naming, named, namedChange, namedOperation, namedQuery } from "../naming.ts";
import { signatures } from "../postgres/signatures.ts";
import type { MutableCatalog } from "./catalog.ts";

/**
 * What is stored refers to objects: names are looked up once, when it is made, and follow their objects from then on. So does
 * PostgreSQL, which stores numbers of objects (https://www.postgresql.org/docs/current/ddl-depend.html); here they are ids.
 */

/** Names as they are looked up now. */
export const bindings = (catalog: Catalog): Naming => ({
  relation: (name) => {
    const id = resolve(catalog, name);
    // The system catalogs come first in every search path.
    return name.schema !== undefined || (!catalog.relations.has(id) && /^pg_/.test(name.name)) ? name : partsOf(id);
  },
  type: (type) => boundType(catalog, type),
  function: (name) => {
    const id = resolveFunction(catalog, name);
    const builtIn = name.schema === undefined && signatures(name.name) !== undefined;
    return catalog.functions.has(id) && !builtIn ? partsOf(id) : name;
  },
});

/** The type with the object that it means, where the history makes it: a type, or a table with its row type. */
export function boundType(catalog: Catalog, type: TypeName): TypeName {
  const id = resolveType(catalog, type);
  return catalog.types.has(id) || catalog.relations.has(id) ? { ...type, id } : type;
}

export const bound = (catalog: Catalog, expression: Expression): Expression => named(expression, bindings(catalog));

export const boundCheck = (catalog: Catalog, check: Check): Check => ({
  ...check,
  expression: bound(catalog, check.expression),
});

const same = <T>(each: T): T => each;
const under = (name: Name, from: string, to: string): Name =>
  name.schema !== undefined && relationId(name.schema, name.name) === from ? partsOf(to) : name;

/** A relation has another id: what refers to it refers to it still, to its row type too. */
export function followRelation(catalog: MutableCatalog, from: string, to: string): void {
  follow(catalog, { relation: (name) => under(name, from, to), type: (type) => moved(type, from, to), function: same });
}

export function followType(catalog: MutableCatalog, from: string, to: string): void {
  follow(catalog, { relation: same, type: (type) => moved(type, from, to), function: same });
}

export function followFunction(catalog: MutableCatalog, from: string, to: string): void {
  follow(catalog, { relation: same, type: same, function: (name) => under(name, from, to) });
}

const moved = (type: TypeName, from: string, to: string): TypeName =>
  type.id === from ? { ...type, ...partsOf(to), id: to } : type;

/** Everything that is stored in the catalog under other names. */
function follow(catalog: MutableCatalog, how: Naming): void {
  const of = (expression: Expression): Expression => named(expression, how);
  for (const relation of catalog.relations.values()) {
    for (const column of relation.columns.values()) {
      if (column.type) column.type = how.type(column.type);
      if (column.default) column.default = of(column.default);
      if (column.generated) column.generated = { ...column.generated, expression: of(column.generated.expression) };
    }
    for (const constraint of [...relation.constraints.values(), ...relation.released])
      if (constraint.expression) constraint.expression = of(constraint.expression);
    for (const [name, trigger] of relation.triggers)
      if (trigger.when) relation.triggers.set(name, { ...trigger, when: of(trigger.when) });
    for (const [name, { using, check }] of relation.policies)
      relation.policies.set(name, { ...(using && { using: of(using) }), ...(check && { check: of(check) }) });
    for (const [name, rule] of relation.rules)
      relation.rules.set(name, { ...rule, changes: rule.changes.map((change) => namedChange(change, how)) });
    if (relation.query) relation.query = namedQuery(relation.query, how);
  }
  for (const index of catalog.indexes.values()) if (index.where) index.where = of(index.where);
  for (const type of catalog.types.values()) {
    if (type.base) type.base = how.type(type.base);
    if (type.default) type.default = of(type.default);
    for (const [name, { validated, check }] of type.checks)
      type.checks.set(name, { validated, check: { ...check, expression: of(check.expression) } });
  }
  for (const [id, known] of catalog.functions)
    if (known.bound)
      catalog.functions.set(id, { ...known, operations: known.operations.map((each) => namedOperation(each, how)) });
}
