import { type Operation, defineRule } from "../../src/index.ts";

export default defineRule({
  id: "identifier-truncated",
  title: "A name is too long and PostgreSQL cuts it",
  category: "history",
  severity: "warning",
  since: "0.2.0",
  messages: {
    cut: 'PostgreSQL keeps 63 bytes of a name: it cuts "{written}" to "{kept}", and says so in a notice only. Who asks for the name in pg_class or in an error does not find it.',
  },
  help: "Choose a shorter name. Prisma cuts its own names in a way of its own, so that the end of the name stays.",
  on: {
    statement(statement, { report, steps }) {
      const makes = steps.some(({ operation }) => MAKES.has(operation.kind));
      for (const { range, written, kept } of makes ? (statement.cut ?? []) : [])
        report({ at: range, message: "cut", data: { written, kept } });
    },
  },
});

/** What gives a name to something. */
const MAKES: ReadonlySet<Operation["kind"]> = new Set<Operation["kind"]>([
  "createTable",
  "addColumn",
  "createIndex",
  "addForeignKey",
  "addUnique",
  "addPrimaryKey",
  "addCheck",
  "addExclusion",
  "addNotNull",
  "createView",
  "createEnum",
  "createDomain",
  "createType",
  "createSequence",
  "createFunction",
  "createTrigger",
  "createPolicy",
  "renameTable",
  "renameColumn",
  "renameConstraint",
  "renameType",
  "renameOnTable",
  "renameObject",
]);
