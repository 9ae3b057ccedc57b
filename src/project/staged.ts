import { relative, resolve, sep } from "node:path";
import type { Evidence } from "../evidence/evidence.ts";
import { type Inputs, ownersFor, POSTGRES, prismaEvidence } from "./inputs.ts";
import { covers } from "../engine/glob.ts";
import type { Outcome } from "../source/outcome.ts";
import { success } from "../source/outcome.ts";
import type { GitConversation } from "../source/git/conversation.ts";
import { checkedOutBranch, stagedHistories, type StagedChange } from "../source/git/staged.ts";

/** What a git index has that HEAD has not. */
export interface StagedIndex {
  /** Absolute: the work tree. */
  readonly root: string;
  readonly changes: readonly StagedChange[];
  /** A process that answers for objects, which is left running; without it one is started. */
  readonly objects?: GitConversation;
}

export interface StagedOptions extends StagedIndex {
  /** Absolute. Paths of files are relative to it. */
  readonly cwd: string;
  /** Whether a staged file (from the git root) makes its migrations directory one to check. */
  readonly wanted: (path: string) => boolean;
  /** In place of what the locked Prisma version says. */
  readonly execution?: Evidence["execution"];
  readonly postgres?: Evidence["postgres"];
}

/** What a check of the index is given: migrations as they will be committed, and evidence from the files around them. One git process. */
export async function loadStaged(options: StagedOptions): Promise<Outcome<Inputs>> {
  const { cwd, root } = options;
  const read = await stagedHistories(cwd, root, options.changes, options.wanted, options.objects);
  if (!read.ok) return read;
  const histories = read.value.map(({ history }) => history);
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
  const changed = read.value.filter(({ earlier }) => earlier.length > 0);
  return success({ histories, evidence, each: false, gitRoot: root, changed });
}

/** Whether a staged path (from the git root) is one to check: below `cwd`, or as the configuration's patterns, relative to `cwd`, say. */
export function wantedIn(cwd: string, root: string, migrations: readonly string[]): StagedOptions["wanted"] {
  const forward = (path: string): string => path.split(sep).join("/");
  const patterns = migrations.map((pattern) => forward(relative(root, resolve(cwd, pattern))));
  const below = forward(relative(root, cwd));
  return (path) => {
    if (patterns.length > 0) return patterns.some((pattern) => pattern === "" || covers(pattern, path));
    return below === "" || path.startsWith(`${below}/`);
  };
}
