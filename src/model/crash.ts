import type { SourceFile } from "../source/text.ts";
import type { Statement } from "../sql/statement.ts";
import type { MutableCatalog } from "./apply/catalog.ts";
import { applySession } from "./apply/session.ts";

/** An exception where none is expected: a bug, of lockstep or of a rule. What it says of a statement is that nothing is known of it. */
export interface Crash {
  readonly file: SourceFile;
  readonly migration: string;
  /** Absent where it was no single statement's. */
  readonly statement?: Statement | undefined;
  /** The rule that threw. */
  readonly rule?: string;
  readonly error: unknown;
}

/** Is told of a crash, after which everything else goes on. Where nobody is, the exception is thrown. */
export type Crashed = (crash: Crash) => void;

/** Runs what one statement does in `catalog`, and tells of what it throws: then nothing is certain there. False where it did not come to its end. */
export function guarded(
  crashed: Crashed | undefined,
  catalog: MutableCatalog,
  place: { readonly id: string; readonly file: SourceFile },
  statement: Statement,
  work: () => void,
): boolean {
  const tell = (error: unknown): false => {
    if (!crashed) throw error;
    crashed({ file: place.file, migration: place.id, statement, error });
    applySession(
      catalog,
      { kind: "opaque", range: statement.range, reason: "unsupported", what: "a statement" },
      { deployment: catalog.deployment, migration: place.id, statement: statement.index },
    );
    return false;
  };
  if (statement.crash) return tell(statement.crash.error);
  try {
    work();
    return true;
  } catch (error) {
    return tell(error);
  }
}
