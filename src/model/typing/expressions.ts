import { lookup } from "../../words.ts";
import type { Expression } from "../../sql/expression.ts";
import { nameIn } from "../../sql/names.ts";
import { functionAt, relationNamed, resolveFunction, typeOf } from "../catalog.ts";
import { userFunction } from "../presence.ts";
import { children } from "../queries.ts";
import type { Binder, Ctes } from "./binder.ts";
import { chosenFunction, chosenOperator } from "./calls.ts";
import { castRefusal } from "./literals.ts";
import { type Scope, found, meant, missingRelation, missingType } from "./scope.ts";
import { BOOL, type Type, UNKNOWN, arrayOf, base, elementOf, typeInWords, typeNamed } from "./type.ts";

const SEQUENCE_FUNCTIONS: Readonly<Record<string, true>> = lookup({ nextval: true, currval: true, setval: true });

type Call = Extract<Expression, { readonly kind: "call" }>;

/** Types of expressions. */
export function expressionBinding(binder: Binder): Pick<Binder, "expression" | "condition"> {
  const { catalog, postgres, extended, refuse, read } = binder;
  const query: Binder["query"] = (given, outer, ctes) => binder.query(given, outer, ctes);

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
        return call(given, of);
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
        if (columns.types.size !== 1 || columns.open || !only) return UNKNOWN;
        return given.array ? arrayOf(only) : only;
      }
      case "cast": {
        const arg = of(given.arg);
        const type = typeNamed(catalog, given.type);
        refuse(missingType(catalog, given.type));
        if (arg.kind === "literal") read(type, arg);
        else refuse(castRefusal(catalog, arg, type, given.type));
        return type;
      }
      case "array": {
        const [first] = given.args.map(of);
        return first ? arrayOf(first) : UNKNOWN;
      }
      case "row":
      case "case":
      case "other":
        children(given).forEach(of);
        return UNKNOWN;
    }
  };

  const column = (table: string | undefined, name: string, scope: Scope | undefined): Type => {
    if (!scope) return UNKNOWN;
    const answer = found(scope, table, name);
    const written = table === undefined ? `"${name}"` : `${table}.${name}`;
    if (answer.is === "present") return answer.type;
    // row.f is f(row) too.
    if (answer.is === "absent" && table !== undefined && functionAt(catalog, resolveFunction(catalog, { name })))
      return UNKNOWN;
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

  const call = ({ name, args, named }: Call, of: (each: Expression) => Type): Type => {
    const types = args.map(of);
    if (TRANSPARENT.has(name)) {
      const known = types.find(({ kind }) => kind === "base" || kind === "enum");
      if (known?.kind === "enum") for (const type of types) read(known, type);
      return known ?? UNKNOWN;
    }
    const value = VALUES[name];
    if (value) return base(value);
    if (SYNTAX.has(name) || name.includes(".") || named) return UNKNOWN;
    const own =
      extended() ||
      userFunction(catalog, resolveFunction(catalog, { name })).is !== "absent" ||
      isNotation(name, args, types);
    const chosen = chosenFunction(name, types, postgres, own);
    refuse(chosen.refusal);
    const [first] = types;
    // Its name is looked up when the statement is read, as of every regclass.
    if (SEQUENCE_FUNCTIONS[name] && !extended() && first?.kind === "literal" && first.value !== null)
      refuse(missingRelation(catalog, nameIn(first.value)));
    return chosen.type;
  };

  /** The name of a type is a cast, of a range what makes one; f(row) may be a column of the row: https://www.postgresql.org/docs/current/sql-expressions.html */
  const isNotation = (name: string, args: readonly Expression[], types: readonly Type[]): boolean =>
    typeOf(catalog, { name }) !== undefined ||
    relationNamed(catalog, { name }) !== undefined ||
    (args.length === 1 && args[0]?.kind === "column" && types[0]?.kind === "unknown");

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
        read(one, other);
    }
    return chosen(symbol, left, right);
  };

  const chosen = (symbol: string, left: Type | undefined, right: Type): Type => {
    const { type, refusal } = chosenOperator(symbol, left, right, extended());
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

  return { expression, condition };
}

/** Words of the grammar that give back one of their arguments. */
const TRANSPARENT = new Set(["coalesce", "greatest", "least"]);
/** Words of the grammar that stand for a value. */
const VALUES: Readonly<Record<string, string>> = lookup({
  current_timestamp: "timestamptz",
  current_date: "date",
  current_time: "timetz",
  localtime: "time",
  localtimestamp: "timestamp",
});
const SYNTAX = new Set(
  `default current_user session_user user current_role current_catalog current_schema system_user grouping extract normalize xmlconcat xmlelement
  xmlforest xmlparse xmlpi xmlroot xmlserialize json json_array json_arrayagg json_object json_objectagg json_scalar json_serialize json_exists
  json_query json_value json_table collation_for row any some all merge_action is_json`.split(/\s+/),
);
