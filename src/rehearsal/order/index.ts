import { createHash } from "node:crypto";
import type { DivergingMigration, OrderQuestion } from "../../model/divergence/facts.ts";
import type { OrderAnswer, Refused } from "../../model/order/answers.ts";
import { readMigration } from "../../model/walk.ts";
import type { MigrationView } from "../../model/step.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import type { Reader } from "../../sql/statement.ts";
import { type Fingerprint, compareFingerprints, fingerprint, reorderedRelations } from "../schema/fingerprint.ts";
import { heldBack, needsLeftOut, whatIsHeldBack } from "../outside.ts";
import { type TableDigest, compareDigests, digestTables, unstableColumns } from "./digests.ts";
import { plan, predictedFailures } from "../../model/plan.ts";
import type { LeftOut } from "../../evidence/rehearsal.ts";
import { dependent, freshState, replay } from "../replay.ts";
import { addHurtingRows, fillTables } from "../rows/index.ts";
import { speakOf } from "./spoken-rows.ts";
import { type Limit, type Session, SessionLost, type Stage } from "../stage/session.ts";

export interface OrderOptions {
  readonly reader: Reader;
  /** Per table; 0: none. */
  readonly rows: number;
  readonly seed: number;
  /** For each statement. */
  readonly limit: Limit;
  readonly mayReachOutside: boolean;
  readonly signal?: AbortSignal;
}

interface End {
  readonly refused?: Refused | undefined;
  readonly schema: Fingerprint;
  readonly tables: ReadonlyMap<string, TableDigest>;
  readonly leftOut: readonly LeftOut[];
}

/**
 * Runs base + one + other and base + other + one, each in a copy of the same database with the same rows, and compares what is refused,
 * the catalogs and the rows; where these come to the same, again with rows that make statements fail. Fails with a sentence where the
 * base itself does not run.
 */
export async function askOrder(
  stage: Stage,
  question: OrderQuestion,
  options: OrderOptions,
): Promise<Outcome<OrderAnswer>> {
  const { reader, rows } = options;
  const views = (list: readonly DivergingMigration[], state: "history" | "pending"): MigrationView[] =>
    list.flatMap(({ id, path, file }) => readMigration({ id, path, up: file, state }, reader, "split") ?? []);
  const [base, one, other] = [
    views(question.base, "history"),
    views(question.one, "pending"),
    views(question.other, "pending"),
  ];
  const key = keyOf(question, options);
  try {
    const prepared = await prepare(stage, key, base, options);
    if (!prepared.ok) return prepared;
    const run = (order: readonly MigrationView[], hurt: boolean): Promise<End> =>
      runOrder(stage, key, base, order, hurt, prepared.value, options);
    const oneFirst = await run([...one, ...other], false);
    const otherFirst = await run([...other, ...one], false);
    const ends = [oneFirst, otherFirst] as const;
    const shared = {
      server: stage.server.version,
      perTable: rows,
      leftOut: [
        ...new Map(
          ends
            .flatMap(({ leftOut }) => leftOut)
            .map((each) => [`${each.migration} ${each.why}`, { migration: each.migration, why: each.why }]),
        ).values(),
      ],
      columnOrder: reorderedRelations(oneFirst.schema, otherFirst.schema),
    };
    const refused = [oneFirst.refused, otherFirst.refused] as const;
    const none = { schema: [], rows: [], hurt: false } as const;
    if (refused[0] || refused[1]) {
      const alone = refused[0] !== undefined && refused[1] !== undefined && sameRefusal(refused[0], refused[1]);
      return success({
        ...shared,
        ...none,
        refused,
        matters: alone ? "unknown" : "yes",
        ...(alone && { why: `${refused[0]?.migration ?? ""} fails in either order` }),
      });
    }
    const schema = compareFingerprints(oneFirst.schema, otherFirst.schema);
    let differing = compareDigests(oneFirst.tables, otherFirst.tables, new Set());
    // What a clock or a random number gave is another in each run.
    if (differing.length > 0)
      differing = compareDigests(
        oneFirst.tables,
        otherFirst.tables,
        unstableColumns(oneFirst.tables, (await run([...one, ...other], false)).tables),
      );
    if (schema.length > 0 || differing.length > 0)
      return success({ ...shared, ...none, refused, schema, rows: differing, matters: "yes" });
    if (rows > 0) {
      const [hurtOne, hurtOther] = [await run([...one, ...other], true), await run([...other, ...one], true)];
      const hurt = [hurtOne.refused, hurtOther.refused] as const;
      if ((hurt[0] || hurt[1]) && !(hurt[0] && hurt[1] && sameRefusal(hurt[0], hurt[1])))
        return success({ ...shared, ...none, refused: hurt, hurt: true, matters: "yes" });
      // Rows with what the statements speak of are changed by one order and not by the other.
      if (!hurt[0] && !hurt[1]) {
        let apart = compareDigests(hurtOne.tables, hurtOther.tables, new Set());
        if (apart.length > 0)
          apart = compareDigests(
            hurtOne.tables,
            hurtOther.tables,
            unstableColumns(hurtOne.tables, (await run([...one, ...other], true)).tables),
          );
        if (apart.length > 0) return success({ ...shared, ...none, refused, rows: apart, hurt: true, matters: "yes" });
      }
    }
    const unsure = shared.leftOut.length > 0;
    return success({
      ...shared,
      ...none,
      refused,
      matters: unsure ? "unknown" : "no",
      ...(unsure && { why: "not every statement could be run" }),
    });
  } catch (error) {
    if (options.signal?.aborted) return failure("The rehearsal was stopped; nothing of it is left.");
    if (error instanceof SessionLost) return failure(`PostgreSQL could not go on: ${error.message}`);
    throw error;
  } finally {
    // There may be dozens of questions, each with a database of its own.
    await stage.forget?.(key);
  }
}

