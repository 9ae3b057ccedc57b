import type { ColumnOperation, TableOperation } from "../../sql/operation/tables.ts";
import type { DefinitionOperation, Operation } from "../../sql/operation/index.ts";
import type { MaintenanceOperation, SessionOperation } from "../../sql/operation/session.ts";
import type { RowOperation } from "../../sql/operation/rows.ts";
import type { SchemaOperation } from "../../sql/operation/schemas.ts";
import { type Catalog, columnOf, relationAt, resolve, typeOf } from "../catalog.ts";
import type { RelationId } from "../effects.ts";
import type { Query } from "../../sql/expression.ts";
import { closure } from "../closure.ts";
import { namedQuery } from "../naming.ts";
import { queryTables } from "../queries.ts";
import { copied } from "./copies.ts";
import type { Step, WalkPlace } from "../step.ts";
import { partsOf, relationId, sibling, type Name } from "../../sql/names.ts";
import { isWhole } from "../presence.ts";

/**
 * The schema when an earlier statement of the deployment ran, seen from now: tables and columns have the names that
 * they have now, so that what a statement wrote can be compared with a constraint that comes after a rename.
 */
export interface Moment {
  readonly catalog: Catalog;
  /** The table that a name meant then, by its name now. */
  table(name: Name): RelationId;
  /** The name now of a column of then. */
  column(table: RelationId, column: string): string;
  /** Whether the table had the column (by its name now). */
  has(table: RelationId, column: string): boolean | "unknown";
  nullable(table: RelationId, column: string): "no" | "yes" | "maybe";
  /** Of a column whose type is an enum: all values that it can have. */
  labels(table: RelationId, column: string): readonly string[] | undefined;
  /** The query whose rows a view, or a table that the deployment filled by one, gives. */
  query(table: RelationId): Query | undefined;
  /** The constraint at hand names the column. */
  hinted(table: RelationId, column: string): boolean;
}

/** Columns that a table must have because a constraint names them, for tables that the history does not create. */
export type Hints = ReadonlyMap<RelationId, readonly string[]>;

const at = (table: RelationId, column: string): string => `${table}\u0000${column}`;

/** Where each operation is among the steps, and which steps give names or columns another meaning. */
interface Timeline {
  readonly indexes: Map<Operation, number>;
  readonly shaping: number[];
  /** How many steps it knows. */
  length: number;
}

const SHAPING: ReadonlySet<Operation["kind"]> = new Set([
  "renameTable",
  "setTableSchema",
  "renameColumn",
  "dropColumn",
  "dropNotNull",
  "renameSchema",
]);

const timelines = new WeakMap<readonly Step[], Timeline>();

/** Steps are only ever added to a list: what is known of those before them is kept, since many moments are asked for. */
function timelineOf(before: readonly Step[]): Timeline {
  const known = timelines.get(before) ?? { indexes: new Map<Operation, number>(), shaping: [], length: 0 };
  for (; known.length < before.length; known.length++) {
    const { operation } = before[known.length] as Step;
    if (!known.indexes.has(operation)) known.indexes.set(operation, known.length);
    if (SHAPING.has(operation.kind)) known.shaping.push(known.length);
  }
  timelines.set(before, known);
  return known;
}

