import { gitRoot } from "../../source/git/repository.ts";
import { type GitConversation, converseWithGit } from "../../source/git/conversation.ts";
import { mayBeMigration, stagedChanges } from "../../source/git/staged.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import type { CheckFlags } from "./flags.ts";
import type { Io } from "../../project/io.ts";
import type { StagedIndex } from "../../project/staged.ts";

export interface Staged extends StagedIndex {
  /** Nothing of a migrations directory is staged. */
  readonly nothing: boolean;
}

/** What is staged, by one git process; a sentence where --staged is given with what contradicts it. */
export function readStaged(paths: readonly string[], flags: CheckFlags, io: Io): Outcome<Staged> {
  if (paths.length > 0)
    return failure(
      `--staged finds by itself what is staged, so it takes no paths (${paths.join(", ")}): leave them out, or check those files without --staged.`,
    );
  if (flags.all)
    return failure("--staged makes the staged migrations pending, and --all every one: leave out one of them.");
  if (flags.base !== undefined)
    return failure(
      `--staged compares with HEAD, and --base with ${flags.base || "another commit"}: leave out one of them.`,
    );
  if (flags.stdin) return failure("--staged reads the index, and --stdin standard input: leave out one of them.");
  if ((flags.fix || flags.fixUnsafe) && !flags.diff)
    return failure(
      `--${flags.fix ? "fix" : "fix-unsafe"} changes files of the work tree, and --staged reads the index: fix the files by their names and stage them again, or look at the fixes with --diff.`,
    );
  const root = gitRoot(io.cwd);
  if (root === undefined)
    return failure(
      `--staged reads the index of a git repository, but ${io.cwd} is in none: start it inside of one, or name the migrations.`,
    );
  const changes = stagedChanges(root, io.env);
  return changes.ok ? success({ root, changes: changes.value, nothing: !changes.value.some(mayBeMigration) }) : changes;
}

/** The same with a process that answers for objects, which starts at once. Whoever asked for it ends it. */
export function withObjects(staged: Staged): Staged & { readonly objects: GitConversation } {
  return { ...staged, objects: converseWithGit(staged.root) };
}
