import type { Fix as SarifFix, Result, Suppression } from "sarif";
import type { SourceFile } from "../../source/text.ts";
import type { Finding, Fix, Severity } from "../../engine/finding.ts";
import { findingParts } from "../finding-parts.ts";
import { lineHashes } from "./line-hashes.ts";
import type { ReportOptions } from "../options.ts";
import { artifactOf, locationOf, regionOf } from "./location.ts";
import { statementFingerprint, type StatementRanges } from "../statement-fingerprint.ts";

export interface ResultContext {
  readonly options: ReportOptions;
  readonly ruleIndex: ReadonlyMap<string, number>;
  readonly statements: StatementRanges;
  /** GitHub's hashes of the files that have findings, made at their first. */
  readonly hashes: Map<SourceFile, readonly string[]>;
}

export const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  info: "note",
};

export function makeResult(finding: Finding, context: ResultContext): Result {
  const { options } = context;
  const location = locationOf(finding.file, finding.range, options);
  const fixes = [finding, ...(finding.also ?? [])]
    .flatMap((each) => each.fixes)
    .filter((fix) => fix.safety !== "display" && fix.edits.length > 0);
  return {
    ruleId: finding.rule,
    ruleIndex: context.ruleIndex.get(finding.rule) ?? -1,
    level: LEVELS[finding.severity],
    message: { text: messageOf(finding) },
    locations: [location],
    partialFingerprints: {
      primaryLocationLineHash: lineHash(finding.file, location.physicalLocation?.region?.startLine ?? 1, context),
      "lockstep/statement/v1": statementFingerprint(finding, context.statements),
    },
    ...(finding.related.length > 0
      ? {
          relatedLocations: finding.related.map((related, index) => ({
            id: index + 1,
            ...locationOf(related.file, related.range, options),
            message: { text: plain(related.message) },
          })),
        }
      : {}),
    ...(fixes.length > 0 ? { fixes: fixes.map((fix) => fixOf(finding.file, fix, options)) } : {}),
    ...(finding.suppressed ? { suppressions: [suppressionOf(finding, options)] } : {}),
    properties: {
      ...(finding.migration === undefined ? {} : { migration: finding.migration }),
      category: finding.category,
      objects: finding.objects,
      ...(finding.queries.length > 0 ? { queries: finding.queries } : {}),
      ...(finding.commands ? { commands: finding.commands } : {}),
    },
  };
}

/** Related places are shown by GitHub only as links in the message: `[text](1)`, with the text's brackets escaped (SARIF 2.1.0, 3.11.6). */
function messageOf(finding: Finding): string {
  const links = finding.related.map(
    (related, index) => `[${plain(related.message).replace(/[\\[\]]/g, "\\$&")}](${index + 1})`,
  );
  return [...findingParts(finding).map(plain), ...(links.length > 0 ? [`See ${links.join(", ")}.`] : [])].join(" ");
}

/** Keeps text of the user's from being read as a link, and from being empty, which the format forbids. */
function plain(text: string): string {
  return text.replaceAll("](", "] (");
}

function lineHash(file: SourceFile, line: number, { hashes }: ResultContext): string {
  let found = hashes.get(file);
  if (!found) {
    found = lineHashes(file.text);
    hashes.set(file, found);
  }
  return found[line - 1] ?? "";
}

function fixOf(file: SourceFile, fix: Fix, options: ReportOptions): SarifFix {
  return {
    description: { text: fix.safety === "unsafe" ? `${fix.title} (unsafe)` : fix.title },
    artifactChanges: [
      {
        artifactLocation: artifactOf(file, options),
        replacements: fix.edits.map((edit) => ({
          deletedRegion: regionOf(file, edit.range),
          insertedContent: { text: edit.text },
        })),
      },
    ],
  };
}

function suppressionOf({ file, suppressed }: Finding, options: ReportOptions): Suppression {
  const inSource = suppressed?.how === "comment" || suppressed?.how === "file comment";
  return {
    kind: inSource ? "inSource" : "external",
    justification: suppressed?.reason ?? "",
    ...(inSource && suppressed.range ? { location: locationOf(file, suppressed.range, options) } : {}),
  };
}
