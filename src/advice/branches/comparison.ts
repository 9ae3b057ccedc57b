import { compareFolders } from "../../source/layout.ts";
import type { Commutation, OrderVerdict } from "../../model/order/commutation.ts";
import type {
  BranchDivergence,
  DivergenceFact,
  DivergingBranch,
  DivergingMigration,
  ReadStatements,
  Side,
} from "../../model/divergence/facts.ts";
import { compareBranches } from "../../model/divergence/index.ts";
import { missingPorts } from "../../model/divergence/ports.ts";
import { sentenceOf } from "../../evidence/branches/sentences.ts";
import type { OrderEvidence } from "../../model/order/answers.ts";
import type { BranchFinding, OnBranch } from "../../evidence/branches/findings.ts";
import { type RehearsedOrder, answered } from "../../model/order/answers.ts";
import { type Meeting, meetings, productionOf } from "../../evidence/branches/meetings.ts";
import type { BranchRoot } from "../../evidence/git/roots.ts";
import { type Advice, waysOut } from "./ways-out.ts";
import type { BranchHistory, BranchSet } from "../../evidence/git/branches.ts";
import type { OrderQuestion } from "../../model/divergence/facts.ts";

/** What the branches of a repository are to each other. */
export interface BranchesResult {
  readonly set: BranchSet;
  /** Errors first; within a severity in the order of the migrations. */
  readonly findings: readonly BranchFinding[];
  /** Sentences about pairs that have no commit in common. */
  readonly problems: readonly string[];
  /** What PostgreSQL can be asked: the findings that depend on an order, with the migrations before and in it. */
  readonly questions: ReadonlyMap<BranchFinding, OrderQuestion>;
  /** The same comparison, where what PostgreSQL said takes the place of what the model says. */
  answer(answers: ReadonlyMap<BranchFinding, RehearsedOrder>): BranchesResult;
}

interface Draft extends Omit<BranchFinding, "message" | "wayOut" | "severity" | "against" | "branches"> {
  readonly against: OnBranch[];
  /** Branches on which the subject is like this. */
  readonly alsoOn: Set<string>;
  fact?: DivergenceFact;
  evidence?: OrderEvidence;
  question?: OrderQuestion;
  changed?: "comments" | "statements";
}

export interface ComparisonOptions {
  readonly read: ReadStatements;
  readonly advice: Advice;
}

/** Compares the branches of a set in pairs and gathers what is to be said, each thing once. */
export function compareAll(set: BranchSet, { read, advice }: ComparisonOptions): BranchesResult {
  const drafts = new Map<string, Draft>();
  const problems = new Set<string>();
  for (const meeting of meetings(set)) {
    if (meeting.problem !== undefined && meeting.kind === "merge") problems.add(meeting.problem);
    for (const { root, ours, theirs, base } of sharedRoots(set, meeting)) {
      const sides = { ours: branchOf(meeting.ours, ours), theirs: branchOf(meeting.theirs, theirs) };
      if (meeting.kind === "peers" && !partsOfBoth(sides.ours, sides.theirs)) continue;
      gather(drafts, root, meeting, compareBranches(sides.ours, sides.theirs, base, read), sides);
    }
  }
  return told(set, [...drafts.values()], [...problems], advice);
}

function told(set: BranchSet, drafts: readonly Draft[], problems: readonly string[], advice: Advice): BranchesResult {
  const pairs = drafts
    .map((draft) => ({ draft, finding: finish(draft, set, advice) }))
    .sort(
      ({ finding: a }, { finding: b }) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        (a.root < b.root ? -1 : a.root > b.root ? 1 : compareFolders(a.subject.migration.id, b.subject.migration.id)),
    );
  const findings = pairs.map(({ finding }) => finding);
  return {
    set,
    findings,
    problems,
    questions: new Map(pairs.flatMap(({ draft, finding }) => (draft.question ? [[finding, draft.question]] : []))),
    answer(answers) {
      const judged = pairs.map(({ draft, finding }): Draft => {
        const answer = answers.get(finding);
        return answer && draft.evidence ? { ...draft, evidence: answered(draft.evidence, answer) } : draft;
      });
      return told(set, judged, problems, advice);
    },
  };
}

const SEVERITIES = ["error", "warning", "info"] as const;

const branchOf = ({ name }: BranchHistory, root: BranchRoot | undefined): DivergingBranch => ({
  name,
  migrations: root?.migrations ?? [],
});

