import type { History, MigrationSource } from "../source/history.ts";
import { crashedStatement, unreadText } from "../sql/script.ts";
import type { Reader, Script, Statement } from "../sql/statement.ts";
import type { HistoryPlace, MigrationView, NextStep, Step, WalkPlace } from "./step.ts";
import { type ExecutionMode, isIdle, ofFile, transactions } from "./transactions.ts";
import { apply } from "./apply/index.ts";
import { type Birth, type Catalog, isDeployed, relationAt, resolve, resolveType } from "./catalog.ts";
import { assumed, copyCatalog, emptyCatalog } from "./apply/catalog.ts";
import { endTransaction } from "./apply/session.ts";
import { type Crashed, guarded } from "./crash.ts";
import type { Effects, Lock, RelationId } from "./effects.ts";
import { type PredictContext, merge, predict } from "./predict/index.ts";
import { emptyTables } from "./empty-tables.ts";
import { prepare } from "./preparation/index.ts";
import { withPartitions } from "./relatives.ts";
import { calledBy } from "./calls.ts";
import { refusedFailures } from "./refusal/index.ts";
import { transactionFailures } from "./refusal/transactions.ts";

export interface WalkOptions {
  readonly postgres: number;
  readonly execution: ExecutionMode;
  readonly timeZoneUtc?: PredictContext["timeZoneUtc"];
  /** `one`: all pending migrations go out together; `each`: every migration is a deployment of its own (a whole history is checked). */
  readonly deployments: "one" | "each";
  /** How many of the migrations are walked; those behind them are only known to come. All of them without it. */
  readonly walked?: number | undefined;
  /** With a catalog to start from: the migrations that made it. */
  readonly folded?: readonly MigrationView[] | undefined;
}

/** What the walk shows, in this order: operations, their statement, the migration. The catalog is the one just before an operation. */
export interface Visitor {
  operation?(step: Step, place: WalkPlace): void;
  statement?(statement: Statement, effects: Effects, steps: readonly Step[], place: WalkPlace): void;
  /** Before the first statement. */
  begin?(migration: MigrationView, catalog: Catalog): void;
  migration?(migration: MigrationView, place: WalkPlace): void;
  /** One bad statement does not end the walk. Without it the exception is thrown. */
  crashed?: Crashed;
}

export function readMigration(
  source: MigrationSource,
  reader: Reader,
  execution: ExecutionMode,
): MigrationView | undefined {
  if (!source.up) return undefined;
  const script = readWhole(reader, source.up.text);
  return {
    id: source.id,
    path: source.path,
    file: source.up,
    down: source.down,
    state: source.state,
    execution,
    ...script,
  };
}

/** A reader that fails on a text as a whole has failed on all that it says. */
export function readWhole(reader: Reader, text: string): Script {
  const unread = unreadText(text);
  if (unread) return unread;
  try {
    return reader.read(text);
  } catch (error) {
    const range = { start: 0, end: text.length };
    const statement: Statement = { index: 0, range, comments: [], ...crashedStatement(range, error), broken: false };
    return { statements: [statement], errors: [], comments: [], gaps: [] };
  }
}

/** Few migrations do: only in them somebody looks for a label that is too new to be used. */
const addsLabels = ofFile((statements) =>
  statements.some(({ operations }) => operations.some(({ kind }) => kind === "addEnumValue")),
);

/**
 * The one walk over a history: each operation is shown with its effects in the schema at that moment, then applied to it. Returns the
 * schema at the end. With `from`, which stays as it is, what comes before `migrations` has been walked already.
 */
