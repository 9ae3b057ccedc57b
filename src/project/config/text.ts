import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import type * as Jsonc from "jsonc-parser";
import { type Range, type SourceFile } from "../../source/text.ts";
import type { ConfigProblem, PlacedProblem } from "./problem.ts";
import { packageConfig } from "./search.ts";

export type ReadConfig =
  /** With `file` where mistakes have places in it; `prefix` leads to the configuration inside it. */
  | { readonly ok: true; readonly value: unknown; readonly file?: SourceFile; readonly prefix: readonly string[] }
  | { readonly ok: false; readonly message: string; readonly problem?: undefined }
  | { readonly ok: false; readonly problem: PlacedProblem; readonly file: SourceFile };

/** What a configuration file holds at first sight. */
export type ConfigText =
  | { readonly kind: "read"; readonly read: ReadConfig }
  /** It has comments, or a mistake: for both there is the parser that knows places. */
  | { readonly kind: "jsonc"; readonly file: SourceFile }
  | { readonly kind: "program" };

/** Reads a configuration file that is no program. `shown` is its path in messages. */
export function readConfigText(path: string, shown: string): ConfigText {
  if (basename(path) === "package.json") {
    const found = packageConfig(dirname(path));
    const file = { path: shown, text: found?.text ?? "" };
    return { kind: "read", read: { ok: true, value: found?.value, file, prefix: ["lockstep"] } };
  }
  if (!/\.jsonc?$/.test(path)) return { kind: "program" };
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const message = `The configuration ${shown} cannot be read: ${reason(error)}.`;
    return { kind: "read", read: { ok: false, message } };
  }
  const file = { path: shown, text };
  try {
    const value = JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
    return { kind: "read", read: { ok: true, value, file, prefix: [] } };
  } catch {
    return { kind: "jsonc", file };
  }
}

/** Reads JSON with comments and trailing commas. */
export function readJsonc(file: SourceFile, { parse, printParseErrorCode }: typeof Jsonc): ReadConfig {
  const errors: Jsonc.ParseError[] = [];
  const bom = file.text.startsWith("\uFEFF") ? 1 : 0;
  const value: unknown = parse(file.text.slice(bom), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (!first) return { ok: true, value, file, prefix: [] };
  if (file.text.slice(bom).trim() === "")
    return { ok: false, message: `The configuration ${file.path} is empty: write {} for all defaults.` };
  const words = printParseErrorCode(first.error)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  const start = first.offset + bom;
  return {
    ok: false,
    problem: { message: `This is not JSON: ${words}.`, range: { start, end: start + Math.max(1, first.length) } },
    file,
  };
}

/** Finds each problem in the text that the configuration was read from. */
export function placedIn(
  file: SourceFile,
  problems: readonly ConfigProblem[],
  prefix: readonly string[],
  { parseTree, findNodeAtLocation }: typeof Jsonc,
): readonly PlacedProblem[] {
  const bom = file.text.startsWith("\uFEFF") ? 1 : 0;
  const root = parseTree(file.text.slice(bom), [], { allowTrailingComma: true });
  return problems.map(({ path, name, message }): PlacedProblem => {
    const value = root && findNodeAtLocation(root, [...prefix, ...path]);
    const node = name ? value?.parent?.children?.[0] : value;
    if (!node) return { message };
    const range: Range = { start: node.offset + bom, end: node.offset + bom + node.length };
    return { message, range };
  });
}

/** The first line of an error, without the full stop at its end. */
export function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? "").replace(/\.$/, "");
}
