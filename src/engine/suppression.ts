import type { Range, SourceFile } from "../source/text.ts";
import type { Comment } from "../sql/statement.ts";
import type { Finding } from "./finding.ts";
import { isBaselined, type BaselineEntry, type StatementTexts } from "./baseline.ts";
import { ignoredBy, type Config } from "./config.ts";
import { nearest } from "./nearest.ts";

/** A `lockstep-ignore` comment that is right. */
export interface CommentSuppression {
  readonly file: SourceFile;
  readonly migration?: string;
  /** The comment. */
  readonly range: Range;
  readonly rules: readonly { readonly id: string; readonly range: Range }[];
  readonly reason: string;
  /** What it covers; absent for the whole file. */
  readonly statement?: { readonly index: number; readonly range: Range };
}

/** Something about a suppression that the user should hear: a finding of `unused-suppression`, whose messages have these ids. */
export interface SuppressionProblem {
  readonly file: SourceFile;
  readonly migration?: string;
  readonly range: Range;
  readonly message: "unused" | "elsewhere" | "noReason" | "noRule" | "unknownRule" | "unknownDirective" | "noStatement";
  readonly data: Readonly<Record<string, string>>;
}

/** A text with its comments and statements: a migration.sql or a down.sql. */
export interface CommentedFile {
  readonly file: SourceFile;
  readonly migration?: string;
  readonly comments: readonly Comment[];
  readonly statements: readonly { readonly index: number; readonly range: Range }[];
}

const NEXT = "lockstep-ignore";
const FILE = "lockstep-ignore-file";

/**
 * Reads `-- lockstep-ignore rule[, rule]: reason` and `-- lockstep-ignore-file rule[, rule]: reason`, in line and
 * block comments. The first counts for the statement that the comment is in or at the end of whose line it
 * is, otherwise for the next one. One without a reason, or with a rule that `ruleIds` does not have, does
 * not suppress and is a problem.
 */
export function readSuppressions(
  source: CommentedFile,
  ruleIds: Iterable<string>,
): { readonly suppressions: readonly CommentSuppression[]; readonly problems: readonly SuppressionProblem[] } {
  const { file, migration } = source;
  const known = new Set(ruleIds);
  const suppressions: CommentSuppression[] = [];
  const problems: SuppressionProblem[] = [];
  for (const comment of source.comments) {
    const directive = readDirective(comment);
    if (!directive) continue;
    const problem = (message: SuppressionProblem["message"], range: Range, data: Record<string, string> = {}): void => {
      problems.push({ file, ...(migration === undefined ? {} : { migration }), range, message, data });
    };
    if (directive.word !== NEXT && directive.word !== FILE) {
      // Without the common beginning, which would make anything near.
      const meant = nearest(directive.word.slice("lockstep-".length), ["ignore", "ignore-file"]);
      if (meant !== undefined || /^lockstep-(?:ignore|disable)/.test(directive.word))
        problem("unknownDirective", comment.range, { word: directive.word, meant: `lockstep-${meant ?? "ignore"}` });
      continue;
    }
    const rules: { id: string; range: Range }[] = [];
    for (const rule of directive.rules) {
      if (known.has(rule.id)) rules.push(rule);
      else problem("unknownRule", rule.range, { rule: rule.id, hint: hint(rule.id, known) });
    }
    if (directive.rules.length === 0) problem("noRule", comment.range, { word: directive.word });
    else if (directive.reason === "")
      problem("noReason", comment.range, {
        word: directive.word,
        rules: directive.rules.map((rule) => rule.id).join(", "),
      });
    else if (rules.length > 0) {
      const base = {
        file,
        ...(migration === undefined ? {} : { migration }),
        range: comment.range,
        rules,
        reason: directive.reason,
      };
      if (directive.word === FILE) {
        suppressions.push(base);
      } else {
        const statement = statementOf(source, comment.range);
        if (statement) suppressions.push({ ...base, statement });
        else problem("noStatement", comment.range, { word: directive.word });
      }
    }
  }
  return { suppressions, problems };
}

function hint(rule: string, known: Iterable<string>): string {
  const found = nearest(rule, known);
  return found === undefined ? "" : ` Did you mean ${found}?`;
}

interface Directive {
  readonly word: string;
  readonly rules: readonly { readonly id: string; readonly range: Range }[];
  readonly reason: string;
}

