// PGlite in a thread of its own: a statement that never ends can be stopped, and the main thread goes on with its own work meanwhile.
import { parentPort } from "node:worker_threads";

/** @type {import("@electric-sql/pglite").PGlite | undefined} */
let db;

const calls = {
  /** `extensions`: [name, module, export]; `data`: a data directory as a tar file. */
  async open({ extensions, data }) {
    const { PGlite } = await import("@electric-sql/pglite");
    const loaded = {};
    for (const [name, module, exported] of extensions) loaded[name] = (await import(module))[exported];
    db = await PGlite.create({ extensions: loaded, ...(data && { loadDataDir: new Blob([data]) }) });
  },
  async run({ sql }) {
    const notices = [];
    try {
      await db.exec(sql, { onNotice: ({ severity, message }) => notices.push(`${severity}: ${message}`) });
      return { ok: true, notices };
    } catch (error) {
      return { ok: false, error: plain(error) };
    }
  },
  async query({ sql }) {
    try {
      return { ok: true, rows: (await db.exec(sql)).at(-1)?.rows ?? [] };
    } catch (error) {
      return { ok: false, error: plain(error) };
    }
  },
  async dump() {
    const file = await db.dumpDataDir("none");
    return new Uint8Array(await file.arrayBuffer());
  },
  async close() {
    await db?.close();
    db = undefined;
  },
};

/** What of a database error can be sent to another thread. Anything else is a bug and goes on as one. */
function plain(error) {
  if (typeof error?.code !== "string" || !/^[0-9A-Z]{5}$/.test(error.code)) throw error;
  const { code, message, detail, hint, position, schema, table, column, constraint } = error;
  return { code, message, detail, hint, position, schema, table, column, constraint };
}

parentPort.on("message", async ({ id, call, given }) => {
  try {
    const value = await calls[call](given);
    parentPort.postMessage({ id, value }, value instanceof Uint8Array ? [value.buffer] : []);
  } catch (error) {
    parentPort.postMessage({ id, thrown: error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) } });
  }
});
