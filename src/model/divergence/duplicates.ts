import type { Operation } from "../../sql/operation/index.ts";
import type { Statement } from "../../sql/statement.ts";
import { copyCatalog } from "../apply/catalog.ts";
import { apply } from "../apply/index.ts";
import { canonical } from "../order/canonical.ts";
import { schemaAfter } from "../order/index.ts";
import { contradiction } from "../contradictions/index.ts";
import type { DivergenceFact, DivergingMigration, ReadStatements, RerunVerdict, Side } from "./facts.ts";
import { sameMigration } from "./texts.ts";

interface Histories {
  readonly ours: readonly DivergingMigration[];
  readonly theirs: readonly DivergingMigration[];
  readonly all: Readonly<Record<Side, readonly DivergingMigration[]>>;
}

type Duplicate = Extract<DivergenceFact, { kind: "duplicate" }>;

/** Operations that by themselves are no change of the schema or the rows. */
const INCIDENTAL: ReadonlySet<Operation["kind"]> = new Set([
  "set",
  "transaction",
  "select",
  "lockTable",
  "analyze",
  "vacuum",
  "other",
]);

/** What a migration does, part by part. Branches are compared in many pairs, and most of what they have is the same. */
const PARTS = new WeakMap<readonly Statement[], readonly string[]>();

/** Changes that are in two folders: one that only one side has, and one of the other side under another name. */
export function duplicates(
  { ours, theirs, all }: Histories,
  renamed: ReadonlySet<string>,
  read: ReadStatements,
): Duplicate[] {
  if (ours.length === 0 && theirs.length === 0) return [];
  const partsOf = ({ file }: DivergingMigration): readonly string[] => {
    const statements = read(file);
    let known = PARTS.get(statements);
    if (!known)
      PARTS.set(
        statements,
        (known = statements
          .flatMap(({ operations }) => operations)
          .filter(({ kind }) => !INCIDENTAL.has(kind))
          .map((operation) => canonical(operation, file))
          .sort()),
      );
    return known;
  };
  const rerun = rerunIn(all, read);
  const found: Duplicate[] = [];
  const paired = new Set<DivergingMigration>();
  const compare = (
    side: Side,
    own: readonly DivergingMigration[],
    others: readonly DivergingMigration[],
    onlyOthers: ReadonlySet<string>,
  ): void => {
    const index = new Map<string, DivergingMigration[]>();
    for (const other of others)
      for (const part of new Set(partsOf(other))) index.set(part, [...(index.get(part) ?? []), other]);
    for (const migration of own) {
      const mine = partsOf(migration);
      const [first] = mine;
      if (first === undefined || renamed.has(migration.id)) continue;
      for (const other of index.get(first) ?? []) {
        if (other.id === migration.id || (paired.has(migration) && paired.has(other))) continue;
        const its = partsOf(other);
        const text = sameMigration(other.file.text, migration.file.text);
        const equal = text || (its.length === mine.length && its.every((part, at) => part === mine[at]));
        if (!equal && !(mine.length < its.length && contains(its, mine))) continue;
        // What both have may well be done, undone and done again; only what then fails is the same change twice.
        const second = rerun(side, migration);
        if (!onlyOthers.has(other.id) && second !== "refused") continue;
        paired.add(migration).add(other);
        const [one, two] = side === "ours" ? [migration, other] : [other, migration];
        found.push({
          kind: "duplicate",
          ours: one,
          theirs: two,
          how: text ? "text" : equal ? "operations" : "contained",
          ...(!equal && { of: side === "ours" ? ("theirs" as const) : ("ours" as const) }),
          rerun: second,
        });
      }
    }
  };
  compare("ours", ours, all.theirs, new Set(theirs.map(({ id }) => id)));
  compare("theirs", theirs, all.ours, new Set(ours.map(({ id }) => id)));
  return found;
}

/** Whether sorted `whole` has everything that sorted `part` has, as often. */
function contains(whole: readonly string[], part: readonly string[]): boolean {
  let at = 0;
  for (const each of whole) if (each === part[at]) at++;
  return at === part.length;
}

/** What a migration of one side does in the schema that the other side's history makes. */
function rerunIn(
  all: Histories["all"],
  read: ReadStatements,
): (side: Side, migration: DivergingMigration) => RerunVerdict {
  const ends = new Map<Side, ReturnType<typeof schemaAfter>>();
  return (side, migration) => {
    const others: Side = side === "ours" ? "theirs" : "ours";
    let end = ends.get(others);
    if (!end)
      ends.set(others, (end = schemaAfter(all[others].map(({ id, file }) => ({ id, file, statements: read(file) })))));
    const catalog = copyCatalog(end);
    let guarded = true;
    for (const statement of read(migration.file)) {
      for (const operation of statement.operations) {
        if (contradiction(catalog, operation)) return "refused";
        if (!INCIDENTAL.has(operation.kind) && !isGuarded(operation)) guarded = false;
        apply(catalog, operation, {
          deployment: catalog.deployment,
          migration: migration.id,
          statement: statement.index,
        });
      }
    }
    return guarded ? "nothing" : "unknown";
  };
}

/** Operations that set one thing: a second time they set the same. */
const SETTING: ReadonlySet<Operation["kind"]> = new Set([
  "setDefault",
  "dropDefault",
  "setNotNull",
  "dropNotNull",
  "comment",
  "grant",
]);

/** The statement itself says that it may run again, or does nothing when it does. */
function isGuarded(operation: Operation): boolean {
  return (
    SETTING.has(operation.kind) ||
    (operation.kind === "alterColumnType" && !operation.using) ||
    (operation.kind === "alterTable" && /RowSecurity$|^setLogged$|^setUnlogged$|Options$/.test(operation.action)) ||
    ("ifNotExists" in operation && operation.ifNotExists) ||
    ("ifExists" in operation && operation.ifExists) ||
    ("replace" in operation && operation.replace) ||
    (operation.kind === "insertRows" && operation.change.onConflict === "nothing")
  );
}
