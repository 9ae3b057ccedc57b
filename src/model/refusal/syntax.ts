import type { YoungSyntax } from "../../sql/young.ts";
import { SYNTAX } from "../postgres/versions.ts";
import type { Refusal } from "../typing/refusal.ts";

/** Syntax that the server's version does not read yet. */
export function syntaxRefusal(young: readonly YoungSyntax[], postgres: number): Refusal | undefined {
  const missing = young.map((each) => SYNTAX[each]).find(({ since }) => postgres < since);
  if (!missing) return undefined;
  const { since, near, refusal } = missing;
  return {
    sqlstate: refusal?.sqlstate ?? "42601",
    message: refusal?.message ?? (near === undefined ? "syntax error" : `syntax error at or near "${near}"`),
    about: "version",
    since,
  };
}
