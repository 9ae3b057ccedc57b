import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Edit, Finding, Fix } from "../src/engine/finding.ts";
import { applyFixes, edit, fits, fixUntilStable } from "../src/engine/fix.ts";
import { unifiedDiff } from "../src/report/diff.ts";

function finding(text: string, fixes: readonly Fix[], more: Partial<Finding> = {}): Finding {
  return {
    rule: "r",
    severity: "error",
    category: "locking",
    file: { path: "a.sql", text },
    range: { start: 0, end: 1 },
    objects: [],
    message: "",
    help: "",
    queries: [],
    related: [],
    fixes,
    ...more,
  };
}

const fix = (safety: Fix["safety"], ...edits: readonly [number, number, string][]): Fix => ({
  title: "Fix it",
  safety,
  edits: edits.map(([start, end, text]) => ({ range: { start, end }, text })),
});

describe("applyFixes", () => {
  test("takes safe ones, and unsafe ones where they are allowed, never those for display", () => {
    const findings = [
      finding("abc", [fix("display", [0, 1, "D"]), fix("unsafe", [0, 1, "U"])]),
      finding("abc", [fix("unsafe", [2, 3, "X"]), fix("safe", [2, 3, "S"])]),
    ];
    expect(applyFixes("abc", findings, "safe").text).toBe("abS");
    expect(applyFixes("abc", findings, "unsafe").text).toBe("UbS");
  });

  test("leaves suppressed findings alone", () => {
    expect(
      applyFixes(
        "abc",
        [finding("abc", [fix("safe", [0, 1, "x"])], { suppressed: { how: "comment", reason: "r" } })],
        "safe",
      ),
    ).toEqual({ text: "abc", applied: [] });
  });

  test("of fixes that touch, the first wins; the very same fix is applied once for both", () => {
    const a = finding("abcd", [fix("safe", [0, 2, "X"])]);
    const b = finding("abcd", [fix("safe", [1, 3, "Y"])]);
    const c = finding("abcd", [fix("safe", [0, 2, "X"])]);
    const result = applyFixes("abcd", [a, b, c], "safe");
    expect(result.text).toBe("Xcd");
    expect(result.applied.map((each) => each.finding)).toEqual([a, c]);
    expect(
      applyFixes("ab", [finding("ab", [fix("safe", [1, 1, "x"])]), finding("ab", [fix("safe", [1, 1, "y"])])], "safe")
        .text,
    ).toBe("axb");
  });

  test("refuses edits outside of the text, unsorted or overlapping", () => {
    for (const bad of [
      fix("safe", [0, 9, "x"]),
      fix("safe", [-1, 0, "x"]),
      fix("safe", [2, 3, "x"], [0, 1, "y"]),
      fix("safe", [0, 2, "x"], [1, 3, "y"]),
      fix("safe", [NaN, NaN, "x"]),
      fix("safe"),
    ]) {
      expect(applyFixes("abc", [finding("abc", [bad])], "safe")).toEqual({ text: "abc", applied: [] });
    }
  });

  test("edits always stay inside the text", () => {
    const edits = fc.array(
      fc.record({
        range: fc.record({ start: fc.integer({ min: -3, max: 40 }), end: fc.integer({ min: -3, max: 40 }) }),
        text: fc.string({ maxLength: 5 }),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.array(edits, { maxLength: 5 }), (text, all) => {
        const result = applyFixes(
          text,
          all.map((each) => finding(text, [{ title: "t", safety: "safe", edits: each }])),
          "safe",
        );
        const taken = [
          ...new Map(result.applied.map((each) => [JSON.stringify(each.fix.edits), each.fix.edits])).values(),
        ].flat();
        expect(result.text).toBe(edit(text, taken));
        const change = (each: Edit): number => each.text.length - (each.range.end - each.range.start);
        expect(result.text.length).toBe(text.length + taken.reduce((sum, each) => sum + change(each), 0));
        for (const each of result.applied) expect(fits(each.fix.edits, text.length)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("fixUntilStable", () => {
  /** Reports every letter of `from` and offers to replace it. */
  const rule = (path: string, text: string, table: Readonly<Record<string, string>>): Finding[] =>
    [...text].flatMap((letter, at) =>
      table[letter] === undefined
        ? []
        : [finding(text, [fix("safe", [at, at + 1, table[letter]])], { file: { path, text } })],
    );
  const run = (
    texts: Record<string, string>,
    table: Readonly<Record<string, string>>,
    parses: (text: string) => boolean = () => true,
    editable = Object.keys(texts),
  ) => {
    const check = (all: ReadonlyMap<string, string>): Finding[] =>
      [...all].flatMap(([path, text]) => rule(path, text, table));
    const map = new Map(Object.entries(texts));
    let checks = 0;
    return fixUntilStable({
      texts: new Map([...map].filter(([path]) => editable.includes(path))),
      findings: check(map),
      level: "safe",
      parses,
      recheck: (changed) => (checks++, Promise.resolve(check(new Map([...map, ...changed])))),
    }).then((output) => ({
      texts: Object.fromEntries(output.texts),
      applied: output.applied.length,
      dropped: output.dropped.length,
      checks,
    }));
  };

  test("goes on until nothing is left", async () => {
    expect(await run({ "a.sql": "aa" }, { a: "b", b: "c" })).toEqual({
      texts: { "a.sql": "cc" },
      applied: 4,
      dropped: 0,
      checks: 2,
    });
  });

  test("changes only the files that it was given", async () => {
    expect(await run({ "a.sql": "a", "deployed.sql": "a" }, { a: "b" }, undefined, ["a.sql"])).toMatchObject({
      texts: { "a.sql": "b" },
      applied: 1,
    });
  });

  test("stops after ten rounds, and at once where fixes undo each other", async () => {
    expect(await run({ "a.sql": "a" }, { a: "aa" })).toMatchObject({ checks: 10 });
    expect(await run({ "a.sql": "a" }, { a: "b", b: "a" })).toEqual({
      texts: { "a.sql": "b" },
      applied: 1,
      dropped: 0,
      checks: 1,
    });
  });

  test("drops a fix that breaks the syntax and applies the others", async () => {
    expect(await run({ "a.sql": "axbx" }, { a: "1", b: "!" }, (text) => !text.includes("!"))).toEqual({
      texts: { "a.sql": "1xbx" },
      applied: 1,
      dropped: 1,
      checks: 1,
    });
  });

  test("fixes that are right alone and wrong together: as many as bring no error", async () => {
    // Every "k" is repaired by creating T in front of it; a text with two T is refused. "z" has nothing to do with it.
    const check = (text: string): Finding[] => [
      ...[...text].flatMap((letter, at) =>
        letter === "k" && text[at - 1] !== "T"
          ? [
              finding(text, [fix("safe", [at, at, "T"])], {
                message: `key ${[...text].filter((other, place) => other === "k" && place < at).length}`,
              }),
            ]
          : [],
      ),
      ...[...text].flatMap((letter, at) => (letter === "z" ? [finding(text, [fix("safe", [at, at + 1, "y"])])] : [])),
      ...(text.split("T").length > 2 ? [finding(text, [], { message: "T exists" })] : []),
    ];
    const output = await fixUntilStable({
      texts: new Map([["a.sql", "k k z"]]),
      findings: check("k k z"),
      level: "safe",
      parses: () => true,
      recheck: (texts) => Promise.resolve(check(texts.get("a.sql") ?? "k k z")),
    });
    expect([output.texts.get("a.sql"), output.applied.length, output.dropped.length]).toEqual(["Tk k y", 2, 1]);
  });
});

describe("unifiedDiff", () => {
  test("is what git prints", () => {
    expect(unifiedDiff("m/a.sql", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n")).toBe(
      "--- a/m/a.sql\n+++ b/m/a.sql\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
    );
    expect(unifiedDiff("a", "x\n", "x\n")).toBe("");
    expect(unifiedDiff("a", "x", "x\n")).toBe("--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n");
    expect(unifiedDiff("a", "", "x\n")).toBe("--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+x\n");
  });

  test("git apply turns the one text into the other", () => {
    const folder = mkdtempSync(join(tmpdir(), "lockstep-diff-"));
    try {
      const text = fc
        .array(fc.constantFrom("a\n", "b\n", "c\r\n", "\n", "é😀\n"), { maxLength: 30 })
        .chain((lines) => fc.constantFrom("", "end").map((end) => lines.join("") + end));
      fc.assert(
        fc.property(text, text, (before, after) => {
          // git takes an empty text for a file that is not there.
          fc.pre(before !== after && before !== "" && after !== "");
          writeFileSync(join(folder, "a b.sql"), before);
          execFileSync("git", ["apply", "--whitespace=nowarn", "-"], {
            cwd: folder,
            input: unifiedDiff("a b.sql", before, after),
          });
          expect(readFileSync(join(folder, "a b.sql"), "utf8")).toBe(after);
        }),
        { numRuns: 60 },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
