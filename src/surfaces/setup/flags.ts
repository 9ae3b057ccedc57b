export const CI_CHOICES = ["github", "gitlab", "none"] as const;

export interface InitFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  /** In place of what was found. */
  readonly ci?: (typeof CI_CHOICES)[number];
  /** False for --no-hook. */
  readonly hook?: boolean;
  /** False for --no-baseline. */
  readonly baseline?: boolean;
  readonly color?: boolean;
}
