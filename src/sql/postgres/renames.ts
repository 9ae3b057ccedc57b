import { lookup } from "../../words.ts";
import type { Operation, RenamedObject } from "../operation/index.ts";
import { nameOf, relationName } from "./names.ts";
import { type Raw, text, texts } from "./node.ts";
import { type Span, inBody, rangeOf } from "../piece.ts";
import type { ParsedPiece as Piece } from "./piece.ts";
import type { Name } from "../names.ts";
import { OBJECTS, alteredObject } from "./alter.ts";

export function rename(piece: Piece, raw: Raw, span: Span): Operation {
  const range = rangeOf(piece, span);
  const body = inBody(piece);
  const to: string = raw.newname ?? "";
  const table = relationName(raw.relation);
  const ifExists: boolean = raw.missing_ok ?? false;
  const parts = texts(raw.object?.List?.items);
  switch (raw.renameType) {
    case "OBJECT_TABLE":
    case "OBJECT_VIEW":
    case "OBJECT_MATVIEW":
    case "OBJECT_INDEX":
    case "OBJECT_SEQUENCE":
    case "OBJECT_FOREIGN_TABLE":
      return { kind: "renameTable", range, ...body, table, to, ifExists, object: alteredObject(raw.renameType) };
    case "OBJECT_COLUMN":
    case "OBJECT_ATTRIBUTE": {
      const object =
        raw.relationType === "OBJECT_VIEW"
          ? "view"
          : raw.relationType === "OBJECT_MATVIEW"
            ? "materializedView"
            : raw.renameType === "OBJECT_ATTRIBUTE"
              ? "compositeType"
              : "table";
      return {
        kind: "renameColumn",
        range,
        ...body,
        table,
        ...(ifExists && { ifTableExists: true }),
        column: raw.subname ?? "",
        to,
        object,
      };
    }
    case "OBJECT_TABCONSTRAINT":
      return {
        kind: "renameConstraint",
        range,
        ...body,
        table,
        ...(ifExists && { ifTableExists: true }),
        constraint: raw.subname ?? "",
        to,
      };
    case "OBJECT_SCHEMA":
      return { kind: "renameSchema", range, ...body, name: raw.subname ?? "", to };
    case "OBJECT_TYPE":
    case "OBJECT_DOMAIN":
      return { kind: "renameType", range, ...body, type: nameOf(parts), to };
    case "OBJECT_TRIGGER":
    case "OBJECT_POLICY":
    case "OBJECT_RULE":
      return {
        kind: "renameOnTable",
        range,
        ...body,
        table,
        object: raw.renameType.slice("OBJECT_".length).toLowerCase(),
        name: raw.subname ?? "",
        to,
      };
    case "OBJECT_DOMCONSTRAINT":
      return {
        kind: "alterDomain",
        range,
        ...body,
        type: nameOf(parts),
        action: "renameConstraint",
        constraint: raw.subname ?? "",
        to,
      };
    default: {
      const object = RENAMED[raw.renameType];
      return object
        ? { kind: "renameObject", range, ...body, object, name: objectName(raw.object), to }
        : { kind: "other", range, ...body, what: `ALTER ${readable(raw.renameType)} RENAME` };
    }
  }
}

const RENAMED: Readonly<Record<string, RenamedObject>> = lookup({
  OBJECT_FUNCTION: "function",
  OBJECT_ROUTINE: "function",
  OBJECT_PROCEDURE: "procedure",
  OBJECT_AGGREGATE: "aggregate",
  OBJECT_STATISTIC_EXT: "statistics",
  OBJECT_PUBLICATION: "publication",
});

const objectName = (node: Raw): Name =>
  nameOf(node?.String ? [text(node)] : texts(node?.ObjectWithArgs?.objname ?? node?.List?.items));

export function setSchema(piece: Piece, raw: Raw, span: Span): Operation {
  const range = rangeOf(piece, span);
  const schema: string = raw.newschema ?? "";
  const object = OBJECTS[raw.objectType as keyof typeof OBJECTS];
  if (object !== undefined && object !== "index") {
    return {
      kind: "setTableSchema",
      range,
      ...inBody(piece),
      table: relationName(raw.relation),
      schema,
      ifExists: raw.missing_ok ?? false,
      object,
    };
  }
  if (raw.objectType === "OBJECT_TYPE" || raw.objectType === "OBJECT_DOMAIN") {
    return {
      kind: "setTypeSchema",
      range,
      ...inBody(piece),
      type: nameOf(texts(raw.object?.List?.items ?? raw.object?.TypeName?.names)),
      schema,
    };
  }
  const moved = RENAMED[raw.objectType];
  return moved !== undefined && moved !== "publication"
    ? { kind: "setObjectSchema", range, ...inBody(piece), object: moved, name: objectName(raw.object), schema }
    : { kind: "other", range, ...inBody(piece), what: `ALTER ${readable(raw.objectType)} SET SCHEMA` };
}

/** OBJECT_MATVIEW as people write it. */
export const readable = (type: string | undefined) =>
  (type ?? "")
    .replace(/^OBJECT_/, "")
    .replace("MATVIEW", "MATERIALIZED VIEW")
    .replaceAll("_", " ");
