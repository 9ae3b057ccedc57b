import { moment } from "../evaluation.ts";
import { type Word, find, listAt, wordsOf } from "./clauses.ts";

/** FOR VALUES of a partition. */
export type Bounds =
  | { readonly kind: "default" }
  | { readonly kind: "list"; readonly values: readonly (string | null)[] }
  | { readonly kind: "range"; readonly from: readonly string[]; readonly to: readonly string[] }
  | { readonly kind: "hash"; readonly modulus: number; readonly remainder: number };

export function boundsOf(text: string): Bounds | undefined {
  const words = wordsOf(text);
  const at = find(words, "for", "values");
  if (at < 0) return find(words, "default") >= 0 ? { kind: "default" } : undefined;
  const next = words[at + 2]?.text;
  if (next === "in") {
    const list = listAt(words, at + 3);
    return list && { kind: "list", values: list.items.map((item) => (isNull(item) ? null : textOf(item))) };
  }
  if (next === "from") {
    const from = listAt(words, at + 3);
    const to = from && words[from.next]?.text === "to" ? listAt(words, from.next + 1) : undefined;
    return from && to && { kind: "range", from: from.items.map(textOf), to: to.items.map(textOf) };
  }
  const list = next === "with" ? listAt(words, at + 3) : undefined;
  const number = (name: string): number =>
    Number(list?.items.find((item) => item[0]?.text === name)?.at(-1)?.text ?? Number.NaN);
  return list && { kind: "hash", modulus: number("modulus"), remainder: number("remainder") };
}

const textOf = (item: readonly Word[]): string => item.map(({ text }) => text).join("");
const isNull = ([first]: readonly Word[]): boolean => first?.kind === "word" && first.text === "null";

/** Whether two partitions of one table overlap; undefined where that cannot be told. */
export function overlap(one: Bounds, other: Bounds): boolean | undefined {
  if (one.kind === "default" || other.kind === "default") return one.kind === other.kind;
  if (one.kind === "list" && other.kind === "list") return one.values.some((value) => other.values.includes(value));
  if (one.kind === "hash" && other.kind === "hash") {
    const [small, large] = one.modulus <= other.modulus ? [one, other] : [other, one];
    return large.remainder % small.modulus === small.remainder;
  }
  if (one.kind !== "range" || other.kind !== "range") return undefined;
  const before = compare(one.to[0], other.from[0]);
  const behind = compare(other.to[0], one.from[0]);
  if (before === undefined || behind === undefined) return undefined;
  const alone = one.from.length === 1;
  if (before < 0 || behind < 0 || (alone && (before === 0 || behind === 0))) return false;
  return alone ? true : undefined;
}

/** Whether a value of the key is in the partition; undefined where that cannot be told. */
export function holds(bounds: Bounds, value: string | null | undefined): boolean | undefined {
  if (value === undefined || bounds.kind === "hash" || bounds.kind === "default") return undefined;
  if (bounds.kind === "list") return bounds.values.includes(value);
  if (value === null) return false;
  const [low, high] = [compare(bounds.from[0], value), compare(value, bounds.to[0])];
  if (low === undefined || high === undefined) return undefined;
  if (low > 0 || high > 0) return false;
  return bounds.from.length === 1 ? high < 0 : undefined;
}

function compare(one: string | undefined, other: string | undefined): number | undefined {
  if (one === undefined || other === undefined) return undefined;
  if (one === other) return 0;
  if (one === "minvalue" || other === "maxvalue") return -1;
  if (one === "maxvalue" || other === "minvalue") return 1;
  const values = [one, other].map((each) =>
    each.trim() === "" || Number.isNaN(Number(each)) ? moment(each) : Number(each),
  );
  const [x, y] = values;
  return x === undefined || y === undefined ? undefined : Math.sign(x - y);
}
