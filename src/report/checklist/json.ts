import { makeChecklist } from "./index.ts";
import type { Format } from "../options.ts";

/** The schema, as the package exports it. */
export const CHECKLIST_SCHEMA = "lockstep/schema/checklist.schema.json";

/** The checklist for machines: schema/checklist.schema.json, version 1. */
export const checklistJson: Format = {
  name: "checklist-json",
  render(result) {
    return `${JSON.stringify({ $schema: CHECKLIST_SCHEMA, version: 1, ...makeChecklist(result) }, null, 2)}\n`;
  },
};
