import { partsOf, sibling } from "../../sql/names.ts";
import type { DefinitionOperation, Operation, OperationOf } from "../../sql/operation/index.ts";
import type { RowOperation } from "../../sql/operation/rows.ts";
import type { MaintenanceOperation, SessionOperation } from "../../sql/operation/session.ts";
import {
  type Catalog,
  createdAs,
  functionAt,
  relationAt,
  relationNamed,
  resolve,
  resolveFunction,
  resolveType,
  typeAt,
} from "../catalog.ts";
import { BROUGHT } from "../postgres/extension-names.ts";
import { changedTable } from "./bodies.ts";
import { find, has, identifiersOf, listAt, nameAt, signatureIn, wordsOf } from "./clauses.ts";
import { labelAccesses } from "./labels.ts";
import { privilegesOf } from "./privileges.ts";
import { movesNumbers, ownedSequence, sequenceOptions } from "./sequences.ts";
import { shapeAccesses } from "./shapes.ts";
import { isNumbered } from "./row-changes.ts";
import type { Touches } from "./touches.ts";

/** What an operation touches beside the objects that it names: what they hold, what they are set to, and what depends on them. */
export function detailAccesses(catalog: Catalog, operation: Operation, text: string, touched: Touches): void {
  const { add, needs } = touched;
  shapeAccesses(catalog, operation, touched);
  labelAccesses(catalog, operation, text, touched);
  const words = identifiersOf(text);
  for (const [extension, names] of BROUGHT)
    if (operation.kind !== "createExtension" && names.some((name) => words.has(name)))
      add("needs", "extension", extension);
  if ("schema" in operation || "table" in operation || "view" in operation) inSchemas(catalog, operation, touched);
  switch (operation.kind) {
    case "grant":
      privileges(catalog, text, touched);
      break;
    case "other":
      if (operation.what === "ALTER DEFAULT PRIVILEGES") privileges(catalog, text, touched);
      else if (operation.what === "ALTER FUNCTION") alteredFunction(catalog, text, touched);
      else if (has(text, "owner", "to")) {
        const words = wordsOf(text);
        add(
          "changes",
          "options",
          `owner of ${words
            .slice(1, find(words, "owner", "to"))
            .map((word) => word.text)
            .join(" ")}`,
        );
      }
      break;
    case "comment":
      commented(catalog, operation, text, touched);
      break;
    case "alterTable":
      altered(catalog, operation, text, touched);
      break;
    case "alterSequence": {
      const options = sequenceOptions(text);
      const id = resolve(catalog, operation.sequence);
      for (const option of options) add("changes", "sequence", `${id} ${option}`);
      if (movesNumbers(options)) add("changes", "numbers", id);
      break;
    }
    case "createSequence":
      add("changes", "contents", `sequence ${partsOf(createdAs(catalog, operation.sequence)).schema}`);
      break;
    case "createEnum":
    case "createDomain":
    case "createType":
      add("changes", "contents", `type ${partsOf(createdAs(catalog, operation.type)).schema}`);
      break;
    case "createFunction": {
      const id = createdAs(catalog, operation.function);
      if (functionAt(catalog, id) && operation.replace) {
        add("changes", "body", id);
        add("changes", "replaced", `function ${id}`, { ...signed(text) });
      } else add("changes", "contents", `function ${partsOf(id).schema}`);
      break;
    }
    case "createView": {
      const id = resolve(catalog, operation.view);
      if (operation.replace && relationAt(catalog, id)) {
        add("changes", "definition", id);
        add("changes", "replaced", `view ${id}`);
      }
      break;
    }
    case "setIdentity":
    case "truncate": {
      const table = relationNamed(catalog, operation.table);
      for (const column of table?.columns.values() ?? []) {
        const meant =
          operation.kind === "truncate"
            ? operation.restartIdentity
            : column.name === operation.column && movesNumbers(sequenceOptions(text));
        const sequence = meant && table ? ownedSequence(catalog, table, column) : undefined;
        if (sequence !== undefined) add("changes", "numbers", sequence);
      }
      break;
    }
    case "createTrigger":
      add("reads", "options", `${resolve(catalog, operation.table)} all triggers`);
      break;
    case "dropTable":
    case "dropColumn": {
      const table = resolve(catalog, operation.table);
      for (const relation of catalog.relations.values())
        if (
          relation.ownedBy?.table === table &&
          (operation.kind === "dropTable" || relation.ownedBy.column === operation.column)
        )
          add("unmakes", "relation", relation.id, true);
      if (operation.kind === "dropTable")
        for (const parent of relationAt(catalog, table)?.parents ?? [])
          add("changes", "partitions", `${parent} insert`);
      break;
    }
    case "publication":
      published(catalog, operation, text, touched);
      break;
    case "cluster":
      if (operation.table && operation.index !== undefined) needs({ ...operation.table, name: operation.index });
      break;
    case "reindex":
      if (operation.target === "index" || operation.target === "table") needs(operation.name);
      break;
    case "addColumn": {
      const type = operation.column.type;
      const domain = typeAt(catalog, resolveType(catalog, type));
      if (domain?.kind === "domain") add("reads", "domain", domain.id);
      break;
    }
    default:
      operation satisfies DefinitionOperation | RowOperation | MaintenanceOperation | SessionOperation;
  }
  const table = changedTable(catalog, operation);
  if (table && operation.kind === "insertRows")
    for (const column of table.columns.values())
      if (column.identity && operation.change.columns.includes(column.name))
        add("reads", "column default", `${table.id}.${column.name}`);
}

