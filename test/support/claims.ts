import { rules } from "../../rules/index.ts";
import { checkSync } from "../../src/engine/check.ts";
import { edit } from "../../src/engine/fix.ts";
import { type Folded, foldSources } from "../../src/engine/fold.ts";
import type { DatabaseError } from "../../src/evidence/rehearsal.ts";
import type { Finding, Fix, History } from "../../src/index.ts";
import type { MigrationView } from "../../src/model/step.ts";
import { readMigration } from "../../src/model/walk.ts";
import { freshState, replay } from "../../src/rehearsal/replay.ts";
import { type HeldBack, whatIsHeldBack } from "../../src/rehearsal/outside.ts";
import { type Fingerprint, compareFingerprints, fingerprint } from "../../src/rehearsal/schema/fingerprint.ts";
import type { Session, Stage } from "../../src/rehearsal/stage/session.ts";
import type { MigrationSource } from "../../src/source/history.ts";
import { postgresReader } from "../../src/sql/postgres/read.ts";
import type { Reader, Statement } from "../../src/sql/statement.ts";
import { actionsLost } from "./kept-actions.ts";

/**
 * What findings show, put to PostgreSQL: each query runs in the schema before the migration, each fix in place of the file that it
 * changes, alone; the schema behind it is the one that the file itself leaves, and the finding is gone.
 */
export interface Claims {
  queries: number;
  /** Queries of tables that the history does not make: they cannot be asked here. */
  unknown: number;
  fixes: number;
  /** Fixes of files that do not run as they are: nothing to compare. */
  without: number;
  readonly wrong: Wrong[];
}

export interface Wrong {
  readonly kind:
    | "query refused"
    | "fix does not parse"
    | "fix loses an action"
    | "fix refused"
    | "finding stays"
    | "brings an error"
    | "another schema"
    | "history";
  /** The migration. */
  readonly place: string;
  readonly rule: string;
  /** The query, or the fix's title and safety. */
  readonly what: string;
  readonly detail: string;
}

/** `reader` is the one whose findings are looked at; what is sent is told apart by PostgreSQL's own grammar, which is loaded. */
export interface ClaimsOptions {
  readonly stage: Stage;
  readonly reader: Reader;
  readonly execution: "batch" | "split";
  /** Called when a migration is done. */
  readonly progress?: (migration: string) => void;
}

