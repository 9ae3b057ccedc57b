import type { File, Language, LanguageContext, OkParseResult, ParseResult } from "@eslint/core";
import { BOM } from "./checked-file.ts";
import { ownLanguageOptions, validateLanguageOptions } from "./language-options.ts";
import { openFile } from "./project.ts";
import { PostgresSourceCode } from "./source-code.ts";
import { type CommentNode, type ProgramNode, type SyntaxNode, syntaxTree, visitorKeys } from "./syntax-tree.ts";
import type { CheckedFile } from "./checked-file.ts";

interface LanguageTypes {
  LangOptions: Record<string, unknown>;
  Code: PostgresSourceCode;
  RootNode: ProgramNode;
  Node: SyntaxNode | CommentNode;
}

interface Parsed extends OkParseResult<ProgramNode> {
  readonly checked: CheckedFile;
}

/**
 * The language `lockstep/postgres`. A text that PostgreSQL does not parse is no parsing error here: the rule syntax-error reports it and
 * the statements around it are checked, as on every other surface. A history that cannot be read is one.
 */
export const postgres: Language<LanguageTypes> = {
  fileType: "text",
  lineStart: 1,
  columnStart: 0,
  nodeTypeKey: "type",
  visitorKeys,
  validateLanguageOptions,
  parse(file: File, { languageOptions }: LanguageContext<Record<string, unknown>>): ParseResult<ProgramNode> {
    const body = textOf(file);
    const text = file.bom ? BOM + body : body;
    const opened = openFile(file.path, text, ownLanguageOptions(languageOptions));
    if (!opened.ok) return { ok: false, errors: [{ message: opened.message, line: 1, column: 1 }] };
    const checked = opened.value;
    const parsed: Parsed = { ok: true, ast: syntaxTree(checked.script, body, checked.shift), checked };
    return parsed;
  },
  createSourceCode(file: File, parsed: OkParseResult<ProgramNode>): PostgresSourceCode {
    return new PostgresSourceCode((parsed as Parsed).checked, textOf(file), parsed.ast);
  },
};

function textOf({ body }: File): string {
  return typeof body === "string" ? body : new TextDecoder().decode(body);
}
