import { LOCK_MODES } from "../lock-modes.ts";
import type { Operation } from "../operation/index.ts";
import { alterTable, ownedBy } from "./alter.ts";
import { readable, rename, setSchema } from "./renames.ts";
import { alterDomain, alterEnum, createDomain, define, multirange } from "./types.ts";
import { change, expression, query } from "./expressions.ts";
import { nameOf, onlyOf, relationName } from "./names.ts";
import { createFunction, doBlock } from "./bodies.ts";
import { type Raw, list, opened, texts } from "./node.ts";
import { type Span, inBody, placesOfNames, rangeOf } from "../piece.ts";
import { selectOperation } from "../select.ts";
import type { ParsedPiece as Piece } from "./piece.ts";
import { createIndex, createTable, createTableAs, optionText, persistence } from "./tables.ts";
import { comment, drop, policyParts } from "./objects.ts";
import { SYSTEM, TRANSACTIONS, reindex, set } from "./session.ts";

/** Statements that PostgreSQL runs without a lock on a table and without a change to one. */
const WITHOUT_EFFECT = new Set(
  (
    "NotifyStmt ListenStmt UnlistenStmt VariableShowStmt DefineStmt CreateCastStmt AlterFunctionStmt AlterOwnerStmt AlterObjectDependsStmt SecLabelStmt CreateEventTrigStmt AlterEventTrigStmt " +
    "AlterExtensionStmt AlterExtensionContentsStmt CreateConversionStmt AlterOperatorStmt CreateOpClassStmt CreateOpFamilyStmt AlterOpFamilyStmt CreateTransformStmt DeallocateStmt " +
    "DiscardStmt GrantRoleStmt AlterDefaultPrivilegesStmt AlterCollationStmt AlterTypeStmt AlterTSDictionaryStmt AlterTSConfigurationStmt CreatePLangStmt ClosePortalStmt FetchStmt " +
    "ConstraintsSetStmt AlterDatabaseStmt AlterDatabaseSetStmt AlterDatabaseRefreshCollStmt AlterRoleSetStmt DropRoleStmt DropSubscriptionStmt CreateAmStmt AlterStatsStmt DropUserMappingStmt AlterTableSpaceOptionsStmt " +
    "AlterFdwStmt AlterUserMappingStmt ReassignOwnedStmt"
  ).split(" "),
);

const RULE_EVENTS = { CMD_SELECT: "select", CMD_INSERT: "insert", CMD_UPDATE: "update", CMD_DELETE: "delete" } as const;
const PUBLICATION_ACTIONS = { AP_AddObjects: "add", AP_DropObjects: "drop", AP_SetObjects: "set" } as const;

