import { cut } from "./cut.mjs";
import { failure, success } from "./outcome.mjs";

/** GitHub takes 65,536 characters in a comment; some of them may count twice. */
const LIMIT = 65_000;
const MILLISECONDS = 20_000;
const PER_PAGE = 100;
/** Who may have let this action write a comment; anybody may write one that looks like it. */
const TRUSTED = ["OWNER", "MEMBER", "COLLABORATOR"];

/**
 * @typedef {object} Place
 * @property {string} api GITHUB_API_URL
 * @property {string} repository owner/name
 * @property {number} number of the pull request
 * @property {string} token
 * @property {string} key tells the comments of several uses in one repository apart
 */

/**
 * Puts `markdown` into the one comment of this action on a pull request: the one that is there is changed, else one is written.
 * @param {Place} place
 * @param {string} markdown
 * @param {{ readonly rest: string, readonly onlyUpdate: boolean }} options `rest`: the sentence for what is cut; `onlyUpdate`: nothing is written where there is none
 * @returns {Promise<import("./outcome.mjs").Outcome<"created" | "updated" | "none">>}
 */
export async function putComment(place, markdown, { rest, onlyUpdate }) {
  const marker = `<!-- lockstep: ${place.key.replace(/-(?=-)|>/g, "_")} -->`;
  const body = `${marker}\n${cut(markdown, LIMIT - marker.length - 1, rest)}`;
  const issue = `${place.api}/repos/${place.repository}/issues/${place.number}/comments`;
  const found = await findComment(place, issue, marker);
  if (!found.ok) return found;
  if (found.value !== undefined) {
    const updated = await ask(place, "PATCH", `${place.api}/repos/${place.repository}/issues/comments/${found.value}`, {
      body,
    });
    return updated.ok ? success("updated") : updated;
  }
  if (onlyUpdate) return success("none");
  const created = await ask(place, "POST", issue, { body });
  return created.ok ? success("created") : created;
}

async function findComment(place, issue, marker) {
  for (let page = 1; ; page++) {
    const comments = await ask(place, "GET", `${issue}?per_page=${PER_PAGE}&page=${page}`);
    if (!comments.ok) return comments;
    if (!Array.isArray(comments.value)) return failure("GitHub's answer for the comments is no list.");
    const own = comments.value.find(
      ({ body, user, author_association: association }) =>
        typeof body === "string" && body.startsWith(marker) && (user?.type === "Bot" || TRUSTED.includes(association)),
    );
    if (own) return success(own.id);
    if (comments.value.length < PER_PAGE) return success(undefined);
  }
}

async function ask({ token }, method, url, content) {
  let response;
  try {
    response = await fetch(url, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "user-agent": "lockstep",
        "x-github-api-version": "2022-11-28",
        ...(content && { "content-type": "application/json" }),
      },
      ...(content && { body: JSON.stringify(content) }),
      signal: AbortSignal.timeout(MILLISECONDS),
    });
    if (response.ok) return success(await response.json());
  } catch (error) {
    const reason = error.cause?.code ?? error.name;
    return failure(`GitHub could not be asked (${reason}).`);
  }
  if (response.status === 401 || response.status === 403 || response.status === 404) {
    return failure(
      `The token may not write it (${response.status}): give the job the permission "pull-requests: write". For a pull request from a fork GitHub gives no token that may.`,
    );
  }
  return failure(`GitHub answered ${response.status}.`);
}
