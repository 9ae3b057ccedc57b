import type { Range } from "../source/text.ts";
import type { Mention } from "./mention.ts";
import type { YoungSyntax } from "./young.ts";
import type { Operation } from "./operation/index.ts";

/** A comment as it is written, with its marks. */
export interface Comment {
  readonly range: Range;
  readonly text: string;
}

/** A name that is too long: https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
export interface CutName {
  readonly range: Range;
  /** As it is written, without quotes. */
  readonly written: string;
  /** What PostgreSQL takes it for. */
  readonly kept: string;
}

export interface Statement {
  /** As PostgreSQL's parser returns them: the first statement of the file is 0, empty ones do not count. */
  readonly index: number;
  /** From the first to the last token, without comments before it and without the semicolon. */
  readonly range: Range;
  /** Comments between the statement before and this one. */
  readonly comments: readonly Comment[];
  /** Empty where the statement could not be parsed. */
  readonly operations: readonly Operation[];
  /** The statement is in the coverage as not understood. */
  readonly broken: boolean;
  /** Names that PostgreSQL cuts, since they are longer than 63 bytes. */
  readonly cut?: readonly CutName[];
  /** Syntax in it that not every version reads; absent where there is none, and where the reader does not look for it. */
  readonly young?: readonly YoungSyntax[];
  /** What the reader threw at it, which is a bug: nothing is known of the statement then. */
  readonly crash?: { readonly error: unknown };
  /** What it says that no operation has; worked out when asked for. Absent where the text is no SQL by PostgreSQL's own grammar, so that it would not run. */
  readonly mentions?: () => readonly Mention[];
}

export interface SyntaxError {
  readonly range: Range;
  /** PostgreSQL's own words where it is the reader. */
  readonly message: string;
  /** It is no SQL at all, and the rest is read without it. */
  readonly foreign?: "encoding" | "unfinished merge" | "rows of COPY" | "psql command" | "command output";
}

/** What a reader makes of one text. Never throws: a text that is no SQL has `errors`. */
export interface Script {
  readonly statements: readonly Statement[];
  readonly errors: readonly SyntaxError[];
  /** All comments of the text, in order: suppressions and headers are read from them. */
  readonly comments: readonly Comment[];
  /** Ranges that were not understood though they are no error (the portable reader's gaps). */
  readonly gaps: readonly Range[];
}

/** The two readers. `read` is synchronous once `load` has settled, because editors and ESLint need it so. */
export interface Reader {
  readonly name: "postgres" | "portable";
  load(): Promise<void>;
  read(text: string): Script;
}