/** The moment of `step`; of the present where it is not among the steps before. */
export function momentOf(
  place: Pick<WalkPlace, "catalog" | "before">,
  step: Pick<Step, "operation"> | undefined,
  hints: Hints = new Map(),
): Moment {
  const { catalog, before } = place;
  const tables = new Map<RelationId, RelationId>();
  const columns = new Map<string, string>();
  const gone = new Set<string>();
  const required = new Set<string>();
  const table = (name: Name): RelationId => {
    const id = resolve(catalog, name);
    return tables.get(id) ?? id;
  };
  const column = (id: RelationId, name: string): string => columns.get(at(id, name)) ?? name;
  const { indexes, shaping } = timelineOf(before);
  const index = (step && indexes.get(step.operation)) ?? -1;
  for (let i = shaping.length - 1; index >= 0 && (shaping[i] ?? -1) > index; i--) {
    const { operation } = before[shaping[i] as number] as Step;
    switch (operation.kind) {
      case "renameTable":
      case "setTableSchema": {
        const old = resolve(catalog, operation.table);
        const to =
          operation.kind === "renameTable"
            ? sibling(old, operation.to)
            : relationId(operation.schema, partsOf(old).name);
        const now = tables.get(to) ?? to;
        tables.delete(to);
        tables.set(old, now);
        break;
      }
      case "renameColumn": {
        const id = table(operation.table);
        const now = column(id, operation.to);
        columns.delete(at(id, operation.to));
        columns.set(at(id, operation.column), now);
        break;
      }
      case "dropColumn": {
        const id = table(operation.table);
        gone.add(at(id, column(id, operation.column)));
        break;
      }
      case "dropNotNull": {
        const id = table(operation.table);
        required.add(at(id, column(id, operation.column)));
        break;
      }
      case "renameSchema": {
        const under = (schema: string, id: RelationId) => id.startsWith(`${schema}.`);
        const old = (id: RelationId) => `${operation.name}${id.slice(operation.to.length)}`;
        for (const [id, now] of [...tables].filter(([each]) => under(operation.to, each))) {
          tables.delete(id);
          tables.set(old(id), now);
        }
        for (const id of catalog.relations.keys())
          if (under(operation.to, id) && !tables.has(old(id))) tables.set(old(id), id);
        break;
      }
      // Names, columns and what may be NULL stay.
      case "createSchema":
      case "dropSchema":
      case "createExtension":
      case "createDatabase":
      case "dropDatabase":
      case "createTable":
      case "dropTable":
      case "attachPartition":
      case "detachPartition":
      case "alterTable":
      case "addColumn":
      case "alterColumnType":
      case "setDefault":
      case "dropDefault":
      case "setNotNull":
      case "setExpression":
      case "dropExpression":
      case "addIdentity":
      case "setIdentity":
      case "dropIdentity":
        break;
      default:
        operation satisfies
          | Exclude<DefinitionOperation, SchemaOperation | TableOperation | ColumnOperation>
          | RowOperation
          | MaintenanceOperation
          | SessionOperation;
    }
  }
  return {
    catalog,
    table,
    column,
    has(id, name) {
      const known = relationAt(catalog, id);
      if (name === "ctid" || known?.columns.has(name) || hints.get(id)?.includes(name) || gone.has(at(id, name)))
        return true;
      return isWhole(known) ? false : "unknown";
    },
    nullable(id, name) {
      if (name === "ctid" || required.has(at(id, name))) return "no";
      const known = columnOf(catalog, id, name);
      if (!known || known.notNull === "unknown") return "maybe";
      return known.notNull ? "no" : "yes";
    },
    labels(id, name) {
      const type = columnOf(catalog, id, name)?.type;
      const known = type && type.array === 0 ? typeOf(catalog, type) : undefined;
      return known?.kind === "enum" ? known.values : undefined;
    },
    query: looked(
      catalog,
      index < 0 ? before : before.slice(0, index),
      { table, tables },
      (by) => momentOf(place, by).table,
    ),
    hinted: (id, name) => hints.get(id)?.includes(column(id, name)) === true,
  };
}

type Lookup = (name: Name) => RelationId;

/** Queries of relations under the names of the moment; one that comes back to itself, which no row can come out of, is none. */
function looked(
  catalog: Catalog,
  steps: readonly Step[],
  { table, tables }: { readonly table: Lookup; readonly tables: ReadonlyMap<RelationId, RelationId> },
  momentOfStep: (by: Step) => Lookup,
): Moment["query"] {
  const renames = steps.some(({ operation }) => RENAMES.has(operation.kind)) || tables.size > 0;
  const lookups = new Map<Step, Lookup>();
  const now = (step: Step, name: Name): RelationId => {
    if (!renames) return resolve(catalog, name);
    const known = lookups.get(step) ?? momentOfStep(step);
    lookups.set(step, known);
    return known(name);
  };
  /** The name of then of what has this one now; undefined where it had none. */
  const then = new Map([...tables].map(([old, id]) => [id, old]));
  const named = ({ query, by }: { readonly query: Query; readonly by?: Step }): Query | undefined => {
    if (!renames) return query;
    let nameless = false;
    const relation = (name: Name): Name => {
      const id = by ? now(by, name) : resolve(catalog, name);
      const old = then.get(id) ?? id;
      nameless ||= old === id && tables.has(id) && !then.has(id);
      return partsOf(old);
    };
    const found = namedQuery(query, { relation, type: (type) => type, function: (each) => each });
    return nameless ? undefined : found;
  };
  const memo = new Map<RelationId, Query | undefined>();
  const own = (id: RelationId): Query | undefined => {
    if (!memo.has(id)) {
      const found = copied(catalog, steps, id, now);
      memo.set(id, found && named(found));
    }
    return memo.get(id);
  };
  const read = (id: RelationId): RelationId[] => queryTables(own(id)).map(table);
  return (id) => {
    const query = own(id);
    return query && closure(id, read).some((each) => read(each).includes(id)) ? undefined : query;
  };
}

const RENAMES: ReadonlySet<string> = new Set(["renameTable", "setTableSchema", "renameSchema"]);
