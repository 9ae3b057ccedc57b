import { lookup } from "../../words.ts";
import type { Change, Cte, Expression, Query, Source, Target } from "../expression.ts";
import { type Raw, list, opened, text, texts } from "./node.ts";
import { dotted } from "../names.ts";
import { LIKES, OPERATORS, cast, negate } from "./operators.ts";
import { assignment, conflictOf } from "./assignments.ts";
import { aliasOf, nameOf, onlyOf, relationName, typeName } from "./names.ts";

const other = (args: readonly Expression[]): Expression => ({ kind: "other", args });

/** Any expression node. What is not understood becomes `other` with the expressions that it holds. */
export function expression(node: Raw): Expression {
  const [type, raw] = opened(node);
  switch (type) {
    case "ColumnRef":
      return columnReference(list(raw.fields));
    case "A_Const":
      // Bit strings have a type of their own.
      return raw.bsval ? other([]) : { kind: "literal", value: constant(raw) };
    case "ParamRef":
      return { kind: "parameter", number: raw.number ?? 0 };
    case "A_Expr":
      return operator(raw);
    case "BoolExpr": {
      const args = list(raw.args).map(expression);
      if (raw.boolop === "NOT_EXPR") return negate(args[0] as Expression);
      return { kind: raw.boolop === "OR_EXPR" ? "or" : "and", args };
    }
    case "NullTest":
      return { kind: "isNull", arg: expression(raw.arg), negated: raw.nulltesttype === "IS_NOT_NULL" };
    case "BooleanTest":
      return {
        kind: "operator",
        operator: String(raw.booltesttype).toLowerCase().replaceAll("_", " "),
        args: [expression(raw.arg)],
      };
    case "FuncCall":
      return call(raw);
    case "SQLValueFunction":
      return {
        kind: "call",
        name: String(raw.op)
          .replace(/^SVFOP_/, "")
          .replace(/_N$/, "")
          .toLowerCase(),
        args: [],
      };
    case "TypeCast":
      return cast(expression(raw.arg), typeName(raw.typeName));
    case "SubLink":
      return subLink(raw);
    case "RowExpr":
      return { kind: "row", args: list(raw.args).map(expression) };
    case "A_ArrayExpr":
      return { kind: "array", args: list(raw.elements).map(expression) };
    case "CoalesceExpr":
      return { kind: "call", name: "coalesce", args: list(raw.args).map(expression) };
    case "MinMaxExpr":
      return { kind: "call", name: raw.op === "IS_LEAST" ? "least" : "greatest", args: list(raw.args).map(expression) };
    case "CaseExpr":
      return {
        kind: "case",
        ...(raw.arg && { subject: expression(raw.arg) }),
        branches: list(raw.args).map((when) => ({
          when: expression(when.CaseWhen?.expr),
          then: expression(when.CaseWhen?.result),
        })),
        ...(raw.defresult && { otherwise: expression(raw.defresult) }),
      };
    case "CollateClause":
    case "NamedArgExpr":
      return expression(raw.arg);
    case "SetToDefault":
      return { kind: "call", name: "default", args: [] };
    case "List":
      return { kind: "row", args: list(raw.items).map(expression) };
    case "":
      return other([]);
    default:
      return other(parts(raw));
  }
}

/** Expressions somewhere inside a node that has no shape of its own here. */
function parts(raw: Raw): Expression[] {
  if (Array.isArray(raw)) return raw.flatMap(parts);
  if (raw === null || typeof raw !== "object") return [];
  return Object.entries(raw).flatMap(([key, value]) =>
    key === "SelectStmt"
      ? [{ kind: "subquery", query: query(value) } as const]
      : /^[A-Z]/.test(key) && key !== "String" && key !== "TypeName"
        ? [expression({ [key]: value })]
        : parts(value),
  );
}

function columnReference(fields: readonly Raw[]): Expression {
  const last = fields.at(-1);
  const table = fields.length > 1 ? text(fields.at(-2)) : undefined;
  if (last?.A_Star) return table === undefined ? { kind: "star" } : { kind: "star", table };
  return table === undefined ? { kind: "column", column: text(last) } : { kind: "column", table, column: text(last) };
}

function constant(raw: Raw): string | number | boolean | null {
  if (raw.isnull) return null;
  if (raw.ival) return raw.ival.ival ?? 0;
  if (raw.fval) return Number(raw.fval.fval ?? 0);
  if (raw.boolval) return raw.boolval.boolval ?? false;
  return raw.sval?.sval ?? "";
}

