import { type Base, type Environment, findBase } from "../evidence/git/base.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { listBranches } from "../evidence/git/refs.ts";
import { assignRoles, type BranchNames, type Roles, rolesOf } from "../evidence/git/roles.ts";
import type { BranchRole } from "../model/divergence/roles.ts";
import type { Outcome } from "../source/outcome.ts";
import { success } from "../source/outcome.ts";
import { prismaEvidence } from "./inputs.ts";

/** What is known of a project before there is anything to open: for the one who sets it up, or looks what is wrong with it. */
export interface SurveyedBranches {
  readonly names: readonly string[];
  /** Absent where there is no branch. */
  readonly roles?: Roles;
  /** The roles of one of them, without the role of having none. */
  rolesOf(name: string): readonly BranchRole[];
}

/** The branch that is taken as deployed. `named` is what the configuration says. */
export const surveyBase = (
  root: string,
  named: string | undefined,
  environment: Environment,
): Outcome<Base | undefined> => findBase(root, named, environment, "base in the configuration");

/** The branches of a repository, and which of them is what. */
export function surveyBranches(
  root: string,
  names: BranchNames | undefined,
  environment: Environment,
): Outcome<SurveyedBranches> {
  const found = listBranches(root, environment);
  if (!found.ok) return found;
  const branches = found.value.branches.map(({ name, local, remote }) => ({
    name,
    committed: (local ?? remote)?.committed ?? 0,
  }));
  const roles = branches.length > 0 ? assignRoles(branches, names, found.value.defaultBranch) : undefined;
  return success({
    names: branches.map(({ name }) => name),
    ...(roles && { roles }),
    rolesOf: (name) => (roles ? rolesOf(name, roles).filter((role) => role !== "other") : []),
  });
}

/** Prisma's version and how it sends a file, by the lock files around `directories` (absolute). */
export const surveyPrisma = (
  cwd: string,
  directories: readonly string[],
): Pick<Evidence, "execution" | "prisma" | "database"> => prismaEvidence(cwd, directories, undefined);
