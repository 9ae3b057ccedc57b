import { type Catalog, type Relation, relationAt } from "./catalog.ts";
import { SYSTEM_COLUMNS, isDoubtful, isWhole } from "./presence.ts";
import { withChildren } from "./relatives.ts";
import type { Refusal } from "./typing/refusal.ts";

/** What comes below what in partitioning and inheritance, and what PostgreSQL refuses there whatever the rows are. */
export interface Link {
  readonly kind: "inherit" | "noInherit" | "attachPartition" | "detachPartition";
  readonly parent: string;
  readonly child: string;
}

/** As far as the history makes both; https://www.postgresql.org/docs/current/sql-altertable.html */
export function linkRefusal(catalog: Catalog, { kind, parent: above, child: below }: Link): Refusal | undefined {
  const [parent, child] = [sureTable(catalog, above), sureTable(catalog, below)];
  if (!parent || !child) return undefined;
  switch (kind) {
    case "inherit":
      return (
        unchangeable(catalog, child) ??
        heirless(catalog, parent) ??
        circular(catalog, parent, child) ??
        (child.parents.has(parent.id)
          ? refused("42P07", `relation "${parent.name}" would be inherited from more than once`)
          : undefined) ??
        lacking(parent, child)
      );
    case "noInherit":
      return (
        (isPartition(catalog, child) ? unchangeable(catalog, child) : undefined) ??
        (child.parents.has(parent.id)
          ? undefined
          : refused("42P01", `relation "${parent.name}" is not a parent of relation "${child.name}"`))
      );
    case "attachPartition":
      return (
        unpartitioned(parent) ??
        unattachable(catalog, child) ??
        circular(catalog, parent, child) ??
        lacking(parent, child) ??
        lacking(child, parent, "partition")
      );
    case "detachPartition":
      return (
        unpartitioned(parent) ??
        (child.parents.has(parent.id)
          ? undefined
          : refused("42P01", `relation "${child.name}" is not a partition of relation "${parent.name}"`))
      );
  }
}

/** The same of a table that is made below another. */
export function belowRefusal(catalog: Catalog, kind: "inherits" | "partitionOf", above: string): Refusal | undefined {
  const parent = sureTable(catalog, above);
  if (!parent) return undefined;
  return kind === "inherits" ? heirless(catalog, parent) : unpartitioned(parent);
}

const refused = (sqlstate: string, message: string): Refusal => ({ sqlstate, message, about: "command" });

function sureTable(catalog: Catalog, id: string): Relation | undefined {
  const table = relationAt(catalog, id);
  const isTable = table?.kind === "table" || table?.kind === "partitioned";
  return isTable && isWhole(table) && !isDoubtful(catalog, id) ? table : undefined;
}

const isPartition = (catalog: Catalog, { parents }: Relation): boolean =>
  [...parents].some((each) => relationAt(catalog, each)?.kind === "partitioned");

function circular(catalog: Catalog, parent: Relation, child: Relation): Refusal | undefined {
  return withChildren(catalog, child).includes(parent)
    ? refused("42P07", "circular inheritance not allowed")
    : undefined;
}

function unchangeable(catalog: Catalog, child: Relation): Refusal | undefined {
  if (isPartition(catalog, child)) return refused("42809", "cannot change inheritance of a partition");
  return child.kind === "partitioned" ? refused("42809", "cannot change inheritance of partitioned table") : undefined;
}

function heirless(catalog: Catalog, parent: Relation): Refusal | undefined {
  if (parent.kind === "partitioned") return refused("42809", `cannot inherit from partitioned table "${parent.name}"`);
  return isPartition(catalog, parent) ? refused("42809", `cannot inherit from partition "${parent.name}"`) : undefined;
}

function unpartitioned(parent: Relation): Refusal | undefined {
  return parent.kind === "partitioned" ? undefined : refused("42809", `"${parent.name}" is not partitioned`);
}

function unattachable(catalog: Catalog, child: Relation): Refusal | undefined {
  if (isPartition(catalog, child)) return refused("42809", `"${child.name}" is already a partition`);
  if (child.parents.size > 0) return refused("42809", "cannot attach inheritance child as partition");
  return child.kind === "table" && child.children.size > 0
    ? refused("42809", "cannot attach inheritance parent as partition")
    : undefined;
}

function lacking(from: Relation, to: Relation, extra?: "partition"): Refusal | undefined {
  const missing = [...from.columns.keys()].find((name) => !to.columns.has(name) && !SYSTEM_COLUMNS.has(name));
  if (missing === undefined) return undefined;
  return refused(
    "42804",
    extra
      ? `table "${from.name}" contains column "${missing}" not found in parent "${to.name}"`
      : `child table is missing column "${missing}"`,
  );
}
