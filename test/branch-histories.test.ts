import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { embeddedStage } from "../src/rehearsal/stage/embedded/index.ts";
import { compareFingerprints, type Fingerprint, fingerprint } from "../src/rehearsal/schema/fingerprint.ts";
import type { Session } from "../src/rehearsal/stage/session.ts";
import type { Commutation, CommutingMigration } from "../src/model/order/commutation.ts";
import { commute, schemaAfter } from "../src/model/order/index.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { type LateText, replayLog } from "./support/late-merges.ts";

/**
 * Real git histories, merge by merge: LOCKSTEP_BRANCH_HISTORIES names repositories (name=path, comma separated),
 * LOCKSTEP_BRANCH_OUT a folder for the results. For every migration that was merged behind a later one, what the model says of the
 * order is held against PostgreSQL, which runs both orders.
 */
const repositories = (process.env["LOCKSTEP_BRANCH_HISTORIES"] ?? "").split(",").filter((entry) => entry.includes("="));
const out = process.env["LOCKSTEP_BRANCH_OUT"];

beforeAll(() => postgresReader.load());

const read = new Map<string, CommutingMigration>();
function migration({ id, text }: LateText): CommutingMigration {
  const key = `${id}\0${text}`;
  const known = read.get(key) ?? {
    id,
    file: { path: `${id}/migration.sql`, text },
    statements: postgresReader.read(text).statements,
  };
  read.set(key, known);
  return known;
}

interface End {
  readonly schema: Fingerprint;
  /** Statements that were refused after the common part, as "migration: SQLSTATE message". */
  readonly refused: readonly string[];
}

async function runOrder(
  session: Session,
  base: readonly CommutingMigration[],
  rest: readonly CommutingMigration[],
): Promise<End> {
  const refused: string[] = [];
  for (const [at, { id, file, statements }] of [...base, ...rest].entries()) {
    for (const { range } of statements) {
      const ran = await session.run(file.text.slice(range.start, range.end));
      if (ran.ok) continue;
      if (at >= base.length) refused.push(`${id}: ${ran.error.sqlstate} ${ran.error.message}`);
      await session.run("ROLLBACK");
      break;
    }
  }
  return { schema: await fingerprint(session), refused };
}

test.skipIf(repositories.length === 0).each(repositories.length === 0 ? ["none="] : repositories)(
  "%s",
  async (entry) => {
    const [name = "", repository = ""] = entry.split("=");
    const log = replayLog(repository);
    const extensions = new Set(
      log.late
        .flatMap(({ base, late, overtaken }) => [...base, late, ...overtaken])
        .flatMap(({ text }) =>
          [...text.matchAll(/create extension (?:if not exists )?"?([\w-]+)/gi)].map((found) => found[1] ?? ""),
        ),
    );
    const stage = embeddedStage({ extensions: [...extensions] });
    const lines: string[] = [];
    const counts = { yes: 0, no: 0, unknown: 0 };
    const wrong: string[] = [];
    let milliseconds = 0;
    try {
      for (const merge of log.late) {
        const [base, overtaken] = [merge.base.map(migration), merge.overtaken.map(migration)];
        const late = [migration(merge.late)];
        const schema = schemaAfter(base);
        const started = performance.now();
        const model = commute(schema, late, overtaken);
        milliseconds += performance.now() - started;
        counts[model.commutes]++;
        const ends: End[] = [];
        for (const order of [
          [...late, ...overtaken],
          [...overtaken, ...late],
        ]) {
          const session = await stage.fresh();
          if (!session.ok) throw new Error(session.message);
          ends.push(await runOrder(session.value, base, order));
          await session.value.close();
        }
        const [first, second] = ends as [End, End];
        const differences = compareFingerprints(first.schema, second.schema);
        const differs = differences.length > 0 || first.refused.join() !== second.refused.join();
        const agrees = model.schema === "unknown" || (model.schema === "no") === differs;
        const line = `${merge.commit.slice(0, 10)} ${late.map(({ id }) => id).join(" ")} | behind ${overtaken.length} | model ${model.schema}, rows ${model.rows}${model.because.map(sentence).join("")} | PostgreSQL ${differs ? `differs: ${[...differences.map(({ object, change, was, is }) => `${object} ${change} (${was ?? ""} -> ${is ?? ""})`), ...first.refused.map((each) => `late first refused ${each}`), ...second.refused.map((each) => `late last refused ${each}`)].join("; ")}` : "the same"}`;
        lines.push(line);
        if (!agrees) wrong.push(line);
      }
    } finally {
      await stage.close();
    }
    const text = [
      `${name}: ${log.merged} migrations merged, ${log.late.length} of them late in ${new Set(log.late.map(({ commit }) => commit)).size} merges, ${log.edited.length} edits afterwards; the order: ${JSON.stringify(counts)}, model ${milliseconds.toFixed(0)} ms`,
      ...lines,
      "",
    ].join("\n");
    if (out !== undefined) {
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, `${name}.txt`), text);
    }
    console.log(lines.length > 0 ? text.split("\n")[0] : `${name}: nothing was merged late`);
    expect(wrong).toEqual([]);
  },
  1_800_000,
);

function sentence({ verdict, why, object, columns, one, other }: Commutation["because"][number]): string {
  return ` [${verdict} ${why} ${object.kind} ${object.name}${columns ? ` (${columns.join(", ")})` : ""}: ${one.migration} ${one.operation.kind} / ${other.migration} ${other.operation.kind}]`;
}
