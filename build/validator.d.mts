import type { Plugin } from "vitest/config";

/** For rolldown too. */
export function configValidator(): Plugin;
export function validatorText(schema: unknown): string;
