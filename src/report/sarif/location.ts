import type { ArtifactLocation, Location, Region } from "sarif";
import { position, type Range, type SourceFile } from "../../source/text.ts";
import type { ReportOptions } from "../options.ts";
import { uriFromRoot } from "../uri.ts";

export function artifactOf(file: SourceFile, options: ReportOptions): ArtifactLocation {
  const { uri, inRoot } = uriFromRoot(options.pathPrefix, file.path);
  return inRoot ? { uri, uriBaseId: "%SRCROOT%" } : { uri };
}

/** One-based lines and UTF-16 columns, the end exclusive. A BOM is no column (SARIF 2.1.0, 3.30.2). */
export function regionOf(file: SourceFile, range: Range): Region {
  const start = position(file, range.start);
  const end = position(file, Math.max(range.start, range.end));
  const bom = file.text.startsWith("\uFEFF") ? 1 : 0;
  const column = (at: { readonly line: number; readonly column: number }) =>
    at.line === 1 ? Math.max(1, at.column - bom) : at.column;
  return { startLine: start.line, startColumn: column(start), endLine: end.line, endColumn: column(end) };
}

export function locationOf(file: SourceFile, range: Range, options: ReportOptions): Location {
  return { physicalLocation: { artifactLocation: artifactOf(file, options), region: regionOf(file, range) } };
}
