import type { Change } from "../expression.ts";
import type { Name } from "../names.ts";
import type { DropObject, Operation } from "../operation/index.ts";
import type { SequenceOwner } from "../operation/schemas.ts";
import { LOCK_MODES, type LockMode, sqlMode } from "../lock-modes.ts";
import {
  type Piece,
  type Span,
  inBody,
  insideParentheses,
  placesOfNames,
  rangeOf,
  symbolAt,
  wordAt,
} from "../piece.ts";
import { selectOperation } from "../select.ts";
import { alterRelation, alterTable, alterType } from "./alter.ts";
import {
  type Cursor,
  cursor,
  done,
  ends,
  findWord,
  needs,
  only,
  sourceAt,
  takeCascade,
  takeName,
  takeParts,
  takeQualified,
  takeRelation,
  takeRelations,
  takeString,
  takes,
  takesSymbol,
  textOf,
} from "./cursor.ts";
import { change, nameOf, query, relationName } from "./expressions.ts";
import { gap, parsed } from "./parser.ts";
import { createIndex, createTable } from "./tables.ts";

/** Operations of one statement; throws a gap where it is not understood. */
export function operations(piece: Piece, span: Span): Operation[] {
  const c = cursor(piece, span);
  const on: On = { range: rangeOf(piece, span), ...inBody(piece) };
  const begins = (words: string) => takes({ ...c }, words);
  if (begins("alter table")) return alterTable(piece, span);
  if (begins("alter type")) return [alterType(piece, span)];
  if (begins("alter")) return [alterRelation(piece, span)];
  if (begins("create")) return create(piece, span, on);
  if (takes(c, "drop")) return drop(piece, span, c);
  if (takes(c, "truncate")) return truncate(piece, span, c);
  if (takes(c, "lock")) return lock(c, on);
  if (takes(c, "comment on")) return [comment(c, on)];
  if (takes(c, "set")) return [set(c, on)];
  if (takes(c, "reset"))
    return [
      ends(c, {
        kind: "set",
        ...on,
        name: takes(c, "all") ? "all" : settingName(c),
        value: null,
        values: [],
        local: false,
      }),
    ];
  if (takes(c, "refresh materialized view")) return [refresh(c, on)];
  const transacted = transaction(c, on);
  if (transacted) return [transacted];
  return rows(piece, span, on);
}

type On = { readonly range: Operation["range"] };

function create(piece: Piece, span: Span, on: On): Operation[] {
  const c = cursor(piece, span);
  needs(c, "create");
  const begins = (words: string) => takes({ ...c }, words);
  if (begins("index") || begins("unique index")) return [createIndex(piece, span)];
  if (begins("table") || begins("temp table") || begins("temporary table") || begins("unlogged table"))
    return [createTable(piece, span)];
  if (takes(c, "schema")) {
    const ifNotExists = takes(c, "if not exists");
    return [ends(c, { kind: "createSchema", ...on, name: takeName(c), ifNotExists })];
  }
  if (takes(c, "extension")) {
    const ifNotExists = takes(c, "if not exists");
    const name = takeName(c);
    takes(c, "with");
    let schema: string | undefined;
    while (!done(c)) {
      if (takes(c, "schema")) schema = takeName(c);
      else if (takes(c, "version")) c.at++;
      else needs(c, "cascade");
    }
    return [{ kind: "createExtension", ...on, name, ifNotExists, schema }];
  }
  const replace = takes(c, "or replace");
  const isConstraint = takes(c, "constraint");
  if (takes(c, "trigger")) return [trigger(piece, c, { ...on, replace, constraint: isConstraint })];
  if (replace && !begins("view") && !begins("temp view") && !begins("temporary view")) return gap("CREATE");
  return [made(piece, span, on)];
}

