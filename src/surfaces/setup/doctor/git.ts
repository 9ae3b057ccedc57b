import { relative } from "node:path";
import { surveyBase, surveyBranches } from "../../../project/survey.ts";
import { currentBranch, git } from "../../../source/git/repository.ts";
import { findRepository } from "../../../source/git/refs.ts";
import type { Io } from "../../../project/io.ts";
import type { Settings } from "../../../project/settings.ts";
import { findCi } from "../ci/index.ts";
import type { Diagnosis } from "./report.ts";
import { findHook } from "../hooks/index.ts";
import type { Survey } from "../survey.ts";
import { lockstep } from "../../../advice/programs/lockstep.ts";
import { counted, listed } from "../../../words.ts";
import { git as byHand } from "../../../advice/programs/git.ts";
import { IN_WORDS } from "../../../advice/programs/facts.ts";

/** The repository, what is checked out, the base and the branches. */
export function diagnoseGit(root: string | undefined, settings: Settings, io: Io): Diagnosis[] {
  const row = (
    id: string,
    title: string,
    status: Diagnosis["status"],
    value: string,
    more: Partial<Diagnosis> = {},
  ): Diagnosis => ({ group: "git", id, title, status, value, ...more });
  const program = git(io.cwd, ["--version"]);
  if (!program.ok)
    return [
      row("git", "git", "problem", "was not found", {
        help: "Install it: without it no base is known, and all migrations are checked, each as a deployment of its own.",
      }),
    ];
  const rows = [
    row(
      "git",
      "git",
      "ok",
      program.value
        .toString("utf8")
        .trim()
        .replace(/^git version /, ""),
    ),
  ];
  if (root === undefined) {
    const repository = findRepository(io.cwd);
    const bare = repository.ok;
    return [
      ...rows,
      row(
        "repository",
        "repository",
        "problem",
        bare ? `${repository.value} has no work tree` : "none: no base is known",
        {
          help: bare
            ? `check reads files of a work tree: start lockstep in one (${byHand.addWorktree().text}). branches works here.`
            : `${byHand.begin().text}, or say --all: all migrations are checked, each as a deployment of its own.`,
        },
      ),
    ];
  }
  const refused = git(root, ["rev-parse", "--is-shallow-repository"]);
  if (!refused.ok) return [...rows, row("repository", "repository", "problem", refused.message)];
  const branch = currentBranch(root);
  const commits = git(root, ["rev-parse", "--verify", "--quiet", "HEAD"]).ok;
  rows.push(
    row(
      "branch",
      "checked out",
      "ok",
      !commits ? `${branch ?? "nothing"}, without a commit` : (branch ?? "a commit, no branch (detached HEAD)"),
    ),
  );
  if (refused.value.toString("utf8").trim() === "true")
    rows.push(
      row("shallow", "history", "problem", "shallow: commits are missing", {
        help: `${byHand.unshallow().text}; in CI let the checkout fetch everything (fetch-depth: 0, GIT_DEPTH: 0). What the base has since the branch parted is not known otherwise.`,
      }),
    );
  const base = surveyBase(root, settings.base, io.env);
  if (!base.ok) rows.push(row("base", "base", "problem", base.message));
  else if (base.value) rows.push(row("base", "base", "ok", base.value.ref, { from: base.value.because }));
  else
    rows.push(
      row("base", "base", commits ? "problem" : "note", "none: no origin/HEAD, main or master", {
        help: commits
          ? `Say which branch is deployed: "base" in the configuration, LOCKSTEP_BASE, or ${byHand.nameDefault().text}. Until then all migrations are checked, each as a deployment of its own.`
          : "It is there with the first commit on main.",
      }),
    );
  rows.push(
    ...branches(root, settings, io).map(({ status, value, ...more }) =>
      row("branches", "branches", status, value, more),
    ),
  );
  return rows;
}

function branches(root: string, { config }: Settings, io: Io): Pick<Diagnosis, "status" | "value" | "from">[] {
  const found = surveyBranches(root, config.branches, io.env);
  if (!found.ok) return [{ status: "problem", value: found.message }];
  const { names, roles, rolesOf } = found.value;
  if (!roles) return [{ status: "ok", value: "none yet" }];
  const known = names.map((name) => ({ name, roles: rolesOf(name) })).filter((each) => each.roles.length > 0);
  const others = names.length - known.length;
  const shown = [
    ...known.slice(0, 8).map((each) => `${each.name} is ${each.roles.join(" and ")}`),
    ...(known.length > 8 ? [`${known.length - 8} more with a role`] : []),
    ...(others > 0 ? [counted(others, "other")] : []),
  ];
  return [{ status: "ok", value: shown.join("; "), from: `${roles.flow}: ${roles.because}` }];
}

/** What calls lockstep: the commit hook and CI. */
export function diagnoseRuns(root: string, project: Survey | undefined, io: Io): Diagnosis[] {
  const home = project?.home ?? root;
  const shown = (path: string): string => relative(io.cwd, path).replaceAll("\\", "/");
  const hook = findHook(root, home);
  const ci = findCi(root, home);
  const rows: Diagnosis[] = [];
  const calls = hook?.calls ?? false;
  rows.push({
    group: "runs",
    id: "hook",
    title: "commit hook",
    status: calls ? "ok" : "note",
    value: calls ? "calls lockstep" : "does not call lockstep",
    ...(hook && { from: `${hook.manager === "git" ? "git's own" : hook.manager}, ${shown(hook.file)}` }),
    ...(!calls && { help: `${lockstep.init(IN_WORDS).text} adds it.` }),
  });
  rows.push(
    ci.calling.length > 0
      ? { group: "runs", id: "ci", title: "CI", status: "ok", value: "calls lockstep", from: ci.calling.join(", ") }
      : {
          group: "runs",
          id: "ci",
          title: "CI",
          status: "note",
          value: ci.files.length === 0 ? "none was found" : "does not call lockstep",
          ...(ci.files.length > 0 && {
            from: listed(ci.files, 7),
          }),
          help: `${lockstep.init(IN_WORDS).text} writes the check of pull requests.`,
        },
  );
  return rows;
}
