import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One line of a CODEOWNERS file. */
export interface OwnerRule {
  readonly pattern: RegExp;
  readonly owners: readonly string[];
  /** GitLab's section; "" outside of any. */
  readonly section: string;
}

/** Where GitHub (https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners) and GitLab look; the first one counts. */
const PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/** The CODEOWNERS file of a repository: its place and rules; absent where there is none. */
export function readCodeowners(
  root: string,
): { readonly from: string; readonly rules: readonly OwnerRule[] } | undefined {
  for (const from of PLACES) {
    let text: string;
    try {
      text = readFileSync(join(root, from), "utf8");
    } catch {
      continue;
    }
    return { from, rules: parseCodeowners(text) };
  }
  return undefined;
}

/** Never throws; a line that cannot be understood is left out. */
export function parseCodeowners(text: string): OwnerRule[] {
  const rules: OwnerRule[] = [];
  let section = "";
  let inherited: readonly string[] = [];
  for (const raw of text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const heading = /^\^?\[([^\]]+)\](?:\[\d+\])?(?:\s+(.*))?$/.exec(line);
    if (heading?.[1]) {
      section = heading[1].trim().toLowerCase();
      inherited = ownersIn(heading[2] ?? "");
      continue;
    }
    const parts = /^((?:\\.|[^\s\\])+)(?:\s+(.*))?$/.exec(line);
    if (!parts?.[1]) continue;
    const owners = ownersIn(parts[2] ?? "");
    rules.push({ pattern: patternOf(parts[1]), owners: owners.length > 0 ? owners : inherited, section });
  }
  return rules;
}

/** Owners of a path (from the git root, forward slashes): the last rule that matches decides; with GitLab's sections, the last one of each. */
export function ownersOf(rules: readonly OwnerRule[], path: string): readonly string[] {
  const bySection = new Map<string, readonly string[]>();
  for (const rule of rules) if (rule.pattern.test(path)) bySection.set(rule.section, rule.owners);
  return [...new Set([...bySection.values()].flat())];
}

function ownersIn(text: string): string[] {
  const words: string[] = [];
  for (const word of text.split(/\s+/)) {
    if (word.startsWith("#")) break;
    if (word.includes("@")) words.push(word);
  }
  return words;
}

/** A pattern as gitignore has them, without `!` and ranges; `docs/*` does not reach into the folders of docs. */
function patternOf(written: string): RegExp {
  const pattern = written.replace(/\\(.)/g, (_, c: string) => (c === "*" || c === "?" ? `\\${c}` : c));
  const anchored = pattern.replace(/\/$/, "").includes("/");
  const body = pattern
    .replace(/^\//, "")
    .replace(/\/$/, "")
    .replace(/\*{3,}/g, "**")
    .replace(/(\*\*\/)+/g, "**/");
  let source = anchored ? "^" : "^(?:.*/)?";
  for (let i = 0; i < body.length; i++) {
    const rest = body.slice(i);
    if (rest.startsWith("**/")) {
      source += "(?:[^/]+/)*";
      i += 2;
    } else if (rest.startsWith("**")) {
      source += ".*";
      i++;
    } else if (rest.startsWith("*")) source += "[^/]*";
    else if (rest.startsWith("?")) source += "[^/]";
    else if (rest.startsWith("\\") && rest.length > 1) {
      source += `\\${rest[1] ?? ""}`;
      i++;
    } else source += (body[i] as string).replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
  }
  const end = pattern.endsWith("/") ? "/" : /(^|\/)\*\*$/.test(body) || /\/\*$/.test(body) ? "$" : "(?:/|$)";
  return new RegExp(source + end, "s");
}