export function walk(
  migrations: readonly MigrationView[],
  options: WalkOptions,
  visitor: Visitor,
  from?: Catalog,
): Catalog {
  const catalog = from ? copyCatalog(from) : emptyCatalog();
  const ahead = coming(migrations);
  /** Of the deployments before the current one. What of it nobody asks for is not read. */
  const past: MigrationView[] = [...(options.folded ?? [])];
  const earlier = (): readonly NextStep[] => past.flatMap(stepsOf);
  // All pending migrations go out together, also those that a deployed one lies between.
  const together = { number: catalog.deployment + migrations.length + 1, before: [] as Step[], empty: emptyTables() };
  let last = catalog.deployment;
  migrations.slice(0, options.walked).forEach((migration) => {
    const joins = options.deployments === "one" && migration.state === "pending";
    const before = joins ? together.before : [];
    const empty = joins ? together.empty : emptyTables();
    catalog.deployment = joins ? together.number : ++last;
    visitor.begin?.(migration, catalog);
    const members = transactions(migration.statements, options.execution);
    let unread = false;
    const seen = new Map<RelationId, boolean>();
    const deployed: WalkPlace["deployed"] = (id) =>
      (typeof id === "string" ? seen.get(id) : undefined) ?? isDeployed(catalog, id);
    // What was dropped was deployed, what was made again under its name is not.
    const deployedNow: WalkPlace["deployed"] = (id) =>
      typeof id === "string" && relationAt(catalog, id)?.birth?.deployment === catalog.deployment
        ? false
        : deployed(id);
    for (const statement of migration.statements) {
      const birth: Birth = { deployment: catalog.deployment, migration: migration.id, statement: statement.index };
      const steps: Step[] = [];
      const place: HistoryPlace = {
        migration,
        catalog,
        before,
        earlier,
        after: () => ahead.rest(migration, options.deployments === "one"),
        later: () => ahead.rest(migration, true),
        deployed: deployedNow,
      };
      const all: Effects[] = [];
      let shown = 0;
      const whole = guarded(visitor.crashed, catalog, migration, statement, () => {
        const context: PredictContext = {
          catalog,
          postgres: options.postgres,
          assume: (id, kind) => assumed(catalog, id, kind),
          timeZoneUtc: options.timeZoneUtc ?? "unknown",
          together: namedTogether(catalog, statement),
        };
        const atOnce = dropsAtOnce(statement);
        for (const operation of statement.operations) {
          shown++;
          ahead.shown();
          // First, since a prediction takes relations for there that a statement names. What is deployed has run.
          const refused =
            migration.state === "pending"
              ? [
                  ...transactionFailures(operation, context, {
                    migration: migration.id,
                    statement: statement.index,
                    members,
                    unread,
                    addsLabels: addsLabels(migration.statements),
                  }),
                  ...refusedFailures(operation, context, statement),
                ]
              : [];
          const alone = predict(operation, context);
          const predicted = withoutOwn(
            refused.length > 0 ? { ...alone, failures: [...refused, ...alone.failures] } : alone,
            catalog,
            birth,
          );
          for (const { relation } of [
            ...predicted.locks,
            ...predicted.failures,
            ...predicted.rewrites,
            ...predicted.scans,
          ])
            if (!seen.has(relation)) seen.set(relation, isDeployed(catalog, relation));
          for (const loss of predicted.losses)
            if (loss.relation !== undefined && !seen.has(loss.relation))
              seen.set(loss.relation, isDeployed(catalog, loss.relation));
          const prepared =
            predicted.failures.length === 0
              ? predicted
              : { ...predicted, failures: predicted.failures.map((failure) => prepare(failure, operation, place)) };
          const effects = empty.without(prepared);
          all.push(effects === prepared ? prepared : { ...prepared, failures: effects.failures });
          const touched = [...effects.locks, ...effects.scans, ...effects.rewrites].map(({ relation }) => relation);
          const step: Step = {
            migration,
            statement,
            operation,
            ...calledBy(catalog, operation),
            effects,
            deployed: new Set(touched.filter((id) => deployedNow(id))),
          };
          visitor.operation?.(step, place);
          if (!atOnce && !isIdle(operation, members[statement.index])) apply(catalog, operation, birth);
          steps.push(step);
          before.push(step);
        }
        if (atOnce) for (const { operation } of steps) apply(catalog, operation, birth);
      });
      unread ||= statement.broken;
      if (isGap(migration, statement))
        apply(catalog, { kind: "opaque", range: statement.range, reason: "unsupported", what: "a statement" }, birth);
      if (!whole) for (; shown < statement.operations.length; shown++) ahead.shown();
      visitor.statement?.(statement, merge(all), steps, place);
      // Only now: the actions of one ALTER TABLE check its rows together.
      for (const step of steps) empty.follow(step, catalog);
    }
    visitor.migration?.(migration, {
      migration,
      catalog,
      before,
      after: () => ahead.rest(migration, options.deployments === "one"),
      later: () => ahead.rest(migration, true),
      deployed,
    });
    endTransaction(catalog);
    if (!joins) past.push(migration);
  });
  return catalog;
}

