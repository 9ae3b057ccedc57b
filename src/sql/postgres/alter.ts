import { lookup } from "../../words.ts";
import type { TableAction } from "../operation/tables.ts";
import type { Operation } from "../operation/index.ts";
import { nameOf, relationName, typeName } from "./names.ts";
import { type Raw, list, text, texts } from "./node.ts";
import { type Span, afterName, inBody, rangeOf, splitCommas, symbolAt, wordAt } from "../piece.ts";
import { type ParsedPiece as Piece, tokenAtByte } from "./piece.ts";
import type { Range } from "../../source/text.ts";
import type { Name } from "../names.ts";
import { expression } from "./expressions.ts";
import { columnDefinition, constraint, sequenceName } from "./tables.ts";
import type { SequenceOwner } from "../operation/schemas.ts";

/** ALTER TABLE and its relatives, one operation for each action. */

export const OBJECTS = {
  OBJECT_TABLE: "table",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materializedView",
  OBJECT_INDEX: "index",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_FOREIGN_TABLE: "foreignTable",
} as const;
type AlteredObject = (typeof OBJECTS)[keyof typeof OBJECTS];

export const alteredObject = (type: string): AlteredObject => OBJECTS[type as keyof typeof OBJECTS] ?? "table";

/** AlterTableType values that become `alterTable` with this action. */
const ACTIONS: Readonly<Record<string, TableAction>> = lookup({
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
});

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
  const above = action === "inherit" || action === "noInherit" ? command.def?.RangeVar : undefined;
  return { kind: "alterTable", ...on, action, object, subject, ...(above && { parent: relationName(above) }) };
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

export const ownedBy = (options: Raw): { ownedBy?: SequenceOwner } => {
  const option = list(options).find((node) => node.DefElem?.defname === "owned_by");
  const parts = list(option?.DefElem?.arg?.List?.items).map(text);
  if (parts.length === 1 && parts[0] === "none") return { ownedBy: "none" };
  return parts.length < 2 ? {} : { ownedBy: { table: nameOf(parts.slice(0, -1)), column: parts.at(-1) as string } };
};
