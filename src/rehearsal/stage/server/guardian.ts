import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What the process needs to do its work alone. */
export interface GuardianOrder {
  readonly token: string;
  /** Connection string of the maintenance database. */
  readonly maintenance: string;
  /** Connection string of a scratch database, whose name takes the place of `placeholder`. */
  readonly scratch: string;
  readonly placeholder: string;
}

/** A process that outlives this one and removes a run's databases if nobody else does. */
export interface Guardian {
  /** Ends it. With `clean` there is nothing to do; without, it goes to work, and is not waited for. */
  end(clean: boolean): Promise<void>;
}

/** Resolves when the process is sure to learn of our end. The order goes through a pipe, since a command line can be read by everyone. */
export async function startGuardian(order: GuardianOrder): Promise<Guardian> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL("./guardian-process.mjs", import.meta.url)), order.token],
    { detached: true, windowsHide: true, stdio: ["pipe", "ignore", "ignore"] },
  );
  const gone = new Promise<void>((resolve) => {
    child.on("exit", () => resolve());
    // It could not be started, or is gone: the next rehearsal does its work.
    child.on("error", () => resolve());
  });
  child.unref();
  unref(child.stdin);
  child.stdin.on("error", () => undefined);
  await Promise.race([
    gone,
    new Promise<void>((resolve) => child.stdin.write(`${JSON.stringify(order)}\n`, () => resolve())),
  ]);
  return {
    async end(clean) {
      child.stdin.end(clean ? "clean\n" : "");
      if (!clean) return;
      child.ref();
      await gone;
    },
  };
}

function unref(stream: ChildProcess["stdin"]): void {
  (stream as (NodeJS.WritableStream & { unref?(): void }) | null)?.unref?.();
}
