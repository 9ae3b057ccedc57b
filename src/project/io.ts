import { fstatSync, writeSync } from "node:fs";

/** Where a command writes. */
export interface Output {
  /** Settles when the text is handed to the system: a pipe may be slower than the program. */
  write(text: string): Promise<void>;
  readonly isTTY: boolean;
  /** Width of the terminal in cells; absent where there is none. */
  readonly columns?: number;
}

/** Everything that a command touches besides the files that it is told to. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** All of standard input. */
  stdin(): Promise<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
}

/**
 * The process's own. A reader that goes away (`| head`) ends the writing in silence; `failed` is told the system's word
 * for any other reason why standard output could not be written (ENOSPC, EIO).
 */
export function processIo(failed: (code: string) => void): Io {
  let stdout: Output | undefined;
  let stderr: Output | undefined;
  return {
    get stdout() {
      return (stdout ??= isPipe(1) ? pipe(1, failed) : stream(process.stdout, failed));
    },
    get stderr() {
      return (stderr ??= isPipe(2) ? pipe(2, () => undefined) : stream(process.stderr, () => undefined));
    },
    stdin: readAll,
    env: process.env,
    cwd: process.cwd(),
  };
}

function isPipe(descriptor: number): boolean {
  // A pipe of Windows is written to by the system in the background.
  if (process.platform === "win32") return false;
  try {
    const stats = fstatSync(descriptor);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}

/** Written to as process.stdout does it, without node:net and what it needs: a twentieth of the process of a check. */
function pipe(descriptor: number, failed: (code: string) => void): Output {
  let gone = false;
  const write = (text: string): void => {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length && !gone; ) {
      try {
        at += writeSync(descriptor, bytes, at);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        // It is full, and whoever gave it asked not to be held up.
        if (code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        else gone = true;
        if (gone && code !== "EPIPE") failed(code ?? message);
      }
    }
  };
  return {
    write(text) {
      write(text);
      return Promise.resolve();
    },
    isTTY: false,
  };
}

function stream(stream: NodeJS.WriteStream, failed: (code: string) => void): Output {
  let gone = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (!gone && error.code !== "EPIPE") failed(error.code ?? error.message);
    gone = true;
  });
  return {
    write: (text) =>
      new Promise((settle) => {
        if (gone || text === "") settle();
        else stream.write(text, () => settle());
      }),
    isTTY: stream.isTTY,
    ...(stream.isTTY && { columns: stream.columns }),
  };
}

async function readAll(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin)
    chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Uint8Array));
  return Buffer.concat(chunks);
}

/**
 * Whether to colour `output`: --color and --no-color decide, then FORCE_COLOR, NO_COLOR and TERM=dumb, then whether
 * it is a terminal. https://nodejs.org/docs/latest-v20.x/api/cli.html#force_color1-2-3 https://no-color.org
 */
export function wantsColor(flag: boolean | undefined, env: Io["env"], output: Output): boolean {
  if (flag !== undefined) return flag;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  if (env.NO_COLOR) return false;
  return output.isTTY && env.TERM !== "dumb";
}

/** How text is laid out for whoever reads it. */
export interface Look {
  readonly color: boolean;
  readonly columns: number;
}

/** The look of what is written to `output`. */
export function lookOf(flag: boolean | undefined, env: Io["env"], output: Output): Look {
  return { color: wantsColor(flag, env, output), columns: output.columns ?? 100 };
}
