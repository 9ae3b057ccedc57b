import type { Change, Expression } from "../../sql/expression.ts";
import type { Binder, Ctes } from "./binder.ts";
import { castRefusal, sizeRefusal } from "./literals.ts";
import type { QueryBinding } from "./queries.ts";
import { type Columns, type Scope, columnsOf, missingRelation } from "./scope.ts";
import { type Type, typeInWords } from "./type.ts";
import { signatures } from "../postgres/signatures.ts";
import { expressions } from "../queries.ts";
import { isWhole, sureRelation } from "../presence.ts";
import type { Refusal } from "./refusal.ts";

/** INSERT, UPDATE, DELETE and MERGE. */
export function changeBinding(
  binder: Binder,
  { sources, withCtes }: QueryBinding,
): Pick<Binder, "change" | "assigned"> {
  const { catalog, extended, refuse, read, quietly } = binder;
  const expression: Binder["expression"] = (given, scope, ctes) => binder.expression(given, scope, ctes);
  const condition: Binder["condition"] = (type, what) => {
    binder.condition(type, what);
  };
  const query: Binder["query"] = (given, outer, ctes) => binder.query(given, outer, ctes);

  const change = (given: Change, outer: Scope | undefined, around: Ctes): void => {
    const ctes = withCtes(given.ctes, outer, around);
    const relation = sureRelation(catalog, given.table);
    if (!relation && !extended()) refuse(missingRelation(catalog, given.table));
    const target = {
      ...columnsOf(catalog, relation),
      name: ("alias" in given ? given.alias : undefined) ?? given.table.name,
    };
    const fitted = (name: string, value: Expression): void => {
      refuse(sizeRefusal(relation?.columns.get(name)?.type, value));
    };
    switch (given.kind) {
      case "insertRows": {
        const columns = given.query ? query(given.query, outer, ctes) : undefined;
        const names = given.columns.length > 0 ? given.columns : isWhole(relation) ? [...relation.columns.keys()] : [];
        const excluded = { ...target, name: "excluded" };
        for (const { column: name, value } of given.set ?? []) {
          const type = expression(value, { sources: [target, excluded], outer, merged: "all" }, ctes);
          assignedTo(target, name, type);
          fitted(name, value);
        }
        if (given.partial) return;
        if (columns && !columns.open && !given.query?.values && given.columns.length > 0)
          [...columns.types.values()].forEach((type, at) => {
            const name = given.columns[at];
            if (name !== undefined && given.columns.length === columns.types.size) assignedTo(target, name, type);
          });
        if (given.query?.values?.some((row) => row.length < given.columns.length)) refuse(MORE_COLUMNS);
        for (const row of given.query?.values ?? [])
          row.forEach((value, at) => {
            const name = names[at];
            if (name === undefined) {
              if (names.length > 0) refuse(MORE_VALUES);
              return;
            }
            assignedTo(
              target,
              name,
              quietly(() => expression(value, undefined, ctes)),
            );
            fitted(name, value);
          });
        return;
      }
      case "updateRows": {
        const from = sources(given.from, outer, ctes);
        const scope: Scope = { ...from, sources: [target, ...from.sources] };
        for (const { column: name, value } of given.set) {
          assignedTo(target, name, expression(value, scope, ctes));
          fitted(name, value);
        }
        if (given.where) where(given.where, scope, ctes);
        return;
      }
      case "deleteRows": {
        const from = sources(given.using, outer, ctes);
        if (given.where) where(given.where, { ...from, sources: [target, ...from.sources] }, ctes);
        return;
      }
      case "mergeRows": {
        const from = sources([given.source], outer, ctes);
        condition(expression(given.on, { ...from, sources: [target, ...from.sources] }, ctes), "JOIN/ON");
        return;
      }
    }
  };

  const where = (given: Expression, scope: Scope, ctes: Ctes): void => {
    refuse(groupedRefusal(given));
    condition(expression(given, scope, ctes), "WHERE");
  };

  const assignedTo = (target: Columns, name: string, value: Type): void => {
    const wanted = target.types.get(name);
    if (wanted) assigned(value, wanted, name);
  };

  const assigned: Binder["assigned"] = (value, wanted, name, what = "expression") => {
    read(wanted, value);
    const refusal = castRefusal(catalog, value, wanted, undefined);
    if (refusal)
      refuse({
        sqlstate: "42804",
        message: `column "${name}" is of type ${typeInWords(wanted)} but ${what} is of type ${typeInWords(value)}`,
        about: "assignment",
      });
  };

  return { change, assigned };
}

/** https://www.postgresql.org/docs/current/sql-insert.html */
const MORE_VALUES: Refusal = {
  sqlstate: "42601",
  message: "INSERT has more expressions than target columns",
  about: "command",
};
const MORE_COLUMNS: Refusal = {
  sqlstate: "42601",
  message: "INSERT has more target columns than expressions",
  about: "command",
};

/** A condition is about single rows; a subquery in it has groups of its own. */
function groupedRefusal(where: Expression): Refusal | undefined {
  for (const each of expressions(where)) {
    if (each.kind !== "call") continue;
    const known = signatures(each.name);
    const kinds = known === undefined || known === "unlisted" ? [] : known.map(({ kind }) => kind);
    if (each.over || (kinds.length > 0 && kinds.every((kind) => kind === "window")))
      return { sqlstate: "42P20", message: "window functions are not allowed in WHERE", about: "command" };
    if (kinds.length > 0 && kinds.every((kind) => kind === "aggregate"))
      return { sqlstate: "42803", message: "aggregate functions are not allowed in WHERE", about: "command" };
  }
  return undefined;
}
