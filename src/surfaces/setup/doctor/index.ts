import { relative } from "node:path";
import { rules } from "../../../../rules/index.ts";
import { prismaEvidence } from "../../../project/inputs.ts";
import { painter } from "../../../report/text/paint.ts";
import { gitRoot } from "../../../source/git/repository.ts";
import type { CheckFlags } from "../../cli/flags.ts";
import { readInputs, type Inputs } from "../../cli/inputs.ts";
import { type Io, wantsColor } from "../../../project/io.ts";
import { loadConfig } from "../../../project/config/file.ts";
import { version } from "../../../project/product.ts";
import { settingsOf, type Settings } from "../../../project/settings.ts";
import { counted } from "../../../words.ts";
import { diagnoseEvidence } from "./evidence.ts";
import { diagnoseGit, diagnoseRuns } from "./git.ts";
import { type Diagnosis, doctorJson, doctorText } from "./report.ts";
import { addLockstep } from "../package-manager.ts";
import { findPostgresImage } from "../postgres-image.ts";
import { type Project, surveyProject } from "../project.ts";
import { lockstep } from "../../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../../advice/programs/facts.ts";
import { prisma } from "../../../advice/programs/prisma.ts";

export interface DoctorFlags {
  readonly config?: string;
  readonly format: "text" | "json";
  readonly color?: boolean;
}

/** Says what a check here would go by, and where from. Writes nothing. Returns the exit code: 1 where something needs attention, 2 for a broken configuration. */
export async function runDoctor(flags: DoctorFlags, io: Io): Promise<number> {
  const { diagnoses, settings, broken } = await diagnose(flags, io);
  const color = flags.format === "text" && wantsColor(flags.color, io.env, io.stdout);
  await io.stdout.write(
    flags.format === "json"
      ? doctorJson(diagnoses, { name: "lockstep", version: version() })
      : doctorText(diagnoses, { columns: settings.columns, paint: painter(color) }),
  );
  return broken ? 2 : diagnoses.some(({ status }) => status === "problem") ? 1 : 0;
}

async function diagnose(
  flags: DoctorFlags,
  io: Io,
): Promise<{ readonly diagnoses: readonly Diagnosis[]; readonly settings: Settings; readonly broken: boolean }> {
  const checkFlags: CheckFlags = {
    errorOnUnmatchedPattern: true,
    inlineConfig: true,
    config: flags.config,
    color: flags.color,
  };
  const { settings, rows, broken } = await configuration(checkFlags, io);
  const surveyed = await surveyProject(io.cwd);
  const project = surveyed.ok ? surveyed.value : undefined;
  const inputs = await readInputs([], checkFlags, settings, io);
  const read = inputs.ok ? inputs.value : undefined;
  const root = gitRoot(io.cwd);
  const diagnoses: Diagnosis[] = [
    ...programs(project, io),
    ...rows,
    ...migrations(read, inputs.ok ? undefined : inputs.message, surveyed.ok ? undefined : surveyed.message, project),
    ...versions(read, settings, project, io),
    ...diagnoseGit(root, settings, read, io),
    ...(root === undefined ? [] : diagnoseRuns(root, project, io)),
    ...(await diagnoseEvidence(root, settings, read, io)),
  ];
  return { diagnoses, settings, broken };
}

function programs(project: Project | undefined, io: Io): Diagnosis[] {
  const rows: Diagnosis[] = [{ group: "lockstep", id: "lockstep", title: "lockstep", status: "ok", value: version() }];
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const old = major < 20 || (major === 20 && minor < 19);
  rows.push({
    group: "lockstep",
    id: "node",
    title: "Node.js",
    status: old ? "problem" : "ok",
    value: process.versions.node,
    ...(old && { help: "lockstep needs 20.19 or later." }),
  });
  if (project) {
    const { packages, home, installed } = project;
    const where = relative(io.cwd, home).replaceAll("\\", "/");
    rows.push({
      group: "lockstep",
      id: "installed",
      title: "installed",
      status: installed ? "ok" : "note",
      value: installed ? `in package.json${where === "" ? "" : ` of ${where}`}` : "in no package.json from here upward",
      from: `${packages.manager}${packages.lock === undefined ? "" : `, ${packages.lock}`}`,
      ...(!installed && { help: `Hooks and CI run the project's own: ${addLockstep(project)}` }),
    });
  }
  return rows;
}

