import { makeChecklist } from "./index.ts";
import type { Format } from "../options.ts";

/** Where schema/checklist.schema.json is published. */
export const CHECKLIST_SCHEMA = "https://lockstep.dev/schema/checklist.schema.json";

/** The checklist for machines: schema/checklist.schema.json, version 1. */
export const checklistJson: Format = {
  name: "checklist-json",
  render(result) {
    return `${JSON.stringify({ $schema: CHECKLIST_SCHEMA, version: 1, ...makeChecklist(result) }, null, 2)}\n`;
  },
};
