import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../rules/index.ts";
import type { ConfigFile, RuleSetting } from "../../src/engine/config.ts";
import type { Reader } from "../../src/sql/statement.ts";
import { type Fixture, parseFixture } from "./fixture.ts";
import { FIXTURES, fixtureNames, fixturePath } from "./fixture-folders.ts";
import { git, write } from "./folders.ts";

/** A fixture as a Prisma project that surfaces can be pointed at: deployed is what the base has, pending what the work tree has besides. */
export interface SurfaceProject {
  /** "drop-column/invalid-x.sql" */
  readonly name: string;
  /** Absolute: where a surface is started. */
  readonly folder: string;
  /** What lockstep.config.json there says. */
  readonly config: ConfigFile;
}

/** The rules that compare branches ask git for all of them: they are on only where the fixture has branches. */
const COMPARING: readonly string[] = rules.filter((rule) => rule.needs?.includes("divergence")).map(({ id }) => id);

/**
 * Writes all fixtures as projects below `root`: those without branches into one git repository, whose branch main has what they say is
 * deployed, each of the others into a repository of its own. Execution, PostgreSQL, preset and options are those of the fixture.
 */
export function fixtureProjects(root: string, reader: Reader): readonly SurfaceProject[] {
  const all = rules.flatMap(({ id }) => fixturesOf(id, reader));
  const together = join(root, "together");
  const projects = all.map(({ name, fixture }): SurfaceProject & { readonly fixture: Fixture } => {
    const folder = join(fixture.branches ? join(root, "branches") : together, name.replace(/\.sql$/, ""));
    const config = configOf(name.split("/")[0] ?? "", fixture);
    write(folder, {
      "lockstep.config.json": JSON.stringify(config),
      "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    });
    return { name, folder, config, fixture };
  });
  for (const { folder, fixture } of projects) if (!fixture.branches) write(folder, files(fixture, "history"));
  initialize(together, "main");
  commit(together);
  for (const { folder, fixture } of projects) {
    if (fixture.branches) layBranches(folder, fixture.branches);
    write(folder, files(fixture, "pending"));
  }
  return projects.map(({ name, folder, config }) => ({ name, folder, config }));
}

/**
 * The sample projects, in no repository: each migration is a deployment of its own. Rules of one's own are another configuration in ESLint:
 * plugins.test.ts has that project.
 */
export function sampleProjects(root: string): readonly SurfaceProject[] {
  const names = readdirSync(`${FIXTURES}projects`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "own-rules")
    .map((entry) => `projects/${entry.name}`);
  return names.map((name) => {
    const folder = join(root, name);
    cpSync(FIXTURES + name, folder, { recursive: true });
    return {
      name,
      folder,
      config: JSON.parse(readFileSync(join(folder, "lockstep.config.json"), "utf8")) as ConfigFile,
    };
  });
}

/** What safe fixes are to make of the last migration of a fixture, with the rules that were on for that; undefined where they change nothing. */
export function fixedFixture(
  name: string,
  reader: Reader,
): { readonly file: string; readonly rules: readonly string[]; readonly text: string | undefined } {
  const [rule = ""] = name.split("/");
  const { last, also } = parseFixture(readFileSync(fixturePath(name), "utf8"), reader);
  const path = fixturePath(name).replace(/\.sql$/, ".fixed.sql");
  return {
    file: `prisma/migrations/${last}/migration.sql`,
    rules: [rule, ...also],
    text: existsSync(path) ? readFileSync(path, "utf8") : undefined,
  };
}

function fixturesOf(rule: string, reader: Reader): readonly { readonly name: string; readonly fixture: Fixture }[] {
  return fixtureNames(rule).map((file) => ({
    name: `${rule}/${file}`,
    fixture: parseFixture(readFileSync(fixturePath(`${rule}/${file}`), "utf8"), reader),
  }));
}

function configOf(rule: string, { preset, execution, postgres, options, branches }: Fixture): ConfigFile {
  const own = rules.find(({ id }) => id === rule);
  const severity =
    own === undefined || own.severity === "off" ? "warning" : (preset === "hotfix" && own.hotfix) || own.severity;
  const settings: Record<string, RuleSetting> = branches ? {} : Object.fromEntries(COMPARING.map((id) => [id, "off"]));
  if (options) settings[rule] = [severity, options];
  else if (own?.severity === "off") settings[rule] = severity;
  const [target] = branches?.all ?? [];
  return {
    rules: settings,
    ...(preset && { preset }),
    ...(execution && { execution }),
    ...(postgres && { postgres: postgres as 17 }),
    ...(branches && target && { branches: branches.names, base: target.name }),
  };
}

function files({ history }: Fixture, state: "history" | "pending"): Record<string, string> {
  const sources = history.migrations
    .filter((migration) => migration.state === state)
    .flatMap(({ up, down }) => [up, down]);
  return Object.fromEntries(sources.flatMap((file) => (file ? [[file.path, file.text]] : [])));
}

function layBranches(folder: string, { shared, all }: NonNullable<Fixture["branches"]>): void {
  const [target, ...others] = all;
  initialize(folder, target?.name ?? "main");
  const texts = (migrations: (typeof all)[number]["migrations"]): Record<string, string> =>
    Object.fromEntries(migrations.map(({ file }) => [file.path, file.text]));
  write(folder, texts(shared));
  commit(folder);
  for (const { name } of others) git(folder, "branch", name);
  for (const { name, migrations } of all) {
    git(folder, "checkout", "-q", name);
    git(folder, "rm", "-rq", "--ignore-unmatch", "prisma/migrations/*/migration.sql");
    write(folder, texts(migrations));
    commit(folder);
  }
}

function initialize(folder: string, branch: string): void {
  write(folder, { ".gitattributes": "* -text\n" });
  git(folder, "init", "-q", "-b", branch);
}

function commit(folder: string): void {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "--allow-empty", "-m", "next");
}
