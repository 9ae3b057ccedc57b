import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compare, inc } from "semver";
import { expect, test } from "vitest";
import { rules } from "../rules/index.ts";

/** What is published: the files of the package, and the versions that pages and rules name. */

const HOME = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(HOME, path), "utf8");
const { version } = JSON.parse(read("package.json")) as { readonly version: string };

/** Pages for who works on lockstep: they lead to its sources, which the package does not have. */
const OF_THE_REPOSITORY: readonly string[] = ["CONTRIBUTING.md", "docs/architecture.md"];

test("what the package's pages link to is in the package", () => {
  const packed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: HOME,
    encoding: "utf8",
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ files } = { files: [] }] = JSON.parse(packed) as {
    readonly files: readonly { readonly path: string }[];
  }[];
  const paths = files.map(({ path }) => path);
  const pages = paths.filter((path) => path.endsWith(".md") && !path.startsWith("dist/"));
  expect(pages).toEqual(expect.arrayContaining(["README.md", "docs/ci.md", "rules/destructive/drop-column.md"]));
  const lost = pages
    .filter((page) => !OF_THE_REPOSITORY.includes(page))
    .flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]+)[^)]*\)/g)]
        .filter(([, to = ""]) => {
          const target = join(dirname(page), to).replaceAll("\\", "/");
          return !paths.some((path) => path === target || path.startsWith(`${target}/`));
        })
        .map(([link]) => `${page}: ${link} leads out of the package: add it to "files" in package.json`),
    );
  expect(lost).toEqual([]);
}, 60_000);

/** A version of the changelog, with what it says was added. */
interface Section {
  readonly version: string;
  readonly added: string;
}

/** Unreleased is the next minor version: before 1.0.0 nothing smaller has a new rule, or a page of its own. */
const NEXT = inc(version, "minor") ?? "";
const sections = read("CHANGELOG.md")
  .split(/^## /m)
  .slice(1)
  .map((text): Section => {
    const [, name = ""] = /^\[([^\]]+)\]/.exec(text) ?? [];
    const [, added = ""] = /^### Added\n([^]*?)(?=^### |(?![^]))/m.exec(text) ?? [];
    return { version: name === "Unreleased" ? NEXT : name, added };
  });
const released = sections.filter((section) => section.version !== NEXT);

test("the newest release of the changelog is the package's version", () => {
  expect(released[0]?.version).toBe(version);
});

test("since is the version whose changelog names the rule, or the first one", () => {
  const first = sections.at(-1)?.version;
  const named = rules.map(({ id }) => [
    id,
    sections.find(({ added }) => added.includes(`\`${id}\``))?.version ?? first,
  ]);
  expect(rules.map(({ id, since }) => [id, since])).toEqual(named);
});

test("a page that pins a version pins one that has what it is pinned for", () => {
  const pins = [
    ["docs/ci.md", /OWNER\/lockstep@v(\d+\.\d+\.\d+)/, "A GitHub action"],
    ["docs/hooks.md", /rev: v(\d+\.\d+\.\d+)/, "a hook for pre-commit"],
  ] as const;
  for (const [page, pattern, what] of pins) {
    const [, pinned = ""] = pattern.exec(read(page)) ?? [];
    const since = sections.find(({ added }) => added.includes(what))?.version ?? "";
    expect(compare(pinned, since), `${page} pins ${pinned}, but ${what} came with ${since}`).toBeGreaterThanOrEqual(0);
    expect(compare(pinned, NEXT), `${page} pins ${pinned}, which comes after ${NEXT}`).toBeLessThanOrEqual(0);
  }
});

test("output that a page shows is of this version", () => {
  const [, shown] = /"tool": \{ "name": "lockstep", "version": "([^"]+)" \}/.exec(read("docs/first-run.md")) ?? [];
  expect(shown).toBe(version);
});
