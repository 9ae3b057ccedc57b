import { spawnSync } from "node:child_process";

const DRIVER = `
import fcntl, json, os, pty, select, signal, struct, sys, termios, time
steps = json.loads(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
shown = b""
seen = 0
end = time.time() + 30
while time.time() < end:
    ready, _, _ = select.select([fd], [], [], 0.2)
    if ready:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data
    if steps and steps[0][0].encode() in shown[seen:]:
        seen = len(shown)
        time.sleep(0.1)
        os.write(fd, steps.pop(0)[1].encode())
else:
    os.kill(pid, signal.SIGKILL)
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(status))
`;

/** Keys to type once a text has been shown, counted from the keys before. */
export type Step = readonly [shown: string, keys: string];

/**
 * Runs a program on a terminal of 120 columns (Python's pseudo-terminal; there is none in Node) and types. Answers what was shown and the
 * exit code; the program is killed after 30 seconds.
 */
export function onTerminal(
  command: readonly string[],
  steps: readonly Step[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): { readonly status: number | null; readonly shown: string } {
  const { status, stdout, stderr } = spawnSync("python3", ["-c", DRIVER, JSON.stringify(steps), ...command], {
    ...options,
    encoding: "utf8",
  });
  return { status, shown: stdout + stderr };
}
