import type { Definitions, Owned, RelationDefinition } from "../schema/definitions.ts";
import { identifier, literal } from "../../sql/names.ts";
import { optionChanges } from "./columns.ts";
import { qualified } from "./names.ts";
import { type DownStep, PHASE, nameOf, pairs, step } from "./step.ts";

/** Steps for what is set on objects: row security, options, replica identity, partitions, owners, grants, comments. */
export function settingSteps(now: Definitions, wanted: Definitions): readonly DownStep[] {
  const before = new Map(now.relations.map((relation) => [nameOf(relation), relation]));
  return [
    ...wanted.relations.flatMap((was) => tableSteps(before.get(nameOf(was)), was)),
    ...ownedSteps(now, wanted),
    ...commentsOnParts(now, wanted),
  ];
}

const KINDS = { r: "TABLE", p: "TABLE", v: "VIEW", m: "MATERIALIZED VIEW", f: "FOREIGN TABLE" } as const;

/** Settings that a new table does not have of itself. */
const NEW = {
  rowSecurity: false,
  forceRowSecurity: false,
  replicaIdentity: "d",
  replicaIndex: null,
  clusteredOn: null,
  toastOptions: null,
} as const;

function tableSteps(is: RelationDefinition | undefined, was: RelationDefinition): readonly DownStep[] {
  if (was.query !== null) return [];
  const alter = `ALTER TABLE ${qualified(was)}`;
  const make = (...clauses: (string | false)[]): readonly DownStep[] =>
    clauses.flatMap((clause) => (clause === false ? [] : [step("AlterTable", PHASE.settings, `${alter} ${clause}`)]));
  const old = is ?? { ...was, ...NEW };
  const replica = old.replicaIdentity !== was.replicaIdentity || old.replicaIndex !== was.replicaIndex;
  const identity = { d: "DEFAULT", n: "NOTHING", f: "FULL", i: `USING INDEX ${identifier(was.replicaIndex ?? "")}` }[
    was.replicaIdentity
  ];
  return [
    ...make(
      old.persistence !== was.persistence && `SET ${was.persistence === "u" ? "UNLOGGED" : "LOGGED"}`,
      old.method !== was.method && `SET ACCESS METHOD ${was.method ?? "heap"}`,
      old.rowSecurity !== was.rowSecurity && `${was.rowSecurity ? "ENABLE" : "DISABLE"} ROW LEVEL SECURITY`,
      old.forceRowSecurity !== was.forceRowSecurity && `${was.forceRowSecurity ? "" : "NO "}FORCE ROW LEVEL SECURITY`,
      replica && `REPLICA IDENTITY ${identity}`,
      old.clusteredOn !== was.clusteredOn &&
        (was.clusteredOn === null ? "SET WITHOUT CLUSTER" : `CLUSTER ON ${identifier(was.clusteredOn)}`),
      ...optionChanges(old.options, was.options),
      ...optionChanges(old.toastOptions, was.toastOptions, "toast."),
    ),
    ...parentSteps(old, was, alter),
  ];
}

function parentSteps(is: RelationDefinition, was: RelationDefinition, alter: string): readonly DownStep[] {
  if (JSON.stringify([is.parents, is.partitionBound]) === JSON.stringify([was.parents, was.partitionBound])) return [];
  const table = qualified(was);
  const leave = (is.parents ?? []).map((parent) =>
    is.partitionBound === null ? `${alter} NO INHERIT ${parent}` : `ALTER TABLE ${parent} DETACH PARTITION ${table}`,
  );
  const join = (was.parents ?? []).map((parent) =>
    was.partitionBound === null
      ? `${alter} INHERIT ${parent}`
      : `ALTER TABLE ${parent} ATTACH PARTITION ${table} ${was.partitionBound}`,
  );
  return [
    ...leave.map((sql) => step("AlterTable", PHASE.dropDependents + 1, sql)),
    ...join.map((sql) => step("AlterTable", PHASE.addKeys - 1, sql)),
  ];
}

interface Holder extends Owned {
  /** The schema that every database has: it is nobody's to change. */
  readonly isPublic?: boolean;
  /** As COMMENT ON, GRANT ON and ALTER name it. */
  readonly what: string;
  /** As GRANT has it; absent where it is as in `what`. */
  readonly grant?: string;
}

function holders(definitions: Definitions): readonly Holder[] {
  const types = { e: "TYPE", d: "DOMAIN", c: "TYPE", r: "TYPE", b: "TYPE" } as const;
  const routines = { f: "FUNCTION", p: "PROCEDURE", a: "AGGREGATE", w: "FUNCTION" } as const;
  return [
    ...definitions.schemas.map((schema) => ({
      ...schema,
      what: `SCHEMA ${identifier(schema.name)}`,
      isPublic: schema.name === "public",
    })),
    ...definitions.relations.map((relation) => ({
      ...relation,
      what: `${KINDS[relation.kind]} ${qualified(relation)}`,
      grant: `TABLE ${qualified(relation)}`,
    })),
    ...definitions.sequences.map((sequence) => ({ ...sequence, what: `SEQUENCE ${qualified(sequence)}` })),
    ...definitions.types.map((type) => ({ ...type, what: `${types[type.kind]} ${qualified(type)}` })),
    ...definitions.functions.map((made) => ({
      ...made,
      what: `${routines[made.kind]} ${qualified(made)}(${made.arguments})`,
      grant: `ROUTINE ${qualified(made)}(${made.arguments})`,
    })),
  ];
}

