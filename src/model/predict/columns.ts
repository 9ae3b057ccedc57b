import { columnUsers } from "../column-users.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { indexesOf, reached, referencing, viewsOn, withChildren } from "../relatives.ts";
import { LOCKS } from "../postgres/locks.ts";
import { expressions, mentionedColumns } from "../queries.ts";
import { nullCount, rowCount } from "./counts.ts";
import { type Builder, heaps } from "./builder.ts";
import { newColumnFails } from "./checks.ts";
import { domainOf, volatility } from "./volatility.ts";
import type { Expression } from "../../sql/expression.ts";
import { FUNCTIONS_SINCE } from "../postgres/versions.ts";
import { viewsUsing } from "../views.ts";
import { isWhole } from "../presence.ts";

/** Effects of ALTER TABLE … COLUMN. */

export function addColumn(e: Builder, operation: OperationOf<"addColumn">): void {
  const { catalog } = e;
  const table = e.assumed(e.id(operation.table));
  const { column } = operation;
  const all = withChildren(catalog, table);
  for (const each of all) e.lock(each.id, LOCKS.addColumn, { partner: each !== table });
  if (table.columns.has(column.name)) return;
  if (operation.only && table.children.size > 0) {
    e.fail({
      kind: "refused",
      relation: table.id,
      columns: [column.name],
      sqlstate: "42P16",
      certainty: "sure",
      detail: "a column has to be added to the child tables too",
    });
    return;
  }
  const young = functionTooYoung(column.default, e.context.postgres);
  if (young)
    e.fail({
      kind: "refused",
      relation: table.id,
      columns: [column.name],
      sqlstate: "42883",
      certainty: "sure",
      detail: young,
    });
  const why = rewriteReason(e, operation);
  for (const each of heaps(all)) {
    if (why) {
      e.rewrite(each.id, why.reason, why.certainty);
      e.scan(each.id, "rewrite", why.reason, { certainty: why.certainty });
    }
    const defaultsToNull = column.default?.kind === "literal" && column.default.value === null;
    const filled =
      (column.default !== undefined && !defaultsToNull) ||
      column.identity !== undefined ||
      column.generated !== undefined ||
      /serial$/.test(column.type.name);
    if (column.notNull && !filled && domainOf(catalog, column.type)?.constrained !== true) {
      e.scan(each.id, "check", `see that ${column.name} has no NULL`);
      e.fail({
        kind: "nulls",
        relation: each.id,
        columns: [column.name],
        sqlstate: "23502",
        ...rowCount(e, each.id),
        demand: { kind: "atMost", rows: 0 },
      });
    }
    for (const constraint of column.constraints) {
      if (constraint.type === "check" && !constraint.notValid && !constraint.notEnforced) {
        e.scan(each.id, "check", `check every row against ${constraint.name ?? "the constraint"}`);
        newColumnFails(e, each, column, constraint);
      } else if (constraint.type === "unique" || constraint.type === "primaryKey") {
        e.scan(each.id, "index", `build the index of ${column.name}`);
        // Without a default all values are NULL, which are distinct.
        const repeats =
          constraint.type === "primaryKey" ||
          (column.default !== undefined &&
            !/serial$/.test(column.type.name) &&
            volatility(catalog, column.default) === "stable");
        if (repeats && column.identity === undefined && !/serial$/.test(column.type.name)) {
          e.fail({
            kind: "duplicates",
            relation: each.id,
            columns: [column.name],
            sqlstate: "23505",
            ...rowCount(e, each.id),
            detail: "every row would have the same value",
            demand: { kind: "atMost", rows: 1 },
          });
        }
      }
    }
  }
  for (const constraint of column.constraints) {
    if (constraint.type !== "foreignKey") continue;
    const parent = e.id(constraint.parent);
    e.lock(parent, LOCKS.referencedTable, { partner: parent !== table.id });
    // With all values NULL there is nothing to check, and PostgreSQL does not look.
    if (column.default === undefined || constraint.notValid || constraint.notEnforced) continue;
    e.scan(table.id, "foreignKey", "check every row of the foreign key");
    e.scan(parent, "foreignKey", "look up the foreign key's rows", { lookedUp: true });
    e.fail({
      kind: "orphans",
      relation: table.id,
      columns: [column.name],
      parent,
      parentColumns: constraint.parentColumns,
      sqlstate: "23503",
      certainty: "rows",
    });
  }
}

