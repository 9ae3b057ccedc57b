import { mkdirSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadInputs } from "../src/project/inputs.ts";
import { EXTENSIONS } from "../src/rehearsal/stage/extensions.ts";
import { portableReader } from "../src/sql/portable/read.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { type Claims, claimsOf } from "./support/claims.ts";
import { isMeant } from "./support/meant-claims.ts";
import { testStage } from "./support/rehearsed.ts";

/**
 * What the findings over whole histories show, put to PostgreSQL: LOCKSTEP_HISTORIES names migrations folders (name=path, comma
 * separated), LOCKSTEP_TRUTH_OUT a folder for what was found. LOCKSTEP_TRUTH_RUNS picks among readers and ways of execution
 * (postgres split,portable batch).
 */
const histories = (process.env["LOCKSTEP_HISTORIES"] ?? "").split(",").filter((entry) => entry.includes("="));
const out = process.env["LOCKSTEP_TRUTH_OUT"];
const READERS = { postgres: postgresReader, portable: portableReader };
const RUNS = ["postgres batch", "postgres split", "portable batch", "portable split"];
const runs = (process.env["LOCKSTEP_TRUTH_RUNS"] ?? RUNS.join(",")).split(",").filter((run) => RUNS.includes(run));

describe.skipIf(histories.length === 0).each(histories.length === 0 ? ["none="] : histories)("%s", (entry) => {
  const [name = "", folder = ""] = entry.split("=");
  test.each(runs)(
    "%s",
    async (run) => {
      const claims = await claimsOver(folder, run);
      const lines = claims.wrong
        .filter((each) => !isMeant(each))
        .map(
          ({ kind, place, rule, what, detail }) =>
            `${kind}: ${place} ${rule}: ${what}\n    ${detail.replaceAll("\n", "\n    ")}`,
        );
      console.log(`${name}, ${run}: ${figures(claims)}`);
      if (out !== undefined) {
        mkdirSync(out, { recursive: true });
        writeFileSync(join(out, `${name}-${run.replace(" ", "-")}.txt`), [figures(claims), ...lines, ""].join("\n"));
      }
      expect(claims.fixes).toBeGreaterThan(0);
      expect(lines).toEqual([]);
    },
    3_600_000,
  );
});

async function claimsOver(folder: string, run: string): Promise<Claims> {
  const [reader, execution] = run.split(" ") as [keyof typeof READERS, "batch" | "split"];
  await Promise.all([postgresReader.load(), portableReader.load()]);
  const inputs = await loadInputs({
    cwd: isAbsolute(folder) ? "/" : process.cwd(),
    paths: [folder],
    all: true,
    environment: {},
  });
  if (!inputs.ok) throw new Error(inputs.message);
  const [history] = inputs.value.histories;
  if (!history) throw new Error(`There are no migrations in ${folder}.`);
  const stage = testStage([...EXTENSIONS.keys()]);
  try {
    return await claimsOf(history, { stage, reader: READERS[reader], execution });
  } finally {
    await stage.close();
  }
}

function figures({ queries, unknown, fixes, without, wrong }: Claims): string {
  const counts = new Map<string, number>();
  for (const each of wrong) {
    const kind = isMeant(each) ? `${each.kind}, as it has to be` : each.kind;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [
    `${queries} queries (${unknown} of tables that are not made), ${fixes} fixes (${without} of files that do not run as they are)`,
    ...[...counts].map(([kind, count]) => `${count} ${kind}`),
  ].join("; ");
}
