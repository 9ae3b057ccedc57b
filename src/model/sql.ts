import { lookup } from "../words.ts";
import type { Expression, Query, Source, TypeName } from "../sql/expression.ts";
import { quoted, sqlName, literal } from "../sql/names.ts";

/** SQL text for messages and for queries that people run: written from what was read. */

const SPELLED: Readonly<Record<string, string>> = lookup({
  int4: "integer",
  int8: "bigint",
  int2: "smallint",
  bool: "boolean",
  float8: "double precision",
  float4: "real",
  bpchar: "char",
});

export function typeSql(type: TypeName): string {
  const name =
    type.schema === undefined
      ? (SPELLED[type.name] ?? (/^[a-z0-9_ ]+$/.test(type.name) ? type.name : quoted(type.name)))
      : sqlName(type);
  return `${name}${type.modifiers.length > 0 ? `(${type.modifiers.join(",")})` : ""}${"[]".repeat(type.array)}`;
}

/** An expression as SQL. Parts that were not understood are `…`. */
export function printed(expression: Expression): string {
  switch (expression.kind) {
    case "column":
      return expression.table === undefined
        ? quoted(expression.column)
        : `${quoted(expression.table)}.${quoted(expression.column)}`;
    case "star":
      return expression.table === undefined ? "*" : `${quoted(expression.table)}.*`;
    case "literal":
      return typeof expression.value === "string"
        ? literal(expression.value)
        : expression.value === null
          ? "NULL"
          : String(expression.value);
    case "parameter":
      return `$${expression.number}`;
    case "call":
      return `${expression.name}(${expression.args.map(printed).join(", ")})`;
    case "operator": {
      const [left, right, ...more] = expression.args.map(printed);
      if (right === undefined) return `${expression.operator} ${left ?? ""}`;
      if (expression.operator.includes("between"))
        return `${left} ${expression.operator.toUpperCase()} ${right} AND ${more[0] ?? ""}`;
      return `${left} ${/[a-z]/.test(expression.operator) ? expression.operator.toUpperCase() : expression.operator} ${[right, ...more].join(", ")}`;
    }
    case "and":
      return expression.args.map((arg) => (arg.kind === "or" ? `(${printed(arg)})` : printed(arg))).join(" AND ");
    case "or":
      return expression.args.map(printed).join(" OR ");
    case "not":
      return `NOT (${printed(expression.arg)})`;
    case "isNull":
      return `${printed(expression.arg)} IS ${expression.negated ? "NOT " : ""}NULL`;
    case "in":
      return `${printed(expression.arg)} ${expression.negated ? "NOT " : ""}IN (${expression.query ? queryText(expression.query) : (expression.list ?? []).map(printed).join(", ")})`;
    case "exists":
      return `EXISTS (${queryText(expression.query)})`;
    case "subquery":
      return `(${queryText(expression.query)})`;
    case "cast":
      return `${printed(expression.arg)}::${typeSql(expression.type)}`;
    case "row":
      return `(${expression.args.map(printed).join(", ")})`;
    case "array":
      return `ARRAY[${expression.args.map(printed).join(", ")}]`;
    case "case": {
      const { subject, branches, otherwise } = expression;
      const when = branches.map((each) => `WHEN ${printed(each.when)} THEN ${printed(each.then)}`);
      return [
        "CASE",
        ...(subject ? [printed(subject)] : []),
        ...when,
        ...(otherwise ? [`ELSE ${printed(otherwise)}`] : []),
        "END",
      ].join(" ");
    }
    case "other":
      return "…";
  }
}

function queryText(query: Query): string {
  if (query.combine)
    return `${queryText(query.combine.left)} ${query.combine.operator.toUpperCase()} ${queryText(query.combine.right)}`;
  if (query.values) return `VALUES ${query.values.map((row) => `(${row.map(printed).join(", ")})`).join(", ")}`;
  const targets = query.targets
    .map(({ value, as }) => (as === undefined ? printed(value) : `${printed(value)} AS ${quoted(as)}`))
    .join(", ");
  const from = query.from.length > 0 ? ` FROM ${query.from.map(sourceText).join(", ")}` : "";
  return `SELECT ${query.distinct ? "DISTINCT " : ""}${targets}${from}${query.where ? ` WHERE ${printed(query.where)}` : ""}${query.limit ? ` LIMIT ${printed(query.limit)}` : ""}`;
}

function sourceText(source: Source): string {
  const alias = "alias" in source && source.alias !== undefined ? ` ${quoted(source.alias)}` : "";
  switch (source.kind) {
    case "table":
      return sqlName(source.name) + alias;
    case "query":
      return `(${queryText(source.query)})${alias}`;
    case "function":
      return printed(source.call) + alias;
    case "join": {
      const condition = source.on
        ? ` ON ${printed(source.on)}`
        : source.using
          ? ` USING (${source.using.map(quoted).join(", ")})`
          : "";
      return `${sourceText(source.left)} ${source.join === "inner" ? "" : `${source.join.toUpperCase()} `}JOIN ${sourceText(source.right)}${condition}`;
    }
  }
}
