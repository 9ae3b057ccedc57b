import { identifier, relationId, relationSql, type QualifiedName } from "../../sql/names.ts";
import { type ColumnContext, addColumn, alterColumn, columnSql } from "./columns.ts";
import type { ConstraintDefinition, Definitions, IndexDefinition, RelationDefinition } from "../schema/definitions.ts";
import { otherSteps } from "./objects.ts";
import { qualified } from "./names.ts";
import { type DownStep, PHASE, nameOf, pairs, step } from "./step.ts";
import { settingSteps } from "./settings.ts";
import { typeSteps } from "./types.ts";

/** Steps from one state of a database to another, object by object, by name. Where one is dropped that others need, those are missing afterwards: plan again. */
export function planDown(now: Definitions, wanted: Definitions): readonly DownStep[] {
  return [
    ...relationSteps(now, wanted),
    ...typeSteps(now, wanted),
    ...otherSteps(now, wanted),
    ...settingSteps(now, wanted),
  ].sort((a, b) => a.phase - b.phase);
}

/** What belongs to one relation, on each side. */
const partsOf = <T extends { readonly relation: number }>(
  list: readonly T[],
  relation: RelationDefinition | undefined,
): readonly T[] => (relation === undefined ? [] : list.filter((part) => part.relation === relation.oid));

const KINDS = { r: "TABLE", p: "TABLE", v: "VIEW", m: "MATERIALIZED VIEW", f: "FOREIGN TABLE" } as const;
const TITLES = { r: "Table", p: "Table", v: "View", m: "MaterializedView", f: "ForeignTable" } as const;

function relationSteps(now: Definitions, wanted: Definitions): readonly DownStep[] {
  const steps: DownStep[] = [];
  const enums = new Map(
    wanted.types.flatMap((type) =>
      type.values?.[0] === undefined ? [] : [[qualifiedAsPrinted(type), type.values[0]] as const],
    ),
  );
  for (const [is, was] of pairs(now.relations, wanted.relations, nameOf)) {
    const remade = is !== undefined && was !== undefined && mustBeRemade(is, was);
    if (is !== undefined && (was === undefined || remade)) steps.push(dropRelation(is));
    if (was === undefined) continue;
    const kept = remade ? undefined : is;
    const context: ColumnContext = {
      foreign: new Set(
        partsOf(wanted.constraints, was).flatMap(({ type, columns }) => (type === "f" ? (columns ?? []) : [])),
      ),
      unique: new Set([
        ...partsOf(wanted.constraints, was).flatMap(({ type, columns }) =>
          type === "p" || type === "u" ? (columns ?? []) : [],
        ),
        ...partsOf(wanted.indexes, was).flatMap(({ unique, columns }) => (unique ? (columns ?? []) : [])),
      ]),
      sequences: wanted.sequences.filter(
        (sequence) => !now.sequences.some((other) => nameOf(other) === nameOf(sequence)),
      ),
      enums,
    };
    if (was.query !== null) {
      if (kept === undefined) steps.push(createView(was));
      if (was.kind === "v") continue;
    } else if (kept === undefined) steps.push(createTable(was, wanted, context));
    else steps.push(...columnSteps(now, wanted, kept, was, context));
    steps.push(
      ...constraintSteps(partsOf(now.constraints, kept), partsOf(wanted.constraints, was), was, kept),
      ...indexSteps(partsOf(now.indexes, kept), partsOf(wanted.indexes, was), was, kept),
    );
  }
  return steps;
}

const qualifiedAsPrinted = ({ schema, name }: QualifiedName): string => relationSql(relationId(schema, name));

function mustBeRemade(is: RelationDefinition, was: RelationDefinition): boolean {
  return (
    is.kind !== was.kind ||
    is.query !== was.query ||
    is.partitionKey !== was.partitionKey ||
    is.ofType !== was.ofType ||
    (is.query !== null && JSON.stringify(is.options) !== JSON.stringify(was.options))
  );
}

function dropRelation(relation: RelationDefinition): DownStep {
  const view = relation.query !== null;
  return step(
    `Drop${TITLES[relation.kind]}`,
    view ? PHASE.dropDependents : PHASE.dropTables,
    `DROP ${KINDS[relation.kind]} ${qualified(relation)}`,
    { visible: relation.kind === "r" || relation.kind === "p", touches: { catalog: "pg_class", oid: relation.oid } },
  );
}

function createView(view: RelationDefinition): DownStep {
  const options = view.options === null ? "" : ` WITH (${view.options.join(", ")})`;
  const data = view.kind === "m" && !view.populated ? " WITH NO DATA" : "";
  return step(
    `Create${TITLES[view.kind]}`,
    PHASE.createViews,
    `CREATE ${KINDS[view.kind]} ${qualified(view)}${options} AS\n${(view.query ?? "").replace(/;\s*$/, "")}${data}`,
  );
}

