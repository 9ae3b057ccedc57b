import type { Access, OrderConflict, OrderResult } from "./commutation.ts";
import type { ObjectAccess, SchemaObject } from "./objects.ts";
import { type Bounds, boundsOf, holds, overlap } from "./bounds.ts";
import { canonical } from "./canonical.ts";
import { certain } from "./certainty.ts";
import { opposed, privilegesOf } from "./privileges.ts";
import { literalOf } from "./predicates.ts";
import { find, wordsOf } from "./clauses.ts";

type Touch = Access<ObjectAccess>;

/** Conflicts over kinds of objects that are judged by what the statements say of them; undefined for other kinds. */
export function specialConflict(
  object: SchemaObject,
  ones: readonly Touch[],
  others: readonly Touch[],
): OrderConflict[] | undefined {
  const judge = JUDGES[object.kind as keyof typeof JUDGES] as ((x: Touch, y: Touch) => Verdict) | undefined;
  if (!judge) return undefined;
  for (const x of ones) {
    for (const y of others) {
      if (x.access.mode !== "changes" && y.access.mode !== "changes") continue;
      const seen = judge(x, y);
      if (!seen) continue;
      const refused = seen.why === "refused";
      const result = (of: Touch): OrderResult =>
        refused
          ? { is: "refused", statement: of.at }
          : seen.why === "rows"
            ? { is: "last", statement: of.at }
            : { is: "definition", of: of.at };
      const verdict = seen.verdict === "no" && !x.access.unsure && !y.access.unsure ? certain(x.at, y.at) : "unknown";
      return [{ verdict, why: seen.why, object, one: x.at, other: y.at, leaves: [result(y), result(x)] }];
    }
  }
  return [];
}

type Verdict =
  | { readonly verdict: "no" | "unknown"; readonly why: "refused" | "definition" | "rows" | "schema" }
  | undefined;

const JUDGES = { triggers, privileges, numbers, partitions, domain, replaced, "publication table": published } as const;

const textOf = ({ at: { file, operation } }: Touch): string =>
  file.text.slice(operation.range.start, operation.range.end);
const isSame = (x: Touch, y: Touch): boolean =>
  x.at.operation.kind === y.at.operation.kind &&
  canonical(x.at.operation, x.at.file) === canonical(y.at.operation, y.at.file);

function privileges(x: Touch, y: Touch): Verdict {
  const [one, other] = [privilegesOf(textOf(x)), privilegesOf(textOf(y))];
  if (!one || !other) return { verdict: "unknown", why: "definition" };
  const [mine, its] = [x.access.signature, y.access.signature];
  if (mine !== undefined && its !== undefined && mine !== its) return undefined;
  return opposed(one, other) ? { verdict: "no", why: "definition" } : undefined;
}

/** A trigger counts for the rows that are changed after it, if it fires for that. */
function triggers(x: Touch, y: Touch): Verdict {
  if (x.access.mode === y.access.mode) return undefined;
  const [changer, reader] = x.access.mode === "changes" ? [x, y] : [y, x];
  const { operation } = changer.at;
  const row = reader.at.operation;
  if (operation.kind === "createTrigger") {
    const words = wordsOf(textOf(changer));
    const until = find(words, "on");
    const fires = words.slice(0, until).some(({ kind, text }) => kind === "word" && ROW_EVENTS[text] === row.kind);
    if (!fires && row.kind !== "mergeRows") return undefined;
    const only = operation.columns ?? [];
    if (row.kind === "updateRows" && only.length > 0 && !row.change.set.some(({ column }) => only.includes(column)))
      return undefined;
  }
  if (operation.kind === "createRule" && ROW_EVENTS[operation.event] !== row.kind && row.kind !== "mergeRows")
    return undefined;
  return { verdict: "unknown", why: "rows" };
}

const ROW_EVENTS: Readonly<Record<string, string>> = {
  insert: "insertRows",
  update: "updateRows",
  delete: "deleteRows",
};

function numbers(x: Touch, y: Touch): Verdict {
  if (x.access.mode !== y.access.mode) return { verdict: "no", why: "rows" };
  // Options of one sequence are compared one by one.
  if (x.at.operation.kind === "alterSequence" && y.at.operation.kind === "alterSequence") return undefined;
  return isSame(x, y) ? undefined : { verdict: "no", why: "definition" };
}

