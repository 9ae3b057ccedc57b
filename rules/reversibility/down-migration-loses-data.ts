import { type Loss, defineRule, relationName } from "../../src/index.ts";

export default defineRule({
  id: "down-migration-loses-data",
  title: "down.sql loses data that is written after the migration",
  category: "reversibility",
  severity: "info",
  since: "0.1.0",
  messages: {
    loses: "Running this down.sql loses {losses}, with everything that was written there since the migration.",
  },
  help: "Whoever runs it has to know: take a copy first (pg_dump -t), or roll back the code alone and leave the schema as it is, which is often the better way.",
  on: {
    migration(_migration, context) {
      const { down } = context;
      if (!down) return;
      const lost = down.steps.flatMap((step) =>
        step.effects.losses.filter((loss) => loss.data && loss.kind !== "sequence").map((loss) => ({ loss, step })),
      );
      const [first] = lost;
      if (!first) return;
      const texts = [...new Set(lost.map(({ loss }) => sentence(loss)))];
      context.report({
        at: first.step.operation,
        file: down.file,
        message: "loses",
        data: {
          losses:
            texts.length > SHOWN
              ? `${texts.slice(0, SHOWN).join(", ")} and ${texts.length - SHOWN} more`
              : texts.join(", "),
        },
        objects: [
          ...new Set(
            lost.flatMap(({ loss }) =>
              loss.relation === undefined
                ? []
                : [loss.kind === "column" && loss.name !== undefined ? `${loss.relation}.${loss.name}` : loss.relation],
            ),
          ),
        ],
      });
    },
  },
});

const SHOWN = 6;

function sentence(loss: Loss): string {
  const table = relationName(loss.relation ?? "");
  switch (loss.kind) {
    case "table":
      return `table ${table}`;
    case "column":
      return `column ${table}.${loss.name}`;
    case "rows":
      return loss.where === undefined ? `every row of ${table}` : `rows of ${table} where ${loss.where}`;
    case "every row's value":
      return `the values of ${table}.${loss.name}`;
    case "precision":
      return `the precision of ${table}.${loss.name}`;
    default:
      return `${loss.kind} ${loss.name ?? table}`;
  }
}
