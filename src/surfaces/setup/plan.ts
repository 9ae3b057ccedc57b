import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { ConfigFile } from "../../engine/config.ts";
import type { Outcome } from "../../source/outcome.ts";
import { success } from "../../source/outcome.ts";
import { together } from "../../advice/programs/command.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { packages } from "../../advice/programs/packages.ts";
import { shell } from "../../advice/programs/shell.ts";
import type { LoadedPlugins } from "../../project/config/plugins.ts";
import type { Io } from "../../project/io.ts";
import { counted } from "../../words.ts";
import { oldFindings } from "./baseline.ts";
import type { FileChange } from "./change.ts";
import { type CiName, type FoundCi, GITLAB, WORKFLOW } from "./ci/index.ts";
import { type CiProject, gitlabJob, withGitlabJob, workflowText } from "./ci/text.ts";
import { hookChange } from "./hooks/change.ts";
import type { FoundHook } from "./hooks/index.ts";
import type { InitFlags } from "./flags.ts";
import { addLockstep, read } from "./package-manager.ts";
import type { Survey } from "./survey.ts";

/** What lockstep init would do. */
export interface SetupPlan {
  readonly changes: readonly FileChange[];
  /** What is there already and stays, or is not made: a sentence each. */
  readonly notes: readonly string[];
  /** What the user is to add to a file of his own. */
  readonly byHand: readonly { readonly what: string; readonly lines: readonly string[] }[];
  /** Commands to run after it, with what for. */
  readonly next: readonly { readonly part?: FileChange["part"]; readonly command: string; readonly why: string }[];
}

export interface PlanInputs {
  readonly project: Survey;
  /** The configuration that is to be in effect, and its text where it is new. */
  readonly config: {
    readonly file: ConfigFile;
    readonly text?: string;
    readonly there?: string | undefined;
    readonly plugins?: LoadedPlugins | undefined;
  };
  readonly hook?: FoundHook | undefined;
  readonly ci?: FoundCi | undefined;
  readonly flags: InitFlags;
  readonly io: Io;
}

const CONFIG = "lockstep.config.jsonc";

/** Works out every file without writing any. */
export async function makePlan(inputs: PlanInputs): Promise<Outcome<SetupPlan>> {
  const { project, config, flags, io } = inputs;
  const plan: MutablePlan = { changes: [], notes: [], byHand: [], next: [] };
  const shown = (path: string): string => relative(io.cwd, path).replaceAll("\\", "/");
  if (config.text === undefined)
    plan.notes.push(
      `${config.there === undefined ? "A configuration" : shown(config.there)} is there and stays as it is.`,
    );
  else
    plan.changes.push({
      part: "config",
      path: join(project.home, CONFIG),
      shown: shown(join(project.home, CONFIG)),
      after: config.text,
      what: "the configuration, with all settings explained",
    });
  if (flags.hook !== false) await planHook(inputs, shown, plan);
  planCi(inputs, shown, plan);
  if (flags.baseline !== false) {
    const path = join(project.home, config.file.baseline ?? "lockstep.baseline.json");
    if (existsSync(path))
      plan.notes.push(
        `${shown(path)} is there and stays as it is: ${lockstep.check(IN_WORDS, { all: true, writeBaseline: true }).text} writes a new one.`,
      );
    else if (project.migrations.some(({ count }) => count > 0)) {
      const old = await oldFindings(project.home, config.file, config.plugins);
      if (!old.ok) return old;
      if (old.value)
        plan.changes.push({
          part: "baseline",
          path,
          shown: shown(path),
          after: old.value.text,
          what: `${counted(old.value.count, "finding")} in ${old.value.migrations} ${old.value.deployedOnly ? "deployed " : ""}${old.value.migrations === 1 ? "migration" : "migrations"}, accepted${old.value.deployedOnly ? "" : " (no base branch tells which are deployed)"}`,
        });
      else plan.notes.push("The migrations that are there have no findings: no baseline is needed.");
    } else plan.notes.push("There are no migrations yet: no baseline is needed.");
  }
  if (!project.installed)
    plan.next.unshift({
      command: addLockstep(project),
      why: "lockstep is in no package.json here yet, and the hook and CI run the project's own",
    });
  return success(plan);
}

type MutablePlan = { -readonly [K in keyof SetupPlan]: SetupPlan[K] extends readonly (infer T)[] ? T[] : never };

