import { git } from "../../src/source/git.ts";
import { readObjects } from "../../src/source/git-objects.ts";
import { compareFolders, lastSegment, parent } from "../../src/source/layout.ts";

export interface LateText {
  readonly id: string;
  readonly text: string;
}

/** A merge into the main line whose migrations sort before ones that were there already. */
export interface LateMerge {
  readonly commit: string;
  readonly directory: string;
  /** What was there and sorts before all late ones. */
  readonly base: readonly LateText[];
  readonly late: readonly LateText[];
  /** What was there already and sorts after the first late one. */
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
  const run = git(repository, ["log", "--first-parent", "--reverse", "-m", "--name-status", "--no-renames", "-z", "--format=%x01%H", branch, "--", ":(glob)**/migration.sql"]);
  if (!run.ok) throw new Error(run.message);
  const present = new Set<string>();
  const planned: { commit: string; directory: string; base: string[]; late: string[]; overtaken: string[] }[] = [];
  const edited: { commit: string; path: string }[] = [];
  let merged = 0;
  for (const block of run.value.toString("utf8").split("\u0001").slice(1)) {
    const [commit = "", ...parts] = block.split("\0").map((part) => part.trim()).filter((part) => part !== "");
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
      const inOrder = (paths: readonly string[]): string[] => paths.filter((path) => parent(parent(path)) === directory).sort((a, b) => compareFolders(id(a), id(b)));
      const there = inOrder([...before]);
      const newest = there.at(-1);
      const late = inOrder(added).filter((path) => newest !== undefined && compareFolders(id(path), id(newest)) < 0);
      const [first] = late;
      if (first === undefined) continue;
      planned.push({ commit, directory, late, base: there.filter((path) => compareFolders(id(path), id(first)) < 0), overtaken: there.filter((path) => compareFolders(id(path), id(first)) > 0) });
    }
  }
  const spec = (commit: string, path: string, before: boolean): string => `${commit}${before ? "^" : ""}:${path}`;
  const objects = readObjects(repository, planned.flatMap(({ commit, base, late, overtaken }) => [...late.map((path) => spec(commit, path, false)), ...[...base, ...overtaken].map((path) => spec(commit, path, true))]));
  if (!objects.ok) throw new Error(objects.message);
  const texts = (commit: string, paths: readonly string[], before: boolean): LateText[] =>
    paths.map((path) => {
      const object = objects.value.get(spec(commit, path, before));
      if (!object) throw new Error(`${spec(commit, path, before)} is not there`);
      return { id: lastSegment(parent(path)), text: object.bytes.toString("utf8") };
    });
  return { merged, edited, late: planned.map(({ commit, directory, base, late, overtaken }) => ({ commit, directory, base: texts(commit, base, true), late: texts(commit, late, false), overtaken: texts(commit, overtaken, true) })) };
}
