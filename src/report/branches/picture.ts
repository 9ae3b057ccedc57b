import { type BranchTree, branchTree, isRun } from "./tree.ts";
import type { BranchSet } from "../../evidence/git/branch-set.ts";
import { counted } from "../../words.ts";
import type { Paint } from "../text/paint.ts";
import { clipped } from "../rehearsal/statement.ts";
import { onOneLine } from "../text/finding.ts";
import { width } from "../text/width.ts";

export interface PictureLook {
  readonly paint: Paint;
  readonly columns: number;
  readonly ascii: boolean;
}

/** Migrations of a run that are named one by one; of more the first and the last are. */
const NAMED = 8;

const UNICODE = { line: "│ ", tee: "├─", end: "╰─", parts: "├─╮", parted: "╰─╮" } as const;
const ASCII = { line: "| ", tee: "|-", end: "`-", parts: "|-.", parted: "`-." } as const;

/** Branches as a tree that grows downwards: where each of them parted, and which migrations it added, in the order of their names. */
export function pictureLines(set: BranchSet, root: string, { paint, columns, ascii }: PictureLook): readonly string[] {
  const signs = ascii ? ASCII : UNICODE;
  const lines: string[] = [];
  const put = (margin: string, sign: string, text: string, rest: string): void => {
    const room = columns - width(margin) - (sign === "" ? 0 : width(sign) + 1);
    const name = clipped(onOneLine(text), room);
    const more = rest === "" ? "" : clipped(rest, Math.max(0, room - width(name) - 2));
    lines.push(
      `${paint("dim", margin + sign)}${sign === "" ? "" : " "}${rest === "" ? name : paint("bold", name)}${more === "" || more === "…" ? "" : `  ${paint("dim", more)}`}`,
    );
  };
  const draw = ({ branch, grows, commit }: BranchTree, margin: string, sign: string, below: string): void => {
    const where = sign === "" ? [] : [commit === undefined ? "no commit in common" : `parted at ${commit.slice(0, 7)}`];
    put(
      margin,
      sign,
      branch.name,
      [
        ...branch.roles.filter((role) => role !== "other"),
        ...(branch.current ? ["checked out"] : []),
        ...where,
        ...(grows.length === 0 ? ["no migrations of its own"] : []),
      ].join(", ") || " ",
    );
    grows.forEach((part, at) => {
      const last = at === grows.length - 1;
      if (isRun(part)) {
        const shown =
          part.length > NAMED
            ? [`${counted(part.length, "migration")}: ${part[0] ?? ""} … ${part.at(-1) ?? ""}`]
            : part;
        shown.forEach((text, index) =>
          put(below, last && index === shown.length - 1 ? signs.end : signs.tee, text, ""),
        );
      } else draw(part, below, last ? signs.parted : signs.parts, below + (last ? "  " : signs.line));
    });
  };
  const tree = branchTree(set, root);
  if (tree) draw(tree, "", "", "");
  return lines;
}
