import { closeSync, existsSync, openSync, rmSync } from "node:fs";
import { relative, resolve } from "node:path";
import { type WrittenDown, writeDown } from "../../rehearsal/down/index.ts";
import { didYouMean } from "../../engine/nearest.ts";
import { loadReader } from "../../sql/readers.ts";
import type { History, MigrationSource } from "../../source/history.ts";
import { replaceFile } from "../../source/disk/write.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import type { CheckFlags } from "./flags.ts";
import { openNamed } from "./place.ts";
import { onBase } from "../../project/deployed.ts";
import type { Io } from "../../project/io.ts";
import type { Project } from "../../project/place.ts";
import { onStage } from "../../project/rehearsal.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { factsOf } from "../../advice/facts.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

export interface DownFlags extends Pick<CheckFlags, "base" | "config"> {
  readonly force?: boolean;
  readonly stdout?: boolean;
  /** False for --no-cache. */
  readonly cache?: boolean;
}

/** Writes down.sql beside pending migrations: those that are named, else those that lack one. Returns the exit code. */
export async function runDown(names: readonly string[], flags: DownFlags, io: Io): Promise<number> {
  const code = await attempt(names, flags, io);
  if (code.ok) return code.value;
  await io.stderr.write(`lockstep: ${code.message.trimEnd()}\n`);
  return 2;
}

interface Wanted {
  readonly history: History;
  readonly migration: MigrationSource;
  readonly prisma: Evidence["prisma"];
}

async function attempt(names: readonly string[], flags: DownFlags, io: Io): Promise<Outcome<number>> {
  const { force = false, stdout = false, ...rest } = flags;
  const checkFlags: CheckFlags = { ...rest, errorOnUnmatchedPattern: true, inlineConfig: true };
  const [wanted, reader] = await Promise.all([find(names, checkFlags, io), loadReader("postgres")]);
  if (!wanted.ok) return wanted;
  const open: Wanted[] = [];
  for (const each of wanted.value) {
    const path = target(each.migration);
    if (!existsSync(resolve(io.cwd, path)) || force || stdout) open.push(each);
    else if (names.length > 0)
      return failure(
        `${path} is there already and was kept: --force writes over it, --stdout prints what would be written.`,
      );
  }
  if (open.length === 0) {
    await io.stderr.write(
      wanted.value.length === 0
        ? "lockstep: No migration is pending: there is nothing to write a down.sql for.\n"
        : `lockstep: Every pending migration has its down.sql: ${lockstep.rehearse(IN_WORDS).text} shows whether it restores the schema.\n`,
    );
    return success(0);
  }
  return onStage(
    { cache: flags.cache },
    open.map(({ history }) => history),
    reader,
    io,
    async (stage, signal) => {
      let restores = true;
      for (const { history, migration, prisma } of open) {
        const path = target(migration);
        const written = await writeDown(stage, history, migration.id, {
          reader,
          limit: { time: LIMIT },
          mayReachOutside: false,
          path,
          facts: factsOf({ prisma }, history.root),
        });
        if (signal.aborted) return failure("Stopped; nothing was written.");
        if (!written.ok) return written;
        restores &&= written.value.differences.length === 0;
        if (stdout) await io.stdout.write(written.value.text);
        else {
          const done = write(resolve(io.cwd, path), written.value.text, force);
          if (!done.ok) return failure(`${path} ${done.message}`);
        }
        await io.stderr.write(sentence(path, written.value, stdout, stage.server.version));
      }
      return success(restores ? 0 : 1);
    },
  );
}

/** Milliseconds for one migration. */
const LIMIT = 60_000;

const target = ({ path }: MigrationSource): string => `${path}/down.sql`;

