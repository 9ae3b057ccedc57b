import { type CompletionItem, CompletionItemKind, type DocumentLink, MarkupKind } from "vscode-languageserver";
import { pageUriOf } from "../../project/pages.ts";
import { ruleMentions, unfinishedIgnore } from "./ignores.ts";
import { lspPosition, lspRange } from "./places.ts";
import type { Judged } from "./project.ts";
import { ruleMarkdown } from "./statement-views.ts";

/** In a comment: the words that suppress, then the rules, those with a finding below first. */
export function completions(judged: Judged, offset: number): CompletionItem[] {
  const unfinished = unfinishedIgnore(judged, offset);
  if (!unfinished) return [];
  const range = { start: lspPosition(judged.file, unfinished.start), end: lspPosition(judged.file, offset) };
  if (unfinished.what === "word") {
    return (["lockstep-ignore", "lockstep-ignore-file"] as const).map((label) => ({
      label,
      kind: CompletionItemKind.Keyword,
      detail: label === "lockstep-ignore" ? "for the next statement: rule: reason" : "for this file: rule: reason",
      textEdit: { range, newText: `${label} ` },
    }));
  }
  const next = judged.script().statements.find(({ range: { end } }) => end > offset)?.range;
  const found = new Set(
    judged.findings
      .filter((finding) => next && finding.range.start >= next.start && finding.range.start <= next.end)
      .map(({ rule }) => rule),
  );
  return judged.rules.map((rule) => ({
    label: rule.id,
    kind: CompletionItemKind.EnumMember,
    detail: rule.title,
    documentation: { kind: MarkupKind.Markdown, value: ruleMarkdown(rule) },
    sortText: `${found.has(rule.id) ? 0 : 1}${rule.id}`,
    textEdit: { range, newText: rule.id },
  }));
}

/** From the rule names in suppressing comments to their pages. */
export function links(judged: Judged): DocumentLink[] {
  return ruleMentions(judged).flatMap(({ rule: id, start, end }) => {
    const rule = judged.rules.find((each) => each.id === id);
    const target = rule && pageUriOf(rule);
    return target === undefined
      ? []
      : [{ range: lspRange(judged.file, { start, end }), target, tooltip: "The rule's page" }];
  });
}
