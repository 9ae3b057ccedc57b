import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { cacheFolder } from "../src/source/disk/cache-folder.ts";
import { diskCache } from "../src/rehearsal/stage/cache.ts";
import { embeddedStage } from "../src/rehearsal/stage/embedded/index.ts";

let scratch: string;
let folder: string;
let count = 0;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "lockstep-cache-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
beforeEach(() => {
  folder = join(scratch, `cache-${count++}`, "made when needed");
});

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const text = (data: Uint8Array | undefined): string | undefined => data && Buffer.from(data).toString();
const files = (): string[] => readdirSync(folder).sort();
const only = (): string => join(folder, files().join());

describe("a cache on disk", () => {
  test("gives another process what was written, by its key", async () => {
    expect(await diskCache(folder).read("a")).toBeUndefined();
    await diskCache(folder).write("a", bytes("first"));
    await diskCache(folder).write("b", bytes(""));
    await diskCache(folder).write("a", bytes("second"));
    expect(text(await diskCache(folder).read("a"))).toBe("second");
    expect(text(await diskCache(folder).read("b"))).toBe("");
    expect(await diskCache(folder).read("c")).toBeUndefined();
    expect(files()).toHaveLength(2);
  });

  test.each<[string, (path: string) => void]>([
    ["cut off", (path) => truncateSync(path, statSync(path).size - 1)],
    ["cut off in its head", (path) => truncateSync(path, 7)],
    ["empty", (path) => writeFileSync(path, "")],
    ["longer", (path) => writeFileSync(path, "x", { flag: "a" })],
    [
      "of another kind",
      (path) => writeFileSync(path, Buffer.concat([Buffer.from("other___"), readFileSync(path).subarray(8)])),
    ],
    [
      "changed in one bit",
      (path) => {
        const data = readFileSync(path);
        data[data.length - 3]! ^= 4;
        writeFileSync(path, data);
      },
    ],
  ])("a file that is %s is none, and is removed", async (_name, damage) => {
    await diskCache(folder).write("a", bytes("some data"));
    damage(only());
    expect(await diskCache(folder).read("a")).toBeUndefined();
    expect(files()).toEqual([]);
    await diskCache(folder).write("a", bytes("new data"));
    expect(text(await diskCache(folder).read("a"))).toBe("new data");
  });

  test("a file that was given the name of another is none, and is made again", async () => {
    await diskCache(folder).write("a", bytes("of a"));
    const [a = ""] = files();
    await diskCache(folder).write("b", bytes("of b"));
    const b = files().find((name) => name !== a) ?? "";
    renameSync(join(folder, a), join(folder, b));
    expect(await diskCache(folder).read("b")).toBeUndefined();
    await diskCache(folder).write("b", bytes("of b again"));
    expect(text(await diskCache(folder).read("b"))).toBe("of b again");
  });

  test("what was used last stays, within the bounds", async () => {
    const cache = diskCache(folder, { entries: 3, bytes: 1000 });
    const age = async (key: string, seconds: number): Promise<void> => {
      const before = new Set(readdirSync(folder, { withFileTypes: true }).map(({ name }) => name));
      await cache.write(key, bytes(key.repeat(100)));
      const made = files()
        .filter((name) => !before.has(name))
        .join();
      utimesSync(join(folder, made), Date.now() / 1000 - seconds, Date.now() / 1000 - seconds);
    };
    mkdirSync(folder, { recursive: true });
    await age("a", 400);
    await age("b", 300);
    await age("c", 200);
    expect(text(await cache.read("a"))).toBe("a".repeat(100));
    await cache.write("d", bytes("d"));
    expect(
      [await cache.read("a"), await cache.read("b"), await cache.read("c"), await cache.read("d")].map(
        (data) => text(data)?.[0],
      ),
    ).toEqual(["a", undefined, "c", "d"]);
    await cache.write("e", bytes("e".repeat(2000)));
    expect(files()).toHaveLength(1);
    expect(text(await cache.read("e"))).toBe("e".repeat(2000));
  });

  test("a folder that cannot be made or written is an empty cache", async () => {
    const file = join(scratch, "a file");
    writeFileSync(file, "");
    const inFile = diskCache(join(file, "in it"));
    await inFile.write("a", bytes("data"));
    expect(await inFile.read("a")).toBeUndefined();
    await diskCache(folder).write("a", bytes("data"));
    // Root may write everywhere.
    if (process.getuid?.() === 0) return;
    chmodSync(folder, 0o500);
    await diskCache(folder).write("b", bytes("data"));
    expect(await diskCache(folder).read("b")).toBeUndefined();
    expect(text(await diskCache(folder).read("a"))).toBe("data");
    chmodSync(folder, 0o700);
  });

  test("nobody else may read what is kept", async () => {
    await diskCache(folder).write("a", bytes("data"));
    if (process.platform === "win32") return;
    expect(statSync(only()).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });
});

describe("several processes", () => {
  let program: string;
  beforeAll(async () => {
    program = join(scratch, "program.mjs");
    const entry = join(scratch, "entry.ts");
    writeFileSync(
      entry,
      `
      import { diskCache } from ${JSON.stringify(resolve("src/rehearsal/stage/cache.ts"))};
      const [folder, letter, rounds] = process.argv.slice(2);
      const data = new Uint8Array(20_000_000).fill(letter.charCodeAt(0));
      process.stdout.write("ready\\n");
      for (let round = 0; round < Number(rounds); round++) await diskCache(folder).write("key", data);
    `,
    );
    const bundle = await rolldown({ input: entry, platform: "node" });
    await bundle.write({ file: program, format: "esm" });
  });

  const start = (letter: string, rounds: number) => {
    const child = spawn(process.execPath, [program, folder, letter, String(rounds)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code)));
    return { child, ready: new Promise<void>((resolve) => child.stdout.once("data", () => resolve())), ended };
  };

  test("that write the same key at once: one of them is read, whole", async () => {
    const writers = [start("a", 8), start("b", 8)];
    await Promise.all(writers.map(({ ready }) => ready));
    let reads = 0;
    const writing = Promise.all(writers.map(({ ended }) => ended));
    let done = false;
    void writing.then(() => (done = true));
    while (!done) {
      const data = await diskCache(folder).read("key");
      if (!data) continue;
      reads++;
      expect(data.length).toBe(20_000_000);
      expect(Buffer.from(data.buffer, data.byteOffset, data.length).equals(Buffer.alloc(20_000_000, data[0]))).toBe(
        true,
      );
    }
    expect(await writing).toEqual([0, 0]);
    expect(reads).toBeGreaterThan(0);
    expect(files()).toHaveLength(1);
  });

  test("one that is killed while it writes: nothing of it is read, and nothing of it stays", async () => {
    await diskCache(folder).write("key", bytes("before"));
    const halves = (): string[] => files().filter((name) => name.endsWith(".tmp"));
    for (let round = 0; round < 3; round++) {
      const { child, ready, ended } = start("k", 1000);
      await ready;
      while (halves().length === 0 && child.exitCode === null) await new Promise((resolve) => setImmediate(resolve));
      child.kill("SIGKILL");
      await ended;
      // Not by the next run: by the process that was left to watch.
      await vi.waitFor(() => expect(halves()).toEqual([]), { timeout: 20_000 });
      const data = await diskCache(folder).read("key");
      expect(data && (text(data) === "before" || data.length === 20_000_000)).toBe(true);
    }
  }, 90_000);

  test("what nobody could remove is removed by the next run, unless its process is alive", async () => {
    mkdirSync(folder, { recursive: true });
    const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
    const name = (pid: number): string => `${"0".repeat(40)}.${host}.${pid}.${"0".repeat(8)}.tmp`;
    for (const pid of [process.pid, 2 ** 22 + 1]) writeFileSync(join(folder, name(pid)), "");
    await diskCache(folder).read("key");
    expect(files()).toEqual([name(process.pid)]);
  });

  test("leftovers of another machine stay for an hour, foreign files for ever", async () => {
    mkdirSync(folder, { recursive: true });
    const name = (host: string): string => `${"0".repeat(40)}.${host}.1.${"0".repeat(8)}.tmp`;
    writeFileSync(join(folder, name("aaaaaaaa")), "");
    writeFileSync(join(folder, name("bbbbbbbb")), "");
    writeFileSync(join(folder, "notes.tmp"), "");
    utimesSync(join(folder, name("bbbbbbbb")), Date.now() / 1000 - 3700, Date.now() / 1000 - 3700);
    await diskCache(folder).read("key");
    expect(files()).toEqual([name("aaaaaaaa"), "notes.tmp"].sort());
  });
});

