import type { Query } from "../../sql/expression.ts";
import type { Case } from "./key.ts";
import { judge } from "./judgement.ts";
import { pick } from "./picks.ts";
import { inside, scopeOf } from "./scope.ts";

/** Whether a cleanup in a branch or a guarded block runs whenever it has to: the constraint is beside it, or the branch asks for orphans. */
export function guards(at: Case): boolean {
  const { place, step, operation } = at;
  const { body } = step.operation;
  const beside =
    place.before.includes(step) &&
    place.migration === step.migration &&
    place.before.at(-1)?.statement === step.statement;
  if (
    beside &&
    operation.body &&
    operation.body.conditional === body?.conditional &&
    operation.body.guarded === body.guarded
  )
    return true;
  if (body?.guarded) return false;
  for (let i = place.before.indexOf(step) - 1; i >= 0; i--) {
    const before = place.before[i];
    if (!before || before.statement !== step.statement) return false;
    if (before.operation.kind === "select")
      return asked(before.operation.query).some((query) => asksForOrphans(query, at));
  }
  return false;
}

/** The query itself, or those whose result it tests: EXISTS (…), (SELECT count(*) …) > 0. */
function asked(query: Query): Query[] {
  return [
    query,
    ...query.targets.flatMap(({ value }) => {
      if (value.kind === "exists" || value.kind === "subquery") return [value.query];
      if (value.kind === "operator" && [">", ">=", "<>"].includes(value.operator))
        return value.args.flatMap((arg) => (arg.kind === "subquery" ? [arg.query] : []));
      return [];
    }),
  ];
}

function asksForOrphans(query: Query, at: Case): boolean {
  const { key, moment } = at;
  const scope = inside(scopeOf(moment, [], []), query);
  return (scope.levels[0] ?? []).some((frame) => {
    if (frame.relation !== key.child || query.combine || query.limit || query.having) return false;
    return (
      judge(pick(scope, query.where, key.child, frame.alias, query.from), at, "set null", key.columns)?.verdict ===
      "done"
    );
  });
}
