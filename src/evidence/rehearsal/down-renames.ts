import type { Definitions } from "./definitions.ts";
import { literal, qualified, quote } from "./down-names.ts";
import { type DownStep, PHASE, step } from "./down-step.ts";

interface Named {
  readonly oid: number;
  readonly name: string;
}

/** Renames back what is the same object under another name: it keeps its rows, where dropping and making it anew would not. Both are states of one database. */
export function renamesBack(now: Definitions, wanted: Definitions): readonly DownStep[] {
  const steps: DownStep[] = [];
  const add = (title: string, sql: string): void => void steps.push(step(title, PHASE.rename, sql));
  for (const [is, was] of same(now.schemas, wanted.schemas)) if (is.name !== was.name) add("RenameSchema", `ALTER SCHEMA ${quote(is.name)} RENAME TO ${quote(was.name)}`);
  for (const [is, was] of same(now.types, wanted.types)) {
    const type = is.kind === "d" ? "DOMAIN" : "TYPE";
    if (is.schema !== was.schema) add("AlterType", `ALTER ${type} ${qualified(is)} SET SCHEMA ${quote(was.schema)}`);
    if (is.name !== was.name) add("AlterType", `ALTER ${type} ${qualified({ ...is, schema: was.schema })} RENAME TO ${quote(was.name)}`);
    for (const [i, oid] of (was.valueOids ?? []).entries()) {
      const [before, after] = [was.values?.[i], is.values?.[is.valueOids?.indexOf(oid) ?? -1]];
      if (before !== undefined && after !== undefined && before !== after) add("AlterEnum", `ALTER TYPE ${qualified(was)} RENAME VALUE ${literal(after)} TO ${literal(before)}`);
    }
  }
  const kinds = { r: "TABLE", p: "TABLE", v: "VIEW", m: "MATERIALIZED VIEW", f: "FOREIGN TABLE" } as const;
  const relations = new Map(wanted.relations.map((relation) => [relation.oid, relation]));
  for (const [is, was] of same(now.relations, wanted.relations)) {
    if (is.schema !== was.schema) add("AlterTable", `ALTER ${kinds[is.kind]} ${qualified(is)} SET SCHEMA ${quote(was.schema)}`);
    if (is.name !== was.name) add("RenameTable", `ALTER ${kinds[is.kind]} ${qualified({ ...is, schema: was.schema })} RENAME TO ${quote(was.name)}`);
  }
  for (const [is, was] of same(now.sequences, wanted.sequences)) if (is.name !== was.name) add("RenameSequence", `ALTER SEQUENCE ${qualified({ ...is, schema: was.schema })} RENAME TO ${quote(was.name)}`);
  const columns = new Map(wanted.columns.map((column) => [`${column.relation} ${column.number}`, column]));
  for (const is of now.columns) {
    const was = columns.get(`${is.relation} ${is.number}`);
    const relation = relations.get(is.relation);
    if (was !== undefined && relation !== undefined && was.name !== is.name && !is.inherited) add("RenameColumn", `ALTER ${kinds[relation.kind]} ${qualified(relation)} RENAME COLUMN ${quote(is.name)} TO ${quote(was.name)}`);
  }
  const onTable = <T extends Named & { readonly relation: number }>(list: readonly T[], others: readonly T[], title: string, sql: (name: string, table: string, to: string) => string): void => {
    for (const [is, was] of same(list, others)) {
      const relation = relations.get(is.relation);
      if (relation !== undefined && is.name !== was.name) add(title, sql(quote(is.name), qualified(relation), quote(was.name)));
    }
  };
  const own = <T extends { readonly inherited: boolean }>(list: readonly T[]): readonly T[] => list.filter(({ inherited }) => !inherited);
  onTable(own(now.constraints), own(wanted.constraints), "RenameConstraint", (name, table, to) => `ALTER TABLE ${table} RENAME CONSTRAINT ${name} TO ${to}`);
  // The index of a constraint goes by the constraint's name.
  const free = (list: Definitions["indexes"]) => list.filter(({ ofConstraint }) => !ofConstraint);
  for (const [is, was] of same(free(now.indexes), free(wanted.indexes))) {
    const schema = relations.get(is.relation)?.schema;
    if (schema !== undefined && is.name !== was.name) add("RenameIndex", `ALTER INDEX ${qualified({ schema, name: is.name })} RENAME TO ${quote(was.name)}`);
  }
  onTable(own(now.triggers), own(wanted.triggers), "RenameTrigger", (name, table, to) => `ALTER TRIGGER ${name} ON ${table} RENAME TO ${to}`);
  onTable(now.policies, wanted.policies, "RenamePolicy", (name, table, to) => `ALTER POLICY ${name} ON ${table} RENAME TO ${to}`);
  for (const [is, was] of same(now.functions, wanted.functions)) if (is.name !== was.name) add("RenameFunction", `ALTER ROUTINE ${qualified({ ...is, schema: was.schema })}(${is.arguments}) RENAME TO ${quote(was.name)}`);
  return steps;
}

function same<T extends Named>(now: readonly T[], wanted: readonly T[]): readonly (readonly [is: T, was: T])[] {
  const before = new Map(wanted.map((object) => [object.oid, object]));
  return now.flatMap((is) => {
    const was = before.get(is.oid);
    return was === undefined ? [] : [[is, was] as const];
  });
}