test("the folder", () => {
  const of = (environment: Record<string, string>, platform: NodeJS.Platform) =>
    cacheFolder(environment, platform, join("/home", "me"));
  expect(of({}, "linux")).toBe(join("/home/me/.cache/lockstep"));
  expect(of({ XDG_CACHE_HOME: "/caches" }, "linux")).toBe(join("/caches/lockstep"));
  expect(of({ XDG_CACHE_HOME: "caches" }, "linux")).toBe(join("/home/me/.cache/lockstep"));
  expect(of({}, "darwin")).toBe(join("/home/me/Library/Caches/lockstep"));
  expect(of({ LOCALAPPDATA: "/local" }, "win32")).toBe(join("/local/lockstep/Cache"));
  expect(of({ LOCKSTEP_CACHE_DIR: "mine", XDG_CACHE_HOME: "/caches" }, "linux")).toBe(resolve("mine"));
  expect(of({ LOCKSTEP_CACHE_DIR: "" }, "linux")).toBe(join("/home/me/.cache/lockstep"));
});

describe("a stage with a cache on disk", () => {
  test("goes on where another process stopped, also from files that are damaged or do not open", async () => {
    const first = embeddedStage({ extensions: [], cache: diskCache(folder) });
    const opened = await first.fresh();
    if (!opened.ok) throw new Error(opened.message);
    await opened.value.run("create table t (a int); insert into t values (1)");
    await first.keep(opened.value, "lasting", true);
    await opened.value.run("insert into t values (2)");
    await first.keep(opened.value, "passing");
    await first.close();
    expect(files()).toHaveLength(2);

    const second = embeddedStage({ extensions: [], cache: diskCache(folder) });
    second.prewarm("lasting");
    expect(await second.restore("passing")).toBeUndefined();
    const restored = await second.restore("lasting");
    expect(await restored?.query("select a from t")).toEqual([{ a: 1 }]);
    const again = await second.fresh();
    expect(again.ok && (await again.value.query("select to_regclass('t') is null as gone"))).toEqual([{ gone: true }]);
    await second.close();

    // A whole file that is no data directory, and one that is cut off.
    const contents = files()
      .map((name) => join(folder, name))
      .sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
    const spy = diskCache(folder);
    const keys: string[] = [];
    const third = embeddedStage({
      extensions: [],
      cache: { read: (key) => (keys.push(key), spy.read(key)), write: (key, data) => spy.write(key, data) },
    });
    await third.restore("lasting");
    await third.close();
    await spy.write(keys[0]!, bytes("no data directory at all"));
    const fourth = embeddedStage({ extensions: [], cache: diskCache(folder) });
    expect(await fourth.restore("lasting")).toBeUndefined();
    truncateSync(contents[0]!, 100);
    const fresh = await fourth.fresh();
    expect(fresh.ok && (await fresh.value.query("select 1 as a"))).toEqual([{ a: 1 }]);
    await fourth.close();
  }, 120_000);

  test("the extensions that are loaded belong to the key", async () => {
    const keys: string[] = [];
    const cache = { read: async (key: string) => (keys.push(key), undefined), write: async () => undefined };
    for (const extensions of [[], ["citext"], ["no_such_extension"]]) {
      const stage = embeddedStage({ extensions, cache });
      await stage.restore("key");
      await stage.close();
    }
    expect(new Set(keys).size).toBe(2);
  });
});
