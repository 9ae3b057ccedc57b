import type { Outcome } from "../outcome.ts";
import { failure, success } from "../outcome.ts";
import { gitArguments, gitEnvironment } from "./process.ts";
import { notRun, refused } from "./repository.ts";
import type { GitObject } from "./objects.ts";

/** A process that answers for objects, question after question: what is asked may depend on what was answered. */
export interface GitConversation {
  /** Objects by what they were asked by (see readObjects); what is not there is absent. One question at a time. */
  ask(specs: readonly string[]): Promise<Outcome<Map<string, GitObject>>>;
  end(): void;
}

const ARGS = ["cat-file", "--batch"];

/** Starts the process in `root`. Nothing is fetched: a partial clone that lacks an object gives a failure. */
export function converseWithGit(root: string): GitConversation {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const child = spawn("git", gitArguments(ARGS), {
    cwd: root,
    env: gitEnvironment(),
    windowsHide: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let chunks: Buffer[] = [];
  let size = 0;
  /** Bytes without which the next answer is not whole. */
  let needed = 1;
  let said = "";
  let broken: Outcome<never> | undefined;
  let waiting:
    | {
        readonly specs: readonly string[];
        answered: number;
        readonly found: Map<string, GitObject>;
        readonly settle: (outcome: Outcome<Map<string, GitObject>>) => void;
      }
    | undefined;

  const settle = (outcome: Outcome<Map<string, GitObject>>): void => {
    const now = waiting;
    waiting = undefined;
    now?.settle(outcome);
  };
  const breakOff = (outcome: Outcome<never>): void => {
    broken ??= outcome;
    settle(broken);
  };
  const read = (): void => {
    if (!waiting || size < needed) return;
    const out = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    let at = 0;
    needed = 1;
    while (waiting.answered < waiting.specs.length) {
      const end = out.indexOf(10, at);
      if (end < 0) {
        needed = out.length - at + 1;
        break;
      }
      const [, name = "", type, length] =
        /^([0-9a-f]{40,64}) (commit|tree|blob|tag) (\d+)$/.exec(out.toString("latin1", at, end)) ?? [];
      const next = type === undefined ? end + 1 : end + 1 + Number(length) + 1;
      if (next > out.length) {
        needed = next - at;
        break;
      }
      if (type !== undefined)
        waiting.found.set(waiting.specs[waiting.answered] as string, {
          name,
          type: type as GitObject["type"],
          bytes: out.subarray(end + 1, next - 1),
        });
      waiting.answered++;
      at = next;
    }
    chunks = [out.subarray(at)];
    size = out.length - at;
    if (waiting.answered === waiting.specs.length) settle(success(waiting.found));
  };

  child.on("error", (error) => {
    breakOff(notRun(root, ARGS, error));
  });
  child.on("close", (status) => {
    breakOff(
      status === 0
        ? failure(`git cat-file ended in ${root} before it had answered.`)
        : refused(root, ARGS, status, said),
    );
  });
  // That it went away is told by close.
  child.stdin.on("error", () => undefined);
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  child.stdout.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    read();
  });
  return {
    ask: (asked) => {
      const specs = [...new Set(asked)].filter((spec) => !/[\0\r\n]/.test(spec));
      if (broken) return Promise.resolve(broken);
      if (specs.length === 0) return Promise.resolve(success(new Map()));
      return new Promise((resolve) => {
        waiting = { specs, answered: 0, found: new Map(), settle: resolve };
        child.stdin.write(`${specs.join("\n")}\n`);
      });
    },
    end: () => {
      child.stdin.end();
    },
  };
}
