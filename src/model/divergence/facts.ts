import type { SourceFile } from "../../source/text.ts";
import type { Statement } from "../../sql/statement.ts";
import type { Commutation } from "../order/commutation.ts";

/** A migration as a branch has it; `BranchMigration` of the evidence is one. */
export interface DivergingMigration {
  readonly id: string;
  readonly path: string;
  readonly file: SourceFile;
}

/** The migrations of one migrations directory on one branch. */
export interface DivergingBranch {
  readonly name: string;
  /** In the order in which Prisma would apply them. */
  readonly migrations: readonly DivergingMigration[];
}

/** What a migration's text does; the same text should be read only once. */
export type ReadStatements = (file: SourceFile) => readonly Statement[];

export type Side = "ours" | "theirs";

/** How the histories of two branches do not simply add up. Facts are by kind and, within it, in the order of the migrations. */
export interface BranchDivergence {
  readonly ours: string;
  readonly theirs: string;
  /** By name: what the other side has under no folder of that name. */
  readonly onlyOurs: readonly DivergingMigration[];
  readonly onlyTheirs: readonly DivergingMigration[];
  /** Nothing is known of where they parted: who edited or deleted something cannot be said. */
  readonly withoutBase: boolean;
  readonly facts: readonly DivergenceFact[];
}

export type DivergenceFact =
  /** It sorts before migrations that the other side has already: there it runs after them, in a fresh database before them. */
  | {
      readonly kind: "late";
      readonly side: Side;
      readonly migration: DivergingMigration /** Of the other side, in order. */;
      readonly behind: readonly DivergingMigration[] /** `one` is the late migration, `other` those before which it sorts. */;
      readonly order: Commutation;
    }
  /** The same folder with another text by Prisma's checksum, which counts comments and not line endings. */
  | {
      readonly kind: "edited";
      readonly ours: DivergingMigration;
      readonly theirs: DivergingMigration;
      readonly by: Side | "both" | "unknown";
      readonly change: "comments" | "statements";
    }
  /** The text of a folder that both had is there under another name. */
  | { readonly kind: "renamed"; readonly by: Side; readonly from: DivergingMigration; readonly to: DivergingMigration }
  | { readonly kind: "deleted"; readonly by: Side; readonly migration: DivergingMigration }
  | {
      readonly kind: "sameTimestamp";
      readonly timestamp: string;
      readonly ours: DivergingMigration;
      readonly theirs: DivergingMigration /** Which one runs first. */;
      readonly first: Side;
    }
  | {
      readonly kind: "sameName";
      readonly name: string;
      readonly ours: DivergingMigration;
      readonly theirs: DivergingMigration;
    }
  /** The same change in two folders: `text`, by what it does (`operations`), or as a part of the other one (`contained`, in `of`). */
  | {
      readonly kind: "duplicate";
      readonly ours: DivergingMigration;
      readonly theirs: DivergingMigration;
      readonly how: "text" | "operations" | "contained";
      readonly of?: Side /** What the second run does. */;
      readonly rerun: RerunVerdict;
    };

/** What happens when a change runs for the second time: PostgreSQL refuses it, it does nothing (IF NOT EXISTS …), or it cannot be said. */
export type RerunVerdict = "refused" | "nothing" | "unknown";

/** What PostgreSQL can be asked: two groups of migrations, each in order, and what both were written for. */
export interface OrderQuestion {
  readonly base: readonly DivergingMigration[];
  readonly one: readonly DivergingMigration[];
  readonly other: readonly DivergingMigration[];
}
