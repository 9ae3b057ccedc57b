import { defineRule } from "../../src/index.ts";
import { isNew, resolveType, typeOf } from "../../src/rule-kit.ts";

export default defineRule({
  id: "rename-enum-value",
  title: "An enum value is renamed under running code",
  category: "compatibility",
  severity: "error",
  since: "0.2.0",
  messages: {
    renamed:
      "{value} of {type} is renamed to {to}: running code that sends {value} is refused (22P02), and its Prisma Client cannot read {to}.",
  },
  help: "Add the new value, deploy code that knows both, move the rows, and drop the old value later. Where only the name in code has to change, map it in schema.prisma with @map and leave the database alone.",
  on: {
    renameEnumValue(operation, { catalog, deployed, report }) {
      const type = resolveType(catalog, operation.type);
      // What this deployment makes nobody uses yet.
      const birth = typeOf(catalog, operation.type)?.added.get(operation.value);
      if (operation.body || !deployed(type) || isNew(catalog, { birth })) return;
      report({
        at: operation,
        message: "renamed",
        data: { value: operation.value, to: operation.to, type: operation.type.name },
        objects: [type],
      });
    },
  },
});
