import type { Change, Expression } from "../../sql/expression.ts";
import { type Relation, isUnfilled, relationAt, relationNamed } from "../catalog.ts";
import type { RelationId } from "../effects.ts";
import { deepExpressions, queryTables, subqueries } from "../queries.ts";
import { foreignKeys } from "../relatives.ts";
import type { Builder } from "./builder.ts";
import { orphanCount } from "./counts.ts";

/** INSERT … SELECT into a table with a foreign key, from columns of a table that no such key holds: an orphan among them is refused. */
export function copiedKeys(e: Builder, table: Relation, change: Extract<Change, { kind: "insertRows" }>): void {
  const { query } = change;
  const [from, ...more] = query?.from ?? [];
  if (!query || query.combine || query.limit || from?.kind !== "table" || more.length > 0) return;
  const source = relationNamed(e.catalog, from.name);
  if (source?.kind !== "table" || source === table) return;
  const written = change.columns.length > 0 ? change.columns : [...table.columns.keys()];
  for (const key of foreignKeys(table)) {
    const { parent, parentColumns = [] } = key;
    // Without a row nothing can be copied into its child: that is a failure of its own.
    if (parent === undefined || !key.enforced || isUnfilled(e.catalog, relationAt(e.catalog, parent))) continue;
    const columns = key.columns.map((name) => plainColumn(query.targets[written.indexOf(name)]?.value));
    if (!columns.every((name) => name !== undefined && source.columns.has(name))) continue;
    const names = columns.flatMap((name) => name ?? []);
    if (points(source, names, parent, parentColumns) || picks(e, query.where, parent)) continue;
    e.fail({
      kind: "orphans",
      relation: source.id,
      columns: names,
      parent,
      parentColumns,
      sqlstate: "23503",
      detail: key.name,
      ...orphanCount(e, source.id, names, parent, parentColumns),
    });
  }
}

function plainColumn(value: Expression | undefined): string | undefined {
  if (value?.kind === "cast") return plainColumn(value.arg);
  return value?.kind === "column" ? value.column : undefined;
}

/** Each value of these columns has its row in the parent: they are its key, or a foreign key of theirs says so. */
function points(
  source: Relation,
  columns: readonly string[],
  parent: RelationId,
  parentColumns: readonly string[],
): boolean {
  if (source.id === parent && columns.every((name, i) => name === parentColumns[i])) return true;
  return foreignKeys(source).some(
    (key) =>
      key.parent === parent &&
      key.validated &&
      key.enforced &&
      key.columns.length === columns.length &&
      columns.every((name, i) => key.parentColumns?.[key.columns.indexOf(name)] === parentColumns[i]),
  );
}

/** Whether the condition looks into the parent: then it is taken to pick the rows that have one. */
const picks = (e: Builder, where: Expression | undefined, parent: RelationId): boolean =>
  [...deepExpressions(where)].some((part) =>
    subqueries(part).some((query) => queryTables(query).some((name) => e.id(name) === parent)),
  );
