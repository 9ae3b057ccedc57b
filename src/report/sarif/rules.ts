import type { ReportingDescriptor } from "sarif";
import type { CheckResult } from "../../engine/result.ts";
import type { Finding, Severity } from "../../engine/finding.ts";
import type { AnyRule } from "../../engine/rule.ts";
import type { ReportOptions } from "../options.ts";
import { capital } from "../../words.ts";
import { LEVELS } from "./result.ts";

/** GitHub's limit for descriptions. */
const LONGEST = 1024;
const PROBLEM: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "recommendation" };

/** The rules that ran, and those that only the engine knows (syntax-error) as far as they found something. */
export function ruleDescriptors(
  result: CheckResult,
  findings: readonly Finding[],
  options: ReportOptions,
): ReportingDescriptor[] {
  const first = new Map<string, Finding>();
  for (const finding of findings) if (!first.has(finding.rule)) first.set(finding.rule, finding);
  const descriptors = result.rules.map((rule) => ofRule(rule, options));
  const known = new Set(result.rules.map((rule) => rule.id));
  for (const [id, finding] of first) if (!known.has(id)) descriptors.push(ofFinding(id, finding, options));
  return descriptors;
}

function ofRule(rule: AnyRule, options: ReportOptions): ReportingDescriptor {
  const severity = rule.severity === "off" ? (rule.hotfix ?? "warning") : rule.severity;
  const messages = (Object.values(rule.messages) as readonly string[]).map((message) =>
    message.replace(/\{(\w+)\}/g, "…"),
  );
  return descriptor({
    id: rule.id,
    title: rule.title,
    full: `${sentence(rule.title)} ${rule.help}`,
    help: [...messages, rule.help].join("\n\n"),
    severity,
    category: rule.category,
    url: options.ruleUrl?.(rule.id),
    page: pageOf(rule.id, options),
  });
}

function ofFinding(id: string, finding: Finding, options: ReportOptions): ReportingDescriptor {
  return descriptor({
    id,
    title: id.replaceAll("-", " "),
    full: finding.help || id,
    help: finding.help || id,
    severity: finding.severity,
    category: finding.category,
    url: options.ruleUrl?.(id),
    page: pageOf(id, options),
  });
}

function pageOf(id: string, { pages }: ReportOptions): string | undefined {
  return pages && Object.hasOwn(pages, id) ? pages[id] : undefined;
}

interface About {
  readonly id: string;
  readonly title: string;
  readonly full: string;
  readonly help: string;
  readonly severity: Severity;
  readonly category: string;
  readonly url: string | undefined;
  readonly page: string | undefined;
}

function descriptor({ id, title, full, help, severity, category, url, page }: About): ReportingDescriptor {
  const name = id.replace(/(?:^|[-/])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return {
    id,
    // SARIF1001: a name is not the id in other letters.
    ...(name.toLowerCase() !== id.toLowerCase() && { name }),
    shortDescription: { text: sentence(title).slice(0, LONGEST) },
    fullDescription: { text: sentence(full).slice(0, LONGEST) },
    help: { text: help, markdown: page ?? help },
    ...(url !== undefined && /^https?:\/\//.test(url) && { helpUri: url }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: [category, "postgresql", "migration"],
      precision: "high",
      "problem.severity": PROBLEM[severity],
    },
  };
}

function sentence(text: string): string {
  const upper = capital(text);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}
