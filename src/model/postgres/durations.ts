import type { WorkKind } from "../effects.ts";

/**
 * How fast PostgreSQL goes through a table, measured by `node test/bench/durations.mjs` with PostgreSQL 14 and 17 as they are installed: a
 * virtual machine with two busy cores, tables of 100 and of 390 bytes a row that fit into memory. Between the two versions and the two
 * tables the figures differ by a factor of two, and keys of 300 bytes are another five times slower; a server with a cold cache or a slow
 * disk takes several times as long, a large one a third of it. So what is said of them is "roughly".
 */
export interface Rate {
  /** Rows a second: what each row costs. */
  readonly rows: number;
  /** Bytes a second: what reading and writing them costs. */
  readonly bytes: number;
  /** What was run. */
  readonly measured: string;
}

const MB = 1e6;

const SCAN: Rate = { rows: 4_500_000, bytes: 500 * MB, measured: "ADD CHECK, SET NOT NULL" };

const RATES = {
  read: SCAN,
  query: SCAN,
  check: SCAN,
  foreignKey: { rows: 800_000, bytes: 300 * MB, measured: "ADD FOREIGN KEY to a table of 100,000 rows" },
  index: { rows: 500_000, bytes: 60 * MB, measured: "CREATE INDEX on integers and on texts" },
  rewrite: { rows: 800_000, bytes: 80 * MB, measured: "ALTER COLUMN TYPE bigint on a table without indexes" },
} as const satisfies Record<WorkKind, Rate>;

/** Bytes of indexes that a second of a rewrite builds again: the same with three of them. */
const REBUILT = 20 * MB;

/** What a table weighs. */
export interface Weight {
  readonly rows: number;
  /** Bytes of its rows. */
  readonly heap: number;
  /** Bytes with its indexes. */
  readonly bytes: number;
}

/** Seconds that one kind of work takes over a table, in order of magnitude. */
export function secondsOf(kind: WorkKind, { rows, heap, bytes }: Weight): number {
  const rate = RATES[kind];
  const pass = Math.max(rows / rate.rows, heap / rate.bytes);
  return kind === "rewrite" ? pass + Math.max(0, bytes - heap) / REBUILT : pass;
}
