import { existsSync, readFileSync, readdirSync } from "node:fs";
import { folderNames, diskHistory } from "../../src/source/disk/sources.ts";
import type { History } from "../../src/source/history.ts";
import type { Reader } from "../../src/sql/statement.ts";
import { rules } from "../../rules/index.ts";
import { parseFixture } from "./fixture.ts";
import { FIXTURES, fixtureNames, fixturePath } from "./fixture-folders.ts";

/** A fixture, or what fixes make of it, or a sample project: SQL that is to be run. */
export interface FixtureHistory {
  /** The rule and the file ("drop-column/invalid-plain.sql"), or the project's folder below fixtures/. */
  readonly name: string;
  readonly history: History;
  /** As `fixture.execution`; `batch` where it says nothing. */
  readonly execution: "batch" | "split";
  /** The fixture that this one is the same as but for its last migration. */
  readonly of?: string;
}

/** All fixtures, rule by rule, each followed by its fixed texts; then the projects. `reader` must be loaded. */
export function fixtureHistories(reader: Reader): readonly FixtureHistory[] {
  return [
    ...rules.flatMap(({ id }) => ofRule(id, reader)),
    ...readdirSync(`${FIXTURES}projects`).sort().flatMap(ofProject),
  ];
}

function ofRule(id: string, reader: Reader): readonly FixtureHistory[] {
  return fixtureNames(id).flatMap((file) => {
    const name = `${id}/${file}`;
    const { history, last, execution = "batch" } = parseFixture(readFileSync(fixturePath(name), "utf8"), reader);
    const fixed = ["fixed", "unsafe"].flatMap((ending): FixtureHistory[] => {
      const other = name.replace(/\.sql$/, `.${ending}.sql`);
      return existsSync(fixturePath(other))
        ? [
            {
              name: other,
              history: withText(history, last, readFileSync(fixturePath(other), "utf8")),
              execution,
              of: name,
            },
          ]
        : [];
    });
    return [{ name, history, execution }, ...fixed];
  });
}

const withText = (history: History, id: string, text: string): History => ({
  ...history,
  migrations: history.migrations.map((migration) =>
    migration.id === id && migration.up ? { ...migration, up: { ...migration.up, text } } : migration,
  ),
});

/** The migrations of the newest day are pending, as in their README. */
function ofProject(project: string): readonly FixtureHistory[] {
  const root = `projects/${project}/prisma/migrations`;
  if (!existsSync(FIXTURES + root)) return [];
  const folders = folderNames(FIXTURES + root, root);
  if (!folders.ok) throw new Error(folders.message);
  const newest =
    folders.value
      .filter((id) => /^\d/.test(id))
      .sort()
      .at(-1)
      ?.slice(0, 8) ?? "";
  const history = diskHistory(FIXTURES.slice(0, -1), FIXTURES + root, folders.value, (id) =>
    id.startsWith(newest) ? "pending" : "history",
  );
  if (!history.ok) throw new Error(history.message);
  return [{ name: `projects/${project}`, history: history.value, execution: "batch" }];
}