/** A function that the server does not have yet. */
function functionTooYoung(expression: Expression | undefined, postgres: number): string | undefined {
  for (const each of expressions(expression))
    if (each.kind === "call" && (FUNCTIONS_SINCE[each.name] ?? 0) > postgres)
      return `${each.name}() comes with PostgreSQL ${FUNCTIONS_SINCE[each.name]}`;
  return undefined;
}

function rewriteReason(
  e: Builder,
  { column }: OperationOf<"addColumn">,
): { reason: string; certainty: "sure" | "maybe" } | undefined {
  if (/serial$/.test(column.type.name)) return { reason: `number every row for ${column.name}`, certainty: "sure" };
  if (column.identity) return { reason: `number every row for ${column.name}`, certainty: "sure" };
  if (column.generated)
    return column.generated.stored ? { reason: `compute ${column.name} for every row`, certainty: "sure" } : undefined;
  if (domainOf(e.catalog, column.type)?.constrained)
    return { reason: `check the domain of ${column.name} for every row`, certainty: "sure" };
  if (column.default === undefined) return undefined;
  const kind = volatility(e.catalog, column.default);
  if (kind === "stable") return undefined;
  return {
    reason: `compute the default of ${column.name} for every row`,
    certainty: kind === "volatile" ? "sure" : "maybe",
  };
}

export function dropColumn(e: Builder, operation: OperationOf<"dropColumn">): void {
  const table = e.assumed(e.id(operation.table));
  const name = operation.column;
  // ONLY still changes the children: the column is theirs alone from then on.
  const all = operation.only
    ? [table, ...[...table.children].map((child) => e.assumed(child))]
    : withChildren(e.catalog, table);
  for (const each of all) e.lock(each.id, LOCKS.dropColumn, { partner: each !== table });
  const column = table.columns.get(name);
  if (operation.ifExists && !column && isWhole(table)) return;
  for (const each of all)
    e.loss({ kind: "column", relation: each.id, name, data: column?.generated === undefined, along: each !== table });
  for (const constraint of table.constraints.values()) {
    if (!constraint.columns.includes(name)) continue;
    if (constraint.type === "foreignKey" && constraint.parent && constraint.parent !== table.id)
      e.lock(constraint.parent, LOCKS.dropConstraint, { partner: true });
    if (constraint.type !== "notNull")
      e.loss({ kind: "constraint", relation: table.id, name: constraint.name, data: false, along: true });
  }
  for (const index of indexesOf(e.catalog, table)) {
    if (
      index.constraint === undefined &&
      (index.columns.includes(name) || index.include.includes(name) || index.mentions.includes(name))
    )
      e.loss({ kind: "index", relation: table.id, name: index.name, data: false, along: true });
  }
  for (const { table: other, constraint } of referencing(e.catalog, table.id)) {
    if (!constraint.parentColumns?.includes(name)) continue;
    if (operation.cascade) {
      e.lock(other.id, LOCKS.dropConstraint, { partner: true });
      e.loss({ kind: "constraint", relation: other.id, name: constraint.name, data: false, along: true });
    } else
      e.fail({
        kind: "dependents",
        relation: table.id,
        columns: [name],
        sqlstate: "2BP01",
        certainty: "sure",
        detail: `foreign key ${constraint.name} of ${other.name} points at it`,
      });
  }
  for (const view of viewsUsing(e.catalog, table, name)) {
    if (operation.cascade) {
      for (const { id } of [view, ...viewsOn(e.catalog, view.id)]) e.lock(id, LOCKS.dropView, { partner: true });
      e.loss({ kind: "view", relation: view.id, data: view.kind === "materializedView", along: true });
    } else
      e.fail({
        kind: "dependents",
        relation: table.id,
        columns: [name],
        sqlstate: "2BP01",
        certainty: "sure",
        detail: `view ${view.name} reads it`,
      });
  }
  for (const other of table.columns.values()) {
    if (other.generated && mentionedColumns(other.generated.expression).includes(name) && !operation.cascade) {
      e.fail({
        kind: "dependents",
        relation: table.id,
        columns: [name],
        sqlstate: "2BP01",
        certainty: "sure",
        detail: `generated column ${other.name} is computed from it`,
      });
    }
  }
  if (!operation.cascade)
    for (const { what } of columnUsers(e.catalog, table, name))
      e.fail({
        kind: "dependents",
        relation: table.id,
        columns: [name],
        sqlstate: "2BP01",
        certainty: "sure",
        detail: `${what} depends on it`,
      });
  e.breaks({
    kind: "column",
    relation: table.id,
    name,
    sentence: `Code that still selects ${name} fails: Prisma Client names every column of a model in its queries.`,
  });
}

