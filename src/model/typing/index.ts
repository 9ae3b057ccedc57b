import type { Change, Cte, Expression, Name, Query, Source } from "../../sql/expression.ts";
import { type Catalog, resolve } from "../catalog.ts";
import { chosenFunction, chosenOperator } from "./calls.ts";
import { castRefusal, labelRefusal, valueRefusal } from "./literals.ts";
import type { Refusal } from "./refusal.ts";
import {
  OPEN,
  type Columns,
  type Scope,
  type SourceColumns,
  columnsOf,
  found,
  relationNamed,
  renamed,
} from "./scope.ts";
import { BOOL, type Type, UNKNOWN, arrayOf, base, elementOf, typeInWords, typeNamed } from "./type.ts";

/**
 * Names and types of expressions and queries, as PostgreSQL's parser binds them: https://www.postgresql.org/docs/current/typeconv.html.
 * What it refuses is found as far as the history says what is there; what is not known is never refused.
 */

export interface Typing {
  /** The type of an expression; what PostgreSQL would refuse in it is kept. */
  expression(expression: Expression, scope: Scope | undefined): Type;
  /** The columns that a query returns. */
  query(query: Query, outer?: Scope): Columns;
  /** A statement that changes rows, without the assignments to its table. */
  change(change: Change, outer?: Scope): void;
  /** A value that is put into a column: refused where no cast leads there. */
  assigned(value: Type, wanted: Type, column: string, what?: "expression" | "default expression"): void;
  refuse(refusal: Refusal): void;
  /** Looks at something again without keeping what is refused in it. */
  quietly<T>(look: () => T): T;
  /** The sources of a FROM list. */
  sources(from: readonly Source[], outer?: Scope): Scope;
  readonly refusals: readonly Refusal[];
}

export interface TypingOptions {
  readonly catalog: Catalog;
  readonly postgres: number;
  /** Whether relations, types and functions that the history does not make are not there. */
  readonly complete: boolean;
}

type Ctes = ReadonlyMap<string, Columns>;

