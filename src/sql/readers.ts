import type { Reader } from "./statement.ts";

const loaded = new Map<Reader["name"], Reader>();

/** The reader by its name, loaded: after that it reads synchronously. */
export async function loadReader(name: Reader["name"]): Promise<Reader> {
  const reader =
    name === "portable"
      ? (await import("./portable/read.ts")).portableReader
      : (await import("./postgres/read.ts")).postgresReader;
  await reader.load();
  loaded.set(name, reader);
  return reader;
}

/** The reader that somebody has loaded before. */
export function loadedReader(name: Reader["name"]): Reader {
  const reader = loaded.get(name);
  if (!reader) throw new Error(`the reader ${name} is not loaded yet`);
  return reader;
}
