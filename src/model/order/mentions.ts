import type { Change, Expression, Query, Source } from "../../sql/expression.ts";
import { expressions } from "../queries.ts";

/** Names of all columns that a query or a change mentions, at any depth and of whatever relation, and whether it has a `*`. */
export function mentions(from: Query | Change): { readonly columns: readonly string[]; readonly star: boolean } {
  const columns = new Set<string>();
  let star = false;
  const visit = (expression: Expression | undefined): void => {
    for (const part of expressions(expression)) {
      if (part.kind === "column") columns.add(part.column);
      // count(*) reads no column.
      else if (part.kind === "star") star = true;
      else if (part.kind === "exists" || part.kind === "subquery") query(part.query);
      else if (part.kind === "in" && part.query) query(part.query);
    }
  };
  const source = (each: Source): void => {
    if (each.kind === "query") query(each.query);
    else if (each.kind === "function") visit(each.call);
    else if (each.kind === "join") {
      source(each.left);
      source(each.right);
      visit(each.on);
      each.using?.forEach((name) => columns.add(name));
    }
  };
  const query = (each: Query): void => {
    for (const { query: inner, change } of each.ctes) {
      if (inner) query(inner);
      if (change) changed(change);
    }
    for (const { value } of each.targets)
      if (!(value.kind === "call" && value.args.length === 1 && value.args[0]?.kind === "star")) visit(value);
    each.from.forEach(source);
    for (const part of [
      each.where,
      each.having,
      each.limit,
      each.offset,
      ...each.groupBy,
      ...(each.values ?? []).flat(),
    ])
      visit(part);
    if (each.combine) {
      query(each.combine.left);
      query(each.combine.right);
    }
  };
  const changed = (change: Change): void => {
    for (const { query: inner, change: nested } of change.ctes) {
      if (inner) query(inner);
      if (nested) changed(nested);
    }
    switch (change.kind) {
      case "insertRows":
        if (change.query) query(change.query);
        return;
      case "updateRows":
        for (const { value } of change.set) visit(value);
        change.from.forEach(source);
        visit(change.where);
        return;
      case "deleteRows":
        change.using.forEach(source);
        visit(change.where);
        return;
      case "mergeRows":
        source(change.source);
        visit(change.on);
    }
  };
  if ("kind" in from) changed(from);
  else query(from);
  return { columns: [...columns], star };
}
