import { defineRule, relationName } from "../../src/index.ts";
import { heldWork } from "../../src/rule-kit.ts";

export default defineRule({
  id: "work-after-exclusive-lock",
  title: "Long work runs while an earlier statement's exclusive lock is still held",
  category: "locking",
  severity: "error",
  since: "0.1.0",
  dependsOnSize: true,
  messages: {
    held: "Nobody reads or writes {locked} while this statement goes through {table} to {reason}: the ACCESS EXCLUSIVE lock of an earlier statement is kept until the transaction ends.",
  },
  help: "Put the work and the statement that takes the lock into migrations of their own, so that the lock is given back at once. Where both must go together, do the work first.",
  on: {
    statement(statement, context) {
      const held = heldWork(statement, context);
      if (!held) return;
      const { locked, works, light } = held;
      const names = locked.map(({ relation }) => relationName(relation));
      context.report({
        at: statement,
        message: "held",
        data: {
          locked: names.slice(0, SHOWN).join(", ") + (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ""),
          reason: (works.find((work) => work.kind !== "read") ?? works[0])?.reason ?? "",
          table: [...new Set(works.map(({ relation }) => relationName(relation)))].join(", "),
        },
        severity: light ? "warning" : undefined,
        objects: [...new Set([...locked, ...works].map(({ relation }) => relation))],
        related: locked.slice(0, SHOWN).map(({ relation, statement: { range } }) => ({
          file: context.migration.file,
          range,
          message: `${relationName(relation)} is locked here`,
        })),
      });
    },
  },
});

const SHOWN = 3;
