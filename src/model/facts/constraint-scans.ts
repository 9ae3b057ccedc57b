import type { Range } from "../../source/text.ts";
import type { Name } from "../../sql/names.ts";
import type { Operation, OperationOf } from "../../sql/operation/index.ts";
import { relationAt, resolve } from "../catalog.ts";
import type { RelationId, Work } from "../effects.ts";
import type { StepPlace } from "./place.ts";
import { isWhole } from "../presence.ts";

/** Deployed rows are read to see that a new constraint holds, or to build its index, under a lock that keeps readers or writers waiting. */
export type ConstraintScan = {
  readonly at: { readonly range: Range };
  readonly relation: RelationId;
  /** What a finding is about: the table, or columns of it. */
  readonly objects: readonly string[];
} & (
  | {
      readonly reads: "check";
      /** "CHECK positive", "The CHECK": at the beginning of a sentence. */
      readonly what: string;
      readonly name: string | undefined;
      /** The new column that it is of. */
      readonly column: string | undefined;
    }
  | {
      readonly reads: "notNull";
      readonly by: "column" | "constraint" | "primaryKey";
      readonly columns: readonly string[];
      readonly name: string | undefined;
      readonly maybe: boolean;
    }
  | {
      readonly reads: "index";
      readonly by: "UNIQUE" | "PRIMARY KEY" | "EXCLUDE";
      /** "UNIQUE users_email_key", "the UNIQUE constraint", "the new column email". */
      readonly what: string;
      readonly column: string | undefined;
      readonly maybe: boolean;
      /**
       * How to have it without the lock: the index first, then the constraint; a column without it first; each partition first, since a
       * partitioned table takes neither CONCURRENTLY nor USING INDEX. There is no way for EXCLUDE.
       */
      readonly way: "index" | "column" | "partitions" | "none";
    }
  /** Of all columns of its type: writers wait, not readers. */
  | { readonly reads: "domain"; readonly by: "check" | "notNull"; readonly tables: readonly RelationId[] }
);

const KEYS = {
  addUnique: "UNIQUE",
  addPrimaryKey: "PRIMARY KEY",
  addExclusion: "EXCLUDE",
  unique: "UNIQUE",
  primaryKey: "PRIMARY KEY",
} as const;

export function constraintScans(operation: Operation, place: StepPlace): ConstraintScan[] {
  const scans = place.effects.scans.filter((scan) => place.deployed(scan.relation));
  const [first] = scans;
  if (!first) return [];
  const { kind } = operation;
  if (kind === "addColumn") return ofColumn(operation, place);
  if (kind === "addUnique" || kind === "addPrimaryKey" || kind === "addExclusion")
    return [ofKey(operation, first, place)];
  if (kind === "addCheck") {
    const { name } = operation.constraint;
    const what = name === undefined ? "The CHECK" : `CHECK ${name}`;
    return [{ ...on(operation, place), reads: "check", what, name, column: undefined }];
  }
  if (kind === "setNotNull") {
    const found = on(operation, place, operation.column);
    // A CHECK that proves it would spare the scan, and a table that the history does not create may have one.
    const maybe = !isWhole(relationAt(place.catalog, found.relation));
    return [{ ...found, reads: "notNull", by: "column", columns: [operation.column], name: undefined, maybe }];
  }
  if (kind === "addNotNull") {
    const { name, column } = operation.constraint;
    const found = on(operation, place, column);
    return [{ ...found, reads: "notNull", by: "constraint", columns: [column], name, maybe: false }];
  }
  if (kind !== "alterDomain" || operation.action === "validate") return [];
  const tables = scans.map(({ relation }) => relation);
  const by = operation.action === "addCheck" ? "check" : "notNull";
  return [{ at: operation, relation: first.relation, objects: tables, reads: "domain", by, tables }];
}

function ofKey(
  operation: OperationOf<"addUnique" | "addPrimaryKey" | "addExclusion">,
  scan: Work,
  place: StepPlace,
): ConstraintScan {
  const found = on(operation, place);
  const maybe = scan.certainty === "maybe";
  const { name } = operation.constraint;
  const by = KEYS[operation.kind];
  const what = name === undefined ? `the ${by} constraint` : `${by} ${name}`;
  const partitioned = relationAt(place.catalog, found.relation)?.kind === "partitioned";
  const way = operation.kind === "addExclusion" ? "none" : partitioned ? "partitions" : "index";
  if (scan.kind === "index" || operation.kind === "addExclusion")
    return { ...found, reads: "index", by, what, column: undefined, maybe, way };
  const columns = place.effects.failures.find(({ kind }) => kind === "nulls")?.columns ?? [];
  return { ...found, reads: "notNull", by: "primaryKey", columns, name, maybe };
}

function ofColumn(operation: OperationOf<"addColumn">, place: StepPlace): ConstraintScan[] {
  const { relation } = on(operation, place);
  const column = operation.column.name;
  return operation.column.constraints.flatMap((constraint): ConstraintScan[] => {
    const { type } = constraint;
    const found = { at: constraint, relation, objects: [`${relation}.${column}`], column };
    if (type === "check" && !constraint.notValid && !constraint.notEnforced)
      return [{ ...found, reads: "check", what: `The CHECK of the new column ${column}`, name: undefined }];
    if (type === "unique" || type === "primaryKey")
      return [
        { ...found, reads: "index", by: KEYS[type], what: `the new column ${column}`, maybe: false, way: "column" },
      ];
    return [];
  });
}

function on(operation: Extract<Operation, { readonly table: Name }>, { catalog }: StepPlace, column?: string) {
  const relation = resolve(catalog, operation.table);
  return { at: operation, relation, objects: [column === undefined ? relation : `${relation}.${column}`] };
}