const signed = (text: string): { readonly signature?: string } => {
  const signature = signatureIn(text);
  return signature === undefined ? {} : { signature };
};

/** What comes into a schema, for privileges that are given on all of it. */
function inSchemas(catalog: Catalog, operation: Operation, { add }: Touches): void {
  if (operation.kind === "setTableSchema") add("changes", "contents", `table ${operation.schema}`);
  const name =
    operation.kind === "createTable" ? operation.table : operation.kind === "createView" ? operation.view : undefined;
  if (!name || relationNamed(catalog, name)) return;
  const { schema } = partsOf(createdAs(catalog, name));
  add("changes", "contents", `table ${schema}`);
  if (
    operation.kind === "createTable" &&
    operation.columns.some((column) => isNumbered({ ...column, identity: column.identity !== undefined }))
  )
    add("changes", "contents", `sequence ${schema}`);
}

function privileges(catalog: Catalog, text: string, { add }: Touches): void {
  const of = privilegesOf(text);
  if (!of) return void add("changes", "privileges", "*");
  if (!of.all) {
    for (const object of of.objects) {
      const [id = "", signature] = object.split(/\((.*)\)$/);
      const how = signature === undefined ? {} : { signature };
      add("changes", "privileges", `${of.kind} ${id}`, how);
      const kind = of.kind === "table" || of.kind === "sequence" ? "relation" : of.kind;
      if (kind === "relation" || kind === "function" || kind === "type" || kind === "schema") {
        add("needs", kind, id, how);
        // The same relation may be named by TABLE or without a word.
        if (of.kind === "sequence") add("changes", "privileges", `table ${id}`);
      }
      for (const column of of.columns) if (of.kind === "table") add("needs", "column", `${id}.${column}`);
    }
    return;
  }
  const byDefault = wordsOf(text)[0]?.text === "alter";
  const schemas = of.schemas.length > 0 ? of.schemas : [...catalog.schemas];
  for (const schema of schemas) {
    const counts = of.grant || of.kind === "function" || of.kind === "type";
    add("reads", "contents", `${of.kind} ${schema}`, counts ? {} : { unsure: true });
    if (byDefault) {
      add("changes", "privileges", `default ${of.kind} ${schema}`);
      continue;
    }
    for (const relation of catalog.relations.values()) {
      const kind = relation.kind === "sequence" ? "sequence" : "table";
      if (relation.schema === schema && kind === of.kind) add("changes", "privileges", `${kind} ${relation.id}`);
    }
    if (of.kind === "function")
      for (const id of catalog.functions.keys())
        if (partsOf(id).schema === schema) add("changes", "privileges", `function ${id}`);
  }
}

function alteredFunction(catalog: Catalog, text: string, { add }: Touches): void {
  const words = wordsOf(text);
  const named = nameAt(words, 2);
  if (!named) return;
  const id = resolveFunction(catalog, named.name);
  add("needs", "function", id, signed(text));
  if (find(words, "owner", "to") >= 0 || find(words, "depends") >= 0) add("changes", "options", `function ${id} owner`);
  else add("changes", "replaced", `function ${id}`, signed(text));
}

const COMMENT_KINDS: Readonly<Record<string, "function" | "type" | "relation" | "schema" | "extension">> = {
  function: "function",
  procedure: "function",
  aggregate: "function",
  routine: "function",
  type: "type",
  domain: "type",
  sequence: "relation",
  view: "relation",
  table: "relation",
  index: "relation",
  schema: "schema",
  extension: "extension",
};

