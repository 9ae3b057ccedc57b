import { lookup } from "../../words.ts";
import { parsePlPgSQLSync, parseSync } from "libpg-query";
import type { Mention } from "../mention.ts";
import { mentionsInWords } from "../mention-words.ts";
import { tokenize } from "../tokens.ts";
import { identifier, literal } from "../names.ts";
import { type Raw, list, opened, text, texts } from "./node.ts";

/** Names that the manual has for commands whose node is called otherwise. */
const COMMANDS: Readonly<Record<string, string>> = lookup({
  AlterSystemStmt: "ALTER SYSTEM",
  LoadStmt: "LOAD",
  CheckPointStmt: "CHECKPOINT",
  CreatedbStmt: "CREATE DATABASE",
  DropdbStmt: "DROP DATABASE",
  AlterDatabaseStmt: "ALTER DATABASE",
  AlterDatabaseSetStmt: "ALTER DATABASE",
  AlterDatabaseRefreshCollStmt: "ALTER DATABASE",
  CreateTableSpaceStmt: "CREATE TABLESPACE",
  DropTableSpaceStmt: "DROP TABLESPACE",
  AlterTableSpaceOptionsStmt: "ALTER TABLESPACE",
  CreateFdwStmt: "CREATE FOREIGN DATA WRAPPER",
  AlterFdwStmt: "ALTER FOREIGN DATA WRAPPER",
  CreateForeignServerStmt: "CREATE SERVER",
  AlterForeignServerStmt: "ALTER SERVER",
  CreateForeignTableStmt: "CREATE FOREIGN TABLE",
  ImportForeignSchemaStmt: "IMPORT FOREIGN SCHEMA",
  CreateUserMappingStmt: "CREATE USER MAPPING",
  AlterUserMappingStmt: "ALTER USER MAPPING",
  DropUserMappingStmt: "DROP USER MAPPING",
  CreateSubscriptionStmt: "CREATE SUBSCRIPTION",
  AlterSubscriptionStmt: "ALTER SUBSCRIPTION",
  DropSubscriptionStmt: "DROP SUBSCRIPTION",
  CreateRoleStmt: "CREATE ROLE",
  AlterRoleStmt: "ALTER ROLE",
  AlterRoleSetStmt: "ALTER ROLE",
  DropRoleStmt: "DROP ROLE",
  GrantRoleStmt: "GRANT ROLE",
  DropOwnedStmt: "DROP OWNED",
  ReassignOwnedStmt: "REASSIGN OWNED",
});

/** Commands that exist for many kinds of objects: the verb, and the field that has the kind. */
const BY_OBJECT: Readonly<Record<string, readonly [verb: string, field: string]>> = lookup({
  DropStmt: ["DROP", "removeType"],
  RenameStmt: ["ALTER", "renameType"],
  AlterOwnerStmt: ["ALTER", "objectType"],
  AlterTableStmt: ["ALTER", "objtype"],
  AlterObjectSchemaStmt: ["ALTER", "objectType"],
  CommentStmt: ["COMMENT ON", "objtype"],
  SecLabelStmt: ["SECURITY LABEL ON", "objtype"],
  GrantStmt: ["GRANT ON", "objtype"],
});

const OBJECTS: Readonly<Record<string, string>> = lookup({
  OBJECT_FOREIGN_SERVER: "SERVER",
  OBJECT_FDW: "FOREIGN DATA WRAPPER",
  OBJECT_PARAMETER_ACL: "PARAMETER",
  OBJECT_MATVIEW: "MATERIALIZED VIEW",
});

/** Functions that run the text they are given: https://www.postgresql.org/docs/current/functions-xml.html#FUNCTIONS-XML-MAPPING, functions-textsearch.html, tablefunc.html */
const RUNS_TEXT: ReadonlySet<string> = new Set([
  "query_to_xml",
  "query_to_xmlschema",
  "query_to_xml_and_xmlschema",
  "ts_stat",
  "crosstab",
  "crosstab2",
  "crosstab3",
  "crosstab4",
]);

/** Stands for a name or a value that only a running server knows, in a text that is put together. */
const SOMETHING = "lockstep_something";
/** Stands for what can be any part of a text: words of SQL too. */
const ANYTHING = "lockstep_anything";
/** What format('%I', current_database()) becomes: the database that the statement runs in. */
const THIS_DATABASE = "lockstep_this_database";

/** @param source The statement's text: PL/pgSQL is read from it. */
export function mentionsOf(node: Raw, source: string): readonly Mention[] {
  const found: Mention[] = [];
  try {
    visit(node, source, found);
  } catch (error) {
    // A tree that is deeper than the stack.
    if (!(error instanceof RangeError)) throw error;
    return mentionsOfText(source);
  }
  return found;
}

/** The text of a statement that could not be read: only its words are known. */
export function mentionsOfText(source: string): readonly Mention[] {
  return mentionsInWords(source, tokenize(source));
}

