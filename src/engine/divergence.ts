import { type WayOut, waysOut } from "../advice/divergence/index.ts";
import { factsOf } from "../advice/facts.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { judgementsOf } from "../model/divergence/judgement/index.ts";
import { answerInWords } from "../model/divergence/judgement/answers.ts";
import type { DivergenceRule, Said } from "../model/divergence/judgement/messages.ts";
import type { Judgement } from "../model/divergence/judgement/terms.ts";
import type { MigrationView } from "../model/step.ts";
import type { Range, SourceFile } from "../source/text.ts";
import type { Related } from "./finding.ts";
import type { HistoryView, Report } from "./rule.ts";

/** What a rule of the group divergence reports: its own message, with the help in the data. */
export type DivergenceReport<Rule extends DivergenceRule> = Pick<
  Report<never>,
  "at" | "severity" | "objects" | "related" | "rehearsed" | "commands" | "divergence"
> & { readonly file: SourceFile; readonly help: "{help}" } & Words<Said<Rule>>;

type Words<Of> =
  Of extends Pick<Said, "message" | "data">
    ? { readonly message: Of["message"]; readonly data: Of["data"] & { readonly help: string } }
    : never;

/** The judgements of a rule as it reports them: each at its place in what is checked, with the ways out. */
export function divergenceReports<Rule extends DivergenceRule>(
  rule: Rule,
  history: HistoryView,
  evidence: Evidence,
): readonly DivergenceReport<Rule>[] {
  const { divergence } = evidence;
  const compared = divergence?.histories.get(history.root);
  if (!divergence || !compared) return [];
  const situation = {
    divergence,
    history: compared,
    project: factsOf(evidence, history.root),
  };
  return judgementsOf(divergence, history.root).flatMap((judgement) => {
    const place = judgement.rule === rule ? placeOf(history, judgement, divergence.ours.name) : undefined;
    if (!place) return [];
    const { order, severity, message, data } = judgement;
    const ways = waysOut(judgement, situation);
    const report = {
      ...place,
      message,
      data: { ...data, help: ways.map(({ title }) => `${title}.`).join(" ") },
      help: "{help}" as const,
      severity,
      objects: [...new Set(order?.conflicts.map(({ object }) => object.name))],
      related: relatedTo(judgement, divergence.ours.name),
      ...(order?.rehearsed && { rehearsed: answerInWords(judgement).join(" ") }),
      commands: commandsOf(ways),
      divergence: { judgement, ways },
    };
    // The judgement is of this rule, and so are its words.
    return [report as unknown as DivergenceReport<Rule>];
  });
}

/** The commands of the best way; those of the others behind what they are for. */
const commandsOf = (ways: readonly WayOut[]): readonly string[] =>
  ways.flatMap(({ title, command }, at) =>
    command === undefined ? [] : [...(at === 0 ? [] : [`# ${title}:`]), ...command.split("\n")],
  );

interface FindingPlace {
  readonly at: Range;
  readonly file: SourceFile;
}

/**
 * Our statement in a conflict, else the first one of our migration; undefined where that is not among those checked. What is in no
 * folder here is at the last pending migration, else at the newest, since reports show only files that there are.
 */
function placeOf({ migrations }: HistoryView, judgement: Judgement, ours: string): FindingPlace | undefined {
  const { kind, subjects, against, conflict } = judgement;
  const found = (id: string | undefined): MigrationView | undefined => migrations.find((each) => each.id === id);
  switch (kind) {
    case "deleted":
    case "absent":
    case "instead":
    case "due": {
      const view =
        (kind === "instead" ? found(against[0]?.migration.id) : undefined) ??
        migrations.findLast(({ state }) => state === "pending") ??
        migrations.at(-1);
      return view && { at: startOf(view), file: view.file };
    }
    default: {
      const view = found([...subjects, ...against].find(({ branch }) => branch === ours)?.migration.id);
      const own = subjects[0].branch === ours ? conflict?.one : conflict?.other;
      const at = own && found(own.migration);
      if (own && at) return { at: at.statements[own.statement.index]?.range ?? startOf(at), file: at.file };
      return view && { at: startOf(view), file: view.file };
    }
  }
}

const startOf = ({ statements }: MigrationView): Range => statements[0]?.range ?? { start: 0, end: 0 };

function relatedTo({ subjects: [subject], against: [other], conflict, duplicate }: Judgement, ours: string): Related[] {
  if (!other) return [];
  const isOurs = subject.branch === ours;
  const branch = isOurs ? other.branch : subject.branch;
  if (conflict) {
    const { file, statement } = isOurs ? conflict.other : conflict.one;
    return [{ file, range: statement.range, message: `The other statement, on ${branch}` }];
  }
  if (!duplicate) return [];
  const { file } = isOurs ? other.migration : subject.migration;
  return [{ file, range: { start: 0, end: 0 }, message: `The other one, on ${branch}` }];
}
