import type { DivergenceFact } from "../../model/divergence/facts.ts";
import { compareFolders } from "../../source/layout.ts";
import type { BranchFinding, OnBranch, WayOut } from "../../evidence/branches/findings.ts";
import { targetsOf } from "../../evidence/branches/meetings.ts";
import { type FolderRename, renamesBehind } from "../divergence/renames.ts";
import type { BranchHistory, BranchSet } from "../../evidence/git/branches.ts";
import { listed } from "../../words.ts";
import { shellWord } from "../programs/shell.ts";

export interface Advice {
  /** "npx prisma". */
  readonly prisma: string;
}

interface Context {
  readonly set: BranchSet;
  readonly advice: Advice;
  readonly holders: readonly string[];
  readonly fact?: DivergenceFact | undefined;
}

/** What can be done about a finding, the best first. */
export function waysOut(finding: Omit<BranchFinding, "message" | "wayOut">, context: Context): readonly WayOut[] {
  const { kind, root, subject, against, order } = finding;
  const { set, advice, holders, fact } = context;
  const branch = branchNamed(set, subject.branch);
  const [first] = against;
  const path = pathOf(set, root, subject);
  switch (kind) {
    case "late": {
      const renames = lateRenames(set, branch, root);
      const shared = branch.roles.some((role) => role === "main" || role === "development" || role === "production");
      const ways: WayOut[] = [];
      if (renames?.some(({ from }) => from === subject.migration.id))
        ways.push({
          title: `While ${renames.length === 1 ? "it is" : "they are"} deployed nowhere, put ${renames.length === 1 ? "it" : "it and what follows it"} behind the newest${shared ? `; databases of ${branch.name} are to be reset then (${advice.prisma} migrate reset)` : ""}`,
          command: lines(switchTo(branch), ...moves(branch, root, renames)),
        });
      if (order?.matters === "no") ways.push({ title: "Or leave it: both orders come to the same" });
      else
        ways.push({
          title:
            "If a database has it already, keep its name, and let a new migration bring what both orders leave to the same",
        });
      return ways;
    }
    case "conflict": {
      const rivals = listed([...new Set(against.map((each) => each.branch))]);
      const renames = renamesAgainst(branch, root, subject, against);
      // The order of the names may be the one that fails.
      const failing =
        order?.rehearsed?.asked === true &&
        order.rehearsed.refused[0] !== undefined &&
        order.rehearsed.refused[1] === undefined;
      return [
        ...(failing ? [] : [{ title: `Merge ${subject.branch} before ${rivals}: that is the order of the names` }]),
        ...(renames && renames.length > 0
          ? [
              {
                title: `${failing ? `Let ${rivals} go first, and,` : `Or, if ${rivals} goes first and`}${failing ? ` while ${subject.migration.id} is deployed nowhere, put it behind` : ` ${subject.migration.id} is deployed nowhere, put it behind`}`,
                command: lines(switchTo(branch), ...moves(branch, root, renames)),
              },
            ]
          : []),
        { title: "Or bring both changes into one migration, on one branch" },
      ];
    }
    case "edited":
      return [
        {
          title: `Take the text back that ${first?.branch ?? ""} has`,
          command: lines(
            switchTo(branch),
            first &&
              `git show ${shellWord(`${refOf(set, first.branch)}:${pathOf(set, root, first)}/migration.sql`)} > ${shellWord(`${path}/migration.sql`)}`,
          ),
        },
        { title: "Put what was to change into a new migration" },
      ];
    case "renamed":
      return [
        {
          title: "Take the name back",
          command: lines(
            switchTo(branch),
            first && `git mv ${shellWord(path)} ${shellWord(`${directoryOf(path)}${first.migration.id}`)}`,
          ),
        },
      ];
    case "deleted":
      return [
        {
          title: "Restore the folder",
          command: lines(switchTo(branch), first && copyFolder(set, root, branch, first)),
        },
        { title: "To take back what it did, write a new migration" },
      ];
    case "duplicate": {
      const contained = fact?.kind === "duplicate" && fact.how === "contained";
      const ported =
        first && !holds(branch, root, first.migration.id) ? copyFolder(set, root, branch, first) : undefined;
      return [
        contained && fact.of === "ours"
          ? {
              title: `While ${subject.migration.id} is deployed nowhere, take out of it what ${first?.migration.id ?? ""} does${ported === undefined ? "" : ", and take that folder over"}`,
              ...(ported !== undefined && { command: lines(switchTo(branch), ported) }),
            }
          : {
              title: `While ${subject.migration.id} is deployed nowhere, delete it${ported === undefined ? "" : ` and take the folder over that ${first?.branch ?? ""} has, byte for byte`}`,
              command: lines(switchTo(branch), `git rm -r ${shellWord(path)}`, ported),
            },
        ...(contained
          ? []
          : [
              {
                title: `If a database of ${listed(holders)} has it already, let that database note the other one as applied`,
                command: `${advice.prisma} migrate resolve --applied ${shellWord(first?.migration.id ?? "")}`,
              },
            ]),
      ];
    }
    case "absent":
      return holders.slice(1).map((name) => {
        const lacking = branchNamed(set, name);
        return {
          title: `Bring the folder to ${name}, byte for byte (or merge ${subject.branch})`,
          command: lines(
            switchTo(lacking),
            copyFolder(set, root, lacking, subject),
            `git commit -m ${shellWord(`Port ${subject.migration.id} from ${subject.branch}`)}`,
          ),
        };
      });
    case "sameTimestamp":
    case "sameName":
      return [];
  }
}

