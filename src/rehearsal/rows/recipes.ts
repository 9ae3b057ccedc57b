import type { Failure } from "../../model/effects.ts";
import { substituted } from "../../model/exact-sql.ts";
import { typeSql } from "../../model/sql.ts";
import type { Expression } from "../../sql/expression.ts";
import { counted } from "../../words.ts";
import { relationName } from "../../sql/names.ts";
import { type NoRecipe, type Recipe, keyInWords, withoutOpen, type Present } from "./recipe.ts";
import { satisfies, valueOf } from "./checks.ts";
import { badValues } from "./bad-values.ts";
import { enough, orphans } from "./orphans.ts";
import type { ColumnShape, TableShape } from "./shapes.ts";
import { mentions } from "./introspection.ts";
import type { Session } from "../stage/session.ts";
import { valueAt } from "./values.ts";

/** Rows for a failure in a table of the deployed schema, or why there can be none. */
export async function recipeFor(
  session: Session,
  failure: Failure,
  deployed: TableShape,
  present: Present,
): Promise<Recipe | NoRecipe> {
  const shape = withoutOpen(deployed);
  const there = present.rows.get(deployed.id) ?? [];
  if (failure.demand?.kind === "atMost") {
    const column = failure.columns.join(", ");
    const { rows } = failure.demand;
    if (there.length <= rows) return { why: `${relationName(deployed.id)} has no rows that it could fail on` };
    return {
      phrase: (count) =>
        rows === 0
          ? `${counted(count, "row")} for which ${column} has no value`
          : `${counted(count, "row")} that would share one value of ${column}`,
    };
  }
  const missing = failure.columns.find((name) => !shape.columns.some((column) => column.name === name));
  if (missing !== undefined) return { why: `${missing} is not there before the deployment` };
  const generated = failure.columns.find((name) =>
    shape.columns.some((column) => column.name === name && column.generated),
  );
  if (generated !== undefined) return { why: `${generated} is computed by PostgreSQL` };
  switch (failure.kind) {
    case "orphans":
      return orphans(failure, deployed, present);
    case "nulls":
      return nulls(failure, shape, deployed);
    case "duplicates":
    case "exclusion":
      return duplicates(failure, shape, deployed);
    case "check":
      return violations(failure, shape, deployed);
    case "cast":
    case "enumValueInUse":
      return values(session, failure, shape, deployed);
    case "partitionBound":
      return outOfBounds(failure, shape, deployed, present);
    case "dependents":
      // A partition that is detached: rows of others point at its rows.
      if (failure.sqlstate === "23503")
        return there.length > 0
          ? { phrase: (count) => `${counted(count, "row")} that others may point at`, counted: () => there.length }
          : { why: `${relationName(deployed.id)} has no rows` };
      return { why: "it does not depend on rows" };
    default:
      return { why: "it does not depend on rows" };
  }
}

const columnOf = (shape: TableShape, name: string): ColumnShape =>
  shape.columns.find((column) => column.name === name)!;

function nulls({ columns }: Failure, shape: TableShape, deployed: TableShape): Recipe | NoRecipe {
  const open = columns.filter((name) => {
    const { required, type } = columnOf(shape, name);
    return !required && !(type.kind === "domain" && type.required);
  });
  if (open.length === 0)
    return { why: `${columns.join(", ")} ${columns.length === 1 ? "is" : "are"} NOT NULL until now` };
  return {
    phrase: (count) =>
      `${counted(count, "row")} ${columns.length === 1 ? `whose ${columns[0]} ${count === 1 ? "is" : "are"} NULL`.replace("are NULL", "is NULL") : `with a NULL in ${columns.join(" or ")}`}`,
    make: [{ shape, deployed, total: enough(shape), forced: (made) => ({ [open[made.length % open.length]!]: null }) }],
  };
}

function duplicates(failure: Failure, shape: TableShape, deployed: TableShape): Recipe | NoRecipe {
  const { columns, demand, kind } = failure;
  const expressions: readonly Expression[] =
    demand?.kind === "distinct" ? demand.keys : columns.map((name) => ({ kind: "column", column: name }));
  const where = demand?.kind === "distinct" ? demand.where : undefined;
  const own = new Set(shape.columns.map(({ name }) => name));
  const keys = [...new Set(expressions.flatMap(mentions))];
  const missing = [...keys, ...mentions(where)].find((name) => !own.has(name));
  if (missing !== undefined) return { why: `${missing} is not there before the deployment` };
  if (keys.length === 0) return { why: "its columns are not known" };
  const held = shape.uniques.find(
    (unique) =>
      !unique.where &&
      !unique.expressions &&
      unique.columns.length > 0 &&
      unique.columns.every((name) => keys.includes(name)),
  );
  if (held) return { why: `${held.name} keeps ${keyInWords(held.columns)} unique until now` };
  const computed = keys.find((name) => columnOf(shape, name).generated);
  if (computed !== undefined) return { why: `${computed} is computed by PostgreSQL` };
  const folds = JSON.stringify(expressions).includes('"lower"');
  const copied = [...keys, ...mentions(where)];
  const within: TableShape = where
    ? {
        ...shape,
        checks: [...shape.checks, { name: "predicate", expression: isTrue(where), columns: mentions(where) }],
      }
    : shape;
  // NULLs are distinct: a row that others repeat has none.
  const given: TableShape = {
    ...within,
    columns: within.columns.map((column) => (keys.includes(column.name) ? { ...column, required: true } : column)),
  };
  const groups = 3;
  return {
    phrase: (count) =>
      kind === "exclusion"
        ? `${counted(count, "row")} that agree in ${keyInWords(keys)}`
        : `${counted(count, "row")} that ${count === 1 ? "repeats" : "repeat"} ${keyInWords(keys)} of another`,
    make: [
      {
        shape: given,
        deployed,
        // A pair, a pair, and three alike.
        total: groups * 2 + 1,
        forced(made) {
          const n = made.length;
          const model = n < groups ? undefined : made[(n - groups) % groups];
          if (!model) return {};
          return Object.fromEntries(
            copied.map((name) => [
              name,
              folds &&
              n % 2 === 1 &&
              keys.includes(name) &&
              typeof model[name] === "string" &&
              columnOf(shape, name).type.kind === "base" &&
              /^(text|varchar)$/.test(columnOf(shape, name).type.name)
                ? model[name].toUpperCase()
                : model[name],
            ]),
          );
        },
      },
    ],
  };
}

