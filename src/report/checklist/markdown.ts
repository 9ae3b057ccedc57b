import { makeChecklist } from "./index.ts";
import type { ChecklistItem, ItemCommand } from "./item.ts";
import { codeSpan, fenced, html, indent, inline } from "../markdown.ts";
import type { Format } from "../options.ts";
import { executionInWords } from "../summary.ts";
import { counted } from "../../words.ts";

/** Migrations that are named in the head; the json has all. */
const NAMED = 10;

/** The checklist for a pull request: a task list, the commands folded away. */
export const checklist: Format = {
  name: "checklist",
  render(result) {
    const { items, migrations, postgres, execution } = makeChecklist(result);
    const open = items.filter((item) => !isSettled(item)).length;
    // Two projects of one repository may each have an "init".
    const unique = new Set(migrations.map(({ id }) => id)).size === migrations.length;
    // Another mark than the items have: else the two would be one list.
    const names = migrations
      .slice(0, NAMED)
      .map((migration) => `* ${codeSpan(unique ? migration.id : migration.path)}`);
    if (migrations.length > NAMED) names.push(`* and ${migrations.length - NAMED} more`);
    const head =
      migrations.length === 0
        ? "No migration is pending."
        : `${counted(migrations.length, "pending migration")}, for PostgreSQL ${postgres}, sent ${execution.mode === "unknown" ? "in a way that is not known" : executionInWords(execution.mode)} (${inline(execution.because)}). ${open === 0 ? "Everything is ready." : `${counted(open, "item needs", "items need")} you.`}`;
    const blocks = [
      "## Production safety checklist",
      head,
      ...(names.length > 0 ? [names.join("\n")] : []),
      items.map(renderItem).join("\n"),
    ];
    return `${(migrations.length === 0 ? blocks.slice(0, 2) : blocks).join("\n\n")}\n`;
  },
};

function isSettled({ state }: ChecklistItem): boolean {
  return state === "done" || state === "not needed";
}

function renderItem(item: ChecklistItem): string {
  const box = isSettled(item) ? "[x]" : "[ ]";
  const lines = [`- ${box} **${item.title}** · ${item.state}`, indent(inline(item.because), "  ")];
  return (
    [lines.join("  \n"), ...item.run.map((command) => indent(renderCommand(command), "  "))].join("\n\n") +
    (item.run.length > 0 ? "\n" : "")
  );
}

function renderCommand({ title, language, text }: ItemCommand): string {
  return `<details><summary>${html(title)}</summary>\n\n${fenced(language, text)}\n\n</details>`;
}