/** The roots that either has, with what both had where they parted. A branch that has no migrations at all is none to compare. */
function sharedRoots(
  set: BranchSet,
  { ours, theirs, base }: Meeting,
): {
  readonly root: string;
  readonly ours?: BranchRoot;
  readonly theirs?: BranchRoot;
  readonly base?: readonly DivergingMigration[];
}[] {
  const roots = new Set([...ours.roots, ...theirs.roots].map(({ root }) => root));
  const snapshot = base === undefined ? undefined : (set.bases.get(base) ?? []);
  const of = (list: readonly BranchRoot[], root: string): BranchRoot | undefined =>
    list.find((each) => each.root === root);
  return [...roots].map((root) => {
    const [own, other] = [of(ours.roots, root), of(theirs.roots, root)];
    return {
      root,
      ...(own && { ours: own }),
      ...(other && { theirs: other }),
      ...(snapshot && { base: of(snapshot, root)?.migrations ?? [] }),
    };
  });
}

/** Whether each has a migration that the other lacks. */
function partsOfBoth(ours: DivergingBranch, theirs: DivergingBranch): boolean {
  const [mine, its] = [new Set(ours.migrations.map(({ id }) => id)), new Set(theirs.migrations.map(({ id }) => id))];
  return ours.migrations.some(({ id }) => !its.has(id)) && theirs.migrations.some(({ id }) => !mine.has(id));
}

type Sides = Readonly<Record<Side, DivergingBranch>>;

function gather(
  drafts: Map<string, Draft>,
  root: string,
  meeting: Meeting,
  divergence: BranchDivergence,
  sides: Sides,
): void {
  const on = (side: Side, migration: DivergingMigration): OnBranch => ({ branch: sides[side].name, migration });
  const other = (side: Side): Side => (side === "ours" ? "theirs" : "ours");
  const put = (draft: Omit<Draft, "alsoOn" | "root">): void => {
    const rivals =
      draft.kind === "late" || draft.kind === "absent" ? [] : draft.against.map(({ migration }) => migration.id);
    const key = JSON.stringify([root, draft.kind, ...[draft.subject.migration.id, ...rivals]]);
    const known =
      drafts.get(key) ?? drafts.get(JSON.stringify([root, draft.kind, ...rivals, draft.subject.migration.id]));
    if (!known) {
      drafts.set(key, { ...draft, root, alsoOn: new Set() });
      return;
    }
    if (draft.subject.branch !== known.subject.branch) known.alsoOn.add(draft.subject.branch);
    for (const each of draft.against)
      if (!known.against.some(({ branch, migration }) => branch === each.branch && migration.id === each.migration.id))
        known.against.push(each);
    if (draft.evidence) {
      // The one with more behind it asks the larger question.
      if (!known.evidence || (draft.question?.other.length ?? 0) > (known.question?.other.length ?? 0))
        known.question = draft.question ?? known.question!;
      known.evidence = known.evidence ? joined(known.evidence, draft.evidence) : draft.evidence;
    }
  };
  const peers = meeting.kind === "peers";
  for (const fact of divergence.facts) {
    switch (fact.kind) {
      case "late": {
        const evidence = evidenceOf(fact.order);
        const question = questionOf(fact, sides);
        if (peers) {
          if (evidence.matters === "no") break;
          const rivals = fact.behind.filter(({ id }) =>
            fact.order.because.some((conflict) => conflict.other.migration === id),
          );
          put({
            rule: "branch-divergence",
            kind: "conflict",
            subject: on(fact.side, fact.migration),
            against: (rivals.length > 0 ? rivals : fact.behind).map((each) => on(other(fact.side), each)),
            fact,
            evidence,
            question,
          });
        } else if (fact.side === "ours")
          put({
            rule: "late-migration",
            kind: "late",
            subject: on("ours", fact.migration),
            against: fact.behind.map((each) => on("theirs", each)),
            fact,
            evidence,
            question,
          });
        break;
      }
      case "edited": {
        if (peers) break;
        const [by, kept] = fact.by === "theirs" ? (["theirs", "ours"] as const) : (["ours", "theirs"] as const);
        const port = meeting.ports && (fact.by === "both" || fact.by === "unknown");
        put({
          rule: port ? "missing-forward-port" : "edited-applied-migration",
          kind: "edited",
          subject: on(by, fact[by]),
          against: [on(kept, fact[kept])],
          fact,
          changed: fact.change,
        });
        break;
      }
      case "renamed":
        if (!peers)
          put({
            rule: "edited-applied-migration",
            kind: "renamed",
            subject: on(fact.by, fact.to),
            against: [on(other(fact.by), fact.from)],
            fact,
          });
        break;
      case "deleted":
        if (!peers)
          put({
            rule: "edited-applied-migration",
            kind: "deleted",
            subject: on(fact.by, fact.migration),
            against: [on(other(fact.by), fact.migration)],
            fact,
          });
        break;
      case "duplicate":
        put({
          rule: "duplicate-migration",
          kind: "duplicate",
          subject: on("ours", fact.ours),
          against: [on("theirs", fact.theirs)],
          fact,
        });
        break;
      default:
        put({
          rule: "branch-divergence",
          kind: fact.kind,
          subject: on("ours", fact.ours),
          against: [on("theirs", fact.theirs)],
          fact,
        });
    }
  }
  if (!meeting.ports) return;
  for (const { migration, state } of missingPorts(sides.theirs, divergence)) {
    if (state !== "absent") continue;
    const fact = divergence.facts.find(
      (each) => each.kind === "late" && each.side === "theirs" && each.migration.id === migration.id,
    );
    const late = fact?.kind === "late" ? fact : undefined;
    put({
      rule: "missing-forward-port",
      kind: "absent",
      subject: on("theirs", migration),
      against: [],
      ...(late && { evidence: evidenceOf(late.order), question: questionOf(late, sides) }),
    });
    const draft = drafts.get(JSON.stringify([root, "absent", migration.id]));
    draft?.alsoOn.add(sides.ours.name);
  }
}

