import { compareFolders } from "../../../source/layout.ts";
import type { OrderEvidence } from "../../order/answers.ts";
import type { Commutation, OrderVerdict } from "../../order/commutation.ts";
import type { DivergingMigration } from "../facts.ts";
import type { Judgement, LateFact } from "./terms.ts";

const MATTERS: Readonly<Record<OrderVerdict, OrderVerdict>> = { yes: "no", no: "yes", unknown: "unknown" };

/** What the model says of an order, as far as nobody asked PostgreSQL. */
export function evidenceOf({ commutes, because, columnOrder }: Commutation): OrderEvidence {
  return { matters: MATTERS[commutes], conflicts: because, columnOrder };
}

/** What is before the late migration on either branch, and the two groups whose order is in question. */
export function questionOf(
  fact: LateFact,
  ...branches: readonly (readonly DivergingMigration[])[]
): NonNullable<Judgement["question"]> {
  const before = new Map(
    branches
      .flat()
      .filter(({ id }) => compareFolders(id, fact.migration.id) < 0)
      .map((each) => [each.id, each]),
  );
  const base = [...before.values()].sort((a, b) => compareFolders(a.id, b.id));
  return { fact, orders: { base, one: [fact.migration], other: fact.behind } };
}

/** How the two orders of a judgement are called: the subject first, then the other way round. */
export function ordersOf({ kind, subjects: [subject], against }: Judgement): readonly [string, string] {
  const other = against[0]?.branch ?? subject.branch;
  switch (kind) {
    case "conflict":
      return [`${subject.branch} first`, `${other} first`];
    case "overtaken":
      return [`a database that has ${subject.branch}`, `a database that had ${other} first`];
    default:
      return ["a fresh database", `a database that has ${other}`];
  }
}
