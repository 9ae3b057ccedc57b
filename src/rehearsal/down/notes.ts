import { identifier, type Name } from "../../sql/names.ts";
import { qualified } from "./names.ts";
import type { DefinitionOperation, ObjectOperation, Operation } from "../../sql/operation/index.ts";
import type { MaintenanceOperation, SessionOperation } from "../../sql/operation/session.ts";
import type { SchemaOperation } from "../../sql/operation/schemas.ts";
import type { TypeOperation } from "../../sql/operation/types.ts";
import type { Note } from "./step.ts";

/** What a statement that leads back does to rows. */
export function notesOf(operations: readonly Operation[]): readonly Note[] {
  const dropped = new Set(
    operations.flatMap((operation) => (operation.kind === "dropColumn" ? [operation.column] : [])),
  );
  return operations.flatMap((operation): readonly Note[] => {
    switch (operation.kind) {
      case "dropTable":
        return [{ kind: "loses", text: `Loses the rows of ${table(operation.table)}` }];
      case "dropColumn":
        return [
          { kind: "loses", text: `Loses the values of ${table(operation.table)}.${identifier(operation.column)}` },
        ];
      case "truncate":
      case "deleteRows":
        return [{ kind: "loses", text: `Loses rows of ${table(operation.table)}` }];
      case "createTable":
        return operation.partitionOf === undefined
          ? [{ kind: "lost before", text: `Cannot bring back: the rows of ${table(operation.table)}` }]
          : [{ kind: "lost before", text: `Cannot bring back: the rows of the partition ${table(operation.table)}` }];
      case "addColumn": {
        const { column } = operation;
        const name = `${table(operation.table)}.${identifier(column.name)}`;
        if (column.generated) return [];
        const given = column.default !== undefined || column.identity !== undefined || /serial$/.test(column.type.name);
        const rows = given ? "rows get its default" : "rows get NULL";
        return [
          {
            kind: dropped.has(column.name) ? "loses" : "lost before",
            text: `${dropped.has(column.name) ? "Loses" : "Cannot bring back:"} the values of ${name}; ${rows}`,
          },
        ];
      }
      case "alterColumnType":
        return [
          {
            kind: "lost before",
            text: `Cannot bring back: what the migration's conversion took from the values of ${table(operation.table)}.${identifier(operation.column)}; a value written since that does not fit fails or is cut`,
          },
        ];
      case "setNotNull":
        return [
          {
            kind: "fails",
            text: `Fails while rows have NULL in ${table(operation.table)}.${identifier(operation.column)}: give them a value before`,
          },
        ];
      case "createIndex":
        return operation.unique
          ? [{ kind: "fails", text: `Fails while rows of ${table(operation.table)} share a key` }]
          : [];
      case "addUnique":
      case "addPrimaryKey":
        return [{ kind: "fails", text: `Fails while rows of ${table(operation.table)} share a key` }];
      case "addForeignKey":
        return operation.constraint.notValid
          ? []
          : [
              {
                kind: "fails",
                text: `Fails while rows of ${table(operation.table)} have no parent in ${table(operation.constraint.parent)}`,
              },
            ];
      case "addCheck":
      case "addExclusion":
        return [{ kind: "fails", text: `Fails while rows of ${table(operation.table)} break it` }];
      case "createSequence":
        return [{ kind: "lost before", text: `Cannot bring back: the position of ${table(operation.sequence)}` }];
      case "alterSequence":
      case "renameTable":
      case "setTableSchema":
      case "attachPartition":
      case "detachPartition":
      case "alterTable":
      case "renameColumn":
      case "setDefault":
      case "dropDefault":
      case "dropNotNull":
      case "setExpression":
      case "dropExpression":
      case "addIdentity":
      case "setIdentity":
      case "dropIdentity":
      case "addNotNull":
      case "dropConstraint":
      case "validateConstraint":
      case "alterConstraint":
      case "renameConstraint":
      case "dropIndex":
      case "attachIndex":
      case "insertRows":
      case "updateRows":
      case "mergeRows":
      case "select":
      case "call":
      case "copy":
        return [];
      default:
        operation satisfies SchemaOperation | TypeOperation | ObjectOperation | MaintenanceOperation | SessionOperation;
        return [];
    }
  });
}

/** What the migration itself does to rows that no statement can undo; `made` are the tables that it makes, as this file writes their names. */
export function beyondUndoing(operations: readonly Operation[], made: ReadonlySet<string>): readonly Note[] {
  const notes = new Map<string, Note>();
  const note = (text: string): void => void notes.set(text, { kind: "lost before", text });
  for (const operation of operations) {
    if ("table" in operation && operation.table !== undefined && made.has(table(operation.table))) continue;
    switch (operation.kind) {
      case "deleteRows":
      case "truncate":
        note(`Cannot bring back: rows that the migration deletes from ${table(operation.table)}`);
        break;
      case "updateRows":
        note(`Cannot bring back: values that the migration overwrites in ${table(operation.table)}`);
        break;
      case "insertRows":
        note(`Does not take back: rows that the migration inserts into ${table(operation.table)}`);
        break;
      case "mergeRows":
        note(`Cannot bring back: rows that the migration merges into ${table(operation.table)}`);
        break;
      case "opaque":
        note(`Does not undo what ${operation.what} does to rows`);
        break;
      case "select":
      case "call":
      case "copy":
      case "set":
      case "transaction":
      case "systemCommand":
      case "other":
        break;
      default:
        operation satisfies DefinitionOperation | MaintenanceOperation;
    }
  }
  return [...notes.values()];
}

const table = (name: Name): string => qualified({ schema: name.schema ?? "public", name: name.name });
