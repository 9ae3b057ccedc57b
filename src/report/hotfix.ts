import type { HotfixPlan, HotfixStep } from "../advice/hotfix/plan.ts";
import type { Recovery, RecoveryStep } from "../advice/recovery.ts";
import { codeSpan, fenced, indent, inline } from "./markdown.ts";
import { type Paint, painter } from "./text/paint.ts";
import { EXECUTION_IN_WORDS } from "./rehearsal/sentences.ts";
import { onOneLine } from "./text/finding.ts";
import { printable, wrap } from "./text/width.ts";

export interface HotfixTextOptions {
  readonly color: boolean;
  readonly columns: number;
}

const WIDEST = 120;

/** The plan for people at a terminal: numbered steps, commands for copying. */
export function hotfixText(plan: HotfixPlan, options: HotfixTextOptions): string {
  const paint = painter(options.color);
  const columns = Math.max(40, Math.min(WIDEST, options.columns));
  const lines = [
    ...wrap(
      printable(`The hotfix ${plan.branch}, from ${plan.production}, in ${plan.root || "the repository's root"}`),
      columns,
    ).map((line) => paint("bold", line)),
    ...plan.known.flatMap((sentence) => said(sentence, columns, "  ", paint)),
  ];
  plan.steps.forEach((step, at) => lines.push("", ...stepLines(step, at + 1, columns, paint)));
  for (const { execution, recovery } of plan.recoveries) {
    lines.push("", ...wrap(recoveryTitle(execution), columns).map((line) => paint("bold", line)));
    lines.push(...recoveryLines(recovery, columns, paint));
  }
  return `${lines.join("\n")}\n`;
}

const recoveryTitle = (execution: "batch" | "split"): string =>
  `If the deployment fails half-way (${EXECUTION_IN_WORDS[execution]})`;

function stepLines(
  { title, done, notes, commands }: HotfixStep,
  number: number,
  columns: number,
  paint: Paint,
): readonly string[] {
  const lines = wrap(printable(`${title}${done ? " (done)" : ""}`), columns - 4).map(
    (line, at) => `${at === 0 ? `${String(number).padStart(2)}. ` : "    "}${paint(done ? "dim" : "bold", line)}`,
  );
  for (const note of notes) lines.push(...said(note, columns, "    ", paint));
  for (const { text, language } of commands)
    lines.push(
      ...text.split("\n").map((line) => `      ${paint(language === "sh" ? "cyan" : "green", onOneLine(line))}`),
    );
  return lines;
}

const said = (text: string, columns: number, margin: string, paint: Paint): readonly string[] =>
  wrap(printable(text), columns - margin.length).map((line) => margin + paint("dim", line));

function recoveryLines({ says, kept, steps, instead }: Recovery, columns: number, paint: Paint): readonly string[] {
  const lines: string[] = [];
  for (const { when, code, sentence } of says)
    lines.push(
      ...said(
        `${when === "now" ? "Prisma says" : "At the next deploy Prisma says"}${code === undefined ? "" : ` ${code}`}: ${sentence}`,
        columns,
        "    ",
        paint,
      ),
    );
  lines.push(...said(kept, columns, "    ", paint));
  const way = (list: readonly RecoveryStep[]): void =>
    list.forEach(({ title, why, command }, at) => {
      lines.push(
        ...stepLines({ title, done: false, notes: [why], commands: command ? [command] : [] }, at + 1, columns, paint),
      );
    });
  way(steps);
  if (instead.length > 0) {
    lines.push(...wrap("Or finish by hand what was begun:", columns - 4).map((line) => `    ${line}`));
    way(instead);
  }
  return lines;
}

/** The plan for a pull request or an issue: a task list. */
export function hotfixMarkdown(plan: HotfixPlan): string {
  const blocks = [
    `## Hotfix ${codeSpan(plan.branch)}`,
    `From ${codeSpan(plan.production)}, in ${codeSpan(plan.root || ".")}. ${plan.known.map(inline).join(" ")}`,
  ];
  blocks.push(
    plan.steps
      .map(({ title, done, notes, commands }) =>
        [
          `- [${done ? "x" : " "}] **${inline(title)}**${notes.length > 0 ? `  \n${indent(notes.map(inline).join(" "), "  ")}` : ""}`,
          ...commands.map(({ language, text }) => indent(fenced(language, text), "  ")),
        ].join("\n\n"),
      )
      .join("\n"),
  );
  for (const { execution, recovery } of plan.recoveries) {
    const way = (list: readonly RecoveryStep[]): string =>
      list
        .map(
          ({ title, why, command }, at) =>
            `${at + 1}. **${inline(title)}**  \n   ${inline(why)}${command ? `\n\n${indent(fenced(command.language, command.text), "   ")}` : ""}`,
        )
        .join("\n");
    blocks.push(
      `### ${inline(recoveryTitle(execution))}`,
      recovery.says
        .map(
          ({ when, code, sentence }) =>
            `- ${when === "now" ? "Prisma says" : "At the next deploy Prisma says"}${code === undefined ? "" : ` ${code}`}: ${inline(sentence)}`,
        )
        .join("\n"),
      inline(recovery.kept),
      way(recovery.steps),
    );
    if (recovery.instead.length > 0) blocks.push("Or finish by hand what was begun:", way(recovery.instead));
  }
  return `${blocks.join("\n\n")}\n`;
}
