import type { Expression } from "../../sql/expression.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import {
  type Relation,
  columnOf,
  functionAt,
  relationAt,
  resolveFunction,
  resolveType,
  typeAt,
  typeOf,
} from "../catalog.ts";
import { relationName } from "../../sql/names.ts";
import { type Target, dependents } from "../dependents.ts";
import { referencing, viewsOn, withChildren, withPartitions } from "../relatives.ts";
import type { RelationId } from "../effects.ts";
import { LOCKS } from "../postgres/locks.ts";
import { does } from "../postgres/versions.ts";
import { printed } from "../sql.ts";
import { substituted } from "../exact-sql.ts";
import type { Builder } from "./builder.ts";
import { isWhole } from "../presence.ts";
import { violations } from "./checks.ts";

/** Effects on everything that is no table: types, domains, views, triggers, comments, schemas. */

/** Domains over a type, or over the row type of a table, forbid to drop it without CASCADE. */
export function overDomains(e: Builder, id: string): void {
  for (const domain of e.catalog.types.values())
    if (domain.base && resolveType(e.catalog, domain.base) === id && !e.context.together.has(domain.id))
      e.fail({
        kind: "dependents",
        relation: "",
        sqlstate: "2BP01",
        certainty: "sure",
        detail: `domain ${relationName(domain.id)} is over it`,
      });
}

/** What forbids to drop an object without CASCADE: expressions that name it. */
export function needed(e: Builder, target: Target, id: string, certainty: "sure" | "maybe" = "sure"): void {
  for (const { relation, what } of dependents(e.catalog, target))
    if (relation === undefined || !e.context.together.has(relation))
      e.fail({
        kind: "dependents",
        relation: relation ?? ("relation" in target ? id : ""),
        sqlstate: "2BP01",
        certainty,
        detail: `${what} depends on it`,
      });
}

/** Columns of a type, or of a domain over it. */
export function columnsOf(e: Builder, id: string): { relation: RelationId; column: string }[] {
  const found: { relation: RelationId; column: string }[] = [];
  for (const relation of e.catalog.relations.values()) {
    for (const column of relation.columns.values())
      if (
        column.type &&
        resolveType(e.catalog, column.type) === id &&
        (typeAt(e.catalog, id) ?? relationAt(e.catalog, id)) !== undefined
      )
        found.push({ relation: relation.id, column: column.name });
  }
  return found;
}

export function dropType(e: Builder, operation: OperationOf<"dropType">): void {
  const id = resolveType(e.catalog, operation.type);
  for (const { relation, column } of columnsOf(e, id)) {
    if (operation.cascade) {
      e.lock(relation, LOCKS.dropColumn, { partner: true });
      e.loss({ kind: "column", relation, name: column, data: true, along: true });
    } else
      e.fail({
        kind: "dependents",
        relation,
        columns: [column],
        sqlstate: "2BP01",
        certainty: "sure",
        detail: `column ${column} has this type`,
      });
  }
  for (const relation of e.catalog.relations.values())
    for (const column of relation.columns.values()) {
      if (column.defaultOf !== id) continue;
      if (operation.cascade) e.lock(relation.id, LOCKS.dropDefault, { partner: true });
      else
        e.fail({
          kind: "dependents",
          relation: relation.id,
          columns: [column.name],
          sqlstate: "2BP01",
          certainty: "sure",
          detail: `the default of ${column.name} was written for this type`,
        });
    }
  if (!operation.cascade) {
    overDomains(e, id);
    needed(e, { type: id }, id);
  }
  if (typeAt(e.catalog, id) !== undefined || !operation.ifExists) e.loss({ kind: "type", name: id, data: false });
}

