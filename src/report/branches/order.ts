import type { RehearsedOrder } from "../../model/order/answers.ts";

/** The answer as the report's JSON has it. */
export function orderJson(rehearsed: RehearsedOrder) {
  if (!rehearsed.asked) return rehearsed;
  const { refused, ...rest } = rehearsed;
  return {
    ...rest,
    refused: refused.map((end) =>
      end
        ? {
            migration: end.migration,
            path: end.path,
            start: end.range.start,
            end: end.range.end,
            sqlstate: end.error.sqlstate,
            message: end.error.message,
          }
        : null,
    ),
  };
}
