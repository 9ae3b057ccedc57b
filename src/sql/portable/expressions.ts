import type {
  DataTypeDef,
  Expr,
  ExprBinary,
  ExprCall,
  From,
  QName,
  SelectStatement,
  SelectedColumn,
  Statement,
  WithStatementBinding,
} from "pgsql-ast-parser";
import type { Change, Cte, Expression, Query, Source, Target, TypeName } from "../expression.ts";
import { dotted, type Name } from "../names.ts";
import { gap, parsed } from "./parser.ts";

/** pgsql-ast-parser's expressions and queries, told in the same words as PostgreSQL's. */

export const nameOf = ({ schema, name }: QName): Name =>
  schema === undefined || schema === "pg_catalog" ? { name } : { schema, name };
/** Relations keep pg_catalog, as they do in the other reader. */
export const relationName = ({ schema, name }: QName): Name => (schema === undefined ? { name } : { schema, name });

/** PostgreSQL's own names for the types that SQL spells in several ways: gram.y, SimpleTypename. */
const TYPES: Readonly<Record<string, string>> = {
  int: "int4",
  integer: "int4",
  bigint: "int8",
  smallint: "int2",
  real: "float4",
  float: "float8",
  "double precision": "float8",
  decimal: "numeric",
  dec: "numeric",
  numeric: "numeric",
  boolean: "bool",
  char: "bpchar",
  character: "bpchar",
  nchar: "bpchar",
  "character varying": "varchar",
  varchar: "varchar",
  "bit varying": "varbit",
  bit: "bit",
  "timestamp without time zone": "timestamp",
  "timestamp with time zone": "timestamptz",
  "time without time zone": "time",
  "time with time zone": "timetz",
};
const SERIALS: Readonly<Record<string, string>> = { serial2: "smallserial", serial4: "serial", serial8: "bigserial" };
const ONE_LONG = new Set(["char", "character", "nchar", "bit"]);

export function typeName(type: DataTypeDef): TypeName {
  if (type.kind === "array") {
    const of = typeName(type.arrayOf);
    return { ...of, array: of.array + 1 };
  }
  const { schema, name, config = [], doubleQuoted } = type;
  const own = schema === undefined && !doubleQuoted;
  if (own && (name === "interval" || name === "float") && config.length > 0) gap(`${name} with a precision`);
  const modifiers = own && ONE_LONG.has(name) && config.length === 0 ? [1] : config;
  const found = own ? (TYPES[name] ?? name) : name;
  const named = {
    name: schema === undefined || schema === "pg_catalog" ? (SERIALS[found] ?? found) : found,
    modifiers,
    array: 0,
  };
  return schema === undefined || schema === "pg_catalog" ? named : { schema, ...named };
}

/** An expression that is all of `text`. */
export function expressionIn(text: string): Expression {
  const statement = parsed(`SELECT (${text})`);
  const [column] = statement.type === "select" ? (statement.columns ?? []) : [];
  return column ? expression(column.expr) : gap("no expression");
}

