import type { OrderEvidence } from "../model/order/answers.ts";
import { renamesBehind } from "../advice/divergence/renames.ts";
import type { BranchComparison, Divergence, HistoryDivergence } from "../model/divergence/viewpoint.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { OrderConflict, OrderedStatement } from "../model/order/commutation.ts";
import type { BranchDivergence, Side } from "../model/divergence/facts.ts";
import { shellWord } from "../advice/programs/shell.ts";
import type { MigrationView } from "../model/step.ts";
import type { Range, SourceFile } from "../source/text.ts";
import { listed } from "../words.ts";
import type { HistoryView } from "./rule.ts";

/** What rules of the group divergence share: where a finding is, and the commands that lead out of it. */

/** What is known of a history, and of the whole; undefined where its branches were not compared. */
export function divergenceIn(
  { divergence }: Evidence,
  { root }: HistoryView,
):
  | (HistoryDivergence & {
      readonly all: Divergence /** Ids that the target lacks. */;
      readonly added: ReadonlySet<string>;
    })
  | undefined {
  const found = divergence?.histories.get(root);
  return (
    divergence &&
    found && { ...found, all: divergence, added: new Set(found.target.divergence.onlyOurs.map(({ id }) => id)) }
  );
}

export interface FindingPlace {
  readonly at: Range;
  readonly file: SourceFile;
}

/**
 * The first statement of a migration. For what is on no branch here (`id` undefined), or not among those checked: the last pending
 * migration, else the newest, since reports show only files that there are.
 */
export function placeOf({ migrations }: HistoryView, id?: string): FindingPlace | undefined {
  const view =
    id === undefined
      ? (migrations.findLast(({ state }) => state === "pending") ?? migrations.at(-1))
      : migrations.find((each) => each.id === id);
  return view && start(view);
}

/** The statement of ours in a conflict, as the checked text has it. */
export function statementPlace(
  { migrations }: HistoryView,
  { migration, statement }: OrderedStatement,
): FindingPlace | undefined {
  const view = migrations.find(({ id }) => id === migration);
  const range = view?.statements[statement.index]?.range;
  return view && (range ? { at: range, file: view.file } : start(view));
}

const start = ({ statements, file }: MigrationView): FindingPlace => ({
  at: statements[0]?.range ?? { start: 0, end: 0 },
  file,
});

/** Our statement of a conflict, whether the fact is of a late migration of ours or of theirs, and the other one. */
export function conflictPlace(
  conflict: OrderConflict,
  side: Side,
): { readonly ours: OrderedStatement; readonly theirs: OrderedStatement } {
  return side === "ours"
    ? { ours: conflict.one, theirs: conflict.other }
    : { ours: conflict.other, theirs: conflict.one };
}

/** Pairs of ours and theirs that are one change twice: what else they do to each other follows from that. */
export function duplicatePairs({ facts }: BranchDivergence): (ours: string, theirs: string) => boolean {
  const pairs = new Set(
    facts.flatMap((fact) => (fact.kind === "duplicate" ? [JSON.stringify([fact.ours.id, fact.theirs.id])] : [])),
  );
  return (ours, theirs) => pairs.has(JSON.stringify([ours, theirs]));
}

/** What PostgreSQL showed of the order of a late migration. */
export function orderSeen({ rehearsed, mistake }: OrderEvidence): string | undefined {
  if (!rehearsed) return undefined;
  if (!rehearsed.asked) return `PostgreSQL could not be asked: ${rehearsed.why}`;
  const { server, refused, schema, rows, hurt, matters, why } = rehearsed;
  const parts = [`Both orders were run in PostgreSQL ${server}${hurt ? ", with rows made to hurt" : ""}`];
  refused.forEach((end, at) => {
    if (end)
      parts.push(
        `${at === 0 ? "in the order of the names" : "in the other one"} ${end.migration} fails with ${end.error.sqlstate} (${end.error.message.replace(/\.$/, "")})`,
      );
  });
  const differing = [...schema.map(({ object }) => object), ...rows.map(({ relation }) => `the rows of ${relation}`)];
  if (differing.length > 0) parts.push(`they differ in ${listed(differing, 3)}`);
  if (matters === "no") parts.push("they come to the same");
  if (matters === "unknown" && why !== undefined) parts.push(why);
  return `${parts.join(": ").replaceAll(": in the other one", ", in the other one")}.${mistake === undefined ? "" : ` ${mistake}`}`;
}

/** The command that gives our directory the folder as the other branch has it, byte for byte. */
export function copyFolder(root: string, { branch, movedFrom }: BranchComparison, id: string): string {
  const target = shellWord(within(root, id));
  if (movedFrom === undefined) return `git checkout ${shellWord(branch.ref)} -- ${target}`;
  return `mkdir -p ${target} && git show ${shellWord(`${branch.ref}:${within(movedFrom, id)}/migration.sql`)} > ${shellWord(`${within(root, id)}/migration.sql`)}`;
}

/**
 * The commands that put what only ours has behind all that the target has. Empty where names have no timestamps to go on from, or
 * where another lasting branch has one of the folders already, so that it may be deployed.
 */
export function moveBehind(
  root: string,
  { target, others, all }: HistoryDivergence & { readonly all: Divergence },
): readonly string[] {
  const newest = target.migrations.at(-1);
  if (!newest) return [];
  const late = new Set(
    target.divergence.facts.flatMap((fact) =>
      fact.kind === "late" && fact.side === "ours" ? [fact.migration.id] : [],
    ),
  );
  const renames =
    renamesBehind(
      target.divergence.onlyOurs.map(({ id }) => id),
      late,
      newest.id,
      all.ours.committed ?? 0,
    ) ?? [];
  if (
    renames.some(({ from }) =>
      others.some(({ branch, migrations }) => isShared(branch.roles) && migrations.some(({ id }) => id === from)),
    )
  )
    return [];
  return renames.map(({ from, to }) => `git mv ${shellWord(within(root, from))} ${shellWord(within(root, to))}`);
}

const isShared = (roles: Divergence["ours"]["roles"]): boolean =>
  roles.some((role) => role === "production" || role === "main" || role === "development" || role === "release");
const within = (directory: string, name: string): string =>
  directory === "" || directory === "." ? name : `${directory}/${name}`;
