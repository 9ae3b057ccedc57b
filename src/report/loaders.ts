import type { Format } from "./options.ts";

/** Each format in a chunk of its own: a check that prints text never loads SARIF. */
export const LOADERS = {
  text: async () => (await import("./text/index.ts")).text,
  json: async () => (await import("./json/index.ts")).json,
  sarif: async () => (await import("./sarif/index.ts")).sarif,
  github: async () => (await import("./github.ts")).github,
  gitlab: async () => (await import("./gitlab.ts")).gitlab,
  junit: async () => (await import("./junit.ts")).junit,
  checklist: async () => (await import("./checklist/markdown.ts")).checklist,
  "checklist-json": async () => (await import("./checklist/json.ts")).checklistJson,
  html: async () => (await import("./html/index.ts")).html,
} as const satisfies Readonly<Record<string, () => Promise<Format>>>;

export type FormatName = keyof typeof LOADERS;

export const FORMAT_NAMES = Object.keys(LOADERS) as FormatName[];
