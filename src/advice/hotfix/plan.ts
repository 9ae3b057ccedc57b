import { plan, predictedFailures } from "../../model/plan.ts";
import { readMigration } from "../../model/walk.ts";
import type { ReadStatements } from "../../model/divergence/facts.ts";
import { resolveRef } from "../../source/git/repository.ts";
import { compareFolders } from "../../source/layout.ts";
import type { Reader } from "../../sql/statement.ts";
import { matchesGlob, refName } from "../../evidence/git/roles.ts";
import { productionOf } from "../../model/divergence/roles.ts";
import type { BranchMigration } from "../../evidence/git/roots.ts";
import type { BranchHistory, BranchSet } from "../../evidence/git/branch-set.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { whatItMeets } from "./merges.ts";
import { type Block, sh, sql } from "../programs/command.ts";
import type { ProjectFacts } from "../programs/facts.ts";
import { git } from "../programs/git.ts";
import { lockstep } from "../programs/lockstep.ts";
import { prisma, schemaBeside } from "../programs/prisma.ts";
import { shell } from "../programs/shell.ts";
import { ledger } from "../programs/ledger.ts";
import { type Recovery, recovery } from "../recovery.ts";

/** What to do from the branch to the last merge. */
export interface HotfixPlan {
  readonly branch: string;
  /** What production runs, as git takes it. */
  readonly production: string;
  /** The migrations directory, from the git root. */
  readonly root: string;
  /** How branches are used and how Prisma sends a file, each with its reason, as sentences. */
  readonly known: readonly string[];
  readonly steps: readonly HotfixStep[];
  /** The way out of a deployment that failed half-way, for each way in which Prisma may have sent the file. */
  readonly recoveries: readonly { readonly execution: "batch" | "split"; readonly recovery: Recovery }[];
}

export interface HotfixStep {
  /** In the imperative, without a full stop. */
  readonly title: string;
  readonly done: boolean;
  /** Sentences: why, and what to look at. */
  readonly notes: readonly string[];
  /** Run in the repository's root; several lines are several commands. */
  readonly commands: readonly Block[];
}

export interface HotfixOptions {
  readonly execution: Evidence["execution"];
  readonly prisma?: Evidence["prisma"];
  /** What the hotfix is to be called, as a word. */
  readonly name?: string;
  /** The migrations directory, where there are several. */
  readonly root?: string;
  /** Globs of hotfix branches, the first names new ones. */
  readonly globs: readonly string[];
  readonly reader: Reader;
  readonly read: ReadStatements;
  /** Whether the work tree has a file; by its path from the git root. */
  has(path: string): boolean;
}

const NAME = "fix_what_is_wrong";

