import { defineRule, relationName, relationSql } from "../../src/index.ts";
import { doubtOf } from "../../src/rule-kit.ts";

export default defineRule({
  id: "partition-bound-over-existing-rows",
  title: "Existing rows may lie on the wrong side of a partition's bound",
  category: "integrity",
  severity: "warning",
  since: "0.2.0",
  messages: {
    attached:
      "Every existing row of {partition} has to lie inside the bound that it gets in {table}: one that does not and the statement fails ({sqlstate}).",
    default:
      "No existing row of the default partition {partition} may belong in the new one: one that does and the statement fails ({sqlstate}).",
  },
  help: "Count the rows of {sql} outside of the bound first: SELECT count(*) FROM {sql} WHERE … . A CHECK that says what the bound says, added NOT VALID and validated before, shows them without the lock.",
  on: {
    operation(operation, context) {
      for (const { kind, relation, parent, certainty, preparation, sqlstate } of context.effects.failures) {
        // With a validated CHECK there the bound is taken to be proven.
        if (kind !== "partitionBound" || certainty === "maybe" || preparation.verdict === "done") continue;
        if (!context.deployed(relation)) continue;
        const data = { partition: relationName(relation), sql: relationSql(relation), sqlstate };
        const common = {
          at: operation,
          objects: [relation],
          maybe: doubtOf({ certainty, preparation }),
        };
        if (parent !== undefined)
          context.report({ ...common, message: "attached", data: { ...data, table: relationName(parent) } });
        else context.report({ ...common, message: "default", data, help: MOVE });
      }
    },
  },
});

const MOVE =
  "Count the rows of {sql} that belong in the new partition first. Where there are any, create the table by itself, move them over with a DELETE … RETURNING and INSERT in one transaction, and attach it then.";
