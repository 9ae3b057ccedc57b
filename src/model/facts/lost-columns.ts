import type { TypeName } from "../../sql/expression.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { type Constraint, isNew, relationAt } from "../catalog.ts";
import { copyOfColumn, dropOf, replacedColumn } from "../deployment.ts";
import type { RelationId } from "../effects.ts";
import { renamedColumn, retypedColumn } from "../renames.ts";
import type { StepPlace } from "./place.ts";
import { inMigration } from "./renames.ts";

/** A column of a deployed table that an operation drops, and what becomes of its values. */
export type LostColumn = { readonly relation: RelationId; readonly name: string } & Fate;

type Fate =
  /** Its type is dropped, and it goes along. */
  | { readonly fate: "type" }
  /** It is added again with another type, empty. */
  | { readonly fate: "retyped"; readonly type: TypeName }
  /** Its values are elsewhere by then: "users.full_name". */
  | { readonly fate: "copied"; readonly to: string }
  | {
      readonly fate: "lost";
      /** PostgreSQL drops these with it without a word. */
      readonly constraints: readonly Constraint[];
      /** Nobody says that it is there. */
      readonly maybe: boolean;
    };

/** Not those of a table or schema that is dropped, nor those that may be renamed, or are put back with their values. */
export function lostColumns(operation: Operation, place: StepPlace): LostColumn[] {
  if (operation.kind === "dropSchema" || operation.kind === "dropTable") return [];
  return place.effects.losses.flatMap(({ kind, data, along, relation, name }) => {
    if (kind !== "column" || !data || relation === undefined || name === undefined) return [];
    // A partition's column goes with its parent's, which is told.
    const own = operation.kind !== "dropColumn" || !along ? fateOf(operation, relation, name, place) : undefined;
    return own ? [{ relation, name, ...own }] : [];
  });
}

function fateOf(operation: Operation, relation: RelationId, name: string, place: StepPlace): Fate | undefined {
  const { catalog } = place;
  const table = relationAt(catalog, relation);
  const column = table?.columns.get(name);
  const after = place.after();
  if (!place.deployed(relation) || isNew(catalog, column) || dropOf(catalog, after, relation)) return undefined;
  if (operation.kind !== "dropColumn") return { fate: "type" };
  const around = inMigration(place);
  const again = retypedColumn(catalog, operation, around);
  const copy = copyOfColumn(catalog, place.before, relation, name);
  if (copy)
    return again || replacedColumn(catalog, after, relation, name) ? undefined : { fate: "copied", to: copy.to };
  if (again) return { fate: "retyped", type: again.column.type };
  if (renamedColumn(catalog, operation, around)) return undefined;
  return {
    fate: "lost",
    constraints: [...(table?.constraints.values() ?? [])].filter(
      ({ type, columns }) => type !== "notNull" && columns.includes(name),
    ),
    maybe: column === undefined && (operation.ifExists || operation.body?.conditional === true),
  };
}
