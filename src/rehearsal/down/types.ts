import type { CatalogColumn, Definitions, TypeDefinition } from "../schema/definitions.ts";
import { identifier, literal } from "../../sql/names.ts";
import { defaultValue, qualified } from "./names.ts";
import { type DownStep, type Note, PHASE, nameOf, pairs, step } from "./step.ts";

const KINDS = { e: "TYPE", d: "DOMAIN", c: "TYPE", r: "TYPE", b: "TYPE" } as const;
const TITLES = { e: "Enum", d: "Domain", c: "Type", r: "Type", b: "Type" } as const;

/** Steps for enums, domains, composite and range types. */
export function typeSteps(now: Definitions, wanted: Definitions): readonly DownStep[] {
  return pairs(now.types, wanted.types, nameOf).flatMap(([is, was]): readonly DownStep[] => {
    const text = (type: TypeDefinition | undefined): string =>
      JSON.stringify(
        type && [
          type.kind,
          type.values,
          type.base,
          type.notNull,
          type.default,
          type.collation,
          type.checks,
          type.attributes,
          type.range,
        ],
      );
    if (text(is) === text(was)) return [];
    if (is === undefined) return was === undefined ? [] : createType(was);
    const touches = { catalog: "pg_type", oid: is.oid } as const;
    const drop = step(`Drop${TITLES[is.kind]}`, PHASE.dropTypes, `DROP ${KINDS[is.kind]} ${qualified(is)}`, {
      visible: is.kind === "e",
      touches,
    });
    if (was === undefined) return [drop];
    if (is.kind === "e" && was.kind === "e") return [alterEnum(is, was, now, wanted)];
    if (is.kind === "d" && was.kind === "d" && is.base === was.base && is.collation === was.collation)
      return alterDomain(is, was);
    return [{ ...drop, phase: PHASE.dropDependents + 1 }, ...createType(was)];
  });
}

function createType(type: TypeDefinition): readonly DownStep[] {
  const name = qualified(type);
  const make = (sql: string): readonly DownStep[] => [
    step(`Create${TITLES[type.kind]}`, PHASE.createTypes, sql, { visible: type.kind === "e" }),
  ];
  switch (type.kind) {
    case "e":
      return make(`CREATE TYPE ${name} AS ENUM (${(type.values ?? []).map(literal).join(", ")})`);
    case "c":
      return make(`CREATE TYPE ${name} AS (${(type.attributes ?? []).join(", ")})`);
    case "d":
      return make(
        [
          `CREATE DOMAIN ${name} AS ${type.base}`,
          type.collation !== null && `COLLATE ${type.collation}`,
          type.default !== null && `DEFAULT ${type.default}`,
          type.notNull && "NOT NULL",
          ...(type.checks ?? []).map((check) => `CONSTRAINT ${identifier(check.name)} ${check.definition}`),
        ]
          .filter(Boolean)
          .join(" "),
      );
    case "r": {
      const { subtype, canonical, diff } = type.range ?? { subtype: "", canonical: null, diff: null };
      return make(
        `CREATE TYPE ${name} AS RANGE (SUBTYPE = ${subtype}${canonical === null ? "" : `, CANONICAL = ${canonical}`}${diff === null ? "" : `, SUBTYPE_DIFF = ${diff}`})`,
      );
    }
    case "b":
      return [];
  }
}

function alterDomain(is: TypeDefinition, was: TypeDefinition): readonly DownStep[] {
  const alter = `ALTER DOMAIN ${qualified(was)}`;
  const make = (phase: number, sql: string): DownStep => step("AlterDomain", phase, `${alter} ${sql}`);
  const checks = pairs(is.checks ?? [], was.checks ?? [], ({ name }) => name).flatMap(([now, before]) =>
    now?.definition === before?.definition
      ? []
      : [
          ...(now ? [make(PHASE.dropConstraints, `DROP CONSTRAINT ${identifier(now.name)}`)] : []),
          ...(before ? [make(PHASE.addChecks, `ADD CONSTRAINT ${identifier(before.name)} ${before.definition}`)] : []),
        ],
  );
  return [
    ...checks,
    ...(is.default === was.default
      ? []
      : [make(PHASE.alterColumns, was.default === null ? "DROP DEFAULT" : `SET DEFAULT ${was.default}`)]),
    ...(is.notNull === was.notNull ? [] : [make(PHASE.alterColumns, `${was.notNull ? "SET" : "DROP"} NOT NULL`)]),
  ];
}

