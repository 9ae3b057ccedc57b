import type { Catalog } from "../../src/model/catalog.ts";
import { contradiction } from "../../src/model/contradictions/index.ts";
import type { Crash } from "../../src/model/crash.ts";
import { readMigration, walk } from "../../src/model/walk.ts";
import type { MigrationView } from "../../src/model/step.ts";
import { control } from "../../src/model/transactions.ts";
import type { Reader, Statement } from "../../src/sql/statement.ts";
import type { Outcome } from "./truth.ts";

/** The model beside PostgreSQL, statement by statement: what it says of each, and whether that is so. */
export interface Judgement {
  statements: number;
  /** What PostgreSQL's grammar takes, and of these what the reader understood. */
  parsed: number;
  read: number;
  /** Why the others were not, with their number. */
  unread: Map<string, number>;
  /** Said to fail whatever the rows are: of those that failed, and of those that ran. */
  foretold: number;
  failed: number;
  wrong: Wrong[];
  crashes: Wrong[];
  slow: Wrong[];
}

export interface Wrong {
  readonly file: string;
  readonly sql: string;
  readonly why: string;
}

export const emptyJudgement = (): Judgement => ({
  statements: 0,
  parsed: 0,
  read: 0,
  unread: new Map(),
  foretold: 0,
  failed: 0,
  wrong: [],
  crashes: [],
  slow: [],
});

interface Transaction {
  readonly before: Catalog | undefined;
  readonly savepoints: Map<string, Catalog | undefined>;
  failed: boolean;
}

const POSTGRES = 18;
/** Milliseconds for one statement. */
const SLOW = 2_000;

/** Judges one script into `judgement`, from the schema that its setup made; gives the schema at its end. */
export function judge(
  judgement: Judgement,
  file: string,
  outcomes: readonly Outcome[],
  { reader, grammar, from }: { readonly reader: Reader; readonly grammar: Reader; readonly from?: Catalog | undefined },
): Catalog | undefined {
  let catalog = from;
  let transaction: Transaction | undefined;
  for (const outcome of outcomes) {
    judgement.statements++;
    const start = performance.now();
    const said = say(file, outcome.sql, { reader, catalog, inside: transaction !== undefined });
    if (performance.now() - start > SLOW) judgement.slow.push({ file, sql: outcome.sql, why: "slow" });
    for (const why of said.crashes) judgement.crashes.push({ file, sql: outcome.sql, why });
    const plain = grammar.read(outcome.sql);
    if (outcome.ok || plain.errors.length === 0) {
      judgement.parsed++;
      const why = whyUnread(said.view);
      if (why === undefined) judgement.read++;
      else judgement.unread.set(why, (judgement.unread.get(why) ?? 0) + 1);
    }
    // A message of several statements is one transaction of its own.
    const own = said.view?.statements ?? [];
    const statement = own.length === 1 + Number(transaction !== undefined) ? own.at(-1) : undefined;
    // Where transactions begin and end is PostgreSQL's to say, whatever the reader reads.
    const alone = plain.statements.length === 1 ? plain.statements[0] : undefined;
    if (outcome.ok && said.certain.length > 0 && statement)
      judgement.wrong.push({ file, sql: outcome.sql, why: said.certain.join("; ") });
    if (!outcome.ok && !outcome.fromStdin) {
      judgement.failed++;
      if (said.certain.some((each) => each.startsWith(outcome.sqlstate ?? "?"))) judgement.foretold++;
    }
    if (outcome.fromStdin) continue;
    if (!outcome.ok) {
      if (transaction) transaction.failed = true;
      const ending = alone && control(alone);
      if (transaction && (ending === "commit" || ending === "prepare")) {
        catalog = transaction.before;
        transaction = undefined;
      }
      continue;
    }
    const action = alone && control(alone);
    const chained = /\band\s+chain\b/i.test(outcome.sql);
    if (action === "begin") transaction ??= { before: catalog, savepoints: new Map(), failed: false };
    else if (action !== undefined) {
      if (transaction && (action !== "commit" || transaction.failed)) catalog = transaction.before;
      transaction = chained ? { before: catalog, savepoints: new Map(), failed: false } : undefined;
    } else if (alone && isSavepoint(alone) && transaction) catalog = atSavepoint(transaction, alone, catalog);
    else if (!transaction?.failed) catalog = folded(said.view, catalog, said.after);
  }
  return catalog;
}

