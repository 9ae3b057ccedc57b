import type { Definitions } from "../schema/definitions.ts";
import { identifier, literal } from "../../sql/names.ts";
import { qualified } from "./names.ts";
import { type DownStep, PHASE, step } from "./step.ts";

interface Named {
  readonly oid: number;
  readonly name: string;
}

/** Renames back what is the same object under another name: it keeps its rows, where dropping and creating it again would not. Both are states of one database. */
export function renamesBack(now: Definitions, wanted: Definitions): readonly DownStep[] {
  const steps: DownStep[] = [];
  const add = (title: string, sql: string): void => void steps.push(step(title, PHASE.rename, sql));
  for (const [is, was] of same(now.schemas, wanted.schemas))
    if (is.name !== was.name)
      add("RenameSchema", `ALTER SCHEMA ${identifier(is.name)} RENAME TO ${identifier(was.name)}`);
  for (const [is, was] of same(now.types, wanted.types)) {
    const type = is.kind === "d" ? "DOMAIN" : "TYPE";
    if (is.schema !== was.schema)
      add("AlterType", `ALTER ${type} ${qualified(is)} SET SCHEMA ${identifier(was.schema)}`);
    if (is.name !== was.name)
      add("AlterType", `ALTER ${type} ${qualified({ ...is, schema: was.schema })} RENAME TO ${identifier(was.name)}`);
    for (const [i, oid] of (was.valueOids ?? []).entries()) {
      const [before, after] = [was.values?.[i], is.values?.[is.valueOids?.indexOf(oid) ?? -1]];
      if (before !== undefined && after !== undefined && before !== after)
        add("AlterEnum", `ALTER TYPE ${qualified(was)} RENAME VALUE ${literal(after)} TO ${literal(before)}`);
    }
  }
  const kinds = { r: "TABLE", p: "TABLE", v: "VIEW", m: "MATERIALIZED VIEW", f: "FOREIGN TABLE" } as const;
  const relations = new Map(wanted.relations.map((relation) => [relation.oid, relation]));
  const known = new Set(wanted.relations.map(({ oid }) => oid));
  for (const [is, was] of same(now.relations, wanted.relations))
    if (is.schema !== was.schema)
      add("AlterTable", `ALTER ${kinds[is.kind]} ${qualified(is)} SET SCHEMA ${identifier(was.schema)}`);
  for (const schema of new Set(wanted.relations.map((relation) => relation.schema))) {
    const inSchema = now.relations.flatMap((is) =>
      (relations.get(is.oid)?.schema ?? is.schema) === schema ? [is] : [],
    );
    const kindOf = new Map(inSchema.map((is) => [is.name, kinds[is.kind]]));
    const moves = inSchema.map((is) => ({ is: is.name, was: relations.get(is.oid)?.name, isNew: !known.has(is.oid) }));
    for (const { drop, from, to } of exchange(moves)) {
      const kind = kindOf.get(from) ?? "TABLE";
      if (to !== undefined) kindOf.set(to, kind);
      const name = qualified({ schema, name: from });
      if (drop) steps.push(step("DropTable", PHASE.rename, `DROP ${kind} ${name}`));
      else if (to !== undefined) add("RenameTable", `ALTER ${kind} ${name} RENAME TO ${identifier(to)}`);
    }
  }
  for (const [is, was] of same(now.sequences, wanted.sequences))
    if (is.name !== was.name)
      add(
        "RenameSequence",
        `ALTER SEQUENCE ${qualified({ ...is, schema: was.schema })} RENAME TO ${identifier(was.name)}`,
      );
  const columns = new Map(wanted.columns.map((column) => [`${column.relation} ${column.number}`, column.name]));
  const byRelation = new Map<number, Definitions["columns"]>();
  for (const column of now.columns)
    if (!column.inherited) byRelation.set(column.relation, [...(byRelation.get(column.relation) ?? []), column]);
  for (const [oid, list] of byRelation) {
    const relation = relations.get(oid);
    if (relation === undefined) continue;
    const moves = list.map(({ name, number }) => ({
      is: name,
      was: columns.get(`${oid} ${number}`),
      isNew: !columns.has(`${oid} ${number}`),
    }));
    const alter = `ALTER ${kinds[relation.kind]} ${qualified(relation)}`;
    for (const { drop, from, to } of exchange(moves)) {
      if (drop) steps.push(step("AlterTable", PHASE.rename, `${alter} DROP COLUMN ${identifier(from)}`));
      else if (to !== undefined) add("RenameColumn", `${alter} RENAME COLUMN ${identifier(from)} TO ${identifier(to)}`);
    }
  }
  const onTable = <T extends Named & { readonly relation: number }>(
    list: readonly T[],
    others: readonly T[],
    title: string,
    sql: (name: string, table: string, to: string) => string,
  ): void => {
    for (const [is, was] of same(list, others)) {
      const relation = relations.get(is.relation);
      if (relation !== undefined && is.name !== was.name)
        add(title, sql(identifier(is.name), qualified(relation), identifier(was.name)));
    }
  };
  const own = <T extends { readonly inherited: boolean }>(list: readonly T[]): readonly T[] =>
    list.filter(({ inherited }) => !inherited);
  onTable(
    own(now.constraints),
    own(wanted.constraints),
    "RenameConstraint",
    (name, table, to) => `ALTER TABLE ${table} RENAME CONSTRAINT ${name} TO ${to}`,
  );
  // The index of a constraint goes by the constraint's name.
  const free = (list: Definitions["indexes"]) => list.filter(({ ofConstraint }) => !ofConstraint);
  for (const [is, was] of same(free(now.indexes), free(wanted.indexes))) {
    const schema = relations.get(is.relation)?.schema;
    if (schema !== undefined && is.name !== was.name)
      add("RenameIndex", `ALTER INDEX ${qualified({ schema, name: is.name })} RENAME TO ${identifier(was.name)}`);
  }
  onTable(
    own(now.triggers),
    own(wanted.triggers),
    "RenameTrigger",
    (name, table, to) => `ALTER TRIGGER ${name} ON ${table} RENAME TO ${to}`,
  );
  onTable(
    now.policies,
    wanted.policies,
    "RenamePolicy",
    (name, table, to) => `ALTER POLICY ${name} ON ${table} RENAME TO ${to}`,
  );
  for (const [is, was] of same(now.functions, wanted.functions))
    if (is.name !== was.name)
      add(
        "RenameFunction",
        `ALTER ROUTINE ${qualified({ ...is, schema: was.schema })}(${is.arguments}) RENAME TO ${identifier(was.name)}`,
      );
  return steps;
}

