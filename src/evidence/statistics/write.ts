import { byText } from "../../words.ts";
import type { Statistics } from "./statistics.ts";

const SCHEMA = "./node_modules/lockstep/schema/stats.schema.json";

/** The text of lockstep.stats.json: a table a line, by name, so that the difference of two of them can be read. */
export function writeStatistics({ tables, ...rest }: Statistics): string {
  const head = Object.entries({ $schema: SCHEMA, ...rest }).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`,
  );
  const lines = [...tables]
    .sort((a, b) => byText(a.schema, b.schema) || byText(a.name, b.name))
    .map((table) => `    ${JSON.stringify(table)}`);
  return `{\n${head.join("")}  "tables": [${lines.length === 0 ? "" : `\n${lines.join(",\n")}\n  `}]\n}\n`;
}
