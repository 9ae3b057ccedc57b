import { defineRule } from "../../src/index.ts";

export default defineRule({
  id: "security-definer-without-search-path",
  title: "A function runs as its owner and looks names up where its caller says",
  category: "security",
  severity: "warning",
  since: "0.2.0",
  messages: {
    open: "{function} runs with the rights of its owner (SECURITY DEFINER), and looks the names in its body up in the search_path of whoever calls it: a table or function of the caller's own, in pg_temp for one, can take the place of those that are meant.",
  },
  help: "Add SET search_path = '' and name the schema of everything in the body, or SET search_path = public, pg_temp. CREATE OR REPLACE keeps neither by itself.",
  on: {
    createFunction(operation, { after, report }) {
      const { definer, searchPath, bound, language } = operation;
      // A body of the SQL standard was looked up when it was made; one in C looks nothing up.
      if (definer !== true || searchPath === true || bound === true || NO_NAMES.has(language)) return;
      // What ALTER FUNCTION sets is not followed.
      const altered = after().some(({ operation: next }) => next.kind === "other" && next.what === "ALTER FUNCTION");
      if (!altered) report({ at: operation, message: "open", data: { function: operation.function.name } });
    },
  },
});

const NO_NAMES: ReadonlySet<string> = new Set(["c", "internal"]);
