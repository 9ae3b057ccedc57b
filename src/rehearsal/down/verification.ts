import type { MigrationView } from "../../model/step.ts";
import type { Range, SourceFile } from "../../source/text.ts";
import type { Reader, Statement } from "../../sql/statement.ts";
import { keepRows, lostRows } from "./rows.ts";
import { compareFingerprints, fingerprint } from "../schema/fingerprint.ts";
import { type HeldBack, heldBack, needsLeftOut } from "../outside.ts";
import type { LeftOut, RehearsedDown, DatabaseError } from "../../evidence/rehearsal.ts";
import { dependent, replay } from "../replay.ts";
import type { Limit, Session } from "../stage/session.ts";

export interface VerifyInput {
  readonly migration: MigrationView;
  /** The down.sql, which may be one that was only just written. */
  readonly down: SourceFile;
  /** Settled by `load` already. */
  readonly reader: Reader;
  readonly heldBack: HeldBack;
  /** For each message. */
  readonly limit: Limit;
}

/**
 * Up, then down, in a session that holds the schema before the migration, with rows; says what is then other than it was. The migration
 * has run on the same rows before: that it does not run here is a bug. Afterwards the session holds what down.sql left.
 */
export async function verifyDown(session: Session, input: VerifyInput): Promise<RehearsedDown> {
  const { migration, down: file, reader, heldBack: held, limit } = input;
  const before = await fingerprint(session);
  const kept = await keepRows(session);
  const up = await replay(session, [migration], { heldBack: held, limit });
  if (!up.ok) throw new Error(up.message);
  const leftOut: LeftOut[] = [];
  const view: MigrationView = { ...migration, file, ...reader.read(file.text) };
  const error = await runDown(session, view, input, up.value, leftOut);
  if (session.lost) return { file, differences: [], lost: [], leftOut, error };
  await session.run("ROLLBACK");
  const differences = compareFingerprints(before, await fingerprint(session));
  return { file, differences, lost: await lostRows(session, kept), leftOut, error };
}

type Misfortune = DatabaseError & { readonly range: Range };

/** As `prisma db execute` does: one message. Statement by statement where some must be left out. */
async function runDown(
  session: Session,
  view: MigrationView,
  { heldBack: held, limit }: VerifyInput,
  before: readonly LeftOut[],
  leftOut: LeftOut[],
): Promise<Misfortune | undefined> {
  const refused = new Map(view.statements.map((statement) => [statement, heldBack(held, view, statement)]));
  if (before.length === 0 && [...refused.values()].every((reason) => reason === undefined)) {
    const ran = await session.run(view.file.text, limit);
    if (ran.ok) return undefined;
    return { ...ran.error, range: await placeOf(session, view, ran.error, limit) };
  }
  for (const [statement, reason] of refused) {
    if (reason !== undefined) {
      leftOut.push(reason);
      continue;
    }
    const ran = await session.run(textOf(view, statement), limit);
    if (ran.ok) continue;
    const why = ran.error.timedOut ? undefined : needsLeftOut(ran.error, [...before, ...leftOut]);
    if (why === undefined) return { ...ran.error, range: around(statement, ran.error) };
    leftOut.push(dependent(view, statement, why));
    await session.run("ROLLBACK");
  }
  return undefined;
}

const textOf = (view: MigrationView, { range }: Statement): string => view.file.text.slice(range.start, range.end);

/** From where PostgreSQL points to the end of the statement; all of it where it points nowhere. */
function around({ range }: Statement, { offset }: DatabaseError): Range {
  return offset === undefined ? range : { start: Math.min(range.start + offset, range.end), end: range.end };
}

/** PostgreSQL gives a position for some errors only: for the others the statements run once more, one by one, and are taken back. */
async function placeOf(session: Session, view: MigrationView, error: DatabaseError, limit: Limit): Promise<Range> {
  const whole = { start: 0, end: view.file.text.length };
  const { offset } = error;
  if (offset !== undefined)
    return {
      start: offset,
      end:
        view.statements.find(({ range }) => offset >= range.start && offset < range.end)?.range.end ??
        Math.min(offset + 1, whole.end),
    };
  if (session.lost || error.timedOut) return whole;
  await session.run("ROLLBACK");
  await session.run("BEGIN");
  for (const statement of view.statements) {
    const ran = await session.run(textOf(view, statement), limit);
    if (!ran.ok) {
      await session.run("ROLLBACK");
      return statement.range;
    }
  }
  await session.run("ROLLBACK");
  return whole;
}
