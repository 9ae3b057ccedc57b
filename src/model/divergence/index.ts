import { compareFolders } from "../../source/layout.ts";
import { duplicates } from "./duplicates.ts";
import type {
  BranchDivergence,
  DivergenceFact,
  DivergingBranch,
  DivergingMigration,
  ReadStatements,
  Side,
} from "./facts.ts";
import { lateMigrations } from "./late.ts";
import { nameOf, timestampOf } from "./names.ts";
import { sameButComments, sameMigration } from "./texts.ts";

/**
 * Compares what two branches have, with the tip of each and, where it is known, with what they had in common.
 *
 * @param base The migrations at the merge base; undefined where there is none.
 */
export function compareBranches(
  ours: DivergingBranch,
  theirs: DivergingBranch,
  base: readonly DivergingMigration[] | undefined,
  read: ReadStatements,
): BranchDivergence {
  const [mine, its, shared] = [named(ours.migrations), named(theirs.migrations), named(base ?? [])];
  const onlyOurs = ours.migrations.filter(({ id }) => !its.has(id));
  const onlyTheirs = theirs.migrations.filter(({ id }) => !mine.has(id));
  const moved = [
    ...movements("ours", onlyTheirs, onlyOurs, shared),
    ...movements("theirs", onlyOurs, onlyTheirs, shared),
  ];
  const renamed = new Set(moved.flatMap((fact) => (fact.kind === "renamed" ? [fact.from.id, fact.to.id] : [])));
  const facts: DivergenceFact[] = [
    ...edits(ours.migrations, its, base && shared),
    ...moved,
    ...duplicates(
      { ours: onlyOurs, theirs: onlyTheirs, all: { ours: ours.migrations, theirs: theirs.migrations } },
      renamed,
      read,
    ),
    ...names(onlyOurs, onlyTheirs, renamed),
    ...lateMigrations(
      ours.migrations,
      theirs.migrations,
      new Set([...renamed, ...moved.flatMap((fact) => (fact.kind === "deleted" ? [fact.migration.id] : []))]),
      read,
    ),
  ];
  return { ours: ours.name, theirs: theirs.name, onlyOurs, onlyTheirs, withoutBase: base === undefined, facts };
}

type Named = ReadonlyMap<string, DivergingMigration>;

const named = (list: readonly DivergingMigration[]): Named => new Map(list.map((each) => [each.id, each]));

function edits(ours: readonly DivergingMigration[], theirs: Named, base: Named | undefined): DivergenceFact[] {
  return ours.flatMap((mine): DivergenceFact[] => {
    const its = theirs.get(mine.id);
    if (!its || sameMigration(its.file.text, mine.file.text)) return [];
    const before = base?.get(mine.id);
    const kept = (each: DivergingMigration): boolean =>
      before !== undefined && sameMigration(before.file.text, each.file.text);
    const by = base === undefined ? "unknown" : kept(its) ? "ours" : kept(mine) ? "theirs" : "both";
    return [
      {
        kind: "edited",
        ours: mine,
        theirs: its,
        by,
        change: sameButComments(mine.file.text, its.file.text) ? "comments" : "statements",
      },
    ];
  });
}

/** What `by` took away of what both had: gone, or under another name. */
function movements(
  by: Side,
  lost: readonly DivergingMigration[],
  gained: readonly DivergingMigration[],
  base: Named,
): Extract<DivergenceFact, { kind: "renamed" | "deleted" }>[] {
  const taken = new Set<string>();
  return lost
    .filter(({ id }) => base.has(id))
    .map((from) => {
      const to = gained.find(
        (each) => !taken.has(each.id) && !base.has(each.id) && sameMigration(from.file.text, each.file.text),
      );
      if (!to) return { kind: "deleted", by, migration: from };
      taken.add(to.id);
      return { kind: "renamed", by, from, to };
    });
}

function names(
  ours: readonly DivergingMigration[],
  theirs: readonly DivergingMigration[],
  renamed: ReadonlySet<string>,
): DivergenceFact[] {
  const facts: DivergenceFact[] = [];
  for (const mine of ours) {
    for (const its of theirs) {
      if (renamed.has(mine.id) && renamed.has(its.id)) continue;
      const [a, b] = [timestampOf(mine.id), timestampOf(its.id)];
      if (a !== "" && a === b)
        facts.push({
          kind: "sameTimestamp",
          timestamp: a,
          ours: mine,
          theirs: its,
          first: compareFolders(mine.id, its.id) < 0 ? "ours" : "theirs",
        });
      const name = nameOf(mine.id);
      if (name !== "" && a !== b && name === nameOf(its.id) && !sameMigration(its.file.text, mine.file.text))
        facts.push({ kind: "sameName", name, ours: mine, theirs: its });
    }
  }
  return facts;
}
