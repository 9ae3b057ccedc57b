import type { BranchesResult } from "../../advice/branches/comparison.ts";
import type { BranchFinding, OnBranch } from "../../evidence/branches/findings.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import type { OrderConflict } from "../../model/order/commutation.ts";
import { conflictInWords, resultInWords } from "./sentences.ts";
import { matrices } from "./matrix.ts";
import { orderJson } from "./order.ts";
import { list, member, placed } from "../json/parts.ts";

/** The schema, as the package exports it. */
const BRANCHES_SCHEMA = "lockstep/schema/branches.schema.json";

export interface BranchesJsonOptions {
  readonly tool: { readonly name: string; readonly version: string };
  readonly execution: Evidence["execution"];
  readonly prisma?: Evidence["prisma"];
}

/** For machines: schema/branches.schema.json, version 1. One line for each branch, row and finding. */
export function branchesJson(comparison: BranchesResult, { tool, execution, prisma }: BranchesJsonOptions): string {
  const { set, findings, problems } = comparison;
  const of = (severity: BranchFinding["severity"]): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const roots = matrices(set, findings).map(
    ({ root, common, moved, without, rows }) =>
      `{ ${[member("root", root), member("common", common), member("moved", moved), member("without", without)].join(", ")}, ${list("rows", rows)} }`,
  );
  const parts = [
    member("$schema", BRANCHES_SCHEMA),
    member("version", 1),
    member("tool", tool),
    member("flow", set.flow),
    member("because", set.because),
    member("evidence", { execution, prisma }),
    list(
      "branches",
      set.branches.map(({ name, ref, commit, committed, roles, current, roots: own }) => ({
        name,
        ref,
        commit,
        committed: new Date(committed * 1000).toISOString(),
        roles,
        current: current ?? false,
        roots: own.map(({ root, path, provider, migrations }) => ({
          root,
          path,
          provider,
          migrations: migrations.length,
        })),
      })),
    ),
    list("pairs", set.pairs),
    list("leftOut", set.leftOut),
    roots.length === 0 ? member("roots", []) : `"roots": [\n${roots.join(",\n")}\n]`,
    list("findings", findings.map(findingOf)),
    list("problems", [
      ...problems.map((message) => ({ message })),
      ...[
        ...set.problems,
        ...new Map(
          set.branches
            .flatMap((branch) => branch.roots.flatMap((root) => root.problems))
            .map((problem) => [`${problem.file} ${problem.message}`, problem]),
        ).values(),
      ],
    ]),
    member("summary", { branches: set.branches.length, error: of("error"), warning: of("warning"), info: of("info") }),
  ];
  return `{\n${parts.join(",\n")}\n}\n`;
}

function findingOf(finding: BranchFinding) {
  const { rule, kind, severity, root, subject, against, branches, message, order, wayOut } = finding;
  return {
    rule,
    kind,
    severity,
    root,
    branches,
    subject: placeOf(subject),
    against: against.map(placeOf),
    message,
    order: order && {
      matters: order.matters,
      conflicts: order.conflicts.map((conflict) => conflictOf(finding, conflict)),
      columnOrder: order.columnOrder,
      rehearsed: order.rehearsed && orderJson(order.rehearsed),
      mistake: order.mistake,
    },
    wayOut,
  };
}

const placeOf = ({ branch, migration }: OnBranch) => ({ branch, migration: migration.id, path: migration.path });

function conflictOf(finding: BranchFinding, conflict: OrderConflict) {
  const { one, other, leaves } = conflictInWords(finding, conflict);
  const statement = ({ branch, statement: at }: typeof one) => ({
    branch,
    migration: at.migration,
    file: at.file.path,
    statement: at.statement.index,
    range: placed(at.file, at.statement.range),
  });
  return {
    certain: conflict.verdict === "no",
    why: conflict.why,
    object: conflict.object,
    columns: conflict.columns,
    one: statement(one),
    other: statement(other),
    leaves: leaves.map(([order], at) => ({
      order,
      result: conflict.leaves[at as 0 | 1].is,
      text: resultInWords(conflict.leaves[at as 0 | 1]),
    })),
  };
}
