import { type AnyRule, type Finding, type History, type Operation, check, resolve } from "../../src/index.ts";
import type { Reader } from "../../src/sql/statement.ts";
import { relationSql } from "../../src/sql/names.ts";
import { readHistory, walk } from "../../src/model/walk.ts";
import type { Fixture } from "./fixture.ts";
import type { Rehearsal, RowKey } from "./orphan-rows.ts";

/** Holds what lockstep says about the orphans of a history's foreign keys against what PostgreSQL does with rows. */

export interface Judged {
  readonly history: History;
  /** Of the three rules, those above info. */
  readonly findings: readonly Finding[];
  /** A rule of its own says that all rows of a table go or are written. */
  readonly wholesale: boolean;
}

const FAILS = ["orphan-cleanup-before-foreign-key", "orphan-cleanup-ineffective"];
const HITS = "orphan-cleanup-too-broad";
const WHOLESALE = ["delete-without-where", "update-without-where", "truncate"];

export async function judge(
  fixture: Pick<Fixture, "postgres" | "execution">,
  history: History,
  rules: readonly AnyRule[],
): Promise<Judged> {
  const { execution = "batch", postgres } = fixture;
  const { findings } = await check({
    histories: [history],
    rules,
    config: { preset: "all", execution, ...(postgres && { postgres: postgres as 17 }) },
  });
  return {
    history,
    findings: findings.filter((finding) => [...FAILS, HITS].includes(finding.rule) && finding.severity !== "info"),
    wholesale: findings.some((finding) => WHOLESALE.includes(finding.rule)),
  };
}

export interface Asked {
  /** SQL that adds rows to the made-up ones. */
  readonly rows?: string;
  readonly seeds: readonly number[];
  /** Whether a finding needs rows that prove it (default), or only silence is held to account. */
  readonly alarms?: boolean;
  /** The deployed migration before which the rows come: it and those after it run over them. Without it the pending ones alone do. */
  readonly from?: string | undefined;
}

/** Where the two differ, a line each. */
export async function contradictions(
  rehearsal: Rehearsal,
  reader: Reader,
  judged: Judged,
  { rows = "", seeds, alarms = true, from }: Asked,
): Promise<string[]> {
  const { history, findings, wholesale } = judged;
  const first = from ?? history.migrations.find(({ state }) => state === "pending")?.id ?? "";
  const pending = history.migrations
    .filter(({ id }) => id >= first)
    .flatMap(({ up }) =>
      up ? reader.read(up.text).statements.map(({ range }) => up.text.slice(range.start, range.end)) : [],
    );
  const before = history.migrations.filter(({ id }) => id < first).flatMap(({ up }) => up?.text ?? []);
  const keys = keysOf(history, reader, first);
  const fails = findings.some(({ rule }) => FAILS.includes(rule));
  const hits = findings.some(({ rule }) => rule === HITS);
  let failed = false;
  let hit = false;
  for (const seed of seeds) {
    const outcome = await rehearsal.run({ history: before, rows, pending, keys, seed });
    const { error } = outcome;
    if (error && !/^23/.test(error.code)) return [`seed ${seed}: ${error.code} ${error.message}`];
    if (error && !fails) return [`lockstep says that it works, but with seed ${seed}: ${error.code} ${error.message}`];
    if (outcome.hit[0] !== undefined && !hits && !wholesale)
      return [`lockstep says that only orphans are touched, but with seed ${seed}: ${outcome.hit[0]}`];
    failed ||= error !== undefined;
    hit ||= outcome.hit.length > 0;
  }
  if (!alarms) return [];
  return [
    ...(fails && !failed ? ["lockstep says that it can fail, but it did with no rows"] : []),
    ...(hits && !hit ? ["lockstep says that it hits rows that are no orphans, but it did with no rows"] : []),
  ];
}

/** The foreign keys that the pending statements check, in the names of before the migration `first`. */
function keysOf(history: History, reader: Reader, first: string): RowKey[] {
  const found: RowKey[] = [];
  const past: Operation[] = [];
  walk(
    readHistory(history, reader, "batch"),
    { postgres: 17, execution: "batch", deployments: "one" },
    {
      operation(step, place) {
        if (step.migration.id < first) return;
        past.push(step.operation);
        if (step.migration.state !== "pending") return;
        for (const failure of step.effects.failures) {
          if (failure.kind !== "orphans" || failure.parent === undefined) continue;
          const key = {
            child: failure.relation,
            columns: failure.columns,
            parent: failure.parent,
            parentColumns: failure.parentColumns ?? [],
          };
          const then = [...past]
            .reverse()
            .reduce((now, operation) => undone(now, operation, (name) => resolve(place.catalog, name)), key);
          found.push({ ...then, child: relationSql(then.child), parent: relationSql(then.parent) });
        }
      },
    },
  );
  return found;
}

/** The key's names before a rename. */
function undone(
  key: RowKey,
  operation: Operation,
  id: (name: { readonly schema?: string | undefined; readonly name: string }) => string,
): RowKey {
  if (operation.kind === "renameTable") {
    const [from, to] = [id(operation.table), id({ ...operation.table, name: operation.to })];
    const back = (table: string) => (table === to ? from : table);
    return { ...key, child: back(key.child), parent: back(key.parent) };
  }
  if (operation.kind !== "renameColumn") return key;
  const table = id(operation.table);
  const back = (columns: readonly string[]) =>
    columns.map((column) => (column === operation.to ? operation.column : column));
  return {
    ...key,
    ...(key.child === table && { columns: back(key.columns) }),
    ...(key.parent === table && { parentColumns: back(key.parentColumns) }),
  };
}
