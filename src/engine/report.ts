import { SEVERITIES } from "./config.ts";
import type { SourceFile } from "../source/text.ts";
import type { Effects } from "../model/effects.ts";
import type { Finding, Fix, Severity } from "./finding.ts";
import type { AnyRule, Report } from "./rule.ts";

/** A report of a rule, not yet a finding. */
export interface Reported {
  readonly rule: AnyRule;
  readonly severity: Severity;
  /** The severity was set by hand: a report of another one is no more severe. */
  readonly explicit?: boolean;
  readonly file: SourceFile;
  readonly migration?: string | undefined;
  readonly statement?: number;
  readonly report: Report;
  /** Of the statement or the operation that it was found at. */
  readonly effects?: Effects | undefined;
  /** It holds in one execution mode alone, and the mode is not known. */
  readonly only?: "batch" | "split";
}

const ONLY = {
  batch: " This holds if Prisma sends the file as one batch (before 7.4).",
  split: " This holds if Prisma sends each statement alone (from 7.4).",
} as const;

const LOWER: Readonly<Record<Severity, Severity>> = { error: "warning", warning: "info", info: "info" };

const isWorse = (one: Severity, other: Severity): boolean => SEVERITIES.indexOf(one) < SEVERITIES.indexOf(other);

/** Code units of a value in a message that are shown. */
const LONGEST = 2000;

export function toFinding(reported: Reported): Finding {
  const { rule, report, only } = reported;
  const template = rule.messages[report.message];
  if (template === undefined) throw new Error(`rule ${rule.id} has no message ${report.message}`);
  const text = filled(template, report.data, rule.id);
  const unsure = report.maybe ? `${text} This depends on ${report.maybe}.` : text;
  let severity = report.severity ?? reported.severity;
  if (reported.explicit && isWorse(severity, reported.severity)) severity = reported.severity;
  if (report.maybe) severity = LOWER[severity];
  if (only) severity = LOWER[severity];
  const range = "range" in report.at ? report.at.range : report.at;
  return {
    rule: rule.id,
    severity,
    category: rule.category,
    migration: reported.migration,
    file: report.file ?? reported.file,
    range: { start: range.start, end: range.end },
    ...(reported.statement !== undefined && report.file === undefined && { statement: reported.statement }),
    objects: report.objects ?? [],
    message: only ? unsure + ONLY[only] : unsure,
    messageId: report.message,
    ...(report.data && { data: valuesIn(template, report.data) }),
    ...(report.data?.sqlstate !== undefined && { sqlstate: String(report.data.sqlstate) }),
    help: filled(report.help ?? rule.help, report.data, rule.id),
    queries: report.queries ?? [],
    related: report.related ?? [],
    ...(report.rehearsed !== undefined && { rehearsed: report.rehearsed }),
    ...(report.commands && report.commands.length > 0 && { commands: report.commands }),
    ...(report.divergence && { divergence: report.divergence }),
    fixes: withLineEndings(report.fixes ?? [], (report.file ?? reported.file).text),
  };
}

/** Fixes with the line ending that the file has, where it has but one. */
function withLineEndings(fixes: readonly Fix[], text: string): readonly Fix[] {
  if (!text.includes("\r\n") || /(^|[^\r])\n/.test(text)) return fixes;
  return fixes.map((fix) => ({
    ...fix,
    edits: fix.edits.map((each) => ({ ...each, text: each.text.replace(/\r?\n/g, "\r\n") })),
  }));
}

/** In the order in which the text has them. */
function valuesIn(template: string, data: NonNullable<Report["data"]>): NonNullable<Report["data"]> {
  return Object.fromEntries(
    [...template.matchAll(PLACEHOLDER)].flatMap(([, name = ""]): [string, string | number][] =>
      data[name] === undefined ? [] : [[name, data[name]]],
    ),
  );
}

const PLACEHOLDER = /\{([a-zA-Z]+)\}/g;

/** `{name}` from the data; one that is missing is a bug of the rule. */
function filled(template: string, data: Report["data"], rule: string): string {
  return template.replace(PLACEHOLDER, (_, name: string) => {
    const value = data?.[name];
    if (value === undefined) throw new Error(`rule ${rule}: no value for {${name}}`);
    const shown = String(value);
    // PostgreSQL quotes the token that it stumbles over, and one of megabytes is no message.
    return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
  });
}