/** The migrations that are meant, none of them deployed. */
async function find(names: readonly string[], flags: CheckFlags, io: Io): Promise<Outcome<readonly Wanted[]>> {
  const paths = names.filter((name) => existsSync(resolve(io.cwd, name)));
  const ids = names.filter((name) => !paths.includes(name));
  const found: Wanted[] = [];
  let base: string | undefined;
  if (paths.length < names.length || names.length === 0) {
    const all = await migrations([], flags, io);
    if (!all.ok) return all;
    const { histories, deployments } = all.value;
    base = all.value.base;
    const known = all.value.wanted;
    for (const id of ids) {
      const matches = known.filter(({ migration }) => migration.id === id);
      const [match] = matches;
      if (!match)
        return failure(
          `There is no migration ${id}.${didYouMean(
            id,
            known.map(({ migration }) => migration.id),
          )} Name its folder.`,
        );
      if (matches.length > 1)
        return failure(`${id} is in ${histories.map(({ root }) => root).join(" and ")}: name its folder.`);
      found.push(match);
    }
    if (names.length === 0) {
      if (deployments === "each")
        return failure(
          "No base branch is known, so it is not known which migrations are pending: name the migration, or give --base.",
        );
      found.push(...known.filter(({ migration }) => migration.state === "pending"));
    }
  }
  if (paths.length > 0) {
    const named = await migrations(paths, flags, io);
    if (!named.ok) return named;
    base = named.value.base;
    found.push(...named.value.wanted.filter(({ migration }) => migration.state === "pending"));
  }
  const loose = found.find(({ history }) => history.layout !== "prisma");
  if (loose)
    return failure(
      `${loose.migration.up?.path ?? loose.migration.path} is in no Prisma migrations folder, so that nothing is known of the schema before it: name a migration's folder.`,
    );
  const deployed = onBase(
    found.map(({ migration }) => resolve(io.cwd, migration.up?.path ?? migration.path)),
    base,
    io.env,
  );
  if (!deployed.ok) return deployed;
  for (const { migration } of found) {
    const base = deployed.value.get(resolve(io.cwd, migration.up?.path ?? migration.path));
    if (base)
      return failure(
        `${migration.path} is on ${base.ref} (${base.because}), so it is deployed, and deployed migrations are not touched: make a new migration that leads back.`,
      );
  }
  return success(found);
}

async function migrations(
  paths: readonly string[],
  flags: CheckFlags,
  io: Io,
): Promise<Outcome<Pick<Project, "histories" | "deployments" | "base"> & { readonly wanted: readonly Wanted[] }>> {
  const opened = await openNamed(paths, flags, io, { compares: false });
  if (!opened.ok) return opened;
  const { histories = [], deployments = "one", base, evidence } = opened.value ?? {};
  const wanted = histories.flatMap((history) =>
    history.migrations.filter(({ up }) => up).map((migration) => ({ history, migration, prisma: evidence?.prisma })),
  );
  return success({ histories, deployments, base, wanted });
}

/** Whole or not at all. */
function write(path: string, text: string, force: boolean): Outcome<undefined> {
  try {
    if (!force) closeSync(openSync(path, "wx"));
    try {
      replaceFile(path, text);
    } catch (error) {
      if (!force) rmSync(path, { force: true });
      throw error;
    }
    return success(undefined);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return failure(
      `could not be written (${String(error.code)}): ${error.code === "EEXIST" ? "it has appeared in the meantime; look at it" : "make its folder writable, or print it with --stdout"}.`,
    );
  }
}

function sentence(
  path: string,
  { statements, differences, leftOut, lossLine }: WrittenDown,
  printed: boolean,
  version: string,
): string {
  const lossy = statements.filter(({ notes }) => notes.some(({ kind }) => kind === "lost before"));
  const what = `${statements.length} ${statements.length === 1 ? "statement" : "statements"}`;
  const [restores, leaves] = statements.length === 1 ? ["it restores", "it leaves"] : ["they restore", "they leave"];
  const proof =
    differences.length === 0
      ? `run in PostgreSQL ${version}, ${restores} the schema`
      : `run in PostgreSQL ${version}, ${leaves} ${differences.length} ${differences.length === 1 ? "difference" : "differences"}, listed in its header`;
  const data =
    lossLine === undefined
      ? ""
      : ` ${lossy.length === 1 ? (statements.length === 1 ? "It" : "One of them") : `${lossy.length} of them`} cannot bring data back: see line ${lossLine}.`;
  const out =
    leftOut.length === 0
      ? ""
      : ` ${leftOut.length === 1 ? "A statement" : `${leftOut.length} statements`} of the migration could not be run, so that nothing undoes ${leftOut.length === 1 ? "it" : "them"}: ${[...new Set(leftOut.map(({ why }) => why))].join("; ")}.`;
  return `lockstep: ${printed ? "down.sql of " : "Wrote "}${printed ? relative(".", path.replace(/\/down\.sql$/, "")) : path}: ${what}; ${proof}.${data}${out}\n`;
}
