import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { lore } from "./support/lore.ts";
import { MAJORS, serverInstalled } from "./support/server.ts";

/** The tables of functions, operators and casts are what PostgreSQL 14 to 18 say of themselves. */
const FILES = {
  SIGNATURES: "signatures",
  NAMES: "function-names",
  OPERATORS: "operators",
  IMPLICIT: "casts",
  VOLATILE_CASTS: "casts",
} as const;
const all = MAJORS.every(serverInstalled);

test.skipIf(!all && !process.env["CI"])(
  "functions, operators and casts are those of PostgreSQL's catalogs (UPDATE=1 rewrites them)",
  async () => {
    const texts = await lore();
    for (const [name, file] of Object.entries(FILES)) {
      const url = new URL(`../src/model/postgres/${file}.ts`, import.meta.url);
      const source = readFileSync(url, "utf8");
      const expected = source.replace(
        new RegExp(`(const ${name} = \`)[^]*?(?=\`;)`),
        (_, head: string) => `${head}\n${texts[name as keyof typeof FILES]}`,
      );
      if (process.env["UPDATE"]) writeFileSync(url, expected);
      expect(readFileSync(url, "utf8"), `${name} in src/model/postgres/${file}.ts`).toBe(expected);
      expect(source).toContain(`const ${name} = \``);
    }
  },
  120_000,
);
