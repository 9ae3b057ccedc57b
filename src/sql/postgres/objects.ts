import { lookup } from "../../words.ts";
import type { DropObject, Operation, OperationOf } from "../operation/index.ts";
import { nameOf } from "./names.ts";
import { type Raw, list, text, texts } from "./node.ts";
import type { Name } from "../names.ts";
import { readable } from "./renames.ts";
import { type Span, placesOfNames } from "../piece.ts";
import type { On, ParsedPiece as Piece } from "./piece.ts";
import { expression } from "./expressions.ts";

const COMMENTED = {
  OBJECT_TABLE: "table",
  OBJECT_COLUMN: "column",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materializedView",
  OBJECT_INDEX: "index",
  OBJECT_TABCONSTRAINT: "constraint",
  OBJECT_TRIGGER: "trigger",
  OBJECT_POLICY: "policy",
  OBJECT_RULE: "rule",
} as const;

export function comment(raw: Raw, on: On): Operation {
  const object = COMMENTED[raw.objtype as keyof typeof COMMENTED] ?? "other";
  const parts = texts(raw.object?.List?.items);
  const value: string | null = raw.comment ?? null;
  const belongs =
    object === "column" || object === "constraint" || object === "trigger" || object === "policy" || object === "rule";
  if (belongs)
    return {
      kind: "comment",
      ...on,
      object,
      name: { name: parts.at(-1) ?? "" },
      table: nameOf(parts.slice(0, -1)),
      text: value,
    };
  return { kind: "comment", ...on, object, name: nameOf(parts), text: value };
}

const DROPPED: Readonly<Record<string, DropObject>> = lookup({
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materializedView",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_FUNCTION: "function",
  OBJECT_PROCEDURE: "procedure",
  OBJECT_ROUTINE: "function",
  OBJECT_AGGREGATE: "aggregate",
  OBJECT_EXTENSION: "extension",
  OBJECT_TRIGGER: "trigger",
  OBJECT_POLICY: "policy",
  OBJECT_RULE: "rule",
  OBJECT_STATISTIC_EXT: "statistics",
  OBJECT_PUBLICATION: "publication",
  OBJECT_COLLATION: "collation",
  OBJECT_OPERATOR: "operator",
  OBJECT_CAST: "cast",
});

export function drop(piece: Piece, raw: Raw, span: Span): Operation[] {
  const cascade = raw.behavior === "DROP_CASCADE";
  const ifExists: boolean = raw.missing_ok ?? false;
  return placesOfNames(piece, span, list(raw.objects).length).map((on, i): Operation => {
    const node = list(raw.objects)[i];
    const parts = node.List
      ? texts(node.List.items)
      : node.TypeName
        ? texts(node.TypeName.names)
        : node.ObjectWithArgs
          ? texts(node.ObjectWithArgs.objname)
          : [text(node)];
    const name: Name = nameOf(parts);
    switch (raw.removeType) {
      case "OBJECT_TABLE":
        return { kind: "dropTable", ...on, table: name, ifExists, cascade, foreign: false };
      case "OBJECT_FOREIGN_TABLE":
        return { kind: "dropTable", ...on, table: name, ifExists, cascade, foreign: true };
      case "OBJECT_INDEX":
        return { kind: "dropIndex", ...on, index: name, concurrently: raw.concurrent ?? false, ifExists, cascade };
      case "OBJECT_TYPE":
      case "OBJECT_DOMAIN":
        return { kind: "dropType", ...on, type: name, ifExists, cascade };
      case "OBJECT_SCHEMA":
        return { kind: "dropSchema", ...on, name: name.name, ifExists, cascade };
    }
    const object = DROPPED[raw.removeType] ?? "other";
    if (object === "trigger" || object === "policy" || object === "rule") {
      return {
        kind: "dropObject",
        ...on,
        object,
        name: { name: parts.at(-1) ?? "" },
        table: nameOf(parts.slice(0, -1)),
        ifExists,
        cascade,
      };
    }
    return {
      kind: "dropObject",
      ...on,
      object,
      name: object === "other" && parts.length === 0 ? { name: readable(raw.removeType) } : name,
      ifExists,
      cascade,
    };
  });
}

export function policyParts(raw: Raw): Pick<OperationOf<"alterPolicy">, "roles" | "using" | "check"> {
  const roles = list(raw.roles).map(
    ({ RoleSpec: role }): string =>
      role?.rolename ??
      String(role?.roletype ?? "")
        .replace(/^ROLESPEC_/, "")
        .toLowerCase(),
  );
  return {
    ...(roles.length > 0 && { roles }),
    ...(raw.qual && { using: expression(raw.qual) }),
    ...(raw.with_check && { check: expression(raw.with_check) }),
  };
}
