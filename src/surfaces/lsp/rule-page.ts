import { MessageType, type ShowDocumentParams, type ShowDocumentResult } from "vscode-languageserver";
import { didYouMean } from "../../engine/nearest.ts";
import type { AnyRule } from "../../engine/rule.ts";
import { addressOf, pagePathOf, pageTextOf } from "../../project/pages.ts";
import { uriOf } from "./places.ts";
import { ruleSentences } from "./statement-views.ts";

/** Asks the client to open something; undefined where it cannot. */
export type Opening = (params: ShowDocumentParams) => Promise<ShowDocumentResult | undefined>;

/** Opens the page of a rule in the client; where it does not, the rule is told in a message. */
export async function showPage(
  id: string,
  rules: readonly AnyRule[],
  open: Opening,
  tell: (type: MessageType, message: string) => void,
): Promise<void> {
  const rule = rules.find((each) => each.id === id);
  if (!rule) {
    const known = rules.map((each) => each.id);
    tell(MessageType.Warning, `There is no rule ${id}.${didYouMean(id, known)}`);
    return;
  }
  const path = pagePathOf(rule);
  const place = path ?? addressOf(rule);
  const shown =
    place === undefined
      ? undefined
      : await open(path === undefined ? { uri: place, external: true } : { uri: uriOf(path), takeFocus: true });
  if (shown?.success === true) return;
  const page = place === undefined ? pageTextOf(rule) : `Its page: ${place}`;
  tell(MessageType.Info, [...ruleSentences(rule), ...(page === undefined ? [] : [page])].join(" "));
}
