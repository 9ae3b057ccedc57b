import { NUMBERS } from "../../model/evaluation.ts";
import { DAYS, baseValue, digits } from "./base-values.ts";
import type { TypeShape } from "./shapes.ts";
import { candidates } from "./candidates.ts";
import { satisfies, valueOf } from "./checks.ts";

/** Values of PostgreSQL's types as the text that its input functions read. */

/** How many distinct values `valueAt` has for a type; Infinity where there are more than any table needs. */
export function distinctValues(type: TypeShape, modifier: number): number {
  switch (type.kind) {
    case "enum":
      return type.labels.length;
    case "domain":
      return type.of && type.checks.length === 0 ? distinctValues(type.of, type.modifier) : Infinity;
    case "base":
      if (type.name === "bool") return 2;
      if (type.name === "bit") return 2 ** Math.max(modifier, 1);
      if (type.name === "varbit") return modifier > 0 ? 2 ** (modifier + 1) - 1 : Infinity;
      if (type.name === "char") return 26;
      if (type.name === "numeric" && modifier >= 4) return 10 ** digits(modifier).precision;
      if (LENGTHS.has(type.name) && modifier > 4) return 36 ** (modifier - 4);
      return Infinity;
    default:
      return Infinity;
  }
}

const LENGTHS = new Set(["varchar", "bpchar"]);

/**
 * The value number `k` of a type: other numbers give other values, as far as the type has them. `salt` moves what is no
 * number. Undefined where nothing is known of the type.
 */
export function valueAt(type: TypeShape, modifier: number, k: number, salt: string): string | undefined {
  switch (type.kind) {
    case "enum":
      return type.labels[k % type.labels.length];
    case "domain":
      return domainValue(type, k, salt);
    case "array":
      return type.of && arrayValue(type.of, modifier, k, salt);
    case "composite": {
      const fields = type.attributes.map((each) => valueAt(each.type, each.modifier, k, salt));
      return `(${fields.map((field) => (field === undefined ? "" : quotedIn(field))).join(",")})`;
    }
    case "range":
      return type.of && rangeValue(type.of, k, salt);
    case "multirange": {
      const range = type.of && valueAt(type.of, -1, k, salt);
      return range === undefined ? undefined : `{${range}}`;
    }
    case "base":
      return baseValue(type.name, modifier, k, salt);
  }
}

function domainValue(type: TypeShape, k: number, salt: string): string | undefined {
  if (!type.of) return undefined;
  if (type.checks.length === 0) return valueAt(type.of, type.modifier, k, salt);
  const base = type.of;
  const fits = (text: string | undefined): text is string =>
    text !== undefined &&
    type.checks.every(
      (check) => satisfies(check, (name) => (name === "value" ? valueOf(text, base) : undefined)) !== false,
    );
  const plain = valueAt(base, type.modifier, k, salt);
  if (fits(plain)) return plain;
  const found = new Set<string>();
  const offers = type.checks.flatMap((check) => candidates(check, "value", base, salt, valueAt));
  for (let i = 0; i <= 40; i++)
    for (const offer of offers) {
      const text = offer(i);
      if (fits(text)) found.add(text);
      if (found.size > k) return text;
    }
  const all = [...found];
  return all.length > 0 ? all[k % all.length] : plain;
}

function arrayValue(element: TypeShape, modifier: number, k: number, salt: string): string | undefined {
  const few = distinctValues(element, modifier);
  const elements: string[] = [];
  for (const number of Number.isFinite(few) && few > 0
    ? digitsOf(k, few)
    : Array.from({ length: k % 4 }, (_, i) => k + i)) {
    const text = valueAt(element, modifier, number, salt);
    if (text === undefined) return undefined;
    elements.push(quotedIn(text));
  }
  return `{${elements.join(",")}}`;
}

/** Digits from 0 to `base` - 1 such that each number has digits of its own, 0 none. */
function digitsOf(k: number, base: number): number[] {
  const found: number[] = [];
  for (let left = k; left > 0 && found.length < 40; left = base === 1 ? left - 1 : Math.floor((left - 1) / base))
    found.push((left - 1) % base);
  return found;
}

const quotedIn = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** Ranges of different numbers do not overlap. */
function rangeValue(subtype: TypeShape, k: number, salt: string): string | undefined {
  if (DAYS.has(subtype.name))
    return `[${baseValue(subtype.name, -1, k * 2, salt)},${baseValue(subtype.name, -1, k * 2 + 1, salt)})`;
  if (NUMBERS.has(subtype.name)) return `[${k * 10},${k * 10 + 5})`;
  const one = valueAt(subtype, -1, k, salt);
  return one === undefined ? undefined : `["${one}","${one}"]`;
}
