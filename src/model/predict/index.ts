import type { Operation, OperationOf } from "../../sql/operation/index.ts";
import { calledOperations } from "../calls.ts";
import { type Relation, type RelationKind, indexAt, relationAt, resolve } from "../catalog.ts";
import { isGone } from "../presence.ts";
import { presumed } from "../apply/catalog.ts";
import { reached, withChildren, withPartitions } from "../relatives.ts";
import { type Certainty, type Effects, NO_EFFECTS } from "../effects.ts";
import { LOCKS, lockTable } from "../postgres/locks.ts";
import { type PredictContext, builder } from "./builder.ts";
import * as columnTypes from "./column-types.ts";
import * as columns from "./columns.ts";
import * as constraints from "./constraints.ts";
import * as foreignKeys from "./foreign-keys.ts";
import * as indexes from "./indexes.ts";
import * as objects from "./objects.ts";
import * as partitions from "./partitions.ts";
import * as rows from "./rows.ts";
import * as tables from "./tables.ts";

export type { PredictContext } from "./builder.ts";
export { merge } from "./builder.ts";

/**
 * What PostgreSQL would do with one operation in the catalog at that moment. Relations that the statement itself
 * creates are the caller's to leave out. Does not change the catalog, except that a relation which the history does
 * not create is taken up as deployed once a statement names it.
 */
export function predict(operation: Operation, context: PredictContext): Effects {
  if (operation.body?.in === "function") return NO_EFFECTS;
  if (operation.body?.conditional || operation.body?.loop || operation.body?.guarded) return branch(operation, context);
  if ("ifTableExists" in operation && operation.ifTableExists) {
    const id = resolve(context.catalog, operation.table);
    if (!relationAt(context.catalog, id) && !indexAt(context.catalog, id)) return ifThere(operation, id, context);
  }
  const e = builder(context);
  switch (operation.kind) {
    case "createTable":
      tables.createTable(e, operation);
      break;
    case "dropTable":
      tables.dropTable(e, operation);
      break;
    case "renameTable":
      tables.renameTable(e, operation);
      break;
    case "setTableSchema":
      tables.setTableSchema(e, operation);
      break;
    case "truncate":
      tables.truncate(e, operation);
      break;
    case "attachPartition":
      partitions.attachPartition(e, operation);
      break;
    case "detachPartition":
      partitions.detachPartition(e, operation);
      break;
    case "alterTable":
      tables.alterTable(e, operation);
      break;
    case "cluster":
      tables.cluster(e, operation);
      break;
    case "vacuum":
      tables.vacuum(e, operation);
      break;
    case "createView":
      tables.createView(e, operation);
      break;
    case "refreshView":
      tables.refreshView(e, operation);
      break;
    case "addColumn":
      columns.addColumn(e, operation);
      break;
    case "dropColumn":
      columns.dropColumn(e, operation);
      break;
    case "alterColumnType":
      columnTypes.alterColumnType(e, operation);
      break;
    case "setNotNull":
      columns.setNotNull(e, operation);
      break;
    case "setDefault":
    case "dropDefault":
    case "dropNotNull":
    case "dropExpression":
    case "addIdentity":
    case "setIdentity":
    case "dropIdentity":
      columns.alterColumn(e, operation);
      break;
    case "setExpression":
      columns.setExpression(e, operation);
      break;
    case "renameColumn":
      columns.renameColumn(e, operation);
      break;
    case "addForeignKey":
      foreignKeys.addForeignKey(e, operation);
      break;
    case "addCheck":
      constraints.addCheck(e, operation);
      break;
    case "addUnique":
    case "addPrimaryKey":
      constraints.addKey(e, operation);
      break;
    case "addExclusion":
      constraints.addExclusion(e, operation);
      break;
    case "addNotNull":
      constraints.addNotNull(e, operation);
      break;
    case "dropConstraint":
      constraints.dropConstraint(e, operation);
      break;
    case "validateConstraint":
      constraints.validateConstraint(e, operation);
      break;
    case "renameConstraint":
    case "alterConstraint":
      for (const each of withChildren(e.catalog, e.assumed(e.id(operation.table))))
        e.lock(each.id, LOCKS[operation.kind], { partner: each.id !== e.id(operation.table) });
      if (operation.kind === "alterConstraint") constraints.alterConstraint(e, operation);
      break;
    case "createIndex":
      indexes.createIndex(e, operation);
      break;
    case "dropIndex":
      indexes.dropIndex(e, operation);
      break;
    case "reindex":
      indexes.reindex(e, operation);
      break;
    case "createTrigger":
      for (const each of operation.forEachRow
        ? withPartitions(e.catalog, e.assumed(e.id(operation.table)))
        : [e.assumed(e.id(operation.table))])
        e.lock(each.id, LOCKS.createTrigger, { partner: each.id !== e.id(operation.table) });
      if (operation.from) e.lock(e.id(operation.from), LOCKS.createTrigger, { partner: true });
      break;
    case "createPolicy":
    case "alterPolicy":
      e.lock(e.assumed(e.id(operation.table)).id, LOCKS.createPolicy);
      break;
    case "createRule":
      e.lock(e.assumed(e.id(operation.table)).id, LOCKS.createRule);
      for (const action of operation.actions)
        for (const lock of predict(action, context).locks) e.lock(lock.relation, lock, { partner: true });
      break;
    case "createStatistics":
      e.lock(e.assumed(e.id(operation.table)).id, LOCKS.createStatistics);
      break;
    case "renameOnTable":
      e.lock(e.assumed(e.id(operation.table)).id, LOCKS.renameTrigger);
      break;
    case "dropObject":
      objects.dropObject(e, operation);
      break;
    case "dropType":
      objects.dropType(e, operation);
      break;
    case "alterDomain":
      objects.alterDomain(e, operation);
      break;
    case "dropSchema":
      objects.dropSchema(e, operation);
      break;
    case "dropDatabase":
      e.loss({ kind: "database", name: operation.name, data: true });
      break;
    case "renameSchema":
      e.breaks({
        kind: "schema",
        name: operation.name,
        sentence: `Code that looks into the schema ${operation.name} fails.`,
      });
      break;
    case "renameEnumValue":
      e.breaks({
        kind: "enumValue",
        name: operation.value,
        sentence: `Code that still sends or expects ${operation.value} fails.`,
      });
      break;
    case "comment":
      objects.comment(e, operation);
      break;
    case "publication":
      for (const id of [
        ...operation.tables.map(e.id),
        ...(operation.action === "set" ? (e.catalog.publications.get(operation.name) ?? []) : []),
      ])
        e.lock(id, LOCKS.publication);
      break;
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows":
      rows.changeRows(e, operation.change);
      break;
    case "select":
      rows.select(e, operation);
      calls(e.context, operation).forEach((effects) => add(e, effects));
      break;
    case "call":
      calls(e.context, operation).forEach((effects) => add(e, effects));
      break;
    case "copy":
      rows.copy(e, operation);
      break;
    case "lockTable":
      for (const each of reached(e.catalog, e.assumed(e.id(operation.table)), operation))
        e.lock(each.id, lockTable(operation.mode), { partner: each.id !== e.id(operation.table) });
      break;
    case "analyze":
      objects.analyze(e, operation);
      break;
    // Nothing that locks, reads or loses what is there, or that can be said of it.
    case "createSchema":
    case "createDatabase":
    case "createExtension":
    case "createEnum":
    case "addEnumValue":
    case "createDomain":
    case "createType":
    case "renameType":
    case "setTypeSchema":
    case "createSequence":
    case "alterSequence":
    case "attachIndex":
    case "createFunction":
    case "renameObject":
    case "setObjectSchema":
    case "grant":
    case "set":
    case "transaction":
    case "systemCommand":
    case "other":
    case "opaque":
      break;
    default:
      operation satisfies never;
  }
  return e.done();
}

