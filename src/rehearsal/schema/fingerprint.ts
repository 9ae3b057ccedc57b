import { literal, relationId } from "../../sql/names.ts";
import {
  type CatalogColumn,
  type Definitions,
  type Owned,
  type PolicyDefinition,
  type RelationDefinition,
  type SequenceDefinition,
  type SequenceOptions,
  type TypeDefinition,
  readDefinitions,
} from "./definitions.ts";
import type { CatalogDifference } from "../../model/observation.ts";
import type { Session } from "../stage/session.ts";

/** Everything that a database defines, object by object. Two of them are equal when their definitions are, whatever the order in which things were made. */
export interface Fingerprint {
  readonly objects: ReadonlyMap<string, FingerprintObject>;
  /** Names of columns in their order, by relation. It is no part of what is compared. */
  readonly columnOrder: ReadonlyMap<string, readonly string[]>;
  readonly definitions: Definitions;
}

export interface FingerprintObject {
  /** "table", "column", "constraint" …: the field's word. */
  readonly kind: string;
  /** "public.posts", "public.posts.title", "public.posts: posts_pkey". */
  readonly object: string;
  /** As PostgreSQL prints it. */
  readonly definition: string;
  /** Key of the object that it is a part of: what is dropped and made together with it. */
  readonly of?: string | undefined;
}

/** The fingerprint of a scratch database as it is now, also inside of an open transaction. It changes nothing. */
export async function fingerprint(session: Session): Promise<Fingerprint> {
  return fingerprintOf(await readDefinitions(session));
}

/** How `after` differs from `before`; parts of an object that is itself missing or surplus are not told again. The order of columns is no difference. */
export function compareFingerprints(before: Fingerprint, after: Fingerprint): readonly CatalogDifference[] {
  const found: CatalogDifference[] = [];
  const told = (object: FingerprintObject, other: Fingerprint): boolean =>
    object.of !== undefined && !other.objects.has(object.of);
  for (const [key, object] of before.objects) {
    const now = after.objects.get(key);
    if (now === undefined) {
      if (!told(object, after))
        found.push({ kind: object.kind, object: object.object, change: "missing", was: object.definition });
    } else if (now.definition !== object.definition)
      found.push({
        kind: object.kind,
        object: object.object,
        change: "changed",
        was: object.definition,
        is: now.definition,
      });
  }
  for (const [key, object] of after.objects) {
    if (!before.objects.has(key) && !told(object, before))
      found.push({ kind: object.kind, object: object.object, change: "surplus", is: object.definition });
  }
  return found;
}

/** Relations, in both, whose columns are in another order. */
export function reorderedRelations(before: Fingerprint, after: Fingerprint): readonly string[] {
  return [...before.columnOrder].flatMap(([relation, was]) => {
    const is = after.columnOrder.get(relation);
    const common = (names: readonly string[], others: readonly string[]): string =>
      names.filter((name) => others.includes(name)).join("\n");
    return is !== undefined && common(was, is) !== common(is, was) ? [relation] : [];
  });
}

const RELATION_KINDS = {
  r: "table",
  p: "table",
  v: "view",
  m: "materialized view",
  f: "foreign table",
} as const;
const TYPE_KINDS = { e: "enum", d: "domain", c: "composite type", r: "range type", b: "type" } as const;

