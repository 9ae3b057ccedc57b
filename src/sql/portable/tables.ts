import type { ColumnConstraint, CreateColumnDef } from "pgsql-ast-parser";
import type { Expression } from "../expression.ts";
import type { ColumnDefinition } from "../operation/tables.ts";
import type { TableConstraint } from "../operation/constraints.ts";
import {
  type Piece,
  type Span,
  inBody,
  insideParentheses,
  rangeOf,
  splitCommas,
  symbolAt,
  tokenAt,
  wordAt,
} from "../piece.ts";
import { relationName, typeName } from "./names.ts";
import { expression } from "./expressions.ts";
import { gap, parsed } from "./parser.ts";
import type { Operation } from "../operation/index.ts";
import { cursor, done, needs, only, takeName, takeRelation, takes } from "./cursor.ts";
import { constraint, constraintEnd, keyOf, plain, reference } from "./constraints.ts";

/** CREATE TABLE, its columns and constraints, CREATE INDEX. */

/** `span` holds the column definition; `node` was read from a text with the same places. */
export function columnDefinition(piece: Piece, node: CreateColumnDef, span: Span): ColumnDefinition {
  const name = node.name.name;
  const type = typeName(node.dataType);
  const constraints: TableConstraint[] = [];
  let notNull = /serial$/.test(type.name);
  let notNullName: string | undefined;
  let value: Expression | undefined;
  let identity: ColumnDefinition["identity"];
  let generated: ColumnDefinition["generated"];
  const nodes = node.constraints ?? [];
  nodes.forEach((item, i) => {
    const written = () => {
      const following = nodes[i + 1];
      const to = following ? startOf(piece, following, span) : span.to;
      return {
        ...(item.constraintName && { name: item.constraintName.name }),
        range: rangeOf(piece, { from: startOf(piece, item, span), to }),
      };
    };
    switch (item.type) {
      case "null":
        return;
      case "not null":
        notNull = true;
        notNullName = item.constraintName?.name;
        return;
      case "default":
        value = expression(item.default);
        return;
      case "add generated":
        if (item.expression)
          generated = { stored: item.stored ?? gap("a virtual column"), expression: expression(item.expression) };
        else {
          if (item.sequence && Object.keys(item.sequence).some((key) => key !== "_location"))
            gap("options of an identity");
          identity = item.always === "always" ? "always" : "by default";
          notNull = true;
        }
        return;
      case "unique":
        constraints.push({ ...keyOf("unique", [name]), ...written() });
        return;
      case "primary key":
        notNull = true;
        constraints.push({ ...keyOf("primaryKey", [name]), ...written() });
        return;
      case "reference":
        constraints.push({ ...reference(item, [name]), ...written() });
        return;
      case "check":
        constraints.push({
          type: "check",
          expression: expression(item.expr),
          ...plain,
          noInherit: false,
          ...written(),
        });
        return;
      default:
        item satisfies never;
    }
  });
  const collation =
    node.collate && [node.collate.schema, node.collate.name].filter((part) => part !== undefined).join(".");
  return {
    name,
    type,
    notNull,
    ...(notNullName !== undefined && { notNullName }),
    default: value,
    identity,
    generated,
    collation,
    constraints,
    range: rangeOf(piece, span),
  };
}

const STARTS = new Set("constraint not null default check unique primary references generated".split(" "));

/** The first token of a column constraint. */
function startOf(piece: Piece, node: ColumnConstraint, span: Span): number {
  const at = node._location === undefined ? -1 : tokenAt(piece, node._location.start);
  return at >= span.from && at < span.to && STARTS.has(wordAt(piece, at))
    ? at
    : gap("the place of a column constraint");
}

const LIKE_OPTIONS = ["constraints", "defaults", "indexes"] as const;

export function createTable(piece: Piece, span: Span): Operation {
  const c = cursor(piece, span);
  needs(c, "create");
  const temporary = takes(c, "temporary") || takes(c, "temp");
  const unlogged = !temporary && takes(c, "unlogged");
  needs(c, "table");
  const ifNotExists = takes(c, "if not exists");
  const table = takeRelation(c);
  const inside = symbolAt(piece, c.at) === "(" ? insideParentheses(piece, { from: c.at, to: span.to }) : undefined;
  if (!inside) return gap("CREATE TABLE without columns");
  const after = cursor(piece, { from: inside.to + 1, to: span.to });
  const partitionedBy = partitions(piece, after);
  const inheritance = { from: after.at, to: span.to };
  if (!done(after) && wordAt(piece, after.at) !== "inherits") gap("options of a table");

  const elements = inside.to > inside.from ? splitCommas(piece, inside) : gap("a table without columns");
  const isConstraint = (element: Span) => CONSTRAINTS.has(wordAt(piece, element.from));
  const ends = elements.filter(isConstraint).map((element) => ({ element, end: constraintEnd(piece, element) }));
  const kept: Span[] = [];
  let from = span.from;
  for (const { element, end } of ends) {
    kept.push({ from, to: end.from });
    from = element.to;
  }
  kept.push({ from, to: inside.to + 1 }, inheritance);
  const node = parsed(only(piece, ...kept));
  if (node.type !== "create table") return gap(node.type);
  const others = elements.filter((element) => !isConstraint(element));
  const tableConstraints = node.constraints ?? [];
  if (others.length !== node.columns.length || tableConstraints.length !== ends.length) gap("elements of a table");
  const columns: ColumnDefinition[] = [];
  const like: Extract<Operation, { kind: "createTable" }>["like"][number][] = [];
  node.columns.forEach((column, i) => {
    if (column.kind === "column") {
      columns.push(columnDefinition(piece, column, others[i] as Span));
      return;
    }
    const options = column.options ?? [];
    if (options.some(({ verb, option }) => verb !== "including" || option === "storage" || option === "comments"))
      gap("LIKE … EXCLUDING");
    const has = (wanted: string) => options.some(({ option }) => option === wanted);
    like.push({
      table: relationName(column.like),
      before: columns.length,
      including: has("all") ? ["all"] : LIKE_OPTIONS.filter(has),
    });
  });
  return {
    kind: "createTable",
    range: rangeOf(piece, span),
    ...inBody(piece),
    table,
    columns,
    constraints: tableConstraints.map((item, i) =>
      constraint(
        item,
        (ends[i] as (typeof ends)[number]).end,
        rangeOf(piece, (ends[i] as (typeof ends)[number]).element),
      ),
    ),
    ifNotExists,
    persistence: temporary ? "temporary" : unlogged ? "unlogged" : "permanent",
    foreign: false,
    partitionedBy,
    partitionDefault: false,
    inherits: (node.inherits ?? []).map(relationName),
    like,
  };
}

const CONSTRAINTS = new Set("constraint primary unique foreign check exclude".split(" "));

/** PARTITION BY RANGE (a, b); expressions are a gap. */
function partitions(piece: Piece, after: ReturnType<typeof cursor>): string[] | undefined {
  if (!takes(after, "partition by")) return undefined;
  if (!takes(after, "range") && !takes(after, "list") && !takes(after, "hash")) gap("PARTITION BY");
  const inside = insideParentheses(piece, { from: after.at, to: after.to });
  if (!inside || inside.from !== after.at + 1) return gap("PARTITION BY");
  after.at = inside.to + 1;
  return splitCommas(piece, inside).map((span) => {
    const c = cursor(piece, span);
    const name = takeName(c);
    return done(c) ? name : gap("PARTITION BY an expression");
  });
}
