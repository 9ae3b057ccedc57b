import type { Crash } from "../model/crash.ts";
import { position } from "../source/text.ts";
import { printable } from "./text/width.ts";

/** What a person is told of a bug that was met, as one sentence. `address`: where it is reported, if it is known. */
export function crashInWords(crash: Crash, address?: string): string {
  const { file, migration, statement, rule } = crash;
  const line = position(file, statement?.range.start ?? 0).line;
  const what =
    statement === undefined
      ? `${migration} (${file.path})`
      : `statement ${statement.index + 1} of ${migration} (${file.path}:${line})`;
  return printable(
    `An internal error${rule === undefined ? "" : ` of the rule ${rule}`} (${said(crash.error)}) kept ${what} from being checked in full, while everything else was: please report it${to(crash, address)}, with the SQL that it is about.`,
  );
}

/** Where it was thrown. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? said(error)) : said(error);
}

/** The first line of what was thrown. */
export function said(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : `${typeof error} thrown`;
  return text.split("\n")[0]?.slice(0, 200) ?? "";
}

/** The engine names the plugin in the error of a rule that is not ours to repair. */
function to({ rule, error }: Crash, address: string | undefined): string {
  if (rule !== undefined && error instanceof Error && error.message.startsWith(`The rule ${rule} of the plugin `))
    return " to those who wrote the rule";
  return address === undefined ? "" : ` at ${address}`;
}
