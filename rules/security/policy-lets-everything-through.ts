import { defineRule, relationName, resolve } from "../../src/index.ts";
import { relationAt } from "../../src/rule-kit.ts";

export default defineRule({
  id: "policy-lets-everything-through",
  title: "A policy is changed so that it lets every row through",
  category: "security",
  severity: "warning",
  since: "0.2.0",
  messages: {
    open: "Policy {policy} of {table} lets every row through now: permissive policies are joined by OR, so that no other policy of the table narrows it.",
  },
  help: "Say which rows: USING (tenant_id = …). If the table is to be open, say so by its name and by a comment, or drop the policies and row-level security with them.",
  on: {
    alterPolicy(operation, { catalog, deployed, report }) {
      const table = resolve(catalog, operation.table);
      if (!isTrue(operation.using) || !deployed(table)) return;
      report({
        at: operation,
        message: "open",
        data: { policy: operation.name, table: relationName(table) },
        objects: [table],
      });
    },
    createPolicy(operation, { catalog, deployed, report }) {
      const id = resolve(catalog, operation.table);
      const others = relationAt(catalog, id)?.policies.size ?? 0;
      const everybody = operation.roles?.includes("public") !== false && operation.command === "all";
      if (!isTrue(operation.using) || operation.restrictive || !everybody || others === 0 || !deployed(id)) return;
      report({
        at: operation,
        message: "open",
        data: { policy: operation.name, table: relationName(id) },
        objects: [id],
      });
    },
  },
});

const isTrue = (using: { readonly kind: string; readonly value?: unknown } | undefined): boolean =>
  using?.kind === "literal" && using.value === true;
