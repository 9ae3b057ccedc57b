import { defineRule, relationName, relationSql } from "../../src/index.ts";
import { NO_EQUALITY, asked, columnOf, rows, typeSql, DOUBTS } from "../../src/rule-kit.ts";

export default defineRule({
  id: "narrowing-type-change",
  title: "A type change can fail on a value or lose part of it",
  category: "integrity",
  severity: "error",
  since: "0.1.0",
  messages: {
    fails: "{table}.{column} changes {change}: one value that does not fit and the statement fails ({sqlstate}).",
    loses:
      "{table}.{column} becomes {type}: PostgreSQL cuts or rounds values that do not fit, without an error, and nothing brings them back.",
    refused: "{table}.{column} cannot change {change}: PostgreSQL refuses the statement ({sqlstate}).",
  },
  help: "Look for values that do not fit before. Safer: a new column of the new type, filled and checked, then the switch; for a wider type there is nothing to do.",
  on: {
    alterColumnType(operation, context) {
      const cast = context.effects.failures.find((failure) => failure.kind === "cast" || failure.kind === "refused");
      const loses = context.effects.losses.some((loss) => loss.kind === "precision");
      const relation = cast?.relation ?? context.effects.locks[0]?.relation;
      if (relation === undefined || !context.deployed(relation) || (cast?.preparation.verdict === "done" && !loses))
        return;
      const names = { table: relationName(relation), column: operation.column };
      const data = { ...names, change: cast?.detail ?? "", sqlstate: cast?.sqlstate ?? "" };
      const objects = [`${relation}.${operation.column}`];
      const { catalog } = context;
      const { type } = columnOf(catalog, relation, operation.column) ?? {};
      const form = type && NO_EQUALITY.has(type.name) ? "as text" : "as it is";
      const values = rows.mostFrequent(relationSql(relation), operation.column, form);
      const queries = asked(catalog, relation, [operation.column], "Its values", values);
      if (cast?.kind === "refused")
        context.report({
          at: operation,
          message: "refused",
          data,
          objects,
          help: "Say how to convert it: USING with a cast or an expression. A default of the old type has to be dropped first.",
        });
      else if (cast && cast.preparation.verdict !== "done")
        context.report({
          at: operation,
          message: "fails",
          data,
          objects,
          maybe: cast.certainty === "maybe" && DOUBTS.oldType,
          queries,
        });
      else if (loses)
        context.report({
          at: operation,
          message: "loses",
          data: { ...names, type: typeSql(operation.type) },
          objects,
          queries,
        });
    },
  },
});
