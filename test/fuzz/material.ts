import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { splitStatements, tokenize } from "../../src/sql/tokens.ts";

/** The SQL of the repository that inputs are made of. */
export interface Material {
  readonly texts: readonly string[];
  readonly statements: readonly string[];
}

/** Of the repository's root. Files are in the order of their names, so that a seed means the same everywhere. */
export function materialOf(root: string): Material {
  const texts = ["fixtures", "test/truth", "test/sql"]
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
    )
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => readFileSync(join(root, name), "utf8"));
  const statements = texts.flatMap((text) =>
    splitStatements(text, tokenize(text)).map(({ start, end }) => text.slice(start, end)),
  );
  return {
    texts: texts.filter((text) => text.length < LONGEST),
    statements: statements.filter((each) => each.length < LONGEST),
  };
}

/** Size is the business of other tests. */
const LONGEST = 8_000;
