// PGlite in a thread of its own: a statement that never ends can be stopped, and the main thread goes on with its own work meanwhile.
import { parentPort } from "node:worker_threads";
import { pack, unpack } from "./data-directory.mjs";

const DATA = "/pglite/data";

/** WAL in small segments: with 16 MB each, most of a data directory is zeros. What else is said is for terminals and disks. */
const INITDB = ["--wal-segsize=1", "--no-sync", "--no-instructions"];

/** PGlite's own 128 MB of shared buffers are most of what a start costs; everything is in memory anyway. */
const SETTINGS = { shared_buffers: "16MB", min_wal_size: "2MB", wal_recycle: "off" };

/** @type {import("@electric-sql/pglite").PGlite | undefined} */
let db;
/** @type {typeof import("@electric-sql/pglite") | undefined} */
let pglite;

const calls = {
  /** Ends the database before. `extensions`: [name, module, export]; `data`: a packed data directory. */
  async open({ extensions, data }) {
    await calls.close();
    pglite ??= await import("@electric-sql/pglite");
    const loaded = {};
    for (const [name, module, exported] of extensions) loaded[name] = (await import(module))[exported];
    db = await pglite.PGlite.create({
      extensions: loaded,
      initDbStartParams: INITDB,
      startParams: [
        ...pglite.PGlite.defaultStartParams,
        ...Object.entries(SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      ],
      ...(data && { fs: filled(data) }),
    });
    const { rows } = await send("set timezone = 'UTC'; select current_setting('server_version')");
    return rows[0].current_setting;
  },
  async run({ sql }) {
    const { error, notices } = await send(sql);
    return error
      ? { ok: false, error: plain(error) }
      : { ok: true, notices: notices.map(({ severity, message }) => `${severity}: ${message}`) };
  },
  async query({ sql }) {
    const { error, rows } = await send(sql);
    return error ? { ok: false, error: plain(error) } : { ok: true, rows };
  },
  async dump() {
    // Without it the WAL since the start would be kept and replayed. In a failed transaction it is refused, and the WAL has all there is.
    await send("checkpoint");
    return pack(db.Module.FS, DATA);
  },
  async close() {
    const last = db;
    db = undefined;
    await last?.close();
  },
};

/**
 * Sends a simple query and reads what comes back: rows of the last statement, notices, the first error. The message after it ends a COPY
 * FROM STDIN, which would wait for ever; PostgreSQL ignores it otherwise (https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-COPY).
 */
async function send(sql) {
  const { serialize } = pglite.protocol;
  const notices = [];
  const messages = await db.execProtocolStream(
    Buffer.concat([serialize.query(sql), serialize.copyFail("there is no standard input")]),
    { throwOnError: false, onNotice: (notice) => notices.push(notice) },
  );
  let error;
  let fields = [];
  let rows = [];
  let answered = false;
  for (const message of messages) {
    if (message.name === "rowDescription") fields = message.fields;
    else if (message.name === "dataRow")
      rows.push(
        Object.fromEntries(
          message.fields.map((value, at) => [
            fields[at].name,
            pglite.types.parseType(value, fields[at].dataTypeID, db.parsers),
          ]),
        ),
      );
    else if (message.name === "error") error ??= message;
    else if (message.name === "readyForQuery") answered = true;
    if (message.name === "commandComplete" && message !== messages.findLast(({ name }) => name === "commandComplete")) {
      fields = [];
      rows = [];
    }
  }
  // A stack overflow in WebAssembly is swallowed by PGlite; then and ever after there are no answers.
  if (!answered)
    throw new Broken("The embedded database broke down, as after a stack overflow, and gives no more answers.");
  return { error, rows, notices };
}

class Broken extends Error {}

/** A file system in memory that starts with a data directory. https://pglite.dev/docs/filesystems#custom-filesystems */
function filled(data) {
  let started;
  return {
    async init(pg, emscriptenOpts) {
      started = pg;
      return { emscriptenOpts };
    },
    async initialSyncFs() {
      unpack(started.Module.FS, DATA, data);
    },
    async syncToFs() {},
    async closeFs() {
      started.Module.FS.quit();
    },
  };
}

/** What of a database error can be sent to another thread. */
function plain({ code, message, detail, hint, position, schema, table, column, constraint }) {
  return { code, message, detail, hint, position, schema, table, column, constraint };
}

/** PostgreSQL has crashed or was ended by what it ran; anything else is a bug. */
function isBreakdown(error) {
  return (
    error instanceof Broken ||
    error instanceof WebAssembly.RuntimeError ||
    error instanceof RangeError ||
    error?.name === "ExitStatus"
  );
}

let queue = Promise.resolve();
parentPort.on("message", ({ id, call, given }) => {
  queue = queue.then(async () => {
    try {
      const value = await calls[call](given);
      parentPort.postMessage({ id, value }, value instanceof Uint8Array ? [value.buffer] : []);
    } catch (error) {
      if (isBreakdown(error)) parentPort.postMessage({ id, broken: error.message });
      else
        parentPort.postMessage({
          id,
          thrown: error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) },
        });
    }
  });
});
