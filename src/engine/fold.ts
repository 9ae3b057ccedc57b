import type { History, MigrationSource } from "../source/history.ts";
import type { Reader } from "../sql/statement.ts";
import type { Catalog } from "../model/catalog.ts";
import type { Crash } from "../model/crash.ts";
import { fold } from "../model/fold.ts";
import { readMigration, readWhole } from "../model/walk.ts";
import type { MigrationView } from "../model/step.ts";
import type { ExecutionMode } from "../model/transactions.ts";

/** The leading migrations of a history with the schema that they make: what stays the same while another one is written. */
export interface Folded {
  readonly sources: readonly MigrationSource[];
  /** Those that have a migration.sql; read again when somebody asks for their statements. */
  readonly migrations: readonly MigrationView[];
  readonly catalog: Catalog;
  /** Statements that could not be applied. */
  readonly crashes: readonly Crash[];
}

/** Folds `sources`, on top of `onto` where that has the first of them already. */
export function foldSources(
  sources: readonly MigrationSource[],
  reader: Reader,
  execution: ExecutionMode,
  onto?: Folded,
): Folded {
  const known =
    onto && onto.sources.length <= sources.length && onto.sources.every((source, at) => sameText(source, sources[at]))
      ? onto
      : undefined;
  const added = sources.slice(known?.sources.length ?? 0);
  const read = added.flatMap((source) => readMigration(source, reader, execution) ?? []);
  const crashes = [...(known?.crashes ?? [])];
  return {
    sources,
    crashes,
    migrations: [...(known?.migrations ?? []), ...added.flatMap((source) => unread(source, reader, execution) ?? [])],
    catalog: fold(read, known?.catalog, (crash) => crashes.push(crash)),
  };
}

/** Whether `folded` still stands for the first migrations of a history. */
export function stillHolds(folded: Folded, sources: readonly MigrationSource[]): boolean {
  return (
    folded.sources.length === sources.length && folded.sources.every((source, at) => sameText(source, sources[at]))
  );
}

function sameText(one: MigrationSource, other: MigrationSource | undefined): boolean {
  return one.id === other?.id && one.up?.text === other.up?.text;
}

/** The migrations behind the folded ones. Deployed ones among them are read only if a rule asks what comes. */
export function readUnfolded(
  history: History,
  folded: Folded,
  reader: Reader,
  execution: ExecutionMode,
): MigrationView[] {
  const rest = history.migrations.slice(folded.sources.length);
  const last = rest.findLastIndex(({ state }) => state === "pending");
  return rest.flatMap((source, at) => (at <= last ? readMigration : unread)(source, reader, execution) ?? []);
}

function unread(source: MigrationSource, reader: Reader, execution: ExecutionMode): MigrationView | undefined {
  if (!source.up) return undefined;
  const file = source.up;
  return {
    id: source.id,
    path: source.path,
    file,
    down: source.down,
    state: source.state,
    execution,
    get statements() {
      return readWhole(reader, file.text).statements;
    },
    get comments() {
      return readWhole(reader, file.text).comments;
    },
    get errors() {
      return readWhole(reader, file.text).errors;
    },
    get gaps() {
      return readWhole(reader, file.text).gaps;
    },
  };
}
