import type { Finding } from "../engine/finding.ts";

/** What a finding says, for formats that have one text for it: what happens, what was seen of it, what to do, and by which commands. */
export function findingParts(finding: Finding): readonly string[] {
  return [
    finding.message,
    finding.rehearsed === undefined ? "" : `In a rehearsal: ${finding.rehearsed}`,
    finding.help,
    finding.commands ? `Run: ${finding.commands.map((command) => `\`${command}\``).join(", then ")}.` : "",
  ].filter((part) => part !== "");
}
