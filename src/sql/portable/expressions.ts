import type { Change, Cte, Expression, Query, Source, Target } from "../expression.ts";
import { gap, parsed } from "./parser.ts";
import type {
  Expr,
  ExprBinary,
  ExprCall,
  From,
  SelectStatement,
  SelectedColumn,
  Statement,
  WithStatementBinding,
} from "pgsql-ast-parser";
import { dotted } from "../names.ts";
import { TIMES, columnAliases, nameOf, relationName, typeName } from "./names.ts";
import { refuseMisreading, unary } from "./operators.ts";

/** pgsql-ast-parser's expressions and queries, told in the same words as PostgreSQL's. */

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
      return { kind: "subquery", query: query(node.select), array: true };
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
        ...(node.value && { subject: expression(node.value) }),
        branches: node.whens.map((when) => ({ when: expression(when.when), then: expression(when.value) })),
        ...(node.else && { otherwise: expression(node.else) }),
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
const QUERIES = new Set(["select", "union", "union all", "values", "with", "with recursive"]);

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
  const over = node.over && (node.over.partitionBy ?? []).map(expression);
  return { kind: "call", name: dotted({ schema, name }).toLowerCase(), args, ...(over && { over }) };
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

function ctes(node: Extract<Statement, { type: "with" | "with recursive" }>): Cte[] {
  if (node.type === "with recursive")
    return [{ name: node.alias.name, recursive: true, ...columnAliases(node.columnNames), query: query(node.bind) }];
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
        ...(node.into.alias !== undefined && { alias: node.into.alias }),
        columns: (node.columns ?? []).map((column) => column.name),
        query: query(node.insert),
        ...(node.overriding && { overriding: true as const }),
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
