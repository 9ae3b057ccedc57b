import type { BranchesResult } from "../../../engine/branches.ts";
import type { Divergence } from "../../../model/divergence/viewpoint.ts";
import { askOrders, orderQuestions } from "../../../rehearsal/order/questions.ts";
import type { History } from "../../../source/history.ts";
import type { Outcome } from "../../../source/outcome.ts";
import { failure, success } from "../../../source/outcome.ts";
import type { Reader } from "../../../sql/statement.ts";
import type { BranchesFlags } from "./flags.ts";
import type { Io } from "../../../project/io.ts";
import { onStage, ROWS, SEED, SECONDS } from "../../../project/rehearsal.ts";

/** Asks PostgreSQL each question of order that the findings have, and gives its answers. */
export async function rehearseOrders(
  { findings }: BranchesResult,
  flags: BranchesFlags,
  reader: Reader,
  io: Io,
): Promise<Outcome<Divergence["orders"]>> {
  const questions = orderQuestions(findings.map(({ judgement }) => judgement));
  if (questions.size === 0) return success(undefined);
  const texts = [...questions.values()].flatMap(({ base, one, other }) => [...base, ...one, ...other]);
  const history: History = {
    root: "",
    layout: "files",
    provider: "unknown",
    problems: [],
    migrations: texts.map(({ id, path, file }) => ({ id, path, up: file, state: "pending" })),
  };
  const isShown = io.stderr.isTTY;
  return onStage(flags, [history], reader, io, async (stage, signal) => {
    const orders = await askOrders(
      questions,
      stage,
      {
        reader,
        rows: flags.rows ?? ROWS,
        seed: flags.seed ?? SEED,
        limit: { time: (flags.timeLimit ?? SECONDS) * 1000 },
        mayReachOutside: flags.allowUnsafe ?? false,
        signal,
      },
      (at) => {
        if (isShown) void io.stderr.write(`\r\u001B[2Korder ${at} of ${questions.size}`);
      },
    );
    if (isShown) await io.stderr.write("\r\u001B[2K");
    if (!orders.ok) return orders;
    const answers = [...orders.value.values()].map(({ rehearsed }) => rehearsed);
    const [first] = answers;
    return first && !first.asked && answers.every((answer) => answer?.asked === false)
      ? failure(first.why)
      : success(orders.value);
  });
}
