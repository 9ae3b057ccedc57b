import type { CheckResult } from "../../engine/result.ts";
import { backupItem } from "./backup.ts";
import type { Checklist, ChecklistItem } from "./item.ts";
import { mergedItem } from "./merged.ts";
import { monitorItem } from "./monitor.ts";
import { pendingOf } from "./pending.ts";
import { documentItem, findingsItem, stagingItem, teamItem } from "./people.ts";
import { rollbackItem } from "./rollback.ts";
import { windowItem } from "./window.ts";

/** The production safety checklist of the pending migrations, filled in from what the check knows. */
export function makeChecklist(result: CheckResult): Checklist {
  const pending = pendingOf(result);
  const makers = [
    findingsItem,
    backupItem,
    stagingItem,
    rollbackItem,
    teamItem,
    windowItem,
    monitorItem,
    documentItem,
    mergedItem,
  ];
  const made = makers.map((make) => make(pending));
  const items: readonly ChecklistItem[] =
    pending.migrations.length > 0
      ? made
      : made.map(({ id, title }) => ({ id, title, state: "not needed", because: "No migration is pending.", run: [] }));
  return {
    tool: result.tool,
    postgres: result.postgres,
    migrations: pending.migrations.map(({ id, path, execution }) => ({ id, path, execution })),
    execution: result.evidence.execution,
    ready: items.every((item) => item.state === "done" || item.state === "not needed"),
    items,
  };
}
