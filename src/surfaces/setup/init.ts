import { relative } from "node:path";
import { rules } from "../../../rules/index.ts";
import type { ConfigFile } from "../../engine/config.ts";
import type { Roles } from "../../evidence/git/roles.ts";
import { surveyBase, surveyBranches, surveyPrisma } from "../../project/survey.ts";
import { painter } from "../../report/text/paint.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import { type Io, wantsColor } from "../../project/io.ts";
import { loadConfig } from "../../project/config/file.ts";
import { counted } from "../../words.ts";
import { type FileChange, patchOf, writeChanges } from "./change.ts";
import { findCi } from "./ci/index.ts";
import { configText } from "./config-text.ts";
import { findHook } from "./hooks/index.ts";
import type { InitFlags } from "./flags.ts";
import { makePlan, type PlanInputs, type SetupPlan } from "./plan.ts";
import { findPostgresImage, type PostgresImage } from "./postgres-image.ts";
import { type Survey, surveyProject } from "./survey.ts";
import { type Questions, terminalQuestions } from "./questions.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";
import { git } from "../../advice/programs/git.ts";

/** Like that of a program that Ctrl-C ends. */
const STOPPED = 130;

/** Sets lockstep up in a project. `ask` stands for the terminal's questions. Returns the exit code. */
export async function runInit(flags: InitFlags, io: Io, ask?: Questions): Promise<number> {
  const code = await attempt(flags, io, ask);
  if (code.ok) return code.value;
  await io.stderr.write(`lockstep: ${code.message.trimEnd()}\n`);
  return 2;
}

async function attempt(flags: InitFlags, io: Io, given: Questions | undefined): Promise<Outcome<number>> {
  const surveyed = await surveyProject(io.cwd);
  if (!surveyed.ok) return surveyed;
  const project = surveyed.value;
  const { home, root } = project;
  const loaded = await loadConfig({
    cwd: home,
    rules,
    color: wantsColor(flags.color, io.env, io.stderr),
    columns: io.stderr.columns ?? 100,
  });
  if (!loaded.ok) return failure(loaded.message);
  const git = gitFacts(root, loaded.config);
  const hook = root === undefined ? undefined : findHook(root, home);
  const ci = root === undefined ? undefined : findCi(root, home);
  const image = findPostgresImage([...new Set([home, root ?? home])]);
  const known = surveyPrisma(home, project.migrations.length > 0 ? project.migrations.map(({ path }) => path) : [home]);
  const asks = !flags.yes && !flags.dryRun;
  const terminal = io.stdout.isTTY && process.stdin.isTTY;
  const questions = asks ? (given ?? (terminal ? await terminalQuestions() : undefined)) : undefined;
  // The patch has standard output to itself.
  const say = (text: string): Promise<void> => (flags.dryRun ? io.stderr : io.stdout).write(text);
  await say(
    foundText(
      project,
      {
        ...git,
        image,
        postgres: loaded.config.postgres,
        ...known,
        ...(hook && { hook: hook.manager === "git" ? "none yet" : hook.manager }),
        ci: ci?.files ?? [],
      },
      io,
    ),
  );

  let config: PlanInputs["config"] = { file: loaded.config, there: loaded.path, plugins: loaded.plugins };
  if (loaded.path === undefined) {
    const set = await settings(project, git, image, questions);
    if (set === undefined) return stopped(io);
    const text = configText({
      set: set.set,
      postgresBecause: set.because,
      migrations: project.migrations.map(({ shown }) => shown),
      leftOut: project.leftOut.map(({ shown }) => shown),
      execution: known.execution,
      base: git.base,
      roles: git.roles,
      schema: "./node_modules/lockstep/schema/config.schema.json",
    });
    config = { file: { ...set.set, failOn: "error" }, text };
  }
  const planned = await makePlan({ project, config, hook, ci, flags, io });
  if (!planned.ok) return planned;
  const plan = planned.value;
  const paint = painter(wantsColor(flags.color, io.env, io.stdout));
  if (flags.dryRun) {
    for (const change of plan.changes) await io.stdout.write(patchOf(change, paint));
    await say(afterText(plan, plan.changes, "would be written", root !== undefined));
    return success(0);
  }
  let { changes } = plan;
  if (changes.length > 0) {
    if (asks && !questions) await say("There is no terminal to ask in: the defaults are taken, as with --yes.\n\n");
    for (const change of changes) if (change.before !== undefined) await say(`${patchOf(change, paint)}\n`);
    if (questions) {
      const chosen = await questions.parts(
        [...new Map(changes.map((change) => [change.part, change])).values()].map(({ part, shown, before, what }) => ({
          part,
          label: `${shown}${before === undefined ? "" : " (changed as above)"}`,
          hint: what,
        })),
      );
      if (chosen === undefined) return stopped(io);
      changes = changes.filter(({ part }) => chosen.includes(part));
    }
  }
  const written = writeChanges(changes);
  if (!written.ok) return written;
  await say(afterText(plan, changes, "written", root !== undefined));
  return success(0);
}

async function stopped(io: Io): Promise<Outcome<number>> {
  await io.stderr.write("lockstep: Stopped; nothing was written.\n");
  return success(STOPPED);
}

interface GitFacts {
  readonly base?: { readonly ref: string; readonly because: string };
  readonly noBase?: string;
  readonly roles?: Roles;
  readonly branches: readonly string[];
}