/** The objects of definitions that were read before. */
function fingerprintOf(definitions: Definitions): Fingerprint {
  const objects = new Map<string, FingerprintObject>();
  const columnOrder = new Map<string, string[]>();
  const relations = new Map(definitions.relations.map((relation) => [relation.oid, relation]));
  const nameOf = (oid: number): string => relationName(relations.get(oid));
  const add = (kind: string, object: string, definition: string, of?: string): string => {
    const key = `${kind} ${object}`;
    objects.set(key, { kind, object, definition, of });
    return key;
  };
  const comment = (of: string, text: string | null): void => {
    if (text !== null) add("comment", of, text, of);
  };
  const owned = (of: string, { owner, acl, comment: text }: Owned, isPublic = false): void => {
    if (owner !== null && !isPublic) add("owner", of, owner, of);
    const granted = acl === null ? "" : isPublic ? publicGrants(acl.is) : grants(acl.is, acl.default);
    if (granted !== "") add("grant", of, granted, of);
    if (!isPublic || text !== "standard public schema") comment(of, text);
  };
  for (const schema of definitions.schemas) owned(add("schema", schema.name, ""), schema, schema.name === "public");
  for (const { name, schema } of definitions.extensions) add("extension", name, `WITH SCHEMA ${schema}`);
  for (const type of definitions.types)
    owned(add(TYPE_KINDS[type.kind], relationId(type.schema, type.name), typeText(type)), type);
  const keys = new Map<number, string>();
  for (const relation of definitions.relations) {
    const key = add(RELATION_KINDS[relation.kind], relationName(relation), relationText(relation));
    keys.set(relation.oid, key);
    owned(key, relation);
  }
  for (const column of definitions.columns) {
    const relation = nameOf(column.relation);
    columnOrder.set(relation, [...(columnOrder.get(relation) ?? []), column.name]);
    // Columns of a view come with its query; only what can be set on them counts.
    const view = ["v", "m"].includes(relations.get(column.relation)?.kind ?? "");
    const key = add(
      "column",
      `${relation}.${column.name}`,
      view ? (column.default === null ? "" : `DEFAULT ${column.default}`) : columnText(column),
      keys.get(column.relation),
    );
    comment(key, column.comment);
    if (column.acl !== null) add("grant", key, grants(column.acl, []), key);
  }
  const part = (
    kind: string,
    {
      relation,
      name,
      comment: text,
    }: { readonly relation: number; readonly name: string; readonly comment: string | null },
    definition: string,
  ): void => comment(add(kind, `${nameOf(relation)}: ${name}`, definition, keys.get(relation)), text);
  for (const constraint of definitions.constraints) part("constraint", constraint, constraint.definition);
  for (const index of definitions.indexes) {
    if (!index.ofConstraint) part("index", index, `${index.definition}${index.valid ? "" : " INVALID"}`);
    else if (!index.valid)
      add("index", `${nameOf(index.relation)}: ${index.name}`, "INVALID", keys.get(index.relation));
  }
  for (const sequence of definitions.sequences) {
    const ownedBy =
      sequence.ownedBy === null ? "" : ` OWNED BY ${nameOf(sequence.ownedBy.relation)}.${sequence.ownedBy.column}`;
    owned(add("sequence", relationId(sequence.schema, sequence.name), sequenceText(sequence) + ownedBy), sequence);
  }
  for (const made of definitions.functions)
    owned(
      add(
        made.kind === "a" ? "aggregate" : made.kind === "p" ? "procedure" : "function",
        `${made.schema}.${made.name}(${made.arguments})`,
        made.definition ?? JSON.stringify(made.aggregate),
      ),
      made,
    );
  for (const trigger of definitions.triggers) part("trigger", trigger, trigger.definition + ENABLED[trigger.enabled]);
  for (const policy of definitions.policies) part("policy", policy, policyText(policy));
  for (const rule of definitions.rules) part("rule", rule, rule.definition + ENABLED[rule.enabled]);
  for (const { schema, name, relation, definition, target, comment: text } of definitions.statistics) {
    comment(
      add(
        "statistics",
        relationId(schema, name),
        `${definition}${target === null ? "" : ` STATISTICS ${target}`}`,
        keys.get(relation),
      ),
      text,
    );
  }
  for (const { name, event, enabled, tags, function: called } of definitions.eventTriggers)
    add("event trigger", name, [event, enabled, tags?.join(", ") ?? "", called].join(" "));
  for (const { name, options, tables } of definitions.publications)
    add("publication", name, JSON.stringify([options, tables]));
  for (const { kind, name, definition } of definitions.others) add(kind, name, definition);
  return { objects, columnOrder, definitions };
}

const relationName = (relation: RelationDefinition | undefined): string =>
  relation === undefined ? "" : relationId(relation.schema, relation.name);
const words = (...list: readonly (string | false | null | undefined)[]): string => list.filter(Boolean).join(" ");
const ENABLED = { O: "", D: " DISABLED", R: " ENABLED ON REPLICA", A: " ENABLED ALWAYS" } as const;
const REPLICA = { d: "", n: "REPLICA IDENTITY NOTHING", f: "REPLICA IDENTITY FULL", i: "" } as const;
const POLICY_COMMANDS = { r: "SELECT", a: "INSERT", w: "UPDATE", d: "DELETE", "*": "ALL" } as const;

function relationText(relation: RelationDefinition): string {
  return words(
    relation.persistence === "u" && "UNLOGGED",
    relation.partitionKey !== null && `PARTITION BY ${relation.partitionKey}`,
    relation.parents !== null &&
      `${relation.partitionBound === null ? "INHERITS" : "PARTITION OF"} ${relation.parents.join(", ")}`,
    relation.partitionBound,
    relation.ofType !== null && `OF ${relation.ofType}`,
    relation.method !== null && `USING ${relation.method}`,
    relation.options !== null && `WITH (${[...relation.options].sort().join(", ")})`,
    relation.toastOptions !== null && `TOAST (${[...relation.toastOptions].sort().join(", ")})`,
    relation.tablespace !== null && `TABLESPACE ${relation.tablespace}`,
    relation.foreign !== null &&
      `SERVER ${relation.foreign.server} OPTIONS (${relation.foreign.options?.join(", ") ?? ""})`,
    REPLICA[relation.replicaIdentity],
    relation.replicaIndex !== null && `REPLICA IDENTITY USING INDEX ${relation.replicaIndex}`,
    relation.clusteredOn !== null && `CLUSTER ON ${relation.clusteredOn}`,
    relation.rowSecurity && "ROW LEVEL SECURITY",
    relation.forceRowSecurity && "FORCE ROW LEVEL SECURITY",
    relation.kind === "m" && !relation.populated && "WITH NO DATA",
    relation.query !== null && `AS ${relation.query.trim()}`,
  );
}

