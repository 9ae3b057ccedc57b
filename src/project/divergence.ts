import { loadDivergence } from "../evidence/git/divergence.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { enabled } from "../engine/config.ts";
import type { AnyRule } from "../engine/rule.ts";
import type { History } from "../source/history.ts";
import type { Outcome } from "../source/outcome.ts";
import { success } from "../source/outcome.ts";
import type { Reader, Script } from "../sql/statement.ts";
import type { Inputs } from "../surfaces/cli/inputs.ts";
import type { Io } from "./io.ts";
import type { Settings } from "./settings.ts";

/** The inputs with what the branches make of each other, where a base is known and a rule asks for it. */
export function withDivergence(
  inputs: Inputs,
  rules: readonly AnyRule[],
  settings: Settings,
  reader: Reader,
  io: Io,
): Inputs {
  const { evidence, gitRoot, histories } = inputs;
  const { base } = evidence;
  if (
    !base ||
    gitRoot === undefined ||
    !rules.some((rule) => rule.needs?.includes("divergence") && enabled(rule, settings.config))
  )
    return inputs;
  const { divergence, problems } = loadDivergence({
    cwd: io.cwd,
    root: gitRoot,
    histories,
    base,
    ...(settings.config.branches && { names: settings.config.branches }),
    environment: io.env,
    read: ({ text }) => reader.read(text).statements,
  });
  const [problem] = problems;
  const [first, ...rest] = histories;
  return {
    ...inputs,
    histories: first ? [{ ...first, problems: [...first.problems, ...problems] }, ...rest] : histories,
    evidence: {
      ...evidence,
      ...(divergence && { divergence }),
      ...(!divergence && problem && { unavailable: { ...evidence.unavailable, divergence: problem.message } }),
    },
  };
}

/** The reader, but each text is read once: branches have most of theirs in common. */
export function remembering(reader: Reader): Reader {
  const texts = new Map<string, Script>();
  return {
    ...reader,
    read(text) {
      let known = texts.get(text);
      if (!known) texts.set(text, (known = reader.read(text)));
      return known;
    },
  };
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
