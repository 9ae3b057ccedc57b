import { describe, expect, test } from "vitest";
import { rehearsalText } from "../src/report/rehearsal-text.ts";
import { BATCH, EVIDENCE, GOOD, SAMPLE } from "./support/rehearsal-sample.ts";

const options = { color: false, columns: 100, evidence: EVIDENCE, version: "0.1.0" };

describe("the sample", () => {
  test("as text", async () => {
    await expect(rehearsalText(SAMPLE, options)).toMatchFileSnapshot("snapshots/rehearsal-text.txt");
    await expect(rehearsalText(BATCH, options)).toMatchFileSnapshot("snapshots/rehearsal-batch.txt");
    await expect(rehearsalText(GOOD, options)).toMatchFileSnapshot("snapshots/rehearsal-good.txt");
  });

  test("as text, in colour, on a narrow terminal", async () => {
    await expect(rehearsalText(SAMPLE, { ...options, color: true, columns: 60 })).toMatchFileSnapshot("snapshots/rehearsal-narrow.ansi");
  });
});
