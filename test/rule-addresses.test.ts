import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { homepage, type ProductManifest, rulePageUri, ruleUrl } from "../src/project/product.ts";
import { FORMATS, type FormatName } from "../src/report/index.ts";
import { OPTIONS, SAMPLE } from "./support/report-sample.ts";

/** A link that is printed leads somewhere: to the repository that package.json names, else to no site at all. */

const NONE: ProductManifest = { version: "1.2.3" };
const PAGE = "blob/v1.2.3/rules/destructive/drop-column.md";

describe("the address of a rule's page", () => {
  test.each<[ProductManifest["repository"], string | undefined]>([
    [undefined, undefined],
    ["https://github.com/o/r", `https://github.com/o/r/${PAGE}`],
    [{ url: "git+https://github.com/o/r.git" }, `https://github.com/o/r/${PAGE}`],
    ["github:o/r", `https://github.com/o/r/${PAGE}`],
    ["o/r", `https://github.com/o/r/${PAGE}`],
    [{ url: "https://gitlab.example/o/r.git" }, `https://gitlab.example/o/r/${PAGE}`],
    [{ url: "git@github.com:o/r.git" }, undefined],
  ])("of a package with the repository %j is %s", (repository, url) => {
    expect(ruleUrl("drop-column", { ...NONE, ...(repository !== undefined && { repository }) })).toBe(url);
  });

  test("is none for a rule without a page", () => {
    expect(ruleUrl("no-such-rule", { ...NONE, repository: "o/r" })).toBeUndefined();
    expect(rulePageUri("no-such-rule")).toBeUndefined();
  });

  test("the homepage is the one that is named, else the repository", () => {
    expect(homepage(NONE)).toBeUndefined();
    expect(homepage({ ...NONE, repository: "o/r" })).toBe("https://github.com/o/r");
    expect(homepage({ ...NONE, repository: "o/r", homepage: "https://x.example" })).toBe("https://x.example");
  });

  test("editors open a page that exists", () => {
    for (const { id } of rules) {
      const uri = rulePageUri(id) ?? "";
      if (uri.startsWith("file:")) expect(existsSync(fileURLToPath(uri)), uri).toBe(true);
      else expect(uri).toBe(ruleUrl(id));
    }
  });
});

describe("without an address", () => {
  const { ruleUrl: _ruleUrl, homepage: _homepage, ...rest } = OPTIONS;
  const render = (format: FormatName): string => FORMATS[format].render(SAMPLE, rest);

  test.each(Object.keys(FORMATS) as FormatName[])("%s links to no page of a rule", (format) => {
    expect(render(format)).not.toMatch(/https?:[^\s"]*(?:drop|orphan|index|opaque|down)-/);
  });

  test("github and junit name the command that says why", () => {
    for (const format of ["github", "junit"] as const)
      expect(render(format)).toContain("Why: lockstep explain orphan-cleanup-ineffective");
  });

  test("SARIF has the page itself, and no address", () => {
    const text = FORMATS.sarif.render(SAMPLE, { ...rest, pages: { "drop-column": "# drop-column" } });
    expect(text).not.toContain("helpUri");
    expect(text).not.toContain("informationUri");
  });
});

test("nothing that is published names a site of lockstep's own, which there is not", () => {
  const home = fileURLToPath(new URL("..", import.meta.url));
  const named = ["src", "rules", "schema", "docs"]
    .flatMap((folder) =>
      readdirSync(home + folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
    )
    .filter(
      (path) =>
        /\.(?:ts|js|json|md)$/.test(path) && /https?:\/\/(?:www\.)?lockstep\./.test(readFileSync(home + path, "utf8")),
    );
  expect(named).toEqual([]);
});
