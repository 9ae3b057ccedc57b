import { NUMBERS } from "../../model/evaluation.ts";
import type { Demand } from "../../model/effects.ts";
import { exactSql } from "../../model/exact-sql.ts";
import { typeSql } from "../../model/sql.ts";
import { identifier, literal } from "../../sql/names.ts";
import type { ColumnShape, TypeShape } from "./shapes.ts";
import { mentions } from "./introspection.ts";
import { valueAt } from "./values.ts";
import { DAYS, textAt } from "./base-values.ts";
import type { Session } from "../stage/session.ts";

/** Values of a column that cannot become another type: PostgreSQL tries them. At most six. */
export async function badValues(
  session: Session,
  column: ColumnShape,
  demand: Extract<Demand, { kind: "type" }>,
): Promise<readonly string[]> {
  const using = demand.using ? exactSql(demand.using) : identifier(column.name);
  // What is computed from other columns too is tried over the column alone.
  const alone = demand.using === undefined || mentions(demand.using).every((name) => name === column.name);
  const offered = [...new Set(edges(column.type, column.modifier, demand))];
  const base = column.type.kind === "domain" && column.type.of ? column.type.of : column.type;
  const labels = demand.labels;
  const foreign = labels && base.kind === "enum" ? base.labels.filter((label) => !labels.includes(label)) : undefined;
  if (foreign) return foreign.slice(0, 6);
  const tried = await attempts(
    session,
    column,
    alone && using !== undefined ? using : identifier(column.name),
    typeSql(demand.to),
    offered,
  );
  // The type may come with the deployment.
  if (tried) return tried.slice(0, 6);
  return labels && base.kind === "base" ? offered.filter((value) => !labels.includes(value)).slice(0, 3) : [];
}

/** Those that the column's own type takes and the new one does not; undefined where there is no such type. */
async function attempts(
  session: Session,
  column: ColumnShape,
  using: string,
  to: string,
  offered: readonly string[],
): Promise<readonly string[] | undefined> {
  const each = offered.map(
    (value, i) => `
      begin
        lockstep_source := ${literal(value)};
        begin
          select ${using} into lockstep_target from (select lockstep_source as ${identifier(column.name)}) lockstep_values;
        exception when others then lockstep_bad := lockstep_bad || ${i};
        end;
      exception when others then null;
      end;`,
  );
  const inner = `#variable_conflict use_column
    declare lockstep_source ${column.typeSql}; lockstep_target ${to}; lockstep_bad int[] := '{}'; begin ${each.join("")}
      perform set_config('lockstep.answer', to_json(lockstep_bad)::text, false); end`;
  const [row] = await session.query<{ answer: number[] | null }>(
    `do ${literal(`begin begin execute ${literal(`do ${literal(inner)}`)}; exception when others then perform set_config('lockstep.answer', 'null', false); end; end`)}; select current_setting('lockstep.answer')::json as answer`,
  );
  return row?.answer?.map((at) => offered[at]!);
}

/** Values at the edges of a type, and of the one that it is to become. */
function edges(type: TypeShape, modifier: number, demand: Extract<Demand, { kind: "type" }>): readonly string[] {
  if (type.kind === "domain" && type.of) return edges(type.of, type.modifier, demand);
  const usual = [0, 1, 2].flatMap((k) => valueAt(type, modifier, k, "edge") ?? []);
  if (type.kind === "enum") return type.labels;
  if (type.kind === "array" && type.of)
    return [
      ...edges(type.of, modifier, demand).map(
        (value) => `{"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"}`,
      ),
      "{NULL}",
      ...usual,
    ];
  const [length] = demand.to.modifiers;
  if (NUMBERS.has(type.name)) {
    const nines = [1, 2, 3, 5, 8].map((size) => "9".repeat(size));
    return [
      "2147483648",
      "-2147483649",
      "32768",
      "-32769",
      "9223372036854775808",
      "100000000000000000000",
      "-100000000000000000000",
      "1e300",
      "NaN",
      ...nines.map((each) => `${each}.99`),
      ...nines,
      "-1",
      "0",
      ...usual,
    ];
  }
  if (DAYS.has(type.name)) return ["infinity", "-infinity", "294000-01-01", "4000-01-01 BC", ...usual];
  if (type.name === "json" || type.name === "jsonb")
    return ['"some text"', "[1, 2]", '{"key": "value"}', "null", "12", "true"];
  if (type.name === "bool") return ["true", "false"];
  const room = modifier > 4 && /^(varchar|bpchar)$/.test(type.name) ? modifier - 4 : Infinity;
  const longer =
    length === undefined ? [] : [length + 1, length + 7].map((size) => textAt(size, size, "long").padEnd(size, "x"));
  return [
    ...longer,
    "not known",
    "",
    " ",
    "n/a",
    "12x",
    "1.5",
    "-",
    "99999999999999999999",
    "2024-02-30",
    "{broken",
    textAt(1, 300, "long").padEnd(300, "x"),
    ...usual,
  ].filter((text) => text.length <= room);
}
