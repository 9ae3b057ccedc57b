import type { DivergenceFact, OrderQuestion } from "../../model/divergence/facts.ts";
import { evidenceOf } from "../../model/divergence/judgement/orders.ts";
import type { Judgement, LateFact } from "../../model/divergence/judgement/terms.ts";
import { type OrderEvidence, answered } from "../../model/order/answers.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import { type OrderOptions, askOrder } from "./index.ts";
import type { Stage } from "../stage/session.ts";

export type OrderQuestions = ReadonlyMap<LateFact, OrderQuestion>;

/** The orders that a rehearsal can settle, those that may matter first; the model speaks for what is beyond `most`. */
export function orderQuestions(judgements: readonly Judgement[], most = Infinity): OrderQuestions {
  const asked = judgements.flatMap(({ question }) => question ?? []);
  return new Map(
    asked
      .sort((a, b) => b.fact.order.because.length - a.fact.order.because.length)
      .slice(0, most)
      .map(({ fact, orders }) => [fact, orders]),
  );
}

/** What PostgreSQL says of the orders, one after the other. Fails only where the rehearsal was stopped. */
export async function askOrders(
  questions: OrderQuestions,
  stage: Stage,
  options: OrderOptions,
  progress?: (done: number) => void,
): Promise<Outcome<ReadonlyMap<DivergenceFact, OrderEvidence>>> {
  const orders = new Map<DivergenceFact, OrderEvidence>();
  for (const [fact, question] of questions) {
    progress?.(orders.size + 1);
    const answer = await askOrder(stage, question, options);
    if (options.signal?.aborted) return failure("The rehearsal was stopped; nothing of it is left.");
    // One history that does not run says nothing of the others.
    orders.set(
      fact,
      answered(
        evidenceOf(fact.order),
        answer.ok ? { ...answer.value, asked: true } : { asked: false, why: answer.message },
      ),
    );
  }
  return success(orders);
}
