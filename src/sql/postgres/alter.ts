import type { Range } from "../../source/text.ts";
import type { Name } from "../names.ts";
import type { Operation, RenamedObject } from "../operation/index.ts";
import type { SequenceOwner } from "../operation/schemas.ts";
import type { TableAction } from "../operation/tables.ts";
import { expression, nameOf, relationName, typeName } from "./expressions.ts";
import { type Raw, list, text, texts } from "./node.ts";
import { type Span, afterName, inBody, rangeOf, splitCommas, symbolAt, wordAt } from "../piece.ts";
import { type ParsedPiece as Piece, tokenAtByte } from "./piece.ts";
import { columnDefinition, constraint, sequenceName } from "./tables.ts";

/** ALTER TABLE and its relatives, one operation for each action. */

const OBJECTS = {
  OBJECT_TABLE: "table",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materializedView",
  OBJECT_INDEX: "index",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_FOREIGN_TABLE: "foreignTable",
} as const;
type AlteredObject = (typeof OBJECTS)[keyof typeof OBJECTS];

const alteredObject = (type: string): AlteredObject => OBJECTS[type as keyof typeof OBJECTS] ?? "table";

/** AlterTableType values that become `alterTable` with this action. */
const ACTIONS: Readonly<Record<string, TableAction>> = {
  AT_SetStatistics: "setStatistics",
  AT_SetStorage: "setStorage",
  AT_SetCompression: "setCompression",
  AT_SetOptions: "setColumnOptions",
  AT_ResetOptions: "setColumnOptions",
  AT_SetRelOptions: "setTableOptions",
  AT_ResetRelOptions: "setTableOptions",
  AT_ReplaceRelOptions: "setTableOptions",
  AT_SetLogged: "setLogged",
  AT_SetUnLogged: "setUnlogged",
  AT_SetTableSpace: "setTablespace",
  AT_SetAccessMethod: "setAccessMethod",
  AT_ClusterOn: "clusterOn",
  AT_DropCluster: "setWithoutCluster",
  AT_ReplicaIdentity: "replicaIdentity",
  AT_ChangeOwner: "owner",
  AT_EnableRowSecurity: "enableRowSecurity",
  AT_DisableRowSecurity: "disableRowSecurity",
  AT_ForceRowSecurity: "forceRowSecurity",
  AT_NoForceRowSecurity: "noForceRowSecurity",
  AT_EnableTrig: "enableTrigger",
  AT_EnableAlwaysTrig: "enableTrigger",
  AT_EnableReplicaTrig: "enableTrigger",
  AT_EnableTrigAll: "enableTrigger",
  AT_EnableTrigUser: "enableTrigger",
  AT_DisableTrig: "disableTrigger",
  AT_DisableTrigAll: "disableTrigger",
  AT_DisableTrigUser: "disableTrigger",
  AT_EnableRule: "enableRule",
  AT_EnableAlwaysRule: "enableRule",
  AT_EnableReplicaRule: "enableRule",
  AT_DisableRule: "disableRule",
  AT_AddInherit: "inherit",
  AT_DropInherit: "noInherit",
  AT_AddOf: "ofType",
  AT_DropOf: "ofType",
  AT_DropOids: "setWithoutOids",
};

export function alterTable(piece: Piece, raw: Raw, span: Span): Operation[] {
  const table = relationName(raw.relation);
  const object = alteredObject(raw.objtype);
  const commands = list(raw.cmds).map((node) => node.AlterTableCmd ?? {});
  const begin = afterName(piece, tokenAtByte(piece, raw.relation?.location));
  const actions = splitCommas(piece, { from: symbolAt(piece, begin) === "*" ? begin + 1 : begin, to: span.to });
  return commands.map((command, i) => {
    const at = actions.length === commands.length ? (actions[i] ?? span) : span;
    // One action stands for the whole statement, so that a reader sees the table's name in the frame.
    const action = tableAction(
      piece,
      table,
      object,
      command,
      at,
      commands.length === 1 ? rangeOf(piece, span) : rangeOf(piece, at),
      raw.relation?.inh !== true,
    );
    if (!("table" in action)) return action;
    return {
      ...action,
      ...(raw.relation?.inh !== true && { only: true }),
      ...(raw.missing_ok === true && { ifTableExists: true }),
    };
  });
}

