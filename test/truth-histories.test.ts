import { mkdirSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadInputs } from "../src/project/inputs.ts";
import type { RehearsalRun, RehearsedMigration, RehearsedStatement, Trial } from "../src/evidence/rehearsal.ts";
import { disagreementSentence } from "../src/model/observation.ts";
import { rehearsed, testStage } from "./support/rehearsed.ts";

/**
 * Whole histories against PostgreSQL, every migration a deployment of its own over rows: LOCKSTEP_HISTORIES names migrations
 * folders (name=path, comma separated), LOCKSTEP_TRUTH_OUT a folder for what was found. Both ways of execution, with rows made to
 * hurt and without; LOCKSTEP_TRUTH_RUNS picks among them (split hurt,batch plain).
 */
const histories = (process.env["LOCKSTEP_HISTORIES"] ?? "").split(",").filter((entry) => entry.includes("="));
const out = process.env["LOCKSTEP_TRUTH_OUT"];
const RUNS = ["split hurt", "batch hurt", "split plain", "batch plain"];
const runs = (process.env["LOCKSTEP_TRUTH_RUNS"] ?? RUNS.join(",")).split(",").filter((run) => RUNS.includes(run));

const EXTENSIONS = [
  "vector",
  "citext",
  "pgcrypto",
  "uuid-ossp",
  "pg_trgm",
  "btree_gin",
  "btree_gist",
  "unaccent",
  "hstore",
];
const ROWS = 20;
/** Of the statements that ran, how many have to do what was predicted. */
const BAR = 0.995;

describe.skipIf(histories.length === 0).each(histories.length === 0 ? ["none="] : histories)("%s", (entry) => {
  const [name = "", folder = ""] = entry.split("=");
  test.each(runs)(
    "%s",
    async (run) => {
      const [execution = "split", rows = "hurt"] = run.split(" ");
      const found = await agreement(folder, execution as "batch" | "split", rows === "hurt");
      console.log(`${name}, ${run}: ${found.head}`);
      if (out !== undefined) {
        mkdirSync(out, { recursive: true });
        writeFileSync(join(out, `${name}-${execution}-${rows}.txt`), [found.head, ...found.lines, ""].join("\n"));
      }
      expect(found.contradictions).toEqual([]);
      expect(found.ran).toBeGreaterThan(0);
      expect(
        found.same / found.ran,
        found.lines.filter((line) => line.startsWith("differs")).join("\n"),
      ).toBeGreaterThanOrEqual(BAR);
    },
    1_800_000,
  );
});

interface Found {
  readonly head: string;
  readonly lines: readonly string[];
  readonly contradictions: readonly string[];
  readonly ran: number;
  readonly same: number;
}

async function agreement(folder: string, execution: "batch" | "split", hurt: boolean): Promise<Found> {
  const inputs = await loadInputs({
    cwd: isAbsolute(folder) ? "/" : process.cwd(),
    paths: [folder],
    all: true,
    environment: {},
  });
  if (!inputs.ok) throw new Error(inputs.message);
  const [history] = inputs.value.histories;
  if (!history) throw new Error(`There are no migrations in ${folder}.`);
  const stage = testStage(EXTENSIONS);
  try {
    const {
      runs: [run],
    } = await rehearsed(history, execution, { stage, rows: ROWS, deployments: "each", hurt, limit: { time: 60_000 } });
    return summary(run!);
  } finally {
    await stage.close();
  }
}

function summary({ migrations, milliseconds }: RehearsalRun): Found {
  const statements = migrations.flatMap((migration) =>
    migration.statements.map((statement) => ({ migration, statement })),
  );
  const of = (outcome: RehearsedStatement["outcome"]): typeof statements =>
    statements.filter(({ statement }) => statement.outcome === outcome);
  const done = of("done");
  const differing = done.filter(({ statement }) => statement.disagreements.length > 0);
  const trials = statements.flatMap(({ migration, statement }) =>
    statement.trials.map((trial) => ({ migration, statement, trial })),
  );
  const contradictions = trials
    .filter(({ trial }) => contradicts(trial))
    .map(
      ({ migration, statement, trial }) =>
        `${place(migration, statement)} ${trial.predicted}, but ${trial.outcome}: ${trial.kind} of ${trial.relation} (${trial.columns.join(", ")}), ${trial.rows || "no rows"} | ${text(migration, statement)}`,
    );
  const unforeseen = migrations.flatMap(({ id, failure, outcome }) =>
    failure?.on === "any rows"
      ? [`fails on any rows: ${id} [${failure.index ?? ""}] ${failure.error.sqlstate} ${failure.error.message}`]
      : outcome === "applied"
        ? []
        : [`${outcome}: ${id}`],
  );
  const same = done.length - differing.length;
  const head = [
    `${done.length} statements ran, ${same} as predicted (${((100 * same) / done.length).toFixed(2)} %)`,
    `${of("failed").length + of("timed out").length} failed, ${of("not reached").length} not reached, ${of("left out").length} left out`,
    `${trials.length} trials, ${trials.filter(({ trial }) => trial.outcome === "failed").length} failed, ${trials.filter(({ trial }) => trial.outcome === "passed").length} passed, ${contradictions.length} contradict`,
    `${(milliseconds / 1000).toFixed(1)} s`,
  ].join("; ");
  const lines = [
    ...differing.map(
      ({ migration, statement }) =>
        `differs: ${place(migration, statement)} ${statement.disagreements.map(disagreementSentence).join("; ")} | ${text(migration, statement)}`,
    ),
    ...contradictions.map((each) => `contradicts: ${each}`),
    ...unforeseen,
  ];
  return { head, lines, contradictions, ran: done.length, same };
}

/** What was said to be taken care of failed, or what was said to fail did not. */
const contradicts = ({ predicted, outcome }: Trial): boolean =>
  (predicted === "prepared" && outcome === "failed") || (predicted === "fails" && outcome === "passed");

const place = ({ id }: RehearsedMigration, { index }: RehearsedStatement): string => `${id} [${index}]`;

const text = ({ file }: RehearsedMigration, { range }: RehearsedStatement): string =>
  file.text.slice(range.start, range.end).replace(/\s+/g, " ").slice(0, 300);
