import type { Evidence } from "../evidence/evidence.ts";
import { judgementsOf } from "../model/divergence/judgement/index.ts";
import { askOrders, orderQuestions } from "../rehearsal/order/questions.ts";
import type { History } from "../source/history.ts";
import type { Outcome } from "../source/outcome.ts";
import { success } from "../source/outcome.ts";
import { loadReader } from "../sql/readers.ts";
import type { Reader } from "../sql/statement.ts";
import type { Io } from "./io.ts";
import type { Project } from "./place.ts";
import { onStage, rehearsalOf, ROWS, SECONDS, SEED } from "./rehearsal.ts";

/** Late migrations whose orders are run in a check; the model speaks for the others. Each takes some replays of the history. */
const MOST = 10;

/** The evidence with both orders of late migrations run in PostgreSQL. */
async function withOrders(evidence: Evidence, reader: Reader, io: Io): Promise<Outcome<Evidence>> {
  const { divergence } = evidence;
  if (!divergence) return success(evidence);
  const late = [...divergence.histories.keys()]
    .flatMap((root) => judgementsOf(divergence, root))
    .filter(({ kind }) => kind === "late");
  const questions = orderQuestions(late, MOST);
  if (questions.size === 0) return success(evidence);
  const texts = [...questions.values()].flatMap(({ base, one, other }) => [...base, ...one, ...other]);
  const history: History = {
    root: "",
    layout: "files",
    provider: "unknown",
    problems: [],
    migrations: texts.map(({ id, path, file }) => ({ id, path, up: file, state: "pending" })),
  };
  const asked = await onStage({}, [history], reader, io, (stage, signal) =>
    askOrders(questions, stage, {
      reader,
      rows: ROWS,
      seed: SEED,
      limit: { time: SECONDS * 1000 },
      mayReachOutside: false,
      signal,
    }),
  );
  return asked.ok ? success({ ...evidence, divergence: { ...divergence, orders: asked.value } }) : asked;
}

/** The project with what happens when its pending migrations are run, each order of late ones too, as evidence. */
export async function withRehearsal(project: Project, io: Io): Promise<Outcome<Project>> {
  const reader = await loadReader("postgres");
  const rehearsal = await rehearsalOf({ ...project, reader }, {}, io);
  if (!rehearsal.ok) return rehearsal;
  const evidence = await withOrders({ ...project.evidence, rehearsal: rehearsal.value }, reader, io);
  return evidence.ok ? success({ ...project, evidence: evidence.value }) : evidence;
}