function columnText(column: CatalogColumn): string {
  return words(
    column.type,
    column.collation !== null && `COLLATE ${column.collation}`,
    column.notNull && (column.notNullNotValid ? "NOT NULL NOT VALID" : "NOT NULL"),
    column.generated === "" && column.default !== null && `DEFAULT ${plainText(column.default)}`,
    column.generated !== "" &&
      `GENERATED ALWAYS AS (${column.default}) ${column.generated === "s" ? "STORED" : "VIRTUAL"}`,
    column.identity !== "" &&
      `GENERATED ${column.identity === "a" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY (${column.sequence === null ? "" : `${column.sequence.name} ${sequenceOptions(column.sequence)}`})`,
    column.storage !== null && `STORAGE ${column.storage}`,
    column.compression !== null && `COMPRESSION ${column.compression}`,
    column.statistics !== null && `STATISTICS ${column.statistics}`,
    column.options !== null && `(${[...column.options].sort().join(", ")})`,
  );
}

/**
 * A literal of character varying as one of text: the value is the same, and which of them PostgreSQL prints depends on the type that the
 * column had when its default was set (fingerprint.test.ts: the type there and back around SET DEFAULT).
 */
const plainText = (expression: string): string =>
  expression.replace(/^(E?'(?:[^'\\]|''|\\.)*')::character varying$/s, "$1::text");

/** As CREATE SEQUENCE takes them, all but the type. */
export function sequenceOptions({ start, min, max, increment, cache, cycle }: SequenceOptions): string {
  return `INCREMENT BY ${increment} MINVALUE ${min} MAXVALUE ${max} START WITH ${start} CACHE ${cache} ${cycle ? "CYCLE" : "NO CYCLE"}`;
}

const sequenceText = (sequence: SequenceDefinition): string =>
  words(sequence.persistence === "u" && "UNLOGGED", `AS ${sequence.type}`, sequenceOptions(sequence));

function typeText(type: TypeDefinition): string {
  if (type.kind === "e") return `(${(type.values ?? []).map(literal).join(", ")})`;
  if (type.kind === "c") return `(${(type.attributes ?? []).join(", ")})`;
  if (type.kind === "r") return JSON.stringify(type.range);
  return words(
    type.base,
    type.collation !== null && `COLLATE ${type.collation}`,
    type.default !== null && `DEFAULT ${type.default}`,
    type.notNull && "NOT NULL",
    ...(type.checks ?? []).map(({ name, definition }) => `CONSTRAINT ${name} ${definition}`),
  );
}

function policyText(policy: PolicyDefinition): string {
  return words(
    policy.permissive ? "PERMISSIVE" : "RESTRICTIVE",
    `FOR ${POLICY_COMMANDS[policy.command]} TO ${policy.roles.join(", ")}`,
    policy.using !== null && `USING (${policy.using})`,
    policy.check !== null && `WITH CHECK (${policy.check})`,
  );
}

/** Grants beyond the default, and defaults that were revoked, without who granted them. The owner's letters differ between versions (MAINTAIN from 17 on). */
function grants(is: readonly string[], usual: readonly string[]): string {
  const [given, normal] = [is.filter(notOwners).map(withoutGrantor), usual.filter(notOwners).map(withoutGrantor)];
  return [
    ...given.filter((item) => !normal.includes(item)),
    ...normal.filter((item) => !given.includes(item)).map((item) => `revoked ${item}`),
    ...(usual.some(ownersOwn) && !is.some(ownersOwn) ? ["owner revoked"] : []),
  ]
    .sort()
    .join(", ");
}

/** The schema public is born with a grant to PUBLIC: CREATE and USAGE up to 14, USAGE from 15 on; one that was created again has none. */
function publicGrants(is: readonly string[]): string {
  return is
    .filter((item) => notOwners(item) && !item.startsWith("="))
    .map(withoutGrantor)
    .sort()
    .join(", ");
}

const ownersOwn = (item: string): boolean => /^(.*)=[^=]*\/\1$/.test(item);
const notOwners = (item: string): boolean => !ownersOwn(item);
const withoutGrantor = (item: string): string => item.slice(0, item.lastIndexOf("/"));
