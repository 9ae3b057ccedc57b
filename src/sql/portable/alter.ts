import type { Range } from "../../source/text.ts";
import type { Name } from "../names.ts";
import type { Operation } from "../operation/index.ts";
import type { TableConstraint } from "../operation/constraints.ts";
import { type Piece, type Span, inBody, rangeOf, splitCommas, wordAt } from "../piece.ts";
import {
  type Cursor,
  cursor,
  done,
  ends,
  needs,
  only,
  sourceAt,
  takeCascade,
  takeName,
  takeQualified,
  takeRelation,
  takeString,
  takes,
  takesSymbol,
  textOf,
} from "./cursor.ts";
import { expressionIn } from "./expressions.ts";
import { typeName as typeOf } from "./names.ts";
import { gap, parsed } from "./parser.ts";
import { columnDefinition } from "./tables.ts";
import { constraint, constraintEnd } from "./constraints.ts";
import { namesInParentheses, wordIn } from "./cursor.ts";

/** ALTER TABLE, one action at a time: what pgsql-ast-parser reads of it, and what is simple enough without it. */

export function alterTable(piece: Piece, span: Span): Operation[] {
  const c = cursor(piece, span);
  needs(c, "alter table");
  const ifExists = takes(c, "if exists");
  const onlyAt = c.at;
  const isOnly = takes(c, "only");
  const tableFrom = c.at;
  const table = takeRelation(c);
  takesSymbol(c, "*");
  const renamed = rename(c, table, ifExists);
  if (renamed) return [renamed];
  if (takes(c, "set schema"))
    return [
      ends(c, {
        kind: "setTableSchema",
        range: rangeOf(piece, span),
        ...inBody(piece),
        table,
        schema: takeName(c),
        ifExists,
        object: "table",
      } as const),
    ];
  const head: Span[] =
    isOnly || ifExists
      ? [
          { from: span.from, to: span.from + 2 },
          { from: tableFrom, to: c.at },
        ]
      : [
          { from: span.from, to: onlyAt },
          { from: tableFrom, to: c.at },
        ];
  const actions = splitCommas(piece, { from: c.at, to: span.to });
  return actions.map((action) => {
    const operation = tableAction({
      piece,
      head,
      action,
      table,
      only: isOnly,
      range: rangeOf(piece, actions.length === 1 ? span : action),
    });
    return "table" in operation
      ? { ...operation, ...(isOnly && { only: true }), ...(ifExists && { ifTableExists: true }) }
      : operation;
  });
}

function rename(c: Cursor, table: Name, ifExists: boolean): Operation | undefined {
  const on = { range: rangeOf(c.piece, { from: 0, to: c.to }), ...inBody(c.piece), table };
  if (!takes(c, "rename")) return undefined;
  if (takes(c, "to")) return ends(c, { kind: "renameTable", ...on, to: takeName(c), ifExists, object: "table" });
  const isConstraint = takes(c, "constraint");
  if (!isConstraint) takes(c, "column");
  const from = takeName(c);
  needs(c, "to");
  const to = takeName(c);
  const there = ifExists ? ({ ifTableExists: true } as const) : {};
  return ends(
    c,
    isConstraint
      ? { kind: "renameConstraint", ...on, ...there, constraint: from, to }
      : { kind: "renameColumn", ...on, ...there, column: from, to, object: "table" },
  );
}

interface Action {
  readonly piece: Piece;
  /** ALTER TABLE and the table's name. */
  readonly head: readonly Span[];
  readonly action: Span;
  readonly table: Name;
  readonly only: boolean;
  readonly range: Range;
}

function tableAction(action: Action): Operation {
  const { piece, table, range } = action;
  const on = { range, ...inBody(piece), table };
  const c = cursor(piece, action.action);
  if (takes(c, "add")) return CONSTRAINTS.has(wordAt(piece, c.at)) ? addConstraint(action, c) : addColumn(action, c);
  if (takes(c, "drop constraint")) {
    const ifExists = takes(c, "if exists");
    return ends(c, { kind: "dropConstraint", ...on, constraint: takeName(c), ifExists, cascade: takeCascade(c) });
  }
  if (takes(c, "drop")) {
    takes(c, "column");
    const ifExists = takes(c, "if exists");
    return ends(c, { kind: "dropColumn", ...on, column: takeName(c), ifExists, cascade: takeCascade(c) });
  }
  if (takes(c, "validate constraint")) return ends(c, { kind: "validateConstraint", ...on, constraint: takeName(c) });
  if (takes(c, "alter")) return alterColumn(action, c);
  if (takes(c, "owner to")) {
    takeName(c);
    return ends(c, { kind: "alterTable", ...on, action: "owner", object: "table" });
  }
  for (const [words, name] of SWITCHES)
    if (takes(c, words)) return ends(c, { kind: "alterTable", ...on, action: name, object: "table" });
  return gap("ALTER TABLE");
}

