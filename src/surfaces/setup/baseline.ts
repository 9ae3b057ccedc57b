import { rules } from "../../../rules/index.ts";
import { writeBaseline } from "../../engine/baseline.ts";
import type { ConfigFile } from "../../engine/config.ts";
import { run } from "../../engine/run.ts";
import { loadInputs } from "../../project/inputs.ts";
import { loadReader } from "../../sql/readers.ts";
import type { Outcome } from "../../source/outcome.ts";
import { success } from "../../source/outcome.ts";
import type { Io } from "../../project/io.ts";
import { acceptedEntries } from "../../project/accepted-entries.ts";
import { version } from "../../project/product.ts";
import { settingsOf } from "../../project/settings.ts";

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
export async function oldFindings(home: string, config: ConfigFile, io: Io): Promise<Outcome<OldFindings | undefined>> {
  const at = { ...io, cwd: home };
  const settings = settingsOf(
    { ok: true, config, directory: home },
    { errorOnUnmatchedPattern: true, inlineConfig: true },
    at,
  );
  if (!settings.ok) return settings;
  const { base, migrations } = settings.value;
  const options = {
    cwd: home,
    paths: [],
    migrations,
    environment: {},
    ...(settings.value.config.execution && {
      execution: { mode: settings.value.config.execution, because: "the configuration" },
    }),
    ...(settings.value.config.postgres !== undefined && {
      postgres: { version: settings.value.config.postgres, because: "the configuration" },
    }),
  };
  const [now, all] = [await loadInputs({ ...options, base }), await loadInputs({ ...options, all: true })];
  if (!now.ok) return now;
  if (!all.ok) return all;
  const pending = new Set(
    now.each
      ? []
      : now.histories.flatMap((history) =>
          history.migrations.filter(({ state }) => state === "pending").map(({ path }) => path),
        ),
  );
  const { histories } = all;
  const reader = await loadReader(settings.value.config.parser);
  const result = run({
    histories,
    evidence: all.evidence,
    config: settings.value.config,
    rules,
    reader,
    baseline: [],
    deployments: "each",
    tool: { name: "lockstep", version: version() },
  });
  const findings = result.findings.filter(({ file }) => ![...pending].some((path) => file.path.startsWith(`${path}/`)));
  const entries = acceptedEntries({ ...result, findings }, reader);
  if (entries.length === 0) return success(undefined);
  return success({
    text: writeBaseline(entries),
    count: entries.length,
    migrations: new Set(entries.map(({ migration }) => migration)).size,
    deployedOnly: !now.each,
  });
}
