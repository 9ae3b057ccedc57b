import type { FileProblem, RulesConfig, SourceLocation, TraversalStep } from "@eslint/core";
import {
  ConfigCommentParser,
  Directive,
  type DirectiveType,
  TextSourceCodeBase,
  VisitNodeStep,
} from "@eslint/plugin-kit";
import type { Finding } from "../../engine/finding.ts";
import type { CheckedFile } from "./checked-file.ts";
import { type CommentNode, type ProgramNode, type SyntaxNode, type TokenNode, visitorKeys } from "./syntax-tree.ts";

type Element = SyntaxNode | CommentNode | TokenNode;

interface SourceCodeTypes {
  LangOptions: Record<string, unknown>;
  RootNode: ProgramNode;
  SyntaxElementWithLoc: Element;
  ConfigNode: CommentNode;
}

const comments = new ConfigCommentParser();
const DIRECTIVE = /^eslint-(disable|enable|disable-line|disable-next-line)$/;

/** A file as ESLint's rules see it. A class because ESLint's own base is one. */
export class PostgresSourceCode extends TextSourceCodeBase<SourceCodeTypes> {
  readonly visitorKeys = visitorKeys;
  readonly comments: readonly CommentNode[];
  readonly #file: CheckedFile;
  readonly #rules = new Map<string, Readonly<Record<string, unknown>>>();
  readonly #parents = new Map<Element, SyntaxNode>();
  #findings: ReadonlyMap<string, readonly Finding[]> | undefined;

  constructor(file: CheckedFile, text: string, ast: ProgramNode) {
    super({ text, ast, lineEndingPattern: /\r\n|\n|\r/u });
    this.comments = ast.comments;
    this.#file = file;
    for (const statement of ast.body) {
      this.#parents.set(statement, ast);
      for (const operation of statement.operations) this.#parents.set(operation, statement);
    }
  }

  /** ESLint creates all rules of a file before it visits the first node: by then it is known which ones run, and how. */
  enable(rule: string, options: Readonly<Record<string, unknown>>): void {
    this.#rules.set(rule, options);
    this.#findings = undefined;
  }

  /** What a rule found in this file, in order. The first one that asks has all of them run. */
  findings(rule: string): readonly Finding[] {
    this.#findings ??= this.#file.check(this.#rules);
    return this.#findings.get(rule) ?? [];
  }

  /** An offset of lockstep's, which counts a byte order mark. */
  index(offset: number): number {
    return Math.max(0, Math.min(this.text.length, offset - this.#file.shift));
  }

  /** As `index`, but for a fix: -1 stands for the byte order mark. */
  fixIndex(offset: number): number {
    return offset - this.#file.shift;
  }

  /** Whether --fix may change the file: not where it may be deployed. */
  get mayBeFixed(): boolean {
    return this.#file.pendingIsKnown;
  }

  override getParent(node: Element): SyntaxNode | undefined {
    return this.#parents.get(node);
  }

  getInlineConfigNodes(): CommentNode[] {
    return this.ast.comments.filter((comment) => /^\s*eslint/.test(comment.value));
  }

  getDisableDirectives(): { directives: Directive[]; problems: FileProblem[] } {
    const directives: Directive[] = [];
    const problems: FileProblem[] = [];
    for (const node of this.getInlineConfigNodes()) {
      const directive = comments.parseDirective(node.value);
      const type = directive && DIRECTIVE.exec(directive.label)?.[1];
      if (!directive || !type) continue;
      if (type === "disable-line" && node.loc.start.line !== node.loc.end.line) {
        problems.push({
          ruleId: null,
          message: "An eslint-disable-line comment must be on one line.",
          loc: node.loc,
        });
        continue;
      }
      directives.push(
        new Directive({
          type: type as DirectiveType,
          node,
          value: directive.value,
          justification: directive.justification,
        }),
      );
    }
    return { directives, problems };
  }

  applyInlineConfig(): { configs: { config: { rules: RulesConfig }; loc: SourceLocation }[]; problems: FileProblem[] } {
    const configs: { config: { rules: RulesConfig }; loc: SourceLocation }[] = [];
    const problems: FileProblem[] = [];
    for (const node of this.getInlineConfigNodes()) {
      const directive = comments.parseDirective(node.value);
      if (directive?.label !== "eslint") continue;
      const read = comments.parseJSONLikeConfig(directive.value);
      if (read.ok) configs.push({ config: { rules: read.config }, loc: node.loc });
      else problems.push({ ruleId: null, message: read.error.message, loc: node.loc });
    }
    return { configs, problems };
  }

  override *traverse(): Generator<TraversalStep> {
    const { ast } = this;
    yield new VisitNodeStep({ target: ast, phase: 1, args: [ast] });
    for (const statement of ast.body) {
      yield new VisitNodeStep({ target: statement, phase: 1, args: [statement, ast] });
      for (const operation of statement.operations) {
        yield new VisitNodeStep({ target: operation, phase: 1, args: [operation, statement] });
        yield new VisitNodeStep({ target: operation, phase: 2, args: [operation, statement] });
      }
      yield new VisitNodeStep({ target: statement, phase: 2, args: [statement, ast] });
    }
    yield new VisitNodeStep({ target: ast, phase: 2, args: [ast] });
  }
}
