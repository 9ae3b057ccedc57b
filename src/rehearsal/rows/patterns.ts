import type { Offer } from "./base-values.ts";
import { randomOf } from "./random.ts";

/** LIKE patterns and regular expressions: what fits them, and whether a text does. */

/** A test for the right side of a matching operator; undefined where its pattern cannot be read here. */
export function patternTest(operator: string, pattern: string): ((text: string) => boolean) | undefined {
  const negated = /^(!|not )/.test(operator);
  const plain = operator.replace(/^(!|not )/, "");
  const source =
    plain === "~" || plain === "~*"
      ? translated(pattern)
      : plain === "like" || plain === "~~" || plain === "ilike" || plain === "~~*"
        ? likeSource(pattern)
        : undefined;
  if (source === undefined) return undefined;
  try {
    const expression = new RegExp(source, plain.endsWith("*") || plain === "ilike" ? "isu" : "su");
    return (text) => expression.test(text) !== negated;
  } catch {
    return undefined;
  }
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: "\\s",
  xdigit: "0-9A-Fa-f",
  punct: "!-\\/:-@\\[-`{-~",
  word: "\\w",
};

/** PostgreSQL's advanced regular expressions in JavaScript's spelling, without what only one of them has. */
function translated(pattern: string): string | undefined {
  if (/^\(\?|^\*\*\*|\\[mMyYAZ]|\[[.=]/.test(pattern)) return undefined;
  // With the u flag only what has to be escaped may be.
  return pattern
    .replace(/\[:(\w+):\]/g, (all, name: string) => CLASSES[name] ?? all)
    .replace(/\\([^a-zA-Z0-9^$\\.*+?()[\]{}|/-])/g, "$1")
    .replace(/\\-(?![^[]*\])/g, "-");
}

const likeSource = (pattern: string): string =>
  `^${[...pattern.matchAll(/\\(.)|(%)|(_)|(.)/gsu)].map(([, escaped, many, one, other]) => (many ? ".*" : one ? "." : (escaped ?? other ?? "").replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"))).join("")}$`;

/** Texts that fit; undefined where the operator matches nothing or its pattern cannot be followed. */
export function patternText(operator: string, pattern: string, salt: string): Offer | undefined {
  if (/^(~~\*?|i?like)$/.test(operator))
    return (k) => pattern.replace(/\\(.)|%|_/g, (_all, escaped: string | undefined) => escaped ?? String(k % 10));
  if (!/^~\*?$/.test(operator)) return undefined;
  const source = translated(pattern);
  if (source === undefined) return undefined;
  const tree = parse(source);
  return tree ? (k) => made(tree, randomOf(k, salt, pattern)) : undefined;
}

type Node =
  | { readonly any: readonly Node[] }
  | { readonly all: readonly Node[] }
  | { readonly characters: readonly string[] }
  | { readonly node: Node; readonly from: number; readonly to: number };

function made(node: Node, random: ReturnType<typeof randomOf>): string {
  if ("any" in node) return made(random.pick(node.any), random);
  if ("all" in node) return node.all.map((each) => made(each, random)).join("");
  if ("characters" in node) return node.characters.length > 0 ? random.pick(node.characters) : "";
  const times = node.from + random.below(Math.min(node.to, node.from + 4) - node.from + 1);
  return Array.from({ length: times }, () => made(node.node, random)).join("");
}

const PRINTABLE = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
const SHORT: Readonly<Record<string, readonly string[]>> = {
  d: [..."0123456789"],
  w: [..."abcdefghijklmnopqrstuvwxyz0123456789_"],
  s: [" "],
  D: [..."abcdef"],
  W: ["-"],
  S: [..."abcdef"],
  n: ["\n"],
  t: ["\t"],
};

/** Alternatives, groups, classes and counts; undefined for look-around, back references and the like. */
function parse(source: string): Node | undefined {
  let at = 0;
  let understood = true;
  const alternatives = (): Node => {
    const any: Node[] = [sequence()];
    while (source[at] === "|") {
      at++;
      any.push(sequence());
    }
    return any.length === 1 ? any[0]! : { any };
  };
  const sequence = (): Node => {
    const all: Node[] = [];
    while (at < source.length && source[at] !== "|" && source[at] !== ")") all.push(counted(atom()));
    return { all };
  };
  const atom = (): Node => {
    const character = source[at++]!;
    if (character === "^" || character === "$") return { all: [] };
    if (character === ".") return { characters: SHORT.w! };
    if (character === "[") return { characters: set() };
    if (character === "\\") return { characters: escape() };
    if (character !== "(") return { characters: [character] };
    if (source.startsWith("?:", at)) at += 2;
    else if (source[at] === "?") understood = false;
    const inner = alternatives();
    if (source[at++] !== ")") understood = false;
    return inner;
  };
  const escape = (): readonly string[] => {
    const character = source[at++] ?? "\\";
    if (/[0-9bBAZ]/.test(character)) understood = false;
    return SHORT[character] ?? [character];
  };
  const set = (): readonly string[] => {
    const negated = source[at] === "^";
    if (negated) at++;
    const found: string[] = [];
    for (let first = true; at < source.length && (first || source[at] !== "]"); first = false) {
      const start = source[at] === "\\" ? (at++, escape()) : [source[at++]!];
      if (start.length === 1 && source[at] === "-" && source[at + 1] !== "]" && at + 1 < source.length) {
        at++;
        const end = source[at] === "\\" ? (at++, escape()[0]!) : source[at++]!;
        for (
          let code = start[0]!.codePointAt(0)!;
          code <= Math.min(end.codePointAt(0)!, start[0]!.codePointAt(0)! + 200);
          code++
        )
          found.push(String.fromCodePoint(code));
      } else found.push(...start);
    }
    at++;
    return negated ? PRINTABLE.filter((each) => !found.includes(each)) : found;
  };
  const counted = (node: Node): Node => {
    const [all, count, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(source.slice(at)) ?? [];
    let result = node;
    if (all !== undefined) {
      at += all.length;
      result = {
        node,
        from: Number(count),
        to: comma === "" ? Number(count) : most === "" ? Number(count) + 3 : Number(most),
      };
    } else if (source[at] === "*" || source[at] === "+" || source[at] === "?") {
      const sign = source[at++];
      result = { node, from: sign === "+" ? 1 : 0, to: sign === "?" ? 1 : 4 };
    } else return result;
    if (source[at] === "?") at++;
    return result;
  };
  const tree = alternatives();
  return understood && at >= source.length ? tree : undefined;
}
