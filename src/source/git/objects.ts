import type { Outcome } from "../outcome.ts";
import { failure, success } from "../outcome.ts";
import { git } from "./repository.ts";

export interface GitObject {
  readonly name: string;
  readonly type: "commit" | "tree" | "blob" | "tag";
  readonly bytes: Buffer;
}

/**
 * Objects by what they were asked by: names, or revisions with a path ("<commit>:prisma/migrations"). One process, whatever their
 * number; each is asked once. What is not there is absent. Nothing is fetched: a partial clone that lacks one is a failure.
 */
export function readObjects(root: string, asked: readonly string[]): Outcome<Map<string, GitObject>> {
  const found = new Map<string, GitObject>();
  const specs = [...new Set(asked)].filter((spec) => !/[\0\r\n]/.test(spec));
  if (specs.length === 0) return success(found);
  const run = git(root, ["cat-file", "--batch"], `${specs.join("\n")}\n`);
  if (!run.ok) return run;
  const out = run.value;
  let at = 0;
  for (const spec of specs) {
    const end = out.indexOf(10, at);
    if (end < 0) return failure(`git cat-file ended before it had answered for ${spec} in ${root}.`);
    const header = /^([0-9a-f]{40,64}) (commit|tree|blob|tag) (\d+)$/.exec(out.toString("latin1", at, end));
    at = end + 1;
    // "missing", "ambiguous": the answer is one line, which may hold the question as it was asked.
    if (!header) continue;
    const [, name = "", type, size] = header;
    found.set(spec, { name, type: type as GitObject["type"], bytes: out.subarray(at, at + Number(size)) });
    at += Number(size) + 1;
  }
  return success(found);
}

export interface TreeEntry {
  readonly kind: "tree" | "file" | "link" | "submodule";
  readonly name: string;
  /** The name is not UTF-8; what cannot be read in it is U+FFFD. */
  readonly invalidUtf8?: true;
  readonly object: string;
}

/** The entries of a tree object; a name that is not UTF-8 is readable as far as it goes. */
export function treeEntries({ name, bytes }: GitObject): TreeEntry[] {
  const entries: TreeEntry[] = [];
  const width = name.length / 2;
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at);
    const end = bytes.indexOf(0, space);
    if (space < 0 || end < 0) break;
    const raw = bytes.subarray(space + 1, end);
    const text = raw.toString("utf8");
    entries.push({
      kind: kindOf(bytes.toString("latin1", at, space)),
      name: text,
      ...(!Buffer.from(text, "utf8").equals(raw) && { invalidUtf8: true as const }),
      object: bytes.toString("hex", end + 1, end + 1 + width),
    });
    at = end + 1 + width;
  }
  return entries;
}

function kindOf(mode: string): TreeEntry["kind"] {
  if (mode === "40000" || mode === "040000") return "tree";
  if (mode === "120000") return "link";
  return mode === "160000" ? "submodule" : "file";
}
