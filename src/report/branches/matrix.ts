import { compareFolders } from "../../source/layout.ts";
import { sameMigration } from "../../model/divergence/texts.ts";
import type { BranchFinding } from "../../evidence/branches/findings.ts";
import { productionOf } from "../../evidence/branches/meetings.ts";
import type { BranchMigration } from "../../evidence/git/roots.ts";
import type { BranchSet } from "../../evidence/git/branches.ts";

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
export function matrices(set: BranchSet, findings: readonly BranchFinding[]): readonly RootMatrix[] {
  const production = productionOf(set);
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
    const about = findings.filter((finding) => finding.root === root);
    const productions = columns.find(({ branch }) => branch === production)?.byId;
    const rows: MatrixRow[] = [];
    for (const migration of ids) {
      const reference = columns.find(({ byId }) => byId.has(migration))?.byId.get(migration)?.migration;
      const alike = columns.every(
        ({ byId }) =>
          byId.get(migration)?.migration === reference ||
          (reference && byId.get(migration)?.migration.checksum === reference.checksum),
      );
      if (alike || !reference) continue;
      const concerned = about.filter(
        ({ subject, against }) =>
          subject.migration.id === migration || against.some((other) => other.migration.id === migration),
      );
      rows.push({
        migration,
        cells: columns.map(({ branch, byId }): MatrixCell => {
          const here = concerned.filter(({ branches }) => branches.includes(branch.name));
          const has = byId.get(migration);
          if (!has)
            return {
              branch: branch.name,
              ...lacking(
                here,
                migration,
                branch.name,
                branch.roles.some((role) => role === "main" || role === "development") &&
                  productions?.has(migration) === true,
              ),
            };
          return {
            branch: branch.name,
            order: has.order,
            checksum: has.migration.checksum,
            ...having(here, has.migration, reference, branch.name),
          };
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

function having(
  findings: readonly BranchFinding[],
  own: BranchMigration,
  reference: BranchMigration,
  branch: string,
): State {
  const subject = findings.filter(
    (finding) => finding.subject.migration.id === own.id && finding.branches.includes(branch),
  );
  const renamed = subject.find(({ kind }) => kind === "renamed");
  if (renamed) return { state: "renamed", ...of(renamed.against[0]?.migration.id) };
  if (!sameMigration(reference.file.text, own.file.text) && !sameMigration(own.file.text, reference.file.text)) {
    return {
      state: subject.some((finding) => finding.kind === "edited" && finding.subject.branch === branch)
        ? "edited"
        : "other text",
    };
  }
  const duplicate = findings.find(({ kind }) => kind === "duplicate");
  if (duplicate && duplicate.subject.migration.id === own.id)
    return { state: "duplicate", ...of(duplicate.against[0]?.migration.id) };
  const late = subject.find(
    (finding) => finding.kind === "late" && !finding.against.some((other) => other.branch === branch),
  );
  if (late) return { state: "late", matters: late.order?.matters ?? "unknown" };
  return { state: "present" };
}

function lacking(findings: readonly BranchFinding[], migration: string, branch: string, required: boolean): State {
  const renamed = findings.find(
    (finding) =>
      finding.kind === "renamed" && finding.subject.branch === branch && finding.against[0]?.migration.id === migration,
  );
  if (renamed) return { state: "renamed", of: renamed.subject.migration.id };
  const duplicate = findings.find((finding) => finding.kind === "duplicate");
  const twin =
    duplicate &&
    [duplicate.subject, ...duplicate.against].find((each) => each.branch === branch && each.migration.id !== migration);
  if (twin) return { state: "duplicate", of: twin.migration.id };
  const deleted = findings.some((finding) => finding.kind === "deleted" && finding.subject.branch === branch);
  return { state: required || deleted ? "missing" : "absent" };
}

const of = (id: string | undefined): { readonly of?: string } => (id === undefined ? {} : { of: id });