export function typing({ catalog, postgres, complete }: TypingOptions): Typing {
  const refusals: Refusal[] = [];
  // Extensions bring functions and operators that no migration names.
  const extended = !complete || [...catalog.extensions].some((name) => name !== "plpgsql");
  const refuse = (refusal: Refusal | undefined): void => void (refusal && refusals.push(refusal));

  const expression = (given: Expression, scope: Scope | undefined, ctes: Ctes): Type => {
    const of = (each: Expression): Type => expression(each, scope, ctes);
    switch (given.kind) {
      case "column":
        return column(given.table, given.column, scope);
      case "literal":
        if (typeof given.value === "boolean") return BOOL;
        return typeof given.value === "number" ? { kind: "number" } : { kind: "literal", value: given.value };
      case "star":
      case "parameter":
        return UNKNOWN;
      case "call":
        return call(given.name, given.args, of);
      case "operator":
        return operator(given.operator, given.args, of);
      case "and":
      case "or":
        for (const arg of given.args) condition(of(arg), given.kind.toUpperCase());
        return BOOL;
      case "not":
        condition(of(given.arg), "NOT");
        return BOOL;
      case "isNull":
        of(given.arg);
        return BOOL;
      case "in": {
        const arg = of(given.arg);
        for (const each of given.list ?? []) compared("=", arg, of(each));
        if (given.query) {
          const columns = query(given.query, scope, ctes);
          const [only] = [...columns.types.values()];
          if (given.arg.kind !== "row" && !columns.open && columns.types.size === 1 && only) compared("=", arg, only);
        }
        return BOOL;
      }
      case "exists":
        query(given.query, scope, ctes);
        return BOOL;
      case "subquery": {
        const columns = query(given.query, scope, ctes);
        const [only] = [...columns.types.values()];
        return columns.types.size === 1 && !columns.open && only ? only : UNKNOWN;
      }
      case "cast": {
        const arg = of(given.arg);
        const type = typeNamed(catalog, given.type);
        refuse(castRefusal(catalog, arg, type, given.type));
        return type;
      }
      case "array": {
        const [first] = given.args.map(of);
        return first ? arrayOf(first) : UNKNOWN;
      }
      case "row":
      case "case":
      case "other":
        given.args.forEach(of);
        return UNKNOWN;
    }
  };

  const column = (table: string | undefined, name: string, scope: Scope | undefined): Type => {
    if (!scope) return UNKNOWN;
    const answer = found(scope, table, name);
    const written = table === undefined ? `"${name}"` : `${table}.${name}`;
    if (answer.is === "present") return answer.type;
    if (answer.is === "absent")
      refuse({
        sqlstate: "42703",
        message: `column ${written} does not exist`,
        about: "column",
        meant: meant(name, answer.candidates),
      });
    else if (answer.is === "ambiguous")
      refuse({ sqlstate: "42702", message: `column reference ${written} is ambiguous`, about: "column" });
    else if (answer.is === "no table")
      refuse({ sqlstate: "42P01", message: `missing FROM-clause entry for table "${table ?? ""}"`, about: "relation" });
    return UNKNOWN;
  };

  const call = (name: string, args: readonly Expression[], of: (each: Expression) => Type): Type => {
    const types = args.map(of);
    if (TRANSPARENT.has(name)) {
      const known = types.find(({ kind }) => kind === "base" || kind === "enum");
      if (known?.kind === "enum") for (const type of types) refuse(labelRefusal(catalog, known, type));
      return known ?? UNKNOWN;
    }
    const value = VALUES[name];
    if (value) return base(value);
    if (SYNTAX.has(name) || name.includes(".")) return UNKNOWN;
    const own = catalog.functions.has(resolve(catalog, { name })) || catalog.tainted;
    const chosen = chosenFunction(name, types, postgres, own || extended);
    refuse(chosen.refusal);
    return chosen.type;
  };

  const operator = (symbol: string, args: readonly Expression[], of: (each: Expression) => Type): Type => {
    const types = args.map(of);
    if (symbol === "nullif") return types[0] ?? UNKNOWN;
    if (/ (?:any|all)$/.test(symbol)) {
      const [left, right] = types;
      if (left && right) compared(symbol.replace(/ (?:any|all)$/, ""), left, elementOf(right));
      return BOOL;
    }
    if (/^is /.test(symbol) && types.length === 1) {
      condition(types[0] ?? UNKNOWN, symbol.toUpperCase());
      return BOOL;
    }
    if (symbol.includes("between")) {
      const [arg = UNKNOWN, ...bounds] = types;
      for (const bound of bounds) compared(">=", arg, bound);
      return BOOL;
    }
    const [left, right] = types;
    if (!left) return UNKNOWN;
    return right ? compared(symbol, left, right) : chosen(symbol, undefined, left);
  };

  const compared = (symbol: string, left: Type, right: Type): Type => {
    if (/^(?:=|<>|<|>|<=|>=|is (?:not )?distinct from)$/.test(symbol)) {
      for (const [one, other] of [
        [left, right],
        [right, left],
      ] as const)
        refuse(valueRefusal(catalog, one, other));
    }
    return chosen(symbol, left, right);
  };

  const chosen = (symbol: string, left: Type | undefined, right: Type): Type => {
    const { type, refusal } = chosenOperator(symbol, left, right, extended);
    refuse(refusal);
    return type;
  };

  /** What is asked for as true or false. */
  const condition = (type: Type, what: string): void => {
    if (
      (type.kind === "base" && (type.name !== "bool" || type.array)) ||
      type.kind === "enum" ||
      type.kind === "number"
    )
      refuse({
        sqlstate: "42804",
        message: `argument of ${what} must be type boolean, not type ${typeInWords(type)}`,
        about: "assignment",
      });
  };

  const query = (given: Query, outer: Scope | undefined, around: Ctes): Columns => {
    const ctes = withCtes(given.ctes, outer, around);
    if (given.combine) {
      const left = query(given.combine.left, outer, ctes);
      query(given.combine.right, outer, ctes);
      // The types of both sides are brought together.
      return { types: new Map([...left.types.keys()].map((name) => [name, UNKNOWN])), open: left.open };
    }
    if (given.values) {
      const rows = given.values.map((row) => row.map((each) => expression(each, outer, ctes)));
      return {
        types: new Map((rows[0] ?? []).map((type, at) => [`column${at + 1}`, rows.length === 1 ? type : UNKNOWN])),
        open: false,
      };
    }
    const scope = sources(given.from, outer, ctes);
    if (given.where) condition(expression(given.where, scope, ctes), "WHERE");
    const result = targets(given, scope, ctes);
    const aliases: SourceColumns = { name: undefined, types: new Map(result.types), open: true };
    // GROUP BY may name what the query returns.
    for (const each of given.groupBy)
      if (each.kind !== "column" || !result.types.has(each.column))
        expression(each, { ...scope, sources: [...scope.sources, aliases] }, ctes);
    if (given.having) condition(expression(given.having, scope, ctes), "HAVING");
    for (const each of [given.limit, given.offset]) if (each) expression(each, undefined, ctes);
    return result;
  };

  const targets = (given: Query, scope: Scope, ctes: Ctes): Columns => {
    const types = new Map<string, Type>();
    let open = false;
    for (const { value, as } of given.targets) {
      if (value.kind === "star") {
        for (const each of scope.sources) {
          if (value.table !== undefined && each.name !== value.table) continue;
          for (const [name, type] of each.types) types.set(name, type);
          open ||= each.open;
        }
        continue;
      }
      const type = expression(value, scope, ctes);
      const name = as ?? nameOf(value);
      if (name === undefined || types.has(name)) open = true;
      if (name !== undefined) types.set(name, type);
    }
    return { types, open };
  };

  const withCtes = (list: readonly Cte[], outer: Scope | undefined, around: Ctes): Ctes => {
    if (list.length === 0) return around;
    const known = new Map(around);
    // A recursive one may name itself, and with RECURSIVE those that follow.
    for (const cte of list) known.set(cte.name, OPEN);
    for (const cte of list) {
      if (cte.change) change(cte.change, outer, known);
      const columns = cte.query ? query(cte.query, outer, known) : OPEN;
      known.set(cte.name, renamed(columns, cte.columns));
    }
    return known;
  };

  const sources = (from: readonly Source[], outer: Scope | undefined, ctes: Ctes): Scope => {
    const seen: SourceColumns[] = [];
    const merged = new Set<string>();
    let natural = false;
    const visit = (source: Source): readonly SourceColumns[] => {
      if (source.kind === "join") {
        const both = [...visit(source.left), ...visit(source.right)];
        natural ||= source.natural === true;
        for (const name of source.using ?? []) merged.add(name);
        if (source.on)
          condition(expression(source.on, { sources: both, outer, merged: natural ? "all" : merged }, ctes), "JOIN/ON");
        return both;
      }
      const columns = one(source, { sources: seen, outer, merged: "all" }, ctes);
      const name = source.alias ?? (source.kind === "table" ? source.name.name : undefined);
      // A function of one column calls it by its alias.
      const open = source.kind === "function" && !source.columns;
      const added = { ...renamed(columns, source.columns), name, ...(open && { open: true }) };
      seen.push(added);
      return [added];
    };
    for (const source of from) visit(source);
    return { sources: seen, outer, merged: natural ? "all" : merged };
  };

  const one = (source: Exclude<Source, { kind: "join" }>, lateral: Scope, ctes: Ctes): Columns => {
    switch (source.kind) {
      case "table": {
        const cte = source.name.schema === undefined ? ctes.get(source.name.name) : undefined;
        return cte ?? table(source.name);
      }
      case "query":
        return query(source.query, lateral, ctes);
      case "function":
        expression(source.call, lateral, ctes);
        return OPEN;
    }
  };

  const table = (name: Name): Columns => {
    const relation = relationNamed(catalog, name);
    if (!relation) refuse(noRelation(name));
    return columnsOf(catalog, relation);
  };

  const noRelation = (name: Name): Refusal | undefined => {
    const id = resolve(catalog, name);
    if (!complete || extended || catalog.doubtful.has(id) || catalog.indexes.has(id)) return undefined;
    const schema = name.schema ?? "public";
    if (!catalog.schemas.has(schema) || (name.schema === undefined && /^(?:pg_|_prisma_)/.test(name.name)))
      return undefined;
    const known = [...catalog.relations.values()].map((each) => each.name);
    const written = name.schema === undefined ? name.name : `${name.schema}.${name.name}`;
    return {
      sqlstate: "42P01",
      message: `relation "${written}" does not exist`,
      about: "relation",
      meant: meant(name.name, known),
    };
  };

  const change = (given: Change, outer: Scope | undefined, around: Ctes): void => {
    const ctes = withCtes(given.ctes, outer, around);
    const target = { ...table(given.table), name: ("alias" in given ? given.alias : undefined) ?? given.table.name };
    switch (given.kind) {
      case "insertRows": {
        const columns = given.query ? query(given.query, outer, ctes) : undefined;
        const excluded = { ...target, name: "excluded" };
        for (const { column: name, value } of given.set ?? []) {
          const type = expression(value, { sources: [target, excluded], outer, merged: "all" }, ctes);
          assignedTo(target, name, type);
        }
        if (columns && !columns.open && !given.query?.values && given.columns.length > 0)
          [...columns.types.values()].forEach((type, at) => {
            const name = given.columns[at];
            if (name !== undefined && given.columns.length === columns.types.size) assignedTo(target, name, type);
          });
        for (const row of given.query?.values ?? [])
          row.forEach((value, at) => {
            const name = given.columns[at];
            if (name !== undefined)
              assignedTo(
                target,
                name,
                quietly(() => expression(value, undefined, ctes)),
              );
          });
        return;
      }
      case "updateRows": {
        const from = sources(given.from, outer, ctes);
        const scope: Scope = { ...from, sources: [target, ...from.sources] };
        for (const { column: name, value } of given.set) assignedTo(target, name, expression(value, scope, ctes));
        if (given.where) condition(expression(given.where, scope, ctes), "WHERE");
        return;
      }
      case "deleteRows": {
        const from = sources(given.using, outer, ctes);
        if (given.where)
          condition(expression(given.where, { ...from, sources: [target, ...from.sources] }, ctes), "WHERE");
        return;
      }
      case "mergeRows": {
        const from = sources([given.source], outer, ctes);
        condition(expression(given.on, { ...from, sources: [target, ...from.sources] }, ctes), "JOIN/ON");
        return;
      }
    }
  };

  const quietly = <T>(look: () => T): T => {
    const before = refusals.length;
    const seen = look();
    refusals.length = before;
    return seen;
  };

  const assignedTo = (target: Columns, name: string, value: Type): void => {
    const wanted = target.types.get(name);
    if (wanted) assigned(value, wanted, name);
  };

  const assigned: Typing["assigned"] = (value, wanted, name, what = "expression") => {
    refuse(valueRefusal(catalog, wanted, value));
    const refusal = castRefusal(catalog, value, wanted, undefined);
    if (refusal)
      refuse({
        sqlstate: "42804",
        message: `column "${name}" is of type ${typeInWords(wanted)} but ${what} is of type ${typeInWords(value)}`,
        about: "assignment",
      });
  };

  return {
    refusals,
    expression: (given, scope) => expression(given, scope, new Map()),
    query: (given, outer) => query(given, outer, new Map()),
    change: (given, outer) => change(given, outer, new Map()),
    sources: (from, outer) => sources(from, outer, new Map()),
    assigned,
    refuse,
    quietly,
  };
}