function tableAction(
  piece: Piece,
  table: Name,
  object: AlteredObject,
  command: Raw,
  span: Span,
  range: Range,
  only: boolean,
): Operation {
  const on = { range, ...inBody(piece), table };
  const column: string = command.name ?? "";
  const cascade = command.behavior === "DROP_CASCADE";
  const ifExists: boolean = command.missing_ok ?? false;
  switch (command.subtype) {
    case "AT_AddColumn":
      if (command.def?.ColumnDef === undefined) break;
      return {
        kind: "addColumn",
        ...on,
        column: columnDefinition(piece, command.def.ColumnDef, columnSpan(piece, span)),
        ifNotExists: ifExists,
        only,
      };
    case "AT_DropColumn":
      return { kind: "dropColumn", ...on, column, ifExists, cascade };
    case "AT_AlterColumnType": {
      const definition = command.def?.ColumnDef ?? {};
      const collation = texts(definition.collClause?.CollateClause?.collname ?? definition.collClause?.collname).join(
        ".",
      );
      return {
        kind: "alterColumnType",
        ...on,
        column,
        type: typeName(definition.typeName),
        ...(definition.raw_default && { using: expression(definition.raw_default) }),
        ...(collation && { collation }),
      };
    }
    case "AT_ColumnDefault":
      return command.def
        ? { kind: "setDefault", ...on, column, value: expression(command.def) }
        : { kind: "dropDefault", ...on, column };
    case "AT_SetNotNull":
      return { kind: "setNotNull", ...on, column };
    case "AT_DropNotNull":
      return { kind: "dropNotNull", ...on, column };
    case "AT_SetExpression":
      return { kind: "setExpression", ...on, column, expression: expression(command.def) };
    case "AT_DropExpression":
      return { kind: "dropExpression", ...on, column };
    case "AT_AddIdentity": {
      const sequence = sequenceName(command.def?.Constraint ?? {});
      return { kind: "addIdentity", ...on, column, ...(sequence && { sequence }) };
    }
    case "AT_SetIdentity":
      return { kind: "setIdentity", ...on, column };
    case "AT_DropIdentity":
      return { kind: "dropIdentity", ...on, column };
    case "AT_AddConstraint":
      return addConstraint(command.def?.Constraint ?? {}, on);
    case "AT_DropConstraint":
      return { kind: "dropConstraint", ...on, constraint: column, ifExists, cascade };
    case "AT_ValidateConstraint":
      return { kind: "validateConstraint", ...on, constraint: column };
    case "AT_AlterConstraint":
      return {
        kind: "alterConstraint",
        ...on,
        constraint: column || (command.def?.ATAlterConstraint?.conname ?? command.def?.Constraint?.conname ?? ""),
      };
    case "AT_AttachPartition": {
      const def = command.def?.PartitionCmd ?? {};
      if (object === "index")
        return { kind: "attachIndex", range, ...inBody(piece), index: table, partition: relationName(def.name) };
      return {
        kind: "attachPartition",
        ...on,
        partition: relationName(def.name),
        default: def.bound?.is_default ?? false,
      };
    }
    case "AT_DetachPartition":
    case "AT_DetachPartitionFinalize": {
      const def = command.def?.PartitionCmd ?? {};
      return {
        kind: "detachPartition",
        ...on,
        partition: relationName(def.name),
        concurrently: def.concurrent ?? false,
        finalize: command.subtype === "AT_DetachPartitionFinalize",
      };
    }
  }
  const action = ACTIONS[command.subtype] ?? "other";
  const subject = subjectOf(action, command);
  return { kind: "alterTable", ...on, action, object, subject };
}

function subjectOf(action: TableAction, command: Raw): string | undefined {
  if (action === "setTableOptions")
    return list(command.def?.List?.items)
      .map((node) => node.DefElem?.defname ?? "")
      .join(", ");
  if (action === "inherit" || action === "noInherit") return command.def?.RangeVar?.relname;
  if (action === "enableTrigger" || action === "disableTrigger")
    return command.name ?? (String(command.subtype).endsWith("User") ? "user" : "all");
  return command.name;
}

/** The definition behind ADD [COLUMN] [IF NOT EXISTS]. */
function columnSpan(piece: Piece, span: Span): Span {
  let from = span.from;
  for (const word of ["add", "column", "if", "not", "exists"]) if (wordAt(piece, from) === word) from++;
  return { from, to: span.to };
}

function addConstraint(raw: Raw, on: { range: Range; table: Name }): Operation {
  const found = constraint(raw, on.range);
  if (!found)
    return { kind: "opaque", range: on.range, reason: "unsupported", what: `ADD CONSTRAINT ${raw.contype ?? ""}` };
  const { type, range: _range, ...rest } = found;
  switch (type) {
    case "foreignKey":
      return { kind: "addForeignKey", ...on, constraint: rest as never };
    case "check":
      return { kind: "addCheck", ...on, constraint: rest as never };
    case "unique":
      return { kind: "addUnique", ...on, constraint: rest as never };
    case "primaryKey":
      return { kind: "addPrimaryKey", ...on, constraint: rest as never };
    case "exclusion":
      return { kind: "addExclusion", ...on, constraint: rest as never };
    case "notNull":
      return { kind: "addNotNull", ...on, constraint: rest as never };
  }
}

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

const RENAMED: Readonly<Record<string, RenamedObject>> = {
  OBJECT_FUNCTION: "function",
  OBJECT_ROUTINE: "function",
  OBJECT_PROCEDURE: "procedure",
  OBJECT_AGGREGATE: "aggregate",
  OBJECT_STATISTIC_EXT: "statistics",
  OBJECT_PUBLICATION: "publication",
};

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

export const ownedBy = (options: Raw): { ownedBy?: SequenceOwner } => {
  const option = list(options).find((node) => node.DefElem?.defname === "owned_by");
  const parts = list(option?.DefElem?.arg?.List?.items).map(text);
  if (parts.length === 1 && parts[0] === "none") return { ownedBy: "none" };
  return parts.length < 2 ? {} : { ownedBy: { table: nameOf(parts.slice(0, -1)), column: parts.at(-1) as string } };
};
