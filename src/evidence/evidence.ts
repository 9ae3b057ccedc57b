import type { ExecutionMode } from "../model/transactions.ts";
import type { Divergence } from "../model/divergence/viewpoint.ts";
import type { Rehearsal } from "./rehearsal.ts";
import type { KnownStatistics } from "./statistics/statistics.ts";

/** What is known besides the SQL. Each part is present or absent; a report says which, and where it comes from. */
export interface Evidence {
  /** How Prisma sends a file to PostgreSQL. Always there; `unknown` where nothing tells. */
  readonly execution: {
    readonly mode: ExecutionMode /** "prisma 7.10.0 in pnpm-lock.yaml", "--execution batch" */;
    readonly because: string;
  };
  /** PostgreSQL's major version. */
  readonly postgres: { readonly version: number; readonly because: string };
  readonly prisma?:
    | {
        readonly version: string /** The file that said so. */;
        readonly from: string /** npm, pnpm, yarn, bun: for the commands that are shown. */;
        readonly packageManager: "npm" | "pnpm" | "yarn" | "bun";
      }
    | undefined;
  /** Where Prisma has the address of the database from. */
  readonly database?: DatabaseSource | undefined;
  /** Which migrations are deployed. */
  readonly base?: { readonly ref: string; readonly commit: string; readonly because: string } | undefined;
  /** Owners by CODEOWNERS, for a path as `SourceFile.path` has it. */
  readonly owners?: { readonly from: string; readonly of: Readonly<Record<string, readonly string[]>> } | undefined;
  /** The work tree's branch, where there is one. */
  readonly branch?: string | undefined;
  /** What happened when the pending migrations were run in a PostgreSQL. */
  readonly rehearsal?: Rehearsal;
  /** How big the tables of the database are: lockstep.stats.json. */
  readonly statistics?: KnownStatistics;
  /** How the histories of the branches do not simply add up. */
  readonly divergence?: Divergence;
  /** The preset that set itself, as a clause: "the branch hotfix/x matches hotfix/*". */
  readonly preset?: { readonly name: "hotfix"; readonly because: string };
  /** Why a part is absent that was asked for, as a sentence. */
  readonly unavailable?: Readonly<Partial<Record<EvidenceKind, string>>>;
}

export interface DatabaseSource {
  /** Variables that hold the address, first the one that migrations connect by. None where it is read in another way. */
  readonly variables: readonly string[];
  /** The file that says so: prisma.config.ts, schema.prisma. */
  readonly from: string;
}

/** The parts that a rule may need. */
export type EvidenceKind = "base" | "prisma" | "datamodel" | "statistics" | "rehearsal" | "divergence";
