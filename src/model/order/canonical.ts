import type { SourceFile } from "../../source/text.ts";
import type { Operation, OperationKind } from "../../sql/operation/index.ts";
import { tokenize } from "../../sql/tokens.ts";
import type { Range } from "../../source/text.ts";

/** Whether the operation says only a part of its definition: then the text counts too. */
const PARTIAL: Readonly<Record<OperationKind, boolean>> = {
  createSchema: false,
  dropSchema: false,
  renameSchema: false,
  createDatabase: true,
  dropDatabase: false,
  createExtension: true,
  createEnum: false,
  addEnumValue: false,
  renameEnumValue: false,
  createDomain: false,
  alterDomain: true,
  createType: true,
  dropType: false,
  renameType: false,
  setTypeSchema: false,
  createSequence: true,
  alterSequence: true,
  createTable: false,
  dropTable: false,
  renameTable: false,
  setTableSchema: false,
  attachPartition: false,
  detachPartition: false,
  alterTable: true,
  addColumn: false,
  dropColumn: false,
  renameColumn: false,
  alterColumnType: false,
  setDefault: false,
  dropDefault: false,
  setNotNull: false,
  dropNotNull: false,
  setExpression: false,
  dropExpression: false,
  addIdentity: true,
  setIdentity: true,
  dropIdentity: false,
  addForeignKey: false,
  addCheck: false,
  addUnique: false,
  addPrimaryKey: false,
  addExclusion: false,
  addNotNull: false,
  dropConstraint: false,
  validateConstraint: false,
  alterConstraint: true,
  renameConstraint: false,
  createIndex: false,
  dropIndex: false,
  attachIndex: false,
  createView: false,
  refreshView: false,
  createFunction: true,
  createTrigger: true,
  createPolicy: true,
  alterPolicy: true,
  createStatistics: true,
  createRule: true,
  renameOnTable: false,
  // Functions of one name with other arguments are others.
  renameObject: true,
  setObjectSchema: true,
  dropObject: false,
  comment: false,
  grant: true,
  publication: true,
  insertRows: false,
  updateRows: false,
  deleteRows: false,
  mergeRows: false,
  select: false,
  call: true,
  copy: true,
  truncate: false,
  lockTable: false,
  vacuum: false,
  analyze: false,
  cluster: false,
  reindex: false,
  set: false,
  transaction: false,
  systemCommand: true,
  other: true,
  opaque: true,
};

/** All kinds of operations, where the compiler's word is not enough. */
export const OPERATION_KINDS: readonly string[] = Object.keys(PARTIAL);

/** Parts that say how a statement is carried out or where it is, not what it makes. */
const CIRCUMSTANCE: ReadonlySet<string> = new Set([
  "range",
  "body",
  "ifNotExists",
  "ifExists",
  "ifTableExists",
  "concurrently",
  "replace",
  "cascade",
]);

/**
 * What an operation does, as a text that is the same for operations that do the same: without places and comments, quotes only where
 * they count, the default schema left out, and IF [NOT] EXISTS, OR REPLACE, CONCURRENTLY and CASCADE put aside.
 */
export function canonical(operation: Operation, file: SourceFile): string {
  const data = JSON.stringify(plain(operation));
  if (!PARTIAL[operation.kind] && !data.includes('"other"') && !data.includes('"case"')) return data;
  return `${data} ${words(file.text, operation.range)}`;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const found: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const part: unknown = (value as Record<string, unknown>)[key];
    if (CIRCUMSTANCE.has(key) || (key === "schema" && part === "public" && "name" in value)) continue;
    found[key] = plain(part);
  }
  return found;
}

/** The tokens of a text, words in lower case and identifiers without needless quotes. */
function words(text: string, range: Range): string {
  const part = text.slice(range.start, range.end);
  return tokenize(part)
    .filter(({ kind }) => kind !== "comment")
    .map(({ kind, start, end }) => {
      const token = part.slice(start, end);
      if (kind === "word") return token.toLowerCase();
      if (kind === "quoted" && /^"[a-z_][a-z0-9_]*"$/.test(token)) return token.slice(1, -1);
      return kind === "string" ? token.replace(/\s+/g, " ") : token;
    })
    .join(" ")
    .replace(/\b(public \. )/g, "")
    .replace(/\bif (not )?exists |\bor replace |\bconcurrently | cascade$/g, "");
}
