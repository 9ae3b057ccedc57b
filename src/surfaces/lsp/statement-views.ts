import {
  type CodeLens,
  type DocumentSymbol,
  type Hover,
  type InlayHint,
  InlayHintKind,
  MarkupKind,
  SymbolKind,
} from "vscode-languageserver";
import type { AnyRule } from "../../engine/rule.ts";
import { effectsMarkdown, headline, strongestLock } from "../../report/effects/markdown.ts";
import { pageUriOf } from "../../project/pages.ts";
import { sqlMode } from "../../sql/lock-modes.ts";
import type { OperationKind } from "../../sql/operation/index.ts";
import { tokenize } from "../../sql/tokens.ts";
import { ruleMentions } from "./ignores.ts";
import { lspPosition, lspRange } from "./places.ts";
import type { Judged } from "./project.ts";

/** The effects of the statement at `offset`, or the rule that a suppression names there. */
export function hoverAt(judged: Judged, offset: number): Hover | undefined {
  const mention = ruleMentions(judged).find(({ start, end }) => start <= offset && offset <= end);
  const rule = mention && judged.rules.find(({ id }) => id === mention.rule);
  if (mention && rule) return hover(ruleMarkdown(rule), lspRange(judged.file, mention));
  const statement = judged.statements().find(({ range }) => range.start <= offset && offset <= range.end);
  if (!statement) return undefined;
  const { transaction } = statement;
  const together =
    transaction === null ? 0 : judged.statements().filter((each) => each.transaction === transaction).length - 1;
  const held =
    together > 0
      ? `\n\nIts locks are held until the end of a transaction with ${together} other ${together === 1 ? "statement" : "statements"}.`
      : "";
  return hover(effectsMarkdown(statement) + held, lspRange(judged.file, statement.range));
}

/** The rule in a sentence or two. Help that needs a finding to be said is left out. */
export const ruleSentences = ({ id, title, help }: AnyRule, name = id): readonly string[] => [
  `${name}: ${title}.`,
  ...(help.includes("{") ? [] : [help]),
];

export function ruleMarkdown(rule: AnyRule): string {
  const page = pageUriOf(rule);
  return [...ruleSentences(rule, `**${rule.id}**`), ...(page === undefined ? [] : [`[The rule's page](${page})`])].join(
    "\n\n",
  );
}

const hover = (value: string, range: Hover["range"]): Hover => ({
  contents: { kind: MarkupKind.Markdown, value },
  ...(range && { range }),
});

/** One over each statement that others could notice, with the client's command that shows more of it. */
export function lenses(judged: Judged, uri: string, command: string): CodeLens[] {
  return judged.statements().flatMap((statement) => {
    const title = headline(statement);
    const range = lspRange(judged.file, statement.range);
    return title === undefined
      ? []
      : [
          {
            range: { start: range.start, end: range.start },
            command: { title, command, arguments: [uri, range.start] },
          },
        ];
  });
}

/** The strongest lock of each statement, at its end. */
export function hints(
  judged: Judged,
  visible: { readonly start: { readonly line: number }; readonly end: { readonly line: number } },
): InlayHint[] {
  return judged.statements().flatMap((statement) => {
    const lock = strongestLock(statement);
    const position = lspPosition(judged.file, statement.range.end);
    if (!lock || position.line < visible.start.line || position.line > visible.end.line) return [];
    return [
      {
        position,
        label: sqlMode(lock.mode),
        kind: InlayHintKind.Type,
        paddingLeft: true,
        tooltip: { kind: MarkupKind.Markdown, value: effectsMarkdown(statement) },
      },
    ];
  });
}

const KINDS: readonly (readonly [RegExp, SymbolKind])[] = [
  [/Table$|^attachPartition|^detachPartition/, SymbolKind.Struct],
  [/Column|Identity|Default|NotNull/, SymbolKind.Field],
  [/Index/, SymbolKind.Key],
  [/Key|Check|Unique|Exclusion|Constraint/, SymbolKind.Interface],
  [/Type|Enum|Domain/, SymbolKind.Enum],
  [/Function|Trigger|call/, SymbolKind.Function],
  [/View/, SymbolKind.Class],
];

/** The statements of the file, by their first words. */
export function symbols({ file, script }: Judged): DocumentSymbol[] {
  return script().statements.map(({ range, operations }) => {
    const at = lspRange(file, range);
    const kind: OperationKind | undefined = operations[0]?.kind;
    return {
      name: firstWords(file.text.slice(range.start, Math.min(range.end, range.start + 400))),
      kind: KINDS.find(([pattern]) => kind !== undefined && pattern.test(kind))?.[1] ?? SymbolKind.Event,
      range: at,
      selectionRange: at,
    };
  });
}

const LONGEST = 80;

function firstWords(text: string): string {
  const comments = /--|\/\*/.test(text) ? tokenize(text).filter(({ kind }) => kind === "comment") : [];
  const bare = comments
    .reduceRight((rest, { start, end }) => `${rest.slice(0, start)} ${rest.slice(end)}`, text)
    .replace(/\s+/g, " ")
    .trim();
  return bare.length > LONGEST ? `${bare.slice(0, LONGEST - 1).trimEnd()}…` : bare || "…";
}
