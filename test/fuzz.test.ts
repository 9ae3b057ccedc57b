import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { inputAt } from "./fuzz/inputs.ts";
import { materialOf } from "./fuzz/material.ts";
import { oracle } from "./fuzz/oracle.ts";

/** A short run of the fuzzer; `npm run fuzz -- --minutes 60 --seed 2` is a long one. */

const ROOT = fileURLToPath(new URL("../", import.meta.url));

test("200 inputs end, say where, and make well-formed reports", async () => {
  const material = materialOf(ROOT);
  const holds = oracle(ROOT);
  for (let at = 0; at < 200; at++) expect(await holds(inputAt(material, 1, at)), `input ${at} of seed 1`).toEqual([]);
}, 180_000);

test("an input is the same for the same seed and number, and others are others", () => {
  const material = materialOf(ROOT);
  expect(inputAt(material, 3, 14)).toEqual(inputAt(material, 3, 14));
  expect(inputAt(material, 3, 14)).not.toEqual(inputAt(material, 4, 14));
  expect(inputAt(material, 3, 14)).not.toEqual(inputAt(material, 3, 15));
});

test("the program tries inputs in processes of their own, and counts them", () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["test/fuzz/index.mjs", "--seed", "2", "--inputs", "10", "--workers", "2"],
    { cwd: ROOT, encoding: "utf8" },
  );
  expect(stdout, stderr).toMatch(/^seed 2, from 0 on: 10 inputs in \d+ s, 0 findings\n$/);
  expect(status).toBe(0);
}, 180_000);
