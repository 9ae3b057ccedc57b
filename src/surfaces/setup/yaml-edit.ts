import { isDeepStrictEqual } from "node:util";
import { isCollection, isMap, isSeq, parseDocument } from "yaml";

/** What is to be added, in the block style of the file around it. */
export interface Addition {
  /** Keys from the top to the list or map; the empty path is the document. */
  readonly path: readonly string[];
  /** Of a map: the new entry's key. Absent for an item of a list. */
  readonly key?: string;
  /** As lines, without the indentation of the place; a list item begins with "- ". */
  readonly lines: readonly string[];
  readonly value: unknown;
}

/** The text of a YAML file as data; undefined where it is not one document without mistakes. */
export function readYaml(text: string): { readonly value: unknown } | undefined {
  const document = parseDocument(text, { logLevel: "silent" });
  if (document.errors.length > 0) return undefined;
  try {
    return { value: document.toJS() as unknown };
  } catch {
    return undefined;
  }
}

/**
 * The text with `addition` at the end of its list or map and nothing else changed; undefined where that cannot be done by inserting whole
 * lines, or where the result would not read as what it is to say.
 */
export function addToYaml(text: string, addition: Addition): string | undefined {
  const document = parseDocument(text, { logLevel: "silent" });
  if (document.errors.length > 0) return undefined;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const { path, key, lines, value } = addition;
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  let after: string;
  if (path.length === 0 && (node === null || (isMap(node) && node.items.length === 0 && !node.flow)))
    after = append(text, lines, newline);
  else {
    if (!(key === undefined ? isSeq(node) : isMap(node)) || !isCollection(node)) return undefined;
    if (node.flow || !node.range || node.items.length === 0) return undefined;
    const [start, end] = node.range;
    const indent = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
    if (indent.trim() !== "") return undefined;
    const at = end > 0 && text[end - 1] === "\n" ? end : text.indexOf("\n", end) + 1;
    const block = lines.map((line) => (line === "" ? "" : indent + line));
    after =
      at === 0
        ? append(text, block, newline)
        : text.slice(0, at) + block.map((line) => line + newline).join("") + text.slice(at);
  }
  const expected = withAddition(readYaml(text)?.value ?? {}, path, key, value);
  return isDeepStrictEqual(readYaml(after)?.value, expected) ? after : undefined;
}

function append(text: string, lines: readonly string[], newline: string): string {
  const gap = text === "" || text.endsWith("\n") ? "" : newline;
  return text + gap + lines.map((line) => line + newline).join("");
}

function withAddition(data: unknown, path: readonly string[], key: string | undefined, value: unknown): unknown {
  const copy = structuredClone(data);
  let at = copy as Record<string, unknown>;
  for (const step of path) at = at[step] as Record<string, unknown>;
  if (key !== undefined) at[key] = value;
  else (at as unknown as unknown[]).push(value);
  return copy;
}
