import { type Loss, type Operation, defineRule, relationName, resolve } from "../../src/index.ts";
import { dropOf, dropOfColumn, resolveType } from "../../src/rule-kit.ts";

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
      if (
        !("cascade" in operation) ||
        !operation.cascade ||
        operation.kind === "dropSchema" ||
        operation.kind === "truncate"
      )
        return;
      const { catalog } = context;
      if (operation.kind === "dropObject" && operation.object === "owned") {
        context.report({ at: operation, message: "owned" });
        return;
      }
      const named = target(operation);
      const own = "table" in operation && operation.table ? resolve(catalog, operation.table) : undefined;
      if (own !== undefined && !context.deployed(own)) return;
      const after = context.after();
      const along = context.effects.losses.filter((loss) => {
        if (!loss.along || loss.kind === "index" || loss.kind === "table" || loss.relation === undefined) return false;
        // What belongs to the table or column itself goes with it anyway.
        if (loss.relation === own && (loss.kind === "constraint" || loss.kind === "column")) return false;
        if (!context.deployed(loss.relation) || dropOf(catalog, after, loss.relation)) return false;
        if (loss.kind === "column" && dropOfColumn(catalog, after, loss.relation, [loss.name ?? ""])) return false;
        return !after.some((step) => putsBack(step.operation, loss, (name) => resolve(catalog, name)));
      });
      const texts = [...new Set(along.map(describe))];
      if (texts.length > 0)
        context.report({
          at: operation,
          message: texts.length === 1 ? "one" : "along",
          data: { name: named, along: texts.join(", ") },
          objects: along.flatMap((loss) => loss.relation ?? []),
        });
      else if (!isKnown(operation, own, context.catalog))
        context.report({
          at: operation,
          message: "unknown",
          data: { name: named },
          objects: own === undefined ? [] : [own],
          maybe: true,
        });
    },
  },
});

type Cascading = Extract<Operation, { readonly cascade: boolean }>;
type Lookup = Parameters<typeof resolve>[0];

function target(operation: Cascading): string {
  switch (operation.kind) {
    case "dropTable":
      return operation.table.name;
    case "dropColumn":
      return `${operation.table.name}.${operation.column}`;
    case "dropConstraint":
      return operation.constraint;
    case "dropIndex":
      return operation.index.name;
    case "dropType":
      return operation.type.name;
    case "dropObject":
      return operation.name.name;
    case "truncate":
      return operation.table.name;
    case "dropSchema":
      return operation.name;
    default:
      return operation satisfies never;
  }
}

/** Whether the history shows everything that could depend on it: nobody else can tell from the text. */
function isKnown(operation: Cascading, own: string | undefined, catalog: Lookup): boolean {
  if (operation.kind === "dropIndex" || operation.kind === "truncate") return true;
  if (operation.kind === "dropType") return catalog.types.has(resolveType(catalog, operation.type));
  if (operation.kind === "dropObject") {
    if (operation.object === "extension") return false;
    if (operation.object === "function" || operation.object === "procedure")
      return catalog.functions.has(resolve(catalog, operation.name));
    return (
      operation.ifExists ||
      catalog.relations.get(resolve(catalog, operation.table ?? operation.name))?.birth !== undefined
    );
  }
  const relation = own === undefined ? undefined : catalog.relations.get(own);
  if (!relation) return "ifExists" in operation && operation.ifExists;
  return relation.birth !== undefined;
}

function describe(loss: Loss): string {
  const table = relationName(loss.relation ?? "");
  switch (loss.kind) {
    case "view":
      return `view ${table}`;
    case "constraint":
    case "trigger":
      return `${loss.kind} ${loss.name} of ${table}`;
    case "column":
      return `column ${table}.${loss.name} with its values`;
    default:
      return `${loss.name ?? loss.kind} of ${table}`;
  }
}

function putsBack(
  operation: Operation,
  loss: Loss,
  id: (name: { readonly schema?: string | undefined; readonly name: string }) => string,
): boolean {
  if (operation.kind === "createView") return loss.kind === "view" && id(operation.view) === loss.relation;
  if (operation.kind === "addForeignKey")
    return (
      loss.kind === "constraint" && id(operation.table) === loss.relation && operation.constraint.name === loss.name
    );
  if (operation.kind === "createTrigger")
    return loss.kind === "trigger" && id(operation.table) === loss.relation && loss.name === operation.name;
  return false;
}
