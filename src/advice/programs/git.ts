import { commands } from "./command.ts";
import { shellWord } from "./shell.ts";

/** What people do with git. What git is asked by lockstep itself is in source/git. */
export const git = commands("git", "git", {
  begin: ["makes the directory a repository", () => "git init"],
  addWorktree: ["gives a bare repository a work tree", () => "git worktree add"],
  trust: [
    "lets git read a repository of another user",
    (root: string) => `git config --global --add safe.directory ${shellWord(root)}`,
  ],
  nameDefault: ["notes which branch of the remote is its default", () => "git remote set-head origin --auto"],

  fetch: ["brings what others pushed, tags too", (remote: string) => `git fetch ${shellWord(remote)} --tags`],
  fetchTags: ["brings the tags of the remote", () => "git fetch --tags"],
  fetchBranch: ["brings one branch of the remote", (branch: string) => `git fetch origin ${shellWord(branch)}`],
  fetchMergeTarget: [
    "brings the target of GitLab's merge request, which its checkout leaves out",
    () =>
      'git fetch origin "+refs/heads/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME:refs/remotes/origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"',
  ],
  fetchTip: [
    "brings one commit of the remote into a shallow clone",
    (refspec: string) => `git fetch origin ${shellWord(refspec)} --depth=1`,
  ],
  trackAll: [
    "lets a fetch bring all branches of the remote into a clone of one of them",
    () => 'git remote set-branches origin "*"',
  ],
  unshallow: ["brings the commits that a shallow clone lacks", () => "git fetch --unshallow"],
  refetch: ["brings contents again that are missing here", () => "git fetch --refetch"],
  refetchAll: ["brings the contents that a partial clone left out", () => "git fetch --refetch --no-filter"],

  switch: ["checks a branch out", (branch: string) => `git switch ${shellWord(branch)}`],
  branch: [
    "begins a branch and checks it out",
    (branch: string, from: string, { track = true }: { readonly track?: boolean } = {}) =>
      `git switch -c ${shellWord(branch)} ${track ? "" : "--no-track "}${shellWord(from)}`,
  ],
  deleteBranch: ["deletes a branch that is merged", (branch: string) => `git branch -d ${shellWord(branch)}`],
  merge: ["merges a branch into the one that is checked out", (branch: string) => `git merge ${shellWord(branch)}`],
  mergeCommit: [
    "merges a branch with a commit that says so",
    (branch: string) => `git merge --no-ff ${shellWord(branch)}`,
  ],
  pull: ["brings the branch up to date, and never merges", () => "git pull --ff-only"],
  push: ["pushes the branch", () => "git push"],
  publish: [
    "pushes a branch for the first time",
    (remote: string, branch: string) => `git push -u ${shellWord(remote)} ${shellWord(branch)}`,
  ],

  add: [
    "stages files or folders for the next commit",
    (...paths: string[]) => ["git add", ...paths.map(shellWord)].join(" "),
  ],
  move: [
    "renames a file or a folder for the next commit",
    (from: string, to: string) => `git mv ${shellWord(from)} ${shellWord(to)}`,
  ],
  remove: ["deletes a folder", (path: string) => `git rm -r ${shellWord(path)}`],
  take: [
    "brings a folder as another branch has it, byte for byte",
    (ref: string, path: string) => `git checkout ${shellWord(ref)} -- ${shellWord(path)}`,
  ],
  show: [
    "writes a file as another branch has it",
    (ref: string, path: string, to: string) => `git show ${shellWord(`${ref}:${path}`)} > ${shellWord(to)}`,
  ],
  commit: ["commits what is staged", (message: string) => `git commit -m ${shellWord(message)}`],
  reset: ["takes back everything since the last commit", () => "git reset --hard"],
});
