import { type LoadedDivergence, loadDivergence } from "../evidence/git/divergence.ts";
import { enabled } from "../engine/config.ts";
import { changedSince } from "../evidence/git/changed.ts";
import type { Environment } from "../evidence/git/base.ts";
import type { StagedHistory } from "../source/git/staged.ts";
import type { Project } from "./place.ts";
import { remembering } from "./remembering.ts";

/** The project with what its branches make of each other, where a base is known and a rule asks for it. What was known of that is forgotten. */
export function compared(project: Project, environment: Environment): Project {
  const { histories, rules, config } = project;
  const { divergence: _, ...evidence } = project.evidence;
  if (!rules.some((rule) => rule.needs?.includes("divergence") && enabled(rule, config)))
    return { ...project, evidence };
  const { divergence, problems } = branchesOf(project, environment);
  const [problem] = problems;
  const [first, ...rest] = histories;
  return {
    ...project,
    histories: first ? [{ ...first, problems: [...first.problems, ...problems] }, ...rest] : histories,
    evidence: {
      ...evidence,
      ...(divergence && { divergence }),
      ...(!divergence && problem && { unavailable: { ...evidence.unavailable, divergence: problem.message } }),
    },
  };
}

/** What the branches make of each other, and what keeps them from being compared; nothing where no base is known. */
export function branchesOf(
  { cwd, gitRoot, histories, config, reader, evidence: { base } }: Project,
  environment: Environment,
): LoadedDivergence {
  if (!base || gitRoot === undefined) return { problems: [] };
  const once = remembering(reader);
  return loadDivergence({
    cwd,
    root: gitRoot,
    histories,
    base,
    ...(config.branches && { names: config.branches }),
    environment,
    read: ({ text }) => once.read(text).statements,
  });
}

/** The project with what its index changes of migrations that are committed. */
export function changedIn(project: Project, changed: readonly StagedHistory[], environment: Environment): Project {
  const { cwd, gitRoot: root, config, evidence, reader } = project;
  if (root === undefined) return project;
  const once = remembering(reader);
  const divergence = changedSince({
    cwd,
    root,
    branch: evidence.branch,
    names: config.branches,
    environment,
    histories: changed,
    read: ({ text }) => once.read(text).statements,
  });
  return { ...project, evidence: { ...evidence, divergence } };
}
