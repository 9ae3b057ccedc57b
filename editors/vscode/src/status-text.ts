/** How the server of a folder is. */
export type ServerState =
  | { readonly kind: "off" }
  | { readonly kind: "starting" }
  | { readonly kind: "running" }
  /** It ended, or never started; `message` is a sentence. */
  | { readonly kind: "failed"; readonly message: string }
  /** It must not start; `message` is a sentence. */
  | { readonly kind: "restricted"; readonly message: string };

export interface StatusFacts {
  readonly server: ServerState;
  /** Findings in the file that is looked at; absent where it is no migration. */
  readonly findings?: { readonly errors: number; readonly warnings: number; readonly others: number } | undefined;
  /** What is wrong with the configuration: the first sentence of the first mistake. */
  readonly configuration?: string | undefined;
  /** "lockstep 1.2.0 of the project". */
  readonly running?: string | undefined;
}

export interface StatusShown {
  /** With the editor's icons. */
  readonly text: string;
  readonly tooltip: string;
  readonly severity: "none" | "warning" | "error";
}

/** What the item in the status bar says: what keeps the check from being right comes first. */
export function statusShown({ server, findings, configuration, running }: StatusFacts): StatusShown {
  const by = running === undefined ? "" : `\n\n${running}`;
  switch (server.kind) {
    case "off":
      return {
        text: "$(circle-slash) lockstep",
        tooltip: "lockstep is off in this folder (lockstep.enable).",
        severity: "none",
      };
    case "starting":
      return { text: "$(loading~spin) lockstep", tooltip: `The server is starting.${by}`, severity: "none" };
    case "failed":
      return { text: "$(error) lockstep", tooltip: `${server.message}${by}`, severity: "error" };
    case "restricted":
      return { text: "$(shield) lockstep", tooltip: server.message, severity: "warning" };
    case "running":
  }
  if (configuration !== undefined)
    return {
      text: "$(warning) lockstep: configuration",
      tooltip: `${configuration}\n\nDefaults apply meanwhile.${by}`,
      severity: "warning",
    };
  if (!findings) return { text: "$(check) lockstep", tooltip: `The server is running.${by}`, severity: "none" };
  const { errors, warnings, others } = findings;
  const count = errors + warnings + others;
  if (count === 0) return { text: "$(check) lockstep", tooltip: `Nothing found in this file.${by}`, severity: "none" };
  const parts = [
    counted(errors, "error"),
    counted(warnings, "warning"),
    others > 0 ? `${others} more` : undefined,
  ].filter((part) => part !== undefined);
  return {
    text: `$(${errors > 0 ? "error" : warnings > 0 ? "warning" : "info"}) lockstep: ${count}`,
    tooltip: `In this file: ${parts.join(", ")}.${by}`,
    severity: "none",
  };
}

function counted(count: number, noun: string): string | undefined {
  return count === 0 ? undefined : `${count} ${noun}${count === 1 ? "" : "s"}`;
}
