import { type Attempt, converse } from "../../src/rehearsal/stage/conversation.ts";
import type { Session } from "../../src/rehearsal/stage/session.ts";
import type { DatabaseError } from "../../src/evidence/rehearsal.ts";
import { contradiction } from "../../src/model/contradictions/index.ts";
import type { Effects } from "../../src/model/effects.ts";
import { type Agreement, compareObserved } from "../../src/model/observation.ts";
import type { ExecutionMode } from "../../src/model/transactions.ts";
import { walk } from "../../src/model/walk.ts";
import type { MigrationView } from "../../src/model/step.ts";

/** What lockstep says of one statement. */
export interface Predicted {
  readonly effects: Effects;
  /** SQLSTATEs of the errors that it may have, with what is left to happen after earlier statements took care. */
  readonly states: ReadonlySet<string>;
  /** Those that it has whatever the rows are. */
  readonly certain: ReadonlySet<string>;
  /** It names a relation, or a part of one, that the history does not make. */
  readonly unknown: boolean;
}

export interface PredictionOptions {
  readonly postgres: number;
  readonly execution: ExecutionMode;
  readonly deployments: "one" | "each";
}

/** By migration, then by index of the statement. */
export function predictStatements(
  views: readonly MigrationView[],
  options: PredictionOptions,
): ReadonlyMap<MigrationView, ReadonlyMap<number, Predicted>> {
  const found = new Map(views.map((view) => [view, new Map<number, Predicted>()]));
  let certain = new Set<string>();
  let unknown = false;
  walk(
    views,
    { ...options, timeZoneUtc: true },
    {
      operation({ operation, effects }, { catalog }) {
        const contradicted = contradiction(catalog, operation);
        if (contradicted) certain.add(contradicted.sqlstate);
        for (const { relation } of [...effects.locks, ...effects.failures]) {
          const known = catalog.relations.get(relation);
          unknown ||= known?.birth === undefined || !known.complete;
        }
      },
      statement(statement, effects, _steps, { migration }) {
        if (statement.broken) certain.add("42601");
        const failures = effects.failures.filter(({ preparation }) => preparation.verdict !== "done");
        for (const failure of failures) if (failure.certainty === "sure") certain.add(failure.sqlstate);
        found.get(migration)?.set(statement.index, {
          effects,
          certain,
          states: new Set([...certain, ...failures.map(({ sqlstate }) => sqlstate)]),
          unknown,
        });
        certain = new Set();
        unknown = false;
      },
    },
  );
  return found;
}

/** What became of one statement. */
export interface Ran {
  readonly index: number;
  readonly sql: string;
  readonly predicted: Predicted;
  readonly agreement?: Agreement;
  /** It ran once `help` had done its work. */
  readonly helped?: DatabaseError;
  readonly error?: DatabaseError;
}

export interface RunOptions {
  readonly execution: "batch" | "split";
  readonly predicted: ReadonlyMap<number, Predicted>;
  /** Takes away what made a statement fail, after it was undone; `times` counts from 0. False where nothing more can be done. */
  readonly help: (error: DatabaseError, times: number, index: number) => Promise<boolean>;
  /** Is told of each statement; whether to go on after it. */
  readonly goesOn: (ran: Ran) => boolean;
}

/** Runs a migration as Prisma would and holds each statement against its prediction. */
export async function runMigration(
  session: Session,
  view: MigrationView,
  { execution, predicted, help, goesOn }: RunOptions,
): Promise<void> {
  const conversation = converse(session, view, execution, { time: 20_000 });
  for (const statement of view.statements) {
    const { index, range } = statement;
    const prediction = predicted.get(index);
    if (!prediction) throw new Error(`no prediction for statement ${index} of ${view.id}`);
    let helped: DatabaseError | undefined;
    const attempt: Attempt = async (observe, undo) => {
      const first = await observe();
      let last = first;
      for (let times = 0; last.error && !session.lost; times++) {
        await undo();
        if (!(await help(last.error, times, index))) return last;
        last = await observe();
      }
      helped = first.error;
      return last;
    };
    const { observed, error } = await conversation.say(statement, attempt);
    const ran: Ran = {
      index,
      sql: view.file.text.slice(range.start, range.end),
      predicted: prediction,
      ...(observed && { agreement: compareObserved(prediction.effects, observed) }),
      ...(helped && { helped }),
      ...(error && { error }),
    };
    if (!goesOn(ran)) break;
  }
  await conversation.end();
}

const NOT_THERE: ReadonlySet<string> = new Set(["42P01", "42703", "42704", "3F000", "3D000", "42883"]);

/** The history does not make what the statement names, or not whole: lockstep takes it to be deployed. `done` is the text of the statements that ran. */
export function isNotThere({ error, predicted }: Ran, done: string): boolean {
  if (error === undefined || !NOT_THERE.has(error.sqlstate) || predicted.states.has(error.sqlstate)) return false;
  const [, quoted, called] = /"([^"]+)"|^function ([\w.]+)\(/.exec(error.message) ?? [];
  const name = quoted ?? called;
  const words = new Set(done.match(/[\p{L}\p{N}_]+/gu));
  return predicted.unknown || (name !== undefined && !words.has(name.split(".").at(-1) ?? name));
}
