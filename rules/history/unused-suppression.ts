import { defineRule } from "../../src/index.ts";

/** Found by the engine while it applies suppressions: a rule cannot see what others report. */
export default defineRule({
  id: "unused-suppression",
  title: "A lockstep-ignore comment that suppresses nothing",
  category: "history",
  severity: "warning",
  since: "0.1.0",
  messages: {
    unused: "This comment suppresses nothing: {rule} finds nothing in this {what}.",
    elsewhere:
      "This comment suppresses nothing: {rule} finds something in this file, but not in the statement that the comment is for.",
    noReason: "This comment has no effect, because it gives no reason for ignoring {rules}.",
    noRule: "This comment has no effect, because it names no rule.",
    unknownRule: "This comment names {rule}, which is no rule.{hint}",
    unknownDirective: "This comment has no effect: {word} is unknown. Did you mean {meant}?",
    noStatement: "This comment has no effect, because no statement follows it. {word}-file is for the whole file.",
  },
  help: "Delete the comment, or write it as `-- lockstep-ignore rule: reason` right before the statement that it is for.",
  on: {},
});
