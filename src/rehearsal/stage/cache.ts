import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { SnapshotCache } from "./embedded/index.ts";

/** How much a cache keeps. What was used last stays. */
export interface CacheBounds {
  readonly entries: number;
  readonly bytes: number;
}

const BOUNDS: CacheBounds = { entries: 24, bytes: 512 * 2 ** 20 };

const ENDING = ".snapshot";
const MAGIC = "lockstp2";
/** Magic, length of the data (uint64), CRC-32 of the data (uint32), the digest of the key: a file that was given another one's name is not its. Only kill, power loss and bad disks are guarded against, not malice. */
const HEADER = 40;
/** A file of another machine on a shared home is taken to be left over after this. */
const STALE_MS = 60 * 60 * 1000;

/**
 * Data directories in the files of a folder, which is made when it is needed. A file is written under a temporary name and renamed, so
 * that nobody reads half of one; what does not have its length and checksum is not there. A folder that cannot be read or written is an
 * empty cache.
 */
export function diskCache(folder: string, bounds: CacheBounds = BOUNDS): SnapshotCache {
  const host = digest(hostname()).slice(0, 8);
  let swept: Promise<void> | undefined;
  const file = (key: string): string => join(folder, `${digest(key)}${ENDING}`);
  return {
    async read(key) {
      await (swept ??= ignoringSystemErrors(() => sweep(folder, host)));
      return ignoringSystemErrors(() => readChecked(file(key), key));
    },
    async write(key, data) {
      await ignoringSystemErrors(async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await (swept ??= ignoringSystemErrors(() => sweep(folder, host)));
        await writeWhole(
          file(key),
          join(folder, `${digest(key)}.${host}.${process.pid}.${randomUUID().slice(0, 8)}.tmp`),
          key,
          data,
        );
        await evict(folder, bounds, file(key));
      });
    },
  };
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 40);

/** The data of a whole file; a damaged one is removed. */
async function readChecked(path: string, key: string): Promise<Uint8Array | undefined> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    const all = Buffer.allocUnsafeSlow(size);
    for (let at = 0; at < size; ) {
      const { bytesRead } = await handle.read(all, at, size - at, at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    const data = all.subarray(HEADER);
    if (size < HEADER || all.compare(header(key, data), 0, HEADER, 0, HEADER) !== 0) {
      await unlink(path);
      return undefined;
    }
    const now = new Date();
    await ignoringSystemErrors(() => handle.utimes(now, now));
    return data;
  } finally {
    await handle.close();
  }
}

async function writeWhole(path: string, temporary: string, key: string, data: Uint8Array): Promise<void> {
  const released = await guarded(temporary);
  try {
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(header(key, data));
      await handle.writeFile(data);
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    released();
  }
}

/** Of a process that outlives this one: when its input ends, however that comes about, it removes the file that was named there. */
const GUARD =
  "let path = ''; process.stdin.on('data', (part) => { path += part; }).on('end', () => require('node:fs').rm(path, { force: true }, () => {}))";

/** Has a file removed that is still there when this process is killed. Call the result when the file is gone, or has its final name. */
async function guarded(path: string): Promise<() => void> {
  const child = spawn(process.execPath, ["-e", GUARD], {
    detached: true,
    windowsHide: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  // Where it cannot be started, the next rehearsal does its work.
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  await new Promise<void>((resolve) => child.stdin.write(path, () => resolve()));
  return () => void child.stdin.end();
}

function header(key: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(HEADER);
  bytes.write(MAGIC, 0, "latin1");
  bytes.writeBigUInt64LE(BigInt(data.byteLength), MAGIC.length);
  bytes.writeUInt32LE(crc32(data), MAGIC.length + 8);
  bytes.write(digest(key), MAGIC.length + 12, "hex");
  return bytes;
}

/** Removes what killed processes left half-written. */
async function sweep(folder: string, host: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, where, pid] = /^[0-9a-f]{40}\.([0-9a-f]{8})\.(\d+)\.[0-9a-f]{8}\.tmp$/.exec(name) ?? [];
    if (where === undefined || pid === undefined) continue;
    await ignoringSystemErrors(async () => {
      const path = join(folder, name);
      if ((where === host && !isAlive(Number(pid))) || Date.now() - (await stat(path)).mtimeMs > STALE_MS)
        await unlink(path);
    });
  }
}

/** Removes what was not used for longest, until the rest is within the bounds. `fresh` stays. */
async function evict(folder: string, bounds: CacheBounds, fresh: string): Promise<void> {
  const found: { readonly path: string; readonly size: number; readonly used: number }[] = [];
  for (const name of await readdir(folder)) {
    if (!name.endsWith(ENDING)) continue;
    const path = join(folder, name);
    await ignoringSystemErrors(async () => {
      const { size, mtimeMs } = await stat(path);
      found.push({ path, size, used: path === fresh ? Infinity : mtimeMs });
    });
  }
  found.sort((a, b) => b.used - a.used);
  let bytes = 0;
  for (const [at, { path, size }] of found.entries()) {
    bytes += size;
    if (path !== fresh && (at >= bounds.entries || bytes > bounds.bytes))
      await ignoringSystemErrors(() => unlink(path));
  }
}

/** Whether a process of this machine runs under this id. https://nodejs.org/api/process.html#processkillpid-signal: 0 tests only. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error) && error.code === "EPERM";
  }
}

/** What the file system refuses is no failure of a cache. Bugs go on. */
async function ignoringSystemErrors<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
