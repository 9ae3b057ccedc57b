import { type Catalog, type Constraint, defineRule, relationName, resolve } from "../../src/index.ts";
import { dropOf, dropOfColumn, follow, sameColumns, staysUnique } from "../../src/rule-kit.ts";

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
    dropConstraint(operation, context) {
      const { catalog } = context;
      const id = resolve(catalog, operation.table);
      const table = catalog.relations.get(id);
      const constraint = table?.constraints.get(operation.constraint);
      if (!context.deployed(id) || constraint?.birth?.deployment === catalog.deployment) return;
      const after = context.after();
      const objects = [`${id}.${operation.constraint}`];
      const names = { name: operation.constraint, table: relationName(id) };
      if (!constraint) {
        const loss = context.effects.losses.find((each) => each.kind === "constraint");
        const again = follow(catalog, after, id, []).some(
          ({ step }) =>
            "constraint" in step.operation &&
            typeof step.operation.constraint === "object" &&
            step.operation.constraint.name === operation.constraint,
        );
        // By Prisma's names a primary key is another rule's, and a NOT NULL has one of its own.
        if (loss && !again && !dropOf(catalog, after, id) && !/_(?:pkey|not_null)$/.test(operation.constraint))
          context.report({ at: operation, message: "unknown", data: names, objects, maybe: true });
        return;
      }
      if (dropOfColumn(catalog, after, id, constraint.columns)) return;
      const data = { ...names, columns: constraint.columns.join(", ") };
      if (constraint.type === "foreignKey" && !keepsKey(catalog, after, id, constraint))
        context.report({
          at: operation,
          message: "foreignKey",
          data: { ...data, parent: relationName(constraint.parent ?? "") },
          objects,
        });
      else if (constraint.type === "unique" && !staysUnique(catalog, after, id, constraint.columns, constraint.name)) {
        const wider = widened(catalog, after, id, constraint.columns);
        const common = { at: operation, objects };
        if (wider)
          context.report({
            ...common,
            message: "widened",
            data: { ...data, ...wider, kind: "constraint" },
            severity: "info",
          });
        else context.report({ ...common, message: "unique", data: { ...data, kind: "constraint" } });
      }
    },
    dropIndex(operation, context) {
      const { catalog } = context;
      const index = catalog.indexes.get(resolve(catalog, operation.index));
      // What Prisma cannot express is drop-hand-written-object's, what belongs to a constraint PostgreSQL refuses.
      if (
        !index?.unique ||
        index.handWritten ||
        index.constraint !== undefined ||
        !context.deployed(index.table) ||
        index.birth?.deployment === catalog.deployment
      )
        return;
      const columns = index.columns.flatMap((name) => name ?? []);
      const after = context.after();
      if (
        dropOfColumn(catalog, after, index.table, columns) ||
        staysUnique(catalog, after, index.table, columns, index.name)
      )
        return;
      const wider = widened(catalog, after, index.table, columns);
      const data = {
        name: index.name,
        table: relationName(index.table),
        columns: columns.join(", "),
        kind: "index",
      };
      const common = { at: operation, objects: [`${index.table}.${index.name}`] };
      if (wider) context.report({ ...common, message: "widened", data: { ...data, ...wider }, severity: "info" });
      else context.report({ ...common, message: "unique", data });
    },
  },
});

type After = Parameters<typeof dropOf>[1];

/** A unique key over these columns and more, or over some of the rows, that comes after: the rule is loosened, not given up. */
function widened(
  catalog: Catalog,
  after: After,
  id: string,
  columns: readonly string[],
): { added: string; covered: string } | undefined {
  for (const { step, columns: names } of follow(catalog, after, id, columns)) {
    const { operation } = step;
    const covered =
      operation.kind === "createIndex" && operation.unique
        ? operation.columns.flatMap((column) => column.column ?? [])
        : operation.kind === "addUnique" || operation.kind === "addPrimaryKey"
          ? operation.constraint.columns
          : [];
    if (covered.length === 0 || !names.every((name) => covered.includes(name))) continue;
    const name =
      operation.kind === "createIndex"
        ? operation.name
        : operation.kind === "addUnique" || operation.kind === "addPrimaryKey"
          ? operation.constraint.name
          : undefined;
    const part = operation.kind === "createIndex" && operation.where ? " in some of the rows" : "";
    return { added: name ?? "another", covered: covered.join(", ") + part };
  }
  return undefined;
}

/** Another foreign key of these columns is there or comes, or there is nothing left to point at. */
function keepsKey(catalog: Catalog, after: After, id: string, constraint: Constraint): boolean {
  if (constraint.parent !== undefined && dropOf(catalog, after, constraint.parent)) return true;
  for (const other of catalog.relations.get(id)?.constraints.values() ?? []) {
    if (
      other !== constraint &&
      other.type === "foreignKey" &&
      other.enforced &&
      sameColumns(other.columns, constraint.columns)
    )
      return true;
  }
  return follow(catalog, after, id, constraint.columns).some(({ step, columns }) => {
    if (step.operation.kind === "addForeignKey")
      return !step.operation.constraint.notEnforced && sameColumns(step.operation.constraint.columns, columns);
    return step.operation.kind === "dropColumn" && columns.includes(step.operation.column);
  });
}
