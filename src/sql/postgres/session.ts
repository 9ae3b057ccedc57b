import type { Operation } from "../operation/index.ts";
import { expression } from "./expressions.ts";
import { type Raw, list } from "./node.ts";
import { relationName } from "./names.ts";
import type { On } from "./piece.ts";

export const SYSTEM = {
  AlterSystemStmt: "alterSystem",
  CreateTableSpaceStmt: "createTablespace",
  DropTableSpaceStmt: "dropTablespace",
  CreateRoleStmt: "createRole",
  AlterRoleStmt: "alterRole",
  LoadStmt: "load",
  CheckPointStmt: "checkpoint",
  CreateForeignServerStmt: "createServer",
  AlterForeignServerStmt: "createServer",
  CreateUserMappingStmt: "createServer",
  CreateFdwStmt: "createServer",
  CreateSubscriptionStmt: "createServer",
  AlterSubscriptionStmt: "createServer",
} as const;

export const TRANSACTIONS = {
  TRANS_STMT_BEGIN: "begin",
  TRANS_STMT_START: "begin",
  TRANS_STMT_COMMIT: "commit",
  TRANS_STMT_ROLLBACK: "rollback",
  TRANS_STMT_SAVEPOINT: "savepoint",
  TRANS_STMT_RELEASE: "release",
  TRANS_STMT_ROLLBACK_TO: "rollbackTo",
  TRANS_STMT_PREPARE: "prepare",
  TRANS_STMT_COMMIT_PREPARED: "commit",
  TRANS_STMT_ROLLBACK_PREPARED: "rollback",
} as const;

export function set(raw: Raw, on: On): Operation {
  if (raw.kind === "VAR_SET_MULTI") return { kind: "transaction", ...on, action: "set" };
  const values = list(raw.args).map((node) => {
    const value = expression(node);
    const literal = value.kind === "cast" ? value.arg : value;
    return literal.kind === "literal" ? String(literal.value) : "";
  });
  const name = raw.kind === "VAR_RESET_ALL" ? "all" : String(raw.name ?? "").toLowerCase();
  return {
    kind: "set",
    ...on,
    name,
    value: raw.kind === "VAR_SET_VALUE" ? values.join(", ") : null,
    values,
    local: raw.is_local ?? false,
  };
}

export function reindex(raw: Raw, on: On): Operation {
  const concurrently = list(raw.params).some((node) => node.DefElem?.defname === "concurrently");
  const target =
    {
      REINDEX_OBJECT_INDEX: "index",
      REINDEX_OBJECT_TABLE: "table",
      REINDEX_OBJECT_SCHEMA: "schema",
      REINDEX_OBJECT_SYSTEM: "system",
    }[raw.kind as string] ?? "database";
  return {
    kind: "reindex",
    ...on,
    target: target as "index",
    name: raw.relation ? relationName(raw.relation) : { name: raw.name ?? "" },
    concurrently,
  };
}
