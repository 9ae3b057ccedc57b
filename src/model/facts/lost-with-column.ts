import { partsOf, relationId } from "../../sql/names.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { type Catalog, type Relation, indexAt, relationNamed, resolve } from "../catalog.ts";
import type { NextStep } from "../step.ts";
import type { StepPlace } from "./place.ts";

/** What goes with a column that is dropped and added again under its name, and is not made again. */
export interface LostWithColumn {
  readonly table: string;
  /** "unique index berths_slot_key over (ship, slot)". */
  readonly objects: readonly string[];
  /** One of them kept rows out that come in from then on. */
  readonly guards: boolean;
}

export function lostWithColumn(operation: OperationOf<"dropColumn">, place: StepPlace): LostWithColumn | undefined {
  const { catalog, effects, migration } = place;
  const table = relationNamed(catalog, operation.table);
  if (!table || !place.deployed(table.id)) return undefined;
  const rest = place.after().filter((step) => step.migration === migration);
  const again = rest.find(
    (step) =>
      step.operation.kind === "addColumn" &&
      step.operation.column.name === operation.column &&
      resolve(catalog, step.operation.table) === table.id,
  );
  if (again?.operation.kind !== "addColumn") return undefined;
  const found: { readonly what: string; readonly guards: boolean }[] = [];
  for (const { kind, name, along, relation } of effects.losses) {
    if (!along || name === undefined || relation !== table.id) continue;
    const lost =
      kind === "index" ? ofIndex(catalog, table, name) : kind === "constraint" ? ofConstraint(table, name) : undefined;
    if (lost && !rest.some((step) => makes(catalog, step, table, lost.columns, lost.guards))) found.push(lost);
  }
  const before = table.columns.get(operation.column);
  if (before?.default && !again.operation.column.default) found.push({ what: "its default", guards: false });
  return found.length === 0
    ? undefined
    : { table: table.id, objects: found.map(({ what }) => what), guards: found.some(({ guards }) => guards) };
}

interface Lost {
  readonly what: string;
  readonly columns: readonly string[];
  readonly guards: boolean;
}

function ofIndex(catalog: Catalog, table: Relation, name: string): Lost | undefined {
  const index = indexAt(catalog, relationId(partsOf(table.id).schema, name));
  if (!index) return undefined;
  const columns = index.columns.map((column) => column ?? "an expression");
  return {
    what: `${index.unique ? "unique " : ""}index ${name} over (${columns.join(", ")})`,
    columns,
    guards: index.unique,
  };
}

const WORDS: Readonly<Record<string, string>> = {
  foreignKey: "foreign key",
  unique: "unique constraint",
  primaryKey: "primary key",
  check: "check",
  exclusion: "exclusion constraint",
};

function ofConstraint(table: Relation, name: string): Lost | undefined {
  const constraint = table.constraints.get(name);
  const word = constraint && WORDS[constraint.type];
  return constraint && word !== undefined
    ? { what: `${word} ${name}`, columns: constraint.columns, guards: true }
    : undefined;
}

/** A later statement makes a key or an index over the same columns; for one that guards, one that does so too. */
function makes(
  catalog: Catalog,
  { operation }: NextStep,
  table: Relation,
  columns: readonly string[],
  guards: boolean,
): boolean {
  if (!("table" in operation) || !operation.table || resolve(catalog, operation.table) !== table.id) return false;
  const same = (others: readonly (string | null | undefined)[]): boolean =>
    [...others].sort().join() === [...columns].sort().join();
  const { kind } = operation;
  if (kind === "createIndex")
    return (!guards || operation.unique) && same(operation.columns.map(({ column }) => column));
  if (kind === "addUnique" || kind === "addPrimaryKey" || kind === "addForeignKey")
    return same(operation.constraint.columns);
  if (kind === "addColumn") return operation.column.constraints.length > 0 && same([operation.column.name]);
  // Which columns these look at is not compared.
  return kind === "addCheck" || kind === "addExclusion";
}
