import { lookup } from "../../words.ts";
import type { Range } from "../../source/text.ts";
import type { Expression } from "../expression.ts";
import type { Name } from "../names.ts";
import type { ColumnDefinition } from "../operation/tables.ts";
import type { ForeignKeyAction, UniqueKey, TableConstraint } from "../operation/constraints.ts";
import type { IndexColumn } from "../operation/indexes.ts";
import type { Operation } from "../operation/index.ts";
import { expression, query } from "./expressions.ts";
import { nameOf, relationName, typeName } from "./names.ts";
import { type Raw, list, opened, text, texts } from "./node.ts";
import { type Span, afterName, inBody, insideParentheses, rangeOf, splitCommas } from "../piece.ts";
import { type ParsedPiece as Piece, tokenAtByte } from "./piece.ts";

/** CREATE TABLE, its columns and constraints, CREATE INDEX. */

const ACTIONS: Readonly<Record<string, ForeignKeyAction>> = lookup({
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
});

function key(raw: Raw, column?: string): UniqueKey {
  return {
    ...(raw.conname && { name: raw.conname }),
    columns: column === undefined ? texts(raw.keys) : [column],
    ...(raw.indexname && { usingIndex: raw.indexname }),
    nullsNotDistinct: raw.nulls_not_distinct ?? false,
    deferrable: raw.deferrable ?? false,
    include: texts(raw.including),
  };
}

/** A Constraint node of a table, or of the column that is given; undefined for attributes such as DEFAULT or DEFERRABLE. */
export function constraint(raw: Raw, range: Range, column?: string): TableConstraint | undefined {
  const named = raw.conname ? { name: String(raw.conname) } : {};
  switch (raw.contype) {
    case "CONSTR_FOREIGN":
      return {
        type: "foreignKey",
        ...named,
        columns: column === undefined ? texts(raw.fk_attrs) : [column],
        parent: relationName(raw.pktable),
        parentColumns: texts(raw.pk_attrs),
        onDelete: ACTIONS[raw.fk_del_action] ?? "no action",
        onUpdate: ACTIONS[raw.fk_upd_action] ?? "no action",
        matchFull: raw.fk_matchtype === "f",
        notValid: raw.skip_validation ?? false,
        notEnforced: raw.is_enforced !== true,
        deferrable: raw.deferrable ?? false,
        range,
      };
    case "CONSTR_CHECK":
      return {
        type: "check",
        ...named,
        expression: expression(raw.raw_expr),
        notValid: raw.skip_validation ?? false,
        notEnforced: raw.is_enforced !== true,
        noInherit: raw.is_no_inherit ?? false,
        range,
      };
    case "CONSTR_UNIQUE":
      return { type: "unique", ...key(raw, column), range };
    case "CONSTR_PRIMARY":
      return { type: "primaryKey", ...key(raw, column), range };
    case "CONSTR_EXCLUSION":
      return {
        type: "exclusion",
        ...named,
        method: raw.access_method ?? "gist",
        columns: list(raw.exclusions).map((item) => item.List?.items?.[0]?.IndexElem?.name ?? null),
        operators: list(raw.exclusions).map((item) => texts(item.List?.items?.[1]?.List?.items).join(".")),
        ...(raw.where_clause && { where: expression(raw.where_clause) }),
        range,
      };
    case "CONSTR_NOTNULL":
      return {
        type: "notNull",
        ...named,
        column: column ?? texts(raw.keys)[0] ?? "",
        notValid: raw.skip_validation ?? false,
        range,
      };
    default:
      return undefined;
  }
}

