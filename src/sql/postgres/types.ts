import type { Operation } from "../operation/index.ts";
import type { Name } from "../names.ts";
import { nameOf, typeName } from "./names.ts";
import { type Raw, list, texts } from "./node.ts";
import { expression } from "./expressions.ts";
import { type Span, inBody, rangeOf } from "../piece.ts";
import type { On, ParsedPiece as Piece } from "./piece.ts";
import { constraint } from "./tables.ts";

export function alterEnum(raw: Raw, on: On): Operation {
  const type = nameOf(texts(raw.typeName));
  if (raw.oldVal !== undefined)
    return { kind: "renameEnumValue", ...on, type, value: raw.oldVal, to: raw.newVal ?? "" };
  return {
    kind: "addEnumValue",
    ...on,
    type,
    value: raw.newVal ?? "",
    ifNotExists: raw.skipIfNewValExists ?? false,
    ...(raw.newValNeighbor !== undefined &&
      (raw.newValIsAfter ? { after: raw.newValNeighbor } : { before: raw.newValNeighbor })),
  };
}

export function createDomain(piece: Piece, raw: Raw, span: Span): Operation {
  const nodes = list(raw.constraints).map((node) => node.Constraint ?? {});
  const range = rangeOf(piece, span);
  const value = nodes.find((node) => node.contype === "CONSTR_DEFAULT");
  return {
    kind: "createDomain",
    range,
    ...inBody(piece),
    type: nameOf(texts(raw.domainname)),
    base: typeName(raw.typeName),
    notNull: nodes.some((node) => node.contype === "CONSTR_NOTNULL"),
    checks: nodes.flatMap((node) => {
      const found = constraint(node, range);
      return found?.type === "check" ? [found] : [];
    }),
    ...(value && { default: expression(value.raw_expr) }),
  };
}

export function alterDomain(piece: Piece, raw: Raw, span: Span): Operation {
  const on = {
    kind: "alterDomain",
    range: rangeOf(piece, span),
    ...inBody(piece),
    type: nameOf(texts(raw.typeName)),
  } as const;
  switch (raw.subtype) {
    case "T":
      return raw.def ? { ...on, action: "setDefault" } : { ...on, action: "dropDefault" };
    case "N":
      return { ...on, action: "dropNotNull" };
    case "O":
      return { ...on, action: "setNotNull" };
    case "C": {
      const found = constraint(raw.def?.Constraint ?? {}, on.range);
      if (found?.type === "check")
        return { ...on, action: "addCheck", check: found, ...(found.name && { constraint: found.name }) };
      return { ...on, action: "setNotNull" };
    }
    case "X":
      return { ...on, action: "dropConstraint", constraint: raw.name ?? "" };
    case "V":
      return { ...on, action: "validate", constraint: raw.name ?? "" };
    default:
      return { ...on, action: "other" };
  }
}

/** CREATE AGGREGATE and CREATE TYPE of a base type; undefined for what is no object of a schema's: operators, text search. */
export function define(raw: Raw, on: On): Operation | undefined {
  const name = nameOf(texts(raw.defnames));
  if (raw.kind === "OBJECT_TYPE")
    return {
      kind: "createType",
      ...on,
      type: name,
      form: "base",
      ...(list(raw.definition).length === 0 && { shell: true as const }),
    };
  if (raw.kind !== "OBJECT_AGGREGATE") return undefined;
  // An aggregate is called as a function is.
  return {
    kind: "createFunction",
    ...on,
    function: name,
    procedure: false,
    replace: raw.replace ?? false,
    language: "internal",
    volatility: "immutable",
    operations: [],
    returnsTrigger: false,
  };
}

/** Of a function: whose rights it runs with, and whether its names mean the same for every caller. */
export function rightsOf(raw: Raw): { readonly definer?: true; readonly searchPath?: true } {
  const options = list(raw.options).map(({ DefElem: option }) => option);
  const isDefiner = options.some((each) => each?.defname === "security" && each.arg?.Boolean?.boolval === true);
  const setsPath = options.some((each) => each?.arg?.VariableSetStmt?.name === "search_path");
  return { ...(isDefiner && { definer: true }), ...(setsPath && { searchPath: true }) };
}

export function multirange(raw: Raw): { readonly multirange?: Name } {
  const option = list(raw.params).find((node) => node.DefElem?.defname === "multirange_type_name");
  return option ? { multirange: nameOf(texts(option.DefElem.arg?.TypeName?.names)) } : {};
}
