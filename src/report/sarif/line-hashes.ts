/** Code units that a hash looks at, from the line's start on, and the base of the polynomial. */
const WINDOW = 100;
const BASE = 37;
const WORD = 0x1_0000_0000;
const END_OF_FILE = 0xffff;

/** 37^100 modulo 2^64, as two halves: what a code unit weighs when it leaves the window. */
const LEAVING = (() => {
  let high = 0;
  let low = 1;
  for (let i = 0; i < WINDOW; i++) {
    const product = low * BASE;
    high = (high * BASE + Math.floor(product / WORD)) % WORD;
    low = product % WORD;
  }
  return { high, low };
})();

/**
 * GitHub's `primaryLocationLineHash` of every line, the first line at 0: a polynomial over the next 100 code units that are
 * no blank or tab, modulo 2^64, in hex, and how often this hash occurred up to here. Every line ending counts as one \n,
 * the end of the file as 0xFFFF and 100 zeros. The algorithm of github/codeql-action, src/fingerprints.ts.
 *
 * The 64 bits are kept as two halves in numbers: no product passes 2^53, and BigInt is ten times slower.
 */
export function lineHashes(text: string): readonly string[] {
  const units = new Uint16Array(WINDOW);
  /** The line that begins at this slot of the window, or -1. */
  const lineAt = new Int32Array(WINDOW).fill(-1);
  const seen = new Map<string, number>();
  const hashes: string[] = [];
  let high = 0;
  let low = 0;
  let slot = 0;
  let line = 0;
  let atStart = true;

  const emit = () => {
    const of = lineAt[slot] as number;
    if (of < 0) return;
    const hash = high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, "0");
    const occurrence = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, occurrence);
    hashes[of] = `${hash}:${occurrence}`;
    lineAt[slot] = -1;
  };
  const push = (unit: number) => {
    const leaving = units[slot] as number;
    const gain = low * BASE + unit;
    const loss = LEAVING.low * leaving;
    const difference = (gain % WORD) - (loss % WORD);
    high =
      (high * BASE +
        Math.floor(gain / WORD) -
        Math.floor(loss / WORD) -
        ((LEAVING.high * leaving) % WORD) +
        (difference < 0 ? -1 : 0)) %
      WORD;
    if (high < 0) high += WORD;
    low = difference < 0 ? difference + WORD : difference;
    units[slot] = unit;
    slot = slot === WINDOW - 1 ? 0 : slot + 1;
  };
  const feed = (unit: number) => {
    emit();
    if (atStart) lineAt[slot] = line++;
    atStart = unit === 10;
    push(unit);
  };

  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 32 || unit === 9 || (unit === 10 && text.charCodeAt(i - 1) === 13)) continue;
    feed(unit === 13 ? 10 : unit);
  }
  feed(END_OF_FILE);
  for (let i = 0; i < WINDOW; i++) {
    emit();
    push(0);
  }
  return hashes;
}

/** FNV-1a over UTF-16 code units, 64 bits as 16 hex digits. For names of things, not for secrets. */
export function fnv64(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}
