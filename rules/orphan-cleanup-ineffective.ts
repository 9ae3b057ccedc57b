import { type Preparation, defineRule, orphanRepairs, relationName } from "../src/index.ts";

type Flawed = Extract<Preparation, { verdict: "ineffective" }>;

/** Why the cleanup leaves orphans, as the rest of "The cleanup of comments.post_id does not do it: …". */
const WHY: Readonly<Record<Flawed["why"], (flaw: Flawed, parent: string) => string>> = {
  "null in NOT IN": ({ detail, certainty }) => `${detail} ${certainty === "sure" ? "may be NULL" : "may be NULL for all that the migrations say"}, and NOT IN over a list that holds one NULL is never true, so nothing is removed`,
  "wrong parent": ({ detail }) => detail,
  "wrong column": ({ detail }) => detail,
  "some columns": ({ detail }) => `${detail}, but the key is the columns together`,
  filtered: ({ detail }) => `it looks only at rows where ${detail}, orphans elsewhere stay`,
  undone: ({ detail }) => `${detail}, which can make new orphans`,
  after: () => "it comes after the constraint, which is checked before it runs",
  conditional: () => "it stands in a branch that may not run",
  limited: () => "it takes one batch and does not repeat, orphans beyond it stay",
  "self reference": ({ detail }) => `${detail} points at itself, so each deleted row makes orphans of the rows below it`,
  "may be NULL": ({ detail }) => detail,
};

export default defineRule({
  id: "orphan-cleanup-ineffective",
  title: "The cleanup before a foreign key can leave orphans",
  category: "integrity",
  severity: "error",
  since: "0.1.0",
  messages: {
    flawed: "The cleanup of {table}.{columns} does not do it: {why}. One orphan that is left and the foreign key to {parent} fails (23503).{stays}",
    window: "The cleanup of {table} is committed before the foreign key to {parent} is added: a row that loses its {parent} in between makes the constraint fail, and what was deleted stays deleted.",
  },
  help: "Pick the orphans with NOT EXISTS over {parent} and all columns of the key, directly before the constraint.",
  fixable: "unsafe",
  on: {
    operation(operation, context) {
      for (const failure of context.effects.failures) {
        if (failure.kind !== "orphans" || !context.deployed(failure.relation)) continue;
        const { preparation, relation, columns, parent = "", parentColumns = [] } = failure;
        const queries = failure.countQuery ? [{ title: "Orphans now", sql: failure.countQuery }] : [];
        const data = { table: relationName(relation), columns: columns.join(", "), parent: relationName(parent) };
        if (preparation.verdict === "ineffective") {
          const own = preparation.by.file === context.migration.file && !operation.body;
          const at = context.statement.range.start;
          const repairs = own ? orphanRepairs(relation, columns, parent, parentColumns, false).slice(1) : [];
          context.report({
            at: preparation.by,
            file: preparation.by.file,
            message: "flawed",
            data: { ...data, why: WHY[preparation.why](preparation, data.parent), stays: context.execution === "split" && !context.transactions.some((each) => each.explicit) ? " Sent statement by statement, what the cleanup removed stays removed." : "" },
            objects: [relation, parent],
            maybe: preparation.certainty === "maybe",
            queries,
            related: [{ file: context.migration.file, range: operation.range, message: "the constraint that it prepares" }],
            fixes: repairs.map(({ title, sql }) => ({ title, safety: "unsafe", edits: [{ range: { start: at, end: at }, text: `${sql}\n\n` }] })),
          });
        } else if (preparation.verdict === "done" && preparation.by && preparation.how === "delete" && operation.kind === "addForeignKey" && context.execution === "split") {
          const index = context.migration.statements.indexOf(context.statement);
          if (preparation.by.file === context.migration.file && context.transactions[index]?.id != null) continue;
          context.report({
            at: preparation.by,
            file: preparation.by.file,
            severity: "info",
            message: "window",
            data,
            objects: [relation, parent],
            help: "Add the constraint NOT VALID first, then delete, then VALIDATE it: no new orphan can come in between. Or put both between BEGIN and COMMIT.",
            queries,
            related: [{ file: context.migration.file, range: operation.range, message: "the foreign key" }],
          });
        }
      }
    },
  },
});
