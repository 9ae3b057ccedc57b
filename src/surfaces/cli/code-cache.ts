import { isAscii } from "node:buffer";
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { constants, Script } from "node:vm";
import { crc32 } from "node:zlib";
import { cacheFolder } from "../../source/disk/cache-folder.ts";
import type { Io } from "../../project/io.ts";

const FOLDER = "v8-code-cache";
const ENDING = ".v8";
/** Two versions of lockstep, each with two of Node.js, do not drive each other out. */
const KEPT = 4;
const STALE_MS = 60 * 60 * 1000;
/** The build puts a hash of each chunk's text here: rolldown.config.mjs. */
const BUILDS = { check: "@build:check", grammar: "@build:grammar" } as const;
const CHECKSUM_BYTES = 4;
/** A line of its own, which lineOffset takes away: places in stack traces stay those of the file. */
const WRAPPER = ["(function (exports, require, module, __filename, __dirname) {\n", "\n})"] as const;

type Compiled = (exports: unknown, require: NodeJS.Require, module: Module, filename: string, dirname: string) => void;

/**
 * Loads a chunk of the program, named in rolldown.config.mjs, from what V8 made of it in an earlier run: 0.84 times the whole process of
 * a check (Node 20, medians of 31 turns). The import() that follows finds it loaded. Where that is not possible, or was never done, nothing is loaded here.
 *
 * `read only` writes nothing where there is none yet: what a command with options compiles is more than a commit hook wants to load.
 *
 * Not in CI, whose containers never see the file again, and not where NODE_DISABLE_COMPILE_CACHE is set.
 */
export function loadCompiled(chunk: keyof typeof BUILDS, environment: Io["env"], how?: "read only"): void {
  // V8's coverage is less exact with code from a cache: https://nodejs.org/api/module.html#limitations-of-the-compile-cache
  if (environment["CI"] || environment["NODE_DISABLE_COMPILE_CACHE"] || environment["NODE_V8_COVERAGE"]) return;
  try {
    const folder = join(cacheFolder(environment), FOLDER);
    // Node.js 22.1 and later do it themselves.
    const { enableCompileCache } = Module as { readonly enableCompileCache?: (folder: string) => unknown };
    if (enableCompileCache) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (isPrivate(folder)) enableCompileCache(folder);
    } else if (process.platform !== "win32" && process.version.startsWith("v20.")) loadFrom(folder, chunk, how);
  } catch {
    // Only speed is lost. What is wrong with the chunk itself, import() says.
  }
}

function loadFrom(folder: string, chunk: keyof typeof BUILDS, how: "read only" | undefined): void {
  const require = createRequire(import.meta.filename);
  const filename = require.resolve(`./${chunk}.cjs`);
  if (require.cache[filename]) return;
  const { text: wrapped, size, written } = readWrapped(filename);
  // Size and time tell a file that was changed by hand from the one that was built; npm gives all files of a package the same time.
  const name = [
    chunk,
    process.version,
    process.arch,
    ...[cachedDataVersionTag(), size, written].map((each) => Math.trunc(each).toString(36)),
    `${BUILDS[chunk]}${ENDING}`,
  ].join("-");
  const cachedData = readCache(join(folder, name));
  if (!cachedData && how === "read only") return;
  const script = new Script(wrapped.toString(isAscii(wrapped) ? "latin1" : "utf8"), {
    filename,
    lineOffset: -1,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData && { cachedData }),
  });
  if (!cachedData || script.cachedDataRejected) {
    // At the end, so that what the run compiled is in it; and of a run that checked something.
    process.once("exit", (code) => {
      if (code === 0 || code === 1)
        ignoringErrors(() => {
          save(folder, chunk, name, script);
        });
    });
  }
  const module = new Module(filename);
  module.filename = filename;
  require.cache[filename] = module;
  try {
    (script.runInThisContext() as Compiled).call(
      module.exports,
      module.exports,
      createRequire(filename),
      module,
      filename,
      dirname(filename),
    );
    module.loaded = true;
  } catch (error) {
    Reflect.deleteProperty(require.cache, filename);
    throw error;
  }
}

/** In one piece, of which V8 takes over every byte as it is: 0.7 times the time of parts that are joined as strings. */
function readWrapped(filename: string): { readonly text: Buffer; readonly size: number; readonly written: number } {
  const file = openSync(filename, "r");
  try {
    const { size, mtimeMs } = fstatSync(file);
    const text = Buffer.allocUnsafeSlow(WRAPPER[0].length + size + WRAPPER[1].length);
    text.write(WRAPPER[0], 0);
    if (readSync(file, text, WRAPPER[0].length, size, 0) !== size) throw new Error(`${filename} is being written`);
    text.write(WRAPPER[1], WRAPPER[0].length + size);
    return { text, size, written: mtimeMs };
  } finally {
    closeSync(file);
  }
}

/**
 * The data of a file that holds it and then its checksum. V8 itself does not look at more than its own version and flags and the length of
 * the source: it would end the process over damaged data.
 */
function readCache(path: string): Buffer | undefined {
  if (!statSync(path, { throwIfNoEntry: false }) || !isPrivate(dirname(path))) return undefined;
  const all = readFileSync(path);
  const length = all.length - CHECKSUM_BYTES;
  if (length < 1) return undefined;
  const data = all.subarray(0, length);
  return checksum(data).equals(all.subarray(length)) ? data : undefined;
}

function checksum(data: Buffer): Buffer {
  const sum = Buffer.alloc(CHECKSUM_BYTES);
  sum.writeUInt32LE(crc32(data));
  return sum;
}

/** Written under a temporary name and renamed, so that nobody reads half of it. */
function save(folder: string, chunk: string, name: string, script: Script): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isPrivate(folder)) return;
  const temporary = join(folder, `${chunk}-${process.pid}-${Math.random().toString(36).slice(2)}.tmp`);
  try {
    // Before the data is made, since a folder that cannot be written in is found so at every run.
    writeFileSync(temporary, "", { flag: "wx", mode: 0o600 });
    const data = script.createCachedData();
    writeFileSync(temporary, Buffer.concat([data, checksum(data)]));
    renameSync(temporary, join(folder, name));
  } finally {
    rmSync(temporary, { force: true });
  }
  removeOld(folder, chunk);
}

/** Removes the chunk's oldest files, of builds and Node.js versions that are probably gone, and what killed processes left half-written. */
function removeOld(folder: string, chunk: string): void {
  const found = readdirSync(folder)
    .filter((name) => name.startsWith(`${chunk}-`) && /\.(?:v8|tmp)$/.test(name))
    .map((name) => ({
      path: join(folder, name),
      written: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((a, b) => b.written - a.written);
  const old = found.filter(({ path }) => path.endsWith(ENDING)).slice(KEPT);
  const left = found.filter(({ path, written }) => !path.endsWith(ENDING) && Date.now() - written > STALE_MS);
  for (const { path } of [...old, ...left]) rmSync(path, { force: true });
}

/** Whether nobody but this user can put files there: what is in them is run. */
function isPrivate(folder: string): boolean {
  if (process.platform === "win32") return true;
  const { uid, mode } = statSync(folder);
  return uid === process.getuid?.() && (mode & 0o022) === 0;
}

function ignoringErrors(work: () => void): void {
  try {
    work();
  } catch {
    // Only speed is lost.
  }
}
