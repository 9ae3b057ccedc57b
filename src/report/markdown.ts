import { printable } from "./text/width.ts";

/** Text of others as inline Markdown that means itself: pairs of backticks become code, the rest is escaped. One line. */
export function inline(text: string): string {
  const parts = printable(text).replace(/\s+/g, " ").split("`");
  // An odd backtick at the end has no partner: it is text.
  const tail = parts.length % 2 === 0 ? `\\\`${escaped(parts.pop() ?? "")}` : "";
  return (
    parts.map((part, index) => (index % 2 === 0 ? escaped(part) : part.trim() === "" ? "" : codeSpan(part))).join("") +
    tail
  );
}

/** Code on one line, whatever backticks it holds. */
export function codeSpan(text: string): string {
  const code = printable(text).replace(/\s+/g, " ");
  const marks = "`".repeat(longestRun(code) + 1);
  const pad = code.startsWith("`") || code.endsWith("`") ? " " : "";
  return marks + pad + code + pad + marks;
}

/** A fenced block whose fence is longer than any run of backticks in it. */
export function fenced(language: string, text: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${printable(text)}\n${fence}`;
}

/** Text between HTML tags. */
export function html(text: string): string {
  return printable(text)
    .replace(/\s+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[`*_[\]|\\]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** What wraps the whole `text` at every line, for blocks inside list items. */
export function indent(text: string, by: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : by + line))
    .join("\n");
}

function escaped(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replace(/[\\*_[\]|~#]/g, "\\$&")
      // A mention or a link that nobody meant.
      .replace(/@(?=\w)/g, "@\u2060")
      .replace(/(https?):(?=\/\/)/g, "$1:\u2060")
  );
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