function createTable(table: RelationDefinition, wanted: Definitions, context: ColumnContext): DownStep {
  const unlogged = table.persistence === "u" ? "UNLOGGED " : "";
  const partitioned = table.partitionKey === null ? "" : ` PARTITION BY ${table.partitionKey}`;
  const method = table.method === null ? "" : ` USING ${table.method}`;
  const options = table.options === null ? "" : ` WITH (${table.options.join(", ")})`;
  const touches = { catalog: "pg_class", oid: 0 } as const;
  if (table.partitionBound !== null) {
    return step(
      "CreateTable",
      PHASE.createTables,
      `CREATE ${unlogged}TABLE ${qualified(table)} PARTITION OF ${table.parents?.[0] ?? ""} ${table.partitionBound}${partitioned}${method}${options}`,
      { touches },
    );
  }
  const columns = partsOf(wanted.columns, table).filter((column) => !column.inherited);
  const key = partsOf(wanted.constraints, table).find((constraint) => constraint.type === "p" && !constraint.inherited);
  const lines = [
    ...columns.map((column) => columnSql(column, table, context)),
    ...(key === undefined ? [] : [`CONSTRAINT ${identifier(key.name)} ${key.definition}`]),
  ];
  const server = table.foreign === null ? "" : ` SERVER ${table.foreign.server}`;
  const parents = table.parents === null ? "" : ` INHERITS (${table.parents.join(", ")})`;
  const body = lines.length === 0 ? "()" : `(\n    ${lines.join(",\n    ")}\n)`;
  return step(
    `Create${TITLES[table.kind]}`,
    PHASE.createTables,
    `CREATE ${unlogged}${KINDS[table.kind]} ${qualified(table)} ${body}${parents}${partitioned}${server}${method}${options}`,
    { visible: true },
  );
}

function columnSteps(
  now: Definitions,
  wanted: Definitions,
  is: RelationDefinition,
  was: RelationDefinition,
  context: ColumnContext,
): readonly DownStep[] {
  const touches = { catalog: "pg_class", oid: is.oid } as const;
  const steps: DownStep[] = [];
  for (const [column, before] of pairs(partsOf(now.columns, is), partsOf(wanted.columns, was), ({ name }) => name)) {
    if (column === undefined) {
      if (before !== undefined && !before.inherited) steps.push(addColumn(before, was, context));
    } else if (before === undefined) {
      if (!column.inherited)
        steps.push(
          step(
            "AlterTable",
            PHASE.dropColumns,
            `ALTER TABLE ${qualified(was)} DROP COLUMN ${identifier(column.name)}`,
            {
              visible: true,
              touches,
            },
          ),
        );
    } else steps.push(...alterColumn(column, before, was, context));
  }
  return steps;
}

const KEYS = new Set(["p", "u"]);

function constraintSteps(
  now: readonly ConstraintDefinition[],
  wanted: readonly ConstraintDefinition[],
  table: RelationDefinition,
  kept: RelationDefinition | undefined,
): readonly DownStep[] {
  const alter = `ALTER TABLE ${qualified(table)}`;
  const own = (list: readonly ConstraintDefinition[]) => list.filter(({ inherited }) => !inherited);
  return pairs(own(now), own(wanted), ({ name }) => name).flatMap(([is, was]): readonly DownStep[] => {
    if (is?.definition === was?.definition) return [];
    // The statement that makes a table makes its primary key too.
    if (is === undefined && was?.type === "p" && kept === undefined) return [];
    const { type } = was ?? is!;
    const foreign = type === "f";
    if (
      is !== undefined &&
      was !== undefined &&
      !is.validated &&
      was.validated &&
      is.definition.replace(/ NOT VALID$/, "") === was.definition
    )
      return [
        step("ValidateConstraint", PHASE.createStatistics, `${alter} VALIDATE CONSTRAINT ${identifier(was.name)}`),
      ];
    const visible = foreign || KEYS.has(type);
    return [
      ...(is === undefined
        ? []
        : [
            step(
              foreign ? "DropForeignKey" : "AlterTable",
              foreign ? PHASE.dropForeignKeys : PHASE.dropConstraints,
              `${alter} DROP CONSTRAINT ${identifier(is.name)}`,
              { visible },
            ),
          ]),
      ...(was === undefined
        ? []
        : [
            step(
              foreign ? "AddForeignKey" : "AlterTable",
              foreign ? PHASE.addForeignKeys : KEYS.has(type) ? PHASE.addKeys : PHASE.addChecks,
              `${alter} ADD CONSTRAINT ${identifier(was.name)} ${was.definition}`,
              { visible },
            ),
          ]),
    ];
  });
}

function indexSteps(
  now: readonly IndexDefinition[],
  wanted: readonly IndexDefinition[],
  table: RelationDefinition,
  kept: RelationDefinition | undefined,
): readonly DownStep[] {
  const own = (list: readonly IndexDefinition[]) =>
    list.filter(({ inherited, ofConstraint }) => !inherited && !ofConstraint);
  return pairs(own(now), own(wanted), ({ name }) => name).flatMap(([is, was]): readonly DownStep[] => {
    if (is?.definition === was?.definition && is?.valid === was?.valid) return [];
    // Of a materialized view, which the schema engine does not see.
    const visible = (was ?? is!).plain && table.query === null;
    return [
      ...(is === undefined || kept === undefined
        ? []
        : [
            step("DropIndex", PHASE.dropIndexes, `DROP INDEX ${qualified({ schema: table.schema, name: is.name })}`, {
              visible,
            }),
          ]),
      ...(was === undefined
        ? []
        : [
            step("CreateIndex", table.query === null ? PHASE.createIndexes : PHASE.createViews + 1, indexSql(was), {
              visible,
            }),
          ]),
    ];
  });
}

/** As PostgreSQL prints it, but for the method that Prisma does not name. */
function indexSql({ definition, method, plain }: IndexDefinition): string {
  return method === "btree" && plain ? definition.replace(" USING btree (", "(") : definition;
}