export function alterDomain(e: Builder, operation: OperationOf<"alterDomain">): void {
  const type = typeOf(e.catalog, operation.type);
  const scans =
    operation.action === "setNotNull" ||
    operation.action === "validate" ||
    (operation.action === "addCheck" && operation.check?.notValid !== true);
  if (!scans || !type) return;
  for (const { relation, column } of columnsOf(e, type.id)) {
    e.lock(relation, LOCKS.alterDomain, { partner: true });
    e.scan(relation, "check", `check every value of ${column} against the domain`);
    const table = e.assumed(relation);
    const value: Expression = { kind: "column", column };
    if (operation.action === "setNotNull") {
      const nulls = violations(e, table, { kind: "isNull", arg: value, negated: true });
      e.fail({
        kind: "nulls",
        relation,
        columns: [column],
        sqlstate: "23502",
        ...(nulls !== undefined && { countQuery: nulls }),
      });
      continue;
    }
    const check = operation.check ?? type.checks.get(operation.constraint ?? "")?.check;
    const countQuery = check && violations(e, table, substituted(check.expression, "value", value));
    e.fail({
      kind: "check",
      relation,
      columns: [column],
      sqlstate: "23514",
      ...(check && {
        detail: check.name ?? printed(check.expression),
        demand: { kind: "check", expression: check.expression, domain: true },
      }),
      ...(countQuery !== undefined && { countQuery }),
    });
  }
}

export function dropObject(e: Builder, operation: OperationOf<"dropObject">): void {
  const id = e.id(operation.name);
  const table = operation.table && e.id(operation.table);
  switch (operation.object) {
    case "trigger":
    case "policy":
    case "rule":
      if (table === undefined) return;
      if (operation.ifExists && !relationAt(e.catalog, table)) return;
      if (operation.ifExists && isWithout(e.assumed(table), operation.object, operation.name.name)) return;
      for (const each of operation.object === "trigger"
        ? withPartitions(e.catalog, e.assumed(table))
        : [e.assumed(table)])
        e.lock(each.id, LOCKS.dropTrigger, { partner: each.id !== table });
      e.loss({ kind: operation.object, relation: table, name: operation.name.name, data: false });
      return;
    case "view":
    case "materializedView": {
      if (operation.ifExists && !relationAt(e.catalog, id)) return;
      e.lock(id, LOCKS.dropView);
      e.loss({ kind: "view", relation: id, data: false });
      for (const view of viewsOn(e.catalog, id)) {
        if (operation.cascade) {
          e.lock(view.id, LOCKS.dropView, { partner: true });
          e.loss({ kind: "view", relation: view.id, data: false, along: true });
        } else if (!e.context.together.has(view.id))
          e.fail({
            kind: "dependents",
            relation: id,
            sqlstate: "2BP01",
            certainty: "sure",
            detail: `view ${view.name} reads it`,
          });
      }
      if (!operation.cascade) needed(e, { relation: id }, id);
      e.breaks({
        kind: "view",
        relation: id,
        name: operation.name.name,
        sentence: `Code that still reads ${operation.name.name} fails.`,
      });
      return;
    }
    case "statistics": {
      const owner = e.catalog.statistics.get(id);
      if (owner !== undefined) e.lock(owner, LOCKS.createStatistics);
      e.loss({ kind: "object", name: `statistics ${operation.name.name}`, data: false });
      return;
    }
    case "sequence":
      if (operation.ifExists && !relationAt(e.catalog, id)) return;
      e.loss({ kind: "sequence", relation: id, data: true });
      {
        const { ownedBy } = relationAt(e.catalog, id) ?? {};
        const column = ownedBy && columnOf(e.catalog, ownedBy.table, ownedBy.column);
        if (ownedBy && operation.cascade) e.lock(ownedBy.table, LOCKS.dropDefault, { partner: true });
        else if (ownedBy && column && (column.identity || /serial$/.test(column.type?.name ?? ""))) {
          e.fail({
            kind: "dependents",
            relation: ownedBy.table,
            columns: [ownedBy.column],
            sqlstate: "2BP01",
            certainty: "sure",
            detail: `${ownedBy.column} takes its numbers from it`,
          });
        }
        if (!operation.cascade) needed(e, { relation: id }, id);
      }
      return;
    case "function":
    case "procedure":
    case "aggregate": {
      const own = resolveFunction(e.catalog, operation.name);
      for (const relation of e.catalog.relations.values())
        for (const [trigger, { function: called }] of relation.triggers) {
          if (called !== own) continue;
          if (operation.cascade) {
            e.lock(relation.id, LOCKS.dropTrigger, { partner: true });
            e.loss({ kind: "trigger", relation: relation.id, name: trigger, data: false, along: true });
          } else
            e.fail({
              kind: "dependents",
              relation: relation.id,
              sqlstate: "2BP01",
              certainty: "sure",
              detail: `trigger ${trigger} of ${relation.name} calls it`,
            });
        }
      const { overloaded } = functionAt(e.catalog, own) ?? {};
      if (!operation.cascade) needed(e, { function: own }, own, overloaded ? "maybe" : "sure");
      e.loss({ kind: "object", name: `${operation.object} ${operation.name.name}`, data: false });
      return;
    }
    default:
      e.loss({ kind: "object", name: `${operation.object} ${operation.name.name}`, data: false });
  }
}

