import type { BranchFinding, BranchesResult } from "../../engine/branches.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import type { Judgement, OnBranch } from "../../model/divergence/judgement/terms.ts";
import type { OrderConflict } from "../../model/order/commutation.ts";
import { conflictDetails, pairProblems } from "./sentences.ts";
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
export function branchesJson(result: BranchesResult, { tool, execution, prisma }: BranchesJsonOptions): string {
  const { set, findings, suppressed, off } = result;
  const of = (severity: BranchFinding["severity"]): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const roots = matrices(result).map(
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
    list(
      "pairs",
      set.pairs.map(({ one, other, base, problem }) => ({ one, other, base, problem })),
    ),
    list("leftOut", set.leftOut),
    roots.length === 0 ? member("roots", []) : `"roots": [\n${roots.join(",\n")}\n]`,
    list("findings", findings.map(findingOf)),
    member("off", off),
    list("problems", [
      ...pairProblems(set).map((message) => ({ message })),
      ...[
        ...set.problems,
        ...new Map(
          set.branches
            .flatMap((branch) => branch.roots.flatMap((root) => root.problems))
            .map((problem) => [`${problem.file} ${problem.message}`, problem]),
        ).values(),
      ],
    ]),
    member("summary", {
      branches: set.branches.length,
      error: of("error"),
      warning: of("warning"),
      info: of("info"),
      suppressed,
    }),
  ];
  return `{\n${parts.join(",\n")}\n}\n`;
}

function findingOf({ rule, severity, root, of, message, judgement, ways }: BranchFinding) {
  const { kind, subjects, against, order } = judgement;
  return {
    rule,
    kind,
    severity,
    root,
    of,
    branches: [...new Set([...of, ...subjects.map(({ branch }) => branch), ...against.map(({ branch }) => branch)])],
    subjects: subjects.map(placeOf),
    against: against.map(placeOf),
    message,
    order: order && {
      matters: order.matters,
      conflicts: order.conflicts.map((conflict) => conflictOf(judgement, conflict)),
      columnOrder: order.columnOrder,
      rehearsed: order.rehearsed && orderJson(order.rehearsed),
      mistake: order.mistake,
    },
    wayOut: ways,
  };
}

const placeOf = ({ branch, migration }: OnBranch) => ({ branch, migration: migration.id, path: migration.path });

function conflictOf(judgement: Judgement, conflict: OrderConflict) {
  const { statements, orders } = conflictDetails(judgement, conflict);
  const [one, other] = statements.map(({ branch, statement: at }) => ({
    branch,
    migration: at.migration,
    file: at.file.path,
    statement: at.statement.index,
    range: placed(at.file, at.statement.range),
  }));
  return {
    certain: conflict.verdict === "no",
    why: conflict.why,
    object: conflict.object,
    columns: conflict.columns,
    one,
    other,
    leaves: orders.map(([order, text], at) => ({ order, result: conflict.leaves[at as 0 | 1].is, text })),
  };
}
