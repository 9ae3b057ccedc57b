import type { Query } from "../sql/expression.ts";
import { type Name, undotted } from "../sql/names.ts";
import type { Body } from "../sql/operation/place.ts";
import type { Operation, OperationOf } from "../sql/operation/index.ts";
import { type Catalog, functionAt, resolveFunction } from "./catalog.ts";
import { expressions, sources } from "./queries.ts";

/** A function of the history that a statement calls does what its body says. */
export function calledOperations(catalog: Catalog, operation: OperationOf<"select" | "call">): Operation[] {
  const names = operation.kind === "call" ? [operation.function] : [...calledFunctions(operation.query)];
  return names.flatMap((name) => {
    const own = functionAt(catalog, resolveFunction(catalog, name));
    return (own?.operations ?? []).map((called) => ({ ...called, body: at(operation.body, called.body) }));
  });
}

/** For a step: what it does surely, by the functions that it calls. */
export function calledBy(catalog: Catalog, operation: Operation): { readonly called?: readonly Operation[] } {
  if (operation.kind !== "select" && operation.kind !== "call") return {};
  const called = calledOperations(catalog, operation).filter(({ body }) => !body?.conditional && !body?.guarded);
  return called.length > 0 ? { called } : {};
}

/** In the place of the call: what the body of the function does on a condition it does on a condition there too. */
function at(call: Body | undefined, inside: Body | undefined): Body | undefined {
  const conditional = call?.conditional === true || inside?.conditional === true;
  const loop = call?.loop === true || inside?.loop === true;
  const guarded = call?.guarded === true || inside?.guarded === true;
  return call || conditional || loop || guarded ? { in: call?.in ?? "do", conditional, loop, guarded } : undefined;
}

/** Names of the functions that a query calls; which of them are the history's own is for the catalog to say. */
function* calledFunctions(query: Query): Generator<Name> {
  for (const value of [
    ...query.targets.map((target) => target.value),
    ...[...sources(query.from)].flatMap((source) => (source.kind === "function" ? [source.call] : [])),
    ...(query.where ? [query.where] : []),
  ]) {
    for (const each of expressions(value)) if (each.kind === "call") yield undotted(each.name);
  }
}
