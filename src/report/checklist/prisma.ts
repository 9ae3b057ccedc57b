import { dbExecute as execute, majorOf, prismaCommand } from "../../advice/prisma.ts";
import type { CheckResult } from "../../engine/result.ts";

/** How this project calls Prisma. */
export interface Prisma {
  /** "npx prisma", "pnpm exec prisma" … */
  readonly command: string;
  /** Undefined where no lock file or manifest tells. */
  readonly major: number | undefined;
  readonly version: string | undefined;
}

export function prismaOf(result: CheckResult): Prisma {
  const { prisma } = result.evidence;
  return {
    command: prismaCommand(prisma?.packageManager ?? "npm"),
    major: majorOf(prisma?.version),
    version: prisma?.version,
  };
}

/** `prisma db execute` with what this version needs. `root` is the migrations directory. */
export function dbExecute(prisma: Prisma, root: string, source: string): string {
  return execute(prisma.command, prisma.major, root, source);
}
