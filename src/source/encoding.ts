import type { SourceFile } from "./text.ts";

const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/**
 * Bytes of a file as text. A BOM and carriage returns stay in the text, so that offsets count them;
 * byte sequences that are not UTF-8 become U+FFFD and set `invalidUtf8`.
 */
export function decode(path: string, bytes: Uint8Array): SourceFile {
  const text = lenient.decode(bytes);
  // U+FFFD may also be in the file itself, so its presence alone proves nothing.
  if (!text.includes("\uFFFD")) return { path, text };
  try {
    strict.decode(bytes);
    return { path, text };
  } catch {
    return { path, text, invalidUtf8: true };
  }
}