/** Renames that put what is late on `branch` behind everything that it goes into; undefined where the names do not allow it. */
export function lateRenames(set: BranchSet, branch: BranchHistory, root: string): readonly FolderRename[] | undefined {
  const idsOf = (each: BranchHistory): readonly string[] =>
    each.roots.find((one) => one.root === root)?.migrations.map(({ id }) => id) ?? [];
  const theirs = new Set(targetsOf(set, branch).flatMap(idsOf));
  const ids = idsOf(branch);
  const own = ids.filter((id) => !theirs.has(id));
  // What the branch has taken over from there counts too: production has run it.
  const newest = [...theirs].sort(compareFolders).at(-1);
  if (newest === undefined) return [];
  return renamesBehind(own, new Set(own.filter((id) => compareFolders(id, newest) < 0)), newest, branch.committed);
}

function renamesAgainst(
  branch: BranchHistory,
  root: string,
  subject: OnBranch,
  against: readonly OnBranch[],
): readonly FolderRename[] | undefined {
  const last = against
    .map(({ migration }) => migration.id)
    .sort(compareFolders)
    .at(-1);
  const ids = branch.roots.find((each) => each.root === root)?.migrations.map(({ id }) => id) ?? [];
  if (last === undefined) return [];
  return renamesBehind(
    ids.slice(ids.indexOf(subject.migration.id)),
    new Set([subject.migration.id]),
    last,
    branch.committed,
  );
}

function moves(branch: BranchHistory, root: string, renames: readonly FolderRename[]): readonly string[] {
  const path = branch.roots.find((each) => each.root === root)?.path ?? root;
  return renames.map(({ from, to }) => `git mv ${shellWord(within(path, from))} ${shellWord(within(path, to))}`);
}

function copyFolder(set: BranchSet, root: string, to: BranchHistory, from: OnBranch): string {
  const source = pathOf(set, root, from);
  const target = within(to.roots.find((each) => each.root === root)?.path ?? root, from.migration.id);
  const ref = shellWord(refOf(set, from.branch));
  if (source === target) return `git checkout ${ref} -- ${shellWord(source)}`;
  return `mkdir -p ${shellWord(target)} && git show ${shellWord(`${refOf(set, from.branch)}:${source}/migration.sql`)} > ${shellWord(`${target}/migration.sql`)} && git add ${shellWord(target)}`;
}

/** As git takes it: "origin/main", "hotfix/x". */
export function refOf(set: BranchSet, name: string): string {
  return (set.branches.find((each) => each.name === name)?.ref ?? name).replace(/^refs\/(heads|remotes|tags)\//, "");
}

function branchNamed(set: BranchSet, name: string): BranchHistory {
  const found = set.branches.find((each) => each.name === name);
  if (!found) throw new Error(`there is no branch ${name} in the set`);
  return found;
}

function pathOf(set: BranchSet, root: string, { branch, migration }: OnBranch): string {
  const own = set.branches.find((each) => each.name === branch)?.roots.find((each) => each.root === root);
  return within(own?.path ?? root, migration.id);
}

const holds = (branch: BranchHistory, root: string, id: string): boolean =>
  branch.roots.find((each) => each.root === root)?.migrations.some((each) => each.id === id) ?? false;
const within = (directory: string, name: string): string => (directory === "" ? name : `${directory}/${name}`);
const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);
const switchTo = (branch: BranchHistory): string | undefined =>
  branch.current ? undefined : `git switch ${shellWord(branch.name)}`;
const lines = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join("\n");
