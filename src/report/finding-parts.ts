import type { Finding } from "../engine/finding.ts";
import type { ReportOptions } from "./options.ts";
import { lockstep } from "../advice/programs/lockstep.ts";
import { IN_WORDS } from "../advice/programs/facts.ts";

/** What a finding says, for formats that have one text for it: what happens, what was seen of it, what to do, and by which commands. */
export function findingParts(finding: Finding): readonly string[] {
  return [
    finding.message,
    finding.rehearsed === undefined ? "" : `In a rehearsal: ${finding.rehearsed}`,
    finding.help,
    finding.commands ? `Run: ${finding.commands.map((command) => `\`${command}\``).join(", then ")}.` : "",
  ].filter((part) => part !== "");
}

/** Where the reason for a rule is written down: its page, where that has an address, else the command that prints it. */
export function whyOf(rule: string, { ruleUrl }: ReportOptions): string {
  return `Why: ${ruleUrl?.(rule) ?? lockstep.explain(IN_WORDS, rule).text}`;
}
