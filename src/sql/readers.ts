import type { Reader } from "./statement.ts";

/** The reader by its name, loaded: after that it reads synchronously. */
export async function loadReader(name: Reader["name"]): Promise<Reader> {
  const reader =
    name === "portable"
      ? (await import("./portable/read.ts")).portableReader
      : (await import("./postgres/read.ts")).postgresReader;
  await reader.load();
  return reader;
}
