import type {
  ColumnConstraint,
  CreateColumnDef,
  TableConstraint as ParsedConstraint,
  TableReference,
} from "pgsql-ast-parser";
import type { Range } from "../../source/text.ts";
import type { Expression } from "../expression.ts";
import type { ColumnDefinition } from "../operation/tables.ts";
import type { IndexColumn } from "../operation/indexes.ts";
import type { Operation } from "../operation/index.ts";
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
import { cursor, done, findWord, needs, only, takeName, takeRelation, takes } from "./cursor.ts";
import { expression, relationName, typeName } from "./expressions.ts";
import { gap, parsed } from "./parser.ts";

/** CREATE TABLE, its columns and constraints, CREATE INDEX. */

const plain = { notValid: false, notEnforced: false } as const;

/** What follows a table constraint: pgsql-ast-parser knows none of it. */
export interface ConstraintEnd {
  /** Index of its first token. */
  readonly from: number;
  readonly notValid: boolean;
  readonly deferrable: boolean;
  readonly noInherit: boolean;
}

export function constraintEnd(piece: Piece, span: Span): ConstraintEnd {
  let to = span.to;
  let notValid = false;
  let deferrable = false;
  let noInherit = false;
  const back = (words: string): boolean => {
    const wanted = words.split(" ");
    if (to - wanted.length <= span.from || !wanted.every((word, i) => wordAt(piece, to - wanted.length + i) === word))
      return false;
    to -= wanted.length;
    return true;
  };
  for (;;) {
    if (back("not valid")) notValid = true;
    else if (back("no inherit")) noInherit = true;
    else if (back("not deferrable") || back("initially immediate")) continue;
    // INITIALLY DEFERRED implies DEFERRABLE.
    else if (back("deferrable") || back("initially deferred")) deferrable = true;
    else break;
  }
  return { from: to, notValid, deferrable, noInherit };
}

function reference(node: TableReference, columns: readonly string[]) {
  return {
    type: "foreignKey" as const,
    columns,
    parent: relationName(node.foreignTable),
    parentColumns: node.foreignColumns.map((column) => column.name),
    onDelete: node.onDelete ?? ("no action" as const),
    onUpdate: node.onUpdate ?? ("no action" as const),
    matchFull: node.match === "full" || (node.match === "partial" && gap("MATCH PARTIAL")),
    ...plain,
    deferrable: false,
  };
}

const keyOf = (type: "unique" | "primaryKey", columns: readonly string[]) => ({
  type,
  columns,
  nullsNotDistinct: false,
  deferrable: false,
  include: [] as string[],
});

export function constraint(node: ParsedConstraint, end: ConstraintEnd, range: Range): TableConstraint {
  const named = node.constraintName ? { name: node.constraintName.name } : {};
  const { notValid, deferrable } = end;
  if (end.noInherit && node.type !== "check") gap("NO INHERIT");
  switch (node.type) {
    case "foreign key":
      return {
        ...named,
        ...reference(
          node,
          node.localColumns.map((column) => column.name),
        ),
        notValid,
        deferrable,
        range,
      };
    case "check":
      if (deferrable) gap("a deferrable check");
      return {
        type: "check",
        ...named,
        expression: expression(node.expr),
        ...plain,
        notValid,
        noInherit: end.noInherit,
        range,
      };
    case "unique":
    case "primary key":
      if (notValid) gap("NOT VALID");
      return {
        ...named,
        ...keyOf(
          node.type === "unique" ? "unique" : "primaryKey",
          node.columns.map((column) => column.name),
        ),
        deferrable,
        range,
      };
  }
}

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
    like.push({ table: relationName(column.like), including: has("all") ? ["all"] : LIKE_OPTIONS.filter(has) });
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

/** `(a, b)` at the cursor. */
export function namesInParentheses(piece: Piece, c: ReturnType<typeof cursor>): string[] {
  const inside = symbolAt(piece, c.at) === "(" ? insideParentheses(piece, { from: c.at, to: c.to }) : undefined;
  if (!inside) return gap("no names");
  c.at = inside.to + 1;
  return splitCommas(piece, inside).map((span) => {
    const inner = cursor(piece, span);
    const name = takeName(inner);
    return done(inner) ? name : gap("no name");
  });
}

/** Index of the first of `words` in the span, or undefined. */
export function wordIn(piece: Piece, span: Span, ...words: readonly string[]): number | undefined {
  const at = findWord(piece, span, words);
  return at < span.to ? at : undefined;
}
