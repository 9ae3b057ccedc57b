import { tokenize } from "../../sql/tokens.ts";

/**
 * Whether Prisma takes `current` for the migration that was applied as `applied`: by its SHA-256, where both kinds of line endings are
 * tried for the current text. Comments and blanks count.
 */
export function sameMigration(applied: string, current: string): boolean {
  return (
    applied === current || applied === current.replaceAll("\r\n", "\n") || applied === current.replaceAll("\n", "\r\n")
  );
}

/** Whether two texts differ in comments and blanks only. */
export function sameButComments(one: string, other: string): boolean {
  const words = (text: string): string =>
    tokenize(text)
      .filter(({ kind }) => kind !== "comment")
      .map(({ start, end }) => text.slice(start, end))
      .join("\0");
  return words(one) === words(other);
}
