import type { Operation } from "../sql/operation/index.ts";
import { dotted, type Name } from "../sql/names.ts";

/** Fields that hold a name or names of their own. */
const NAMES = ["type", "sequence", "view", "index", "function", "partition", "name", "tables"] as const;
/** Fields that hold something of the operation's table, as a name or as a definition with one. */
const PARTS = ["column", "constraint"] as const;

/**
 * What the operation names, unquoted and as written: `comments`, `comments.post_id`, `comments.comments_post_id_fkey`.
 * Names are not resolved here: that is what effects are for.
 */
export function objectsOf(operation: Operation): readonly string[] {
  const fields = operation as unknown as Readonly<Record<string, unknown>>;
  const objects: string[] = [];
  const table = nameIn(fields["table"]);
  if (table !== undefined) objects.push(table);
  for (const field of NAMES) {
    const value = fields[field];
    if (operation.kind === "alterColumnType" && field === "type") continue;
    if (operation.kind === "set" || operation.kind === "transaction") continue;
    for (const item of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      const name = nameIn(item);
      if (name !== undefined) objects.push(name);
    }
  }
  for (const field of PARTS) {
    const name = partName(fields[field]);
    if (name !== undefined) objects.push(table === undefined ? name : `${table}.${name}`);
  }
  const parent = operation.kind === "addForeignKey" ? nameIn(operation.constraint.parent) : undefined;
  if (parent !== undefined) objects.push(parent);
  return [...new Set(objects)];
}

function nameIn(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || !("name" in value)) return undefined;
  return dotted(value as Name);
}

function partName(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || !("name" in value)) return undefined;
  return typeof value.name === "string" ? value.name : undefined;
}