/** Operations of one statement node. `span` holds its tokens. */
export function operations(piece: Piece, node: Raw, span: Span): Operation[] {
  const [type, raw] = opened(node);
  const range = rangeOf(piece, span);
  const on = { range, ...inBody(piece) };
  const one = (operation: Operation) => [operation];
  const changed = change(type, raw);
  if (changed) return one({ kind: changed.kind, ...on, change: changed, table: changed.table } as Operation);
  switch (type) {
    case "SelectStmt":
      return [selectOperation(query(raw), on)];
    case "CreateStmt":
      return one(createTable(piece, raw, span));
    case "CreateForeignTableStmt":
      return one(createTable(piece, raw.base ?? {}, span, true));
    case "CreateTableAsStmt":
      return one(createTableAs(piece, raw, span));
    case "AlterTableStmt":
      return raw.objtype === "OBJECT_TYPE"
        ? one({ kind: "other", ...on, what: "ALTER TYPE" })
        : alterTable(piece, raw, span);
    case "IndexStmt":
      return one(createIndex(piece, raw, span));
    case "DropStmt":
      return drop(piece, raw, span);
    case "RenameStmt":
      return one(rename(piece, raw, span));
    case "AlterObjectSchemaStmt":
      return one(setSchema(piece, raw, span));
    case "TruncateStmt":
      return placesOfNames(piece, span, list(raw.relations).length).map((at, i) => ({
        kind: "truncate",
        ...at,
        table: relationName(list(raw.relations)[i]?.RangeVar),
        cascade: raw.behavior === "DROP_CASCADE",
        restartIdentity: raw.restart_seqs ?? false,
        ...onlyOf(list(raw.relations)[i]?.RangeVar),
      }));
    case "LockStmt":
      return list(raw.relations).map((node) => ({
        kind: "lockTable",
        ...on,
        table: relationName(node.RangeVar),
        mode: LOCK_MODES[raw.mode - 1] ?? "AccessExclusiveLock",
        nowait: raw.nowait ?? false,
        ...onlyOf(node.RangeVar),
      }));
    case "CreateEnumStmt":
      return one({ kind: "createEnum", ...on, type: nameOf(texts(raw.typeName)), values: texts(raw.vals) });
    case "AlterEnumStmt":
      return one(alterEnum(raw, on));
    case "CreateDomainStmt":
      return one(createDomain(piece, raw, span));
    case "AlterDomainStmt":
      return one(alterDomain(piece, raw, span));
    case "CompositeTypeStmt":
      return one({ kind: "createType", ...on, type: relationName(raw.typevar), form: "composite" });
    case "CreateRangeStmt":
      return one({ kind: "createType", ...on, type: nameOf(texts(raw.typeName)), form: "range", ...multirange(raw) });
    case "CreateSchemaStmt": {
      // Without a name it is called as its owner, who is somebody in particular only if the statement names one.
      const schema: string | undefined = raw.schemaname ?? raw.authrole?.rolename;
      if (schema === undefined)
        return one({ kind: "opaque", ...on, reason: "unsupported", what: "CREATE SCHEMA of whoever runs it" });
      return [
        { kind: "createSchema", ...on, name: schema, ifNotExists: raw.if_not_exists ?? false },
        ...schemaElements(raw, schema).flatMap((element) => operations(piece, element, span)),
      ];
    }
    case "CreateExtensionStmt": {
      const schema = list(raw.options).find((option) => option.DefElem?.defname === "schema");
      return one({
        kind: "createExtension",
        ...on,
        name: raw.extname ?? "",
        ifNotExists: raw.if_not_exists ?? false,
        ...(schema && { schema: optionText(schema.DefElem) }),
      });
    }
    case "CreatedbStmt":
      return one({ kind: "createDatabase", ...on, name: raw.dbname ?? "" });
    case "DropdbStmt":
      return one({ kind: "dropDatabase", ...on, name: raw.dbname ?? "" });
    case "CreateSeqStmt":
      return one({
        kind: "createSequence",
        ...on,
        sequence: relationName(raw.sequence),
        ifNotExists: raw.if_not_exists ?? false,
        temporary: persistence(raw.sequence) === "temporary",
        ...ownedBy(raw.options),
      });
    case "AlterSeqStmt":
      return one({
        kind: "alterSequence",
        ...on,
        sequence: relationName(raw.sequence),
        ...(raw.missing_ok && { ifExists: true }),
        ...ownedBy(raw.options),
      });
    case "ViewStmt":
      return one({
        kind: "createView",
        ...on,
        view: relationName(raw.view),
        materialized: false,
        replace: raw.replace ?? false,
        ifNotExists: false,
        temporary: persistence(raw.view) === "temporary",
        withData: true,
        query: query(raw.query?.SelectStmt),
        columns: texts(raw.aliases),
      });
    case "RefreshMatViewStmt":
      return one({
        kind: "refreshView",
        ...on,
        view: relationName(raw.relation),
        concurrently: raw.concurrent ?? false,
        withData: !raw.skipData,
      });
    case "DefineStmt": {
      const defined = define(raw, on);
      return one(defined ?? { kind: "other", ...on, what: `CREATE ${readable(raw.kind)}` });
    }
    case "DeclareCursorStmt":
      return [selectOperation(query(raw.query?.SelectStmt), on)];
    case "CreateFunctionStmt":
      return one(createFunction(piece, raw, span, operations));
    case "DoStmt":
      return doBlock(piece, raw, span, operations);
    case "CallStmt": {
      const call = expression({ FuncCall: raw.funccall ?? {} });
      return one({
        kind: "call",
        ...on,
        function: nameOf(texts(raw.funccall?.funcname)),
        args: call.kind === "call" ? call.args : [],
      });
    }
    case "CreateTrigStmt":
      return one({
        kind: "createTrigger",
        ...on,
        table: relationName(raw.relation),
        name: raw.trigname ?? "",
        function: nameOf(texts(raw.funcname)),
        replace: raw.replace ?? false,
        constraint: raw.isconstraint ?? false,
        ...(raw.constrrel && { from: relationName(raw.constrrel) }),
        ...(raw.row === true && { forEachRow: true as const }),
        ...(list(raw.columns).length > 0 && { columns: texts(raw.columns) }),
        ...(raw.whenClause && { when: expression(raw.whenClause) }),
      });
    case "CreatePolicyStmt":
      return one({
        kind: "createPolicy",
        ...on,
        table: relationName(raw.table),
        name: raw.policy_name ?? "",
        command: raw.cmd_name ?? "all",
        ...(raw.permissive !== true && { restrictive: true as const }),
        ...policyParts(raw),
      });
    case "AlterPolicyStmt":
      return one({
        kind: "alterPolicy",
        ...on,
        table: relationName(raw.table),
        name: raw.policy_name ?? "",
        ...policyParts(raw),
      });
    case "RuleStmt":
      return one({
        kind: "createRule",
        ...on,
        table: relationName(raw.relation),
        name: raw.rulename ?? "",
        event: RULE_EVENTS[raw.event as keyof typeof RULE_EVENTS] ?? "select",
        ...(raw.replace === true && { replace: true as const }),
        instead: raw.instead ?? false,
        conditional: raw.whereClause !== undefined,
        actions: list(raw.actions).flatMap((action) => operations(piece, action, span)),
      });
    case "CreateStatsStmt": {
      const relation = list(raw.relations)[0]?.RangeVar;
      return one({
        kind: "createStatistics",
        ...on,
        table: relationName(relation),
        name: texts(raw.defnames).at(-1) ?? "",
      });
    }
    case "CommentStmt":
      return one(comment(raw, on));
    case "GrantStmt": {
      const tables =
        raw.objtype === "OBJECT_TABLE"
          ? list(raw.objects).flatMap((node) => (node.RangeVar ? [relationName(node.RangeVar)] : []))
          : [];
      const everybody = list(raw.grantees).some(({ RoleSpec: role }) => role?.roletype === "ROLESPEC_PUBLIC");
      return one({
        kind: "grant",
        ...on,
        grant: raw.is_grant ?? false,
        tables,
        ...(everybody && { everybody: true as const }),
      });
    }
    case "CreatePublicationStmt":
    case "AlterPublicationStmt": {
      const tables = list(raw.pubobjects).flatMap((node) => {
        const relation = node.PublicationObjSpec?.pubtable?.relation;
        return relation ? [relationName(relation)] : [];
      });
      return one({
        kind: "publication",
        ...on,
        name: raw.pubname ?? "",
        tables,
        ...(type === "CreatePublicationStmt"
          ? { create: true }
          : { create: false, action: PUBLICATION_ACTIONS[raw.action as keyof typeof PUBLICATION_ACTIONS] ?? "set" }),
      });
    }
    case "CopyStmt":
      return one({
        kind: "copy",
        ...on,
        ...(raw.relation && { table: relationName(raw.relation) }),
        ...(raw.query?.SelectStmt && { query: query(raw.query.SelectStmt) }),
        direction: raw.is_from ? "from" : "to",
        program: raw.is_program ?? false,
        file: raw.filename !== undefined && !raw.is_program,
      });
    case "ReindexStmt":
      return one(reindex(raw, on));
    case "VacuumStmt": {
      const tables = list(raw.rels).map((node) => relationName(node.VacuumRelation?.relation));
      const full = list(raw.options).some(
        (node) => node.DefElem?.defname === "full" && optionText(node.DefElem) !== "false",
      );
      return one(raw.is_vacuumcmd ? { kind: "vacuum", ...on, tables, full } : { kind: "analyze", ...on, tables });
    }
    case "ClusterStmt":
      return one({
        kind: "cluster",
        ...on,
        ...(raw.relation && { table: relationName(raw.relation) }),
        ...(raw.indexname && { index: raw.indexname }),
      });
    case "VariableSetStmt":
      return one(set(raw, on));
    case "TransactionStmt":
      return one({
        kind: "transaction",
        ...on,
        action: TRANSACTIONS[raw.kind as keyof typeof TRANSACTIONS] ?? "set",
        ...(raw.savepoint_name && { name: raw.savepoint_name }),
      });
    case "ExplainStmt": {
      const analyzed = list(raw.options).some((node) => node.DefElem?.defname === "analyze");
      return analyzed ? operations(piece, raw.query, span) : one({ kind: "other", ...on, what: "EXPLAIN" });
    }
    case "PrepareStmt":
    case "ExecuteStmt":
      return one({ kind: "opaque", ...on, reason: "dynamic", what: type === "PrepareStmt" ? "PREPARE" : "EXECUTE" });
    case "DropOwnedStmt":
      return one({
        kind: "dropObject",
        ...on,
        object: "owned",
        name: { name: "objects" },
        ifExists: false,
        cascade: true,
      });
  }
  const command = SYSTEM[type as keyof typeof SYSTEM];
  if (command) return one({ kind: "systemCommand", ...on, command });
  const what = type
    .replace(/Stmt$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();
  return one(
    WITHOUT_EFFECT.has(type) ? { kind: "other", ...on, what } : { kind: "opaque", ...on, reason: "unsupported", what },
  );
}

/** In which order PostgreSQL makes what CREATE SCHEMA makes besides: https://www.postgresql.org/docs/current/sql-createschema.html */
const ELEMENTS = ["CreateSeqStmt", "CreateStmt", "ViewStmt", "IndexStmt", "CreateTrigStmt", "GrantStmt"];

/** What CREATE SCHEMA makes besides is made in it, and finds what it made there. */
function schemaElements(raw: Raw, schema: string): Raw[] {
  const rank = (element: Raw): number => ELEMENTS.indexOf(opened(element)[0]);
  const elements = [...list(raw.schemaElts)].sort((one, other) => rank(one) - rank(other));
  const made = new Set(
    elements.flatMap((element) => {
      const [, inner] = opened(element);
      return [inner.relation, inner.view, inner.sequence].flatMap((relation) => relation?.relname ?? []);
    }),
  );
  const placed = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(placed);
    if (typeof node !== "object" || node === null) return node;
    const own = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, placed(value)]));
    return made.has(own["relname"]) ? { schemaname: schema, ...own } : own;
  };
  return placed(elements) as Raw[];
}
