import type { Evidence } from "../evidence/evidence.ts";

/** How a project calls Prisma, and what can be pasted into a POSIX shell. */

export type PackageManager = NonNullable<Evidence["prisma"]>["packageManager"];

const RUNNERS: Readonly<Record<PackageManager, string>> = {
  npm: "npx prisma",
  pnpm: "pnpm exec prisma",
  yarn: "yarn prisma",
  bun: "bunx prisma",
};

/** "npx prisma", "pnpm exec prisma" … */
export function prismaCommand(packageManager: PackageManager): string {
  return RUNNERS[packageManager];
}

/** The major version of "7.10.0"; undefined where it is not known. */
export function majorOf(version: string | undefined): number | undefined {
  const major = /\d+/.exec(version ?? "")?.[0];
  return major === undefined ? undefined : Number(major);
}

/**
 * `prisma db execute`: up to version 6 it needs --schema or --url, from 7 on both are gone and it takes the address from
 * prisma.config.ts. `root` is the migrations directory: the schema is its neighbour by default.
 */
export function dbExecute(command: string, major: number | undefined, root: string, source: string): string {
  const schema = major !== undefined && major < 7 ? ` --schema ${shellWord(schemaBeside(root))}` : "";
  return `${command} db execute ${source}${schema}`;
}

function schemaBeside(root: string): string {
  const parent = root.split("/").slice(0, -1).join("/");
  return parent === "" ? "prisma/schema.prisma" : `${parent}/schema.prisma`;
}

/** One word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) && !text.startsWith("-") ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