/** Words of the grammar that give back one of their arguments. */
const TRANSPARENT = new Set(["coalesce", "greatest", "least"]);
/** Words of the grammar that stand for a value. */
const VALUES: Readonly<Record<string, string>> = {
  current_timestamp: "timestamptz",
  current_date: "date",
  current_time: "timetz",
  localtime: "time",
  localtimestamp: "timestamp",
};
const SYNTAX = new Set(
  `default current_user session_user user current_role current_catalog current_schema system_user grouping extract normalize xmlconcat xmlelement
  xmlforest xmlparse xmlpi xmlroot xmlserialize json json_array json_arrayagg json_object json_objectagg json_scalar json_serialize json_exists
  json_query json_value json_table collation_for row any some all merge_action is_json`.split(/\s+/),
);

/** How PostgreSQL calls a column of a query; undefined where that is not read. */
function nameOf(value: Expression): string | undefined {
  if (value.kind === "column") return value.column;
  if (value.kind === "call") return value.name.slice(value.name.lastIndexOf(".") + 1);
  if (value.kind === "cast") return value.arg.kind === "column" ? value.arg.column : undefined;
  return value.kind === "literal" || value.kind === "operator" ? "?column?" : undefined;
}

const plain = (name: string): string => name.toLowerCase().replaceAll("_", "");

/** A name that differs in capitals and underscores alone: what Prisma's schema calls a field, or a name that lost its quotes. */
export function meant(name: string, candidates: readonly string[]): string | undefined {
  return candidates.find((each) => each !== name && plain(each) === plain(name));
}
