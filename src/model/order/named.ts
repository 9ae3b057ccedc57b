import type { TypeName } from "../../sql/expression.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { undotted } from "../../sql/names.ts";
import { type Catalog, functionAt, resolveFunction } from "../catalog.ts";
import { partsOf } from "../../sql/names.ts";
import { identifiersOf } from "./clauses.ts";
import type { Touches } from "./touches.ts";

/** Every function that is called and every type that is named, anywhere in an operation. What PL/pgSQL names is looked up when it runs. */
export function namedAccesses(catalog: Catalog, operation: Operation, text: string, touched: Touches): void {
  const { add, needsType } = touched;
  const calls = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const node = value as Record<string, unknown>;
    if (node.kind === "call" && typeof node.name === "string" && Array.isArray(node.args)) calls.add(node.name);
    if (typeof node.name === "string" && Array.isArray(node.modifiers)) needsType(node as unknown as TypeName);
    for (const [key, part] of Object.entries(node))
      if (key !== "range" && key !== "body" && key !== "operations") visit(part);
  };
  visit(operation);
  for (const name of calls) {
    const id = resolveFunction(catalog, undotted(name));
    add("needs", "function", id, functionAt(catalog, id) ? {} : { unlisted: true });
  }
  if (operation.kind !== "createFunction") return;
  // Of its arguments and of what it returns.
  const names = identifiersOf(text);
  for (const id of catalog.types.keys()) if (names.has(partsOf(id).name)) add("needs", "type", id);
  for (const id of catalog.relations.keys()) if (names.has(partsOf(id).name)) add("needs", "relation", id);
}
