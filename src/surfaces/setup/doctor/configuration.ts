import { relative } from "node:path";
import { rules } from "../../../../rules/index.ts";
import { type LoadedConfig, loadConfig } from "../../../project/config/file.ts";
import type { Io } from "../../../project/io.ts";
import type { Overrides } from "../../../project/overrides.ts";
import { readSettings, type Settings } from "../../../project/settings.ts";
import type { Diagnosis } from "./report.ts";
import { lockstep } from "../../../advice/programs/lockstep.ts";
import { counted, listed } from "../../../words.ts";
import { IN_WORDS } from "../../../advice/programs/facts.ts";
import type { Project } from "../../../project/place.ts";
import { readStatisticsFile } from "../../../project/statistics.ts";

export interface DiagnosedConfiguration {
  /** What the rest is looked at with: the project's own, or none where that is broken. */
  readonly configuration: LoadedConfig & { readonly ok: true };
  readonly settings: Settings;
  readonly rows: readonly Diagnosis[];
  readonly broken: boolean;
}

/** The configuration and the baseline; what is broken is told, and the defaults are taken for the rest. */
export async function diagnoseConfiguration(overrides: Overrides, io: Io): Promise<DiagnosedConfiguration> {
  const shown = (path: string): string => relative(io.cwd, path).replaceAll("\\", "/");
  const row = (
    id: "config" | "baseline" | "statistics",
    status: Diagnosis["status"],
    value: string,
    more: Partial<Diagnosis> = {},
  ) =>
    ({
      group: "project",
      id,
      title: id === "config" ? "configuration" : id,
      status,
      value,
      ...more,
    }) satisfies Diagnosis;
  const broken = async (...rows: readonly Diagnosis[]): Promise<DiagnosedConfiguration> => {
    // A broken baseline counts without a configuration too.
    const configuration = { ok: true, config: { baseline: "lockstep.no-baseline" }, directory: io.cwd } as const;
    const bare = await readSettings(
      io.cwd,
      { ...overrides, writeBaseline: true },
      { environment: io.env, configuration },
    );
    if (!bare.ok) throw new Error(bare.message);
    return { configuration, settings: bare.value, rows, broken: true };
  };
  const loaded = await loadConfig({ cwd: io.cwd, path: overrides.config, rules, color: false, columns: 100 });
  if (!loaded.ok)
    return broken(
      row("config", "problem", loaded.message.trimEnd(), {
        help: "Correct it: no check runs until then. What follows is without it.",
      }),
    );
  const own =
    loaded.path === undefined
      ? row("config", "ok", "none: the defaults", {
          help: `${lockstep.init(IN_WORDS).text} writes one with every setting explained.`,
        })
      : row("config", "ok", shown(loaded.path));
  const settings = await readSettings(io.cwd, overrides, { environment: io.env, configuration: loaded });
  if (!settings.ok) return broken(own, row("baseline", "problem", settings.message));
  const { baseline, baselinePath } = settings.value;
  const entries = baseline.length === 0 ? "none" : counted(baseline.length, "accepted finding");
  const plugins = pluginRow(loaded);
  const statistics = readStatisticsFile(settings.value.statisticsPath, io.cwd);
  return {
    configuration: loaded,
    settings: settings.value,
    rows: [
      own,
      ...(plugins ? [plugins] : []),
      row("baseline", "ok", entries, baseline.length > 0 ? { from: shown(baselinePath) } : {}),
      !statistics.ok
        ? row("statistics", "problem", statistics.message)
        : statistics.value
          ? row("statistics", "ok", statisticsInWords(statistics.value), { from: statistics.value.from })
          : row("statistics", "ok", `none: ${lockstep.stats(IN_WORDS).text} prints the query for them`),
    ],
    broken: !statistics.ok,
  };
}

const statisticsInWords = ({
  tables,
  database,
  server,
  taken,
}: NonNullable<Project["evidence"]["statistics"]>): string =>
  `${counted(tables.length, "table")} of ${database}, PostgreSQL ${server}, ${taken.slice(0, 10)}`;

/** The rules of one's own, where there are any. */
function pluginRow({ config, plugins }: LoadedConfig & { readonly ok: true }): Diagnosis | undefined {
  if (!plugins) return undefined;
  const own = plugins.rules.slice(rules.length).map(({ id }) => id);
  const named = (config.plugins ?? []).map((plugin) =>
    typeof plugin === "string" ? plugin : (plugin.name ?? "one in the configuration"),
  );
  return {
    group: "project",
    id: "plugins",
    title: "plugins",
    status: "ok",
    value: `${counted(own.length, "rule")}: ${listed(own, 5)}`,
    from: listed(named),
  };
}