function readDirective(comment: Comment): Directive | undefined {
  const opening = /^(?:--+|\/\*+)[\s*]*(lockstep-[A-Za-z-]+)/.exec(comment.text);
  if (!opening) return undefined;
  const body = comment.text.startsWith("/*") ? withoutEnd(comment.text) : comment.text;
  const from = opening[0].length;
  const colon = body.indexOf(":", from);
  const list = body.slice(from, colon < 0 ? body.length : colon);
  const rules = [...list.matchAll(/[^\s,*]+/g)].map((match) => {
    const start = comment.range.start + from + match.index;
    return { id: match[0], range: { start, end: start + match[0].length } };
  });
  // The lines of a block comment may begin with a star each.
  const reason =
    colon < 0
      ? ""
      : body
          .slice(colon + 1)
          .split("\n")
          .map((line, at) => (at === 0 ? line.trim() : line.trim().replace(/^\*\s*/, "")))
          .filter((line) => line !== "")
          .join(" ");
  return { word: (opening[1] as string).toLowerCase(), rules, reason };
}

/** Without the end of a block comment and what is before it. No expression: on many spaces one would look from each of them. */
function withoutEnd(comment: string): string {
  let text = comment.trimEnd();
  if (!text.endsWith("*/")) return comment;
  text = text.slice(0, -2);
  while (text.endsWith("*")) text = text.slice(0, -1);
  return text.trimEnd();
}

function statementOf(
  source: CommentedFile,
  comment: Range,
): { readonly index: number; readonly range: Range } | undefined {
  const { text } = source.file;
  const inside = source.statements.find(({ range }) => range.start < comment.start && comment.end <= range.end);
  if (inside) return inside;
  const next = source.statements.find(({ range }) => range.start >= comment.end);
  const before = source.statements.findLast(({ range }) => range.end <= comment.start);
  const trailing = before !== undefined && !/[\r\n]/.test(text.slice(before.range.end, comment.start));
  const leading =
    next !== undefined &&
    !/[\r\n]/.test(text.slice(comment.end, next.range.start)) &&
    !text.startsWith("--", comment.start);
  return trailing && !leading ? before : next;
}

export interface SuppressionInput {
  readonly findings: readonly Finding[];
  /** Of pending migrations: findings are made for these only. */
  readonly suppressions: readonly CommentSuppression[];
  readonly config: Config;
  readonly baseline?: readonly BaselineEntry[] | undefined;
  /** Needed with a baseline: the statements of each file, by the file's path. */
  readonly statements: StatementTexts;
  /** Rules that ran: a suppression of one that did not is not unused. */
  readonly ran: ReadonlySet<string>;
}

/**
 * Marks what comments, the configuration and the baseline suppress, in this order; every finding comes back, in
 * the same order. `problems` are comments that suppress nothing, `stale` entries of the baseline that nothing
 * matches. Findings that are marked already stay as they are.
 */
export function applySuppressions(input: SuppressionInput): {
  readonly findings: readonly Finding[];
  readonly problems: readonly SuppressionProblem[];
  readonly stale: readonly BaselineEntry[];
} {
  const { config, baseline = [] } = input;
  const comments = config.comments ? input.suppressions : [];
  const used = new Set<CommentSuppression["rules"][number]>();
  const matched = new Set<BaselineEntry>();
  const findings = input.findings.map((finding): Finding => {
    if (finding.suppressed) return finding;
    let suppressed: Finding["suppressed"];
    for (const comment of comments) {
      const rule = comment.rules.find(({ id }) => id === finding.rule);
      if (!rule || !isIn(finding, comment)) continue;
      used.add(rule);
      suppressed ??= {
        how: comment.statement ? "comment" : "file comment",
        reason: comment.reason,
        range: comment.range,
      };
    }
    const entry = isBaselined(finding, baseline, input.statements);
    if (entry) matched.add(entry);
    const ignore = suppressed ? undefined : ignoredBy(config, finding.rule, finding.file.path, finding.migration);
    if (ignore) suppressed = { how: "config", reason: ignore.reason };
    else if (entry) suppressed ??= { how: "baseline", reason: "accepted in the baseline" };
    return suppressed ? { ...finding, suppressed } : finding;
  });
  const problems = comments.flatMap((comment) =>
    comment.rules
      .filter((rule) => !used.has(rule) && input.ran.has(rule.id))
      .map(
        ({ id, range }): SuppressionProblem => ({
          file: comment.file,
          ...(comment.migration === undefined ? {} : { migration: comment.migration }),
          range,
          message:
            comment.statement &&
            findings.some(
              (finding) => finding.rule === id && finding.file.path === comment.file.path && !finding.suppressed,
            )
              ? "elsewhere"
              : "unused",
          data: { rule: id, what: comment.statement ? "statement" : "file" },
        }),
      ),
  );
  return { findings, problems, stale: baseline.filter((entry) => !matched.has(entry)) };
}

function isIn(finding: Finding, comment: CommentSuppression): boolean {
  if (finding.file.path !== comment.file.path) return false;
  const { statement } = comment;
  if (!statement) return true;
  if (finding.statement !== undefined) return finding.statement === statement.index;
  return finding.range.start >= statement.range.start && finding.range.start < statement.range.end;
}
