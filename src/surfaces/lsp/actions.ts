import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Command,
  type Diagnostic,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { Edit, Finding, Fix } from "../../engine/finding.ts";
import { fixUntilStable } from "../../engine/fix.ts";
import type { SourceFile } from "../../source/text.ts";
import { ignoreComment, type IgnorePlace } from "./ignores.ts";
import { lspPosition, lspRange } from "./places.ts";
import type { Judged } from "./project.ts";

export const FIX_ALL = `${CodeActionKind.SourceFixAll}.lockstep`;
export const EXPLAIN = "lockstep.explain";

/** What a client can do with an action. */
export interface ActionAbilities {
  /** Edits with the version that they are for. */
  readonly versions: boolean;
  readonly snippets: boolean;
  /** A command of the client that asks for a reason. */
  readonly ignoreCommand?: string;
}

export interface ActionRequest {
  readonly uri: string;
  readonly version: number;
  readonly range: CodeActionParams["range"];
  readonly only: readonly string[] | undefined;
  readonly diagnostic: (finding: Finding) => Diagnostic;
}

const LABEL: Readonly<Record<Fix["safety"], string>> = {
  safe: "",
  unsafe: " (changes which rows, or when)",
  display: " (needs a decision)",
};

/** Fixes, "ignore with a reason" and "explain" for the findings that touch the range; all safe fixes where the client asks for a source action. */
export async function actionsFor(judged: Judged, request: ActionRequest, can: ActionAbilities): Promise<CodeAction[]> {
  const { only } = request;
  const wants = (kind: string): boolean =>
    only?.some((asked) => kind === asked || kind.startsWith(`${asked}.`)) ?? kind.startsWith(CodeActionKind.QuickFix);
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix)) {
    const here = judged.findings
      .filter((finding) => touches(judged.file, finding, request.range))
      .map((finding) => quickFixes(judged, finding, request, can));
    // What fixes comes first, whichever finding it is for.
    for (const group of ["fixes", "here", "explain", "inFile"] as const)
      actions.push(...here.flatMap((each) => each[group]));
  }
  if (wants(FIX_ALL)) {
    const text = await allSafeFixes(judged);
    if (text !== judged.file.text)
      actions.push({
        title: "Apply all safe fixes of lockstep",
        kind: FIX_ALL,
        edit: workspaceEdit(request, [replacement(judged.file, text)], can),
      });
  }
  return actions;
}

interface QuickFixes {
  readonly fixes: readonly CodeAction[];
  readonly here: readonly CodeAction[];
  readonly explain: readonly CodeAction[];
  readonly inFile: readonly CodeAction[];
}

function quickFixes(judged: Judged, finding: Finding, request: ActionRequest, can: ActionAbilities): QuickFixes {
  const diagnostics = [request.diagnostic(finding)];
  const action = (title: string, rest: Partial<CodeAction>): CodeAction => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics,
    ...rest,
  });
  const ignore = (scope: "statement" | "file"): readonly CodeAction[] => {
    const place = ignoreComment(judged, finding, scope);
    return place
      ? [
          action(
            `Ignore ${finding.rule} ${scope === "file" ? "in this file" : "here"}, with a reason`,
            ignoring(judged.file, place, request, can),
          ),
        ]
      : [];
  };
  const title = `Explain ${finding.rule}`;
  return {
    fixes: finding.fixes.map((fix) =>
      action(fix.title + LABEL[fix.safety], {
        edit: workspaceEdit(
          request,
          fix.edits.map((edit) => textEdit(finding.file, edit)),
          can,
        ),
        ...(fix.safety === "safe" && { isPreferred: true }),
      }),
    ),
    here: ignore("statement"),
    explain: [action(title, { command: { title, command: EXPLAIN, arguments: [finding.rule] } })],
    inFile: ignore("file"),
  };
}

function ignoring(
  file: SourceFile,
  { at, before, after }: IgnorePlace,
  request: ActionRequest,
  can: ActionAbilities,
): { readonly edit: WorkspaceEdit } | { readonly command: Command } {
  const position = lspPosition(file, at);
  if (can.ignoreCommand !== undefined)
    return {
      command: {
        title: "Ignore with a reason",
        command: can.ignoreCommand,
        arguments: [request.uri, position, before, after],
      },
    };
  const range = { start: position, end: position };
  if (can.snippets) {
    const plain = (text: string): string => text.replace(/[\\$}]/g, "\\$&");
    return {
      edit: {
        documentChanges: [
          {
            textDocument: { uri: request.uri, version: request.version },
            edits: [{ range, snippet: { kind: "snippet", value: `${plain(before)}\${1:reason}${plain(after)}` } }],
          },
        ],
      },
    };
  }
  // Without a reason it suppresses nothing yet, and unused-suppression says so until one is written.
  return { edit: workspaceEdit(request, [{ range, newText: before + after }], can) };
}

/** As `lockstep check --fix` would leave the text. */
async function allSafeFixes(judged: Judged): Promise<string> {
  if (judged.state !== "pending") return judged.file.text;
  const { path, text } = judged.file;
  const { texts } = await fixUntilStable({
    texts: new Map([[path, text]]),
    findings: judged.findings,
    level: "safe",
    parses: judged.parses,
    recheck: (changed) => Promise.resolve(judged.again(changed.get(path) ?? text)),
  });
  return texts.get(path) ?? text;
}

/** One edit from the first to the last difference. */
function replacement({ path, text }: SourceFile, now: string): TextEdit {
  let start = 0;
  while (start < text.length && start < now.length && text[start] === now[start]) start++;
  let end = 0;
  while (end < text.length - start && end < now.length - start && text.at(-1 - end) === now.at(-1 - end)) end++;
  return textEdit(
    { path, text },
    { range: { start, end: text.length - end }, text: now.slice(start, now.length - end) },
  );
}

const textEdit = (file: SourceFile, { range, text }: Edit): TextEdit => ({
  range: lspRange(file, range),
  newText: text,
});

function workspaceEdit({ uri, version }: ActionRequest, edits: TextEdit[], can: ActionAbilities): WorkspaceEdit {
  const changes: TextDocumentEdit = { textDocument: { uri, version }, edits };
  return can.versions ? { documentChanges: [changes] } : { changes: { [uri]: edits } };
}

function touches(file: SourceFile, finding: Finding, range: CodeActionParams["range"]): boolean {
  const own = lspRange(finding.file, finding.range);
  const before = (a: CodeActionParams["range"]["start"], b: CodeActionParams["range"]["start"]): boolean =>
    a.line < b.line || (a.line === b.line && a.character < b.character);
  return finding.file.path === file.path && !before(range.end, own.start) && !before(own.end, range.start);
}
