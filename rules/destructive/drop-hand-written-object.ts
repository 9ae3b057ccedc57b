import { defineRule, relationName } from "../../src/index.ts";
import { handWrittenDrop } from "../../src/rule-kit.ts";

export default defineRule({
  id: "drop-hand-written-object",
  title: "Something that Prisma's schema cannot express is dropped",
  category: "destructive",
  severity: "error",
  since: "0.1.0",
  messages: {
    diff: "{what} of {table} was written by hand in {migration}: Prisma's schema cannot express it, so that its diff drops it without being asked.",
    byHand:
      "{what} of {table}, written by hand in {migration}, is dropped, and nothing puts it back: Prisma's schema does not know it.",
    view: "{what}, written by hand in {migration}, is dropped, and nothing puts it back: code that reads it fails.",
  },
  help: "If nobody meant it, take the statement out of the migration; the object stays, and Prisma does not mind. If it was meant, say so in a suppression.",
  on: {
    operation(operation, context) {
      const drop = handWrittenDrop(operation, context);
      if (!drop) return;
      const { kind, relation, what, migration } = drop;
      const table = relationName(relation);
      if (kind === "view") {
        const data = { what: `${what} ${table}`, migration };
        context.report({ at: operation, message: "view", severity: "warning", data, objects: [relation] });
        return;
      }
      const common = { at: operation, data: { what, table, migration }, objects: [`${relation}.${drop.name}`] };
      if (drop.byDiff) context.report({ ...common, message: "diff" });
      else context.report({ ...common, message: "byHand", severity: "warning" });
    },
  },
});
