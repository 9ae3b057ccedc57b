/**
 * libpg-query counts UTF-8 bytes, lockstep UTF-16 code units. This is the one place that converts.
 * A lone surrogate is encoded as U+FFFD, three bytes.
 */
export function unitsOfBytes(text: string): (byte: number) => number {
  if (!/[^\u0000-\u007f]/.test(text)) return (byte) => Math.max(0, Math.min(byte, text.length));
  const units: number[] = [];
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i) as number;
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let b = 0; b < bytes; b++) units.push(i);
    i += code > 0xffff ? 2 : 1;
  }
  return (byte) => (byte < 0 ? 0 : (units[byte] ?? text.length));
}

/** The offset in UTF-16 code units of a count of characters (code points), which is how PostgreSQL places its errors. */
export function unitsOfCharacters(text: string, characters: number): number {
  let i = 0;
  for (let n = 0; n < characters && i < text.length; n++) i += (text.codePointAt(i) as number) > 0xffff ? 2 : 1;
  return i;
}
