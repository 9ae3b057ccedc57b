import { defineRule, relationName } from "../../src/index.ts";

export default defineRule({
  id: "lost-in-rehearsal",
  title: "Tables, columns or rows went when it was rehearsed, which the text does not say",
  category: "destructive",
  severity: "error",
  since: "0.2.0",
  messages: {
    tables:
      "Rehearsed in PostgreSQL {server}, this dropped {tables}. The text does not say so, and their rows go with them.",
    columns:
      "Rehearsed in PostgreSQL {server}, this dropped {columns}. The text does not say so, and the values go with them.",
    rows: "Rehearsed in PostgreSQL {server}, this deleted rows of {tables}. The text does not say so.",
  },
  help: "Write out what is to go as plain statements, so that everybody reads it, and take a backup first: nothing else brings it back.",
  needs: ["rehearsal"],
  on: {
    statement(statement, context) {
      // What can be read has its losses in its effects, and rules that speak of them.
      if (!statement.operations.some(({ kind }) => kind === "opaque" || kind === "call" || kind === "select")) return;
      const { rehearsal } = context.evidence;
      const seen = rehearsal?.runs
        .filter(({ execution }) => execution === context.execution)
        .flatMap(({ migrations }) => migrations)
        .find(({ file }) => file.path === context.migration.file.path)
        ?.statements.find(({ index }) => index === statement.index)?.observed;
      if (!rehearsal || !seen) return;
      const said = new Set(
        context.effects.losses.map(({ relation = "", kind, name }) =>
          kind === "column" ? `${relation}.${name ?? ""}` : relation,
        ),
      );
      const { version: server } = rehearsal.server;
      const names = (objects: readonly string[]): string => objects.map(relationName).join(", ");
      const tables = (seen.dropped ?? []).filter((id) => context.deployed(id) && !said.has(id));
      if (tables.length > 0)
        context.report({ at: statement, message: "tables", data: { server, tables: names(tables) }, objects: tables });
      const columns = (seen.droppedColumns ?? []).flatMap(({ relation, column }) =>
        said.has(`${relation}.${column}`) || !context.deployed(relation) ? [] : [`${relation}.${column}`],
      );
      if (columns.length > 0)
        context.report({
          at: statement,
          message: "columns",
          data: { server, columns: names(columns) },
          objects: columns,
        });
      const emptied = seen.rows.flatMap(({ relation, deleted }) =>
        deleted > 0 && context.deployed(relation) && !said.has(relation) && !tables.includes(relation)
          ? [relation]
          : [],
      );
      if (emptied.length > 0)
        context.report({
          at: statement,
          message: "rows",
          data: { server, tables: names(emptied) },
          objects: emptied,
          severity: "warning",
          help: "Look which rows it picks, and whether they are those that are to go: the timeline of lockstep rehearse counts them.",
        });
    },
  },
});