function operator(raw: Raw): Expression {
  const name = texts(raw.name).at(-1) ?? "";
  const left = raw.lexpr === undefined ? [] : [expression(raw.lexpr)];
  const rightNodes =
    raw.rexpr?.List && raw.kind !== "AEXPR_IN"
      ? list(raw.rexpr.List.items)
      : raw.rexpr === undefined
        ? []
        : [raw.rexpr];
  if (raw.kind === "AEXPR_IN") {
    return {
      kind: "in",
      arg: left[0] as Expression,
      list: list(raw.rexpr?.List?.items).map(expression),
      negated: name === "<>",
    };
  }
  const right = rightNodes.map(expression);
  if (raw.kind === "AEXPR_OP_ANY" || raw.kind === "AEXPR_OP_ALL") {
    return {
      kind: "operator",
      operator: `${name} ${raw.kind === "AEXPR_OP_ANY" ? "any" : "all"}`,
      args: [...left, ...right],
    };
  }
  return {
    kind: "operator",
    operator: OPERATORS[raw.kind] ?? LIKES[name] ?? (name === "!=" ? "<>" : name),
    args: [...left, ...right],
  };
}

function call(raw: Raw): Expression {
  const { schema, name } = nameOf(texts(raw.funcname));
  const args = list(raw.args).map(expression);
  if (raw.agg_star) args.push({ kind: "star" });
  for (const order of list(raw.agg_order)) args.push(expression(order.SortBy?.node));
  if (raw.agg_filter) args.push(expression(raw.agg_filter));
  const over = raw.over && raw.over.name === undefined ? list(raw.over.partitionClause).map(expression) : undefined;
  const named = list(raw.args).some((each) => each.NamedArgExpr) && { named: true as const };
  return { kind: "call", name: dotted({ schema, name }).toLowerCase(), args, ...(over && { over }), ...named };
}

function subLink(raw: Raw): Expression {
  const inner = query(raw.subselect?.SelectStmt);
  switch (raw.subLinkType) {
    case "EXISTS_SUBLINK":
      return { kind: "exists", query: inner };
    case "ANY_SUBLINK": {
      const symbol = texts(raw.operName).at(-1);
      if (symbol === undefined || symbol === "=")
        return { kind: "in", arg: expression(raw.testexpr), query: inner, negated: false };
      return {
        kind: "operator",
        operator: `${symbol} any`,
        args: [expression(raw.testexpr), { kind: "subquery", query: inner }],
      };
    }
    case "ALL_SUBLINK": {
      const symbol = texts(raw.operName).at(-1);
      if (symbol === "<>") return { kind: "in", arg: expression(raw.testexpr), query: inner, negated: true };
      return {
        kind: "operator",
        operator: `${symbol ?? ""} all`,
        args: [expression(raw.testexpr), { kind: "subquery", query: inner }],
      };
    }
    case "ARRAY_SUBLINK":
      return { kind: "subquery", query: inner, array: true };
    default:
      return { kind: "subquery", query: inner };
  }
}

const COMBINE = { SETOP_UNION: "union", SETOP_INTERSECT: "intersect", SETOP_EXCEPT: "except" } as const;

/** A SelectStmt's fields. */
export function query(raw: Raw): Query {
  if (raw === undefined) return { ctes: [], targets: [], from: [], groupBy: [], distinct: false, locking: false };
  const operator = COMBINE[raw.op as keyof typeof COMBINE];
  const values = raw.valuesLists
    ? list(raw.valuesLists).map((row) => list(row.List?.items).map(expression))
    : undefined;
  return {
    ctes: ctes(raw.withClause),
    targets: list(raw.targetList).map(target),
    from: list(raw.fromClause).map(source),
    ...(raw.whereClause && { where: expression(raw.whereClause) }),
    groupBy: list(raw.groupClause).map(expression),
    ...(raw.havingClause && { having: expression(raw.havingClause) }),
    distinct: raw.distinctClause !== undefined,
    ...(raw.limitCount && { limit: expression(raw.limitCount) }),
    ...(raw.limitOffset && { offset: expression(raw.limitOffset) }),
    locking: list(raw.lockingClause).length > 0,
    ...(operator && { combine: { operator, left: query(raw.larg), right: query(raw.rarg) } }),
    ...(values && { values }),
    ...(raw.intoClause && { into: relationName(raw.intoClause.rel) }),
  };
}

function target(node: Raw): Target {
  const raw = node.ResTarget ?? {};
  return raw.name === undefined ? { value: expression(raw.val) } : { value: expression(raw.val), as: raw.name };
}

const JOINS: Readonly<Record<string, "inner" | "left" | "right" | "full">> = lookup({
  JOIN_INNER: "inner",
  JOIN_LEFT: "left",
  JOIN_RIGHT: "right",
  JOIN_FULL: "full",
});

