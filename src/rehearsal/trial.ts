import type { MigrationView } from "../model/step.ts";
import { relationName } from "../sql/names.ts";
import type { Attempt } from "./stage/conversation.ts";
import type { Trial, DatabaseError } from "../evidence/rehearsal.ts";
import { type Hurting, cure, hurtingLeft } from "./rows/index.ts";
import type { Session } from "./stage/session.ts";

/** Rows that would make a statement fail, made before the deployment. */
export interface Hurt {
  readonly migration: MigrationView;
  readonly statement: number;
  readonly hurting: Hurting;
}

/** What became of the rows made to hurt at one statement. */
export interface TrialAt {
  readonly attempt: Attempt;
  /** The first error that the statement had with such rows and has no more without them. */
  error(): DatabaseError | undefined;
  results(outcome: "done" | "failed"): readonly Trial[];
}

export interface Trier {
  begin(migration: MigrationView, statement: number): Promise<TrialAt>;
}

/**
 * A statement that fails while such rows are there is tried again without them, so that one rehearsal shows both: that it fails, and what
 * it does. Where no row was made up (a copy of a real database) it has simply failed.
 */
export function trier(session: Session, hurts: readonly Hurt[], madeUp: boolean): Trier {
  const cured = new Set<Hurt>();
  return {
    async begin(migration, statement) {
      const own = hurts.filter((hurt) => hurt.migration === migration && hurt.statement === statement);
      const left = new Map<Hurt, number | undefined>();
      const gone = new Set(own.filter((hurt) => cured.has(hurt)));
      for (const hurt of own) if (hurt.hurting.count > 0) left.set(hurt, await hurtingLeft(session, hurt.hurting));
      const failed = new Set<Hurt>();
      // What was taken away for an earlier statement took other rows along: this one no longer shows what it would do to them.
      const spoiled = cured.size > 0;
      let first: DatabaseError | undefined;
      const attempt: Attempt = async (observe, undo) => {
        let observation = await observe();
        while (observation.error && !session.lost) {
          const { error } = observation;
          const suspects = madeUp ? culprits(error, own, hurts, (hurt) => !cured.has(hurt)) : [];
          if (suspects.length === 0) return observation;
          await undo();
          for (const hurt of suspects) {
            cured.add(hurt);
            await cure(session, hurt.hurting);
            if (own.includes(hurt) && hurt.hurting.failure.sqlstate === error.sqlstate) failed.add(hurt);
          }
          first ??= error;
          observation = await observe();
        }
        return observation;
      };
      return {
        attempt,
        error: () => first,
        results: (outcome) =>
          own.map((hurt): Trial => {
            const { hurting } = hurt;
            const { kind, sqlstate, relation, columns } = hurting.failure;
            const count = left.get(hurt);
            const base = {
              kind,
              sqlstate,
              relation,
              columns,
              rows: hurting.rows || `made-up rows of ${relationName(relation)}`,
              count: hurting.count,
              predicted: expectation(hurting),
              ...(count !== undefined && { left: count }),
            };
            const stray = spoiled && (hurting.count === 0 || gone.has(hurt) || count === 0);
            if (failed.has(hurt))
              return stray && base.predicted === "prepared"
                ? { ...base, outcome: "not tried", why: WITHOUT }
                : { ...base, outcome: "failed" };
            if (hurting.count === 0)
              return { ...base, outcome: "not tried", why: hurting.why ?? "no such rows can be made" };
            if (stray) return { ...base, outcome: "not tried", why: WITHOUT };
            return outcome === "done"
              ? { ...base, outcome: "passed" }
              : { ...base, outcome: "not tried", why: "the statement fails for another reason" };
          }),
      };
    },
  };
}

const WITHOUT = "rows went with those that made an earlier statement fail";

/** Whose rows an error can come from: those of the same statement, SQLSTATE and table first; at last any that are still there. */
function culprits(
  error: DatabaseError,
  own: readonly Hurt[],
  all: readonly Hurt[],
  there: (hurt: Hurt) => boolean,
): readonly Hurt[] {
  // 22: data exception, 23: integrity constraint violation, P0001: RAISE.
  const byRows = /^(22|23|P0)/.test(error.sqlstate);
  const code = own.filter((hurt) => there(hurt) && hurt.hurting.failure.sqlstate === error.sqlstate);
  const circles = [
    code.filter((hurt) => touches(hurt, error)),
    code,
    ...(byRows ? [own.filter(there), all.filter(there)] : []),
  ];
  return circles.find((circle) => circle.length > 0) ?? [];
}

const touches = ({ hurting }: Hurt, { table }: DatabaseError): boolean =>
  table === undefined ||
  hurting.failure.relation.endsWith(`.${table}`) ||
  (hurting.failure.parent?.endsWith(`.${table}`) ?? false);

function expectation({ failure: { preparation, certainty } }: Hurting): Trial["predicted"] {
  if (preparation.verdict === "done") return "prepared";
  if (preparation.verdict === "ineffective") return preparation.certainty === "sure" ? "fails" : "maybe";
  return certainty === "maybe" ? "maybe" : "fails";
}
