import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readMigrations, replay } from "./support/replay.ts";

/** Whole histories against PostgreSQL: LOCKSTEP_HISTORIES names migrations folders (name=path, comma separated), LOCKSTEP_TRUTH_OUT a folder for the results. */
const histories = (process.env["LOCKSTEP_HISTORIES"] ?? "").split(",").filter((entry) => entry.includes("="));
const out = process.env["LOCKSTEP_TRUTH_OUT"];

test.skipIf(histories.length === 0 || out === undefined).each(histories.length === 0 ? ["none="] : histories)(
  "%s",
  async (entry) => {
    const [name = "", folder = ""] = entry.split("=");
    const observed = await replay(readMigrations(folder));
    mkdirSync(out ?? "", { recursive: true });
    writeFileSync(join(out ?? "", `${name}.json`), `${JSON.stringify(observed, null, 1)}\n`);
    expect(observed.length).toBeGreaterThan(0);
  },
  600_000,
);
