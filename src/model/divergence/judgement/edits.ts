import { listed } from "../../../words.ts";
import type { DivergenceFact, DivergingMigration, Side } from "../facts.ts";
import type { Divergence, HistoryDivergence } from "../viewpoint.ts";
import type { Said } from "./messages.ts";
import { type Judgement, type OnBranch, ids } from "./terms.ts";

/** Something that ours did to a migration that others have as it was. */
interface Edit {
  readonly kind: "edited" | "renamed" | "deleted";
  readonly its: DivergingMigration;
  /** As ours has it; absent where it was deleted. */
  readonly mine?: DivergingMigration;
  readonly what?: "comments" | "statements";
  /** `both` of the branches changed it; `unknown`: where they parted is not known, so that either may have done it. */
  readonly by: "ours" | "both" | "unknown";
  /** Branches that have it as it was. */
  readonly on: string[];
  readonly severity?: "warning";
}

/** What ours changed, renamed or deleted of what was there before it. */
export function edits(all: Divergence, history: HistoryDivergence): Judgement[] {
  const found = [...onTarget(all, history), ...onSources(all, history)];
  // What was deleted is one matter: it has no file in which each could be told.
  const deleted = new Map<string, Edit[]>();
  for (const edit of found)
    if (edit.kind === "deleted") deleted.set(edit.on.join("\0"), [...(deleted.get(edit.on.join("\0")) ?? []), edit]);
  return [...found.filter(({ kind }) => kind !== "deleted").map((edit) => [edit]), ...deleted.values()].flatMap(
    ([edit, ...rest]) => (edit ? [judged(all.ours.name, edit, rest)] : []),
  );
}

function onTarget({ ours }: Divergence, { target }: HistoryDivergence): Edit[] {
  // What its own branch alone has committed is probably deployed nowhere.
  const isOwn = target.relation === "self" && ours.roles.every((role) => role === "other" || role === "hotfix");
  return target.divergence.facts.flatMap((fact) => {
    const edit = editOf(fact, "ours", target.branch.name);
    return edit ? [{ ...edit, ...(isOwn && { severity: "warning" as const }) }] : [];
  });
}

/** What branches that go into ours have as it was. Where ours goes into one that has it too, that one tells. */
function onSources({ ours }: Divergence, { target, others }: HistoryDivergence): Edit[] {
  const production = [target, ...others].find(({ branch }) => branch.roles.includes("production"));
  const isDeployed = (id: string): boolean =>
    ours.roles.includes("production") || (production?.migrations.some((each) => each.id === id) ?? false);
  const known = new Map<string, Edit>();
  for (const { relation, branch, divergence } of others) {
    if (relation !== "source") continue;
    for (const fact of divergence.facts) {
      const edit = editOf(fact, "theirs", branch.name);
      if (edit?.by !== "ours") continue;
      const { id } = edit.its;
      if (target.relation === "target" && target.migrations.some((each) => each.id === id)) continue;
      const told = known.get(`${edit.kind} ${id}`);
      if (told) told.on.push(branch.name);
      else known.set(`${edit.kind} ${id}`, { ...edit, ...(!isDeployed(id) && { severity: "warning" as const }) });
    }
  }
  return [...known.values()];
}

/** The fact as something that ours did, which is this side of it; undefined for other facts, and for what the other one did alone. */
function editOf(fact: DivergenceFact, side: Side, other: string): Edit | undefined {
  if (fact.kind !== "edited" && fact.kind !== "renamed" && fact.kind !== "deleted") return undefined;
  const by = fact.by === side ? "ours" : fact.by;
  if (by === "theirs" || (by === "ours" && fact.by !== side)) return undefined;
  const on = [other];
  switch (fact.kind) {
    case "edited": {
      const [mine, its] = side === "ours" ? [fact.ours, fact.theirs] : [fact.theirs, fact.ours];
      return { kind: fact.kind, its, mine, what: fact.change, by, on };
    }
    case "renamed":
      return { kind: fact.kind, its: fact.from, mine: fact.to, by, on };
    case "deleted":
      return { kind: fact.kind, its: fact.migration, by, on };
  }
}

/** One judgement of `edit` and, where migrations are deleted, of the rest of them. */
function judged(ours: string, edit: Edit, rest: readonly Edit[]): Judgement {
  const { kind, mine, its, by, on, severity } = edit;
  const all = [edit, ...rest];
  const onOurs = (migration: DivergingMigration): OnBranch => ({ branch: ours, migration });
  return {
    ...said(edit, ids(all.map((each) => each.its))),
    kind,
    of: [ours],
    ...((by === "unknown" || severity) && { severity: "warning" }),
    subjects: [onOurs(mine ?? its), ...rest.map((each) => onOurs(each.its))],
    against: on.flatMap((branch) => all.map((each) => ({ branch, migration: each.its }))),
  };
}

function said({ kind, mine, its, what, by, on }: Edit, deleted: readonly string[]): Said<"edited-applied-migration"> {
  const rule = "edited-applied-migration" as const;
  const data = { branches: listed(on, 3), have: on.length === 1 ? "has" : "have" };
  switch (kind) {
    case "edited":
      return {
        rule,
        message: by === "unknown" ? "unclear" : "edited",
        data: {
          ...data,
          migration: its.id,
          what: what === "comments" ? "other comments or blanks" : "other statements",
        },
      };
    case "renamed":
      return { rule, message: "renamed", data: { ...data, migration: mine?.id ?? "", from: its.id } };
    case "deleted": {
      const isOne = deleted.length === 1;
      return {
        rule,
        message: "deleted",
        data: {
          branches: data.branches,
          migrations: listed(deleted, 3),
          were: isOne ? "was" : "were",
          them: isOne ? "it" : "them",
          they: isOne ? "it" : "they",
        },
      };
    }
  }
}
