import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { unifiedDiff } from "../../report/diff.ts";
import type { Paint } from "../../report/text/paint.ts";
import { replaceFile } from "../../source/disk/write.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

/** One file to be written. */
export interface FileChange {
  /** What it is for: the configuration, the hook, the workflow, the baseline. */
  readonly part: Part;
  /** Absolute. */
  readonly path: string;
  /** For people: from the directory that lockstep was started in. */
  readonly shown: string;
  /** The text that is there; absent for a new file. */
  readonly before?: string | undefined;
  readonly after: string;
  readonly executable?: boolean;
  /** "the hook of husky". */
  readonly what: string;
}

export type Part = "config" | "hook" | "ci" | "baseline";

/** As a patch that `git apply` takes. */
export function patchOf({ shown, before, after, executable }: FileChange, paint: Paint = (_, text) => text): string {
  const diff = unifiedDiff(shown, before ?? "", after, paint);
  if (before !== undefined) return diff;
  const mode = `diff --git a/${shown} b/${shown}\nnew file mode ${executable ? "100755" : "100644"}`;
  return `${paint("bold", mode)}\n${diff.replace(/^(\S*)--- [^\n\u001B]*/, "$1--- /dev/null")}`;
}

/** Writes all of them or, where one cannot be written, none. A file that is not what it was when it was read is not touched. */
export function writeChanges(changes: readonly FileChange[]): Outcome<undefined> {
  for (const { path, shown, before } of changes) {
    const there = existsSync(path) ? readFileSync(path, "utf8") : undefined;
    if (there !== before)
      return failure(
        `${shown} has ${before === undefined ? "appeared" : "changed"} in the meantime: nothing was written; start ${lockstep.init(IN_WORDS).text} again.`,
      );
  }
  const undo: (() => void)[] = [];
  try {
    for (const { path: named, before, after, executable } of changes) {
      // A link is kept, and what it leads to is changed.
      const path = before === undefined ? named : realpathSync(named);
      undo.push(makeFolders(dirname(path)));
      const mode = before === undefined ? undefined : statSync(path).mode;
      const temporary = `${path}.${process.pid}.tmp`;
      undo.push(() => rmSync(temporary, { force: true }));
      writeFileSync(temporary, after, { flag: "wx" });
      if (mode !== undefined) chmodSync(temporary, mode);
      else if (executable) chmodSync(temporary, 0o755);
      undo.push(() => {
        if (before === undefined) rmSync(path, { force: true });
        else replaceFile(path, before);
      });
      renameSync(temporary, path);
    }
    return success(undefined);
  } catch (error) {
    for (const step of undo.reverse()) step();
    if (!(error instanceof Error && "code" in error)) throw error;
    const path = "path" in error ? String(error.path).replace(/\.\d+\.tmp$/, "") : "A file";
    return failure(
      `${path} could not be written (${String(error.code)}): nothing was written; make its folder writable, or leave it out.`,
    );
  }
}

/** Makes a folder and those around it. Gives what takes them away again, as far as they are empty. */
function makeFolders(folder: string): () => void {
  const made: string[] = [];
  for (let each = folder; !existsSync(each); each = dirname(each)) made.push(each);
  mkdirSync(folder, { recursive: true });
  return () => {
    for (const each of made) {
      try {
        rmdirSync(each);
      } catch {
        // Somebody else has put something into it.
        return;
      }
    }
  };
}