/** Migrations may read it, and it is there whatever they do. */
const LEDGER = `create table public._prisma_migrations (id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz,
  migration_name varchar(255) not null, logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;
const LIMIT = { time: 20_000 };
const POSTGRES = 18;

/** Every migration of `history` that is to be looked at is a deployment of its own, on the schema that those before it make. */
export async function claimsOf(history: History, options: ClaimsOptions): Promise<Claims> {
  const { stage, reader, execution } = options;
  const claims: Claims = { queries: 0, unknown: 0, fixes: 0, without: 0, wrong: [] };
  const session = await start(stage);
  const held = await whatIsHeldBack(session, false);
  const scratch: Scratch = { stage, session, held, deployed: false, before: [] };
  let folded: Folded | undefined;
  for (const [at, source] of history.migrations.entries()) {
    if (source.up && source.state === "pending")
      await migrationClaims(claims, scratch, { history, at, source, text: source.up.text, folded, options });
    const view = readMigration(source, postgresReader, execution);
    const refused = view && !scratch.deployed ? await deploy(scratch, [view]) : undefined;
    await freshState(scratch.session);
    if (refused !== undefined)
      claims.wrong.push({ kind: "history", place: source.id, rule: "", what: "", detail: refused });
    if (view) scratch.before.push(view);
    scratch.deployed = false;
    folded = foldSources(history.migrations.slice(0, at + 1), reader, execution, folded);
    options.progress?.(source.id);
  }
  return claims;
}

interface Scratch {
  readonly stage: Stage;
  session: Session;
  readonly held: HeldBack;
  /** A fix that runs outside of a transaction has deployed the migration, with the same schema behind it. */
  deployed: boolean;
  /** The migrations that were deployed so far. */
  readonly before: MigrationView[];
}

interface Place {
  readonly history: History;
  readonly at: number;
  readonly source: MigrationSource;
  readonly text: string;
  readonly folded: Folded | undefined;
  readonly options: ClaimsOptions;
}

async function migrationClaims(claims: Claims, scratch: Scratch, place: Place): Promise<void> {
  const { text, source, options } = place;
  const findings = findingsOf(place, text);
  const wrong = (kind: Wrong["kind"], finding: Finding, what: string, detail: string): void =>
    void claims.wrong.push({ kind, place: source.id, rule: finding.rule, what, detail });
  for (const finding of findings)
    for (const { title, sql } of finding.queries) {
      claims.queries++;
      const error = await asked(scratch.session, sql);
      if (error && isNotMade(place, error)) claims.unknown++;
      else if (error) wrong("query refused", finding, `${title}: ${sql}`, said(error));
    }
  const fixes = findings.flatMap((finding) => finding.fixes.map((fix) => ({ finding, fix })));
  if (fixes.length === 0) return;
  const original = await leaves(scratch.session, text, options.execution);
  const schema = await (original === "outside"
    ? inCopy(scratch, () => sent(scratch.session, text, options.execution))
    : original);
  const outside: { finding: Finding; fix: Fix }[] = [];
  for (const { finding, fix } of fixes) {
    claims.fixes++;
    if ("error" in schema) claims.without++;
    const what = `${fix.title} (${fix.safety})`;
    const shown = edit(text, fix.edits);
    const filled = shown.replaceAll("…", "'1'");
    if (options.reader.read(filled).errors.length > options.reader.read(text).errors.length) {
      wrong("fix does not parse", finding, what, shown);
      continue;
    }
    const lost = actionsLost(options.reader, finding, filled);
    if (lost.length > 0) wrong("fix loses an action", finding, what, lost.join("\n"));
    const after = findingsOf(place, filled);
    const same = (each: Finding): boolean => isSame(each, finding);
    if (after.filter(same).length >= findings.filter(same).length) wrong("finding stays", finding, what, shown);
    if (fix.safety !== "display")
      for (const brought of newErrors(findings, after, fix)) wrong("brings an error", finding, what, brought);
    const found = problem(schema, await leaves(scratch.session, ...asDeployed(text, [fix], options)));
    if (found === "outside") outside.push({ finding, fix });
    else if (found) wrong(found[0], finding, what, `${found[1]}\n${shown}`);
  }
  if (outside.length === 0) return;
  // One run for all of them: a copy of the database costs a second.
  const all = outside.map(({ fix }) => fix);
  await scratch.stage.keep(scratch.session, BEFORE);
  if (!overlap(all) && !problem(schema, await sent(scratch.session, ...asDeployed(text, all, options)))) {
    scratch.deployed = true;
    return;
  }
  await restore(scratch);
  for (const { finding, fix } of outside) {
    const found = problem(schema, await sent(scratch.session, ...asDeployed(text, [fix], options)));
    await restore(scratch);
    if (found && found !== "outside")
      wrong(found[0], finding, `${fix.title} (${fix.safety})`, `${found[1]}\n${edit(text, fix.edits)}`);
  }
}

/** What is wrong with what a fix leaves. A file that does not run as it is may fail as before. */
function problem(original: Left, fixed: Left | "outside"): readonly [Wrong["kind"], string] | "outside" | undefined {
  if (fixed === "outside") return fixed;
  if ("error" in fixed)
    return "error" in original && original.error.sqlstate === fixed.error.sqlstate
      ? undefined
      : ["fix refused", said(fixed.error)];
  if ("error" in original) return undefined;
  const differences = compareFingerprints(original.after, fixed.after);
  return differences.length > 0 ? ["another schema", JSON.stringify(differences)] : undefined;
}

/** The text of fixes as it is sent: what is for display alone is for several migrations. */
function asDeployed(
  text: string,
  fixes: readonly Fix[],
  { execution }: ClaimsOptions,
): readonly [text: string, sending: Sending] {
  const fixed = edit(
    text,
    fixes.flatMap(({ edits }) => edits),
  );
  return fixes.some(({ safety }) => safety === "display") ? [deployedInTurn(fixed), "in turn"] : [fixed, execution];
}

const overlap = (fixes: readonly Fix[]): boolean => {
  const edits = fixes.flatMap((fix) => fix.edits).sort((a, b) => a.range.start - b.range.start);
  return edits.some((each, at) => at > 0 && each.range.start <= (edits[at - 1]?.range.end ?? 0));
};

/** What is found in the migration, with `text`, on top of what was deployed before. */
function findingsOf({ history, at, source, folded, options }: Place, text: string): readonly Finding[] {
  const up = { path: source.up?.path ?? "", text };
  const migrations = [
    ...history.migrations.slice(0, at).map((each) => ({ ...each, state: "history" as const })),
    { ...source, up, state: "pending" as const },
  ];
  return checkSync({
    histories: [{ ...history, migrations }],
    rules,
    reader: options.reader,
    config: { preset: "all", execution: options.execution, postgres: POSTGRES },
    deployments: "each",
    ...(folded && { folded: new Map([[history.root, folded]]) }),
  }).findings;
}

const isSame = (one: Finding, other: Finding): boolean =>
  one.rule === other.rule && one.message === other.message && one.objects.join() === other.objects.join();

function newErrors(before: readonly Finding[], after: readonly Finding[], { leaves: left }: Fix): readonly string[] {
  return after
    .filter((each) => each.severity === "error" && each.rule !== left && !before.some((known) => isSame(known, each)))
    .map((each) => `${each.rule}: ${each.message}`);
}

/** The history before says nothing of the table that a query is refused for: it is taken to be deployed. */
function isNotMade({ history, at }: Place, { sqlstate, message }: DatabaseError): boolean {
  const [, name = ""] = /^relation "(.+)" does not exist$/.exec(message) ?? [];
  const own = name.split(".").at(-1) ?? name;
  return sqlstate === "42P01" && !history.migrations.slice(0, at).some(({ up }) => up?.text.includes(own));
}

/** The error of a query that may only read. */
async function asked(session: Session, sql: string): Promise<DatabaseError | undefined> {
  await session.query("begin read only");
  const ran = await session.run(sql, LIMIT);
  await session.query("rollback");
  return ran.ok ? undefined : ran.error;
}

/** What a fix leaves to later and earlier migrations, as statements in their place; what a person has to say is NULL. */
function deployedInTurn(shown: string): string {
  let other = false;
  return shown
    .replaceAll("…", "NULL")
    .split(/\r?\n/)
    .map((line) => {
      if (/^-- In (?:a later migration|one after that|an earlier migration of its own):$/.test(line)) {
        other = true;
        return line;
      }
      other &&= /^-- [A-Z]{2,} /.test(line);
      return other ? line.slice(3) : line;
    })
    .join("\n");
}

/** Statement by statement as well, where the transactions of the file are those of several migrations. */
type Sending = "batch" | "split" | "in turn";

const isControl = ({ operations }: Statement): boolean =>
  operations.some(({ kind, body }) => kind === "transaction" && !body);

type Left = { readonly after: Fingerprint } | { readonly error: DatabaseError };

/** Only possible outside of a transaction, or with what another one has committed. */
const REFUSED_INSIDE: ReadonlySet<string> = new Set(["25001", "2D000", "25P01", "55P04", "55006"]);

const BEFORE = "before";

/** Where the stage keeps nothing, what comes before runs once more. */
async function restore(scratch: Scratch): Promise<void> {
  const restored = await scratch.stage.restore(BEFORE);
  if (restored) scratch.session = restored;
  else {
    scratch.session = await start(scratch.stage);
    await deploy(scratch, scratch.before);
  }
}

async function start(stage: Stage): Promise<Session> {
  const opened = await stage.fresh();
  if (!opened.ok) throw new Error(opened.message);
  await opened.value.query(LEDGER);
  return opened.value;
}

/** Returns why a migration does not run, if one does not. */
async function deploy({ session, held }: Scratch, views: readonly MigrationView[]): Promise<string | undefined> {
  const ran = await replay(session, views, { heldBack: held, limit: LIMIT });
  // Also where that failed.
  await freshState(session);
  return ran.ok ? undefined : ran.message;
}

async function inCopy<T>(scratch: Scratch, run: () => Promise<T>): Promise<T> {
  await scratch.stage.keep(scratch.session, BEFORE);
  const result = await run();
  await restore(scratch);
  return result;
}

/** The schema behind a file, on the state that is there, which stays as it is; "outside" where that takes running it for good. */
async function leaves(session: Session, text: string, sending: Sending): Promise<Left | "outside"> {
  if (sending !== "in turn" && postgresReader.read(text).statements.some(isControl)) return "outside";
  await session.query("begin");
  const left = await sent(session, text, sending);
  await session.query("rollback");
  return "error" in left && REFUSED_INSIDE.has(left.error.sqlstate) ? "outside" : left;
}

/** Sends a file for good. */
async function sent(session: Session, text: string, sending: Sending): Promise<Left> {
  const { statements } = postgresReader.read(text);
  const parts =
    sending === "batch" || statements.length === 0
      ? [text]
      : statements
          .filter((statement) => sending === "split" || !isControl(statement))
          .map(({ range }) => text.slice(range.start, range.end));
  for (const sql of parts) {
    const ran = await session.run(sql, LIMIT);
    if (!ran.ok) return ran;
  }
  return { after: await fingerprint(session) };
}

const said = ({ sqlstate, message }: DatabaseError): string => `${sqlstate} ${message}`;
