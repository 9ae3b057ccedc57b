import { unended } from "../advice/programs/command.ts";
import { changes } from "../advice/sql/changes.ts";
import { objectName } from "../model/object-names.ts";
import type { ConstraintScan } from "../model/facts/constraint-scans.ts";
import { partsOf, relationSql } from "../sql/names.ts";
import type { Operation, OperationOf } from "../sql/operation/index.ts";
import { type FixPlace, addsStatements, lineBreak, notValid } from "./edits.ts";
import type { Fix } from "./finding.ts";

/** The ways to have a constraint without reading the rows under a lock: none for a part of a column that is added. */
export function constraintFixes(scan: ConstraintScan, operation: Operation, place: FixPlace): Fix[] {
  const table = relationSql(scan.relation);
  if (scan.reads === "domain" || scan.at !== operation) return [];
  if (scan.reads === "notNull" && operation.kind === "setNotNull") return provenNotNull(place, operation, scan);
  if (scan.reads === "index")
    return scan.way === "index" && (operation.kind === "addUnique" || operation.kind === "addPrimaryKey")
      ? indexFirst(place, operation, scan.by, table)
      : [];
  if (scan.name === undefined || (scan.reads === "notNull" && scan.by === "primaryKey")) return [];
  return notValid(place, operation, unended(changes.validate(table, scan.name)));
}

/** The CHECK that proves it, validated, then SET NOT NULL. */
function provenNotNull(place: FixPlace, operation: OperationOf<"setNotNull">, { relation }: ConstraintScan): Fix[] {
  const { statement, migration } = place;
  if (statement.operations.length !== 1 || operation.body) return [];
  const name = objectName(partsOf(relation).name, operation.column, "not_null");
  const table = relationSql(relation);
  const add = unended(changes.proveNotNull(table, operation.column, name));
  const validate = unended(changes.validate(table, name));
  const then = [changes.setNotNull(table, operation.column), changes.dropConstraint(table, name)].map(unended);
  const nl = lineBreak(migration.file);
  const own = addsStatements(place);
  const lines = own
    ? [`${add};`, `${validate};`, ...then.map((line) => `${line};`)]
    : [
        `${add};`,
        "-- In a later migration:",
        `-- ${validate};`,
        "-- In one after that:",
        ...then.map((line) => `-- ${line};`),
      ];
  return [
    {
      title: own ? "Prove it with a CHECK first" : "Prove it with a CHECK first, in migrations of their own",
      safety: own ? "unsafe" : "display",
      edits: [{ range: statement.range, text: lines.join(nl).replace(/;$/, "") }],
    },
  ];
}

/** The index built concurrently, then made the constraint's own: two migrations in any case, since Prisma may not split a file with USING INDEX. */
function indexFirst(
  { statement, migration }: FixPlace,
  operation: OperationOf<"addUnique" | "addPrimaryKey">,
  what: string,
  table: string,
): Fix[] {
  const { name, columns, deferrable, nullsNotDistinct, include } = operation.constraint;
  if (
    statement.operations.length !== 1 ||
    operation.body ||
    name === undefined ||
    deferrable ||
    nullsNotDistinct ||
    include.length > 0
  )
    return [];
  const index = changes.buildUnique(table, columns, name).text;
  const add = unended(changes.takeIndex(table, name, what));
  const nl = lineBreak(migration.file);
  return [
    {
      title: "Build the index concurrently first, in a migration of its own",
      safety: "display",
      edits: [{ range: statement.range, text: `-- In an earlier migration of its own:${nl}-- ${index}${nl}${add}` }],
    },
  ];
}