/** ALTER TABLE IF EXISTS on a table that the history does not make: nothing once the history has dropped it, else perhaps. */
function ifThere(operation: Operation, id: string, context: PredictContext): Effects {
  if (isGone(context.catalog, id)) return NO_EFFECTS;
  const { ifTableExists: _ifTableExists, ...sure } = operation as Operation & { ifTableExists?: true };
  // Nothing says that it is there: it is not taken up.
  const made = new Map<RelationKind | undefined, Relation>();
  const assume: PredictContext["assume"] = (other, kind) => {
    if (other !== id) return context.assume(other, kind);
    const known = made.get(kind) ?? presumed(context.catalog, id, kind);
    made.set(kind, known);
    return known;
  };
  return perhaps(predict(sure, { ...context, assume }));
}

/** A statement in a branch or a loop may not run, and what is in a block that swallows failures may be taken back. */
function branch(operation: Operation, context: PredictContext): Effects {
  const { body, ...own } = operation;
  const effects = perhaps(predict(own, context));
  // What fails there is swallowed.
  return body?.swallows ? { ...effects, failures: [] } : effects;
}

function perhaps(effects: Effects): Effects {
  const all = <T extends { readonly certainty: Certainty }>(each: readonly T[]): T[] =>
    each.map((one) => ({ ...one, certainty: "maybe" }));
  return {
    locks: all(effects.locks),
    rewrites: all(effects.rewrites),
    scans: all(effects.scans),
    losses: all(effects.losses),
    failures: all(effects.failures),
    breaks: effects.breaks,
  };
}

/** A function of the history that a statement calls does what its body says. */
function calls(context: PredictContext, operation: OperationOf<"select" | "call">): Effects[] {
  return calledOperations(context.catalog, operation).flatMap((called) => {
    if (called.kind === "call") return [];
    if (called.kind !== "select") return [predict(called, context)];
    // What the query calls in turn is not followed: functions may call each other in a circle.
    const e = builder(context);
    rows.select(e, called);
    return [e.done()];
  });
}

function add(e: ReturnType<typeof builder>, effects: Effects): void {
  for (const lock of effects.locks) e.lock(lock.relation, lock, { partner: true, certainty: lock.certainty });
  for (const work of effects.rewrites) e.rewrite(work.relation, work.reason, work.certainty);
  for (const work of effects.scans) e.scan(work.relation, work.kind, work.reason, work);
  for (const loss of effects.losses) e.loss(loss);
  for (const failure of effects.failures) e.fail(failure);
}
