import type { OrderedStatement } from "./commutation.ts";

/** What may not run, or runs again and again, decides nothing for certain. */
export function certain(one: OrderedStatement, other: OrderedStatement): "no" | "unknown" {
  return [one, other].some(({ operation: { body } }) => body && (body.conditional || body.loop || body.guarded))
    ? "unknown"
    : "no";
}
