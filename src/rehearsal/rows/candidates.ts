import type { Expression } from "../../sql/expression.ts";
import { NUMBERS, NOW, type Value, evaluate, moment } from "../../model/evaluation.ts";
import { children } from "../../model/queries.ts";
import { patternText } from "./patterns.ts";
import type { TypeShape } from "./shapes.ts";
import { mentions } from "./introspection.ts";
import { DAYS, type Offer, textAt, timestampAt } from "./base-values.ts";

/** Values that the text of a CHECK speaks of. */

/** How elements are made: `valueAt`, which asks here for the values of domains. */
type ValueAt = (type: TypeShape, modifier: number, k: number, salt: string) => string | undefined;

/** Values of a column at which the parts of an expression turn: the literals beside it, and what lies around them. */
export function candidates(
  expression: Expression,
  column: string,
  type: TypeShape,
  salt: string,
  valueAt: ValueAt,
): Offer[] {
  const base = type.kind === "domain" && type.of ? type.of : type;
  const found: Offer[] = [];
  const visit = (part: Expression): void => {
    if (part.kind === "and" || part.kind === "or" || part.kind === "case" || part.kind === "other")
      children(part).forEach(visit);
    else if (part.kind === "not" || part.kind === "isNull" || part.kind === "cast") visit(part.arg);
    else if (part.kind === "in") beside(part.arg, part.list ?? [], "=");
    else if (part.kind === "operator") {
      const [left, ...right] = part.args;
      if (left) beside(left, right, part.operator);
      if (right.length === 1 && left && right[0]) beside(right[0], [left], part.operator);
      part.args.forEach(visit);
    } else if (part.kind === "call") part.args.forEach(visit);
  };
  const beside = (subject: Expression, others: readonly Expression[], operator: string): void => {
    if (!mentions(subject).includes(column)) return;
    for (const other of others) {
      const value = evaluate(other, () => undefined);
      if (value === NOW) continue;
      for (const each of Array.isArray(value) ? (value as readonly Value[]) : [value])
        if (each !== undefined && each !== null)
          found.push(...offers(bare(subject), each, operator, base, salt, valueAt));
    }
  };
  visit(expression);
  return found;
}

/** Without casts, and what is around the column. */
function bare(expression: Expression): { readonly through: readonly string[]; readonly key?: string } {
  if (expression.kind === "cast") return bare(expression.arg);
  if (expression.kind === "call") {
    const inner = expression.args.find((arg) => mentions(arg).length > 0);
    return inner
      ? { ...bare(inner), through: [expression.name, ...bare(inner).through] }
      : { through: [expression.name] };
  }
  if (expression.kind === "operator" && (expression.operator === "->>" || expression.operator === "->")) {
    const key = expression.args[1] && evaluate(expression.args[1], () => undefined);
    return { through: [expression.operator], ...(typeof key === "string" && { key }) };
  }
  return { through: [] };
}

function offers(
  subject: ReturnType<typeof bare>,
  value: Value,
  operator: string,
  type: TypeShape,
  salt: string,
  valueAt: ValueAt,
): Offer[] {
  const through = subject.through[0];
  if (operator === "?" && typeof value === "string") return [(k) => JSON.stringify({ [value]: k })];
  if (through === "->>" && subject.key !== undefined) return [() => JSON.stringify({ [subject.key!]: value })];
  if (through !== undefined && /(^|_)length$|^cardinality$/.test(through) && typeof value === "number") {
    const sizes = [value, value + 1, value - 1].filter((size) => size >= 0 && size < 10_000);
    const element = type.kind === "array" ? type.of : undefined;
    if (element)
      return sizes.map(
        (size) => (k) =>
          `{${Array.from({ length: size }, (_, i) => `"${valueAt(element, -1, k + i, salt) ?? ""}"`).join(",")}}`,
      );
    if (type.name === "json" || type.name === "jsonb")
      return sizes.map((size) => (k) => JSON.stringify(Array.from({ length: size }, (_, i) => k + i)));
    return sizes.map((size) => (k) => textAt(k, size, salt).padEnd(size, "x").slice(0, size));
  }
  if (through === "jsonb_typeof" || through === "json_typeof")
    return typeof value === "string" ? [(k) => JSON_OF[value]?.(k) ?? "null"] : [];
  if (type.kind === "array") return typeof value === "object" ? [] : [() => "{}", () => `{"${String(value)}"}`];
  if (
    typeof value === "number" ||
    (NUMBERS.has(type.name) && typeof value === "string" && value !== "" && !Number.isNaN(Number(value)))
  ) {
    const number = Number(value);
    return [
      () => String(number),
      (k) => String(number + k + 1),
      (k) => String(number - k - 1),
      (k) => String(number + 0.5 / (k + 1)),
      (k) => String(number - 0.5 / (k + 1)),
    ];
  }
  if (typeof value === "boolean") return [() => String(value)];
  if (typeof value !== "string") return [];
  const at = DAYS.has(type.name) ? moment(value) : undefined;
  if (at !== undefined)
    return [1, -1].flatMap((sign) => [
      (k: number) => shifted(at, sign * k, type.name),
      (k: number) => shifted(at, sign * k * 24, type.name),
    ]);
  const pattern = patternText(operator, value, salt);
  return pattern ? [pattern] : [() => value];
}

const shifted = (at: number, hours: number, type: string): string => {
  const text = new Date(at + hours * 3_600_000).toISOString();
  return type === "date"
    ? text.slice(0, 10)
    : `${text.slice(0, 19).replace("T", " ")}${type === "timestamptz" ? "+00" : ""}`;
};

/** A moment that no clock reaches soon, for what has to lie ahead. */
export const ahead: Offer = (k) => timestampAt(k).replace(/^20/, "21");

const JSON_OF: Readonly<Record<string, Offer>> = {
  object: (k) => JSON.stringify({ key: k }),
  array: (k) => JSON.stringify([k]),
  string: (k) => JSON.stringify(`text ${k}`),
  number: (k) => String(k),
  boolean: (k) => String(k % 2 === 0),
  null: () => "null",
};
