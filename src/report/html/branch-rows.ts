import type { Finding } from "../../engine/finding.ts";
import { isLasting } from "../../model/divergence/roles.ts";
import type { BranchComparison, Divergence, HistoryDivergence } from "../../model/divergence/viewpoint.ts";
import type { DivergingMigration } from "../../model/divergence/facts.ts";
import { sameMigration } from "../../model/divergence/texts.ts";
import { compareFolders } from "../../source/layout.ts";
import { listed } from "../../words.ts";

/** A branch as a line of the picture. */
export interface Rail {
  readonly name: string;
  /** "production, main", "checked here". */
  readonly role: string;
  readonly migrations: readonly DivergingMigration[];
}

/** What a branch has under a folder's name: the text that the first line of the picture has it with, another one, or nothing. */
export type Dot = "same" | "other" | "absent";

export interface BranchRow {
  readonly migration: string;
  /** One for each rail. */
  readonly dots: readonly Dot[];
  /** What does not add up about it, as sentences. */
  readonly notes: readonly string[];
}

export interface BranchRows {
  readonly rails: readonly Rail[];
  /** Folders that are the same on every rail. */
  readonly alike: number;
  /** The others, in the order in which Prisma applies them to a fresh database. */
  readonly rows: readonly BranchRow[];
}

/** Production first, then main and development, then what else lives; the branch that is checked comes last. */
export function branchRows(
  { ours, target, others }: Divergence,
  history: HistoryDivergence,
  findings: readonly Finding[],
): BranchRows {
  const compared = [history.target, ...history.others];
  const order = [target, ...others]
    .map((branch) => compared.find((each) => each.branch === branch))
    .filter((each) => each !== undefined);
  const place = ({ branch }: BranchComparison): number =>
    branch.roles.includes("production") ? 0 : isLasting(branch) ? 1 : 2;
  const rails: Rail[] = [...order]
    .sort((a, b) => place(a) - place(b))
    .map(({ branch, migrations }) => ({
      name: branch.name,
      role: branch.roles.filter((role) => role !== "other").join(", "),
      migrations,
    }));
  rails.push({
    name: ours.name,
    role: [...ours.roles.filter((role) => role !== "other"), "checked here"].join(", "),
    migrations: history.ours,
  });

  const has = rails.map(({ migrations }) => new Map(migrations.map(({ id, file }) => [id, file.text])));
  const ids = [...new Set(rails.flatMap(({ migrations }) => migrations.map(({ id }) => id)))].sort(compareFolders);
  const notes = notesOf(findings);
  const rows: BranchRow[] = [];
  for (const migration of ids) {
    const first = has.find((own) => own.has(migration))?.get(migration) ?? "";
    const dots = has.map((own): Dot => {
      const text = own.get(migration);
      return text === undefined
        ? "absent"
        : sameMigration(first, text) || sameMigration(text, first)
          ? "same"
          : "other";
    });
    if (dots.some((dot) => dot !== "same")) rows.push({ migration, dots, notes: notes.get(migration) ?? [] });
  }
  return { rails, alike: ids.length - rows.length, rows };
}

/** By the folder's name, what findings say of it. */
function notesOf(findings: readonly Finding[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { divergence, message } of findings) {
    if (!divergence) continue;
    const { kind, subjects, against } = divergence.judgement;
    // What is late is before many; it alone is noted.
    const noted = kind === "late" ? subjects : [...subjects, ...against];
    for (const id of new Set(noted.map(({ migration }) => migration.id)))
      found.set(id, [...(found.get(id) ?? []), message]);
  }
  return found;
}

/** "main and develop", for the rails whose dot is one of `dots`. */
export function railsWith({ rails }: BranchRows, row: BranchRow, ...dots: readonly Dot[]): string {
  return listed(rails.filter((_, at) => dots.includes(row.dots[at] ?? "absent")).map(({ name }) => `\`${name}\``));
}