function commented(catalog: Catalog, operation: OperationOf<"comment">, text: string, { add }: Touches): void {
  const { object, table, name } = operation;
  if (table && (object === "constraint" || object === "trigger" || object === "policy" || object === "rule"))
    add("needs", object, `${resolve(catalog, table)}: ${name.name}`);
  if (object !== "other") return;
  const words = wordsOf(text);
  const kind = COMMENT_KINDS[words[2]?.text ?? ""];
  const named = nameAt(words, 3);
  if (!kind || !named) return;
  if (kind === "function") add("needs", kind, resolveFunction(catalog, named.name), signed(text));
  else if (kind === "type") add("needs", kind, resolveType(catalog, named.name));
  else if (kind === "relation") add("needs", kind, resolve(catalog, named.name));
  else add("needs", kind, named.name.name);
}

/** Actions that set one thing, whichever of them is the last. */
const GROUPS: Readonly<Partial<Record<OperationOf<"alterTable">["action"], string>>> = {
  enableRowSecurity: "row security",
  disableRowSecurity: "row security",
  forceRowSecurity: "forced row security",
  noForceRowSecurity: "forced row security",
  setLogged: "log",
  setUnlogged: "log",
  clusterOn: "cluster",
  setWithoutCluster: "cluster",
};

function altered(catalog: Catalog, operation: OperationOf<"alterTable">, text: string, { add }: Touches): void {
  const id = resolve(catalog, operation.table);
  const { action, subject } = operation;
  const group = GROUPS[action];
  if (group !== undefined) add("changes", "options", `${id} ${group}`);
  const words = wordsOf(text);
  switch (action) {
    case "enableTrigger":
    case "disableTrigger": {
      const all = subject === undefined || /^(all|user)$/i.test(subject);
      const names = all ? [...(relationAt(catalog, id)?.triggers.keys() ?? [])] : [subject];
      if (all) add("changes", "options", `${id} all triggers`);
      for (const name of names) {
        add("needs", "trigger", `${id}: ${name}`);
        add("changes", "options", `${id} trigger ${name}`);
      }
      add("changes", "triggers", id);
      break;
    }
    case "enableRule":
    case "disableRule":
      add("changes", "options", `${id} rule ${subject ?? ""}`);
      add("changes", "triggers", id);
      break;
    case "setLogged":
    case "setUnlogged":
      add("changes", "persistence", id);
      break;
    case "setStatistics":
    case "setStorage":
    case "setCompression":
    case "setColumnOptions": {
      const at = find(words, "column") >= 0 ? find(words, "column") + 1 : find(words, "alter") + 1;
      const column = nameAt(words, at)?.name.name ?? subject;
      if (column === undefined) break;
      add("needs", "column", `${id}.${column}`);
      if (action === "setStorage" || action === "setCompression") add("changes", "storage", `${id}.${column}`);
      break;
    }
    case "clusterOn":
    case "replicaIdentity": {
      const at = action === "clusterOn" ? find(words, "on") : find(words, "index");
      const index = at < 0 ? undefined : nameAt(words, at + 1);
      if (index) add("needs", "relation", sibling(id, index.name.name));
      break;
    }
    case "setAutovacuumOptions":
    case "setTableOptions":
      for (const item of listAt(
        words,
        words.findIndex(({ text: word }) => word === "("),
      )?.items ?? [])
        add("changes", "options", `${id} option ${item[0]?.text ?? ""}`);
      if (operation.object === "view") add("changes", "replaced", `view ${id}`);
      break;
    case "other":
      add("changes", "options", `${id} ${subject ?? ""}`);
      break;
    default:
  }
}

function published(catalog: Catalog, operation: OperationOf<"publication">, text: string, { add }: Touches): void {
  const { name, tables, create, action } = operation;
  if (create) return;
  const whole = tables.length === 0 || action === "set" || identifiersOf(text).has("all");
  add("needs", "publication", name);
  if (action === undefined) {
    add("changes", "publication", `${name} settings`);
    return;
  }
  add(whole ? "changes" : "reads", "publication table", `${name}: *`);
  // A list of columns, a condition.
  const written = identifiersOf(text);
  for (const table of tables)
    for (const column of relationNamed(catalog, table)?.columns.keys() ?? [])
      if (written.has(column)) add("needs", "column", `${resolve(catalog, table)}.${column}`);
  for (const table of tables) add("changes", "publication table", `${name}: ${resolve(catalog, table)}`);
  if (tables.length === 0) add("changes", "publication", `${name} schemas`);
}
