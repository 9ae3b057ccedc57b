import type { IndexColumn } from "../operation/indexes.ts";
import type { Operation } from "../operation/index.ts";
import { type Piece, type Span, inBody, insideParentheses, rangeOf, splitCommas, symbolAt, wordAt } from "../piece.ts";
import { cursor, done, namesInParentheses, needs, only, takeName, takeRelation, takes } from "./cursor.ts";
import { expression } from "./expressions.ts";
import { gap, parsed } from "./parser.ts";

export function createIndex(piece: Piece, span: Span): Operation {
  const c = cursor(piece, span);
  needs(c, "create");
  const unique = takes(c, "unique");
  needs(c, "index");
  const concurrently = takes(c, "concurrently");
  const ifNotExists = takes(c, "if not exists");
  const name = wordAt(piece, c.at) === "on" ? undefined : takeName(c);
  needs(c, "on");
  const onlyAt = c.at;
  const isOnly = takes(c, "only");
  const beforeTable = { from: span.from, to: isOnly ? onlyAt : c.at };
  const tableFrom = c.at;
  const table = takeRelation(c);
  const method = takes(c, "using") ? takeName(c) : "btree";
  const inside = symbolAt(piece, c.at) === "(" ? insideParentheses(piece, { from: c.at, to: span.to }) : undefined;
  if (!inside) return gap("an index without columns");
  c.at = inside.to + 1;
  const include = takes(c, "include") ? namesInParentheses(piece, c) : [];
  const nullsNotDistinct = takes(c, "nulls not distinct");
  if (!nullsNotDistinct) takes(c, "nulls distinct");
  // Storage parameters say nothing that an operation holds; pgsql-ast-parser does not know all of them.
  if (takes(c, "with")) {
    const options = insideParentheses(piece, { from: c.at, to: span.to });
    if (!options || options.from !== c.at + 1) return gap("WITH");
    c.at = options.to + 1;
  }
  if (takes(c, "tablespace")) takeName(c);
  if (!done(c) && wordAt(piece, c.at) !== "where") gap("the end of an index");
  const node = parsed(only(piece, beforeTable, { from: tableFrom, to: inside.to + 1 }, { from: c.at, to: span.to }));
  if (node.type !== "create index") return gap(node.type);
  const spans = splitCommas(piece, inside);
  if (spans.length !== node.expressions.length) gap("columns of an index");
  const columns = node.expressions.map((item, i): IndexColumn => {
    const { expression: of, opclass, order } = item;
    if (of.type === "ref" && of.table) gap("a qualified column");
    const bare = of.type === "ref" && symbolAt(piece, (spans[i] as Span).from) !== "(";
    return {
      ...(bare ? { column: of.name } : { expression: expression(of) }),
      ...(opclass && { operatorClass: [opclass.schema, opclass.name].filter((part) => part !== undefined).join(".") }),
      descending: order === "desc",
      ...((item.collate !== undefined || item.nulls !== undefined) && { special: true as const }),
      range: rangeOf(piece, spans[i] as Span),
    };
  });
  return {
    kind: "createIndex",
    range: rangeOf(piece, span),
    ...inBody(piece),
    name,
    table,
    unique,
    concurrently,
    ifNotExists,
    only: isOnly,
    method,
    columns,
    include,
    ...(node.where && { where: expression(node.where) }),
    nullsNotDistinct,
  };
}
