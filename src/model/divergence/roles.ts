/** What a branch is for. One branch can be several: with GitHub flow main is production too. */
export type BranchRole = "production" | "main" | "development" | "hotfix" | "release" | "other";

/** Whether what production has must come here too. */
export const isLasting = ({ roles }: { readonly roles: readonly BranchRole[] }): boolean =>
  !roles.includes("production") && (roles.includes("main") || roles.includes("development"));