export function expression(node: Expr): Expression {
  switch (node.type) {
    case "ref": {
      const table = node.table?.name;
      if (node.name === "*") return table === undefined ? { kind: "star" } : { kind: "star", table };
      return table === undefined ? { kind: "column", column: node.name } : { kind: "column", table, column: node.name };
    }
    case "integer":
    case "numeric":
    case "string":
    case "boolean":
      return { kind: "literal", value: node.value };
    case "null":
      return { kind: "literal", value: null };
    case "default":
      return { kind: "call", name: "default", args: [] };
    case "parameter": {
      const number = /^\$(\d+)$/.exec(node.name)?.[1];
      return number === undefined ? gap("a named parameter") : { kind: "parameter", number: Number(number) };
    }
    case "keyword":
      return node.keyword === "distinct" ? gap("distinct") : { kind: "call", name: node.keyword, args: [] };
    case "list":
      return { kind: "row", args: node.expressions.map(expression) };
    case "array":
      return { kind: "array", args: node.expressions.map(expression) };
    case "array select":
      return { kind: "subquery", query: query(node.select) };
    case "arrayIndex":
      // a[1][2] and (a[1])[2] look alike here, and are not in PostgreSQL's tree.
      if (node.array.type === "arrayIndex") return gap("an index of an index");
      return { kind: "other", args: [expression(node.array), { kind: "other", args: [expression(node.index)] }] };
    case "member":
      return {
        kind: "operator",
        operator: node.op,
        args: [expression(node.operand), { kind: "literal", value: node.member }],
      };
    case "extract":
      return {
        kind: "call",
        name: "extract",
        args: [{ kind: "literal", value: node.field.name }, expression(node.from)],
      };
    case "substring":
      if (!node.from) return gap("substring(… for …)");
      return {
        kind: "call",
        name: "substring",
        args: [node.value, node.from, ...(node.for ? [node.for] : [])].map(expression),
      };
    case "case":
      return {
        kind: "case",
        args: [
          ...(node.value ? [node.value] : []),
          ...node.whens.flatMap((when) => [when.when, when.value]),
          ...(node.else ? [node.else] : []),
        ].map(expression),
      };
    case "cast": {
      // -1::int is -(1::int) in PostgreSQL; the sign and parentheses are gone here.
      if ((node.operand.type === "integer" || node.operand.type === "numeric") && node.operand.value < 0)
        gap("a cast of a negative number");
      const arg = expression(node.operand);
      const type = typeName(node.to);
      if (type.name === "bool" && arg.kind === "literal" && (arg.value === "t" || arg.value === "f"))
        return { kind: "literal", value: arg.value === "t" };
      return { kind: "cast", arg, type };
    }
    case "unary":
      return unary(node.op, expression(node.operand));
    case "binary":
      return binary(node);
    case "ternary":
      return {
        kind: "operator",
        operator: node.op.toLowerCase(),
        args: [node.value, node.lo, node.hi].map(expression),
      };
    case "call":
      return call(node);
    case "select":
    case "union":
    case "union all":
    case "values":
    case "with":
    case "with recursive":
      return { kind: "subquery", query: query(node) };
    default:
      return gap(node.type);
  }
}

function unary(operator: string, arg: Expression): Expression {
  switch (operator) {
    case "NOT":
      if (arg.kind === "in" || arg.kind === "isNull") return { ...arg, negated: !arg.negated };
      return arg.kind === "not" ? arg.arg : { kind: "not", arg };
    case "IS NULL":
    case "IS NOT NULL":
      return { kind: "isNull", arg, negated: operator === "IS NOT NULL" };
    case "-":
      // PostgreSQL's grammar folds the sign into a number.
      if (arg.kind === "literal" && typeof arg.value === "number") return { kind: "literal", value: -arg.value };
      return { kind: "operator", operator, args: [arg] };
    default:
      return { kind: "operator", operator: operator.toLowerCase(), args: [arg] };
  }
}

const COMPARISONS = new Set(["=", "!=", "<>", "<", ">", "<=", ">="]);
const SEARCHES = new Set(["IN", "NOT IN", "LIKE", "NOT LIKE", "ILIKE", "NOT ILIKE"]);
const ARITHMETIC = new Set(["+", "-", "*", "/", "%", "^"]);
const QUERIES = new Set(["select", "union", "union all", "values", "with", "with recursive"]);

type Strength = "logic" | "comparison" | "search" | "other" | "arithmetic" | "time zone" | "none";

function strength(node: Expr): Strength {
  if (node.type !== "binary") return "none";
  if (node.op === "AND" || node.op === "OR") return "logic";
  if (COMPARISONS.has(node.op)) return "comparison";
  if (SEARCHES.has(node.op)) return "search";
  if (ARITHMETIC.has(node.op)) return "arithmetic";
  return node.op === "AT TIME ZONE" ? "time zone" : "other";
}

/**
 * The two grammars rank some operators differently: there, `c = a @> b` is `(c = a) @> b`, and `||` is as strong as `+`.
 * Parentheses leave no trace, so what could have been misread is left unread.
 */
function refuseMisreading(node: ExprBinary): void {
  const own = strength(node);
  const left = strength(node.left);
  const right = strength(node.right);
  if (own === "other" && (left === "comparison" || right === "comparison")) gap("the strength of an operator");
  if (own === "arithmetic" && left === "other") gap("the strength of an operator");
  if (own === "search" && (left === "comparison" || right === "comparison")) gap("the strength of an operator");
  if (own === "comparison" && (isTest(node.left) || isTest(node.right))) gap("the strength of IS");
  if ((own === "other" || own === "arithmetic" || own === "time zone") && node.right.type === "member")
    gap("the strength of ->");
}

