import { listed } from "../../../words.ts";
import type { MissingPort } from "../ports.ts";
import { isLasting } from "../roles.ts";
import type { BranchComparison, Divergence, HistoryDivergence } from "../viewpoint.ts";
import type { Said } from "./messages.ts";
import { type Judgement, type OnBranch, ids } from "./terms.ts";

const RULE = "missing-forward-port";

/** What production has and a main or development branch lacks, ours or the one that ours goes into; and where a hotfix has to go too. */
export function ports(all: Divergence, history: HistoryDivergence): Judgement[] {
  const production = [history.target, ...history.others].find(({ branch }) => branch.roles.includes("production"));
  return [...(production ? missing(all, history, production) : []), ...due(all, history)];
}

function missing({ ours, target }: Divergence, history: HistoryDivergence, production: BranchComparison): Judgement[] {
  const isOurs = isLasting(ours);
  const lacking = isOurs ? ours : target;
  const differs = new Set(
    production.divergence.facts.flatMap((fact) => (fact.kind === "edited" ? [fact.theirs.id] : [])),
  );
  // What this branch brings is on its way.
  const brings = ({ migration: { id } }: MissingPort): boolean =>
    !isOurs && !differs.has(id) && history.ours.some((each) => each.id === id);
  const open = history.ports.filter((port) => !brings(port));
  // What a branch does to its own target is told at the folder, by other rules.
  const isTarget = isOurs && production === history.target;
  const absent = open.filter(({ state }) => state === "absent" || (state === "deleted" && !isTarget));
  const instead = isTarget ? [] : open.filter(({ state }) => state !== "absent" && state !== "deleted");
  const edited = instead.filter(({ state }) => state === "edited");
  const of = (list: readonly MissingPort[], kind: "absent" | "instead", how = ""): Judgement[] => {
    const [first, ...rest] = list.map(({ migration }): OnBranch => ({ branch: production.branch.name, migration }));
    if (!first) return [];
    const data = {
      lacking: lacking.name,
      migrations: listed(ids(list.map(({ migration }) => migration)), 3),
      production: production.branch.name,
    };
    const said: Said<"missing-forward-port"> =
      kind === "absent"
        ? { rule: RULE, message: "absent", data: { ...data, they: list.length === 1 ? "it" : "they" } }
        : { rule: RULE, message: "instead", data: { ...data, how } };
    return [
      {
        ...said,
        kind,
        of: [lacking.name],
        // What the target alone lacks is not this branch's doing.
        ...(!isOurs && { severity: "warning" }),
        subjects: [first, ...rest],
        against: list.flatMap((port) => (port.instead ? [{ branch: lacking.name, migration: port.instead }] : [])),
      },
    ];
  };
  return [
    ...of(absent, "absent"),
    // Old texts of a whole history are one matter.
    ...of(edited, "instead", "with another text"),
    ...instead
      .filter((port) => !edited.includes(port))
      .flatMap((port) => of([port], "instead", `under another name, ${port.instead?.id ?? ""}`)),
  ];
}

/** On the hotfix itself it is no more than a reminder. */
function due({ ours, target }: Divergence, history: HistoryDivergence): Judgement[] {
  if (!ours.roles.includes("hotfix")) return [];
  const own = history.ours.filter(({ id }) => !history.target.migrations.some((each) => each.id === id));
  const [first, ...rest] = own.map((migration): OnBranch => ({ branch: ours.name, migration }));
  const waiting = history.others.filter(
    ({ branch, migrations }) => isLasting(branch) && own.some(({ id }) => !migrations.some((each) => each.id === id)),
  );
  if (!first || waiting.length === 0) return [];
  return [
    {
      rule: RULE,
      message: "due",
      data: {
        hotfix: ours.name,
        target: target.name,
        branches: listed(
          waiting.map(({ branch }) => branch.name),
          3,
        ),
        lack: waiting.length === 1 ? "lacks" : "lack",
      },
      kind: "due",
      of: [ours.name],
      severity: "info",
      subjects: [first, ...rest],
      against: [],
    },
  ];
}
