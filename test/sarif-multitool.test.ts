import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { FORMATS } from "../src/report/index.ts";
import { OPTIONS, SAMPLE } from "./support/report-sample.ts";

/**
 * Microsoft's own validator, with its rules for GitHub. It says nothing about what a schema can see, and exits with 0
 * whatever it finds: its output is what counts. SARIF_MULTITOOL names a binary outside of node_modules.
 */
function multitool(): string | undefined {
  const named = process.env["SARIF_MULTITOOL"];
  const places = createRequire(import.meta.url).resolve.paths("x") ?? [];
  const candidates = [
    ...(named ? [named] : []),
    ...places.map((place) => path.join(place, "@microsoft/sarif-multitool-linux/Sarif.Multitool")),
  ];
  return process.platform === "linux" ? candidates.find((candidate) => existsSync(candidate)) : undefined;
}

const binary = multitool();
const folder = mkdtempSync(path.join(tmpdir(), "lockstep-sarif-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function validate(log: string): readonly { readonly ruleId: string; readonly level: string }[] {
  const input = path.join(folder, "in.sarif");
  const output = path.join(folder, "out.sarif");
  writeFileSync(input, log);
  rmSync(output, { force: true });
  // What the package's postinstall does, where install scripts are off.
  chmodSync(binary as string, 0o755);
  execFileSync(
    binary as string,
    ["validate", input, "--rule-kind", "Sarif;Ghas", "-o", output, "--log", "ForceOverwrite"],
    { stdio: "pipe" },
  );
  const report = JSON.parse(readFileSync(output, "utf8").replace(/^\uFEFF/, "")) as {
    runs: { results: { ruleId: string; level?: string }[] }[];
  };
  return report.runs.flatMap((run) => run.results.map(({ ruleId, level }) => ({ ruleId, level: level ?? "warning" })));
}

describe.skipIf(binary === undefined)(
  `the SARIF multitool${binary === undefined ? " (skipped: @microsoft/sarif-multitool-linux is not installed)" : ""}`,
  () => {
    test.each([false, true])("finds no error (suppressed findings shown: %s)", (showSuppressed) => {
      expect(
        validate(FORMATS.sarif.render(SAMPLE, { ...OPTIONS, showSuppressed })).filter(({ level }) => level === "error"),
      ).toEqual([]);
    });

    test("finds none in a rule whose id is one word, nor where something went wrong inside", () => {
      const [rule] = SAMPLE.rules;
      const [finding] = SAMPLE.findings;
      if (!rule || !finding) throw new Error("the sample has neither rule nor finding");
      const log = FORMATS.sarif.render(
        {
          ...SAMPLE,
          rules: [{ ...rule, id: "truncate" }],
          findings: [{ ...finding, rule: "truncate" }],
          crashes: [{ file: finding.file, migration: finding.migration ?? "", error: new Error("a bug") }],
        },
        OPTIONS,
      );
      expect(validate(log).filter(({ ruleId, level }) => level === "error" || ruleId === "SARIF1001")).toEqual([]);
    });

    test("would find one in a URI with a space", () => {
      const broken = FORMATS.sarif.render(SAMPLE, OPTIONS).replaceAll("packages/db%20%C3%A9", "packages/db x");
      expect(
        validate(broken)
          .filter(({ level }) => level === "error")
          .map(({ ruleId }) => ruleId),
      ).toContain("SARIF1002");
    });
  },
);