/** `span` holds the whole column definition. */
export function columnDefinition(piece: Piece, raw: Raw, span: Span): ColumnDefinition {
  const name: string = raw.colname ?? "";
  const constraints: TableConstraint[] = [];
  let notNull = false;
  let notNullName: string | undefined;
  let sequence: Name | undefined;
  let value: Expression | undefined;
  let identity: ColumnDefinition["identity"];
  let generated: ColumnDefinition["generated"];
  const nodes = list(raw.constraints).map((node) => node.Constraint ?? {});
  nodes.forEach((node, i) => {
    switch (node.contype) {
      case "CONSTR_NOTNULL":
        notNull = true;
        notNullName = node.conname;
        return;
      case "CONSTR_DEFAULT":
        value = expression(node.raw_expr);
        return;
      case "CONSTR_IDENTITY":
        identity = node.generated_when === "a" ? "always" : "by default";
        sequence = sequenceName(node);
        notNull = true;
        return;
      case "CONSTR_GENERATED":
        generated = { stored: node.generated_kind !== "v", expression: expression(node.raw_expr) };
        return;
    }
    if (node.contype === "CONSTR_PRIMARY") notNull = true;
    const from = tokenAtByte(piece, node.location);
    const following = nodes[i + 1];
    const to = following ? Math.max(from + 1, tokenAtByte(piece, following.location)) : span.to;
    const attributes = attributesAfter(nodes, i);
    const found = constraint({ ...node, ...attributes }, rangeOf(piece, { from, to }), name);
    if (found) constraints.push(found);
  });
  return {
    name,
    type: typeName(raw.typeName),
    notNull: notNull || /serial$/.test(typeName(raw.typeName).name),
    ...(notNullName !== undefined && { notNullName }),
    default: value,
    identity,
    ...(sequence && { sequence }),
    generated,
    ...(raw.collClause && {
      collation: texts(raw.collClause.CollateClause?.collname ?? raw.collClause.collname).join("."),
    }),
    constraints,
    range: rangeOf(piece, span),
  };
}

/** SEQUENCE NAME among the options of GENERATED … AS IDENTITY. */
export function sequenceName(raw: Raw): Name | undefined {
  const option = list(raw.options).find((node) => node.DefElem?.defname === "sequence_name");
  return option && nameOf(texts(option.DefElem.arg?.List?.items));
}

/** DEFERRABLE and NOT ENFORCED are nodes of their own behind the constraint that they belong to. */
function attributesAfter(nodes: readonly Raw[], i: number): Raw {
  const found: Record<string, boolean> = {};
  for (const node of nodes.slice(i + 1)) {
    if (node.contype === "CONSTR_ATTR_DEFERRABLE" || node.contype === "CONSTR_ATTR_DEFERRED")
      found["deferrable"] = true;
    else if (node.contype === "CONSTR_ATTR_NOT_ENFORCED") found["is_enforced"] = false;
    else if (!String(node.contype).startsWith("CONSTR_ATTR_")) break;
  }
  return found;
}

const LIKE_BITS = [
  ["constraints", 4],
  ["defaults", 8],
  ["generated", 16],
  ["identity", 32],
  ["indexes", 64],
] as const;
/** CREATE_TABLE_LIKE_ALL */
const LIKE_ALL = 0x7fffffff;

export function createTable(piece: Piece, raw: Raw, span: Span, foreign = false): Operation {
  const columns: ColumnDefinition[] = [];
  const constraints: TableConstraint[] = [];
  const like: {
    table: ReturnType<typeof relationName>;
    before: number;
    including: ("all" | "constraints" | "defaults" | "generated" | "identity" | "indexes" | "other")[];
  }[] = [];
  const inside = insideParentheses(piece, span, afterName(piece, tokenAtByte(piece, raw.relation?.location)));
  const spans = inside ? splitCommas(piece, inside) : [];
  list(raw.tableElts).forEach((node, i) => {
    const [type, element] = opened(node);
    const at = spans[i] ?? span;
    if (type === "ColumnDef") columns.push(columnDefinition(piece, element, at));
    else if (type === "Constraint") {
      const found = constraint(element, rangeOf(piece, at));
      if (found) constraints.push(found);
    } else if (type === "TableLikeClause") {
      const options: number = element.options ?? 0;
      like.push({
        table: relationName(element.relation),
        before: columns.length,
        including: options >= LIKE_ALL ? ["all"] : LIKE_BITS.filter(([, bit]) => options & bit).map(([what]) => what),
      });
    }
  });
  const parents = list(raw.inhRelations).map((node) => relationName(node.RangeVar));
  const partition = raw.partbound !== undefined;
  const [parent] = parents;
  const partitionedBy = raw.partspec && list(raw.partspec.partParams).map((node) => node.PartitionElem?.name ?? "");
  return {
    kind: "createTable",
    range: rangeOf(piece, span),
    ...inBody(piece),
    table: relationName(raw.relation),
    columns,
    constraints,
    ifNotExists: raw.if_not_exists ?? false,
    persistence: persistence(raw.relation),
    foreign,
    ...(partitionedBy && { partitionedBy }),
    ...(partition && parent && { partitionOf: parent }),
    partitionDefault: raw.partbound?.is_default ?? false,
    ...(raw.ofTypename && { of: nameOf(texts(raw.ofTypename.names)) }),
    inherits: partition ? [] : parents,
    like,
  };
}

