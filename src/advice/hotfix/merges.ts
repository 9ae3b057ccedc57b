import type { OrderConflict } from "../../model/order/commutation.ts";
import type { DivergenceFact, DivergingMigration, ReadStatements } from "../../model/divergence/facts.ts";
import { compareBranches } from "../../model/divergence/index.ts";
import { compareFolders } from "../../source/layout.ts";
import { listed, capital } from "../../words.ts";
import type { BranchHistory, BranchSet } from "../../evidence/git/branch-set.ts";
import { relationId } from "../../sql/names.ts";

/** A merge that is to come. */
export interface Merge {
  readonly root: string;
  /** The hotfix branch; production where there is none yet. */
  readonly from: BranchHistory;
  /** The hotfix's own migrations. */
  readonly own: readonly DivergingMigration[];
  readonly target: BranchHistory;
  readonly read: ReadStatements;
}

/** Objects and conflicts that are named. */
const NAMED = 6;

/** What the merge of a hotfix into `target` will meet, as sentences; none where nothing is there. */
export function whatItMeets(set: BranchSet, { root, from, own, target, read }: Merge): readonly string[] {
  const of = (branch: BranchHistory) => ({
    name: branch.name,
    migrations: branch.roots.find((each) => each.root === root)?.migrations ?? [],
  });
  const pair = set.pairs.find(
    ({ one, other }) => (one === from.name && other === target.name) || (one === target.name && other === from.name),
  );
  const base =
    pair?.base === undefined
      ? undefined
      : (set.bases.get(pair.base)?.find((each) => each.root === root)?.migrations ?? []);
  const { facts, onlyOurs, onlyTheirs } = compareBranches(of(from), of(target), base, read);
  const sentences: string[] = [];
  const besides = onlyOurs.filter(({ id }) => !own.some((each) => each.id === id));
  if (besides.length > 0)
    sentences.push(
      `It lacks ${migrationsInWords(besides)} of production besides: ${besides.length === 1 ? "it comes" : "they come"} along with the merge.`,
    );
  if (onlyTheirs.length > 0) {
    sentences.push(`It has ${migrationsInWords(onlyTheirs)} that production lacks.`);
    if (own.length === 0) {
      const touched = tablesOf(onlyTheirs, read);
      const newest = onlyTheirs.at(-1)?.id ?? "";
      sentences.push(
        `A hotfix written now sorts behind ${onlyTheirs.length === 1 ? "it" : `them (the newest is ${newest})`}: a fresh database runs ${onlyTheirs.length === 1 ? "it" : "them"} first, production the hotfix.${touched.length === 0 ? "" : ` ${onlyTheirs.length === 1 ? "It touches" : "They touch"} ${listed(touched, NAMED)}: a hotfix of something else meets nothing.`}`,
      );
    }
  }
  const moving = own.length > 0 ? { own, name: "the hotfix" } : { own: besides, name: "what production has" };
  if (moving.own.length > 0)
    sentences.push(
      ...orderSentences(
        facts.filter((fact) => fact.kind === "late"),
        moving,
        target,
      ),
    );
  for (const fact of facts) {
    if (fact.kind === "edited")
      sentences.push(
        `${fact.ours.id} has another text there: the merge will conflict, and the text that production ran has to win.`,
      );
    if (fact.kind === "renamed")
      sentences.push(
        `${fact.from.id} is called ${fact.to.id} on ${fact.by === "theirs" ? target.name : from.name}: one of the two names has to go, or it runs twice.`,
      );
    if (fact.kind === "deleted" && fact.by === "theirs")
      sentences.push(`${fact.migration.id} was deleted there, and production ran it: restore it.`);
    if (fact.kind === "duplicate")
      sentences.push(
        `${fact.theirs.id} makes the same change as ${fact.ours.id}${fact.rerun === "refused" ? ", and the second run fails" : ""}: delete ${fact.theirs.id} there while it is deployed nowhere.`,
      );
  }
  return sentences;
}

function orderSentences(
  late: readonly Extract<DivergenceFact, { kind: "late" }>[],
  { own, name }: { readonly own: readonly DivergingMigration[]; readonly name: string },
  target: BranchHistory,
): string[] {
  const isOwn = (id: string): boolean => own.some((each) => each.id === id);
  const before = late.filter(({ side, behind }) => side === "theirs" && behind.some(({ id }) => isOwn(id)));
  const after = late.filter(({ side, migration }) => side === "ours" && isOwn(migration.id));
  const found: string[] = [];
  const conflicts = [...before, ...after].flatMap(({ order }) =>
    order.because.filter((conflict) => isOwn(conflict.one.migration) || isOwn(conflict.other.migration)),
  );
  if (before.length > 0)
    found.push(
      `${migrationsInWords(
        before.map(({ migration }) => migration),
        true,
      )} of ${target.name} ${before.length === 1 ? "sorts" : "sort"} before ${name}: fresh databases run ${before.length === 1 ? "it" : "them"} first, production runs ${before.length === 1 ? "it" : "them"} last.`,
    );
  if (after.length > 0)
    found.push(
      `${capital(name)} sorts before ${migrationsInWords([...new Map(after.flatMap(({ behind }) => behind).map((each) => [each.id, each])).values()])} of ${target.name}: databases of ${target.name} run it last.`,
    );
  if (before.length + after.length > 0 && conflicts.length === 0)
    found.push("The order makes no difference: they touch nothing in common.");
  for (const conflict of conflicts.slice(0, NAMED)) found.push(conflictSentence(conflict));
  if (conflicts.length > NAMED) found.push(`And ${conflicts.length - NAMED} more: lockstep branches shows them.`);
  return found;
}

function conflictSentence({ object, one, other, verdict, columns }: OrderConflict): string {
  const name = `${object.kind === "rows" ? "rows of" : object.kind} ${object.name}${columns && columns.length > 0 ? ` (${columns.join(", ")})` : ""}`;
  return `The order ${verdict === "no" ? "matters" : "may matter"} for ${name}: ${one.migration} and ${other.migration}.`;
}

/** "20250310_x", "3 migrations (20250310_x … 20250312_z)". */
function migrationsInWords(migrations: readonly DivergingMigration[], capital = false): string {
  const ids = migrations.map(({ id }) => id).sort(compareFolders);
  if (ids.length === 1) return capital ? (ids[0] ?? "") : `one migration (${ids[0] ?? ""})`;
  return `${ids.length} migrations (${ids[0] ?? ""} … ${ids.at(-1) ?? ""})`;
}

function tablesOf(migrations: readonly DivergingMigration[], read: ReadStatements): string[] {
  const names = migrations.flatMap(({ file }) =>
    read(file).flatMap(({ operations }) =>
      operations.flatMap((operation) =>
        "table" in operation &&
        operation.table !== undefined &&
        typeof operation.table === "object" &&
        "name" in operation.table
          ? [
              operation.table.schema === undefined || operation.table.schema === "public"
                ? operation.table.name
                : relationId(operation.table.schema, operation.table.name),
            ]
          : [],
      ),
    ),
  );
  return [...new Set(names)].sort();
}
