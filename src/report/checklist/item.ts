/** `needs you` is for a human to do or decide, `not known` for what could not be read. */
export type ChecklistState = "done" | "needs you" | "not needed" | "not known";

/** Something to run or to paste, for the tables at hand. */
export interface ItemCommand {
  readonly title: string;
  readonly language: "sql" | "sh";
  readonly text: string;
}

export interface ChecklistItem {
  readonly id: "findings" | "backup" | "staging" | "rollback" | "team" | "window" | "monitor" | "document" | "merged";
  readonly title: string;
  readonly state: ChecklistState;
  /** One to a few sentences; names are in backticks. */
  readonly because: string;
  readonly run: readonly ItemCommand[];
}

export interface Checklist {
  readonly tool: { readonly name: string; readonly version: string };
  readonly postgres: number;
  /** The pending migrations, in the order in which they are deployed. */
  readonly migrations: readonly {
    readonly id: string;
    readonly path: string;
    readonly execution: "batch" | "split" | "unknown";
  }[];
  readonly execution: { readonly mode: "batch" | "split" | "unknown"; readonly because: string };
  /** No item needs anybody or is unknown. */
  readonly ready: boolean;
  readonly items: readonly ChecklistItem[];
}