function same<T extends Named>(now: readonly T[], wanted: readonly T[]): readonly (readonly [is: T, was: T])[] {
  const before = new Map(wanted.map((object) => [object.oid, object]));
  return now.flatMap((is) => {
    const was = before.get(is.oid);
    return was === undefined ? [] : [[is, was] as const];
  });
}

interface Move {
  readonly is: string;
  /** Absent for what the migration made. */
  readonly was: string | undefined;
  readonly isNew: boolean;
}

/** Renames in an order in which each name is free when it is taken: what the migration made under it goes first, and a circle is opened by a name that nobody has. */
function exchange(
  moves: readonly Move[],
): readonly { readonly drop: boolean; readonly from: string; readonly to?: string }[] {
  const steps: { drop: boolean; from: string; to?: string }[] = [];
  const taken = new Map(moves.map((move) => [move.is, move]));
  let waiting = moves.flatMap(({ is, was }) => (was === undefined || was === is ? [] : [{ from: is, to: was }]));
  for (const { to } of waiting) {
    if (taken.get(to)?.isNew) {
      steps.push({ drop: true, from: to });
      taken.delete(to);
    }
  }
  while (waiting.length > 0) {
    const free = waiting.filter(({ to }) => !taken.has(to));
    const [first] = waiting;
    if (free.length > 0) {
      for (const { from, to } of free) {
        steps.push({ drop: false, from, to });
        const move = taken.get(from);
        taken.delete(from);
        if (move) taken.set(to, move);
      }
      waiting = waiting.filter((rename) => !free.includes(rename));
    } else if (first && waiting.some(({ from }) => from === first.to)) {
      const away = `${first.from}_lockstep`;
      steps.push({ drop: false, from: first.from, to: away });
      taken.delete(first.from);
      waiting = [...waiting.slice(1), { from: away, to: first.to }];
    } else return steps;
  }
  return steps;
}
