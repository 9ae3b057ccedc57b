import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rules } from "../../rules/index.ts";

/** The absolute path of fixtures/, with a slash at its end. */
export const FIXTURES = fileURLToPath(new URL("../../fixtures/", import.meta.url));

/** The absolute path of the folder of a rule's fixtures. */
export function folderOf(id: string): string {
  const rule = rules.find((each) => each.id === id);
  if (!rule) throw new Error(`there is no rule ${id}`);
  return `${FIXTURES}rules/${rule.category}/${id}`;
}

/** The names of a rule's fixtures, without their fixed texts: "invalid-plain.sql". */
export function fixtureNames(id: string): readonly string[] {
  return readdirSync(folderOf(id))
    .filter((file) => /^(?:in)?valid-.*(?<!\.fixed|\.unsafe)\.sql$/.test(file))
    .sort();
}

/** The absolute path of a fixture that is named by its rule: "drop-column/invalid-plain.sql". */
export function fixturePath(name: string): string {
  const [id = "", file = ""] = name.split("/");
  return `${folderOf(id)}/${file}`;
}
