import type { Step, WalkPlace } from "../step.ts";

/** Where a fact is asked for: an operation's effects, the schema before it, and the deployment around it. A handler's context is one. */
export type StepPlace = WalkPlace & Pick<Step, "effects">;
