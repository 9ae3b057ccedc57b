import { compareFolders } from "../../source/layout.ts";
import type { Judgement } from "../../model/divergence/judgement/terms.ts";
import { isLasting, isShared } from "../../model/divergence/roles.ts";
import type { ComparedBranch, Divergence, HistoryDivergence } from "../../model/divergence/viewpoint.ts";
import { type Command, sh, together } from "../programs/command.ts";
import type { ProjectFacts } from "../programs/facts.ts";
import { git } from "../programs/git.ts";
import { prisma } from "../programs/prisma.ts";
import { shell } from "../programs/shell.ts";
import { type FolderRename, renamesBehind } from "./renames.ts";

/** Something to do. */
export interface WayOut {
  /** In the imperative, without a full stop. */
  readonly title: string;
  /** Ready for a POSIX shell; one line for each command. */
  readonly command?: string;
}

/** Where the commands are to be run, and by whom. */
export interface Situation {
  readonly divergence: Divergence;
  readonly history: HistoryDivergence;
  readonly project: ProjectFacts;
}

/** What can be done about a judgement, the best first. */
export function waysOut(judgement: Judgement, situation: Situation): readonly WayOut[] {
  const { subjects, against } = judgement;
  const [subject] = subjects;
  const [other] = against;
  const { history, divergence, project } = situation;
  const { ours } = divergence;
  switch (judgement.kind) {
    case "late":
      return lateWays(judgement, situation);
    case "overtaken": {
      const own = other?.migration.id ?? "";
      return judgement.severity === "info"
        ? [
            {
              title: `Read ${own} again for what ${subject.branch} has by now: the order of the names is the one of production. Databases that ran it first are to be reset`,
            },
          ]
        : [{ title: `Write ${own} again for what ${subject.branch} has by now` }];
    }
    case "conflict":
      return conflictWays(judgement, situation);
    case "edited":
      return [
        {
          title: `Take the text back that ${other?.branch ?? ""} has`,
          ...(other && { command: copied(situation, ours, other.branch, [other.migration.id]) }),
        },
        { title: "Put what was to change into a new migration" },
      ];
    case "renamed":
      return [
        {
          title: "Take the old name back",
          ...(other && {
            command: lines(
              switchTo(situation, ours.name),
              move(history.directory, { from: subject.migration.id, to: other.migration.id }),
            ),
          }),
        },
      ];
    case "deleted":
      return [
        {
          title: subjects.length === 1 ? "Bring the folder back" : "Bring the folders back",
          ...(other && {
            command: copied(
              situation,
              ours,
              other.branch,
              subjects.map(({ migration }) => migration.id),
            ),
          }),
        },
        { title: "To take back what was done, write a new migration" },
        {
          title: `To make one migration of many, squash what every database has, and let each database note it with "${prisma.applied(project).text}"`,
        },
      ];
    case "duplicate":
      return duplicateWays(judgement, situation);
    case "absent":
    case "instead": {
      const lacking = branchNamed(divergence, judgement.of[0] ?? "");
      const [folder, own] = subjects.length === 1 ? ["the folder", "its own name"] : ["the folders", "their own names"];
      const merge: WayOut = {
        title: `Merge ${subject.branch} into ${lacking.name}: ${folder} and schema.prisma come together`,
        command: lines(switchTo(situation, lacking.name), git.merge(branchNamed(divergence, subject.branch).ref)),
      };
      const copy: WayOut = {
        title: `bring ${folder} to ${lacking.name} under ${own}, byte for byte, and write into schema.prisma there what ${subjects.length === 1 ? "it does" : "they do"}: otherwise the next "${prisma.develop(project).text}" takes it back`,
        command: copied(
          situation,
          lacking,
          subject.branch,
          subjects.map(({ migration }) => migration.id),
        ),
      };
      // Where it has the same under another name, a merge would leave it with both.
      return judgement.kind === "instead"
        ? [{ ...copy, title: `B${copy.title.slice(1)}` }]
        : [merge, { ...copy, title: `Or ${copy.title}` }];
    }
    case "due": {
      const from = ours.name === "HEAD" ? divergence.target.name : ours.name;
      return [
        {
          title: "Nothing has to be done before the deployment; merge it then",
          command: lines(
            ...history.others
              .filter(({ branch }) => isLasting(branch))
              .filter(({ migrations }) =>
                subjects.some(({ migration }) => !migrations.some(({ id }) => id === migration.id)),
              )
              .map(({ branch }) => together(git.switch(branch.name), git.merge(from))),
          ),
        },
      ];
    }
    case "sameTimestamp":
      return [{ title: `While ${subject.migration.id} is deployed nowhere, give it a timestamp of its own` }];
    case "sameName":
      return [{ title: "If it is the same change, keep one of the two; if not, take a name that tells them apart" }];
  }
}

