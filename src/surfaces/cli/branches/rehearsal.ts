import type { RehearsedOrder } from "../../../model/order/answers.ts";
import type { BranchesResult } from "../../../advice/branches/comparison.ts";
import type { BranchFinding } from "../../../evidence/branches/findings.ts";
import { askOrder } from "../../../rehearsal/order/index.ts";
import type { History } from "../../../source/history.ts";
import type { Outcome } from "../../../source/outcome.ts";
import { failure, success } from "../../../source/outcome.ts";
import type { Reader } from "../../../sql/statement.ts";
import type { BranchesFlags } from "./flags.ts";
import type { Io } from "../../../project/io.ts";
import { onStage, ROWS, SEED, SECONDS } from "../../../project/rehearsal.ts";

/** Asks PostgreSQL each question of order that the comparison has, and gives the comparison with its answers. */
export async function rehearseOrders(
  comparison: BranchesResult,
  flags: BranchesFlags,
  reader: Reader,
  io: Io,
): Promise<Outcome<BranchesResult>> {
  const { questions, set } = comparison;
  if (questions.size === 0) return success(comparison);
  const texts = [...questions.values()].flatMap(({ base, one, other }) => [...base, ...one, ...other]);
  const history: History = {
    root: "",
    layout: "files",
    provider: "unknown",
    problems: [],
    migrations: texts.map(({ id, path, file }) => ({ id, path, up: file, state: "pending" })),
  };
  return onStage(flags, [history], reader, io, async (stage, signal) => {
    const answers = new Map<BranchFinding, RehearsedOrder>();
    let at = 0;
    for (const [finding, question] of questions) {
      if (io.stderr.isTTY) void io.stderr.write(`\r\u001B[2Korder ${++at} of ${questions.size}`);
      const answer = await askOrder(stage, question, {
        reader,
        rows: flags.rows ?? ROWS,
        seed: flags.seed ?? SEED,
        limit: { time: (flags.timeLimit ?? SECONDS) * 1000 },
        mayReachOutside: flags.allowUnsafe ?? false,
        signal,
      });
      if (signal.aborted) return failure("The rehearsal was stopped; nothing of it is left.");
      // One history that does not run says nothing of the others.
      answers.set(finding, answer.ok ? { asked: true, ...answer.value } : { asked: false, why: answer.message });
    }
    if (io.stderr.isTTY) await io.stderr.write("\r\u001B[2K");
    if (set.branches.length > 0 && [...answers.values()].every((answer) => !answer.asked)) {
      const [first] = answers.values();
      if (first && !first.asked) return failure(first.why);
    }
    return success(comparison.answer(answers));
  });
}