export function setNotNull(e: Builder, operation: OperationOf<"setNotNull">): void {
  const table = e.assumed(e.id(operation.table));
  const name = operation.column;
  for (const each of withChildren(e.catalog, table)) {
    e.lock(each.id, LOCKS.setNotNull, { partner: each !== table });
    if (each.kind === "partitioned") continue;
    const column = each.columns.get(name);
    if (column?.notNull === true) continue;
    const proof = [...each.constraints.values()].find(
      (constraint) =>
        constraint.type === "check" &&
        constraint.validated &&
        constraint.expression &&
        provesNotNull(constraint.expression, name),
    );
    if (proof) continue;
    e.scan(each.id, "check", `see that ${name} has no NULL`);
    e.fail({
      kind: "nulls",
      relation: each.id,
      columns: [name],
      sqlstate: "23502",
      // A table that the history does not create may have the CHECK that spares the scan.
      certainty: isWhole(each) ? "rows" : "maybe",
      ...nullCount(e, each.id, [name]),
    });
  }
}

/** Whether a CHECK says that the column is not NULL: by itself or as one side of an AND. */
function provesNotNull(expression: Expression, column: string): boolean {
  if (expression.kind === "and") return expression.args.some((arg) => provesNotNull(arg, column));
  return (
    expression.kind === "isNull" &&
    expression.negated &&
    expression.arg.kind === "column" &&
    expression.arg.column === column
  );
}

/** ALTER COLUMN actions that change the catalog alone. */
export function alterColumn(
  e: Builder,
  operation: OperationOf<
    "setDefault" | "dropDefault" | "dropNotNull" | "dropExpression" | "addIdentity" | "setIdentity" | "dropIdentity"
  >,
): void {
  const id = e.id(operation.table);
  const table = e.assumed(id);
  if (table.kind === "view") {
    e.lock(id, LOCKS[operation.kind]);
    return;
  }
  for (const each of reached(e.catalog, table, operation))
    e.lock(each.id, LOCKS[operation.kind], { partner: each !== table });
  if (operation.kind === "dropDefault" && table.columns.get(operation.column)?.notNull === true) {
    e.breaks({
      kind: "default",
      relation: id,
      name: operation.column,
      sentence: `Code that inserts without ${operation.column} fails: the column is required and its default is gone.`,
    });
  }
  if (operation.kind === "dropNotNull")
    e.breaks({
      kind: "notNull",
      relation: id,
      name: operation.column,
      sentence: `Code that reads ${operation.column} may meet NULL.`,
    });
}

export function setExpression(e: Builder, operation: OperationOf<"setExpression">): void {
  const table = e.assumed(e.id(operation.table));
  e.lock(table.id, LOCKS.setExpression);
  if (table.columns.get(operation.column)?.generated?.stored === false) return;
  e.rewrite(table.id, `recompute ${operation.column}`);
  e.scan(table.id, "rewrite", `recompute ${operation.column}`);
}

export function renameColumn(e: Builder, operation: OperationOf<"renameColumn">): void {
  if (operation.object === "compositeType") return;
  const table = e.assumed(e.id(operation.table), operation.object === "table" ? "table" : operation.object);
  for (const each of withChildren(e.catalog, table)) e.lock(each.id, LOCKS.renameColumn, { partner: each !== table });
  e.breaks({
    kind: "column",
    relation: table.id,
    name: operation.column,
    sentence: `Code that still uses the name ${operation.column} fails.`,
  });
}
