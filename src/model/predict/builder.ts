import type { Name } from "../../sql/names.ts";
import { type Catalog, type Relation, type RelationKind, resolve } from "../catalog.ts";
import type { Break, Certainty, Effects, Failure, Lock, Loss, Preparation, RelationId, Work } from "../effects.ts";
import type { TypeContext } from "../postgres/types.ts";
import { strength } from "../postgres/locks.ts";
import { isUnreadable } from "../presence.ts";

/** What a prediction may depend on besides the catalog. */
export interface PredictContext {
  readonly catalog: Catalog;
  readonly postgres: number;
  /** TimeZone of the migration's connection; production's is not known from the text. */
  readonly timeZoneUtc: TypeContext["timeZoneUtc"];
  /** Takes a relation up that a statement names and the history does not make: it says that it is there. */
  assume(relation: RelationId, kind?: RelationKind): Relation;
  /** Relations that the same statement drops or truncates too: they do not hinder each other. */
  readonly together: ReadonlySet<RelationId>;
}

const NONE: Preparation = { verdict: "none" };

/** Collects the effects of one operation. */
export interface Builder {
  readonly catalog: Catalog;
  readonly context: PredictContext;
  id(name: Name): RelationId;
  /** Views whose tables are counted already: views can read each other in a circle, or the same one many times. */
  readonly read: Set<RelationId>;
  /** The relation, which is there since the operation names it. */
  assumed(relation: RelationId, kind?: RelationKind): Relation;
  /** No row can have a value in all of these columns: the table or one of them is as young as this deployment, and nothing filled it. */
  emptyKey(table: Relation, columns: readonly string[]): boolean;
  lock(
    relation: RelationId,
    taken: Pick<Lock, "mode" | "source">,
    more?: { partner?: boolean; certainty?: Certainty },
  ): void;
  rewrite(relation: RelationId, reason: string, certainty?: Certainty): void;
  scan(
    relation: RelationId,
    kind: Work["kind"],
    reason: string,
    more?: Pick<Partial<Work>, "certainty" | "lookedUp">,
  ): void;
  loss(loss: Omit<Loss, "certainty" | "along"> & Partial<Pick<Loss, "certainty" | "along">>): void;
  fail(
    failure: Omit<Failure, "certainty" | "preparation" | "columns"> &
      Partial<Pick<Failure, "certainty" | "preparation" | "columns">>,
  ): void;
  breaks(broken: Break): void;
  done(): Effects;
}

export function builder(context: PredictContext): Builder {
  const { catalog } = context;
  const locks = new Map<RelationId, Lock>();
  const rewrites = new Map<RelationId, Work>();
  const scans = new Map<RelationId, Work>();
  const losses: Loss[] = [];
  const failures: Failure[] = [];
  const breaks: Break[] = [];
  return {
    catalog,
    context,
    id: (name) => resolve(catalog, name),
    read: new Set(),
    assumed: context.assume,
    emptyKey(table, columns) {
      const young = (birth: { deployment: number } | undefined) => birth?.deployment === catalog.deployment;
      if (young(table.birth)) return table.filledIn !== catalog.deployment;
      // A cleanup may leave no row with a key.
      if (table.changedIn === catalog.deployment || young(table.truncatedBy)) return true;
      return columns.some((name) => {
        const column = table.columns.get(name);
        return young(column?.birth) && column?.default === undefined && column?.filledIn !== catalog.deployment;
      });
    },
    lock(relation, { mode, source }, { partner = false, certainty = "sure" } = {}) {
      const held = locks.get(relation);
      if (held && (held.certainty === "sure") >= (certainty === "sure") && strength(held.mode) >= strength(mode))
        return;
      if (held && held.certainty === "sure" && certainty !== "sure" && strength(held.mode) >= strength(mode)) return;
      locks.set(relation, {
        relation,
        mode,
        partner: partner && held?.partner !== false,
        certainty,
        ...(source !== undefined && { source }),
      });
    },
    rewrite(relation, reason, certainty = "sure") {
      if (rewrites.get(relation)?.certainty !== "sure")
        rewrites.set(relation, { relation, kind: "rewrite", reason, certainty });
    },
    scan(relation, kind, reason, { certainty = "sure", lookedUp } = {}) {
      const work: Work = { relation, kind, reason, certainty, ...(lookedUp && { lookedUp }) };
      if (outdoes(work, scans.get(relation))) scans.set(relation, work);
    },
    loss: (loss) => losses.push({ certainty: "sure", along: false, ...loss }),
    fail: (failure) => {
      // What could not be read may have dropped what is in the way, or made what is missing.
      const unsure = failure.certainty === "sure" && isUnreadable(catalog);
      failures.push({
        certainty: "rows",
        preparation: NONE,
        columns: [],
        ...failure,
        ...(unsure && { certainty: "maybe" as const }),
      });
    },
    breaks: (broken) => breaks.push(broken),
    done: () => ({
      locks: [...locks.values()],
      rewrites: [...rewrites.values()],
      scans: [...scans.values()],
      losses,
      failures,
      breaks,
    }),
  };
}

/** Strongest locks, and everything else without repeats: the effects of a statement from those of its operations. A lock that is only possible is kept beside a weaker one that is sure. */
export function merge(parts: readonly Effects[]): Effects {
  if (parts.length === 1) return parts[0] as Effects;
  const sure = new Map<RelationId, Lock>();
  const possible = new Map<RelationId, Lock>();
  for (const lock of parts.flatMap((part) => part.locks)) {
    const locks = lock.certainty === "sure" ? sure : possible;
    const held = locks.get(lock.relation);
    const partner = lock.partner && held?.partner !== false;
    if (!held || strength(lock.mode) > strength(held.mode)) locks.set(lock.relation, { ...lock, partner });
    else if (held.partner !== partner) locks.set(lock.relation, { ...held, partner });
  }
  const beside = (lock: Lock): boolean =>
    strength(lock.mode) > strength(sure.get(lock.relation)?.mode ?? "AccessShareLock") || !sure.has(lock.relation);
  return {
    locks: [...sure.values(), ...[...possible.values()].filter(beside)],
    rewrites: works(parts.flatMap((part) => part.rewrites)),
    scans: works(parts.flatMap((part) => part.scans)),
    losses: parts.flatMap((part) => part.losses),
    failures: parts.flatMap((part) => part.failures),
    breaks: parts.flatMap((part) => part.breaks),
  };
}

function works(all: readonly Work[]): Work[] {
  const found = new Map<RelationId, Work>();
  for (const work of all) if (outdoes(work, found.get(work.relation))) found.set(work.relation, work);
  return [...found.values()];
}

/** What is sure is kept, unless it only looks rows up and the other, as sure, goes through the whole table. */
function outdoes(work: Work, before: Work | undefined): boolean {
  if (before?.certainty !== "sure") return true;
  return before.lookedUp === true && work.lookedUp === undefined && work.certainty === "sure";
}

/** The heap relations that ALTER TABLE on `relation` works on: a partitioned table has none itself. */
export const heaps = (relations: readonly Relation[]): Relation[] =>
  relations.filter((relation) => relation.kind !== "partitioned" && relation.kind !== "foreignTable");