const CONSTRAINTS = new Set("constraint primary unique foreign check exclude".split(" "));
const SWITCHES = [
  ["enable row level security", "enableRowSecurity"],
  ["disable row level security", "disableRowSecurity"],
  ["force row level security", "forceRowSecurity"],
  ["no force row level security", "noForceRowSecurity"],
  ["set logged", "setLogged"],
  ["set unlogged", "setUnlogged"],
  ["set without cluster", "setWithoutCluster"],
] as const;

function addColumn({ piece, head, action, table, only: isOnly, range }: Action, c: Cursor): Operation {
  takes(c, "column");
  const ifNotExists = takes(c, "if not exists");
  const span = { from: c.at, to: c.to };
  const node = parsed(only(piece, ...head, action));
  const [change, ...more] = node.type === "alter table" ? node.changes : [];
  if (change?.type !== "add column" || more.length > 0) return gap("ADD COLUMN");
  return {
    kind: "addColumn",
    range,
    ...inBody(piece),
    table,
    column: columnDefinition(piece, change.column, span),
    ifNotExists,
    only: isOnly,
  };
}

function addConstraint({ piece, head, action, table, range }: Action, c: Cursor): Operation {
  const on = { range, ...inBody(piece), table };
  const byIndex = usingIndex(c);
  if (byIndex)
    return byIndex.primary
      ? { kind: "addPrimaryKey", ...on, constraint: byIndex.key }
      : { kind: "addUnique", ...on, constraint: byIndex.key };
  const end = constraintEnd(piece, action);
  const node = parsed(only(piece, ...head, { from: action.from, to: end.from }));
  const [change, ...more] = node.type === "alter table" ? node.changes : [];
  if (change?.type !== "add constraint" || more.length > 0) return gap("ADD CONSTRAINT");
  return addition(constraint(change.constraint, end, range), on);
}

function addition(found: TableConstraint, on: { range: Range; table: Name }): Operation {
  switch (found.type) {
    case "foreignKey": {
      const { type: _type, range: _range, ...rest } = found;
      return { kind: "addForeignKey", ...on, constraint: rest };
    }
    case "check": {
      const { type: _type, range: _range, ...rest } = found;
      return { kind: "addCheck", ...on, constraint: rest };
    }
    case "unique":
    case "primaryKey": {
      const { type, range: _range, ...rest } = found;
      return type === "unique"
        ? { kind: "addUnique", ...on, constraint: rest }
        : { kind: "addPrimaryKey", ...on, constraint: rest };
    }
    default:
      return gap(found.type);
  }
}

/** `[CONSTRAINT name] {UNIQUE | PRIMARY KEY} USING INDEX index [DEFERRABLE …]`, and UNIQUE with clauses of its own. */
function usingIndex(from: Cursor) {
  const c: Cursor = { ...from };
  const name = takes(c, "constraint") ? takeName(c) : undefined;
  const primary = takes(c, "primary key");
  if (!primary && !takes(c, "unique")) return undefined;
  const named = name === undefined ? {} : { name };
  const nullsNotDistinct = !primary && takes(c, "nulls not distinct");
  const index = takes(c, "using index") ? takeName(c) : undefined;
  const columns = index === undefined ? namesInParentheses(c.piece, c) : [];
  const include = index === undefined && takes(c, "include") ? namesInParentheses(c.piece, c) : [];
  // What is plain is left to the parser.
  if (index === undefined && !nullsNotDistinct && include.length === 0) return undefined;
  if (!done(c)) gap("the end of a key");
  return {
    primary,
    key: {
      ...named,
      columns,
      ...(index !== undefined && { usingIndex: index }),
      nullsNotDistinct,
      deferrable: false,
      include,
    },
  };
}

