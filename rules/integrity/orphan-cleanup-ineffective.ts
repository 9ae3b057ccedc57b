import { defineRule, relationName } from "../../src/index.ts";
import { type Preparation, orphanFixes } from "../../src/rule-kit.ts";

type Flawed = Extract<Preparation, { verdict: "ineffective" }>;

/** Why the cleanup leaves orphans, as the rest of "The cleanup of comments.post_id leaves orphans: …". */
const WHY: Readonly<Record<Flawed["why"], (flaw: Flawed) => string>> = {
  "null in NOT IN": ({ detail, certainty }) =>
    `${detail} ${certainty === "sure" ? "can be NULL" : "can be NULL for all that the migrations say"}, and NOT IN over a list with one NULL in it is never true`,
  "wrong parent": ({ detail }) => detail,
  "wrong column": ({ detail }) => detail,
  "some columns": ({ detail }) => detail,
  filtered: ({ detail }) => `it looks only at rows where ${detail}`,
  unmatched: ({ detail }) => detail,
  undone: ({ detail }) => detail,
  after: () => "it comes after the constraint, which PostgreSQL checks first",
  conditional: ({ detail }) => detail,
  limited: ({ detail }) => detail,
  "self reference": ({ detail }) =>
    `${detail} points at itself, so each row that goes makes orphans of the rows below it`,
  "may be NULL": ({ detail }) => detail,
  never: ({ detail }) => `it picks no row at all, because ${detail}`,
  refused: ({ detail }) => detail,
  value: ({ detail }) => detail,
  unclear: () => "it is about this key, but which rows it picks cannot be read from it",
};

export default defineRule({
  id: "orphan-cleanup-ineffective",
  title: "The cleanup before a foreign key can leave orphans",
  category: "integrity",
  severity: "error",
  since: "0.1.0",
  messages: {
    leaves:
      "The cleanup of {table}.{columns} can leave orphans: {why}. With one left, the foreign key to {parent} fails (23503).{stays}",
    fails: "The cleanup of {table}.{columns} fails itself: {why}.{stays}",
    window:
      "The cleanup of {table}.{columns} is committed before the foreign key to {parent} is there: a row that loses its parent in between makes the constraint fail (23503), and what was deleted stays deleted.",
  },
  help: "Pick the orphans with NOT EXISTS over {parent} and all columns of the key, in the statement right before the constraint.",
  fixable: "unsafe",
  on: {
    operation(operation, context) {
      for (const failure of context.effects.failures) {
        if (failure.kind !== "orphans" || !context.deployed(failure.relation)) continue;
        const { preparation, relation, columns, parent = "" } = failure;
        const queries = failure.countQuery ? [{ title: "Orphans now", sql: failure.countQuery }] : [];
        const data = { table: relationName(relation), columns: columns.join(", "), parent: relationName(parent) };
        const split = context.migration.execution === "split";
        if (preparation.verdict === "ineffective") {
          const { by, why } = preparation;
          const late = why === "after";
          const removes =
            split &&
            why !== "never" &&
            !late &&
            why !== "refused" &&
            !context.transactions.some((each) => each.explicit);
          context.report({
            ...(late ? { at: operation } : { at: by, file: by.file }),
            message: why === "refused" ? "fails" : "leaves",
            data: {
              ...data,
              why: WHY[why](preparation),
              stays: removes ? " Sent statement by statement, what it removed stays removed." : "",
            },
            objects: [relation, parent],
            maybe: preparation.certainty === "maybe",
            queries,
            related: [
              late
                ? { ...by, message: "the cleanup" }
                : { file: context.migration.file, range: operation.range, message: "the constraint that it prepares" },
            ],
            fixes:
              why === "refused" || by.file !== context.migration.file
                ? []
                : orphanFixes(context, operation, failure, ["delete", "setNull"]),
          });
        } else if (
          preparation.verdict === "done" &&
          preparation.by &&
          preparation.how === "delete" &&
          operation.kind === "addForeignKey" &&
          split
        ) {
          const index = context.migration.statements.indexOf(context.statement);
          if (
            preparation.by.file === context.migration.file &&
            (context.transactions[index]?.id != null || operation.body)
          )
            continue;
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
