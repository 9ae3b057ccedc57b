import { defineRule, relationName } from "../../src/index.ts";
import { counted, columnOf, typeOf, typeSql, doubtOf } from "../../src/rule-kit.ts";

export default defineRule({
  id: "enum-cast-over-existing-rows",
  title: "Values become an enum that may not have them all",
  category: "integrity",
  severity: "warning",
  since: "0.2.0",
  messages: {
    labels:
      "{table}.{column} becomes {type}, which has {labels}: one other value in it and the statement fails ({sqlstate}).",
  },
  help: "Run the query: values that it counts have to be mapped to a label, in the USING or by an UPDATE before, or the enum needs a label for them. Capitals and blanks count.",
  on: {
    alterColumnType(operation, context) {
      const failure = context.effects.failures.find(({ kind }) => kind === "enumValueInUse");
      if (!failure || failure.preparation.verdict === "done" || !context.deployed(failure.relation)) return;
      const { type } = columnOf(context.catalog, failure.relation, operation.column) ?? {};
      const old = type && typeOf(context.catalog, type);
      // From one enum to another: enum-value-removed says which labels go.
      if (old?.kind === "enum" && operation.type.array === 0) return;
      const labels = typeOf(context.catalog, operation.type)?.values ?? [];
      context.report({
        at: operation,
        message: "labels",
        data: {
          table: relationName(failure.relation),
          column: operation.column,
          type: typeSql(operation.type),
          sqlstate: failure.sqlstate,
          labels: labels.length > 6 ? `${labels.length} labels` : labels.join(", "),
        },
        objects: [`${failure.relation}.${operation.column}`],
        maybe: doubtOf(failure),
        ...(failure.countQuery === undefined && {
          help: "Other values have to be mapped to a label, in the USING or by an UPDATE before, or the enum needs a label for them. Capitals and blanks count." as const,
        }),
        queries: counted(failure, "Rows with another value"),
      });
    },
  },
});
