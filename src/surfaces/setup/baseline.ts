import { writeBaseline } from "../../engine/baseline.ts";
import type { ConfigFile } from "../../engine/config.ts";
import { check } from "../../index.ts";
import { acceptedEntries } from "../../project/accepted-entries.ts";
import type { LoadedPlugins } from "../../project/config/plugins.ts";
import { openProject, type Project } from "../../project/open.ts";
import { NOTHING_SAID, type Overrides } from "../../project/overrides.ts";
import type { Outcome } from "../../source/outcome.ts";
import { success } from "../../source/outcome.ts";

export interface OldFindings {
  /** What lockstep.baseline.json is to hold. */
  readonly text: string;
  readonly count: number;
  /** How many migrations they are in. */
  readonly migrations: number;
  /** Only migrations that are on the base branch; else there is none, and all of them. */
  readonly deployedOnly: boolean;
}

/**
 * The findings of the migrations that are there already, under a configuration in `home`. A check against a base does not look
 * at what is deployed, `check --all`, a clone without the base, editors and ESLint do. Pending migrations are not accepted: they can still
 * be put right. Undefined where there is nothing to accept.
 */
export async function oldFindings(
  home: string,
  config: ConfigFile,
  plugins: LoadedPlugins | undefined,
): Promise<Outcome<OldFindings | undefined>> {
  // The variables of a CI that runs this say nothing of the project.
  const world = {
    environment: {},
    configuration: { ok: true, config, directory: home, ...(plugins && { plugins }) },
  } as const;
  const open = (overrides: Partial<Overrides>): Promise<Outcome<Project>> =>
    openProject({ kind: "paths", cwd: home, paths: [] }, { ...NOTHING_SAID, ...overrides }, world);
  const [now, opened] = [await open({}), await open({ all: true })];
  if (!now.ok) return now;
  if (!opened.ok) return opened;
  const all = opened.value;
  const isKnown = now.value.deployments === "one";
  const pending = !isKnown
    ? []
    : now.value.histories.flatMap((history) =>
        history.migrations.filter(({ state }) => state === "pending").map(({ path }) => path),
      );
  const result = await check({ ...all, baseline: [] });
  const findings = result.findings.filter(({ file }) => !pending.some((path) => file.path.startsWith(`${path}/`)));
  const entries = acceptedEntries({ ...result, findings }, all.reader);
  if (entries.length === 0) return success(undefined);
  return success({
    text: writeBaseline(entries),
    count: entries.length,
    migrations: new Set(entries.map(({ migration }) => migration)).size,
    deployedOnly: isKnown,
  });
}
