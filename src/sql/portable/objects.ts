import type { DropObject, Operation } from "../operation/index.ts";
import type { SequenceOwner } from "../operation/schemas.ts";
import { type Piece, type Span, inBody, insideParentheses, placesOfNames, rangeOf, symbolAt } from "../piece.ts";
import {
  type Cursor,
  type On,
  cursor,
  done,
  ends,
  findWord,
  needs,
  takeCascade,
  takeName,
  takeParts,
  takeQualified,
  takeRelation,
  takeString,
  takes,
  takesSymbol,
  textOf,
} from "./cursor.ts";
import { nameOf, relationName } from "./names.ts";
import { query } from "./expressions.ts";
import { gap, parsed } from "./parser.ts";
import type { Name } from "../names.ts";

/** What pgsql-ast-parser reads whole: types, sequences, views. */
export function made(piece: Piece, span: Span, on: On): Operation {
  const node = parsed(textOf(piece, span));
  switch (node.type) {
    case "create enum":
      return { kind: "createEnum", ...on, type: nameOf(node.name), values: node.values.map((value) => value.value) };
    case "create composite type":
      return { kind: "createType", ...on, type: relationName(node.name), form: "composite" };
    case "create sequence": {
      const { ownedBy } = node.options;
      const owner: SequenceOwner | undefined =
        ownedBy === undefined || ownedBy === "none"
          ? ownedBy
          : {
              table:
                ownedBy.schema === undefined
                  ? { name: ownedBy.table }
                  : { schema: ownedBy.schema, name: ownedBy.table },
              column: ownedBy.column,
            };
      return {
        kind: "createSequence",
        ...on,
        sequence: relationName(node.name),
        ifNotExists: node.ifNotExists ?? false,
        temporary: node.temp ?? false,
        ...(owner && { ownedBy: owner }),
      };
    }
    case "create view":
      if (node.recursive) return gap("a recursive view");
      return {
        kind: "createView",
        ...on,
        view: relationName(node.name),
        materialized: false,
        replace: node.orReplace ?? false,
        ifNotExists: false,
        temporary: node.temp ?? false,
        withData: true,
        query: query(node.query),
        columns: (node.columnNames ?? []).map((column) => column.name),
      };
    case "create materialized view":
      return {
        kind: "createView",
        ...on,
        view: relationName(node.name),
        materialized: true,
        replace: false,
        ifNotExists: node.ifNotExists ?? false,
        temporary: false,
        withData: node.withData ?? true,
        query: query(node.query),
        columns: (node.columnNames ?? []).map((column) => column.name),
      };
    default:
      return gap(node.type);
  }
}

/** REFERENCING says nothing that the operation holds. */
export function trigger(piece: Piece, c: Cursor, on: On & { replace: boolean; constraint: boolean }): Operation {
  const name = takeName(c);
  const target = findWord(piece, { from: c.at, to: c.to }, ["on"]);
  const of = cursor(piece, { from: findWord(piece, { from: c.at, to: target }, ["of"]), to: target });
  const columns = takes(of, "of") ? [takeName(of)] : [];
  while (columns.length > 0 && takesSymbol(of, ",")) columns.push(takeName(of));
  c.at = target;
  needs(c, "on");
  const table = takeRelation(c);
  const from = takes(c, "from") ? takeRelation(c) : undefined;
  const execute = findWord(piece, { from: c.at, to: c.to }, ["execute"]);
  if (findWord(piece, { from: c.at, to: execute }, ["when"]) < execute) return gap("a trigger's condition");
  const forEachRow = findWord(piece, { from: c.at, to: execute }, ["row"]) < execute;
  c.at = execute;
  if (!takes(c, "execute function")) needs(c, "execute procedure");
  const called = takeQualified(c);
  const args = symbolAt(piece, c.at) === "(" ? insideParentheses(piece, { from: c.at, to: c.to }) : undefined;
  if (!args || args.to + 1 !== c.to) return gap("a trigger's function");
  return {
    kind: "createTrigger",
    range: on.range,
    ...inBody(piece),
    table,
    name,
    function: called,
    replace: on.replace,
    constraint: on.constraint,
    from,
    ...(forEachRow && { forEachRow: true as const }),
    ...(columns.length > 0 && { columns }),
  };
}