function lateWays({ subjects: [subject], order }: Judgement, situation: Situation): readonly WayOut[] {
  const { divergence, history, project } = situation;
  const { ours } = divergence;
  const renames = lateRenames(divergence, history) ?? [];
  const ways: WayOut[] = [];
  if (
    renames.some(({ from }) => from === subject.migration.id) &&
    !renames.some((rename) => isElsewhere(history, rename))
  ) {
    const one = renames.length === 1;
    ways.push({
      title: `While ${one ? "it is" : "they are"} deployed nowhere, put ${one ? "it" : "it and what follows it"} behind the newest${isShared(ours) ? `; databases of ${ours.name} are to be reset then (${prisma.reset(project).text})` : ""}`,
      command: lines(switchTo(situation, ours.name), ...renames.map((each) => move(history.directory, each))),
    });
  }
  if (order?.matters === "no") ways.push({ title: "Or leave it: both orders come to the same" });
  else
    ways.push({
      title:
        "If a database has it already, keep its name, and let a new migration bring what both orders leave to the same",
    });
  return ways;
}

/** Renames that put what is late on ours behind everything that it goes into; undefined where the names do not allow it. */
export function lateRenames({ ours }: Divergence, history: HistoryDivergence): readonly FolderRename[] | undefined {
  const targets = [history.target, ...history.others.filter(({ relation }) => relation === "target")];
  const theirs = new Set(targets.flatMap(({ migrations }) => migrations.map(({ id }) => id)));
  const late = new Set(
    targets.flatMap(({ divergence }) =>
      divergence.facts.flatMap((fact) => (fact.kind === "late" && fact.side === "ours" ? [fact.migration.id] : [])),
    ),
  );
  const own = history.ours.map(({ id }) => id).filter((id) => !theirs.has(id));
  const newest = [...theirs].sort(compareFolders).at(-1);
  if (newest === undefined) return [];
  return renamesBehind(own, late, newest, ours.committed ?? 0);
}

/** Another branch that databases follow has it already. */
const isElsewhere = ({ others }: HistoryDivergence, { from }: FolderRename): boolean =>
  others.some(
    ({ branch, migrations }) =>
      (isShared(branch) || branch.roles.includes("release")) && migrations.some(({ id }) => id === from),
  );

function conflictWays({ subjects: [subject], against, order }: Judgement, situation: Situation): readonly WayOut[] {
  const { migration, branch } = subject;
  const rival = against[0]?.branch ?? "";
  const together: WayOut = { title: "Or bring both changes into one migration, on one branch" };
  if (order?.matters === "no") return [{ title: "Nothing has to be done: both orders come to the same" }];
  // The order of the names may be the one that fails.
  const isFailing =
    order?.rehearsed?.asked === true &&
    order.rehearsed.refused[0] !== undefined &&
    order.rehearsed.refused[1] === undefined;
  const { migrations, directory, committed } = on(situation, branch);
  const ids = migrations.map(({ id }) => id);
  const last = against
    .map((each) => each.migration.id)
    .sort(compareFolders)
    .at(-1);
  const renames =
    last === undefined
      ? []
      : renamesBehind(ids.slice(ids.indexOf(migration.id)), new Set([migration.id]), last, committed);
  const behind: WayOut[] =
    renames && renames.length > 0
      ? [
          {
            title: isFailing
              ? `Let ${rival} go first, and, while ${migration.id} is deployed nowhere, put it behind`
              : `Or, if ${rival} goes first and ${migration.id} is deployed nowhere, put it behind`,
            command: lines(switchTo(situation, branch), ...renames.map((each) => move(directory, each))),
          },
        ]
      : [];
  const first: WayOut = { title: `Merge ${branch} before ${rival}: that is the order of the names` };
  return [...(isFailing ? [] : [first]), ...behind, together];
}