function visit(node: Raw, source: string, found: Mention[]): void {
  if (Array.isArray(node)) {
    for (const each of node) visit(each, source, found);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  for (const key in node) {
    const raw = node[key];
    if (typeof raw !== "object" || raw === null) continue;
    // Planned but not run.
    if (key === "ExplainStmt" && !list(raw.options).some((option) => option.DefElem?.defname === "analyze")) continue;
    if (key.endsWith("Stmt")) statement(key, raw, source, found);
    else if (key === "FuncCall") called(raw, found);
    visit(raw, source, found);
  }
}

function statement(type: string, raw: Raw, source: string, found: Mention[]): void {
  const command = COMMANDS[type];
  if (command !== undefined && raw.dbname !== THIS_DATABASE) found.push({ kind: "command", name: command });
  const [verb, field = ""] = BY_OBJECT[type] ?? [];
  if (verb !== undefined) {
    const object = String(raw[field] ?? "");
    const here = object === "OBJECT_DATABASE" && JSON.stringify(raw).includes(`"${THIS_DATABASE}"`);
    if (!here)
      found.push({
        kind: "command",
        name: `${verb} ${OBJECTS[object] ?? object.replace(/^OBJECT_/, "").replaceAll("_", " ")}`,
      });
  }
  switch (type) {
    case "CopyStmt":
      if (raw.is_program) found.push({ kind: "command", name: "COPY PROGRAM" });
      else if (raw.filename !== undefined) found.push({ kind: "command", name: "COPY FILE" });
      break;
    case "CreateExtensionStmt":
      found.push({ kind: "extension", name: String(raw.extname ?? "") });
      break;
    case "CreatePLangStmt":
      found.push({ kind: "language", name: String(raw.plname ?? "") });
      break;
    case "InsertStmt":
    case "UpdateStmt":
    case "DeleteStmt":
    case "MergeStmt":
      found.push({ kind: "write", ...schemaOf(raw.relation?.schemaname), name: String(raw.relation?.relname ?? "") });
      break;
    case "ViewStmt":
      viewed(raw.query?.SelectStmt, found);
      break;
    case "CreateTrigStmt":
    case "CreateEventTrigStmt":
      found.push(functionNamed(texts(raw.funcname)));
      break;
    case "DefineStmt":
      // sfunc = pg_read_file: a function without a call.
      for (const { DefElem } of list(raw.definition))
        if (DefElem?.arg?.TypeName) found.push(functionNamed(texts(DefElem.arg.TypeName.names)));
      break;
    case "DoStmt":
      body(option(raw.args, "language") ?? "plpgsql", option(raw.args, "as") ?? "", source, found);
      break;
    case "CreateFunctionStmt":
      body(option(raw.options, "language") ?? "sql", option(raw.options, "as") ?? "", source, found);
      break;
  }
}

/** PostgreSQL writes to the one table of such a view: https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS */
function viewed(select: Raw, found: Mention[]): void {
  const [table, ...others] = list(select?.fromClause);
  const range = table?.RangeVar;
  if (range && others.length === 0 && !select.groupClause && !select.distinctClause && !select.havingClause)
    found.push({ kind: "view", ...schemaOf(range.schemaname), name: String(range.relname ?? "") });
}

/** A name with its schema, unless that is the one that is always searched. */
function functionNamed(parts: readonly string[]): Mention {
  return { kind: "function", ...schemaOf(parts.at(-2)), name: parts.at(-1) ?? "" };
}

const schemaOf = (schema: unknown) => (typeof schema === "string" && schema !== "pg_catalog" ? { schema } : {});

function option(options: Raw, name: string): string | undefined {
  const arg = list(options).find((each) => each.DefElem?.defname === name)?.DefElem?.arg;
  return arg === undefined ? undefined : arg.List ? text(list(arg.List.items)[0]) : text(arg);
}

function called(raw: Raw, found: Mention[]): void {
  const mention = functionNamed(texts(raw.funcname));
  found.push(mention);
  if (mention.kind === "function" && RUNS_TEXT.has(mention.name))
    execute(textOf(list(raw.args)[0]), `${mention.name}()`, found);
}

function body(written: string, content: string, source: string, found: Mention[]): void {
  const language = written.toLowerCase();
  found.push({ kind: "language", name: language });
  if (language === "sql") run(content, found);
  if (language !== "plpgsql") return;
  let parsed: Raw;
  try {
    // A statement inside of another (CREATE SCHEMA … CREATE FUNCTION) has no text of its own here.
    parsed = parsePlPgSQLSync(source);
  } catch {
    found.push(...mentionsOfText(content));
    return;
  }
  plpgsql(parsed, found);
}

/** A text that is put together: what is written of it is read, and that it may be something else is said. */
function execute(sql: string, by: string, found: Mention[]): void {
  const reads = run(sql, found);
  if (sql.includes(ANYTHING) || (!reads && sql.includes(SOMETHING))) found.push({ kind: "text", by });
}

/** SQL that is run as it is. What cannot be parsed fails there too: false. */
function run(sql: string, found: Mention[]): boolean {
  try {
    for (const { stmt, stmt_location = 0, stmt_len } of list(parseSync(sql).stmts)) {
      const bytes = new TextEncoder()
        .encode(sql)
        .slice(stmt_location, stmt_len === undefined ? undefined : stmt_location + stmt_len);
      visit(stmt, new TextDecoder().decode(bytes), found);
    }
    return true;
  } catch {
    return false;
  }
}

/** Every query and expression of a body, declarations included. */
function plpgsql(parsed: Raw, found: Mention[]): void {
  /** Constant texts that variables are given: EXECUTE may run one. */
  const values = new Map<string, string[]>();
  const executed: string[] = [];
  const walk = (node: Raw): void => {
    if (Array.isArray(node)) {
      for (const each of node) walk(each);
      return;
    }
    if (typeof node !== "object" || node === null) return;
    const [type, raw] = opened(node);
    if (type === "PLpgSQL_expr") expression(raw, found, values);
    else if (type === "PLpgSQL_stmt_dynexecute" || type === "PLpgSQL_stmt_dynfors")
      executed.push(raw.query?.PLpgSQL_expr?.query ?? "");
    else if (type === "PLpgSQL_stmt_return_query" && raw.dynquery)
      executed.push(raw.dynquery.PLpgSQL_expr?.query ?? "");
    else if (type === "PLpgSQL_stmt_open" && raw.dynquery) executed.push(raw.dynquery.PLpgSQL_expr?.query ?? "");
    else if (type === "PLpgSQL_var" && raw.default_val)
      keep(values, raw.refname, constantOf(raw.default_val.PLpgSQL_expr?.query ?? ""));
    // What a query, a loop or a caller puts into a variable.
    else if (type === "PLpgSQL_row") for (const { name } of list(raw.fields)) keep(values, name, ANYTHING);
    for (const key in node) walk(node[key]);
  };
  walk(parsed);
  for (const source of executed) {
    const variable = values.get(source.trim().toLowerCase());
    for (const sql of variable ?? [constantOf(source)]) execute(sql, "EXECUTE", found);
  }
}

function keep(values: Map<string, string[]>, name: unknown, value: string): void {
  if (typeof name === "string") values.set(name, [...(values.get(name) ?? []), value]);
}

/** Modes as in raw_parser(): 0 is a statement, 2 an expression, from 3 on an assignment. */
function expression(raw: Raw, found: Mention[], values: Map<string, string[]>): void {
  const query = String(raw.query ?? "");
  if (!raw.parseMode) return void run(query, found);
  const [, target, value] = raw.parseMode > 2 ? (/^([^:=]*):?=([\s\S]*)$/.exec(query) ?? []) : [];
  run(`SELECT ${value ?? query}`, found);
  if (target !== undefined) keep(values, target.trim().toLowerCase(), constantOf(value ?? ""));
}

/** The text that an expression of SQL gives, as far as it is written there. */
function constantOf(source: string): string {
  try {
    const parsed: Raw = parseSync(`SELECT ${source}`);
    return textOf(parsed.stmts?.[0]?.stmt?.SelectStmt?.targetList?.[0]?.ResTarget?.val);
  } catch {
    return ANYTHING;
  }
}

/** What is quoted as a name or a value cannot be more than that. */
const quotedPart = (part: string | undefined): string =>
  part === undefined ? SOMETHING : part.replaceAll(ANYTHING, SOMETHING);

/** Unknown parts become a name, so that the rest can be read. */
function textOf(node: Raw): string {
  const [type, raw] = opened(node ?? {});
  if (type === "A_Const") return typeof raw.sval === "object" ? String(raw.sval.sval ?? "") : numberOf(raw);
  if (type === "TypeCast") return textOf(raw.arg);
  if (type === "A_Expr" && raw.kind === "AEXPR_OP" && text(list(raw.name)[0]) === "||")
    return textOf(raw.lexpr) + textOf(raw.rexpr);
  if (type !== "FuncCall") return ANYTHING;
  const name = texts(raw.funcname).at(-1) ?? "";
  const args = list(raw.args).map(textOf);
  if (name === "current_database") return THIS_DATABASE;
  if (name === "current_schema" || name === "current_user" || name === "session_user") return SOMETHING;
  if (name === "quote_ident") return quotedPart(args[0]);
  if (name === "lower" || name === "btrim") return args[0] ?? ANYTHING;
  if (name === "quote_literal" || name === "quote_nullable") return literal(quotedPart(args[0]));
  if (name === "concat") return args.join("");
  if (name !== "format") return ANYTHING;
  let next = 1;
  return (args[0] ?? ANYTHING).replace(
    /%(?:(\d+)\$)?-?(?:\d+|\*)?([sIL%])/g,
    (_, place: string | undefined, kind: string) => {
      if (kind === "%") return "%";
      if (place !== undefined) next = Number(place);
      const arg = args[next++] ?? ANYTHING;
      return kind === "I" ? identifier(quotedPart(arg)) : kind === "L" ? literal(quotedPart(arg)) : arg;
    },
  );
}

/** A number, NULL or a truth value: none of them is a word of SQL that does something. */
function numberOf(raw: Raw): string {
  return raw.ival ? String(raw.ival.ival ?? 0) : raw.fval ? String(raw.fval.fval) : SOMETHING;
}
