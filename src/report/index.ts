import { checklistJson } from "./checklist/json.ts";
import { checklist } from "./checklist/markdown.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { html } from "./html/index.ts";
import { json } from "./json/index.ts";
import { junit } from "./junit.ts";
import type { FormatName } from "./loaders.ts";
import type { Format } from "./options.ts";
import { sarif } from "./sarif/index.ts";
import { text } from "./text/index.ts";

export { FORMAT_NAMES, LOADERS, type FormatName } from "./loaders.ts";
export type { Format } from "./options.ts";
export { makeChecklist } from "./checklist/index.ts";
export type { ChecklistItem } from "./checklist/item.ts";

/** All formats at once. Who wants one only imports `LOADERS` from ./loaders.ts. */
export const FORMATS: Readonly<Record<FormatName, Format>> = {
  text,
  json,
  sarif,
  github,
  gitlab,
  junit,
  checklist,
  "checklist-json": checklistJson,
  html,
};