function duplicateWays(
  { subjects: [subject], against, duplicate }: Judgement,
  situation: Situation,
): readonly WayOut[] {
  const [other] = against;
  if (!other) return [];
  const { id } = subject.migration;
  const { migrations, directory } = on(situation, subject.branch);
  const isHere = migrations.some((each) => each.id === other.migration.id);
  const ported = isHere ? undefined : copy(situation, subject.branch, other.branch, other.migration.id);
  const isMore = duplicate?.of === "ours";
  return [
    isMore
      ? {
          title: `While ${id} is deployed nowhere, take out of it what ${other.migration.id} does${isHere ? "" : `, and take over that folder of ${other.branch}, byte for byte`}`,
          ...(ported !== undefined && { command: lines(switchTo(situation, subject.branch), ported) }),
        }
      : {
          title: `While ${id} is deployed nowhere, delete it${isHere ? "" : `, and take over the folder of ${other.branch}, byte for byte`}`,
          command: lines(switchTo(situation, subject.branch), git.remove(within(directory, id)), ported),
        },
    ...(duplicate?.how === "contained"
      ? []
      : [
          {
            title: `If a database of ${subject.branch} has it already, let that database note the other one as applied`,
            command: prisma.applied(situation.project, other.migration.id).text,
          },
        ]),
  ];
}

/** What ours or another branch has, and where. */
function on(
  { divergence: { ours }, history }: Situation,
  name: string,
): Pick<HistoryDivergence["target"], "migrations" | "movedFrom"> & {
  readonly directory: string;
  readonly committed: number;
} {
  if (name === ours.name)
    return {
      migrations: history.ours,
      movedFrom: undefined,
      directory: history.directory,
      committed: ours.committed ?? 0,
    };
  const other = [history.target, ...history.others].find(({ branch }) => branch.name === name);
  return {
    migrations: other?.migrations ?? [],
    movedFrom: other?.movedFrom,
    directory: other?.movedFrom ?? history.directory,
    committed: other?.branch.committed ?? 0,
  };
}

function branchNamed({ ours, target, others }: Divergence, name: string): ComparedBranch {
  const found = [ours, target, ...others].find((each) => each.name === name);
  if (!found) throw new Error(`no branch ${name} was compared`);
  return found;
}

/** Commands that give `to` the folders as `from` has them, byte for byte. */
const copied = (situation: Situation, to: ComparedBranch, from: string, ids: readonly string[]): string =>
  lines(switchTo(situation, to.name), ...ids.map((id) => copy(situation, to.name, from, id)));

function copy(situation: Situation, to: string, from: string, id: string): Command | string {
  const [there, here] = [on(situation, from), on(situation, to)];
  const [source, target] = [within(there.directory, id), within(here.directory, id)];
  const { ref } = branchNamed(situation.divergence, from);
  // By name they may look the same from a folder below.
  if (there.movedFrom === here.movedFrom) return git.take(ref, target);
  return together(
    shell.makeDirectory(target),
    git.show(ref, `${source}/migration.sql`, `${target}/migration.sql`),
    git.add(target),
  );
}

const move = (directory: string, { from, to }: FolderRename): Command =>
  git.move(within(directory, from), within(directory, to));

const switchTo = ({ divergence: { ours, checkedOut = ours.name } }: Situation, name: string): Command | undefined =>
  name === checkedOut ? undefined : git.switch(name);

const within = (directory: string, name: string): string =>
  directory === "" || directory === "." ? name : `${directory}/${name}`;

const lines = (...parts: readonly (Command | string | undefined)[]): string =>
  sh(...parts.filter((part) => part !== undefined)).text;