function alterColumn({ piece, head, action, table, range }: Action, c: Cursor): Operation {
  const on = { range, ...inBody(piece), table };
  if (wordAt(piece, c.at) === "constraint") return gap("ALTER CONSTRAINT");
  takes(c, "column");
  const column = takeName(c);
  if (takes(c, "set not null")) return ends(c, { kind: "setNotNull", ...on, column });
  if (takes(c, "drop not null")) return ends(c, { kind: "dropNotNull", ...on, column });
  if (takes(c, "drop default")) return ends(c, { kind: "dropDefault", ...on, column });
  if (takes(c, "set default"))
    return done(c)
      ? gap("no default")
      : { kind: "setDefault", ...on, column, value: expressionIn(textOf(piece, { from: c.at, to: c.to })) };
  if (takes(c, "drop identity")) return ends(c, { kind: "dropIdentity", ...on, column });
  if (takes(c, "add generated always as identity") || takes(c, "add generated by default as identity"))
    return ends(c, { kind: "addIdentity", ...on, column });
  if (!takes(c, "set data type") && !takes(c, "type")) return gap("ALTER COLUMN");
  const using = wordIn(piece, { from: c.at, to: c.to }, "using");
  const collate = wordIn(piece, { from: c.at, to: using ?? c.to }, "collate");
  const node = parsed(only(piece, ...head, { from: action.from, to: collate ?? using ?? c.to }));
  const [change, ...more] = node.type === "alter table" ? node.changes : [];
  if (change?.type !== "alter column" || change.alter.type !== "set type" || more.length > 0)
    return gap("ALTER COLUMN TYPE");
  let collation: string | undefined;
  if (collate !== undefined) {
    const at: Cursor = cursor(piece, { from: collate + 1, to: using ?? c.to });
    collation = sourceAt(at) === "" ? gap("COLLATE") : ends(at, Object.values(takeSchemaFirst(at)).join("."));
  }
  return {
    kind: "alterColumnType",
    ...on,
    column,
    type: typeOf(change.alter.dataType),
    ...(using !== undefined && { using: expressionIn(textOf(piece, { from: using + 1, to: c.to })) }),
    ...(collation !== undefined && { collation }),
  };
}

const takeSchemaFirst = (c: Cursor) => {
  const { schema, name } = takeRelation(c);
  return schema === undefined ? { name } : { schema, name };
};

/** ALTER TYPE: values of an enum, names, schemas. */
export function alterType(piece: Piece, span: Span): Operation {
  const c = cursor(piece, span);
  needs(c, "alter type");
  const on = { range: rangeOf(piece, span), ...inBody(piece), type: takeQualified(c) };
  if (takes(c, "add value")) {
    const ifNotExists = takes(c, "if not exists");
    const value = takeString(c);
    const place = takes(c, "before") ? { before: takeString(c) } : takes(c, "after") ? { after: takeString(c) } : {};
    return ends(c, { kind: "addEnumValue", ...on, value, ifNotExists, ...place });
  }
  if (takes(c, "rename value")) {
    const value = takeString(c);
    needs(c, "to");
    return ends(c, { kind: "renameEnumValue", ...on, value, to: takeString(c) });
  }
  if (takes(c, "rename to")) return ends(c, { kind: "renameType", ...on, to: takeName(c) });
  if (takes(c, "set schema")) return ends(c, { kind: "setTypeSchema", ...on, schema: takeName(c) });
  return gap("ALTER TYPE");
}

/** ALTER INDEX, VIEW, SEQUENCE … RENAME TO and SET SCHEMA, ALTER SCHEMA … RENAME TO. */
export function alterRelation(piece: Piece, span: Span): Operation {
  const c = cursor(piece, span);
  const range = rangeOf(piece, span);
  needs(c, "alter");
  if (takes(c, "schema")) {
    const name = takeName(c);
    needs(c, "rename to");
    return ends(c, { kind: "renameSchema", range, ...inBody(piece), name, to: takeName(c) });
  }
  const object = takes(c, "index")
    ? "index"
    : takes(c, "view")
      ? "view"
      : takes(c, "materialized view")
        ? "materializedView"
        : takes(c, "sequence")
          ? "sequence"
          : takes(c, "foreign table")
            ? "foreignTable"
            : gap("ALTER");
  const ifExists = takes(c, "if exists");
  const table = takeRelation(c);
  const on = { range, ...inBody(piece), table };
  if (takes(c, "rename to")) return ends(c, { kind: "renameTable", ...on, to: takeName(c), ifExists, object });
  if (object !== "index" && takes(c, "set schema"))
    return ends(c, { kind: "setTableSchema", ...on, schema: takeName(c), ifExists, object });
  if (object === "sequence" && takes(c, "owned by")) {
    const owned = takes(c, "none") ? { ownedBy: "none" as const } : takeOwner(c);
    return ends(c, {
      kind: "alterSequence",
      range,
      ...inBody(piece),
      sequence: table,
      ...(ifExists && { ifExists: true as const }),
      ...owned,
    });
  }
  return gap("ALTER");
}

/** `[schema.]table.column`. */
function takeOwner(c: Cursor): { ownedBy: { table: Name; column: string } } {
  const parts = [takeName(c)];
  while (takesSymbol(c, ".")) parts.push(takeName(c));
  const column = parts.pop() ?? "";
  const [first, second, ...more] = parts;
  if (first === undefined || more.length > 0) return gap("OWNED BY");
  return { ownedBy: { table: second === undefined ? { name: first } : { schema: first, name: second }, column } };
}
