import type { Change, Cte, Expression, Query, TypeName } from "../sql/expression.ts";
import { type Name, dotted, nameIn, sqlName, undotted } from "../sql/names.ts";
import type { Operation } from "../sql/operation/index.ts";
import { visibleCtes, withNames } from "./queries.ts";
import { type Rewriting, rewritten, rewrittenChange, rewrittenQuery } from "./rewriting.ts";

/** Every name of an object in an expression, a query or a change, under another one; names of common table expressions mean no table. */
export interface Naming {
  readonly relation: (name: Name) => Name;
  readonly type: (type: TypeName) => TypeName;
  readonly function: (name: Name) => Name;
}

type Hidden = ReadonlySet<string>;
const NONE: Hidden = new Set();

export const named = (expression: Expression, how: Naming): Expression => rewritten(expression, rewriting(how, NONE));

export function namedQuery(query: Query, how: Naming, hidden: Hidden = NONE): Query {
  const ctes = namedCtes(query.ctes, how, hidden);
  return { ...rewrittenQuery({ ...query, ctes: [] }, rewriting(how, withNames(hidden, query.ctes))), ctes };
}

export function namedChange(change: Change, how: Naming, hidden: Hidden = NONE): Change {
  const ctes = namedCtes(change.ctes, how, hidden);
  const inner = rewriting(how, withNames(hidden, change.ctes));
  const renamed = rewrittenChange({ ...change, ctes: [] }, inner);
  // What is changed is a table, whatever a common table expression is called.
  return { ...renamed, table: how.relation(change.table), ctes };
}

/** The statements of a body of the SQL standard. */
export function namedOperation(operation: Operation, how: Naming): Operation {
  if (operation.kind === "select") return { ...operation, query: namedQuery(operation.query, how) };
  if (!("change" in operation)) return operation;
  const change = namedChange(operation.change, how);
  return { ...operation, table: change.table, change } as Operation;
}

const namedCtes = (ctes: readonly Cte[], how: Naming, hidden: Hidden): readonly Cte[] =>
  ctes.map((cte, at) => {
    const seen = withNames(hidden, visibleCtes(ctes, at));
    return {
      ...cte,
      ...(cte.query && { query: namedQuery(cte.query, how, seen) }),
      ...(cte.change && { change: namedChange(cte.change, how, seen) }),
    };
  });

function rewriting(how: Naming, hidden: Hidden): Rewriting {
  return {
    part: (each) => namedPart(each, how),
    query: (inner) => namedQuery(inner, how, hidden),
    source: (source) => {
      if (source.name.schema === undefined && hidden.has(source.name.name)) return source;
      const name = how.relation(source.name);
      // Columns are still asked for by the name that the statement has for the table.
      return name.name === source.name.name
        ? { ...source, name }
        : { ...source, name, alias: source.alias ?? source.name.name };
    },
  };
}

/** Functions whose first argument, where it is a text, is read as the name of a sequence when the expression is stored. */
const OF_SEQUENCES = new Set(["nextval", "currval", "setval"]);

function namedPart(part: Expression, how: Naming): Expression {
  if (part.kind === "cast") {
    const type = how.type(part.type);
    return part.type.name === "regclass" ? { ...part, type, arg: namedText(part.arg, how) } : { ...part, type };
  }
  if (part.kind !== "call") return part;
  const name = dotted(how.function(undotted(part.name)));
  const [first, ...others] = part.args;
  return OF_SEQUENCES.has(part.name) && first
    ? { ...part, name, args: [namedText(first, how), ...others] }
    : { ...part, name };
}

function namedText(text: Expression, how: Naming): Expression {
  if (text.kind !== "literal" || typeof text.value !== "string") return text;
  const name = nameIn(text.value);
  const now = how.relation(name);
  return now.name === name.name && now.schema === name.schema ? text : { ...text, value: sqlName(now) };
}
