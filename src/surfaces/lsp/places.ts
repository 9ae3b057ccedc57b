import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { existsSync } from "node:fs";
import type { Range as LspRange } from "vscode-languageserver";
import { DOWN_FILE, LOCK_FILE, looksLikePrisma, MIGRATION_FILE } from "../../source/layout.ts";
import { position, type Range, type SourceFile } from "../../source/text.ts";

/** The absolute path of a `file:` URI; undefined for others and for what is no path here. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

export const uriOf = (path: string): string => pathToFileURL(path).href;

/** Zero-based, in UTF-16 code units, which is what the server announces. */
export function lspRange(file: SourceFile, { start, end }: Range): LspRange {
  return { start: lspPosition(file, start), end: lspPosition(file, end) };
}

export function lspPosition(file: SourceFile, offset: number): LspRange["start"] {
  const { line, column } = position(file, offset);
  return { line: line - 1, character: column - 1 };
}

/** The migrations directory that a migration.sql or down.sql belongs to, by its place alone: it need not be on disk. */
export function migrationsDirectoryOf(path: string): string | undefined {
  const name = basename(path);
  if (name !== MIGRATION_FILE && name !== DOWN_FILE) return undefined;
  const folder = dirname(path);
  const directory = dirname(folder);
  return looksLikePrisma(basename(directory), basename(folder), existsSync(join(directory, LOCK_FILE)))
    ? directory
    : undefined;
}

export const isConfigFile = (path: string): boolean =>
  /^lockstep\.config\.(json|jsonc|js|mjs|ts)$/.test(basename(path));