/** What the branches say, without the variables of a CI that runs this. */
function gitFacts(root: string | undefined, config: ConfigFile): GitFacts {
  if (root === undefined) return { branches: [] };
  const base = surveyBase(root, config.base, {});
  const found = surveyBranches(root, config.branches, {});
  const { names, roles } = found.ok ? found.value : { names: [] };
  return {
    branches: [...names].sort(),
    ...(base.ok ? base.value && { base: base.value } : { noBase: base.message }),
    ...(roles && { roles }),
  };
}

/** What a new configuration sets: what was found, over it what the user says. Undefined where the user gave up. */
async function settings(
  project: Survey,
  git: GitFacts,
  image: PostgresImage | undefined,
  questions: Questions | undefined,
): Promise<
  | { readonly set: Pick<ConfigFile, "postgres" | "base" | "migrations">; readonly because?: string | undefined }
  | undefined
> {
  let postgres: ConfigFile["postgres"] = image?.version;
  let because = image && `found: ${image.because}`;
  let base: string | undefined;
  if (questions) {
    const answer = await questions.postgres(image);
    if (answer === undefined) return undefined;
    if (answer !== image?.version) because = undefined;
    postgres = answer === "unknown" ? undefined : (answer as ConfigFile["postgres"]);
    if (!git.base && git.branches.length > 0) {
      const branch = await questions.base(git.branches);
      if (branch === undefined) return undefined;
      if (branch !== "unknown") base = branch;
    }
  }
  return {
    set: {
      ...(project.leftOut.length > 0 && { migrations: project.migrations.map(({ shown }) => shown) }),
      ...(postgres !== undefined && { postgres }),
      ...(base !== undefined && { base }),
    },
    because,
  };
}

interface Found extends GitFacts {
  readonly image?: PostgresImage | undefined;
  /** From a configuration that is there. */
  readonly postgres?: number | undefined;
  readonly execution: { readonly mode: string; readonly because: string };
  readonly prisma?: { readonly version: string } | undefined;
  readonly hook?: string;
  readonly ci: readonly string[];
}

function foundText(
  project: Survey,
  { image, postgres, base, noBase, roles, execution, hook, ci }: Found,
  io: Io,
): string {
  const rows: [string, string][] = [];
  if (project.home !== io.cwd) rows.push(["project", relative(io.cwd, project.home).replaceAll("\\", "/")]);
  for (const { shown, count, provider } of project.migrations)
    rows.push([
      "migrations",
      `${shown}: ${counted(count, "migration")}${provider === "cockroachdb" ? ", CockroachDB" : ""}`,
    ]);
  for (const { shown } of project.leftOut) rows.push(["migrations", `${shown}: left out, not for PostgreSQL`]);
  if (project.migrations.length === 0)
    rows.push(["migrations", `none yet (${project.schemas.map(({ shown }) => shown).join(", ")})`]);
  rows.push([
    "Prisma",
    execution.mode === "unknown"
      ? `not known: ${execution.because}`
      : `sends ${execution.mode === "batch" ? "each file as one batch" : "statement by statement"} (${execution.because})`,
  ]);
  rows.push([
    "PostgreSQL",
    postgres !== undefined
      ? `${postgres} (in the configuration)`
      : image
        ? `${image.version} (${image.because})`
        : "not found; 17 is taken",
  ]);
  if (project.root !== undefined) {
    rows.push(["base", base ? `${base.ref} (${base.because})` : (noBase ?? "none: no origin/HEAD, main or master")]);
    if (roles)
      rows.push([
        "branches",
        [
          `production ${roles.production ?? "?"}`,
          ...(roles.main !== undefined && roles.main !== roles.production ? [`main ${roles.main}`] : []),
          ...(roles.development.length > 0 ? [`development ${roles.development.join(", ")}`] : []),
        ].join(", ") + ` (${roles.flow}: ${roles.because})`,
      ]);
    rows.push(["hook", hook ?? "none"]);
    rows.push(["CI", ci.length > 0 ? ci.join(", ") : "none"]);
  } else rows.push(["git", "no repository: no base, no hook, no CI"]);
  return `Found\n${table(rows)}\n`;
}

/** Two columns, the second one not broken. */
function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}\n`).join("");
}

function afterText(
  { notes, byHand, next }: SetupPlan,
  changes: readonly FileChange[],
  verb: string,
  inGit: boolean,
): string {
  const parts: string[] = [];
  if (changes.length > 0)
    parts.push(
      `${verb === "written" ? "Written" : "Would be written"}\n${table(changes.map(({ shown, before, what }) => [shown, `${before === undefined ? "new" : "changed"}: ${what}`]))}`,
    );
  if (notes.length > 0) parts.push(notes.map((note) => `${note}\n`).join(""));
  for (const { what, lines } of byHand) parts.push(`${what}\n${lines.map((line) => `    ${line}\n`).join("")}`);
  if (changes.length === 0 && byHand.length === 0) parts.push("Nothing to do.\n");
  const written = new Set(changes.map(({ part }) => part));
  const commands = next.filter(({ part }) => (part === undefined ? changes.length > 0 : written.has(part)));
  if (changes.length > 0)
    parts.push(
      `Next\n${table([
        ...commands.map(({ command, why }) => [command, why] as const),
        [lockstep.doctor(IN_WORDS).text, "says what is in effect"],
        ...(inGit
          ? [
              [
                git.add().text,
                changes
                  .filter(({ shown }) => !/(^|\/)\.git\//.test(shown))
                  .map(({ shown }) => shown)
                  .join(" "),
              ] as const,
            ]
          : []),
      ])}`,
    );
  return parts.join("\n");
}
