import { Worker } from "node:worker_threads";
import { SessionLost } from "../session.ts";

/** The thread that PGlite lives in, one database after the other. */
export interface Thread {
  /** Rejects with `SessionLost` when the thread has ended or ends before it answers; with what was thrown there, which is a bug, otherwise. */
  call<T>(name: string, given?: unknown): Promise<T>;
  /** Whether a call waits for its answer. */
  readonly busy: boolean;
  readonly ended: boolean;
  /** Stops whatever it does. An error that the thread died of, and that nobody was told of, is thrown. */
  end(): Promise<void>;
}

type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly broken: string }
  | { readonly id: number; readonly thrown: { readonly message: string; readonly stack?: string } };

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const STOPPED = "The embedded database was stopped.";

export function startThread(): Thread {
  const worker = new Worker(new URL("./embedded-worker.mjs", import.meta.url), { execArgv: [] });
  const waiting = new Map<number, Asked>();
  let ended = false;
  let untold: Error | undefined;
  let last = 0;
  // Who forgets to close must still come to an end: only a call that waits holds the process.
  worker.unref();
  const gone = (error: Error): void => {
    ended = true;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("message", (reply: Reply) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) worker.unref();
    if ("thrown" in reply) asked?.reject(Object.assign(new Error(reply.thrown.message), { stack: reply.thrown.stack }));
    else if ("broken" in reply) asked?.reject(new SessionLost(reply.broken));
    else asked?.resolve(reply.value);
  });
  worker.on("error", (error: NodeJS.ErrnoException) => {
    const lost =
      error.code === "ERR_WORKER_OUT_OF_MEMORY"
        ? new SessionLost("The embedded database ran out of memory.")
        : undefined;
    if (!lost && waiting.size === 0) untold = error;
    gone(lost ?? error);
  });
  worker.on("exit", () => gone(new SessionLost(STOPPED)));
  const tell = (): void => {
    const error = untold;
    untold = undefined;
    if (error) throw error;
  };
  return {
    async call<T>(name: string, given?: unknown) {
      tell();
      if (ended) throw new SessionLost(STOPPED);
      const id = ++last;
      return new Promise<T>((resolve, reject) => {
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        worker.ref();
        worker.postMessage({ id, call: name, given });
      });
    },
    get busy() {
      return waiting.size > 0;
    },
    get ended() {
      return ended;
    },
    async end() {
      ended = true;
      await worker.terminate();
      tell();
    },
  };
}
