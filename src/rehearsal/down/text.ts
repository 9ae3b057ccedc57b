import type { RunStatement } from "./run.ts";
import type { Note } from "./step.ts";
import type { CatalogDifference } from "../../model/observation.ts";
import type { LeftOut } from "../../evidence/rehearsal.ts";
import { prisma } from "../../advice/programs/prisma.ts";
import { ledger } from "../../advice/programs/ledger.ts";
import type { ProjectFacts } from "../../advice/programs/facts.ts";

export interface DownText {
  readonly id: string;
  readonly path: string;
  /** For the command that runs it. */
  readonly facts: ProjectFacts;
  /** Of the PostgreSQL that it ran in. */
  readonly version: string;
  /** It ran in empty tables only. */
  readonly withoutRows: boolean;
  readonly statements: readonly RunStatement[];
  readonly beyond: readonly Note[];
  readonly differences: readonly CatalogDifference[];
  /** What of the migration could not be run, so that nothing here undoes it. */
  readonly leftOut: readonly LeftOut[];
}

export interface DownFile {
  readonly text: string;
  /** One-based: where the first statement that cannot bring data back says so. */
  readonly lossLine?: number;
}

/** The file: a header, what cannot be undone, then the statements, each under Prisma's word for it. No BEGIN: `prisma db execute` sends it as one message, which is one transaction. */
export function downText({
  id,
  path,
  facts,
  version,
  withoutRows,
  statements,
  beyond,
  differences,
  leftOut,
}: DownText): DownFile {
  const notRestored = [
    ...differences.map(({ kind, object, change }) => `Not restored: ${kind} ${object} is ${change}.`),
    ...leftOut.map(
      ({ file, range, why }) =>
        `Not undone: ${/^.*/.exec(file.text.slice(range.start, range.end))?.[0] ?? ""}, which did not run: ${why}.`,
    ),
  ];
  const header = [
    `Leads from the schema after the migration ${id} back to the one before it.`,
    `Run in PostgreSQL ${version}${withoutRows ? ", in empty tables (the rows that migrations insert make it fail)" : ""}: the schema is then ${differences.length === 0 ? "" : "not all of "}what it was.`,
    "",
    `1. ${prisma.execute(facts, path).text}`,
    "2. Prisma's ledger does not know of that, and migrate resolve --rolled-back refuses a migration that succeeded (P3012). Run too:",
    `   ${ledger.forget([id]).text}`,
    "   The next migrate deploy applies the migration again unless its folder is taken out.",
    ...(beyond.length + notRestored.length > 0 ? [""] : []),
    ...beyond.map(({ text }) => `${text}.`),
    ...notRestored,
  ];
  const parts: readonly { readonly text: string; readonly kind?: Note["kind"] }[] = [
    ...header.map((line) => ({ text: comment(line) })),
    ...statements.flatMap(({ title, sql, notes }) => [
      ...(title === undefined ? [] : [{ text: `\n-- ${title}` }]),
      ...notes.map(({ kind, text }) => ({ kind, text: comment(`${text}.`) })),
      { text: terminated(sql) },
    ]),
  ];
  const loss = parts.findIndex(({ kind }) => kind === "lost before");
  return {
    text: `${parts.map((part) => part.text).join("\n")}\n`,
    ...(loss >= 0 && { lossLine: parts.slice(0, loss).reduce((line, part) => line + lines(part.text), 1) }),
  };
}

const lines = (text: string): number => text.split("\n").length;

const comment = (line: string): string => `-- ${line.replaceAll(/\s*\n\s*/g, " ")}`.trimEnd();

/** A line comment at the end of a statement would swallow the semicolon. */
const terminated = (sql: string): string => (/--[^\n]*$/.test(sql) ? `${sql}\n;` : `${sql};`);