export function createTableAs(piece: Piece, raw: Raw, span: Span): Operation {
  const relation = raw.into?.rel;
  const as = query(raw.query?.SelectStmt);
  if (raw.objtype === "OBJECT_MATVIEW") {
    return {
      kind: "createView",
      range: rangeOf(piece, span),
      ...inBody(piece),
      view: relationName(relation),
      materialized: true,
      replace: false,
      ifNotExists: raw.if_not_exists ?? false,
      temporary: false,
      withData: !raw.into?.skipData,
      query: as,
      columns: texts(raw.into?.colNames),
    };
  }
  return {
    kind: "createTable",
    range: rangeOf(piece, span),
    ...inBody(piece),
    table: relationName(relation),
    columns: [],
    constraints: [],
    ifNotExists: raw.if_not_exists ?? false,
    persistence: persistence(relation),
    foreign: false,
    partitionDefault: false,
    inherits: [],
    like: [],
    as,
    ...(list(raw.into?.colNames).length > 0 && { asColumns: texts(raw.into.colNames) }),
    ...(raw.into?.skipData === true && { withoutData: true }),
  };
}

export function persistence(relation: Raw): "permanent" | "temporary" | "unlogged" {
  return relation?.relpersistence === "t" ? "temporary" : relation?.relpersistence === "u" ? "unlogged" : "permanent";
}

export function createIndex(piece: Piece, raw: Raw, span: Span): Operation {
  const inside = insideParentheses(piece, span, afterName(piece, tokenAtByte(piece, raw.relation?.location)));
  const spans = inside ? splitCommas(piece, inside) : [];
  const columns = list(raw.indexParams).map((node, i): IndexColumn => {
    const element = node.IndexElem ?? {};
    return {
      ...(element.name && { column: element.name }),
      ...(element.expr && { expression: expression(element.expr) }),
      ...(element.opclass && { operatorClass: texts(element.opclass).join(".") }),
      descending: element.ordering === "SORTBY_DESC",
      ...((element.collation || /FIRST|LAST/.test(element.nulls_ordering as string)) && { special: true as const }),
      range: rangeOf(piece, spans[i] ?? span),
    };
  });
  return {
    kind: "createIndex",
    range: rangeOf(piece, span),
    ...inBody(piece),
    ...(raw.idxname && { name: raw.idxname }),
    table: relationName(raw.relation),
    unique: raw.unique ?? false,
    concurrently: raw.concurrent ?? false,
    ifNotExists: raw.if_not_exists ?? false,
    only: raw.relation?.inh !== true,
    method: raw.accessMethod ?? "btree",
    columns,
    include: list(raw.indexIncludingParams).map((node) => node.IndexElem?.name ?? ""),
    ...(raw.whereClause && { where: expression(raw.whereClause) }),
    nullsNotDistinct: raw.nulls_not_distinct ?? false,
  };
}

/** Text of a DefElem's argument, whatever node it is. */
export function optionText(raw: Raw): string {
  const arg = raw?.arg;
  if (arg?.List) return list(arg.List.items).map(text).join(".");
  if (arg?.Integer) return String(arg.Integer.ival ?? 0);
  if (arg?.Boolean) return String(arg.Boolean.boolval ?? false);
  if (arg?.Float) return String(arg.Float.fval);
  if (arg?.TypeName) return texts(arg.TypeName.names).at(-1) ?? "";
  return text(arg);
}