const isTrue = (expression: Expression): Expression => ({ kind: "operator", operator: "is true", args: [expression] });

function violations(failure: Failure, shape: TableShape, deployed: TableShape): Recipe | NoRecipe {
  const { demand, detail } = failure;
  if (demand?.kind !== "check") return { why: "what it asks of the rows is not understood" };
  const expression = demand.domain
    ? substituted(demand.expression, "value", { kind: "column", column: failure.columns[0] ?? "value" })
    : demand.expression;
  const columns = [...new Set(mentions(expression))];
  const missing = columns.find((name) => !shape.columns.some((column) => column.name === name));
  if (missing !== undefined) return { why: `${missing} is not there before the deployment` };
  const violated: Expression = { kind: "operator", operator: "is false", args: [expression] };
  // A check that cannot be computed here is left to PostgreSQL, which counts the rows that violate it.
  const opaque = satisfies(expression, (name) => valueOf("1", columnOf(shape, name).type)) === undefined;
  return {
    phrase: (count) =>
      `${counted(count, "row")} that ${count === 1 ? "violates" : "violate"} ${detail === undefined || demand.domain ? "the check" : detail}`,
    make: [
      {
        shape: { ...shape, checks: [...shape.checks, { name: "violation", expression: violated, columns }] },
        deployed,
        total: opaque ? 12 : enough(shape),
        forced: () => ({}),
      },
    ],
  };
}

/** At both ends of what the key's types hold: no bound but the widest takes both. */
function outOfBounds(
  { parent }: Failure,
  shape: TableShape,
  deployed: TableShape,
  present: Present,
): Recipe | NoRecipe {
  const columns = (parent === undefined ? undefined : present.tables.get(parent)?.partitionKey) ?? [];
  if (columns.length === 0) return { why: "the bound is not known before the deployment" };
  const missing = columns.find((name) => !shape.columns.some((column) => column.name === name));
  if (missing !== undefined) return { why: `${missing} is not there before the deployment` };
  const extremes = columns.map((name) => ends(columnOf(shape, name)));
  return {
    phrase: (count) => `${counted(count, "row")} with ${keyInWords(columns)} at both ends of what the type holds`,
    counted: (added) => added,
    make: [
      {
        shape,
        deployed,
        total: 2,
        forced: (made) => Object.fromEntries(columns.map((name, i) => [name, extremes[i]![made.length % 2]])),
      },
    ],
  };
}

function ends({ type, modifier }: ColumnShape): readonly [string, string] {
  const known: Readonly<Record<string, readonly [string, string]>> = {
    int2: ["-32768", "32767"],
    int4: ["-2147483648", "2147483647"],
    int8: ["-9223372036854775808", "9223372036854775807"],
    date: ["0001-01-01", "9999-12-31"],
    timestamp: ["0001-01-01", "9999-12-31"],
    timestamptz: ["0001-01-01", "9999-12-31"],
    uuid: ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
  };
  const labels: readonly [string, string] | undefined =
    type.labels.length > 0 ? [type.labels[0]!, type.labels.at(-1)!] : undefined;
  return (
    labels ??
    known[type.name] ?? [valueAt(type, modifier, 0, "ends") ?? "", valueAt(type, modifier, 9999, "ends") ?? ""]
  );
}

async function values(
  session: Session,
  failure: Failure,
  shape: TableShape,
  deployed: TableShape,
): Promise<Recipe | NoRecipe> {
  const { demand, columns } = failure;
  const column = columnOf(shape, columns[0] ?? "");
  if (demand?.kind !== "type" || column === undefined) return { why: "the new type is not known" };
  const bad = await badValues(session, column, demand);
  if (bad.length === 0) return { why: `no value of ${column.name} was found that cannot become ${typeSql(demand.to)}` };
  return {
    phrase: (count) => `${counted(count, "row")} whose ${column.name} cannot become ${typeSql(demand.to)}`,
    make: [
      {
        shape,
        deployed,
        total: Math.max(bad.length, 2),
        forced: (made) => ({ [column.name]: bad[made.length % bad.length] }),
      },
    ],
  };
}
