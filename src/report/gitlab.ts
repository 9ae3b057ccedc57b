import type { Severity } from "../engine/finding.ts";
import { findingParts } from "./finding-parts.ts";
import { fnv64 } from "./sarif/line-hashes.ts";
import type { Format } from "./options.ts";
import { regionOf } from "./sarif/location.ts";
import { statementFingerprint, statementRanges } from "./statement-fingerprint.ts";
import { pathFromRoot } from "./uri.ts";
import { printable } from "./text/width.ts";

/** Of info, minor, major, critical and blocker. */
const SEVERITIES: Readonly<Record<Severity, string>> = { error: "critical", warning: "minor", info: "info" };

/**
 * GitLab's Code Quality report: what the merge request's widget and its diff show. Suppressed findings are left out.
 * GitLab takes findings with the same fingerprint for one, so these hold the path, and a number where a file has the same twice;
 * apart from that they change no more than SARIF's do when lines move.
 * https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export const gitlab: Format = {
  name: "gitlab",
  render(result, options) {
    const statements = statementRanges(result);
    const seen = new Map<string, number>();
    const issues = result.findings
      .filter((finding) => !finding.suppressed)
      .map((finding) => {
        const path = pathFromRoot(options.pathPrefix, finding.file.path);
        const { startLine = 1, endLine = startLine } = regionOf(finding.file, finding.range);
        const same = `${path}\0${statementFingerprint(finding, statements)}`;
        const occurrence = (seen.get(same) ?? 0) + 1;
        seen.set(same, occurrence);
        return {
          description: printable(findingParts(finding).join(" ")),
          check_name: printable(finding.rule),
          fingerprint: fnv64(`${same}\0${occurrence}`),
          severity: SEVERITIES[finding.severity],
          location: { path, lines: { begin: startLine, end: endLine } },
        };
      });
    return issues.length === 0 ? "[]\n" : `[\n${issues.map((issue) => JSON.stringify(issue)).join(",\n")}\n]\n`;
  },
};
