import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diskCache } from "../../src/rehearsal/stage/cache.ts";
import { embeddedStage } from "../../src/rehearsal/stage/embedded/index.ts";
import type { Rehearsal } from "../../src/evidence/rehearsal.ts";
import { freshState } from "../../src/rehearsal/replay.ts";
import { rehearse } from "../../src/rehearsal/index.ts";
import type { RehearseInput } from "../../src/rehearsal/input.ts";
import type { Session, Stage } from "../../src/rehearsal/stage/session.ts";
import type { History } from "../../src/index.ts";
import { loadReader } from "../../src/sql/readers.ts";
import { success } from "../../src/source/outcome.ts";

const HERE = new URL("../../src/rehearsal/", import.meta.url);

/** Snapshots are kept from one test run to the next, while the code that makes them is the same. */
const code = readdirSync(HERE, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.m?ts$|\.mjs$/.test(path))
  .sort()
  .map((path) => readFileSync(new URL(path.replaceAll("\\", "/"), HERE), "utf8"));
export const TEST_CACHE = join(
  tmpdir(),
  `lockstep-test-cache-${createHash("sha256").update(code.join("\0")).digest("hex").slice(0, 12)}`,
);
const testCache = diskCache(TEST_CACHE);

export function testStage(extensions: readonly string[] = []): Stage {
  return embeddedStage({ extensions, cache: testCache });
}

/** Rehearses a history in the embedded PostgreSQL as the command does by default, but with few rows. */
export async function rehearsed(
  history: History,
  execution: "batch" | "split" | undefined,
  more: Partial<RehearseInput> = {},
): Promise<Rehearsal> {
  const stage = more.stage ?? testStage();
  try {
    const rehearsal = await rehearse({
      histories: [history],
      reader: await loadReader("postgres"),
      executions: execution ? [execution] : ["batch", "split"],
      deployments: "one",
      rows: 5,
      seed: 1,
      hurt: true,
      version: "test",
      limit: { time: 20_000 },
      mayReachOutside: false,
      ...more,
      stage,
    });
    if (!rehearsal.ok) throw new Error(rehearsal.message);
    return rehearsal.value;
  } finally {
    if (more.stage === undefined) await stage.close();
  }
}

const RESET = `set timezone = 'UTC'; set client_min_messages = error;
  do $$ declare made text; begin
    for made in select pubname from pg_publication loop execute format('drop publication %I', made); end loop;
    for made in select evtname from pg_event_trigger loop execute format('drop event trigger %I', made); end loop;
    for made in select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)' loop execute format('drop schema %I cascade', made); end loop;
    for made in select rolname from pg_roles where rolname !~ '^pg_' and rolname <> current_user loop execute format('drop owned by %I cascade', made); execute format('drop role %I', made); end loop;
  end $$;
  create schema public; reset client_min_messages`;

/** One database for many rehearsals: emptied instead of created again, which takes milliseconds. It keeps nothing. */
export function emptiedStage(): Stage {
  const stage = testStage();
  let session: Session | undefined;
  return {
    server: stage.server,
    close: () => stage.close(),
    async fresh() {
      if (!session || session.lost) {
        const opened = await stage.fresh();
        if (!opened.ok) return opened;
        session = opened.value;
      }
      await freshState(session);
      await session.query(RESET);
      return success(session);
    },
    keep: (kept) => Promise.resolve(kept),
    restore: () => Promise.resolve(undefined),
  };
}
