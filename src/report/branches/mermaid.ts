import type { BranchesResult } from "../../engine/branches.ts";
import { answerInWords } from "../../model/divergence/judgement/answers.ts";
import { type RootMatrix, matrices } from "./matrix.ts";
import { type BranchTree, branchTree, isRun } from "./tree.ts";
import type { BranchSet } from "../../evidence/git/branch-set.ts";
import {
  cellInWords,
  conflictDetails,
  flowInWords,
  legend,
  offInWords,
  pairProblems,
  statementText,
} from "./sentences.ts";
import { codeSpan, fenced, html, indent, inline } from "../markdown.ts";
import { counted, listed } from "../../words.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

/** Migrations of a run that are drawn one by one. */
const DRAWN = 6;
/** Rows of a table and findings: a comment of GitHub's has 65536 characters. */
const ROWS = 60;
const FINDINGS = 40;

const MARK = { error: "🔴", warning: "🟡", info: "🔵" } as const;

/** For pull requests, as GitHub renders it: a git graph in Mermaid, the matrix as a table, the findings folded away. */
export function branchesMermaid(result: BranchesResult): string {
  const { set, findings, suppressed, off } = result;
  const problems = [
    ...pairProblems(set),
    ...offInWords(result),
    ...set.problems.map(({ message, help }) => `${message} ${help}`),
  ];
  const tables = matrices(result);
  const blocks = ["## Migrations by branch", inline(flowInWords(set))];
  for (const matrix of tables) {
    if (tables.length > 1) blocks.push(`### ${codeSpan(matrix.root || "the repository's root")}`);
    const tree = branchTree(set, matrix.root);
    if (tree) blocks.push(fenced("mermaid", gitGraph(tree)));
    blocks.push(...table(matrix, set));
  }
  if (problems.length > 0) blocks.push(problems.map((problem) => `- ${inline(problem)}`).join("\n"));
  blocks.push(
    findings.length === 0
      ? off.length + suppressed + set.problems.length === 0
        ? "The branches are in lockstep."
        : `No findings${suppressed > 0 ? `, ${suppressed} suppressed` : ""}.`
      : findings
          .slice(0, FINDINGS)
          .map((finding) => {
            const { severity, rule, of, message, judgement, ways } = finding;
            const { order } = judgement;
            const parts: string[] = [];
            if (order?.rehearsed)
              parts.push(
                answerInWords(judgement)
                  .map((line) => `- ${inline(line)}`)
                  .join("\n"),
              );
            for (const conflict of order?.rehearsed || order?.matters === "no"
              ? []
              : (order?.conflicts ?? []).slice(0, 3)) {
              const { object, statements, orders } = conflictDetails(judgement, conflict);
              parts.push(
                [
                  `- **${inline(object)}**`,
                  ...statements.map(
                    ({ branch, statement }) =>
                      `  - ${inline(branch)}: ${codeSpan(statementText(statement).slice(0, 300))}`,
                  ),
                  // Of the leading one the message says it.
                  ...(conflict === judgement.conflict
                    ? []
                    : orders.map(([order_, does]) => `  - ${inline(order_)}: ${inline(does)}`)),
                ].join("\n"),
              );
            }
            for (const { title, command } of ways)
              parts.push(
                `- ${inline(title)}${command === undefined ? "" : `\n\n${indent(fenced("sh", command), "  ")}`}`,
              );
            const head = `- ${MARK[severity]} **${severity}** ${codeSpan(rule)} (${inline(listed(of))}): ${inline(message)}`;
            return parts.length === 0
              ? head
              : `${head}\n\n${indent(`<details><summary>${html("What to do")}</summary>\n\n${parts.join("\n\n")}\n\n</details>`, "  ")}\n`;
          })
          .join("\n"),
  );
  if (findings.length > FINDINGS)
    blocks.push(
      `and ${counted(findings.length - FINDINGS, "more finding", "more findings")}: run \`${lockstep.branches(IN_WORDS).text}\`.`,
    );
  return `${blocks.join("\n\n")}\n`;
}

/** https://mermaid.js.org/syntax/gitgraph.html */
function gitGraph(tree: BranchTree): string {
  const ids = new Set<string>();
  const lines: string[] = [`%%{init: {"gitGraph": {"mainBranchName": ${word(tree.branch.name)}}}}%%`, "gitGraph"];
  const commit = (id: string): void => {
    let unique = id;
    // The same folder on two branches is two commits here, and a graph has each id once.
    while (ids.has(unique)) unique += " ";
    ids.add(unique);
    lines.push(`  commit id: ${word(unique)}`);
  };
  const grow = ({ branch, grows }: BranchTree): void => {
    for (const part of grows) {
      if (isRun(part)) {
        if (part.length > DRAWN) commit(`${counted(part.length, "migration")} to ${part.at(-1) ?? ""}`);
        else part.forEach(commit);
      } else {
        // A branch needs a commit to part from.
        if (ids.size === 0) commit("no migration yet");
        lines.push(`  branch ${word(part.branch.name)}`);
        grow(part);
        lines.push(`  checkout ${word(branch.name)}`);
      }
    }
  };
  grow(tree);
  return lines.join("\n");
}

const word = (text: string): string => `"${text.replace(/["\\\n\r{}%]/g, "'")}"`;

function table({ rows, common, moved, without }: RootMatrix, { branches }: BranchSet): string[] {
  const alike = `${counted(common, "migration")} ${common === 1 ? "is" : "are"} the same everywhere.`;
  if (rows.length === 0) return [alike];
  const cell = (text: string): string => inline(text).replaceAll("\n", " ");
  const lines = [
    `| Migration | ${branches.map(({ name }) => cell(name)).join(" | ")} |`,
    `| --- |${branches.map(() => " --- |").join("")}`,
    ...rows
      .slice(0, ROWS)
      .map(
        ({ migration, cells }) =>
          `| ${codeSpan(migration).replaceAll("|", "\\|")} | ${cells.map((each) => cell(cellInWords(each)) || "·").join(" | ")} |`,
      ),
  ];
  if (rows.length > ROWS) lines.push(`| and ${rows.length - ROWS} more |${branches.map(() => " |").join("")}`);
  const notes = [
    alike,
    `${legend(rows.flatMap(({ cells }) => cells)).join("; ")}.`,
    ...moved.map(({ branch, path }) => `${branch} has the folder at ${path}.`),
    ...without.map((branch) => `${branch} has no such folder.`),
  ];
  return [lines.join("\n"), inline(notes.join(" "))];
}
