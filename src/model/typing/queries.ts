import type { Cte, Expression, Query, Source } from "../../sql/expression.ts";
import { undotted } from "../../sql/names.ts";
import type { Binder, Ctes } from "./binder.ts";
import { OPEN, type Columns, type Scope, type SourceColumns, columnsOf, missingRelation, renamed } from "./scope.ts";
import { type Type, UNKNOWN } from "./type.ts";
import { sureRelation } from "../presence.ts";

export interface QueryBinding extends Pick<Binder, "query"> {
  sources(from: readonly Source[], outer: Scope | undefined, ctes: Ctes): Scope;
  withCtes(list: readonly Cte[], outer: Scope | undefined, around: Ctes): Ctes;
}

/** Columns of queries, and what their expressions can see. */
export function queryBinding(binder: Binder): QueryBinding {
  const { catalog, extended, refuse } = binder;
  const expression: Binder["expression"] = (given, scope, ctes) => binder.expression(given, scope, ctes);
  const condition: Binder["condition"] = (type, what) => {
    binder.condition(type, what);
  };
  const change: Binder["change"] = (given, outer, ctes) => {
    binder.change(given, outer, ctes);
  };

  const query = (given: Query, outer: Scope | undefined, around: Ctes): Columns => {
    const ctes = withCtes(given.ctes, outer, around);
    if (given.combine) {
      const left = query(given.combine.left, outer, ctes);
      query(given.combine.right, outer, ctes);
      // The types of both sides are brought together.
      return { types: new Map([...left.types.keys()].map((name) => [name, UNKNOWN])), open: left.open };
    }
    if (given.values) {
      const nothing: Scope = { sources: [], outer };
      const rows = given.values.map((row) => row.map((each) => expression(each, nothing, ctes)));
      return {
        types: new Map((rows[0] ?? []).map((type, at) => [`column${at + 1}`, rows.length === 1 ? type : UNKNOWN])),
        open: false,
      };
    }
    const scope = sources(given.from, outer, ctes);
    if (given.where) condition(expression(given.where, scope, ctes), "WHERE");
    const result = targets(given, scope, ctes);
    const aliases: SourceColumns = { name: undefined, types: new Map(result.types), open: true };
    // GROUP BY may name what the query returns, by itself or in a grouping set, where the sources have no column of that name.
    for (const each of given.groupBy)
      if (each.kind !== "column" || !result.types.has(each.column))
        expression(each, { ...scope, outer: { sources: [aliases], outer: scope.outer } }, ctes);
    if (given.having) condition(expression(given.having, scope, ctes), "HAVING");
    for (const each of [given.limit, given.offset]) if (each) expression(each, undefined, ctes);
    return result;
  };

  const targets = (given: Query, scope: Scope, ctes: Ctes): Columns => {
    const types = new Map<string, Type>();
    let open = false;
    for (const { value, as } of given.targets) {
      if (value.kind === "star") {
        // The row of a query around this one.
        if (value.table !== undefined && !scope.sources.some(({ name }) => name === value.table)) open = true;
        for (const each of scope.sources) {
          if (value.table !== undefined && each.name !== value.table) continue;
          for (const [name, type] of each.types) types.set(name, type);
          open ||= each.open;
        }
        continue;
      }
      const type = expression(value, scope, ctes);
      const name = as ?? nameOf(value);
      if (name === undefined || types.has(name)) open = true;
      if (name !== undefined) types.set(name, type);
    }
    return { types, open };
  };

  const withCtes = (list: readonly Cte[], outer: Scope | undefined, around: Ctes): Ctes => {
    if (list.length === 0) return around;
    const known = new Map(around);
    // A recursive one may name itself, and with RECURSIVE those that follow.
    for (const cte of list) known.set(cte.name, OPEN);
    for (const cte of list) {
      if (cte.change) change(cte.change, outer, known);
      const columns = cte.query ? query(cte.query, outer, known) : OPEN;
      known.set(cte.name, renamed(columns, cte.columns));
    }
    return known;
  };

  const sources = (from: readonly Source[], outer: Scope | undefined, ctes: Ctes): Scope => {
    const seen: SourceColumns[] = [];
    const merged = new Set<string>();
    let natural = false;
    const visit = (source: Source): readonly SourceColumns[] => {
      if (source.kind === "join") {
        const both = [...visit(source.left), ...visit(source.right)];
        natural ||= source.natural === true;
        for (const name of source.using ?? []) merged.add(name);
        if (source.on)
          condition(expression(source.on, { sources: both, outer, merged: natural ? "all" : merged }, ctes), "JOIN/ON");
        if (source.usingAlias !== undefined) seen.push({ ...OPEN, name: source.usingAlias });
        if (source.alias === undefined) return both;
        // Which columns of the sources are one and the same is not worked out.
        const whole = { ...renamed(OPEN, source.columns), name: source.alias };
        for (const each of both) seen.splice(seen.indexOf(each), 1);
        seen.push(whole);
        return [whole];
      }
      const columns = one(source, { sources: seen, outer, merged: "all" }, ctes);
      const name = source.alias ?? sourceName(source);
      // A function of one column calls it by its alias.
      const open = source.kind === "function" && !source.columns;
      const added = { ...renamed(columns, source.columns), name, ...(open && { open: true }) };
      seen.push(added);
      return [added];
    };
    for (const source of from) visit(source);
    return { sources: seen, outer, merged: natural ? "all" : merged };
  };

  const one = (source: Exclude<Source, { kind: "join" }>, lateral: Scope, ctes: Ctes): Columns => {
    switch (source.kind) {
      case "table": {
        const cte = source.name.schema === undefined ? ctes.get(source.name.name) : undefined;
        if (cte) return cte;
        const relation = sureRelation(catalog, source.name);
        if (!relation && !extended()) refuse(missingRelation(catalog, source.name));
        return columnsOf(catalog, relation);
      }
      case "query":
        return query(source.query, lateral, ctes);
      case "function":
        expression(source.call, lateral, ctes);
        return OPEN;
    }
  };

  return { query, sources, withCtes };
}

/** What a table or function in FROM is called by itself. */
function sourceName(source: Exclude<Source, { kind: "join" }>): string | undefined {
  if (source.kind === "table") return source.name.name;
  return source.kind === "function" && source.call.kind === "call" ? undotted(source.call.name).name : undefined;
}

/** How PostgreSQL calls a column of a query; undefined where that is not read. */
function nameOf(value: Expression): string | undefined {
  if (value.kind === "column") return value.column;
  if (value.kind === "call") return undotted(value.name).name;
  if (value.kind === "cast") return value.arg.kind === "column" ? value.arg.column : undefined;
  return value.kind === "literal" || value.kind === "operator" ? "?column?" : undefined;
}