/** What pgsql-ast-parser reads whole: types, sequences, views. */
function made(piece: Piece, span: Span, on: On): Operation {
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
function trigger(piece: Piece, c: Cursor, on: On & { replace: boolean; constraint: boolean }): Operation {
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

function drop(piece: Piece, span: Span, c: Cursor): Operation[] {
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

function truncate(piece: Piece, span: Span, c: Cursor): Operation[] {
  takes(c, "table");
  const isOnly = takes(c, "only");
  const names = takeRelations(c);
  if (isOnly && names.length > 1) gap("TRUNCATE ONLY of several");
  const restartIdentity = takes(c, "restart identity");
  if (!restartIdentity) takes(c, "continue identity");
  const cascade = takeCascade(c);
  if (!done(c)) gap("TRUNCATE");
  if (names.length > 1 && restartIdentity) gap("TRUNCATE of several");
  return placesOfNames(piece, span, names.length).map((on, i) => ({
    kind: "truncate",
    ...on,
    table: names[i] as Name,
    cascade,
    restartIdentity,
    ...(isOnly && { only: true }),
  }));
}

function lock(c: Cursor, on: On): Operation[] {
  takes(c, "table");
  const isOnly = takes(c, "only");
  const names = takeRelations(c);
  if (isOnly && names.length > 1) gap("LOCK ONLY of several");
  let mode: LockMode = "AccessExclusiveLock";
  if (takes(c, "in")) mode = LOCK_MODES.find((each) => takes(c, `${sqlMode(each).toLowerCase()} mode`)) ?? gap("LOCK");
  const nowait = takes(c, "nowait");
  return ends(
    c,
    names.map((table) => ({ kind: "lockTable", ...on, table, mode, nowait, ...(isOnly && { only: true }) })),
  );
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

function comment(c: Cursor, on: On): Operation {
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

function settingName(c: Cursor): string {
  return takeParts(c).join(".").toLowerCase();
}

const PHRASES = new Set(
  "time transaction session constraints role names catalog schema xml characteristics".split(" "),
);

/** SET name TO value, …; the forms that have a grammar of their own are gaps. */
function set(c: Cursor, on: On): Operation {
  const local = takes(c, "local");
  if (!local) takes(c, "session");
  if (PHRASES.has(wordAt(c.piece, c.at))) return gap("SET");
  const name = settingName(c);
  if (!takesSymbol(c, "=")) needs(c, "to");
  if (takes(c, "default")) return ends(c, { kind: "set", ...on, name, value: null, values: [], local });
  const values: string[] = [];
  do values.push(settingValue(c));
  while (takesSymbol(c, ","));
  return ends(c, { kind: "set", ...on, name, value: values.join(", "), values, local });
}

function settingValue(c: Cursor): string {
  const kind = c.piece.tokens[c.at]?.kind;
  if (kind === "string") return takeString(c);
  if (kind === "word" || kind === "quoted") return takeName(c);
  const minus = takesSymbol(c, "-");
  const source = sourceAt(c);
  if (!/^\d+(\.\d+)?$/.test(source)) return gap("SET");
  c.at++;
  return String(minus ? -Number(source) : Number(source));
}

function refresh(c: Cursor, on: On): Operation {
  const concurrently = takes(c, "concurrently");
  const view = takeRelation(c);
  const withData = !takes(c, "with no data");
  if (withData) takes(c, "with data");
  return ends(c, { kind: "refreshView", ...on, view, concurrently, withData });
}

function transaction(c: Cursor, on: On): Operation | undefined {
  const block = () => takes(c, "work") || takes(c, "transaction");
  if (takes(c, "begin") || takes(c, "start transaction")) {
    block();
    return ends(c, { kind: "transaction", ...on, action: "begin" });
  }
  if (takes(c, "commit") || takes(c, "end")) {
    block();
    return ends(c, { kind: "transaction", ...on, action: "commit" });
  }
  if (takes(c, "savepoint")) return ends(c, { kind: "transaction", ...on, action: "savepoint", name: takeName(c) });
  if (takes(c, "release")) {
    takes(c, "savepoint");
    return ends(c, { kind: "transaction", ...on, action: "release", name: takeName(c) });
  }
  if (!takes(c, "rollback") && !takes(c, "abort")) return undefined;
  block();
  if (!takes(c, "to")) return ends(c, { kind: "transaction", ...on, action: "rollback" });
  takes(c, "savepoint");
  return ends(c, { kind: "transaction", ...on, action: "rollbackTo", name: takeName(c) });
}

function rows(piece: Piece, span: Span, on: On): Operation[] {
  const changed = fromSeveral(piece, span);
  if (changed) return [{ kind: changed.kind, ...on, change: changed, table: changed.table } as Operation];
  const node = parsed(textOf(piece, span));
  const plain = change(node);
  if (plain) return [{ kind: plain.kind, ...on, change: plain, table: plain.table } as Operation];
  switch (node.type) {
    case "select":
    case "union":
    case "union all":
    case "values":
    case "with":
    case "with recursive":
      return [selectOperation(query(node), on)];
    default:
      return gap(node.type);
  }
}

/**
 * DELETE … USING and UPDATE … FROM, of which pgsql-ast-parser knows nothing or one table: their list of tables and
 * condition are read as those of a SELECT. Places do not matter, expressions have none.
 */
function fromSeveral(piece: Piece, span: Span): Change | undefined {
  const isDelete = wordAt(piece, span.from) === "delete";
  if (!isDelete && wordAt(piece, span.from) !== "update") return undefined;
  const returning = findWord(piece, span, ["returning"]);
  const body = { from: span.from, to: returning };
  let list = findWord(piece, isDelete ? body : { from: findWord(piece, body, ["set"]), to: returning }, [
    isDelete ? "using" : "from",
  ]);
  while (list < returning && wordAt(piece, list - 1) === "distinct")
    list = findWord(piece, { from: list + 1, to: returning }, ["from"]);
  if (list >= returning) return undefined;
  const head = change(parsed(only(piece, { from: span.from, to: list })));
  if (returning < span.to) parsed(`SELECT ${textOf(piece, { from: returning + 1, to: span.to })}`);
  const rest = parsed(`SELECT * FROM ${textOf(piece, { from: list + 1, to: returning })}`);
  if (rest.type !== "select" || rest.groupBy || rest.having || rest.limit || rest.orderBy || rest.for)
    return gap("the tables of a change");
  const { from, where } = query(rest);
  const returns = returning < span.to && { returning: true as const };
  if (head?.kind === "deleteRows") return { ...head, using: from, ...(where && { where }), ...returns };
  return head?.kind === "updateRows" ? { ...head, from, ...(where && { where }), ...returns } : gap("a change of rows");
}