function evidenceOf({ commutes, because, columnOrder }: Commutation): OrderEvidence {
  return { matters: MATTERS[commutes], conflicts: because, columnOrder };
}

const MATTERS: Readonly<Record<OrderVerdict, OrderVerdict>> = { yes: "no", no: "yes", unknown: "unknown" };

function joined(one: OrderEvidence, other: OrderEvidence): OrderEvidence {
  const known = new Set(one.conflicts.map((conflict) => conflictKey(conflict)));
  return {
    matters:
      one.matters === "yes" || other.matters === "yes"
        ? "yes"
        : one.matters === "unknown" || other.matters === "unknown"
          ? "unknown"
          : "no",
    conflicts: [...one.conflicts, ...other.conflicts.filter((conflict) => !known.has(conflictKey(conflict)))],
    columnOrder: [...new Set([...one.columnOrder, ...other.columnOrder])],
  };
}

const conflictKey = ({ object, one, other, why }: OrderEvidence["conflicts"][number]): string =>
  JSON.stringify([
    why,
    object.kind,
    object.name,
    one.migration,
    one.statement.range.start,
    other.migration,
    other.statement.range.start,
  ]);

/** What is before the late migration on either branch, and the two groups whose order is in question. */
function questionOf(
  { migration, behind, side }: Extract<DivergenceFact, { kind: "late" }>,
  sides: Sides,
): OrderQuestion {
  const [own, others] = side === "ours" ? [sides.ours, sides.theirs] : [sides.theirs, sides.ours];
  const all = new Map([...own.migrations, ...others.migrations].map((each) => [each.id, each]));
  const base = [...all.values()]
    .sort((a, b) => compareFolders(a.id, b.id))
    .filter(({ id }) => compareFolders(id, migration.id) < 0);
  return { base, one: [migration], other: behind };
}

function finish(draft: Draft, set: BranchSet, advice: Advice): BranchFinding {
  const { rule, kind, root, subject, against, evidence, fact, alsoOn, changed } = draft;
  const severity = severityOf(draft);
  const branches = [...new Set([subject.branch, ...alsoOn, ...against.map(({ branch }) => branch)])];
  const parts = { rule, kind, severity, root, subject, against, branches, ...(evidence && { order: evidence }) };
  const holders = [subject.branch, ...alsoOn];
  return {
    ...parts,
    message: sentenceOf(parts, {
      holders,
      production: productionOf(set).name,
      fact,
      changed,
    }),
    wayOut: waysOut(parts, { set, advice, holders, fact }),
  };
}

function severityOf({ kind, evidence, fact }: Draft): BranchFinding["severity"] {
  switch (kind) {
    case "late":
    case "conflict":
      return SEVERITY_OF_ORDER[evidence?.matters ?? "unknown"];
    case "duplicate":
      return fact?.kind === "duplicate" && fact.rerun === "refused" ? "error" : "warning";
    case "sameTimestamp":
    case "sameName":
      return "info";
    default:
      return "error";
  }
}

/** Of a hundred late folders one matters: a gate that cries at the others is switched off. */
const SEVERITY_OF_ORDER: Readonly<Record<OrderVerdict, BranchFinding["severity"]>> = {
  yes: "error",
  unknown: "warning",
  no: "info",
};
