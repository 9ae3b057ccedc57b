import { type Operation, defineRule, relationName, resolve } from "../../src/index.ts";
import { createdAs, dropOf, relationAt } from "../../src/rule-kit.ts";

export default defineRule({
  id: "table-without-primary-key",
  title: "A table has no primary key",
  category: "history",
  severity: "off",
  since: "0.2.0",
  messages: {
    none: "{table} has no primary key: once it is in a publication, every UPDATE and DELETE of it fails (55000), since logical replication cannot tell its rows apart.",
  },
  help: "Give it one, an identity column where nothing else is unique; or name the unique index that does instead: ALTER TABLE … REPLICA IDENTITY USING INDEX ….",
  on: {
    createTable(operation, { after, catalog, report }) {
      const { persistence, foreign, partitionOf, of, like, as, inherits } = operation;
      // A copy of rows is for a while; what a table has from others the statement does not say.
      const isOther =
        foreign ||
        partitionOf !== undefined ||
        of !== undefined ||
        as !== undefined ||
        like.length + inherits.length > 0;
      if (persistence !== "permanent" || isOther || operation.body) return;
      const id = createdAs(catalog, operation.table);
      const there = operation.ifNotExists && relationAt(catalog, id) !== undefined;
      const own = [...operation.constraints, ...operation.columns.flatMap(({ constraints }) => constraints)];
      if (there || own.some(({ type }) => type === "primaryKey")) return;
      const steps = after();
      const identified = steps.some(
        ({ operation: next }) =>
          identifies(next) && "table" in next && next.table && resolve(catalog, next.table) === id,
      );
      if (identified || dropOf(catalog, steps, id)) return;
      report({ at: operation, message: "none", data: { table: relationName(id) }, objects: [id] });
    },
  },
});

/** Gives a table what its rows are told apart by. */
function identifies(operation: Operation): boolean {
  if (operation.kind === "addColumn") return operation.column.constraints.some(({ type }) => type === "primaryKey");
  return (
    operation.kind === "addPrimaryKey" || (operation.kind === "alterTable" && operation.action === "replicaIdentity")
  );
}