function source(node: Raw): Source {
  const [type, raw] = opened(node);
  const alias: string | undefined = raw?.alias?.aliasname;
  const columns = texts(raw?.alias?.colnames);
  const as = { ...(alias !== undefined && { alias }), ...(columns.length > 0 && { columns }) };
  switch (type) {
    case "RangeVar":
      return { kind: "table", name: relationName(raw), ...as, ...onlyOf(raw) };
    case "RangeSubselect":
      return { kind: "query", query: query(raw.subquery?.SelectStmt), ...as };
    case "JoinExpr": {
      const using = texts(raw.usingClause);
      const bare = raw.quals === undefined && using.length === 0 && !raw.isNatural;
      const join = bare ? "cross" : (JOINS[raw.jointype] ?? "inner");
      return {
        kind: "join",
        join,
        left: source(raw.larg),
        right: source(raw.rarg),
        ...(raw.quals && { on: expression(raw.quals) }),
        ...(using.length > 0 && { using }),
        ...(raw.isNatural === true && { natural: true as const }),
        ...as,
        ...(raw.join_using_alias && { usingAlias: raw.join_using_alias.aliasname }),
      };
    }
    case "RangeTableSample":
      return source(raw.relation);
    case "RangeFunction": {
      const first = list(raw.functions)[0]?.List?.items?.[0];
      return { kind: "function", call: expression(first), ...as };
    }
    default:
      return { kind: "function", call: other(parts(raw)), ...(NAMED[type] && { alias: NAMED[type] }), ...as };
  }
}

/** What they are called by themselves. */
const NAMED: Readonly<Record<string, string>> = lookup({ RangeTableFunc: "xmltable", JsonTable: "json_table" });

function ctes(clause: Raw): Cte[] {
  return list(clause?.ctes).map((node) => {
    const raw = node.CommonTableExpr ?? {};
    const [type, inner] = opened(raw.ctequery);
    const columns = texts(raw.aliascolnames);
    const named = {
      name: (raw.ctename ?? "") as string,
      ...(clause.recursive === true && { recursive: true as const }),
      ...(columns.length > 0 && { columns }),
    };
    if (type === "SelectStmt") return { ...named, query: query(inner) };
    const changed = change(type, inner);
    return changed ? { ...named, change: changed } : named;
  });
}

/** INSERT, UPDATE, DELETE and MERGE; undefined for other statements. */
export function change(type: string, raw: Raw): Change | undefined {
  switch (type) {
    case "InsertStmt": {
      const conflict = raw.onConflictClause?.action;
      return {
        kind: "insertRows",
        table: relationName(raw.relation),
        ...aliasOf(raw.relation),
        columns: list(raw.cols).map((column) => column.ResTarget?.name ?? ""),
        ...(list(raw.cols).some((column) => column.ResTarget?.indirection) && { partial: true as const }),
        ...(raw.selectStmt && { query: query(raw.selectStmt.SelectStmt) }),
        ...(conflict && { onConflict: conflict === "ONCONFLICT_UPDATE" ? ("update" as const) : ("nothing" as const) }),
        ...(conflict && conflictOf(raw.onConflictClause, expression)),
        ...((raw.override === "OVERRIDING_SYSTEM_VALUE" || raw.override === "OVERRIDING_USER_VALUE") && {
          overriding: true as const,
        }),
        ctes: ctes(raw.withClause),
      };
    }
    case "UpdateStmt":
      return {
        kind: "updateRows",
        table: relationName(raw.relation),
        ...onlyOf(raw.relation),
        ...aliasOf(raw.relation),
        set: list(raw.targetList).map(assignment(expression)),
        from: list(raw.fromClause).map(source),
        ...(raw.whereClause && { where: expression(raw.whereClause) }),
        ...(raw.returningClause && { returning: true as const }),
        ctes: ctes(raw.withClause),
      };
    case "DeleteStmt":
      return {
        kind: "deleteRows",
        table: relationName(raw.relation),
        ...onlyOf(raw.relation),
        ...aliasOf(raw.relation),
        using: list(raw.usingClause).map(source),
        ...(raw.whereClause && { where: expression(raw.whereClause) }),
        ...(raw.returningClause && { returning: true as const }),
        ctes: ctes(raw.withClause),
      };
    case "MergeStmt":
      return {
        kind: "mergeRows",
        table: relationName(raw.relation),
        ...aliasOf(raw.relation),
        source: source(raw.sourceRelation),
        on: expression(raw.joinCondition),
        actions: list(raw.mergeWhenClauses).map(
          (when) => MERGE[when.MergeWhenClause?.commandType as keyof typeof MERGE] ?? "nothing",
        ),
        ctes: ctes(raw.withClause),
      };
    default:
      return undefined;
  }
}

const MERGE = { CMD_INSERT: "insert", CMD_UPDATE: "update", CMD_DELETE: "delete" } as const;
