import type { Name } from "../../sql/names.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { type Catalog, relationAt, resolve } from "../catalog.ts";
import { closure } from "../closure.ts";
import { isDoubtful } from "../presence.ts";
import { changeTables, queryTables } from "../queries.ts";
import type { Refusal } from "../typing/refusal.ts";

/**
 * Views can be made to read each other in a circle, by CREATE OR REPLACE or a rule; nothing can be read from them:
 * https://www.postgresql.org/docs/current/rules-views.html
 */
export function circularView(operation: Operation, catalog: Catalog): Refusal | undefined {
  for (const name of read(operation)) {
    const inside = closure(resolve(catalog, name), (id) => underlying(catalog, id));
    const circle = inside.find((id) =>
      underlying(catalog, id).some((next) => closure(next, (each) => underlying(catalog, each)).includes(id)),
    );
    if (circle !== undefined)
      return {
        sqlstate: "42P17",
        message: `infinite recursion detected in rules for relation "${relationAt(catalog, circle)?.name ?? ""}"`,
        about: "command",
      };
  }
  return undefined;
}

function underlying(catalog: Catalog, id: string): readonly string[] {
  const view = relationAt(catalog, id);
  return view?.kind === "view" && !isDoubtful(catalog, id) ? [...view.uses] : [];
}

function read(operation: Operation): readonly Name[] {
  if (operation.kind === "select") return queryTables(operation.query);
  if ("change" in operation) return [operation.table, ...changeTables(operation.change)];
  if (operation.kind === "createTable" && !operation.withoutData) return queryTables(operation.as);
  const filled = operation.kind === "createView" && operation.materialized && operation.withData;
  return filled ? queryTables(operation.query) : [];
}
