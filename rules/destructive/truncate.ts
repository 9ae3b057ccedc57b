import { defineRule, relationName, relationSql } from "../../src/index.ts";
import { asked, dropOf, rows } from "../../src/rule-kit.ts";

export default defineRule({
  id: "truncate",
  title: "A table is emptied with TRUNCATE",
  category: "destructive",
  severity: "error",
  since: "0.1.0",
  messages: {
    rows: "TRUNCATE removes every row of {table}, under an ACCESS EXCLUSIVE lock and without its row triggers.",
    cascade: "TRUNCATE … CASCADE removes every row of {table} and of the tables that point at it: {along}.",
  },
  help: "Delete the rows that are meant, with a WHERE, or keep a copy first. If the table may really be emptied, say so in a suppression.",
  on: {
    operation(operation, context) {
      if (operation.kind !== "truncate") return;
      const emptied = context.effects.losses.filter((loss) => loss.kind === "rows");
      const deployed = emptied.flatMap((loss) =>
        loss.relation !== undefined && context.deployed(loss.relation) ? [loss] : [],
      );
      const after = context.after();
      const lost = deployed.filter((loss) => dropOf(context.catalog, after, loss.relation ?? "") === undefined);
      const [first] = lost;
      if (first?.relation === undefined) return;
      const own = emptied.find((loss) => !loss.along)?.relation ?? first.relation;
      const along = lost.flatMap((loss) =>
        loss.along && loss.relation !== undefined ? [relationName(loss.relation)] : [],
      );
      context.report({
        at: operation,
        message: operation.cascade && along.length > 0 ? "cascade" : "rows",
        data: { table: relationName(own), along: along.join(", ") },
        objects: lost.flatMap((loss) => loss.relation ?? []),
        queries: lost.flatMap(({ relation = "" }) =>
          asked(context.catalog, relation, [], `Rows of ${relationName(relation)}`, rows.count(relationSql(relation))),
        ),
      });
    },
  },
});
