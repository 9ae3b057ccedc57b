import { type Difference, defineRule, relationName } from "../src/index.ts";

export default defineRule({
  id: "down-migration-does-not-restore",
  title: "down.sql does not lead back to the schema before the migration",
  category: "reversibility",
  severity: "error",
  since: "0.1.0",
  messages: { differs: "After this down.sql the schema is not the one before the migration: {differences}." },
  help: "Complete down.sql, so that the code of before runs on the schema that it leaves. prisma migrate diff --from-schema <new schema> --to-migrations <migrations before this one> --script writes it; objects made by hand it does not know.",
  on: {
    migration(_migration, context) {
      const { down } = context;
      if (!down || down.differences.length === 0 || down.script.errors.length > 0) return;
      const first = down.script.statements[0]?.range ?? { start: 0, end: 0 };
      const end = down.script.statements.at(-1)?.range.end ?? first.end;
      const told = down.differences.slice(0, SHOWN).map(sentence);
      const rest = down.differences.length - told.length;
      context.report({
        at: { start: first.start, end },
        file: down.file,
        message: "differs",
        data: { differences: `${told.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}` },
        objects: down.differences.map((difference) => difference.object),
        maybe: down.unsure,
      });
    },
  },
});

const SHOWN = 5;

function sentence({ object, kind, change, was, is }: Difference): string {
  const what = `${kind === "relation" ? (was ?? is ?? "table") : kind} ${relationName(object)}`;
  if (change === "missing") return `${what} is missing`;
  if (change === "surplus") return `${what} is still there`;
  return `${what} is ${is === "" ? "empty" : is} and was ${was === "" ? "empty" : was}`;
}