const isTest = (node: Expr) => node.type === "unary" && node.op.startsWith("IS ");

function binary(node: ExprBinary): Expression {
  refuseMisreading(node);
  const { op } = node;
  if (op === "AND" || op === "OR") {
    const kind = op === "AND" ? "and" : "or";
    const [left, right] = [expression(node.left), expression(node.right)];
    // PostgreSQL flattens to the left.
    return { kind, args: left.kind === kind ? [...left.args, right] : [left, right] };
  }
  if (op === "IN" || op === "NOT IN") {
    const arg = expression(node.left);
    const negated = op === "NOT IN";
    if (QUERIES.has(node.right.type)) return { kind: "in", arg, query: query(node.right as SelectStatement), negated };
    return {
      kind: "in",
      arg,
      list: node.right.type === "list" ? node.right.expressions.map(expression) : [expression(node.right)],
      negated,
    };
  }
  if (op === "AT TIME ZONE")
    return { kind: "call", name: "timezone", args: [expression(node.right), expression(node.left)] };
  const operator = op === "!=" ? "<>" : op.toLowerCase();
  const { right } = node;
  if (right.type === "call" && right.function.schema === undefined && /^(any|some|all)$/.test(right.function.name)) {
    return anyOrAll(operator, expression(node.left), right);
  }
  return { kind: "operator", operator, args: [expression(node.left), expression(right)] };
}

function anyOrAll(operator: string, arg: Expression, right: ExprCall): Expression {
  const all = right.function.name === "all";
  const [inner] = right.args;
  if (inner === undefined || right.args.length !== 1) return gap("ANY");
  if (QUERIES.has(inner.type)) {
    if (operator === (all ? "<>" : "="))
      return { kind: "in", arg, query: query(inner as SelectStatement), negated: all };
  }
  return { kind: "operator", operator: `${operator} ${all ? "all" : "any"}`, args: [arg, expression(inner)] };
}

const TIMES = new Set(["current_timestamp", "current_time", "localtime", "localtimestamp"]);

function call(node: ExprCall): Expression {
  const { schema, name } = nameOf(node.function);
  if (node.withinGroup) gap("WITHIN GROUP");
  if (schema === undefined && (name === "any" || name === "some" || name === "all")) gap(name);
  if (schema === undefined && TIMES.has(name)) return { kind: "call", name, args: [] };
  const args = node.args.map(expression);
  if (schema === undefined && name === "exists") {
    const [inner] = node.args;
    return inner && QUERIES.has(inner.type)
      ? { kind: "exists", query: query(inner as SelectStatement) }
      : gap("exists()");
  }
  if (schema === undefined && name === "row") return { kind: "row", args };
  if (schema === undefined && name === "nullif") return { kind: "operator", operator: "nullif", args };
  for (const order of node.orderBy ?? []) args.push(expression(order.by));
  if (node.filter) args.push(expression(node.filter));
  return { kind: "call", name: dotted({ schema, name }).toLowerCase(), args };
}

const EMPTY: Query = { ctes: [], targets: [], from: [], groupBy: [], distinct: false, locking: false };

export function query(node: SelectStatement): Query {
  switch (node.type) {
    case "values":
      return { ...EMPTY, values: node.values.map((row) => row.map(expression)) };
    case "union":
    case "union all":
      // Which clauses belong to the union and which to its right side cannot be seen; unions group to the left.
      if (
        node.right.type === "select"
          ? node.right.limit || node.right.for || node.right.orderBy
          : node.right.type !== "values"
      )
        gap("the end of a union");
      return { ...EMPTY, combine: { operator: "union", left: query(node.left), right: query(node.right) } };
    case "with":
    case "with recursive": {
      const changed = change(node.in);
      const inner = changed ? gap("a change in a query") : query(node.in as SelectStatement);
      return { ...inner, ctes: [...ctes(node), ...inner.ctes] };
    }
    case "select":
      return {
        ctes: [],
        targets: (node.columns ?? []).map(target),
        from: sources(node.from ?? []),
        ...(node.where && { where: expression(node.where) }),
        groupBy: (node.groupBy ?? []).map(grouping),
        ...(node.having && { having: expression(node.having) }),
        distinct: Boolean(node.distinct) && node.distinct !== "all",
        ...(node.limit?.limit && { limit: expression(node.limit.limit) }),
        ...(node.limit?.offset && { offset: expression(node.limit.offset) }),
        locking: node.for !== undefined && node.for !== null,
      };
  }
}