function partitions(x: Touch, y: Touch): Verdict {
  const boundsFor = (touch: Touch): Bounds | undefined => {
    const { kind } = touch.at.operation;
    return kind === "createTable" || kind === "attachPartition" ? boundsOf(textOf(touch)) : undefined;
  };
  const [one, other] = [boundsFor(x), boundsFor(y)];
  if (x.access.mode === "changes" && y.access.mode === "changes") {
    if (!one || !other) return { verdict: "unknown", why: "schema" };
    const seen = overlap(one, other);
    return seen === false ? undefined : { verdict: seen ? "no" : "unknown", why: "refused" };
  }
  const [bounds, reader] = one ? [one, y] : [other, x];
  const { operation } = reader.at;
  const part = x.access.object.name.split(" ")[1];
  if (part !== undefined) return { verdict: "no", why: part === "rows" || part === "insert" ? "rows" : "schema" };
  if (operation.kind !== "insertRows") return undefined;
  const values = operation.change.query?.values?.map((row) => row.map(literalOf));
  if (!bounds || !values) return { verdict: "unknown", why: "rows" };
  const inside = values.flatMap((row) => {
    const all = row.map((value) =>
      holds(bounds, value === undefined ? undefined : value === null ? null : String(value)),
    );
    return all.includes(true) ? [true] : all.includes(undefined) || bounds.kind === "hash" ? [undefined] : [];
  });
  return inside.includes(true)
    ? { verdict: "no", why: "refused" }
    : inside.length > 0
      ? { verdict: "unknown", why: "refused" }
      : undefined;
}

function domain(x: Touch, y: Touch): Verdict {
  if (x.access.mode === "changes" && y.access.mode === "changes") {
    if (isSame(x, y)) return undefined;
    const [one, other] = [x, y].map(({ at: { operation } }) =>
      operation.kind === "alterDomain" ? group(operation.action) : "",
    );
    const names = [x, y].map(({ at: { operation } }) =>
      operation.kind === "alterDomain" ? (operation.constraint ?? operation.check?.name) : undefined,
    );
    if (
      one !== other ||
      (one === "constraint" && names[0] !== undefined && names[1] !== undefined && names[0] !== names[1])
    )
      return undefined;
    return { verdict: "no", why: "definition" };
  }
  const changer = x.access.mode === "changes" ? x : y;
  const { operation } = changer.at;
  if (operation.kind !== "alterDomain" || operation.action === "renameConstraint") return undefined;
  const user = changer === x ? y : x;
  // A default counts for what leaves the column out, a constraint for what is written.
  if (group(operation.action) === "default")
    return user.at.operation.kind === "insertRows" || user.at.operation.kind === "addColumn"
      ? { verdict: "no", why: "rows" }
      : undefined;
  return user.at.operation.kind === "addColumn" ? undefined : { verdict: "unknown", why: "refused" };
}

const group = (action: string): string =>
  /default/i.test(action) ? "default" : /null/i.test(action) ? "null" : "constraint";

function replaced(x: Touch, y: Touch): Verdict {
  const isNew = ({ at: { operation } }: Touch): boolean =>
    operation.kind === "createView" || operation.kind === "createFunction";
  const [mine, its] = [x.access.signature, y.access.signature];
  if ((mine !== undefined && its !== undefined && mine !== its) || (isNew(x) && isNew(y)) || isSame(x, y))
    return undefined;
  if (isNew(x) || isNew(y)) return { verdict: "no", why: "definition" };
  if (x.at.operation.kind === "alterTable") return undefined;
  const setting = (touch: Touch): string => {
    const words = wordsOf(textOf(touch));
    const at = words.findLastIndex(({ text }) => text === ")");
    const [first, second] = words.slice(at + 1);
    return first?.text === "set" || first?.text === "reset"
      ? `set ${second?.text ?? ""}`
      : (first?.text ?? "").replace(/^(immutable|stable|volatile)$/, "volatility");
  };
  return setting(x) === setting(y) ? { verdict: "no", why: "definition" } : undefined;
}

function published(x: Touch, y: Touch): Verdict {
  const whole = x.access.object.name.endsWith(": *");
  if (isSame(x, y) && whole) return undefined;
  if (whole) return { verdict: "no", why: "definition" };
  // ADD twice is refused, ADD and DROP leave what the later one says.
  return isSame(x, y) || sameAction(x, y) ? { verdict: "no", why: "refused" } : { verdict: "no", why: "definition" };
}

const sameAction = (x: Touch, y: Touch): boolean =>
  x.at.operation.kind === "publication" &&
  y.at.operation.kind === "publication" &&
  x.at.operation.action === y.at.operation.action;
