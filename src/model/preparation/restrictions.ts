import { conjuncts } from "../queries.ts";
import type { Query } from "../../sql/expression.ts";
import { printed } from "../sql.ts";
import { joined } from "./joins.ts";
import { type Frame, type QueryScope, apart, columnOf, passedOn } from "./scope.ts";

interface Restrictions {
  readonly filters: readonly string[];
  /** Columns of the table below that have a value. */
  readonly given: readonly string[];
}

/** What a query leaves out of the table whose column it gives; undefined where it is not followed. */
export function restrictions(inner: QueryScope, query: Query, alias: string): Restrictions | undefined {
  const from = joined(query.from);
  const frame = inner.levels[0]?.find((each) => each.alias === alias);
  if (query.combine || from.strange || !frame || !from.leaves.includes(alias)) return undefined;
  const base = below(inner, frame, query);
  if (!base) return undefined;
  const given: string[] = [...base.given];
  const filters: string[] = [...base.filters];
  for (const term of [...from.terms, ...conjuncts(query.where)]) {
    const column = term.kind === "isNull" && term.negated ? columnOf(inner, term.arg) : undefined;
    if (column?.level === 0 && column.alias === alias) {
      given.push(column.column);
      // A key that is not there is nobody's partner.
      if (query.targets.some(({ value }) => columnOf(inner, value)?.column === column.column)) continue;
      if (inner.moment.nullable(column.relation, column.column) === "no") continue;
    }
    if (term.kind === "literal" && term.value === true) continue;
    filters.push(printed(term));
  }
  filters.push(...from.leaves.filter((leaf) => leaf !== alias).map((leaf) => `a join with ${leaf}`));
  if (query.having) filters.push(printed(query.having));
  if (query.limit || query.offset) filters.push("LIMIT");
  return { filters, given };
}

function below(inner: QueryScope, frame: Frame, query: Query): Restrictions | undefined {
  if (frame.relation !== undefined) return { filters: [], given: [] };
  const column = query.targets.flatMap(({ value }) =>
    value.kind === "column" && (value.table ?? frame.alias) === frame.alias ? [value.column] : [],
  )[0];
  return frame.query && column !== undefined ? nested(inner, frame.query, column) : undefined;
}

/** What the query in a frame leaves out, by a column that it gives. */
export function frameRestrictions(inner: QueryScope, alias: string): Restrictions | undefined {
  const frame = inner.levels[0]?.find((each) => each.alias === alias);
  if (!frame) return undefined;
  if (frame.relation !== undefined) return { filters: [], given: [] };
  const name = frame.query && firstColumn(frame.query);
  return frame.query && name !== undefined ? nested(inner, frame.query, name) : undefined;
}

const firstColumn = (query: Query): string | undefined => {
  const first = query.targets[0];
  if (!first) return undefined;
  return (
    first.as ?? (first.value.kind === "column" ? first.value.column : first.value.kind === "star" ? "*" : undefined)
  );
};

function nested(inner: QueryScope, query: Query, column: string): Restrictions | undefined {
  if (query.combine) return undefined;
  const deep = apart(inner, query);
  const [leaf] = joined(query.from).leaves;
  const value = column === "*" ? undefined : passedOn(query, column)?.value;
  const alias = value ? columnOf(deep, value)?.alias : leaf;
  return alias === undefined ? undefined : restrictions(deep, query, alias);
}
