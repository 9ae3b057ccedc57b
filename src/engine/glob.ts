/**
 * Whether `pattern` covers `path` (forward slashes): the whole path, or a folder that it lies in. `*` stands for
 * any run of characters within one segment, `?` for one, `**` as a segment for any number of segments; a leading
 * "./" and a trailing "/" do not count, and a backslash in the pattern is a slash, as it is written on Windows. Everything else is literal. Takes time linear in pattern times path.
 */
export function covers(pattern: string, path: string): boolean {
  const wanted = segments(pattern.replaceAll("\\", "/"));
  if (wanted.length === 0) return false;
  // A pattern for a folder covers what is in it.
  return matchRun(
    [...wanted, "**"],
    segments(path),
    (part, segment) => part === "**" || matchSegment(part, segment),
    "**",
  );
}

function segments(path: string): readonly string[] {
  return path.split("/").filter((segment) => segment !== "" && segment !== ".");
}

function matchSegment(pattern: string, segment: string): boolean {
  return matchRun([...pattern], [...segment], (part, character) => part === "?" || part === character, "*");
}

/** Matches with one kind of wildcard, remembering only the last one: enough, since an earlier one need never take more. */
function matchRun(
  pattern: readonly string[],
  items: readonly string[],
  same: (part: string, item: string) => boolean,
  wildcard: string,
): boolean {
  let p = 0;
  let i = 0;
  let star = -1;
  let from = 0;
  while (i < items.length) {
    const part = pattern[p];
    if (part === wildcard) {
      star = p++;
      from = i;
    } else if (part !== undefined && same(part, items[i] as string)) {
      p++;
      i++;
    } else if (star >= 0) {
      p = star + 1;
      i = ++from;
    } else {
      return false;
    }
  }
  while (pattern[p] === wildcard) p++;
  return p === pattern.length;
}
