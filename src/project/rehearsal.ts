import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Evidence } from "../evidence/evidence.ts";
import { cacheFolder } from "../source/disk/cache-folder.ts";
import { diskCache } from "../rehearsal/stage/cache.ts";
import { embeddedStage } from "../rehearsal/stage/embedded/index.ts";
import type { Rehearsal } from "../evidence/rehearsal.ts";
import { rehearse } from "../rehearsal/index.ts";
import { serverStage } from "../rehearsal/stage/server/index.ts";
import { extensionsOf } from "../model/extensions.ts";
import { SessionLost, type Stage } from "../rehearsal/stage/session.ts";
import { progressLine } from "../report/rehearsal/progress.ts";
import { decode } from "../source/encoding.ts";
import type { History } from "../source/history.ts";
import type { Outcome } from "../source/outcome.ts";
import { failure, success } from "../source/outcome.ts";
import type { SourceFile } from "../source/text.ts";
import type { Reader } from "../sql/statement.ts";
import type { Io } from "./io.ts";
import { version } from "./product.ts";

/** The options of a rehearsal, as the command line has them. */
export interface RehearsalOptions {
  readonly server?: string;
  readonly template?: string;
  readonly rows?: number;
  /** False for --no-hurt. */
  readonly hurt?: boolean;
  readonly seed?: number;
  readonly data?: string;
  /** Seconds. */
  readonly timeLimit?: number;
  readonly allowUnsafe?: boolean;
  readonly allowSuperuser?: boolean;
  /** False for --no-cache. */
  readonly cache?: boolean | undefined;
}

export interface RehearsalOf {
  readonly histories: readonly History[];
  readonly evidence: Evidence;
  readonly deployments: "one" | "each";
  readonly reader: Reader;
  /** `both`: whatever the evidence says. */
  readonly execution?: "batch" | "split" | "both" | undefined;
}

export const ROWS = 20;
export const SEED = 1;
export const SECONDS = 30;

/** Opens the stage that the flags ask for, and ends it whatever happens: at Ctrl-C too. `work` is not begun where that fails. */
export async function onStage<T>(
  flags: RehearsalOptions,
  histories: readonly History[],
  reader: Reader,
  io: Io,
  work: (stage: Stage, signal: AbortSignal) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const url = flags.server ?? (io.env.LOCKSTEP_SERVER || undefined);
  if (flags.template !== undefined && url === undefined)
    return failure("--template names a database of a server: say which with --server URL or LOCKSTEP_SERVER.");
  const aborter = new AbortController();
  const opened =
    url === undefined
      ? success(embedded(flags, histories, reader, io))
      : await serverStage({ url, template: flags.template, refuseSuperuser: !flags.allowSuperuser });
  if (!opened.ok) return opened;
  const stage = opened.value;
  const stop = (): void => {
    aborter.abort();
    void stage.close();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await work(stage, aborter.signal);
  } catch (error) {
    if (!(error instanceof SessionLost)) throw error;
    return failure(aborter.signal.aborted ? "Stopped; nothing of it is left." : error.message);
  } finally {
    await stage.close();
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function embedded(flags: RehearsalOptions, histories: readonly History[], reader: Reader, io: Io): Stage {
  const folder = flags.cache === false ? undefined : cacheFolder(io.env);
  return embeddedStage({
    extensions: extensionsIn(histories, reader),
    ...(folder !== undefined && { cache: diskCache(folder) }),
  });
}

/** The extensions that any migration creates; only texts that speak of one are read for it. */
function extensionsIn(histories: readonly History[], reader: Reader): readonly string[] {
  const files = histories.flatMap(({ migrations }) => migrations.flatMap(({ up, down }) => [up, down]));
  return extensionsOf(
    files.flatMap((file) => (file && /extension/i.test(file.text) ? reader.read(file.text).statements : [])),
  );
}

/** Rehearses what is pending in `of`. */
export async function rehearsalOf(of: RehearsalOf, flags: RehearsalOptions, io: Io): Promise<Outcome<Rehearsal>> {
  const data = flags.data === undefined ? success(undefined) : readData(flags.data, io);
  if (!data.ok) return data;
  const mode = of.execution ?? of.evidence.execution.mode;
  const template = flags.template !== undefined;
  return onStage(flags, of.histories, of.reader, io, async (stage, signal) => {
    const progress = progressOn(io);
    const rehearsed = await rehearse({
      histories: of.histories,
      reader: of.reader,
      stage,
      executions: mode === "both" || mode === "unknown" ? ["batch", "split"] : [mode],
      deployments: of.deployments,
      rows: flags.rows ?? (template ? 0 : ROWS),
      seed: flags.seed ?? SEED,
      // A copy of real rows shows what they do; rows made up beside them would not.
      hurt: flags.hurt !== false && flags.rows !== 0 && !(template && flags.rows === undefined),
      data: data.value,
      template: flags.template,
      version: version(),
      limit: { time: (flags.timeLimit ?? SECONDS) * 1000 },
      mayReachOutside: flags.allowUnsafe ?? false,
      progress: (now) => progress.show(progressLine(now)),
      signal,
    });
    await progress.end();
    return rehearsed;
  });
}

function readData(path: string, io: Io): Outcome<SourceFile> {
  try {
    return success(decode(path.replaceAll("\\", "/"), readFileSync(resolve(io.cwd, path))));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return failure(`--data ${path} could not be read (${String(error.code)}): name a file of SQL that inserts rows.`);
  }
}

/** One line that is written over, on a terminal only. */
function progressOn({ stderr }: Io): { show(line: string): void; end(): Promise<void> } {
  let shown = false;
  let last = 0;
  return {
    show(line) {
      const now = Date.now();
      if (!stderr.isTTY || now - last < 80) return;
      last = now;
      shown = true;
      void stderr.write(`\r\u001B[2K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
    },
    async end() {
      if (shown) await stderr.write("\r\u001B[2K");
    },
  };
}
