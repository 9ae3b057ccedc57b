import { rules } from "../../../rules/index.ts";
import { enabled, resolveConfig, type Preset } from "../../engine/config.ts";
import { didYouMean } from "../../engine/nearest.ts";
import { lockModeOf } from "../../sql/lock-modes.ts";
import { lockModePage } from "../../report/effects/lock-mode.ts";
import type { Io } from "../../project/io.ts";
import { addressOf, pageTextOf } from "../../project/pages.ts";
import { type KnownRules, rulesFor } from "../../project/rules.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

/** Prints the page of a rule or of a lock mode; exit code 2 where there is none. */
export async function explain(words: readonly string[], io: Io): Promise<number> {
  const id = words.join(" ");
  const mode = lockModeOf(id);
  if (mode !== undefined) {
    await io.stdout.write(`${lockModePage(mode)}\n`);
    return 0;
  }
  const own = rules.find((each) => each.id === id);
  // Whoever asks about one of ours needs no configuration.
  const known: KnownRules = own ? { rules } : await rulesFor(io.cwd, undefined);
  const rule = own ?? known.rules.find((each) => each.id === id);
  if (!rule) {
    const meant = didYouMean(
      id,
      known.rules.map((each) => each.id),
    );
    if (known.message !== undefined) await io.stderr.write(`lockstep: ${known.message.trimEnd()}\n`);
    await io.stderr.write(
      `lockstep: There is no rule ${JSON.stringify(id)}.${meant} ${lockstep.rules(IN_WORDS).text} lists them.\n`,
    );
    return 2;
  }
  const address = addressOf(rule);
  const page =
    pageTextOf(rule) ?? `# ${id}\n\n${rule.title}.\n\n${rule.help}\n${address === undefined ? "" : `\n${address}\n`}`;
  await io.stdout.write(page.endsWith("\n") ? page : `${page}\n`);
  return 0;
}

/** Prints all rules by category: severity in `preset`, id and title. Exit code 2 where those of plugins could not be loaded. */
export async function listRules(
  { preset, config: path }: { readonly preset: Preset; readonly config?: string },
  io: Io,
): Promise<number> {
  const { rules, message } = await rulesFor(io.cwd, path);
  const config = resolveConfig({ preset }, rules);
  const width = Math.max(0, ...rules.map((rule) => rule.id.length));
  const blocks = [...new Set(rules.map((rule) => rule.category))].map((category) => {
    const lines = rules
      .filter((rule) => rule.category === category)
      .map(
        (rule) => `  ${(enabled(rule, config)?.severity ?? "off").padEnd(7)}  ${rule.id.padEnd(width)}  ${rule.title}`,
      );
    return [category, ...lines].join("\n");
  });
  await io.stdout.write(`${blocks.join("\n\n")}\n`);
  if (message === undefined) return 0;
  await io.stderr.write(`lockstep: ${message.trimEnd()}\n`);
  return 2;
}
