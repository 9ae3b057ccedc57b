import type { Evidence } from "../evidence/evidence.ts";
import type { ProjectFacts } from "./programs/facts.ts";

/** What the evidence says of the project whose migrations are in `root`; npm where nobody knows its package manager. */
export function factsOf({ prisma, database }: Pick<Evidence, "prisma" | "database">, root?: string): ProjectFacts {
  return {
    packageManager: prisma?.packageManager ?? "npm",
    prisma: prisma?.version,
    root,
    variables: database?.variables,
  };
}
