import { dirname, join } from "node:path";

/** Prisma keeps migrations beside the schema file, or inside the schema folder. */
export function besideSchema(schema: string): string {
  return join(schema.endsWith(".prisma") ? dirname(schema) : schema, "migrations");
}

/** `prisma.schema` of a package.json, as written. */
export function packageSchema(text: string): string | undefined {
  if (!text.includes('"prisma"')) return undefined;
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    if (typeof parsed !== "object" || parsed === null || !("prisma" in parsed)) return undefined;
    const { prisma } = parsed;
    return typeof prisma === "object" && prisma !== null && "schema" in prisma && typeof prisma.schema === "string"
      ? prisma.schema
      : undefined;
  } catch {
    // A package.json that npm cannot read either is not ours to report.
    return undefined;
  }
}