const DROPPED: readonly (readonly [string, DropObject | "table" | "foreign" | "index" | "type" | "schema"])[] = [
  ["table", "table"],
  ["foreign table", "foreign"],
  ["index", "index"],
  ["type", "type"],
  ["domain", "type"],
  ["schema", "schema"],
  ["view", "view"],
  ["materialized view", "materializedView"],
  ["sequence", "sequence"],
  ["extension", "extension"],
  ["trigger", "trigger"],
  ["policy", "policy"],
  ["rule", "rule"],
  ["function", "function"],
  ["procedure", "procedure"],
];

export function drop(piece: Piece, span: Span, c: Cursor): Operation[] {
  const object = DROPPED.find(([words]) => takes(c, words))?.[1] ?? gap("DROP");
  const concurrently = object === "index" && takes(c, "concurrently");
  const ifExists = takes(c, "if exists");
  if (object === "trigger" || object === "policy" || object === "rule") {
    const name = takeName(c);
    needs(c, "on");
    const table = takeRelation(c);
    const cascade = takeCascade(c);
    return [
      ends(c, {
        kind: "dropObject",
        range: rangeOf(piece, span),
        ...inBody(piece),
        object,
        name: { name },
        table,
        ifExists,
        cascade,
      }),
    ];
  }
  const names: Name[] = [];
  do names.push(takeQualified(c));
  while (takesSymbol(c, ","));
  if (object === "function" || object === "procedure") {
    const args = symbolAt(piece, c.at) === "(" ? insideParentheses(piece, { from: c.at, to: c.to }) : undefined;
    if (args) c.at = args.to + 1;
    if (names.length > 1) gap("DROP FUNCTION of several");
  }
  const cascade = takeCascade(c);
  if (!done(c)) gap("DROP");
  return placesOfNames(piece, span, names.length).map((on, i): Operation => {
    const name = names[i] as Name;
    switch (object) {
      case "table":
      case "foreign":
        return { kind: "dropTable", ...on, table: name, ifExists, cascade, foreign: object === "foreign" };
      case "index":
        return { kind: "dropIndex", ...on, index: name, concurrently, ifExists, cascade };
      case "type":
        return { kind: "dropType", ...on, type: name, ifExists, cascade };
      case "schema":
        return { kind: "dropSchema", ...on, name: name.name, ifExists, cascade };
      default:
        return { kind: "dropObject", ...on, object, name, ifExists, cascade };
    }
  });
}

const COMMENTED = [
  ["table", "table"],
  ["column", "column"],
  ["view", "view"],
  ["materialized view", "materializedView"],
  ["index", "index"],
  ["constraint", "constraint"],
  ["trigger", "trigger"],
  ["policy", "policy"],
  ["rule", "rule"],
] as const;

export function comment(c: Cursor, on: On): Operation {
  const object = COMMENTED.find(([words]) => takes(c, words))?.[1] ?? gap("COMMENT");
  let name: Name;
  let table: Name | undefined;
  if (object === "column") {
    const parts = takeParts(c);
    const column = parts.pop() as string;
    name = { name: column };
    table = qualified(parts);
  } else if (object === "constraint" || object === "trigger" || object === "policy" || object === "rule") {
    name = { name: takeName(c) };
    needs(c, "on");
    table = takeQualified(c);
  } else name = takeQualified(c);
  needs(c, "is");
  const text = takes(c, "null") ? null : takeString(c);
  return ends(c, { kind: "comment", ...on, object, name, ...(table && { table }), text });
}

function qualified(parts: readonly string[]): Name {
  const [first, second, ...more] = parts;
  if (first === undefined || more.length > 0) return gap("a name");
  return second === undefined ? { name: first } : nameOf({ schema: first, name: second });
}

export function refresh(c: Cursor, on: On): Operation {
  const concurrently = takes(c, "concurrently");
  const view = takeRelation(c);
  const withData = !takes(c, "with no data");
  if (withData) takes(c, "with data");
  return ends(c, { kind: "refreshView", ...on, view, concurrently, withData });
}
