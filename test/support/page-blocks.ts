import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const HOME = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Compares what a page has between `<!-- name -->` and `<!-- /name -->` with `content`; with UPDATE=1 it is written first.
 *
 * @param page From the root of the repository.
 */
export function expectBlock(page: string, name: string, content: string): void {
  const path = HOME + page;
  const text = readFileSync(path, "utf8");
  const updated = replaceBlock(text, name, content);
  expect(updated, `${page} has <!-- ${name} --> and <!-- /${name} -->`).toBeDefined();
  if (process.env["UPDATE"] && updated !== undefined) writeFileSync(path, updated);
  expect(
    readFileSync(path, "utf8"),
    `${page}: what is between <!-- ${name} --> and <!-- /${name} --> is generated (UPDATE=1 writes it)`,
  ).toBe(updated);
}

function replaceBlock(text: string, name: string, content: string): string | undefined {
  const [head, tail] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const start = text.indexOf(head);
  const end = text.indexOf(tail, start);
  return start < 0 || end < 0
    ? undefined
    : `${text.slice(0, start)}${head}\n\n${content}\n\n${tail}${text.slice(end + tail.length)}`;
}
