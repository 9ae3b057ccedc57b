import { Worker } from "node:worker_threads";
import { SessionLost } from "./session.ts";

/** The thread that PGlite lives in. It is started with the first call and started anew with the next call after it ended. */
export interface Thread {
  /** Rejects with `SessionLost` when the thread ends before it answers; with what was thrown there, which is a bug, otherwise. */
  call<T>(name: string, given?: unknown): Promise<T>;
  /** Whether a call waits for its answer. */
  readonly busy: boolean;
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

interface Running {
  readonly worker: Worker;
  readonly waiting: Map<number, Asked>;
}

const STOPPED = "The embedded database was stopped.";

export function embeddedThread(): Thread {
  let running: Running | undefined;
  let untold: Error | undefined;
  let last = 0;
  const start = (): Running => {
    const worker = new Worker(new URL("./embedded-worker.mjs", import.meta.url), { execArgv: [] });
    const started: Running = { worker, waiting: new Map() };
    const { waiting } = started;
    // Who forgets to close must still come to an end: only a call that waits holds the process.
    worker.unref();
    const gone = (error: Error): void => {
      if (running === started) running = undefined;
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
      const lost = error.code === "ERR_WORKER_OUT_OF_MEMORY" ? new SessionLost("The embedded database ran out of memory.") : undefined;
      if (!lost && waiting.size === 0) untold = error;
      gone(lost ?? error);
    });
    worker.on("exit", () => gone(new SessionLost(STOPPED)));
    return started;
  };
  const tell = (): void => {
    const error = untold;
    untold = undefined;
    if (error) throw error;
  };
  return {
    async call<T>(name: string, given?: unknown) {
      tell();
      const { worker, waiting } = (running ??= start());
      const id = ++last;
      return new Promise<T>((resolve, reject) => {
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        worker.ref();
        worker.postMessage({ id, call: name, given });
      });
    },
    get busy() {
      return (running?.waiting.size ?? 0) > 0;
    },
    async end() {
      await running?.worker.terminate();
      tell();
    },
  };
}
