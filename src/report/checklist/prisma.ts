import type { CheckResult } from "../../engine/result.ts";
import { shellWord } from "./pending.ts";

/** How this project calls Prisma. */
export interface Prisma {
  /** "npx prisma", "pnpm exec prisma" … */
  readonly command: string;
  /** Undefined where no lock file or manifest tells. */
  readonly major: number | undefined;
  readonly version: string | undefined;
}

const RUNNERS = { npm: "npx prisma", pnpm: "pnpm exec prisma", yarn: "yarn prisma", bun: "bunx prisma" } as const;

export function prismaOf(result: CheckResult): Prisma {
  const { prisma } = result.evidence;
  const major = /\d+/.exec(prisma?.version ?? "")?.[0];
  return { command: RUNNERS[prisma?.packageManager ?? "npm"], major: major === undefined ? undefined : Number(major), version: prisma?.version };
}

/**
 * `prisma db execute`: up to version 6 it needs --schema or --url, from 7 on both are gone and it takes the address from
 * prisma.config.ts. `root` is the migrations directory: the schema is its neighbour by default.
 */
export function dbExecute(prisma: Prisma, root: string, source: string): string {
  const schema = prisma.major !== undefined && prisma.major < 7 ? ` --schema ${shellWord(schemaBeside(root))}` : "";
  return `${prisma.command} db execute ${source}${schema}`;
}

function schemaBeside(root: string): string {
  const parent = root.split("/").slice(0, -1).join("/");
  return parent === "" ? "prisma/schema.prisma" : `${parent}/schema.prisma`;
}
