import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { FAILURE_KINDS, type Failure } from "../src/model/effects.ts";
import { contradiction } from "../src/model/contradictions/index.ts";
import { readHistory, walk } from "../src/model/walk.ts";
import { checkSync } from "../src/engine/check.ts";
import type { Finding, History, SourceFile } from "../src/index.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { rules } from "../rules/index.ts";
import { fixtureHistories } from "./support/fixture-histories.ts";

/** Every failure that the model foresees in a statement of the fixtures and of test/truth/cases.sql is said there by a rule, with its SQLSTATE. */

await postgresReader.load();

interface Corpus {
  readonly name: string;
  readonly history: History;
  readonly execution: "batch" | "split";
}

interface Foreseen {
  readonly place: string;
  readonly kind: Failure["kind"] | "contradiction";
  readonly sqlstate: string;
  readonly said: boolean;
}

const corpus: readonly Corpus[] = [...fixtureHistories(postgresReader), ...truthCases()];
const foreseen = corpus.flatMap(failuresOf);

test("every failure is said", () => {
  expect(
    foreseen.filter(({ said }) => !said).map(({ place, kind, sqlstate }) => `${place}: ${kind} ${sqlstate}`),
  ).toEqual([]);
});

test("every kind of failure is among them", () => {
  expect(FAILURE_KINDS.filter((kind) => !foreseen.some((each) => each.kind === kind))).toEqual([]);
});

test("every SQLSTATE that the model names is among them", () => {
  const named = new Set(
    readdirSync("src/model", { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .flatMap((path) =>
        [...readFileSync(`src/model/${path}`, "utf8").matchAll(/"(\d[0-9A-Z]{4})"/g)].map(([, state = ""]) => state),
      ),
  );
  const seen = new Set(foreseen.map(({ sqlstate }) => sqlstate));
  expect([...named].filter((state) => !seen.has(state)).sort()).toEqual([]);
});

function failuresOf({ name, history, execution }: Corpus): Foreseen[] {
  const { findings } = checkSync({
    histories: [history],
    rules,
    reader: postgresReader,
    config: { preset: "all", execution, postgres: 18 },
  });
  const found: Foreseen[] = [];
  walk(
    readHistory(history, postgresReader, execution),
    { postgres: 18, execution, deployments: "one" },
    {
      operation({ migration, statement, operation, effects }, { catalog, deployed }) {
        if (migration.state !== "pending") return;
        const said = (sqlstate: string): boolean =>
          findings.some((finding) => isAt(finding, migration.file, statement.range) && finding.sqlstate === sqlstate);
        const place = `${name} ${migration.id} [${statement.index}]`;
        const clash = contradiction(catalog, operation);
        if (clash) found.push({ place, kind: "contradiction", sqlstate: clash.sqlstate, said: said(clash.sqlstate) });
        for (const failure of clash ? [] : effects.failures.filter(isOpen))
          if (failure.certainty === "sure" || deployed(failure.relation)) {
            const { kind, sqlstate } = failure;
            found.push({ place, kind, sqlstate, said: said(sqlstate) });
          }
      },
    },
  );
  return found;
}

/** It can come: nothing before it deals with the rows, or fails itself, and no validated CHECK is there to prove a partition's bound. */
function isOpen({ kind, certainty, preparation }: Failure): boolean {
  if (kind === "partitionBound" && certainty === "maybe") return false;
  return preparation.verdict === "none" || (preparation.verdict === "ineffective" && preparation.why !== "refused");
}

/** At the statement, or at one that speaks of it. */
function isAt({ file, range, related }: Finding, source: SourceFile, { start, end }: Finding["range"]): boolean {
  return [{ file, range }, ...related].some(
    (each) => each.file.path === source.path && each.range.start < end && start < each.range.end,
  );
}

function truthCases(): Corpus[] {
  const [setup = "", ...cases] = readFileSync("test/truth/cases.sql", "utf8")
    .split(/^-- setup$/m)[1]!
    .split(/^-- case: /m);
  return cases.map((text) => {
    const [title = "", ...lines] = text.split("\n");
    const before = /^-- before: (.*)$/m.exec(text)?.[1] ?? "";
    const sql =
      lines
        .filter((line) => !line.startsWith("--"))
        .join("\n")
        .trim() || title;
    const file = (id: string, content: string) => ({
      id,
      path: id,
      up: { path: `${id}/migration.sql`, text: content },
    });
    return {
      name: `cases.sql ${title}`,
      execution: "batch" as const,
      history: {
        root: "m",
        provider: "postgresql",
        problems: [],
        migrations: [
          { ...file("0001_setup", setup), state: "history" as const },
          { ...file("0002_before", before), state: "history" as const },
          { ...file("0003_case", sql), state: "pending" as const },
        ],
      } as unknown as History,
    };
  });
}
