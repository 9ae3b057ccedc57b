import type { WayOut } from "../advice/divergence/index.ts";
import type { Judgement } from "../model/divergence/judgement/terms.ts";
import type { Range, SourceFile } from "../source/text.ts";
import type { RelationId } from "../sql/names.ts";

export type Severity = "error" | "warning" | "info";

export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/**
 * `safe` keeps what the migration means and is applied by --fix; `unsafe` changes which rows or when (--fix-unsafe);
 * `display` is shown only: it needs a decision or another file.
 */
export type FixSafety = "safe" | "unsafe" | "display";

export interface Fix {
  /** A verb phrase: "Build the index concurrently". */
  readonly title: string;
  readonly safety: FixSafety;
  /** In the finding's own file, sorted, not overlapping. */
  readonly edits: readonly Edit[];
  /** The rule that speaks of what the fix leaves: a rename keeps the values, and running code still names the old column. */
  readonly leaves?: string;
}

export interface Related {
  readonly file: SourceFile;
  readonly range: Range;
  readonly message: string;
}

export interface Suppression {
  readonly how: "comment" | "file comment" | "config" | "baseline";
  readonly reason: string;
  readonly range?: Range;
}

/** What branches are to each other, and what can be done about it. */
export interface DivergenceDetail {
  readonly judgement: Judgement;
  /** The best first. */
  readonly ways: readonly WayOut[];
}

export interface FindingSize {
  /** Those whose size is known, the largest first. */
  readonly tables: readonly { readonly relation: RelationId; readonly rows: number | null; readonly bytes: number }[];
  /** All of them are small. */
  readonly small: boolean;
  /** Roughly how long the work takes while others wait. */
  readonly seconds?: number;
}

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly category: string;
  /** The migration's id; absent for findings about something else than a migration. */
  readonly migration?: string | undefined;
  readonly file: SourceFile;
  readonly range: Range;
  /** Statement index in the file, where the finding belongs to one. */
  readonly statement?: number;
  /** The catalog objects concerned: "public.users", "public.users.email". Machines group by them. */
  readonly objects: readonly string[];
  /** What happens. */
  readonly message: string;
  /** The rule's name for its message. */
  readonly messageId?: string;
  /** The values in the message by the rule's names for them, in the message's order. */
  readonly data?: Readonly<Record<string, string | number>>;
  /** What the statement fails with, or may, where the finding is about that. */
  readonly sqlstate?: string;
  /** What to do. */
  readonly help: string;
  /** Of a hazard that grows with its tables, as far as statistics or the configuration know them. */
  readonly size?: FindingSize;
  /** What was seen of it when the migration was rehearsed: one sentence or more. */
  readonly rehearsed?: string;
  /** Queries to run against production before the deployment, with what they tell. */
  readonly queries: readonly { readonly title: string; readonly sql: string }[];
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
  /** Lines for a POSIX shell that do what the help says, to be run from where paths count from. */
  readonly commands?: readonly string[];
  /** In a report: the findings of the same rule about the same table, which are told with this one. */
  readonly also?: readonly Finding[];
  /** Of findings of the group divergence, as data. */
  readonly divergence?: DivergenceDetail;
  readonly suppressed?: Suppression;
}
