import { relative } from "node:path";
import { type Io, lookOf } from "../../../project/io.ts";
import { openProject, type Project } from "../../../project/open.ts";
import { NOTHING_SAID, type Overrides } from "../../../project/overrides.ts";
import { version } from "../../../project/product.ts";
import { surveyPrisma } from "../../../project/survey.ts";
import type { Settings } from "../../../project/settings.ts";
import { painter } from "../../../report/text/paint.ts";
import { gitRoot } from "../../../source/git/repository.ts";
import { diagnoseConfiguration } from "./configuration.ts";
import { diagnoseEvidence, diagnoseGrammar } from "./evidence.ts";
import { diagnoseGit, diagnoseRuns } from "./git.ts";
import { type Diagnosis, doctorJson, doctorText } from "./report.ts";
import { addLockstep } from "../package-manager.ts";
import { findPostgresImage } from "../postgres-image.ts";
import { type Survey, surveyProject } from "../survey.ts";
import { prisma } from "../../../advice/programs/prisma.ts";
import { counted } from "../../../words.ts";
import { IN_WORDS } from "../../../advice/programs/facts.ts";

export interface DoctorFlags {
  readonly config?: string;
  readonly format: "text" | "json";
  readonly color?: boolean;
}

/** Says what a check here would go by, and where from. Writes nothing. Returns the exit code: 1 where something needs attention, 2 for a broken configuration. */
export async function runDoctor(flags: DoctorFlags, io: Io): Promise<number> {
  const { diagnoses, broken } = await diagnose(flags, io);
  const { color, columns } = lookOf(flags.color, io.env, io.stdout);
  await io.stdout.write(
    flags.format === "json"
      ? doctorJson(diagnoses, { name: "lockstep", version: version() })
      : doctorText(diagnoses, { columns, paint: painter(color) }),
  );
  return broken ? 2 : diagnoses.some(({ status }) => status === "problem") ? 1 : 0;
}

async function diagnose(
  flags: DoctorFlags,
  io: Io,
): Promise<{ readonly diagnoses: readonly Diagnosis[]; readonly broken: boolean }> {
  const overrides: Overrides = { ...NOTHING_SAID, config: flags.config };
  const { configuration, settings, rows, broken } = await diagnoseConfiguration(overrides, io);
  const surveyed = await surveyProject(io.cwd);
  const survey = surveyed.ok ? surveyed.value : undefined;
  const grammar = await diagnoseGrammar();
  // Without the grammar everything but a check can still be looked at.
  const parser = grammar.status === "ok" ? undefined : ("portable" as const);
  const opened = await openProject(
    { kind: "paths", cwd: io.cwd, paths: [] },
    { ...overrides, parser, writeBaseline: broken, ...(broken && { statistics: false as const }) },
    { environment: io.env, now: new Date(), configuration, compares: false },
  );
  const project = opened.ok ? opened.value : undefined;
  const root = gitRoot(io.cwd);
  const diagnoses: Diagnosis[] = [
    ...programs(survey, io),
    ...rows,
    ...migrations(project, opened.ok ? undefined : opened.message, surveyed.ok ? undefined : surveyed.message, survey),
    ...versions(project, settings, survey, io),
    ...diagnoseGit(root, settings, io),
    ...(root === undefined ? [] : diagnoseRuns(root, survey, io)),
    grammar,
    ...(await diagnoseEvidence(project, io)),
  ];
  return { diagnoses, broken };
}

function programs(survey: Survey | undefined, io: Io): Diagnosis[] {
  const rows: Diagnosis[] = [{ group: "lockstep", id: "lockstep", title: "lockstep", status: "ok", value: version() }];
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const old = major < 20 || major === 21 || (major === 20 && minor < 19) || (major === 22 && minor < 3);
  rows.push({
    group: "lockstep",
    id: "node",
    title: "Node.js",
    status: old ? "problem" : "ok",
    value: process.versions.node,
    ...(old && { help: "lockstep needs 20.19 or a later 20, or 22.3 or later." }),
  });
  if (survey) {
    const { packages, home, installed } = survey;
    const where = relative(io.cwd, home).replaceAll("\\", "/");
    rows.push({
      group: "lockstep",
      id: "installed",
      title: "installed",
      status: installed ? "ok" : "note",
      value: installed ? `in package.json${where === "" ? "" : ` of ${where}`}` : "in no package.json from here upward",
      from: `${packages.manager}${packages.lock === undefined ? "" : `, ${packages.lock}`}`,
      ...(!installed && { help: `Hooks and CI run the project's own: ${addLockstep(survey)}` }),
    });
  }
  return rows;
}

function migrations(
  project: Project | undefined,
  message: string | undefined,
  noProject: string | undefined,
  survey: Survey | undefined,
): Diagnosis[] {
  const row = (id: string, status: Diagnosis["status"], value: string, more: Partial<Diagnosis> = {}): Diagnosis => ({
    group: "project",
    id,
    title: "migrations",
    status,
    value,
    ...more,
  });
  if (!project) {
    if (survey && survey.migrations.length === 0)
      return [
        row("migrations", "ok", "none yet", {
          from: survey.schemas.map(({ shown, provider }) => `${shown}, ${provider}`).join("; "),
          help: `${prisma.create(IN_WORDS).text} makes the first one.`,
        }),
      ];
    return [row("migrations", "problem", noProject ?? message ?? "none")];
  }
  const rows = project.histories.map(({ root, layout, provider, migrations: all }) => {
    const pending = all.filter(({ state }) => state === "pending").length;
    const told = project.deployments === "each" ? "which are pending is not known" : `${pending} pending`;
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
  const problems = project.histories.flatMap((history) => history.problems).filter(({ code }) => code !== "no base");
  return [
    ...rows,
    ...problems.map(({ file, message: said, help }) => row("migration", "problem", `${file}: ${said}`, { help })),
  ];
}

function versions(project: Project | undefined, settings: Settings, survey: Survey | undefined, io: Io): Diagnosis[] {
  const { execution, prisma } = project?.evidence ?? surveyPrisma(io.cwd, [io.cwd]);
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
  const preset = project?.evidence.preset;
  rows.push({
    group: "project",
    id: "preset",
    title: "preset",
    status: "ok",
    value: preset?.name ?? settings.config.preset,
    from: preset?.because ?? (settings.config.presetNamed ? "preset in the configuration" : "the default"),
  });
  const { config } = settings;
  const image = findPostgresImage([...new Set([io.cwd, survey?.home ?? io.cwd, survey?.root ?? io.cwd])]);
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
