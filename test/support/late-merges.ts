import { git } from "../../src/source/git/repository.ts";
import { readObjects } from "../../src/source/git/objects.ts";
import { compareFolders, lastSegment, parent } from "../../src/source/layout.ts";

export interface LateText {
  readonly id: string;
  readonly text: string;
}

/** A migration that was merged into the main line and sorts before ones that were there already. */
export interface LateMerge {
  readonly commit: string;
  readonly directory: string;
  /** What sorts before it, what came with it in the same merge included. */
  readonly base: readonly LateText[];
  readonly late: LateText;
  /** What was there already and sorts after it. */
  readonly overtaken: readonly LateText[];
}

export interface ReplayedLog {
  /** Migrations that were merged, however they are called now; moved ones once. */
  readonly merged: number;
  readonly late: readonly LateMerge[];
  /** Migrations that were edited after they had been merged. */
  readonly edited: readonly { readonly commit: string; readonly path: string }[];
}

/** Walks the first-parent log of a branch, merge by merge. */
export function replayLog(repository: string, branch = "HEAD"): ReplayedLog {
  const run = git(repository, [
    "log",
    "--first-parent",
    "--reverse",
    "-m",
    "--name-status",
    "--no-renames",
    "-z",
    "--format=%x01%H",
    branch,
    "--",
    ":(glob)**/migration.sql",
  ]);
  if (!run.ok) throw new Error(run.message);
  const present = new Set<string>();
  const planned: { commit: string; directory: string; base: string[]; late: string; overtaken: string[] }[] = [];
  const edited: { commit: string; path: string }[] = [];
  let merged = 0;
  for (const block of run.value.toString("utf8").split("\u0001").slice(1)) {
    const [commit = "", ...parts] = block
      .split("\0")
      .map((part) => part.trim())
      .filter((part) => part !== "");
    const before = new Set(present);
    const idsBefore = new Set([...before].map((path) => lastSegment(parent(path))));
    const added: string[] = [];
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const [status = "", path = ""] = [parts[at], parts[at + 1]];
      if (status === "D") present.delete(path);
      else if (status === "A") {
        present.add(path);
        if (!idsBefore.has(lastSegment(parent(path)))) added.push(path);
      } else edited.push({ commit, path });
    }
    merged += added.length;
    for (const directory of new Set(added.map((path) => parent(parent(path))))) {
      const id = (path: string): string => lastSegment(parent(path));
      const inOrder = (paths: readonly string[]): string[] =>
        paths.filter((path) => parent(parent(path)) === directory).sort((a, b) => compareFolders(id(a), id(b)));
      const there = inOrder([...before]);
      const newest = there.at(-1);
      const late = inOrder(added).filter((path) => newest !== undefined && compareFolders(id(path), id(newest)) < 0);
      for (const path of late) {
        const earlier = (each: string): boolean => compareFolders(id(each), id(path)) < 0;
        planned.push({
          commit,
          directory,
          late: path,
          base: inOrder([...there, ...added]).filter(earlier),
          overtaken: there.filter((each) => compareFolders(id(each), id(path)) > 0),
        });
      }
    }
  }
  // What was there before the merge is there after it, unless the merge itself took it away.
  const spec = (commit: string, path: string): string => `${commit}:${path}`;
  const before = (commit: string, path: string): string => `${commit}^:${path}`;
  const objects = readObjects(
    repository,
    planned.flatMap(({ commit, base, late, overtaken }) =>
      [...base, late, ...overtaken].flatMap((path) => [spec(commit, path), before(commit, path)]),
    ),
  );
  if (!objects.ok) throw new Error(objects.message);
  const text =
    (commit: string) =>
    (path: string): LateText => {
      const object = objects.value.get(before(commit, path)) ?? objects.value.get(spec(commit, path));
      if (!object) throw new Error(`${spec(commit, path)} is not there`);
      return { id: lastSegment(parent(path)), text: object.bytes.toString("utf8") };
    };
  return {
    merged,
    edited,
    late: planned.map(({ commit, directory, base, late, overtaken }) => ({
      commit,
      directory,
      base: base.map(text(commit)),
      late: text(commit)(late),
      overtaken: overtaken.map(text(commit)),
    })),
  };
}
