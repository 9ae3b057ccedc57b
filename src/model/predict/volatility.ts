import type { Expression, TypeName } from "../../sql/expression.ts";
import { type Catalog, domainChain, functionAt, resolveFunction, typeOf } from "../catalog.ts";
import { volatility as builtIn } from "../postgres/functions.ts";
import { expressions } from "../queries.ts";
import type { DomainInfo, TypeContext } from "../postgres/types.ts";
import { undotted } from "../../sql/names.ts";

/**
 * Whether a default must be computed for each row, which rewrites the table, or once for all.
 * https://www.postgresql.org/docs/current/xfunc-volatility.html
 */
export function volatility(catalog: Catalog, expression: Expression): "volatile" | "stable" | "unknown" {
  let found: "stable" | "unknown" = "stable";
  for (const each of expressions(expression)) {
    if (each.kind !== "call") continue;
    const known = builtIn(each.name);
    if (known === "volatile") return "volatile";
    if (known !== "unknown") continue;
    const own = functionAt(catalog, resolveFunction(catalog, undotted(each.name)));
    if (own === undefined) found = "unknown";
    // PostgreSQL inlines a plain SQL function, and looks at its body instead of its label.
    else if (own.volatility === "volatile" && own.language !== "sql") return "volatile";
    else if (own.volatility === "volatile") found = "unknown";
  }
  return found;
}

/** The domain that a type names, with the constraints of the domains below it. */
export function domainOf(catalog: Catalog, type: TypeName): DomainInfo | undefined {
  const chain = domainChain(catalog, type);
  return (
    chain && {
      base: chain.base,
      constrained: chain.domains.some(({ notNull, checks }) => notNull || checks.size > 0),
    }
  );
}

export const isEnum = (catalog: Catalog, type: TypeName): boolean => typeOf(catalog, type)?.kind === "enum";

/** How USING treats the column: not at all, as itself, cast to the target, or otherwise. */
export function usingKind(column: string, to: TypeName, using: Expression | undefined): TypeContext["using"] {
  if (using === undefined) return "none";
  const casts: TypeName[] = [];
  let inner = using;
  while (inner.kind === "cast") {
    casts.unshift(inner.type);
    inner = inner.arg;
  }
  if (inner.kind !== "column" || inner.column !== column) return "other";
  if (casts.length === 0) return "noop";
  const [only] = casts;
  if (
    casts.length === 1 &&
    only &&
    only.name === to.name &&
    only.array === to.array &&
    only.modifiers.join() === to.modifiers.join()
  )
    return "cast to the same target";
  return { casts };
}
