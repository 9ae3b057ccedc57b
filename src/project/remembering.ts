import type { Reader, Script } from "../sql/statement.ts";

/** The reader, but each text is read once: branches have most of theirs in common, and a fix is followed by another check. */
export function remembering(reader: Reader): Reader {
  const texts = new Map<string, Script>();
  return {
    ...reader,
    read(text) {
      let known = texts.get(text);
      if (!known) texts.set(text, (known = reader.read(text)));
      return known;
    },
  };
}
