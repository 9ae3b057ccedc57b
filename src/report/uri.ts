import { printable } from "./text/width.ts";

/**
 * `path` (relative to the directory of the check) as a URI relative to the git root: forward slashes, percent-encoded,
 * without "." and "..". A path outside of the repository becomes a file URI where it is absolute, and keeps its ".." where not.
 */
export function uriFromRoot(prefix: string, path: string): { readonly uri: string; readonly inRoot: boolean } {
  const slashed = path.replaceAll("\\", "/");
  if (/^(\/|[A-Za-z]:\/)/.test(slashed)) {
    const drive = /^[A-Za-z]:/.exec(slashed)?.[0] ?? "";
    return {
      uri: `file://${drive === "" ? "" : `/${drive}`}${encoded(slashed.slice(drive.length).split("/"))}`,
      inRoot: false,
    };
  }
  const segments = segmentsFromRoot(prefix, slashed);
  return { uri: encoded(segments), inRoot: segments[0] !== ".." };
}

/** The same as a plain path, for formats that want one: an absolute path stays as it is. */
export function pathFromRoot(prefix: string, path: string): string {
  const slashed = path.replaceAll("\\", "/");
  return printable(/^(\/|[A-Za-z]:\/)/.test(slashed) ? slashed : segmentsFromRoot(prefix, slashed).join("/"));
}

function segmentsFromRoot(prefix: string, path: string): readonly string[] {
  const segments: string[] = [];
  for (const segment of `${prefix.replaceAll("\\", "/")}/${path}`.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === ".." && segments.length > 0 && segments.at(-1) !== "..") segments.pop();
    else segments.push(segment);
  }
  return segments;
}

function encoded(segments: readonly string[]): string {
  return segments.map((segment) => encodeURIComponent(printable(segment))).join("/");
}
