import { resolve } from "node:path";
import type { Evidence } from "../evidence/evidence.ts";
import { ownersFor, POSTGRES, prismaEvidence } from "./inputs.ts";
import type { History } from "../source/history.ts";
import type { Outcome } from "../source/outcome.ts";
import { success } from "../source/outcome.ts";
import type { Conversation } from "../source/git/conversation.ts";
import { checkedOutBranch, stagedHistories, type StagedChange } from "../source/git/staged.ts";

export interface StagedOptions {
  /** Absolute. Paths of files are relative to it. */
  readonly cwd: string;
  /** Absolute: the work tree. */
  readonly root: string;
  readonly changes: readonly StagedChange[];
  /** A process that answers for objects, which is left running; without it one is started. */
  readonly objects?: Conversation;
  /** Whether a staged file (from the git root) makes its migrations directory one to check. */
  readonly wanted: (path: string) => boolean;
  /** In place of what the locked Prisma version says. */
  readonly execution?: Evidence["execution"];
  readonly postgres?: Evidence["postgres"];
}

/** What a check of the index is given: migrations as they will be committed, and evidence from the files around them. One git process. */
export async function loadStaged(options: StagedOptions): Promise<
  Outcome<{
    readonly histories: readonly History[];
    readonly evidence: Evidence;
    readonly each: false;
    readonly gitRoot: string;
  }>
> {
  const { cwd, root } = options;
  const read = await stagedHistories(cwd, root, options.changes, options.wanted, options.objects);
  if (!read.ok) return read;
  const histories = read.value;
  const owners = ownersFor(cwd, root, histories);
  const branch = checkedOutBranch(root);
  const evidence: Evidence = {
    ...prismaEvidence(
      cwd,
      histories.map((history) => resolve(cwd, history.root)),
      options.execution,
    ),
    postgres: options.postgres ?? POSTGRES,
    owners,
    branch,
  };
  return success({ histories, evidence, each: false, gitRoot: root });
}
