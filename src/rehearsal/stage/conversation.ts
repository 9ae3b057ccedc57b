import { type Membership, control, transactions } from "../../model/transactions.ts";
import type { MigrationView } from "../../model/step.ts";
import type { Statement } from "../../sql/statement.ts";
import { type Observation, observeAlone, observeInTransaction } from "../observation.ts";
import type { Limit, Session } from "./session.ts";
import type { DatabaseError } from "../../evidence/rehearsal.ts";

/**
 * One file, statement by statement, with the transactions that Prisma's way of sending it makes. The implicit transaction of a batch is
 * made with a BEGIN and a COMMIT of our own: PostgreSQL does the same with the message as a whole, but lets nobody look between two
 * statements (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT).
 */
export interface Conversation {
  readonly members: readonly Membership[];
  /** Runs one statement and says what it did; the next ones have to follow in order, also after one that failed and is to be left out. `attempt` decides what is done about an error. */
  say(statement: Statement, attempt: Attempt): Promise<Observation>;
  /** Whether the file left a transaction open. */
  unclosed(): boolean;
  /** Indexes of the statements whose work is there to stay. */
  committed(): readonly number[];
  /** Takes back what is open. */
  end(): Promise<void>;
}

/** Observes the statement once or, where its error can be helped, again. `undo` goes back to the state before it. */
export type Attempt = (observe: () => Promise<Observation>, undo: () => Promise<void>) => Promise<Observation>;

export function converse(
  session: Session,
  migration: MigrationView,
  execution: "batch" | "split",
  limit: Limit,
): Conversation {
  const members = transactions(migration.statements, execution);
  const committed: number[] = [];
  let pending: number[] = [];
  let open: number | null = null;
  let explicit = false;
  const close = (keeps: boolean): void => {
    if (keeps) committed.push(...pending);
    pending = [];
    open = null;
    explicit = false;
  };
  const back = async (): Promise<void> => {
    if (!session.lost) await session.query("rollback");
  };

  const inside = async (statement: Statement, sql: string, attempt: Attempt): Promise<Observation> => {
    await session.query(`savepoint ${SAVEPOINT}`);
    const undo = async (): Promise<void> => void (await session.query(`rollback to savepoint ${SAVEPOINT}`));
    const observation = await attempt(
      () =>
        observeInTransaction(session, sql, { limit, largeTables: isOverRows(statement), unread: isUnread(statement) }),
      undo,
    );
    if (session.lost) return observation;
    const again = !observation.error && statement.operations.some(({ kind }) => MAKES_LABELS.has(kind));
    if (again || observation.error) await undo();
    await session.query(`release savepoint ${SAVEPOINT}`);
    if (!again) return observation;
    const ran = await session.run(sql, limit);
    return ran.ok ? observation : { error: ran.error, notices: [] };
  };

  const alone = async (statement: Statement, sql: string, attempt: Attempt): Promise<Observation> => {
    if (!statement.operations.some(({ kind, body }) => !body && OUTSIDE.has(kind))) {
      await session.query("begin");
      const observation = await inside(statement, sql, attempt);
      if (!observation.error) return finish(observation);
      await back();
      if (!REFUSED_INSIDE.has(observation.error.sqlstate)) return observation;
    }
    return attempt(
      () => observeAlone(session, sql, limit),
      () => dropInvalidIndexes(session),
    );
  };

  /** Deferred constraints are checked at the end. */
  const finish = async (observation: Observation): Promise<Observation> => {
    const ran = await session.run("commit", limit);
    if (ran.ok) return observation;
    await back();
    return { error: ran.error, notices: observation.notices };
  };

  return {
    members,
    async say(statement, attempt) {
      const { index, range } = statement;
      const sql = migration.file.text.slice(range.start, range.end);
      const member = members[index] ?? { id: null, explicit: false };
      const action = control(statement);
      if (action) {
        if (action === "begin" && open === null) [open, explicit] = [member.id, true];
        else if (action === "begin") explicit = true;
        const ran = await session.run(sql, limit);
        if (ran.ok && action !== "begin") close(action === "commit");
        if (ran.ok && action !== "rollback") (open === null ? committed : pending).push(index);
        return ran.ok
          ? {
              notices: ran.notices,
              observed: { locks: [], held: [], rewrites: [], scans: [], rows: [], milliseconds: 0 },
            }
          : { error: ran.error, notices: [] };
      }
      if (member.id === null) {
        const observation = await alone(statement, sql, attempt);
        if (!observation.error) committed.push(index);
        return observation;
      }
      if (open === null) {
        await session.query("begin");
        [open, explicit] = [member.id, false];
      }
      const savepoint = savepointCommand(statement);
      if (savepoint !== undefined && !explicit) return { error: noBlock(savepoint), notices: [] };
      const observation =
        savepoint === undefined
          ? await inside(statement, sql, attempt)
          : await observeInTransaction(session, sql, { limit });
      if (!observation.error) pending.push(index);
      // What failed was taken back alone: the caller may go on without it.
      if (explicit || members[index + 1]?.id === member.id) return observation;
      if (observation.error) return observation;
      const finished = await finish(observation);
      close(!finished.error);
      return finished;
    },
    unclosed: () => open !== null && explicit,
    committed: () => [...committed].sort((a, b) => a - b),
    async end() {
      if (open !== null) await back();
      close(false);
    },
  };
}

const SAVEPOINT = "lockstep_statement";

/**
 * PostgreSQL lets a transaction use the labels that it gives to its own type, unless type or label were made within a savepoint
 * (measured on 17 and 18): what makes them runs once more outside of it.
 */
const MAKES_LABELS: ReadonlySet<string> = new Set(["createEnum", "addEnumValue"]);

/** Outside of a transaction these do something else than inside, or nothing: SET LOCAL only warns, LOCK TABLE fails. */
const OUTSIDE: ReadonlySet<string> = new Set(["set", "lockTable", "transaction", "vacuum"]);

const isOverRows = (statement: Statement): boolean =>
  statement.operations.length > 0 && statement.operations.every(({ kind }) => OVER_ROWS.has(kind));

const OVER_ROWS: ReadonlySet<string> = new Set(["insertRows", "updateRows", "deleteRows", "mergeRows", "select"]);

const isUnread = (statement: Statement): boolean => statement.operations.some(({ kind }) => UNREAD.has(kind));

/** A function that is called may do anything. */
const UNREAD: ReadonlySet<string> = new Set(["opaque", "call", "select"]);

/** Cannot run in a transaction block; COMMIT in a DO block or procedure needs to be outside of one. */
const REFUSED_INSIDE: ReadonlySet<string> = new Set(["25001", "2D000"]);

function savepointCommand(statement: Statement): string | undefined {
  const [operation] = statement.operations;
  if (operation?.kind !== "transaction" || operation.body) return undefined;
  return { savepoint: "SAVEPOINT", release: "RELEASE SAVEPOINT", rollbackTo: "ROLLBACK TO SAVEPOINT" }[
    operation.action as string
  ];
}

/** PostgreSQL's answer in an implicit transaction, which our own BEGIN would hide. */
const noBlock = (command: string): DatabaseError => ({
  sqlstate: "25P01",
  message: `${command} can only be used in transaction blocks`,
});

/** A concurrent build that failed leaves its index behind, under the name that the next try wants. */
async function dropInvalidIndexes(session: Session): Promise<void> {
  const rows = await session.query<{ name: string }>(
    "select format('%I.%I', n.nspname, c.relname) as name from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where not i.indisvalid and c.relkind = 'i'",
  );
  for (const { name } of rows) await session.query(`drop index ${name}`);
}