const sameRefusal = (one: Refused, other: Refused): boolean =>
  one.migration === other.migration &&
  one.range.start === other.range.start &&
  one.error.sqlstate === other.error.sqlstate;

/** Everything that decides what the base is. */
function keyOf({ base }: OrderQuestion, { rows, seed, mayReachOutside }: OrderOptions): string {
  const hash = createHash("sha256");
  for (const { id, file } of base) hash.update(JSON.stringify([id, file.text]));
  hash.update(JSON.stringify(["order", FORMAT, rows, seed, mayReachOutside]));
  return hash.digest("hex");
}

/** Counts up where the same base leads to another state than before. */
const FORMAT = 1;

/** Keeps the base with its rows; gives what had to be left out of it. */
async function prepare(
  stage: Stage,
  key: string,
  base: readonly MigrationView[],
  options: OrderOptions,
): Promise<Outcome<readonly LeftOut[]>> {
  const kept = await stage.restore(key);
  if (kept) return success([]);
  const opened = await stage.fresh();
  if (!opened.ok) return opened;
  const session = opened.value;
  const replayed = await replay(session, base, {
    heldBack: await whatIsHeldBack(session, options.mayReachOutside),
    limit: options.limit,
    progress: () => options.signal?.throwIfAborted(),
  });
  if (!replayed.ok) return replayed;
  if (options.rows > 0) await fillTables(session, { rows: options.rows, seed: options.seed });
  // What was left out is told by the run that left it out: a base without a part is not kept for later.
  await stage.keep(session, key, replayed.value.length === 0 && base.length > 0);
  return replayed;
}

async function runOrder(
  stage: Stage,
  key: string,
  base: readonly MigrationView[],
  order: readonly MigrationView[],
  hurt: boolean,
  before: readonly LeftOut[],
  options: OrderOptions,
): Promise<End> {
  options.signal?.throwIfAborted();
  const session = await stage.restore(key);
  if (!session) throw new Error("The base of an order was not kept.");
  const held = await whatIsHeldBack(session, options.mayReachOutside);
  if (hurt) {
    const statements = order.flatMap((migration) => migration.statements);
    const planned = plan([...base, ...order], "split", stage.server.major, "one");
    await addHurtingRows(
      session,
      predictedFailures(planned, order).map(({ failure: each }) => each),
      { seed: options.seed, statements },
    );
    await speakOf(session, statements);
  }
  const leftOut: LeftOut[] = [];
  let refused: Refused | undefined;
  for (const migration of order) {
    await freshState(session);
    refused = await runMigration(session, migration, held, [...before, ...leftOut], leftOut, options);
    if (refused) break;
  }
  await freshState(session);
  return {
    refused,
    schema: await fingerprint(session),
    tables: await digestTables(session),
    leftOut,
  };
}

async function runMigration(
  session: Session,
  migration: MigrationView,
  held: Parameters<typeof heldBack>[0],
  known: readonly LeftOut[],
  leftOut: LeftOut[],
  { limit }: OrderOptions,
): Promise<Refused | undefined> {
  const { file, id } = migration;
  const statements = migration.statements.length > 0 ? migration.statements : undefined;
  if (!statements) {
    const range = { start: 0, end: file.text.length };
    const ran = await session.run(file.text, limit);
    return ran.ok ? undefined : { migration: id, path: file.path, range, text: "", error: ran.error };
  }
  for (const statement of statements) {
    const out = heldBack(held, migration, statement);
    if (out) {
      leftOut.push(out);
      continue;
    }
    const text = file.text.slice(statement.range.start, statement.range.end);
    const ran = await session.run(text, limit);
    if (ran.ok) continue;
    if (ran.error.timedOut) throw new SessionLost(`${file.path} was stopped, ${ran.error.message}.`);
    const why = needsLeftOut(ran.error, [...known, ...leftOut]);
    if (why === undefined) return { migration: id, path: file.path, range: statement.range, text, error: ran.error };
    leftOut.push(dependent(migration, statement, why));
    await session.run("rollback");
  }
  return undefined;
}
