import type { OperationOf } from "../../sql/operation/index.ts";
import { bindings, followFunction } from "./bindings.ts";
import { doubtDependents } from "./doubts.ts";
import { namedOperation } from "../naming.ts";
import { partsOf } from "../../sql/names.ts";
import { type Birth, createdAs } from "../catalog.ts";
import type { MutableCatalog } from "./catalog.ts";

/** Functions that are made, go or get another name. */

/** Functions of one name with other arguments are not told apart: which of them a call runs is not known. */
export function createFunction(catalog: MutableCatalog, operation: OperationOf<"createFunction">, birth: Birth): void {
  const id = createdAs(catalog, operation.function);
  const { volatility, language, replace, form } = operation;
  const how = bindings(catalog);
  const operations = operation.bound
    ? operation.operations.map((each) => namedOperation(each, how))
    : operation.operations;
  const known = catalog.functions.get(id);
  const other = replace ? undefined : known;
  catalog.functions.set(id, {
    id,
    volatility: other && other.volatility !== volatility ? "volatile" : volatility,
    language,
    operations: other
      ? [...other.operations, ...operations].map((each) => ({
          ...each,
          body: { in: "function", loop: false, guarded: false, ...each.body, conditional: true },
        }))
      : operations,
    ...(operation.bound && { bound: true }),
    ...(known && { overloaded: true }),
    forms: new Map([...(known?.forms ?? []), ...(form ? [[form.takes, form] as const] : [])]),
    birth,
  });
}

export function renameFunction(catalog: MutableCatalog, id: string, to: string): void {
  const known = catalog.functions.get(id);
  if (known) {
    catalog.functions.delete(id);
    catalog.functions.set(to, { ...known, id: to });
    followFunction(catalog, id, to);
  }
  for (const { triggers } of catalog.relations.values())
    for (const [name, trigger] of triggers)
      if (trigger.function === id) triggers.set(name, { ...trigger, function: to });
}

/** CASCADE takes along what calls it; of several functions of one name it may have been another. */
export function dropFunction(catalog: MutableCatalog, id: string, cascade: boolean): void {
  // One of several goes: which of them is not known.
  if (catalog.functions.get(id)?.overloaded) catalog.doubtful.add(id);
  else catalog.functions.delete(id);
  if (!cascade) return;
  const { name } = partsOf(id);
  doubtDependents(catalog, { part: (each) => each.kind === "call" && (each.name === name || each.name === id) });
  for (const relation of catalog.relations.values())
    for (const [trigger, { function: called }] of relation.triggers) {
      if (called !== id) continue;
      relation.triggers.delete(trigger);
      catalog.doubtful.add(`${relation.id}.${trigger}`);
    }
}
