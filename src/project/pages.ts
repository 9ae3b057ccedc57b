import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { AnyRule } from "../engine/rule.ts";
import { rulePage, rulePagePath, rulePageUri, ruleUrl } from "./product.ts";

/** What a page is asked by: its rule's name and, for one that a plugin has, where it says its page is. */
type Documented = Pick<AnyRule, "id" | "docs">;

/** The public address of a rule's page; undefined where it has none. */
export function addressOf({ id, docs }: Documented): string | undefined {
  const href = hrefOf(docs);
  if (docs === undefined) return ruleUrl(id);
  return href !== undefined && /^https?:/.test(href) ? href : undefined;
}

/** The absolute path of a rule's page; undefined where it is no file. */
export function pagePathOf({ id, docs }: Documented): string | undefined {
  if (docs === undefined) return rulePagePath(id);
  const href = hrefOf(docs);
  return href?.startsWith("file:") ? fileURLToPath(href) : undefined;
}

/** Where an editor can open a rule's page: its public address, else its file. */
export const pageUriOf = ({ id, docs }: Documented): string | undefined =>
  docs === undefined ? rulePageUri(id) : hrefOf(docs);

/** The page of a rule in Markdown; undefined where it has none that can be read here. */
export function pageTextOf(rule: Documented): string | undefined {
  const { id, docs } = rule;
  if (docs === undefined) return rulePage(id);
  const path = pagePathOf(rule);
  if (path !== undefined) return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  return hrefOf(docs) === undefined ? String(docs) : undefined;
}

/** Of a URL, or of a text that is one. */
function hrefOf(docs: AnyRule["docs"]): string | undefined {
  if (docs instanceof URL) return docs.href;
  return docs !== undefined && /^(?:https?|file):\S+$/.test(docs.trim()) ? docs.trim() : undefined;
}