/** Whether a table is known not to have it. */
const isWithout = (table: Relation, object: "trigger" | "policy" | "rule", name: string) =>
  isWhole(table) &&
  !(object === "trigger" ? table.triggers : object === "policy" ? table.policies : table.rules).has(name);

/** Without names every table of the database is read. */
export function analyze(e: Builder, operation: OperationOf<"analyze">): void {
  const all = [...e.catalog.relations.values()].filter(
    ({ kind }) => kind === "table" || kind === "partitioned" || kind === "materializedView",
  );
  const wanted =
    operation.tables.length > 0
      ? operation.tables.flatMap((name) => {
          const table = e.assumed(e.id(name));
          return does(e.context.postgres, "analyzeRecurses")
            ? withChildren(e.catalog, table)
            : withPartitions(e.catalog, table);
        })
      : all;
  for (const { id } of wanted) e.lock(id, LOCKS.analyze);
}

export function dropSchema(e: Builder, operation: OperationOf<"dropSchema">): void {
  e.loss({ kind: "schema", name: operation.name, data: operation.cascade });
  const inside = (id: RelationId) => id.startsWith(`${operation.name}.`);
  if (!operation.cascade) {
    const [within] = [...e.catalog.relations.values(), ...e.catalog.types.values()].filter(({ id }) => inside(id));
    if (within)
      e.fail({
        kind: "dependents",
        relation: within.id,
        sqlstate: "2BP01",
        certainty: "sure",
        detail: `${within.id} is in it`,
      });
    return;
  }
  for (const relation of e.catalog.relations.values()) {
    if (!inside(relation.id)) continue;
    e.lock(relation.id, LOCKS.dropTable);
    if (relation.kind === "table") e.loss({ kind: "table", relation: relation.id, data: true, along: true });
    for (const { table, constraint } of referencing(e.catalog, relation.id)) {
      if (inside(table.id)) continue;
      e.lock(table.id, LOCKS.dropConstraint, { partner: true });
      e.loss({ kind: "constraint", relation: table.id, name: constraint.name, data: false, along: true });
    }
    for (const constraint of relation.constraints.values())
      if (constraint.parent && !inside(constraint.parent))
        e.lock(constraint.parent, LOCKS.dropConstraint, { partner: true });
  }
}

export function comment(e: Builder, operation: OperationOf<"comment">): void {
  // A comment on what belongs to a table locks that alone.
  if (
    operation.object !== "table" &&
    operation.object !== "column" &&
    operation.object !== "view" &&
    operation.object !== "materializedView"
  )
    return;
  const id = operation.table ? e.id(operation.table) : e.id(operation.name);
  const kind =
    operation.object === "view" ? "view" : operation.object === "materializedView" ? "materializedView" : "table";
  e.assumed(id, kind);
  e.lock(id, LOCKS.comment);
}
