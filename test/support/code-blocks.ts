import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface NamedBlock {
  /** The file that the text before the block names. */
  readonly file: string;
  readonly text: string;
}

/** The code blocks of a page in docs/ that a line with a file's name comes before, by the heading that they are under. */
export function namedBlocks(page: string): ReadonlyMap<string, readonly NamedBlock[]> {
  const sections = new Map<string, NamedBlock[]>();
  const text = readFileSync(join(import.meta.dirname, "../../docs", page), "utf8");
  for (const section of text.split(/^## /m).slice(1)) {
    const heading = section.slice(0, section.indexOf("\n"));
    sections.set(
      heading,
      [...section.matchAll(/^`([^`]+)`[^\n]*:\n\n```\w+\n([^]*?)^```$/gm)].map(([, file = "", block = ""]) => ({
        file,
        text: block,
      })),
    );
  }
  return sections;
}
