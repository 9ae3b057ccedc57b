import type { DivergenceFact } from "../../model/divergence/facts.ts";
import { listed } from "../../words.ts";
import type { BranchFinding } from "./findings.ts";

export interface SentenceContext {
  /** Branches on which the subject is as it is here; for a missing port the one that has it, then those that lack it. */
  readonly holders: readonly string[];
  readonly production: string;
  readonly fact?: DivergenceFact | undefined;
  readonly changed?: "comments" | "statements" | undefined;
}

/** What a finding says, as one sentence. */
export function sentenceOf(
  { kind, subject, against, order }: Omit<BranchFinding, "message" | "wayOut">,
  { holders, production, fact, changed }: SentenceContext,
): string {
  const { id } = subject.migration;
  const [first] = against;
  const where = listed(holders);
  const others = listed([...new Set(against.map(({ branch }) => branch))]);
  const behind = against.length === 0 ? "" : named([...new Set(against.map(({ migration }) => migration.id))]);
  switch (kind) {
    case "late": {
      const outcome = {
        yes: "the order matters",
        unknown: "whether the order matters cannot be told from the SQL",
        no: "the order makes no difference",
      }[order?.matters ?? "unknown"];
      return `${id} on ${where} sorts before ${behind}, which ${others} ${others.includes(" and ") ? "have" : "has"} already: a fresh database runs it first, ${production === others ? "production" : `whoever has ${others}`} runs it last, and ${outcome}.`;
    }
    case "conflict": {
      if (order?.matters === "no")
        return `${id} on ${where} and ${behind} on ${others} come to the same in either order.`;
      const outcome =
        order?.matters === "yes"
          ? "come to something else in the other order"
          : "may come to something else in the other order";
      return `${id} on ${where} and ${behind} on ${others} ${outcome}: whichever branch is merged first decides what production gets.`;
    }
    case "edited": {
      const what = changed === "comments" ? "other comments or blanks" : "other statements";
      const by =
        fact?.kind === "edited" && (fact.by === "both" || fact.by === "unknown")
          ? `${id} has ${what} on ${where} than on ${others}`
          : `${where} gave ${id} ${what}, which ${others} has as it was`;
      return `${by}: databases that have it never run the new text, and "prisma migrate dev" wants to reset them.`;
    }
    case "renamed":
      return `${where} renamed ${first?.migration.id ?? ""} to ${id}, while ${others} has it under the old name: a database that has run it runs it again.`;
    case "deleted":
      return `${where} deleted ${id}, which ${others} has: a fresh database of ${where} lacks what it did, and "prisma migrate dev" wants to reset the others.`;
    case "duplicate": {
      const duplicate = fact?.kind === "duplicate" ? fact : undefined;
      const second = {
        refused: "the second run fails",
        nothing: "the second run does nothing",
        unknown: "it runs twice",
      }[duplicate?.rerun ?? "unknown"];
      const same =
        duplicate?.how === "contained"
          ? `${duplicate.of === "ours" ? `${id} on ${where} contains` : `${id} on ${where} is a part of`} what ${first?.migration.id ?? ""} on ${others} does`
          : `${id} on ${where} makes the same change as ${first?.migration.id ?? ""} on ${others}${duplicate?.how === "operations" ? ", in other words" : ""}`;
      return `${same}: ${second}.`;
    }
    case "absent": {
      const lacking = listed(holders.slice(1));
      const late =
        order && order.matters !== "no"
          ? `; where ${lacking} ran first, its order ${order.matters === "yes" ? "matters" : "may matter"}`
          : "";
      return `${lacking} ${holders.length > 2 ? "lack" : "lacks"} ${id}, which production (${subject.branch}) has${late}.`;
    }
    case "sameTimestamp":
      return `${id} on ${where} and ${first?.migration.id ?? ""} on ${others} have the same timestamp: the rest of their names decides which runs first.`;
    case "sameName":
      return `${id} on ${where} and ${first?.migration.id ?? ""} on ${others} have the same name and are not the same.`;
  }
}

/** Up to two by name, more by number. */
function named(ids: readonly string[]): string {
  return ids.length <= 2 ? listed(ids) : `${ids.length} migrations (${ids[0] ?? ""} … ${ids.at(-1) ?? ""})`;
}
