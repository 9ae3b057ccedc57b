import type { BranchFinding } from "../evidence/branch-findings.ts";
import type { OrderAnswer } from "../evidence/rehearsal/order.ts";
import type { Paint } from "./paint.ts";

/** What PostgreSQL said of a finding's order. */
export function orderLines(_finding: BranchFinding, _answer: OrderAnswer, _look: { readonly paint: Paint; readonly columns: number }): readonly string[] {
  return [];
}
export function orderInWords(_finding: BranchFinding, _answer: OrderAnswer): readonly string[] {
  return [];
}
export function orderJson(answer: OrderAnswer): unknown {
  return answer;
}
