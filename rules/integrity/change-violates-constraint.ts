import { type Operation, type OperationOf, defineRule, relationName, resolve } from "../../src/index.ts";
import { counted } from "../../src/rule-kit.ts";

export default defineRule({
  id: "change-violates-constraint",
  title: "A statement writes values that a constraint in force may refuse",
  category: "integrity",
  severity: "warning",
  since: "0.2.0",
  messages: {
    check:
      "{constraint} refuses values that this writes to {table}.{columns}: one such row and the statement fails ({sqlstate}).",
    unique:
      "This gives rows of {table} the same {columns}, which {constraint} keeps unique: two of them and the statement fails ({sqlstate}).",
    twice:
      "This gives two rows of {table} the same {columns}, which {constraint} keeps unique: the statement fails ({sqlstate}).",
    nothing: "This leaves {table}.{columns} without a value, which is required: the statement fails ({sqlstate}).",
    null: "What this writes to {table}.{columns} can be NULL, which the column does not take: one such row and the statement fails ({sqlstate}).",
    orphan:
      "{parent} is new and has no rows yet: the first key that this writes to {table}.{columns} and the statement fails ({sqlstate}, {constraint}).",
  },
  help: "Change the order or the values: what the constraint asks for has to be true after each statement, not at the end of the migration.",
  on: {
    operation(operation, { catalog, effects, deployed, report }) {
      if (!isChange(operation)) return;
      for (const failure of effects.failures) {
        const { kind, relation, certainty, preparation, parent } = failure;
        // What is wrong with rows that it copies is said of their table.
        if (relation !== resolve(catalog, operation.table)) continue;
        if (preparation.verdict === "done" || (certainty !== "sure" && !deployed(relation))) continue;
        const sure = certainty === "sure";
        const common = {
          at: operation,
          objects: [relation],
          // Whatever the rows are.
          ...(sure && { severity: "error" as const }),
          queries: counted(failure, "Values that more than one row would have"),
        };
        const place = {
          table: relationName(relation),
          columns: failure.columns.join(", "),
          sqlstate: failure.sqlstate,
        };
        const data = { ...place, constraint: failure.detail ?? "a constraint" };
        if (kind === "check") report({ ...common, message: "check", data });
        else if (kind === "duplicates") report({ ...common, message: sure ? "twice" : "unique", data });
        else if (kind === "nulls") report({ ...common, message: sure ? "nothing" : "null", data: place });
        else if (kind === "orphans" && parent !== undefined)
          report({ ...common, message: "orphan", data: { ...data, parent: relationName(parent) } });
      }
    },
  },
});

const isChange = (operation: Operation): operation is OperationOf<"insertRows" | "updateRows" | "mergeRows"> =>
  operation.kind === "insertRows" || operation.kind === "updateRows" || operation.kind === "mergeRows";
