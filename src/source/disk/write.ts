import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  accessSync,
  constants,
  lstatSync,
  statSync,
  writeSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * Puts `text` in place of what a file holds: whole, or not at all where that fails, which it does with the system's error. A file keeps
 * its permissions, its owner where that is allowed, and the links that lead to it. What is no file (a pipe, a terminal) is written to.
 */
export function replaceFile(named: string, text: string): void {
  const path = behindLinks(named);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there && !there.isFile()) {
    writeFileSync(path, text);
    return;
  }
  // A rename would put another file in place of one that is not to be written.
  if (there) accessSync(path, constants.W_OK);
  try {
    writeBeside(path, Buffer.from(text), there);
  } catch (error) {
    if (!there || !IN_PLACE.has(codeOf(error))) throw error;
    overwrite(path, Buffer.from(text));
  }
}

/** The folder takes no other file, or the file is mounted by itself: it can only be written where it is. */
const IN_PLACE: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EBUSY", "EROFS", "EXDEV", "ENOTSUP"]);

/** Links that lead on, one of which may lead to nothing yet. */
function behindLinks(named: string): string {
  let path = named;
  for (let count = 0; count < 40 && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink(); count++)
    path = resolve(dirname(path), readlinkSync(path));
  return path;
}

function writeBeside(path: string, bytes: Buffer, there: Stats | undefined): void {
  const temporary = join(dirname(path), `.lockstep-${process.pid}-${Math.random().toString(36).slice(2)}.tmp`);
  try {
    const file = openSync(temporary, "wx", 0o666);
    try {
      writeAll(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (there) {
      keepOwner(temporary, there);
      chmodSync(temporary, there.mode & 0o7777);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function keepOwner(path: string, { uid, gid }: Stats): void {
  try {
    const now = statSync(path);
    if (now.uid !== uid || now.gid !== gid) chownSync(path, uid, gid);
  } catch {
    // Only a superuser may give files away.
  }
}

/** What was there is put back where not all of it can be written: its blocks are still the file's. */
function overwrite(path: string, bytes: Buffer): void {
  const before = readFileSync(path);
  const file = openSync(path, "r+");
  try {
    try {
      writeAll(file, bytes);
      ftruncateSync(file, bytes.length);
    } catch (error) {
      writeAll(file, before);
      ftruncateSync(file, before.length);
      throw error;
    }
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, at);
}

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");