/** The plan for a hotfix: for the branch that is checked out if it is one, for `name` else. */
export function hotfixPlan(set: BranchSet, options: HotfixOptions): HotfixPlan {
  const { execution, prisma: version, read } = options;
  const production = productionOf(set.branches) ?? set.branches[0];
  if (!production) throw new Error("a set of branches without a branch");
  const current = set.branches.find((branch) => branch.current);
  const wanted = options.name === undefined ? undefined : branchName(options.name, options.globs);
  const existing =
    wanted === undefined
      ? current?.roles.includes("hotfix")
        ? current
        : undefined
      : set.branches.find(({ name }) => name === wanted || name === options.name);
  const branch = existing?.name ?? wanted ?? branchName(NAME, options.globs);
  const root =
    options.root ??
    production.roots[0]?.root ??
    set.branches.flatMap((each) => each.roots)[0]?.root ??
    "prisma/migrations";
  const deployed = migrationsOf(production, root);
  const own = existing ? migrationsOf(existing, root).filter(({ id }) => !deployed.some((each) => each.id === id)) : [];
  const word =
    (options.name ?? branch)
      .replace(/^.*\//, "")
      .replace(/[^\p{L}\p{N}]+/gu, "_")
      .replace(/^_+|_+$/g, "")
      .toLowerCase() || NAME;
  const remote = set.branches
    .map(({ ref }) => /^refs\/remotes\/([^/]+)\//.exec(ref)?.[1])
    .find((name) => name !== undefined);
  // What is checked out is read from its local copy; others build on the remote's.
  const shared =
    remote === undefined || !production.ref.startsWith("refs/heads/")
      ? undefined
      : resolveRef(set.repository, [`refs/remotes/${remote}/${production.name}`]);
  const from = shared?.ok && shared.value ? `${remote ?? ""}/${production.name}` : refName(production);
  const isBranch = production.ref.startsWith("refs/");
  const path =
    existing?.roots.find((each) => each.root === root)?.path ??
    production.roots.find((each) => each.root === root)?.path ??
    root;
  const newest = deployed.at(-1);
  const pull = remote === undefined ? [] : [git.pull()];
  const push = remote === undefined ? [] : [git.push()];
  const manager = version?.packageManager ?? "npm";
  const facts: ProjectFacts = { packageManager: manager, prisma: version?.version, root: path };
  const schema = schemaBeside(facts);
  const base = { base: from };

  const steps: HotfixStep[] = [
    {
      title: existing
        ? `Work on ${branch}, which began at ${production.name}`
        : `Branch from production, which is ${from}`,
      done: existing !== undefined,
      notes: [
        existing
          ? current === existing
            ? "It is checked out."
            : "It is there already."
          : "Nothing that is in flux on other branches comes along.",
      ],
      commands:
        current === existing && existing
          ? []
          : [
              sh(
                ...(remote === undefined ? [] : [git.fetch(remote)]),
                existing ? git.switch(branch) : git.branch(branch, from, { track: !isBranch }),
              ),
            ],
    },
    {
      title: own.length > 0 ? `Read what was written: ${own.map(({ id }) => id).join(", ")}` : "Write the migration",
      done: own.length > 0,
      notes: [
        ...(newest ? [`Its folder has to sort behind ${newest.id}, the newest that production has.`] : []),
        ...(own.length > 0
          ? []
          : [
              `"${prisma.develop(facts).text}" would want to reset a database that has run migrations of other branches: write it by hand, or let Prisma compare the folder with schema.prisma, which needs an empty shadow database.`,
            ]),
      ],
      commands:
        own.length > 0 ? [] : [sh(shell.nameFolder(path, word), shell.makeFolder(), prisma.writeDifference(facts))],
    },
    {
      title: "Check it",
      done: false,
      notes: [
        "What it would block, break or lose in the schema that production has, and whether it adds up with the other branches.",
      ],
      commands: [sh(lockstep.check(facts, base))],
    },
    {
      title: "Rehearse it",
      done: false,
      notes: [
        "Databases do not branch: it runs in a PostgreSQL of its own, in a copy of production's schema, with rows made to hurt.",
      ],
      commands: [sh(lockstep.rehearse(facts, base))],
    },
    {
      title: "Write the way back",
      done: own.length > 0 && own.every(({ down }) => down),
      notes: [
        "down.sql is beside migration.sql, and Prisma never reads it. The rehearsal shows whether it restores the schema.",
      ],
      commands: [sh(lockstep.down(facts, base))],
    },
    {
      title: "Fill in the checklist and commit",
      done: false,
      notes: [
        "Backup, staging, team, window, monitoring: what is known is filled in.",
        `The migration and schema.prisma go together: where the schema does not say what the migration does, the next "${prisma.develop(facts).text}" takes it back.`,
      ],
      commands: [
        sh(
          lockstep.checklist(facts, base),
          git.add(path, ...(options.has(schema) ? [schema] : [])),
          git.commit(`Hotfix: ${word.replaceAll("_", " ")}`),
          ...(remote === undefined ? [] : [git.publish(remote, branch)]),
        ),
      ],
    },
    {
      title: "Deploy",
      done: false,
      notes: [
        "From this branch, with production's address: status says which host and which database it is, and lists the hotfix and nothing else. Where only main is deployed, merge first.",
      ],
      commands: [sh(prisma.status(facts), prisma.deploy(facts))],
    },
    {
      title: "Verify",
      done: false,
      notes: ["Each of these is 0, or has no rows."],
      commands: verifications(root, production, own, options),
    },
  ];
  const targets = [
    ...(isBranch ? [production] : []),
    ...set.branches.filter((each) => each !== production && each.roles.includes("main")),
    ...set.branches.filter(
      (each) => each !== production && !each.roles.includes("main") && each.roles.includes("development"),
    ),
  ];
  for (const target of targets) {
    const meets =
      target === production ? [] : whatItMeets(set, { root, from: existing ?? production, own, target, read });
    const source = target === production || !isBranch ? branch : production.name;
    steps.push({
      title: `Merge ${source} into ${target.name}`,
      done: false,
      notes: [
        ...(target === production ? ["Byte for byte: a folder that is generated again runs twice."] : meets),
        ...(target === production || meets.length > 0 ? [] : ["Nothing is there that it meets."]),
      ],
      commands: [
        sh(
          git.switch(target.name),
          ...pull,
          git.mergeCommit(source),
          ...push,
          ...(target.roles.includes("development") ? [prisma.develop(facts)] : []),
        ),
      ],
    });
  }
  const others = set.branches.filter((each) => !targets.includes(each) && each !== existing && each !== production);
  if (others.length > 0) {
    steps.push({
      title: `Tell the other live branches: ${others.map(({ name }) => name).join(", ")}`,
      done: false,
      notes: others.flatMap((target) =>
        whatItMeets(set, { root, from: existing ?? production, own, target, read }).map(
          (sentence) => `${target.name}: ${sentence}`,
        ),
      ),
      commands: [],
    });
  }
  steps.push({
    title: "See that all branches have it",
    done: false,
    notes: ["Exit code 0, and the row of the hotfix is gone from the matrix."],
    commands: [sh(lockstep.branches(facts), git.deleteBranch(branch))],
  });

  const last = own.at(-1);
  const statements = last ? Math.max(1, read(last.file).length) : 3;
  const modes = execution.mode === "unknown" ? (["batch", "split"] as const) : [execution.mode];
  return {
    branch,
    production: from,
    root,
    known: [
      `${set.flow === "configured" ? "As configured" : `${set.flow.charAt(0).toUpperCase()}${set.flow.slice(1)}`}: ${set.because}.`,
      version
        ? `Prisma ${version.version} (${version.from}), called by ${manager}.`
        : "Prisma's version is not known: the commands are those of version 7.",
      execution.mode === "unknown"
        ? `How Prisma sends a file is not known (${execution.because}).`
        : `Prisma sends a migration ${execution.mode === "batch" ? "as one batch" : "statement by statement"} (${execution.because}).`,
    ],
    steps,
    recoveries: modes.map((mode) => ({
      execution: mode,
      recovery: recovery({
        migration: last?.id ?? `YYYYMMDDHHMMSS_${word}`,
        root,
        packageManager: manager,
        ...(version && { prisma: version.version }),
        execution: mode,
        kind: "failed",
        statements,
        // The second statement fails, as an example.
        committed: mode === "split" && statements > 1 ? [0] : [],
        inTransaction: false,
        concurrently: false,
        down: true,
      }),
    })),
  };
}

const migrationsOf = (branch: BranchHistory, root: string): readonly BranchMigration[] =>
  branch.roots.find((each) => each.root === root)?.migrations ?? [];

/** "hotfix/fix-orphans", by the first pattern of hotfix branches. */
function branchName(name: string, globs: readonly string[]): string {
  if (globs.some((glob) => matchesGlob(glob, name))) return name;
  const glob = globs.find((each) => each.includes("*")) ?? "hotfix/*";
  return glob
    .replace(
      "*",
      name
        .replace(/[^\p{L}\p{N}._-]+/gu, "-")
        .replaceAll("_", "-")
        .replace(/^[-.]+|[-.]+$/g, "") || "fix",
    )
    .replaceAll("*", "");
}

/** Queries whose answer is 0 when all is well: Prisma's own table first, then the rows that the migrations are about. */
function verifications(
  root: string,
  production: BranchHistory,
  own: readonly BranchMigration[],
  { reader }: HotfixOptions,
): readonly Block[] {
  const views = [
    ...migrationsOf(production, root).map((each) => ({ each, state: "history" as const })),
    ...own.map((each) => ({ each, state: "pending" as const })),
  ]
    .sort((a, b) => compareFolders(a.each.id, b.each.id))
    .flatMap(
      ({ each, state }) => readMigration({ id: each.id, path: each.path, up: each.file, state }, reader, "split") ?? [],
    );
  const planned = plan(views, "split", 17, "one");
  const counts =
    own.length === 0
      ? []
      : predictedFailures(planned, planned.pending).flatMap(({ failure }) => failure.countQuery ?? []);
  return [sql(ledger.countFailed(), ...new Set(counts))];
}
