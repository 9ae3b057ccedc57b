import { defineRule } from "../../src/index.ts";

export default defineRule({
  id: "opaque-statement",
  title: "A statement that cannot be read before it runs",
  category: "history",
  severity: "info",
  since: "0.1.0",
  messages: {
    dynamic:
      "{what} runs SQL that is put together at run time: what it locks, changes or drops is not checked, and from here on the schema is not known for certain.",
    language:
      "{what} is not read: what it locks, changes or drops is not checked, and from here on the schema is not known for certain.",
    unsupported:
      "{what} is not understood: what it locks, changes or drops is not checked, and from here on the schema is not known for certain.",
  },
  help: "Read it by hand. Where the SQL is the same every time, write it out as plain statements.",
  on: {
    opaque(operation, context) {
      context.report({ at: operation, message: operation.reason, data: { what: operation.what } });
    },
  },
});