async function planHook(
  { project, hook }: PlanInputs,
  shown: (path: string) => string,
  plan: MutablePlan,
): Promise<void> {
  if (project.root === undefined)
    return void plan.notes.push("This is no git repository: there is no commit hook to write.");
  if (!hook) return void plan.notes.push("Git does not say where its hooks are: no hook is written.");
  const name = NAMES[hook.manager];
  if (hook.calls)
    return void plan.notes.push(
      `The commit hook (${name}, ${shown(hook.file)}) calls lockstep already and stays as it is.`,
    );
  const below = relative(project.root, project.home).replaceAll("\\", "/");
  const command = together(
    ...(below === "" ? [] : [shell.go(below)]),
    below === "" && project.packages.nodeModules
      ? lockstep.beside({ staged: true })
      : lockstep.installed(project.packages.manager, { staged: true }),
  );
  const change = await hookChange(hook, command);
  if (change.kind === "lines")
    return void plan.byHand.push({
      what: `The hook: ${shown(hook.file)} was not changed, because ${change.because}. Add to it:`,
      lines: change.lines,
    });
  const { kind: _, then, ...text } = change;
  plan.changes.push({
    part: "hook",
    path: hook.file,
    shown: shown(hook.file),
    ...text,
    what: `the commit hook, ${hook.manager === "git" ? "of this clone only: husky, lefthook or pre-commit would share it" : `by ${name}`}`,
  });
  if (then !== undefined && !installedHook(project.root, then))
    plan.next.push({
      part: "hook",
      command: hook.manager === "pre-commit" ? then : packages.run(project.packages.manager, then).text,
      why: `${name} writes git's hook`,
    });
}

const NAMES = {
  husky: "husky",
  lefthook: "lefthook",
  "pre-commit": "pre-commit",
  "simple-git-hooks": "simple-git-hooks",
  "core.hooksPath": "core.hooksPath",
  git: ".git/hooks",
} as const;

/** Whether a manager's hook is in .git/hooks and reads its configuration at each commit. */
function installedHook(root: string, install: string): boolean {
  if (install === "simple-git-hooks") return false;
  return (read(join(root, ".git", "hooks", "pre-commit")) ?? "").includes(install.split(" ")[0] ?? "");
}

function planCi({ project, ci, flags }: PlanInputs, shown: (path: string) => string, plan: MutablePlan): void {
  if (flags.ci === "none") return;
  const { root, home } = project;
  if (root === undefined || !ci) {
    if (flags.ci !== undefined) plan.notes.push("This is no git repository: no CI is written.");
    return;
  }
  const kinds: readonly CiName[] = flags.ci === undefined ? ci.kinds : [flags.ci];
  const calls = ci.calling.filter(
    (name) =>
      kinds.some((kind) => (name === GITLAB ? kind === "gitlab" : name.startsWith(".github/") && kind === "github")) ||
      kinds.length === 0,
  );
  if (calls.length > 0) plan.notes.push(`CI calls lockstep already (${calls.join(", ")}) and stays as it is.`);
  const setup: CiProject = {
    packages: project.packages,
    home: relative(root, home).replaceAll("\\", "/"),
    node: nodeOf(root),
  };
  for (const kind of kinds) {
    if (calls.some((name) => (name === GITLAB) === (kind === "gitlab"))) continue;
    if (kind === "github") {
      const path = join(root, WORKFLOW);
      if (existsSync(path))
        plan.notes.push(`${shown(path)} is there and stays as it is, though it does not call lockstep.`);
      else
        plan.changes.push({
          part: "ci",
          path,
          shown: shown(path),
          after: workflowText(setup),
          what: "the check of each pull request",
        });
      continue;
    }
    const path = join(root, GITLAB);
    const before = read(path);
    const after = withGitlabJob(before ?? "", setup);
    if (after === undefined)
      plan.byHand.push({
        what: `CI: ${shown(path)} was not changed, because its form is not extended line by line. Add to it:`,
        lines: gitlabJob(setup).lines,
      });
    else
      plan.changes.push({
        part: "ci",
        path,
        shown: shown(path),
        before,
        after,
        what: "the check of each merge request",
      });
  }
  if (kinds.length > 0) return;
  if (calls.length === 0 && ci.files.length > 0)
    plan.byHand.push({
      what: `CI: ${ci.files.join(", ")} ${ci.files.length === 1 ? "is" : "are"} of no kind that lockstep writes. Let a job with the whole history run:`,
      lines: [lockstep.installed(project.packages.manager).text],
    });
  else if (calls.length === 0) plan.notes.push("No CI was found: --ci github or --ci gitlab writes for one.");
}

function nodeOf(root: string): CiProject["node"] {
  const file = [".nvmrc", ".node-version"].find((name) => readdirSync(root).includes(name));
  return file === undefined ? { version: "22" } : { file };
}
