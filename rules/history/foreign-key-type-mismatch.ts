import { defineRule, relationName } from "../../src/index.ts";
import { narrowKeys } from "../../src/rule-kit.ts";

export default defineRule({
  id: "foreign-key-type-mismatch",
  title: "A foreign key cannot hold every key that it points at",
  category: "history",
  severity: "info",
  since: "0.2.0",
  messages: {
    narrow:
      "{column} of {table} is {type}, and {parentColumn} of {parent}, which it points at, is {parentType}: PostgreSQL takes that, and from key {first} on no row of {table} can point at it (22003).",
  },
  help: "Give both columns one type. {column} gets its type as long as that is quick: to change it later rewrites {table}.",
  on: {
    operation(operation, context) {
      for (const { at, relation, parent, column, parentColumn, type, parentType } of narrowKeys(operation, context))
        context.report({
          at,
          message: "narrow",
          data: {
            column,
            parentColumn,
            type,
            parentType,
            table: relationName(relation),
            parent: relationName(parent),
            first: type === "smallint" ? "32,768" : "2,147,483,648",
          },
          objects: [relation, parent],
        });
    },
  },
});
