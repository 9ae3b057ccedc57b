import { createRequire } from "node:module";
import { loadReader } from "../../../sql/readers.ts";
import { cacheFolder } from "../../../source/disk/cache-folder.ts";
import { diskCache } from "../../../rehearsal/stage/cache.ts";
import { embeddedStage } from "../../../rehearsal/stage/embedded/index.ts";
import { serverStage } from "../../../rehearsal/stage/server/index.ts";
import type { Stage } from "../../../rehearsal/stage/session.ts";
import { branchesOf } from "../../../project/divergence.ts";
import type { Io } from "../../../project/io.ts";
import type { Project } from "../../../project/place.ts";
import type { Diagnosis } from "./report.ts";
import { lockstep } from "../../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../../advice/programs/facts.ts";

const row = (
  id: string,
  title: string,
  status: Diagnosis["status"],
  value: string,
  more: Partial<Diagnosis> = {},
): Diagnosis => ({ group: "evidence", id, title, status, value, ...more });

/** Whether PostgreSQL's grammar reads. */
export async function diagnoseGrammar(): Promise<Diagnosis> {
  try {
    const reader = await loadReader("postgres");
    reader.read("SELECT 1");
    return row("grammar", "grammar", "ok", "PostgreSQL's own, in WebAssembly");
  } catch (error) {
    return row("grammar", "grammar", "problem", `PostgreSQL's grammar does not load: ${said(error)}`, {
      help: 'Set "parser": "portable" in the configuration, which needs no WebAssembly and understands less.',
    });
  }
}

/** What a check can know besides the text, each part tried: the branches, PostgreSQL, Prisma's schema engine. */
export async function diagnoseEvidence(project: Project | undefined, io: Io): Promise<Diagnosis[]> {
  const rows = branches(project, io);
  const url = io.env.LOCKSTEP_SERVER || undefined;
  const title = "rehearsal";
  if (url !== undefined) {
    const opened = await serverStage({ url, refuseSuperuser: true });
    if (opened.ok) {
      rows.push(
        row("rehearsal", title, "ok", `on PostgreSQL ${opened.value.server.version}`, { from: "LOCKSTEP_SERVER" }),
      );
      await opened.value.close();
    } else rows.push(row("rehearsal", title, "problem", opened.message, { from: "LOCKSTEP_SERVER" }));
  } else {
    const started = await startEmbedded(io);
    rows.push(
      typeof started === "string"
        ? row("rehearsal", title, "ok", `in ${started}, embedded`)
        : row("rehearsal", title, "problem", `the embedded PostgreSQL does not start: ${said(started)}`, {
            help: "Reinstall lockstep's dependencies, or name a server with LOCKSTEP_SERVER.",
          }),
    );
  }
  try {
    createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm");
    rows.push(row("down", "down.sql", "ok", "Prisma's schema engine is installed"));
  } catch {
    rows.push(
      row("down", "down.sql", "problem", "Prisma's schema engine (@prisma/schema-engine-wasm) is not installed", {
        help: `Reinstall lockstep's dependencies: ${lockstep.down(IN_WORDS).text} plans from the catalog alone without it.`,
      }),
    );
  }
  return rows;
}

/** Whether the branches can be compared: without a base nothing is tried. */
function branches(project: Project | undefined, io: Io): Diagnosis[] {
  if (!project?.evidence.base)
    return [
      row("divergence", "divergence", "note", "the branches are not compared", {
        from: project ? "no base is known" : "there are no migrations",
      }),
    ];
  const { divergence, problems } = branchesOf(project, io.env);
  if (problems.length > 0)
    return problems.map(({ message, help }) => row("divergence", "divergence", "problem", message, { help }));
  return divergence ? [row("divergence", "divergence", "ok", "the branches can be compared")] : [];
}

/** Its version, or why there is none. */
async function startEmbedded(io: Io): Promise<string | Error> {
  let stage: Stage | undefined;
  try {
    const folder = cacheFolder(io.env);
    stage = embeddedStage({ extensions: [], ...(folder !== undefined && { cache: diskCache(folder) }) });
    const session = await stage.fresh();
    return session.ok ? `PostgreSQL ${stage.server.version}` : new Error(session.message);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await stage?.close();
  }
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
