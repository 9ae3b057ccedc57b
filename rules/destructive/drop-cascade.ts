import { type Loss, defineRule, relationName } from "../../src/index.ts";
import { cascadeOf } from "../../src/rule-kit.ts";

export default defineRule({
  id: "drop-cascade",
  title: "CASCADE drops more than the statement names",
  category: "destructive",
  severity: "error",
  since: "0.1.0",
  messages: {
    along: "CASCADE drops more than {name}: {along} go with it.",
    one: "CASCADE drops more than {name}: {along} goes with it.",
    unknown:
      "CASCADE drops whatever depends on {name}: foreign keys, views, triggers or columns of other tables, without naming them.",
    owned: "DROP OWNED drops everything in this database that the role owns.",
  },
  help: "Leave CASCADE out and drop by name what has to go before it: then PostgreSQL refuses if something else depends on it.",
  on: {
    operation(operation, context) {
      const cascade = cascadeOf(operation, context);
      if (!cascade) return;
      const { target: name, relation, along, known } = cascade;
      const at = operation;
      const texts = [...new Set(along.map(described))];
      const data = { name, along: texts.join(", ") };
      const objects = along.flatMap((loss) => loss.relation ?? []);
      if (operation.kind === "dropObject" && operation.object === "owned") context.report({ at, message: "owned" });
      else if (texts.length > 0) context.report({ at, message: texts.length === 1 ? "one" : "along", data, objects });
      else if (!known)
        context.report({
          at,
          message: "unknown",
          data: { name },
          objects: relation === undefined ? [] : [relation],
          maybe: "what depends on it, which the migrations do not show",
        });
    },
  },
});

function described({ kind, name, relation }: Loss): string {
  const table = relationName(relation ?? "");
  switch (kind) {
    case "view":
      return `view ${table}`;
    case "constraint":
    case "trigger":
      return `${kind} ${name} of ${table}`;
    case "column":
      return `column ${table}.${name} with its values`;
    default:
      return `${name ?? kind} of ${table}`;
  }
}
