import type { Operation } from "../operation/index.ts";
import { type Piece, type Span, inBody, placesOfNames, rangeOf, wordAt } from "../piece.ts";
import { alterRelation, alterTable, alterType } from "./alter.ts";
import {
  type Cursor,
  type On,
  cursor,
  done,
  ends,
  findWord,
  needs,
  only,
  takeCascade,
  takeName,
  takeRelations,
  takes,
  textOf,
} from "./cursor.ts";
import { gap, parsed } from "./parser.ts";
import { createIndex } from "./indexes.ts";
import { createTable } from "./tables.ts";
import type { Name } from "../names.ts";
import { selectOperation } from "../select.ts";
import { change, query } from "./expressions.ts";
import type { Change } from "../expression.ts";
import { comment, drop, made, refresh, trigger } from "./objects.ts";
import { lock, set, settingName, transaction } from "./session.ts";

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
