import { defineRule } from "../../src/index.ts";

export default defineRule({
  id: "drop-database",
  title: "A database is dropped",
  category: "destructive",
  severity: "error",
  since: "0.1.0",
  messages: { all: "DROP DATABASE removes {name} with everything in it; only a backup brings it back." },
  help: "A migration changes the database that it runs in and never drops one. Take the statement out.",
  on: {
    dropDatabase(operation, context) {
      context.report({ at: operation, message: "all", data: { name: operation.name }, objects: [operation.name] });
    },
  },
});