/** PREPARE and EXECUTE are opaque to the model, which then says nothing any more: here it goes on as if they changed nothing. */
function folded(view: MigrationView | undefined, before: Catalog | undefined, after: Catalog | undefined) {
  const opaque = view?.statements.some((statement) =>
    statement.operations.some((each) => each.kind === "opaque" && /^(?:PREPARE|EXECUTE)$/.test(each.what)),
  );
  return opaque ? before : after;
}

const isSavepoint = ({ operations: [operation] }: Statement): boolean =>
  operation?.kind === "transaction" && ["savepoint", "release", "rollbackTo"].includes(operation.action);

function atSavepoint(
  transaction: Transaction,
  { operations: [operation] }: Statement,
  now: Catalog | undefined,
): Catalog | undefined {
  if (operation?.kind !== "transaction") return now;
  const name = operation.name ?? "";
  if (operation.action === "savepoint") transaction.savepoints.set(name, now);
  if (operation.action !== "rollbackTo") return now;
  transaction.failed = false;
  return transaction.savepoints.get(name);
}

interface Said {
  readonly view: MigrationView | undefined;
  /** Why it fails whatever the rows are, each with its SQLSTATE first. */
  readonly certain: readonly string[];
  readonly crashes: readonly string[];
  readonly after: Catalog | undefined;
}

/** Every statement is a deployment of its own, so that the model takes everything before it to be deployed. */
function say(
  file: string,
  sql: string,
  {
    reader,
    catalog,
    inside,
  }: { readonly reader: Reader; readonly catalog: Catalog | undefined; readonly inside: boolean },
): Said {
  const text = inside ? `BEGIN;\n${sql}` : sql;
  const crashes: string[] = [];
  const certain: string[] = [];
  const crashed = ({ error }: Pick<Crash, "error">): void => {
    crashes.push(
      error instanceof Error ? (error.stack ?? error.message).split("\n").slice(0, 4).join(" ") : String(error),
    );
  };
  let view: MigrationView | undefined;
  try {
    view = readMigration(
      { id: file, path: file, up: { path: `${file}.sql`, text }, state: "pending" },
      reader,
      "split",
    );
    if (!view) return { view, certain, crashes, after: catalog };
    const after = walk(
      [view],
      { postgres: POSTGRES, execution: "split", deployments: "each", timeZoneUtc: true },
      {
        crashed,
        operation({ operation, effects }, place) {
          const contradicted = contradiction(place.catalog, operation);
          if (contradicted) certain.push(`${contradicted.sqlstate} ${contradicted.sentence}`);
          for (const { certainty, sqlstate, detail, preparation } of effects.failures)
            if (certainty === "sure" && preparation.verdict !== "done") certain.push(`${sqlstate} ${detail}`);
        },
      },
      catalog,
    );
    return { view, certain, crashes, after };
  } catch (error) {
    crashed({ error });
    return { view, certain, crashes, after: catalog };
  }
}

function whyUnread(view: MigrationView | undefined): string | undefined {
  for (const statement of view?.statements ?? []) {
    if (statement.crash) return "internal error";
    if (statement.broken) return firstWords(view?.file.text.slice(statement.range.start, statement.range.end) ?? "");
    for (const operation of statement.operations)
      if (operation.kind === "opaque") return `${operation.reason}: ${operation.what}`;
  }
  return undefined;
}

const firstWords = (sql: string): string =>
  (sql.replace(/--[^\n]*|\/\*.*?\*\//gs, " ").match(/[A-Za-z_]+/g) ?? []).slice(0, 2).join(" ").toUpperCase();
