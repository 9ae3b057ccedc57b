import { resolve } from "node:path";
import { fixUntilStable, type FixLevel, type FixOutput } from "../../engine/fix.ts";
import type { CheckResult } from "../../engine/result.ts";
import { unifiedDiff } from "../../report/diff.ts";
import { painter } from "../../report/text/paint.ts";
import type { Io, Look } from "../../project/io.ts";
import type { Reader } from "../../sql/statement.ts";
import { type History, replaceSources } from "../../source/history.ts";
import { replaceFile } from "../../source/disk/write.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import type { SourceFile } from "../../source/text.ts";

export interface Fixing {
  readonly histories: readonly History[];
  readonly result: CheckResult;
  readonly level: FixLevel;
  /** Files that are deployed though they were named, by `SourceFile.path`. */
  readonly deployed: ReadonlySet<string>;
  readonly reader: Reader;
  readonly check: (histories: readonly History[]) => Promise<CheckResult>;
}

export interface Fixed extends FixOutput {
  readonly histories: readonly History[];
  readonly result: CheckResult;
}

/** Fixes the pending migrations in memory. Files of deployed ones and files that are not UTF-8 are never changed. */
export async function fix(input: Fixing): Promise<Fixed> {
  const texts = new Map<string, string>();
  for (const { migrations } of input.histories) {
    for (const { state, up, down } of migrations) {
      if (state !== "pending") continue;
      for (const file of [up, down])
        if (file && !file.invalidUtf8 && !input.deployed.has(file.path)) texts.set(file.path, file.text);
    }
  }
  let { histories, result } = input;
  const output = await fixUntilStable({
    texts,
    findings: result.findings,
    level: input.level,
    parses: (text) => input.reader.read(text).errors.length === 0,
    recheck: async (changed) => {
      histories = withTexts(input.histories, changed);
      result = await input.check(histories);
      return result.findings;
    },
  });
  // After a circle of fixes the texts are one step behind the last check.
  if (output.texts.size > 0 && differs(histories, output.texts)) {
    histories = withTexts(input.histories, output.texts);
    result = await input.check(histories);
  }
  return { ...output, histories, result };
}

function withTexts(histories: readonly History[], texts: ReadonlyMap<string, string>): readonly History[] {
  return replaceSources(histories, (file): SourceFile => {
    const text = texts.get(file.path);
    return text === undefined || text === file.text ? file : { ...file, text };
  });
}

function differs(histories: readonly History[], texts: ReadonlyMap<string, string>): boolean {
  return histories.some(({ migrations }) =>
    migrations.some(({ up, down }) =>
      [up, down].some((file) => file && texts.has(file.path) && texts.get(file.path) !== file.text),
    ),
  );
}

export function writeFixed(cwd: string, texts: ReadonlyMap<string, string>): Outcome<undefined> {
  for (const [path, text] of texts) {
    try {
      replaceFile(resolve(cwd, path), text);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      return failure(
        `${path} could not be written (${String(error.code)}): make it writable, or look at the fixes with --diff.`,
      );
    }
  }
  return success(undefined);
}

/** The fixes as a patch. */
export async function writeDiff(
  histories: readonly History[],
  texts: ReadonlyMap<string, string>,
  { color }: Look,
  io: Io,
): Promise<void> {
  const paint = painter(color);
  for (const { migrations } of histories) {
    for (const file of migrations.flatMap(({ up, down }) => [up, down])) {
      const after = file && texts.get(file.path);
      if (file && after !== undefined) await io.stdout.write(unifiedDiff(file.path, file.text, after, paint));
    }
  }
  if (texts.size === 0) await io.stderr.write("lockstep: There is nothing to fix.\n");
}
