export interface InitFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  /** In place of what was found. */
  readonly ci?: "github" | "gitlab" | "none";
  /** False for --no-hook. */
  readonly hook?: boolean;
  /** False for --no-baseline. */
  readonly baseline?: boolean;
  readonly color?: boolean;
}
