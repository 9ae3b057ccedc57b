/**
 * Markdown of at most `limit` units, cut between lines, with a sentence at its end that says so. A code block or fold that was left open is closed.
 * @param {string} text
 * @param {number} limit
 * @param {string} sentence
 * @param {(text: string) => number} [size] in the limit's units: characters unless given
 */
export function cut(text, limit, sentence, size = (part) => part.length) {
  if (size(text) <= limit) return text;
  const end = `\n\n${sentence}\n`;
  const kept = [];
  let fence;
  let folds = 0;
  let used = size(end);
  for (const line of text.split("\n")) {
    const mark = /^ *(`{3,}|~{3,})/.exec(line)?.[1];
    const opens = fence === undefined ? mark : mark?.startsWith(fence) && line.trim() === mark ? undefined : fence;
    const within =
      folds +
      (fence === undefined ? (line.match(/<details\b/g)?.length ?? 0) - (line.match(/<\/details>/g)?.length ?? 0) : 0);
    used += size(`${line}\n`);
    if (used + size(closing(opens, within)) > limit) break;
    kept.push(line);
    fence = opens;
    folds = within;
  }
  return `${kept.join("\n")}${closing(fence, folds)}${end}`;
}

function closing(fence, folds) {
  return `${fence === undefined ? "" : `\n${fence}`}${"\n\n</details>".repeat(Math.max(0, folds))}`;
}
