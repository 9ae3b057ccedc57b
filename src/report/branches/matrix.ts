import { compareFolders } from "../../source/layout.ts";
import { sameMigration } from "../../model/divergence/texts.ts";
import type { BranchesResult } from "../../engine/branches.ts";
import type { Judgement, OnBranch } from "../../model/divergence/judgement/terms.ts";
import type { BranchMigration } from "../../evidence/git/roots.ts";

/**
 * `present`: there, and nothing to say of it; `absent`: not there, which is no mistake; `missing`: not there, though it has to be;
 * `other text`: another checksum than the branch nearest to production has, by whomever; `duplicate`: the same change as `of` on another branch.
 */
export type CellState = "present" | "absent" | "missing" | "late" | "edited" | "other text" | "renamed" | "duplicate";

export interface MatrixCell {
  readonly branch: string;
  readonly state: CellState;
  /** From 1: when a fresh database gets it on this branch. */
  readonly order?: number;
  readonly checksum?: string;
  /** Another folder: what it was renamed from or to, or whose change it repeats. */
  readonly of?: string;
  /** For `late`: whether the order matters. */
  readonly matters?: "yes" | "no" | "unknown";
}

export interface MatrixRow {
  /** The folder's name. */
  readonly migration: string;
  /** One for each branch, in their order. */
  readonly cells: readonly MatrixCell[];
}

export interface RootMatrix {
  /** The migrations directory as the main branch has it. */
  readonly root: string;
  /** Branches that have it elsewhere. */
  readonly moved: readonly { readonly branch: string; readonly path: string }[];
  /** Branches without it. */
  readonly without: readonly string[];
  /** Migrations that all branches have alike. */
  readonly common: number;
  /** Those that not all of them have alike, in the order of their names. */
  readonly rows: readonly MatrixRow[];
}

/** Migrations by branches: of those that are not everywhere alike, what each branch has. */
export function matrices({ set, findings }: BranchesResult): readonly RootMatrix[] {
  const roots = [...new Set(set.branches.flatMap((branch) => branch.roots.map(({ root }) => root)))].sort();
  return roots.map((root): RootMatrix => {
    const columns = set.branches.map((branch) => {
      const own = branch.roots.find((each) => each.root === root);
      return {
        branch,
        own,
        byId: new Map((own?.migrations ?? []).map((migration, at) => [migration.id, { migration, order: at + 1 }])),
      };
    });
    const ids = [...new Set(columns.flatMap(({ byId }) => [...byId.keys()]))].sort(compareFolders);
    const about = findings
      .filter((finding) => finding.root === root)
      .map(({ judgement, of }) => ({ ...judgement, of }));
    const rows: MatrixRow[] = [];
    for (const migration of ids) {
      const reference = columns.find(({ byId }) => byId.has(migration))?.byId.get(migration)?.migration;
      const alike = columns.every(
        ({ byId }) =>
          byId.get(migration)?.migration === reference ||
          (reference && byId.get(migration)?.migration.checksum === reference.checksum),
      );
      if (alike || !reference) continue;
      const concerned = about.filter(({ subjects, against }) =>
        [...subjects, ...against].some((each) => each.migration.id === migration),
      );
      rows.push({
        migration,
        cells: columns.map(({ branch: { name: branch }, byId }): MatrixCell => {
          const has = byId.get(migration);
          const here = concerned.filter(({ of }) => of.includes(branch));
          if (!has) return { branch, ...(twinOn(concerned, migration, branch, here) ?? lacking(here)) };
          const { order, migration: own } = has;
          return { branch, order, checksum: own.checksum, ...having(here, own, reference, branch) };
        }),
      });
    }
    return {
      root,
      moved: columns.flatMap(({ branch, own }) =>
        own && own.path !== root ? [{ branch: branch.name, path: own.path }] : [],
      ),
      without: columns.flatMap(({ branch, own }) => (own ? [] : [branch.name])),
      common: ids.length - rows.length,
      rows,
    };
  });
}

type State = Pick<MatrixCell, "state" | "of" | "matters">;

/** `judgements`: those of the branch about this migration. */
function having(
  judgements: readonly Judgement[],
  own: BranchMigration,
  reference: BranchMigration,
  branch: string,
): State {
  const isSubject = ({ subjects }: Judgement): boolean =>
    subjects.some((each) => each.branch === branch && each.migration.id === own.id);
  const renamed = judgements.find((judgement) => judgement.kind === "renamed" && isSubject(judgement));
  if (renamed) return { state: "renamed", ...named(renamed.against[0]) };
  if (!sameMigration(reference.file.text, own.file.text) && !sameMigration(own.file.text, reference.file.text))
    return { state: judgements.some(({ kind }) => kind === "edited") ? "edited" : "other text" };
  const duplicate = judgements.find((judgement) => judgement.kind === "duplicate" && isSubject(judgement));
  if (duplicate) return { state: "duplicate", ...named(duplicate.against[0]) };
  const late = judgements.find((judgement) => judgement.kind === "late" && isSubject(judgement));
  return late ? { state: "late", matters: late.order?.matters ?? "unknown" } : { state: "present" };
}

/** Another folder of the branch that has what this one has: of a rename by its own judgements (`own`), of a duplicate by any. */
function twinOn(
  judgements: readonly Judgement[],
  migration: string,
  branch: string,
  own: readonly Judgement[],
): State | undefined {
  for (const judgement of judgements) {
    const { kind, subjects, against } = judgement;
    if (kind !== "duplicate" && !(own.includes(judgement) && (kind === "renamed" || kind === "instead"))) continue;
    const twin = [...subjects, ...against].find((each) => each.branch === branch && each.migration.id !== migration);
    if (twin) return { state: kind === "duplicate" ? kind : "renamed", ...named(twin) };
  }
  return undefined;
}

/** `judgements`: those of the branch about a migration that it has not got. */
const lacking = (judgements: readonly Judgement[]): State => ({
  state: judgements.some(({ kind }) => kind === "absent" || kind === "deleted") ? "missing" : "absent",
});

const named = (other: OnBranch | undefined): { readonly of?: string } => (other ? { of: other.migration.id } : {});
