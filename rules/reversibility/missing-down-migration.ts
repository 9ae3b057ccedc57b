import { defineRule } from "../../src/index.ts";
import { needsWayBack, prisma } from "../../src/rule-kit.ts";

export default defineRule({
  id: "missing-down-migration",
  title: "A pending migration has no down.sql",
  category: "reversibility",
  severity: "warning",
  hotfix: "error",
  since: "0.1.0",
  messages: {
    missing:
      "There is no down.sql beside this migration: if it has to be taken back under pressure, somebody writes the way back then.",
  },
  help: "Let lockstep write it: lockstep down puts one beside migration.sql and runs it in PostgreSQL to prove it; read it through. (By hand, before the migration is created: {difference}.) Prisma never runs it by itself.",
  options: {
    schema: {
      type: "object",
      additionalProperties: false,
      properties: {
        trivial: {
          type: "boolean",
          description:
            "Also where the way back is plain: nothing is lost, changed or required, as with a nullable column or a new table. The preset hotfix sets it.",
        },
      },
    },
    default: { trivial: false },
  },
  hotfixOptions: { trivial: true },
  on: {
    migration(migration, context) {
      const [first] = migration.statements;
      // A file by itself has no folder that a down.sql could be in.
      if (migration.path === migration.file.path) return;
      const { trivial } = context.options;
      if (first && !migration.down && needsWayBack(context.steps, trivial, context))
        context.report({
          at: first,
          // A project that keeps no down.sql at all has decided so once.
          oncePerRun: !trivial && !context.history.migrations.some(({ down }) => down),
          message: "missing",
          data: { difference: prisma.writeDown({ prisma: context.evidence.prisma?.version }).text },
        });
    },
  },
});
