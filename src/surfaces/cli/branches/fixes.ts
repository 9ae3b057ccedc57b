import { lateRenames } from "../../../advice/divergence/index.ts";
import type { BranchesResult } from "../../../engine/branches.ts";
import type { BranchViewpoint } from "../../../evidence/git/viewpoints.ts";
import { listed } from "../../../words.ts";
import { shellWord } from "../../../advice/programs/shell.ts";
import { git } from "../../../source/git/repository.ts";
import type { Outcome } from "../../../source/outcome.ts";
import { failure, success } from "../../../source/outcome.ts";
import type { BranchesFlags } from "./flags.ts";
import type { Io } from "../../../project/io.ts";
import { git as byHand } from "../../../advice/programs/git.ts";
import { prisma } from "../../../advice/programs/prisma.ts";
import { IN_WORDS } from "../../../advice/programs/facts.ts";

const LATE = "late-migration";

interface Move {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Renames late folders of the branch that is checked out, in the index and the work tree, without a commit: where findings say that
 * they are late, and no other branch has them. The branch must have no role that others build on, and the work tree must be clean.
 */
export async function fixBranches(
  { set, findings, off }: BranchesResult,
  viewpoints: readonly BranchViewpoint[],
  { dryRun = false }: BranchesFlags,
  io: Io,
): Promise<Outcome<number>> {
  const viewpoint = viewpoints.find(({ branch }) => branch.current);
  if (!viewpoint)
    return failure(
      `${set.repository} has no work tree, so there is nothing to rename in: run --fix where the branch is checked out.`,
    );
  const { branch: current, divergence } = viewpoint;
  const shared = current.roles.filter((role) => role === "production" || role === "main" || role === "development");
  if (shared.length > 0)
    return failure(
      `${current.name} is ${listed(shared)}: databases have run its migrations under their names, so that none of them is renamed. Nothing was changed.`,
    );
  const moves: Move[] = [];
  const kept: string[] = [];
  for (const { root, path } of current.roots) {
    const history = divergence.histories.get(root);
    const isLate = findings.some(
      ({ rule, root: where, of }) => rule === LATE && where === root && of.includes(current.name),
    );
    if (!history || !isLate) continue;
    const renames = lateRenames(divergence, history);
    if (renames === undefined) {
      kept.push(
        `The names in ${path || "the repository's root"} hold no timestamps to go on from: what is late there was not renamed.`,
      );
      continue;
    }
    const elsewhere = new Map(
      set.branches
        .filter((branch) => branch !== current)
        .flatMap((branch) =>
          (branch.roots.find((each) => each.root === root)?.migrations ?? []).map(({ id }) => [id, branch.name]),
        ),
    );
    const taken = renames.filter(({ from }) => elsewhere.has(from));
    // To leave one of them would put the others before it.
    if (taken.length > 0)
      kept.push(
        ...taken.map(
          ({ from }) =>
            `${from} is on ${elsewhere.get(from) ?? ""} too, so it may be deployed from there: in ${path || "the repository's root"} nothing was renamed.`,
        ),
      );
    else
      moves.push(
        ...renames.map(({ from, to }) => ({
          id: from,
          from: path === "" ? from : `${path}/${from}`,
          to: path === "" ? to : `${path}/${to}`,
        })),
      );
  }
  for (const sentence of kept) await io.stderr.write(`lockstep: ${sentence}\n`);
  if (moves.length === 0) {
    if (kept.length === 0)
      await io.stderr.write(
        off.includes(LATE)
          ? `lockstep: The configuration turns ${LATE} off: there is nothing to rename.\n`
          : `lockstep: No folder of ${current.name} is late: there is nothing to rename.\n`,
      );
    return success(kept.length > 0 ? 1 : 0);
  }
  if (!dryRun) {
    const clean = cleanTree(
      set.repository,
      current.roots.map(({ path }) => path),
    );
    if (!clean.ok) return clean;
    for (const { from, to } of moves) {
      const moved = git(set.repository, ["mv", "--", from, to]);
      if (!moved.ok)
        return failure(
          `${from} could not be renamed: ${moved.message} ${moves[0]?.from === from ? "Nothing was changed." : `"${byHand.reset().text}" takes back what was renamed before it.`}`,
        );
    }
  }
  for (const { from, to } of moves)
    await io.stdout.write(
      `${dryRun ? byHand.move(from, to).text : `renamed ${shellWord(from)} to ${shellWord(to)}`}\n`,
    );
  const what = moves.length === 1 ? "It" : "They";
  await io.stderr.write(
    dryRun
      ? `lockstep: This is what --fix would do on ${current.name}; nothing was changed.\n`
      : `lockstep: ${moves.length === 1 ? "One folder" : `${moves.length} folders`} of ${current.name} renamed and not committed yet. ${what} must be deployed nowhere: a database that has run ${moves.length === 1 ? "it" : "one of them"} runs it again under the new name, so reset development databases that have ("${prisma.reset(IN_WORDS).text}").\n`,
  );
  return success(0);
}

/** Tracked files as committed, and nothing new among the migrations. */
function cleanTree(repository: string, roots: readonly string[]): Outcome<undefined> {
  const status = git(repository, [
    "status",
    "--porcelain=v1",
    "-z",
    "--untracked-files=normal",
    "--no-renames",
    "--ignore-submodules=all",
  ]);
  if (!status.ok) return status;
  const dirty = status.value
    .toString("utf8")
    .split("\0")
    .filter(
      (entry) =>
        entry !== "" &&
        (!entry.startsWith("??") ||
          roots.some(
            (root) => entry.slice(3).startsWith(root === "" ? "" : `${root}/`) || `${root}/`.startsWith(entry.slice(3)),
          )),
    );
  if (dirty.length === 0) return success(undefined);
  const names = dirty.slice(0, 3).map((entry) => entry.slice(3));
  return failure(
    `--fix renames folders only in a clean work tree, and this one is not (${listed([...names, ...(dirty.length > 3 ? [`${dirty.length - 3} more`] : [])])}): commit or stash first. Nothing was changed.`,
  );
}
