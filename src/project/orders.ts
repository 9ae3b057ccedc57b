import type { Evidence } from "../evidence/evidence.ts";
import { askOrders, orderQuestions } from "../rehearsal/order/divergence.ts";
import type { History } from "../source/history.ts";
import type { Outcome } from "../source/outcome.ts";
import { success } from "../source/outcome.ts";
import { loadReader } from "../sql/readers.ts";
import type { Reader } from "../sql/statement.ts";
import type { Io } from "./io.ts";
import type { Project } from "./place.ts";
import { onStage, rehearsalOf, ROWS, SECONDS, SEED } from "./rehearsal.ts";

/** The evidence with both orders of late migrations run in PostgreSQL. */
async function withOrders(evidence: Evidence, reader: Reader, io: Io): Promise<Outcome<Evidence>> {
  const { divergence } = evidence;
  const questions = divergence && orderQuestions(divergence);
  if (!divergence || !questions || questions.size === 0) return success(evidence);
  const texts = [...questions.values()].flatMap(({ base, one, other }) => [...base, ...one, ...other]);
  const history: History = {
    root: "",
    layout: "files",
    provider: "unknown",
    problems: [],
    migrations: texts.map(({ id, path, file }) => ({ id, path, up: file, state: "pending" })),
  };
  const asked = await onStage({}, [history], reader, io, (stage, signal) =>
    askOrders(divergence, questions, stage, {
      reader,
      rows: ROWS,
      seed: SEED,
      limit: { time: SECONDS * 1000 },
      mayReachOutside: false,
      signal,
    }),
  );
  return asked.ok ? success({ ...evidence, divergence: asked.value }) : asked;
}

/** The project with what happens when its pending migrations are run, each order of late ones too, as evidence. */
export async function withRehearsal(project: Project, io: Io): Promise<Outcome<Project>> {
  const reader = await loadReader("postgres");
  const rehearsal = await rehearsalOf({ ...project, reader }, {}, io);
  if (!rehearsal.ok) return rehearsal;
  const evidence = await withOrders({ ...project.evidence, rehearsal: rehearsal.value }, reader, io);
  return evidence.ok ? success({ ...project, evidence: evidence.value }) : evidence;
}
