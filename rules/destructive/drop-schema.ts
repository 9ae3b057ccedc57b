import { defineRule, relationName } from "../../src/index.ts";

const DEPENDENT_OBJECTS_STILL_EXIST = "2BP01";

export default defineRule({
  id: "drop-schema",
  title: "A schema is dropped with everything in it",
  category: "destructive",
  severity: "error",
  since: "0.1.0",
  messages: {
    cascade: "DROP SCHEMA … CASCADE drops schema {schema} with every table, view, type and function in it.",
    tables: "DROP SCHEMA … CASCADE drops schema {schema} with everything in it, {count} by the history: {tables}.",
    notEmpty: "Schema {schema} is not empty, so that this statement fails ({sqlstate}). It still holds {tables}.",
  },
  help: "Drop what is meant by its name, one object at a time, and the schema last and without CASCADE: then PostgreSQL refuses if something was forgotten.",
  on: {
    dropSchema(operation, context) {
      if (
        context.before.some(
          (step) =>
            step.operation.kind === "createSchema" &&
            step.operation.name === operation.name &&
            !step.operation.ifNotExists,
        )
      )
        return;
      const inside = [...context.catalog.relations.values()].filter(
        (relation) => relation.schema === operation.name && relation.kind !== "sequence",
      );
      const names = inside.map((relation) => relationName(relation.id));
      const tables =
        names.length > 6 ? `${names.slice(0, 6).join(", ")} and ${names.length - 6} more` : names.join(", ");
      const data = { schema: operation.name, tables };
      const count = inside.length === 1 ? "one relation" : `${inside.length} relations`;
      const objects = [operation.name, ...inside.map((relation) => relation.id)];
      if (operation.cascade && inside.length > 0)
        context.report({ at: operation, message: "tables", data: { ...data, count }, objects });
      else if (operation.cascade)
        context.report({ at: operation, message: "cascade", data: { schema: operation.name }, objects });
      else if (inside.length > 0)
        context.report({
          at: operation,
          message: "notEmpty",
          data: { ...data, sqlstate: DEPENDENT_OBJECTS_STILL_EXIST },
          objects,
        });
    },
  },
});
