import { defineRule } from "../../src/index.ts";
import {
  conflictInWords,
  divergenceIn,
  listed,
  duplicatePairs,
  moveBehind,
  orderSeen,
  ordersInWords,
  placeOf,
  statementPlace,
} from "../../src/rule-kit.ts";

const KEEP =
  "Where a database has this migration already, keep its name, and let a new migration make both orders the same.";
const MOVE = `As long as it is deployed nowhere, give it a timestamp behind those of {target}. ${KEEP}` as const;

export default defineRule({
  id: "late-migration",
  title: "A new migration sorts before one that the base has already",
  category: "divergence",
  severity: "error",
  since: "0.2.0",
  messages: {
    matters:
      "This sorts before {behind} of {target}: a database that has {those} runs it afterwards, a fresh one before, and they end differently. {conflict}: in the order of the names it {fresh}; where {target} was first it {deployed}.",
    seen: "This sorts before {behind} of {target}: a database that has {those} runs it afterwards, a fresh one before, and they end differently.",
    unknown:
      "This sorts before {behind} of {target}: a database that has {those} runs it afterwards, a fresh one before, and it cannot be told whether that matters. {conflict}.",
    harmless:
      "This sorts before {behind} of {target}: a database that has {those} runs it afterwards, a fresh one before. The order makes no difference{columns}.",
  },
  help: MOVE,
  needs: ["divergence"],
  on: {
    history(history, context) {
      const divergence = divergenceIn(context.evidence, history);
      if (!divergence) return;
      const { target } = divergence;
      const isTwice = duplicatePairs(target.divergence);
      const commands = moveBehind(history.root, divergence);
      for (const fact of target.divergence.facts) {
        if (fact.kind !== "late" || fact.side !== "ours") continue;
        const conflicts = fact.order.because.filter(({ one, other }) => !isTwice(one.migration, other.migration));
        const order = divergence.all.orders?.get(fact);
        const seen = order && orderSeen(order);
        // PostgreSQL decides where it was asked; what is one change twice is another rule's.
        const [conflict] = order?.matters === "no" ? [] : conflicts;
        const place = conflict ? statementPlace(history, conflict.one) : placeOf(history, fact.migration.id);
        if (!place) continue;
        const data = {
          behind: listed(
            fact.behind.map(({ id }) => id),
            3,
          ),
          those: fact.behind.length === 1 ? "that one" : "those",
          target: target.branch.name,
        };
        const help = commands.length === 0 ? KEEP : MOVE;
        const common = {
          ...place,
          objects: [...new Set(conflicts.map(({ object }) => object.name))],
          commands,
          ...(seen !== undefined && { rehearsed: seen }),
        };
        if (
          order?.matters === "yes" &&
          (!conflict || conflict.verdict !== "no") &&
          fact.order.because.length === conflicts.length
        ) {
          context.report({ ...common, message: "seen", data, help });
          continue;
        }
        if (!conflict) {
          const { columnOrder } = fact.order;
          context.report({
            ...common,
            message: "harmless",
            severity: "info",
            data: {
              ...data,
              columns: columnOrder.length > 0 ? `, but for the order of the columns of ${listed(columnOrder, 3)}` : "",
            },
            help: "Nothing has to be done. As long as it is deployed nowhere, a new timestamp keeps the history in the order in which it happened.",
          });
          continue;
        }
        const [fresh, deployed] = ordersInWords(conflict);
        const { file, statement } = conflict.other;
        const related = [{ file, range: statement.range, message: `The other statement, on ${target.branch.name}` }];
        const isSure = conflict.verdict === "no" && order?.matters !== "unknown";
        context.report({
          ...common,
          related,
          message: isSure ? "matters" : "unknown",
          ...(!isSure && { severity: "warning" as const }),
          data: { ...data, conflict: conflictInWords(conflict), fresh, deployed },
          help,
        });
      }
    },
  },
});
