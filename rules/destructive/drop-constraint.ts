import { defineRule, relationName } from "../../src/index.ts";
import { lostGuard, DOUBTS } from "../../src/rule-kit.ts";

export default defineRule({
  id: "drop-constraint",
  title: "A constraint that guards the data is given up",
  category: "destructive",
  severity: "warning",
  since: "0.1.0",
  messages: {
    foreignKey:
      "Foreign key {name} of {table} is dropped: from then on {columns} may point at rows of {parent} that do not exist, and deleting there leaves orphans.",
    unique:
      "{table} loses the unique {kind} {name}: from then on {columns} may repeat, and a single duplicate keeps it from coming back.",
    widened:
      "{columns} of {table} may repeat from then on: {added} takes the place of the unique {kind} {name} and covers {covered}.",
    unknown: "Constraint {name} of {table} is dropped: what it guarded is not guarded any more.",
  },
  help: "If another constraint takes its place, add that one in the same migration. If it is really meant, say so in a suppression; to get it back later the rows have to be cleaned first.",
  on: {
    operation(operation, context) {
      const lost = lostGuard(operation, context);
      if (!lost) return;
      const { relation, name } = lost;
      const common = { at: operation, objects: [`${relation}.${name}`] };
      const names = { name, table: relationName(relation) };
      if (lost.guard === "unknown") {
        context.report({ ...common, message: "unknown", data: names, maybe: DOUBTS.constraint });
        return;
      }
      const data = { ...names, columns: lost.columns.join(", ") };
      if (lost.guard === "foreignKey")
        context.report({ ...common, message: "foreignKey", data: { ...data, parent: relationName(lost.parent) } });
      else if (lost.widened)
        context.report({
          ...common,
          message: "widened",
          data: { ...data, ...lost.widened, kind: lost.by },
          severity: "info",
        });
      else context.report({ ...common, message: "unique", data: { ...data, kind: lost.by } });
    },
  },
});
