import { readFileSync } from "node:fs";

/** The payload of the event that started the workflow; {} where there is none that can be read. */
export function readEvent(path) {
  if (!path) return {};
  try {
    const payload = JSON.parse(readFileSync(path, "utf8"));
    return payload !== null && typeof payload === "object" ? payload : {};
  } catch (error) {
    if (error instanceof SyntaxError || "code" in error) return {};
    throw error;
  }
}

/**
 * What to name as the base for an event, and why; undefined where lockstep finds it by itself or says what is missing.
 *
 * For a pull request that is the tip of the target branch, which lockstep takes from GITHUB_BASE_REF: the commit that is checked out is the
 * merge with it. Where the clone lacks the branch, `pull_request.base.sha` is taken, the tip when the event was sent. A push to the default
 * branch is compared with what was there before it, a push to another branch with the default branch.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads
 *
 * @param {string} name GITHUB_EVENT_NAME
 * @param {any} payload
 * @param {(ref: string) => boolean} has whether the clone has a commit
 * @returns {string | undefined}
 */
export function baseOf(name, payload, has) {
  const branch = payload.repository?.default_branch;
  const fallback = typeof branch === "string" && has(`refs/remotes/origin/${branch}`) ? `origin/${branch}` : undefined;
  if (name === "pull_request" || name === "pull_request_target") {
    const target = payload.pull_request?.base;
    if (typeof target?.ref === "string" && has(`refs/remotes/origin/${target.ref}`)) return undefined;
    return isCommit(target?.sha) && has(target.sha) ? target.sha : undefined;
  }
  if (name === "merge_group") return isCommit(payload.merge_group?.base_sha) ? payload.merge_group.base_sha : fallback;
  if (name === "push" && payload.ref === `refs/heads/${branch}`)
    return isCommit(payload.before) ? payload.before : undefined;
  return fallback;
}

/** The pull request that an event is about. @returns {number | undefined} */
export function pullRequestOf(payload) {
  const number = payload.pull_request?.number;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A commit's name; what was not there before has one of zeros. */
function isCommit(value) {
  return typeof value === "string" && /^[0-9a-f]{40,64}$/.test(value) && !/^0+$/.test(value);
}
