import { type OperationContext, defineRule, resolve } from "../../src/index.ts";
import { columnOf, isNew } from "../../src/rule-kit.ts";

export default defineRule({
  id: "required-column-not-written",
  title: "A new column is required, and running code does not write it",
  category: "compatibility",
  severity: "error",
  since: "0.2.0",
  messages: {
    dropped:
      "{column} of {table} is new and loses its default here: running code does not write it, so each of its INSERTs fails until the new code runs everywhere.",
    required:
      "{column} of {table} is new and required here, without a default: running code does not write it, so each of its INSERTs fails until the new code runs everywhere.",
  },
  help: "Keep a default until no running code is left that does not know the column, and take it away in a later deployment.",
  on: {
    dropDefault(operation, context) {
      if (newIn(operation, context)?.notNull !== true) return;
      const objects = [resolve(context.catalog, operation.table)];
      context.report({ at: operation, message: "dropped", data: named(operation), objects });
    },
    setNotNull(operation, context) {
      const column = newIn(operation, context);
      const filled =
        column?.identity === true || column?.generated !== undefined || /serial$/.test(column?.type?.name ?? "");
      if (!column || filled || column.default !== undefined) return;
      const given = context
        .after()
        .some(({ operation: next }) => next.kind === "setDefault" && next.column === operation.column);
      const objects = [resolve(context.catalog, operation.table)];
      if (!given) context.report({ at: operation, message: "required", data: named(operation), objects });
    },
  },
});

interface OnColumn {
  readonly table: { readonly schema?: string | undefined; readonly name: string };
  readonly column: string;
  readonly body?: unknown;
}

/** The column, where this deployment adds it to a table that is there already. */
function newIn({ table, column, body }: OnColumn, { catalog, deployed }: OperationContext) {
  const id = resolve(catalog, table);
  const known = columnOf(catalog, id, column);
  return body === undefined && deployed(id) && isNew(catalog, known) ? known : undefined;
}

const named = ({ table, column }: OnColumn): { readonly column: string; readonly table: string } => ({
  column,
  table: table.name,
});
