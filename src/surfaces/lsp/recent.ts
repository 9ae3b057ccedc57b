import type { Reader, Script } from "../../sql/statement.ts";

const KEPT = 48;

/** The reader, but the texts that were read last are not read again. Others are forgotten: an editor makes a new text with every key. */
export function recent(reader: Reader): Reader {
  const scripts = new Map<string, Script>();
  return {
    ...reader,
    read(text) {
      const known = scripts.get(text);
      scripts.delete(text);
      const script = known ?? reader.read(text);
      scripts.set(text, script);
      if (scripts.size > KEPT)
        for (const oldest of scripts.keys()) {
          scripts.delete(oldest);
          break;
        }
      return script;
    },
  };
}
