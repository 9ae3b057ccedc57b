import type { Evidence } from "../evidence.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import { git, missingRef, resolveRef } from "../../source/git/repository.ts";

export type Base = NonNullable<Evidence["base"]>;

/** Environment variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables in which CI systems put the branch that a pull request is to be merged into. */
const TARGET_BRANCH: readonly { readonly name: string; readonly of: string }[] = [
  // https://docs.github.com/en/actions/reference/workflows-and-actions/variables
  { name: "GITHUB_BASE_REF", of: "GitHub Actions" },
  // https://docs.gitlab.com/ci/variables/predefined_variables/
  { name: "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", of: "GitLab CI" },
  // https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
  { name: "BITBUCKET_PR_DESTINATION_BRANCH", of: "Bitbucket Pipelines" },
  // https://www.jenkins.io/doc/book/pipeline/multibranch/
  { name: "CHANGE_TARGET", of: "Jenkins" },
];

/**
 * The base branch: the one named, else LOCKSTEP_BASE, else the target branch of the CI's pull request, else the remote's default
 * branch, main or master. A base that somebody named and that is not there is a failure; that none is found is not.
 * Its commit is the tip of the branch, not the merge base: what was deployed meanwhile counts as deployed.
 */
export function findBase(
  root: string,
  named: string | undefined,
  environment: Environment,
  origin = "--base",
): Outcome<Base | undefined> {
  if (named !== undefined) return resolveNamed(root, named, origin);
  const own = environment["LOCKSTEP_BASE"];
  if (own) return resolveNamed(root, own, "LOCKSTEP_BASE");
  for (const variable of TARGET_BRANCH) {
    const target = environment[variable.name];
    if (!target) continue;
    const branch = target.replace(/^refs\/heads\//, "");
    const found = resolveRef(root, [`refs/remotes/origin/${branch}`, branch]);
    if (!found.ok) return found;
    if (!found.value) return missingRef(root, `origin/${branch}`, `${variable.name} of ${variable.of}`);
    return success({
      ref: shortName(found.value.ref),
      commit: found.value.commit,
      because: `${variable.name} of ${variable.of}`,
    });
  }
  return defaultBranch(root);
}

/** Whether somebody, by option or environment, says what the base is. */
export function isBaseNamed(named: string | undefined, environment: Environment): boolean {
  return (
    named !== undefined ||
    Boolean(environment["LOCKSTEP_BASE"]) ||
    TARGET_BRANCH.some((variable) => Boolean(environment[variable.name]))
  );
}

function resolveNamed(root: string, ref: string, origin: string): Outcome<Base | undefined> {
  if (ref.trim() === "")
    return failure(`The base (${origin}) is empty: name a branch, tag or commit, or leave it out.`);
  const found = resolveRef(root, [ref, `refs/remotes/origin/${ref}`]);
  if (!found.ok) return found;
  if (!found.value) return missingRef(root, ref, origin);
  return success({ ref: shortName(found.value.ref), commit: found.value.commit, because: origin });
}

/** origin/HEAD, then main, then master; of these the remote's copy first, which is also right where the current branch is that branch. */
function defaultBranch(root: string): Outcome<Base | undefined> {
  const order = [
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/heads/main",
    "refs/remotes/origin/master",
    "refs/heads/master",
  ];
  const run = git(root, ["for-each-ref", "--format=%(refname)%00%(objectname)%00%(symref)", ...order]);
  if (!run.ok) return run;
  const lines = run.value
    .toString("utf8")
    .split("\n")
    .map((line) => line.split("\0"));
  for (const ref of order) {
    const [, commit, target] = lines.find(([name]) => name === ref) ?? [];
    if (!commit) continue;
    if (ref.endsWith("/HEAD"))
      return success({ ref: shortName(target || ref), commit, because: "origin/HEAD, the remote's default branch" });
    return success({ ref: shortName(ref), commit, because: `${shortName(ref)} exists and no other base was named` });
  }
  return success(undefined);
}

function shortName(ref: string): string {
  return ref.replace(/^refs\/(remotes|heads|tags)\//, "");
}