function grouping(node: Expr): Expression {
  if (node.type === "call" && /^(rollup|cube|sets)$/.test(node.function.name)) gap("grouping sets");
  return expression(node);
}

const target = ({ expr, alias }: SelectedColumn): Target =>
  alias ? { value: expression(expr), as: alias.name } : { value: expression(expr) };

const JOINS = {
  "INNER JOIN": "inner",
  "LEFT JOIN": "left",
  "RIGHT JOIN": "right",
  "FULL JOIN": "full",
  "CROSS JOIN": "cross",
} as const;

function sources(items: readonly From[]): Source[] {
  const found: Source[] = [];
  for (const item of items) {
    const right = source(item);
    const { join } = item;
    const left = join ? found.pop() : undefined;
    if (!join || !left) {
      found.push(right);
      continue;
    }
    const using = (join.using ?? []).map((column) => column.name);
    found.push({
      kind: "join",
      join: join.on || using.length > 0 ? JOINS[join.type] : "cross",
      left,
      right,
      ...(join.on && { on: expression(join.on) }),
      ...(using.length > 0 && { using }),
    });
  }
  return found;
}

function source(item: From): Source {
  switch (item.type) {
    case "table":
      return {
        kind: "table",
        name: relationName(item.name),
        alias: item.name.alias,
        ...columnAliases(item.name.columnNames),
      };
    case "statement":
      return {
        kind: "query",
        query: query(item.statement),
        ...(item.alias && { alias: item.alias }),
        ...columnAliases(item.columnNames),
      };
    case "call": {
      const { alias, join: _join, ...inner } = item;
      return {
        kind: "function",
        call: call(inner),
        ...(alias && { alias: alias.name }),
        ...columnAliases(alias?.columns),
      };
    }
  }
}

const columnAliases = (
  names: readonly { readonly name: string }[] | null | undefined,
): { columns?: readonly string[] } => (names && names.length > 0 ? { columns: names.map(({ name }) => name) } : {});

function ctes(node: Extract<Statement, { type: "with" | "with recursive" }>): Cte[] {
  if (node.type === "with recursive")
    return [{ name: node.alias.name, ...columnAliases(node.columnNames), query: query(node.bind) }];
  return node.bind.map(({ alias, statement }) => {
    const changed = change(statement);
    return changed
      ? { name: alias.name, change: changed }
      : { name: alias.name, query: query(statement as SelectStatement) };
  });
}

/** INSERT, UPDATE, DELETE, also behind WITH; undefined for other statements. */
export function change(node: WithStatementBinding | Statement): Change | undefined {
  switch (node.type) {
    case "with":
    case "with recursive": {
      const inner = change(node.in);
      return inner && { ...inner, ctes: [...ctes(node), ...inner.ctes] };
    }
    case "insert": {
      const conflict = node.onConflict?.do;
      const on = node.onConflict?.on;
      return {
        kind: "insertRows",
        table: relationName(node.into),
        columns: (node.columns ?? []).map((column) => column.name),
        query: query(node.insert),
        ...(conflict && { onConflict: conflict === "do nothing" ? ("nothing" as const) : ("update" as const) }),
        ...(on?.type === "on expr" && {
          conflict: { columns: on.exprs.map((each) => (each.type === "ref" ? each.name : null)) },
        }),
        ...(on?.type === "on constraint" && { conflict: { constraint: on.constraint.name } }),
        ...(conflict &&
          conflict !== "do nothing" && {
            set: conflict.sets.map(({ column, value }) => ({ column: column.name, value: expression(value) })),
          }),
        ctes: [],
      };
    }
    case "update":
      return {
        kind: "updateRows",
        table: relationName(node.table),
        alias: node.table.alias,
        set: node.sets.map(({ column, value }) => ({ column: column.name, value: expression(value) })),
        from: node.from ? sources([node.from]) : [],
        ...(node.where && { where: expression(node.where) }),
        ...(node.returning && { returning: true as const }),
        ctes: [],
      };
    case "delete":
      return {
        kind: "deleteRows",
        table: relationName(node.from),
        alias: node.from.alias,
        using: [],
        ...(node.where && { where: expression(node.where) }),
        ...(node.returning && { returning: true as const }),
        ctes: [],
      };
    default:
      return undefined;
  }
}