/** The configuration and the baseline; what is broken is told, and the defaults are taken for the rest. */
async function configuration(
  flags: CheckFlags,
  io: Io,
): Promise<{ readonly settings: Settings; readonly rows: readonly Diagnosis[]; readonly broken: boolean }> {
  const loaded = await loadConfig({
    cwd: io.cwd,
    path: flags.config,
    rules,
    color: false,
    columns: 100,
  });
  const defaults = settingsOf({ ok: true, config: {}, directory: io.cwd }, { ...flags, writeBaseline: true }, io);
  const shown = (path: string): string => relative(io.cwd, path).replaceAll("\\", "/");
  const plain: Settings | undefined = defaults.ok ? defaults.value : undefined;
  const row = (status: Diagnosis["status"], value: string, more: Partial<Diagnosis> = {}): Diagnosis => ({
    group: "project",
    id: "config",
    title: "configuration",
    status,
    value,
    ...more,
  });
  if (!loaded.ok)
    return {
      settings: plain ?? bare(io),
      rows: [
        row("problem", loaded.message.trimEnd(), {
          help: "Correct it: no check runs until then. What follows is without it.",
        }),
      ],
      broken: true,
    };
  const own =
    loaded.path === undefined
      ? row("ok", "none: the defaults", {
          help: `${lockstep.init(IN_WORDS).text} writes one with every setting explained.`,
        })
      : row("ok", shown(loaded.path));
  const settings = settingsOf(loaded, flags, io);
  if (!settings.ok)
    return {
      settings: plain ?? bare(io),
      rows: [own, { group: "project", id: "baseline", title: "baseline", status: "problem", value: settings.message }],
      broken: true,
    };
  const { baseline, baselinePath } = settings.value;
  const entries = baseline.length === 0 ? "none" : counted(baseline.length, "accepted finding");
  return {
    settings: settings.value,
    rows: [
      own,
      {
        group: "project",
        id: "baseline",
        title: "baseline",
        status: "ok",
        value: entries,
        ...(baseline.length > 0 && { from: shown(baselinePath) }),
      },
    ],
    broken: false,
  };
}

/** Settings without any file: a broken baseline counts without a configuration too. */
function bare(io: Io): Settings {
  const settings = settingsOf(
    { ok: true, config: { baseline: "lockstep.no-baseline" }, directory: io.cwd },
    { errorOnUnmatchedPattern: true, inlineConfig: true, writeBaseline: true },
    io,
  );
  if (!settings.ok) throw new Error(settings.message);
  return settings.value;
}

function migrations(
  read: Inputs | undefined,
  message: string | undefined,
  noProject: string | undefined,
  project: Project | undefined,
): Diagnosis[] {
  const row = (id: string, status: Diagnosis["status"], value: string, more: Partial<Diagnosis> = {}): Diagnosis => ({
    group: "project",
    id,
    title: "migrations",
    status,
    value,
    ...more,
  });
  if (!read) {
    if (project && project.migrations.length === 0)
      return [
        row("migrations", "ok", "none yet", {
          from: project.schemas.map(({ shown, provider }) => `${shown}, ${provider}`).join("; "),
          help: `${prisma.create(IN_WORDS).text} makes the first one.`,
        }),
      ];
    return [row("migrations", "problem", noProject ?? message ?? "none")];
  }
  const rows = read.histories.map(({ root, layout, provider, migrations: all }) => {
    const pending = all.filter(({ state }) => state === "pending").length;
    const told = read.each ? "which are pending is not known" : `${pending} pending`;
    const database = { postgresql: "PostgreSQL", cockroachdb: "CockroachDB", unknown: "no migration_lock.toml" }[
      provider
    ];
    return row(
      "migrations",
      "ok",
      `${layout === "prisma" ? root : "SQL files"}: ${counted(all.length, "migration")}, ${told}`,
      { from: database },
    );
  });
  const problems = read.histories.flatMap((history) => history.problems).filter(({ code }) => code !== "no base");
  return [
    ...rows,
    ...problems.map(({ file, message: said, help }) => row("migration", "problem", `${file}: ${said}`, { help })),
  ];
}

function versions(read: Inputs | undefined, settings: Settings, project: Project | undefined, io: Io): Diagnosis[] {
  const { execution, prisma } = read?.evidence ?? prismaEvidence(io.cwd, [io.cwd], undefined);
  const rows: Diagnosis[] = [];
  if (prisma)
    rows.push({
      group: "project",
      id: "prisma",
      title: "Prisma",
      status: "ok",
      value: prisma.version,
      from: prisma.from,
    });
  else
    rows.push({
      group: "project",
      id: "prisma",
      title: "Prisma",
      status: "note",
      value: "no version is known",
      from: "lock files, node_modules and package.json were looked at",
    });
  const how = { batch: "each file as one batch", split: "statement by statement", unknown: "not known" }[
    execution.mode
  ];
  rows.push({
    group: "project",
    id: "execution",
    title: "files are sent",
    status: execution.mode === "unknown" ? "problem" : "ok",
    value: how,
    from: execution.because,
    ...(execution.mode === "unknown" && {
      help: 'What is atomic is not known then: install Prisma and commit the lock file, or set "execution" in the configuration ("batch" up to Prisma 7.3, "split" from 7.4).',
    }),
  });
  const { config } = settings;
  const image = findPostgresImage([...new Set([io.cwd, project?.home ?? io.cwd, project?.root ?? io.cwd])]);
  if (config.postgres !== undefined) {
    const other = image && image.version !== config.postgres;
    rows.push({
      group: "project",
      id: "postgres",
      title: "PostgreSQL",
      status: other ? "note" : "ok",
      value: String(config.postgres),
      from: "postgres in the configuration",
      ...(other && { help: `There is ${image.because}: is it what production runs?` }),
    });
  } else {
    rows.push({
      group: "project",
      id: "postgres",
      title: "PostgreSQL",
      status: "note",
      value: "17",
      from: "the default",
      help: `Set "postgres" in the configuration to the major version of production${image ? `; there is ${image.because}` : ""}.`,
    });
  }
  return rows;
}
