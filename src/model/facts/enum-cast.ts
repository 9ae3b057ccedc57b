import type { Expression } from "../../sql/expression.ts";
import type { Operation, OperationOf } from "../../sql/operation/index.ts";
import { type Catalog, type UserType, columnOf, isNew, resolve, typeOf } from "../catalog.ts";
import type { RelationId } from "../effects.ts";
import { mentionedColumns } from "../queries.ts";
import type { WalkPlace } from "../step.ts";

/** Columns of deployed tables that one migration casts to an enum, as Prisma does to remove a value: it makes the type again. */
export interface EnumCast {
  /** At least one. */
  readonly uses: readonly EnumUse[];
  /** What their type was; absent where the history does not show that it was an enum. */
  readonly from?: {
    readonly type: UserType;
    readonly removed: readonly string[];
    readonly added: readonly string[];
    /** The deployment takes the removed values out of every row before, or the cast maps them. */
    readonly moved: boolean;
  };
  /** Not even the type of the column is known. */
  readonly unknown: boolean;
}

export interface EnumUse {
  readonly table: RelationId;
  readonly column: string;
  readonly operation: OperationOf<"alterColumnType">;
}

/** Told at the first of the migration's casts to the type; undefined at the others, and where no deployed column is cast. */
export function enumCast(operation: OperationOf<"alterColumnType">, place: WalkPlace): EnumCast | undefined {
  const { catalog, migration } = place;
  const target = typeOf(catalog, operation.type);
  if (target?.kind !== "enum" || operation.type.array > 0) return undefined;
  const use = (next: Operation): EnumUse[] =>
    next.kind === "alterColumnType" && typeOf(catalog, next.type) === target
      ? [{ table: resolve(catalog, next.table), column: next.column, operation: next }]
      : [];
  if (place.before.some((step) => step.migration === migration && use(step.operation).length > 0)) return undefined;
  const ahead = place.after().flatMap((step) => (step.migration === migration ? use(step.operation) : []));
  const uses = [...use(operation), ...ahead].filter(
    ({ table, column }) => place.deployed(table) && !isNew(catalog, columnOf(catalog, table, column)),
  );
  const [first] = uses;
  if (!first) return undefined;
  const known = columnOf(catalog, first.table, first.column)?.type;
  const type = known && typeOf(catalog, known);
  if (type?.kind !== "enum") return { uses, unknown: known === undefined };
  const removed = type.values.filter((value) => !target.values.includes(value));
  const added = target.values.filter((value) => !type.values.includes(value));
  const moved = uses.every((each) =>
    removed.every(
      (value) =>
        place.before.some((step) => moves(catalog, step.operation, each, value)) ||
        literals(each.operation.using).includes(value),
    ),
  );
  return { uses, from: { type, removed, added, moved }, unknown: false };
}

/** Whether a cast that has been applied took values away: then the old type is named as Prisma names it while it makes the enum again. */
export function castRemoved(catalog: Catalog, operation: Operation): boolean {
  if (operation.kind !== "alterColumnType") return false;
  const target = typeOf(catalog, operation.type);
  if (target?.kind !== "enum") return false;
  const old = [...catalog.types.values()].find(
    (type) => type.kind === "enum" && type !== target && `${type.name}_new` === target.name,
  );
  return old?.values.some((value) => !target.values.includes(value)) === true;
}

/** Whether a statement takes the value out of the column, or the rows that hold it away. */
function moves(catalog: Catalog, operation: Operation, use: EnumUse, value: string): boolean {
  if (operation.kind === "truncate") return resolve(catalog, operation.table) === use.table;
  if (operation.kind !== "updateRows" && operation.kind !== "deleteRows") return false;
  if (resolve(catalog, operation.table) !== use.table) return false;
  const { change } = operation;
  if (
    change.kind === "updateRows" &&
    !change.set.some((each) => each.column === use.column && !literals(each.value).includes(value))
  )
    return false;
  return (
    change.where === undefined ||
    (mentionedColumns(change.where).includes(use.column) && literals(change.where).includes(value)) ||
    mentionedColumns(change.where).every((name) => name === use.column)
  );
}

/** Strings in an expression. */
function literals(expression: Expression | undefined): string[] {
  if (!expression) return [];
  if (expression.kind === "literal") return typeof expression.value === "string" ? [expression.value] : [];
  const parts: readonly Expression[] =
    "args" in expression
      ? expression.args
      : "arg" in expression
        ? [expression.arg, ...("list" in expression && expression.list ? expression.list : [])]
        : [];
  return parts.flatMap(literals);
}
