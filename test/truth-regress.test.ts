import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { embeddedStage } from "../src/rehearsal/stage/embedded/index.ts";
import { EXTENSIONS } from "../src/rehearsal/stage/extensions.ts";
import type { Stage } from "../src/rehearsal/stage/session.ts";
import { portableReader } from "../src/sql/portable/read.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { type Judgement, emptyJudgement, judge } from "./regress/model.ts";
import { type Scripts, regressionScripts } from "./regress/source.ts";
import { type Outcome, isSetup, truthOf } from "./regress/truth.ts";

/**
 * PostgreSQL's own regression scripts, statement by statement in PostgreSQL and beside it in the model: npm run truth:regress. It takes half
 * an hour the first time; what PostgreSQL said is kept. LOCKSTEP_REGRESS names scripts (inherit,create_view), or "all".
 */
const wanted = process.env["LOCKSTEP_REGRESS"];
const names = wanted === "all" ? undefined : new Set(wanted?.split(","));

/** Of what PostgreSQL's grammar takes. */
const SHARE = 0.99;

/** Said to fail, and ran: why it stays so. */
const KNOWN: readonly (readonly [file: string, sql: RegExp, why: string])[] = [
  ["indexing", /idxpart[12]_expr_idx/, "CREATE INDEX CONCURRENTLY failed, and left the index behind"],
  ["subselect", /where q1 in \(select c1 from inner_text\)/, "operators that the history makes are not kept"],
];

describe.skipIf(wanted === undefined)("PostgreSQL's regression scripts", () => {
  let stage: Stage;
  let scripts: Scripts;
  const outcomes = new Map<string, readonly Outcome[]>();
  beforeAll(async () => {
    await postgresReader.load();
    stage = embeddedStage({ extensions: [...EXTENSIONS.keys()] });
    scripts = regressionScripts(stage.server.major);
    console.log(`${scripts.version}, ${scripts.files.length} scripts, held against ${stage.server.version}`);
    for (const file of scripts.files)
      if (isSetup(file.name) || (names?.has(file.name) ?? true))
        outcomes.set(file.name, await truthOf(stage, scripts, file));
  }, 7_200_000);
  afterAll(() => stage.close());

  test.each([postgresReader, portableReader])(
    "the $name reader",
    (reader) => {
      const judgement = emptyJudgement();
      const setup = [...outcomes].find(([name]) => isSetup(name))?.[1] ?? [];
      const from = judge(emptyJudgement(), "setup", setup, { reader, grammar: postgresReader });
      for (const [name, each] of outcomes)
        judge(judgement, name, each, { reader, grammar: postgresReader, from: isSetup(name) ? undefined : from });
      console.log(summary(judgement));
      expect(judgement.crashes).toEqual([]);
      expect(
        judgement.wrong.filter(({ file, sql }) => !KNOWN.some((each) => each[0] === file && each[1].test(sql))),
      ).toEqual([]);
      // The portable reader does not know all of PostgreSQL's grammar: what it does not read is counted as its gaps.
      if (reader === postgresReader) expect(judgement.read / judgement.parsed).toBeGreaterThanOrEqual(SHARE);
    },
    3_600_000,
  );
});

function summary({ statements, parsed, read, unread, failed, foretold, wrong, crashes, slow }: Judgement): string {
  const kinds = [...unread].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `  ${count} ${kind}`);
  return [
    `${statements} statements, ${parsed} by PostgreSQL's grammar, ${read} of them read (${((100 * read) / parsed).toFixed(2)} %)`,
    `${failed} failed, ${foretold} of them foretold for sure; ${wrong.length} said to fail that ran`,
    `${crashes.length} internal errors, ${slow.length} over 2 s`,
    `not read:`,
    ...kinds,
  ].join("\n");
}