function ownedSteps(now: Definitions, wanted: Definitions): readonly DownStep[] {
  return pairs(holders(now), holders(wanted), ({ what }) => what).flatMap(([is, was]): readonly DownStep[] => {
    if (was === undefined || was.isPublic) return [];
    const owner =
      (is?.owner ?? null) === was.owner
        ? []
        : [
            step(
              "AlterOwner",
              PHASE.grants,
              `ALTER ${was.what} OWNER TO ${was.owner === null ? "CURRENT_USER" : identifier(was.owner)}`,
            ),
          ];
    const usual = is?.acl?.default ?? was.acl?.default ?? [];
    const grants = grantSteps(is?.acl?.is ?? usual, was.acl?.is ?? usual, was.grant ?? was.what);
    const comment = (is?.comment ?? null) === was.comment ? [] : [commentStep(was.what, was.comment)];
    return [...owner, ...grants, ...comment];
  });
}

const PRIVILEGES: Readonly<Record<string, string>> = {
  r: "SELECT",
  a: "INSERT",
  w: "UPDATE",
  d: "DELETE",
  D: "TRUNCATE",
  x: "REFERENCES",
  t: "TRIGGER",
  m: "MAINTAIN",
  U: "USAGE",
  C: "CREATE",
  X: "EXECUTE",
  c: "CONNECT",
  T: "TEMPORARY",
};

function grantSteps(is: readonly string[], was: readonly string[], what: string): readonly DownStep[] {
  const read = (list: readonly string[]) =>
    new Map(
      list
        .map((item) => /^(.*)=([^=]*)\/[^/]*$/.exec(item))
        .flatMap((match) => (match ? [[match[1] ?? "", match[2] ?? ""] as const] : [])),
    );
  return pairs([...read(is)], [...read(was)], ([role]) => role).flatMap(([now, before]): readonly DownStep[] => {
    const [role] = before ?? now ?? [""];
    if (now?.[1] === before?.[1]) return [];
    const who = role === "" ? "PUBLIC" : role;
    const privileges = [...(before?.[1] ?? "").matchAll(/([a-zA-Z])(\*?)/g)];
    const list = (grantable: boolean) =>
      privileges.filter((match) => (match[2] === "*") === grantable).map((match) => PRIVILEGES[match[1] ?? ""]);
    return [
      ...(now ? [step("Revoke", PHASE.grants, `REVOKE ALL ON ${what} FROM ${who}`)] : []),
      ...(list(false).length > 0
        ? [step("Grant", PHASE.grants, `GRANT ${list(false).join(", ")} ON ${what} TO ${who}`)]
        : []),
      ...(list(true).length > 0
        ? [step("Grant", PHASE.grants, `GRANT ${list(true).join(", ")} ON ${what} TO ${who} WITH GRANT OPTION`)]
        : []),
    ];
  });
}

function commentsOnParts(now: Definitions, wanted: Definitions): readonly DownStep[] {
  return pairs(comments(now), comments(wanted), ({ what }) => what).flatMap(([is, was]): readonly DownStep[] => {
    // What is not wanted any more is gone, with its comment.
    if (was === undefined) return [];
    return (is?.comment ?? null) === was.comment ? [] : [commentStep(was.what, was.comment)];
  });
}

const commentStep = (what: string, comment: string | null): DownStep =>
  step("Comment", PHASE.comments, `COMMENT ON ${what} IS ${comment === null ? "NULL" : literal(comment)}`);

function comments(definitions: Definitions): readonly { readonly what: string; readonly comment: string | null }[] {
  const tables = new Map(definitions.relations.map((relation) => [relation.oid, relation]));
  const table = ({ relation }: { readonly relation: number }): string =>
    qualified(tables.get(relation) ?? { schema: "", name: "" });
  const on = (
    kind: string,
    list: readonly { readonly relation: number; readonly name: string; readonly comment: string | null }[],
  ) => list.map((part) => ({ what: `${kind} ${identifier(part.name)} ON ${table(part)}`, comment: part.comment }));
  return [
    ...definitions.columns.map((column) => ({
      what: `COLUMN ${table(column)}.${identifier(column.name)}`,
      comment: column.comment,
    })),
    ...on("CONSTRAINT", definitions.constraints),
    ...on("TRIGGER", definitions.triggers),
    ...on("POLICY", definitions.policies),
    ...on("RULE", definitions.rules),
    ...definitions.indexes.map((index) => ({
      what: `INDEX ${qualified({ schema: tables.get(index.relation)?.schema ?? "", name: index.name })}`,
      comment: index.comment,
    })),
    ...definitions.statistics.map((statistics) => ({
      what: `STATISTICS ${qualified(statistics)}`,
      comment: statistics.comment,
    })),
  ];
}