/** Values can be added in place, but a script cannot use them before it ends; none can be removed or moved: then the type is created again and its columns follow. */
function alterEnum(is: TypeDefinition, was: TypeDefinition, now: Definitions, wanted: Definitions): DownStep {
  const [values, before] = [is.values ?? [], was.values ?? []];
  const kept = before.filter((value) => values.includes(value));
  const remade = remakeEnum(is, was, now);
  const touches = { catalog: "pg_type", oid: is.oid } as const;
  const gone = values.filter((value) => !before.includes(value));
  const notes: readonly Note[] =
    gone.length > 0 ? [{ kind: "fails", text: `Fails while rows hold ${gone.map(literal).join(", ")}` }] : [];
  // Expressions that compare with the type keep its columns from being converted.
  const expressions = dropExpressions(is, now);
  const ways =
    kept.join("\n") === values.join("\n") &&
    !usesValue(
      wanted,
      before.filter((value) => !values.includes(value)),
    )
      ? [addValues(was, values), remade]
      : [remade];
  if (expressions.length > 0) ways.push([...expressions, ...remade]);
  return { title: "AlterEnum", phase: PHASE.createTypes + 1, ways, visible: false, touches, notes };
}

function dropExpressions(type: TypeDefinition, now: Definitions): readonly string[] {
  const relations = new Map(now.relations.map((relation) => [relation.oid, relation]));
  const names = (text: string): boolean => printedNames(type).some((name) => text.includes(`::${name}`));
  return [
    ...now.constraints.flatMap(({ type: kind, relation, name, definition, inherited }) =>
      kind === "c" && !inherited && names(definition)
        ? [`ALTER TABLE ${qualified(relations.get(relation)!)} DROP CONSTRAINT ${identifier(name)}`]
        : [],
    ),
    ...now.indexes.flatMap(({ plain, relation, name, definition, inherited }) =>
      !plain && !inherited && names(definition)
        ? [`DROP INDEX ${qualified({ schema: relations.get(relation)!.schema, name })}`]
        : [],
    ),
  ];
}

function addValues(was: TypeDefinition, values: readonly string[]): readonly string[] {
  const there = new Set(values);
  return (was.values ?? []).flatMap((value, i, all) => {
    if (there.has(value)) return [];
    const next = all.slice(i + 1).find((other) => there.has(other));
    there.add(value);
    return [
      `ALTER TYPE ${qualified(was)} ADD VALUE ${literal(value)}${next === undefined ? "" : ` BEFORE ${literal(next)}`}`,
    ];
  });
}

function usesValue(wanted: Definitions, values: readonly string[]): boolean {
  const texts = [
    ...wanted.columns.map((column) => column.default),
    ...wanted.indexes.map((index) => index.definition),
    ...wanted.constraints.map((constraint) => constraint.definition),
    ...wanted.relations.map((relation) => relation.query),
  ];
  return values.some((value) => texts.some((text) => text?.includes(literal(value))));
}

/** The way in which Prisma does it. Columns that are to go are gone by then. */
function remakeEnum(is: TypeDefinition, was: TypeDefinition, now: Definitions): readonly string[] {
  const [name, made, old] = [
    qualified(was),
    qualified({ ...was, name: `${was.name}_new` }),
    qualified({ ...was, name: `${was.name}_old` }),
  ];
  const printed = printedNames(is);
  const relations = new Map(now.relations.map((relation) => [relation.oid, relation]));
  const alters = now.columns.flatMap((column) => {
    const table = relations.get(column.relation);
    if (
      !printed.includes(column.type.replace(/\[\]$/, "")) ||
      table === undefined ||
      table.query !== null ||
      column.inherited
    )
      return [];
    return alterTo(column, qualified(table), made, name);
  });
  const first = alters.map(({ before }) => before).flat();
  return [
    `CREATE TYPE ${made} AS ENUM (${(was.values ?? []).map(literal).join(", ")})`,
    ...first,
    ...alters.flatMap(({ type }) => type),
    `ALTER TYPE ${name} RENAME TO ${identifier(`${was.name}_old`)}`,
    `ALTER TYPE ${made} RENAME TO ${identifier(was.name)}`,
    `DROP TYPE ${old}`,
    ...alters.flatMap(({ after }) => after),
  ];
}

function alterTo(column: CatalogColumn, table: string, made: string, name: string) {
  const array = column.type.endsWith("[]") ? "[]" : "";
  const target = `ALTER TABLE ${table} ALTER COLUMN ${identifier(column.name)}`;
  const has = column.default !== null && column.generated === "";
  return {
    before: has ? [`${target} DROP DEFAULT`] : [],
    type: [`${target} TYPE ${made}${array} USING (${identifier(column.name)}::text${array}::${made}${array})`],
    after: has ? [`${target} SET DEFAULT ${defaultValue(column.default ?? "", column.type)}`] : [],
    name,
  };
}

const printedNames = ({ schema, name }: TypeDefinition): readonly string[] => {
  const prefix = schema === "public" ? "" : `${schema}.`;
  return [prefix + name, prefix + identifier(name), qualified({ schema, name })];
};
