import { type LoadedDivergence, loadDivergence } from "../evidence/git/divergence.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { enabled } from "../engine/config.ts";
import type { History } from "../source/history.ts";
import type { Outcome } from "../source/outcome.ts";
import { success } from "../source/outcome.ts";
import type { Reader } from "../sql/statement.ts";
import type { Environment } from "../evidence/git/base.ts";
import type { Io } from "./io.ts";
import type { Project } from "./open.ts";
import { remembering } from "./remembering.ts";

/** The project with what its branches make of each other, where a base is known and a rule asks for it. What was known of that is forgotten. */
export function compared(project: Project, environment: Environment): Project {
  const { histories, rules, config } = project;
  const { divergence: _, ...evidence } = project.evidence;
  if (!rules.some((rule) => rule.needs?.includes("divergence") && enabled(rule, config)))
    return { ...project, evidence };
  const { divergence, problems } = branchesOf(project, environment);
  const [problem] = problems;
  const [first, ...rest] = histories;
  return {
    ...project,
    histories: first ? [{ ...first, problems: [...first.problems, ...problems] }, ...rest] : histories,
    evidence: {
      ...evidence,
      ...(divergence && { divergence }),
      ...(!divergence && problem && { unavailable: { ...evidence.unavailable, divergence: problem.message } }),
    },
  };
}

/** What the branches make of each other, and what keeps them from being compared; nothing where no base is known. */
export function branchesOf(
  { cwd, gitRoot, histories, config, reader, evidence: { base } }: Project,
  environment: Environment,
): LoadedDivergence {
  if (!base || gitRoot === undefined) return { problems: [] };
  const once = remembering(reader);
  return loadDivergence({
    cwd,
    root: gitRoot,
    histories,
    base,
    ...(config.branches && { names: config.branches }),
    environment,
    read: ({ text }) => once.read(text).statements,
  });
}

/** The evidence with both orders of late migrations run in PostgreSQL. */
export async function withOrders(evidence: Evidence, reader: Reader, io: Io): Promise<Outcome<Evidence>> {
  const { divergence } = evidence;
  const { askOrders, orderQuestions } = await import("../rehearsal/order/divergence.ts");
  const questions = divergence && orderQuestions(divergence);
  if (!divergence || !questions || questions.size === 0) return success(evidence);
  const { ROWS, SECONDS, SEED, onStage } = await import("./rehearsal.ts");
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
