import type { DivergenceFact, DivergingMigration } from "../../model/divergence/facts.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import { compareFolders } from "../../source/layout.ts";
import { answered } from "../../model/order/answers.ts";
import type { OrderEvidence } from "../../model/order/answers.ts";
import type { Divergence, HistoryDivergence } from "../../model/divergence/viewpoint.ts";
import type { OrderQuestion } from "../../model/divergence/facts.ts";
import { type OrderOptions, askOrder } from "./index.ts";
import type { Stage } from "../stage/session.ts";

type Late = Extract<DivergenceFact, { kind: "late" }>;

/** Late migrations whose orders are run; the model speaks for the others. Each takes some replays of the history. */
const MOST = 10;

/** The orders that a rehearsal can settle: of what is late behind the target, those that may matter first. */
export function orderQuestions({ histories }: Divergence): ReadonlyMap<Late, OrderQuestion> {
  const all = [...histories.values()].flatMap((history) =>
    lateOf(history).map((fact) => [fact, questionOf(fact, history)] as const),
  );
  return new Map(all.sort(([a], [b]) => b.order.because.length - a.order.because.length).slice(0, MOST));
}

const lateOf = ({ target }: HistoryDivergence): Late[] =>
  target.divergence.facts.flatMap((fact) => (fact.kind === "late" && fact.side === "ours" ? [fact] : []));

function questionOf({ migration, behind }: Late, { target, ours }: HistoryDivergence): OrderQuestion {
  const before = new Map<string, DivergingMigration>(
    [...target.migrations, ...ours]
      .filter(({ id }) => compareFolders(id, migration.id) < 0)
      .map((each) => [each.id, each]),
  );
  return { base: [...before.values()].sort((a, b) => compareFolders(a.id, b.id)), one: [migration], other: behind };
}

/** The divergence with what PostgreSQL said of the orders. Fails only where the rehearsal was stopped. */
export async function askOrders(
  divergence: Divergence,
  questions: ReadonlyMap<Late, OrderQuestion>,
  stage: Stage,
  options: OrderOptions,
): Promise<Outcome<Divergence>> {
  const orders = new Map<DivergenceFact, OrderEvidence>();
  for (const [fact, question] of questions) {
    const answer = await askOrder(stage, question, options);
    if (options.signal?.aborted) return failure("The rehearsal was stopped; nothing of it is left.");
    const { commutes, because, columnOrder } = fact.order;
    const matters = { yes: "no", no: "yes", unknown: "unknown" } as const;
    orders.set(
      fact,
      answered(
        { matters: matters[commutes], conflicts: because, columnOrder },
        answer.ok ? { ...answer.value, asked: true } : { asked: false, why: answer.message },
      ),
    );
  }
  return success({ ...divergence, orders });
}