/** Relations that the statement itself made (in a DO block) did not exist before it, and temporary ones nobody else can see. */
function withoutOwn(effects: Effects, catalog: Catalog, birth: Birth): Effects {
  const own = (relation: RelationId) => {
    const known = relationAt(catalog, relation);
    const made = known?.birth;
    return (
      known?.temporary === true ||
      (made !== undefined &&
        made.deployment === birth.deployment &&
        made.migration === birth.migration &&
        made.statement === birth.statement)
    );
  };
  if (!effects.locks.some((lock) => own(lock.relation))) return effects;
  const others = <T extends { readonly relation: RelationId }>(all: readonly T[]) =>
    all.filter((each) => !own(each.relation));
  return {
    ...effects,
    locks: others<Lock>(effects.locks),
    rewrites: others(effects.rewrites),
    scans: others(effects.scans),
    failures: others(effects.failures),
  };
}

/**
 * PostgreSQL may well take what the portable reader does not know: what it changes nobody can say. A text that is no SQL by PostgreSQL's
 * own grammar would not run, and it has no mentions.
 */
const isGap = ({ file }: MigrationView, { broken, mentions, range }: Statement): boolean =>
  broken && mentions !== undefined && !CHANGES_NO_SCHEMA.test(file.text.slice(range.start, range.end));

const CHANGES_NO_SCHEMA =
  /^(?:(?:insert|update|delete|merge|grant|revoke|comment|analyze|vacuum|explain|values|show|copy|listen|notify)\b|(?:select|with)\b(?!.*\binto\b))/is;

/** One DROP of several looks up all of its names before the first of them goes. */
const dropsAtOnce = ({ operations }: Statement): boolean =>
  operations.length > 1 &&
  operations.every(
    ({ kind, body }) =>
      !body && (kind === "dropTable" || kind === "dropObject" || kind === "dropType" || kind === "dropIndex"),
  );

function namedTogether(catalog: Catalog, statement: Statement): ReadonlySet<RelationId> {
  const ids = new Set<RelationId>();
  for (const operation of statement.operations) {
    if (operation.kind === "dropTable" || operation.kind === "truncate") {
      const id = resolve(catalog, operation.table);
      ids.add(id);
      // Partitions go with their table.
      const table = relationAt(catalog, id);
      if (table) for (const each of withPartitions(catalog, table)) ids.add(each.id);
    } else if (operation.kind === "dropType") ids.add(resolveType(catalog, operation.type));
    else if (operation.kind === "dropObject") ids.add(resolve(catalog, operation.name));
  }
  return ids;
}

const stepsOf = (migration: MigrationView): NextStep[] =>
  migration.statements.flatMap((statement) =>
    statement.operations.map((operation) => ({ migration, statement, operation })),
  );

/** What is still to come, from the operations that were shown so far on. */
interface Coming {
  /** The operation that follows is shown. */
  shown(): void;
  /** To the end of the migration, or of the history. */
  rest(migration: MigrationView, beyond: boolean): readonly NextStep[];
}

/** One list of all operations serves every question; the last answer is kept, since many rules ask at the same place. */
function coming(migrations: readonly MigrationView[]): Coming {
  let all: NextStep[] | undefined;
  const ends = new Map<MigrationView, number>();
  let done = 0;
  let last: { readonly from: number; readonly to: number; readonly steps: readonly NextStep[] } | undefined;
  return {
    shown: () => void done++,
    rest(migration, beyond) {
      if (!all) {
        all = [];
        for (const each of migrations) {
          for (const step of stepsOf(each)) all.push(step);
          ends.set(each, all.length);
        }
      }
      const to = beyond ? all.length : (ends.get(migration) ?? all.length);
      if (last?.from !== done || last.to !== to) last = { from: done, to, steps: all.slice(done, to) };
      return last.steps;
    },
  };
}

/** Reads a history's migrations in order; folders without migration.sql are left out. */
export function readHistory(history: History, reader: Reader, execution: ExecutionMode): MigrationView[] {
  return history.migrations.flatMap((source) => readMigration(source, reader, execution) ?? []);
}
