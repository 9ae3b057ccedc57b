import { counted, listed } from "../../words.ts";
import { qualifiedSql, quoted, sqlName, undotted } from "../../sql/names.ts";
import type { ChecklistItem, ItemCommand } from "./item.ts";
import { keptIn, rowsOf, type LossHere } from "./copies.ts";
import { dataLosses, type Pending } from "./pending.ts";
import { lossInWords } from "../effects/losses.ts";
import { named } from "../named.ts";
import { sh, sql } from "../../advice/programs/command.ts";
import { postgres } from "../../advice/programs/postgres.ts";
import { rows } from "../../advice/sql/rows.ts";
import { type ProjectFacts, VARIABLE_IN_WORDS, knowsDatabase } from "../../advice/programs/facts.ts";
import { factsOf } from "../../advice/facts.ts";

const TITLE = "Backup before deployment";

export function backupItem(pending: Pending): ChecklistItem {
  const all = dataLosses(pending);
  const losses = all.filter((here) => keptIn(pending, here) === undefined);
  const kept = [
    ...new Set(
      all.flatMap((here) => {
        const copy = keptIn(pending, here);
        return copy === undefined ? [] : [`${lossInWords(here.loss)} in ${named(copy)}`];
      }),
    ),
  ];
  const keeps = kept.length === 0 ? "" : ` The migration itself keeps a copy of ${listed(kept)}.`;
  const base = { id: "backup" as const, title: TITLE };
  if (losses.length === 0 && kept.length > 0 && pending.gaps === 0)
    return { ...base, state: "done", because: keeps.trim(), run: [] };
  if (losses.length === 0) {
    if (pending.gaps > 0)
      return {
        ...base,
        state: "not known",
        because: `No loss was seen, but ${counted(pending.gaps, "statement")} could not be read: read ${pending.gaps === 1 ? "it" : "them"} and decide.`,
        run: [],
      };
    return {
      ...base,
      state: "not needed",
      because: "No pending statement takes rows or values from a table that is deployed.",
      run: [],
    };
  }
  const sentences = [...new Set(losses.map(({ loss }) => lossInWords(loss)))];
  return {
    ...base,
    state: "needs you",
    because: `Only a backup brings back what is lost: ${sentences.join("; ")}.${keeps}`,
    run: [dump(losses, factsOf(pending.result.evidence)), ...copies(losses)],
  };
}

function dump(losses: readonly LossHere[], facts: ProjectFacts): ItemCommand {
  const first = losses[0] as LossHere;
  const tables = [
    ...new Set(losses.flatMap(({ loss }) => (loss.relation === undefined ? [] : [loss.relation]))),
  ].sort();
  const schemas = [
    ...new Set(losses.flatMap(({ loss }) => (loss.kind === "schema" && loss.name !== undefined ? [loss.name] : []))),
  ].sort();
  const whole = losses.some(
    ({ loss }) => loss.kind === "database" || (loss.relation === undefined && loss.kind !== "schema"),
  );
  const file = `before_${first.migration.id.replace(/[^\w-]/g, "_") || "migration"}.dump`;
  // pg_dump's patterns fold case and know wildcards, unless the name is in double quotes: relationSql quotes both.
  const parts = whole || (tables.length > 0 && schemas.length > 0) ? [] : [...schemas, ...tables];
  return {
    title: parts.length === 0 ? "Dump the database" : `Dump ${listed(parts)} before the deployment`,
    ...sh(
      ...(knowsDatabase(facts) ? [] : [VARIABLE_IN_WORDS]),
      "# The first line says which host and which database it is.",
      postgres.where(facts),
      parts.length === 0
        ? postgres.dump(facts, file)
        : postgres.dump(facts, file, { schemas: schemas.map(quoted), tables: tables.map(qualifiedSql) }),
    ),
  };
}

/** Copies beside the table, taken in the database: what a recovery script can read at once. */
function copies(losses: readonly LossHere[]): readonly ItemCommand[] {
  const byRelation = new Map<string, LossHere[]>();
  for (const here of losses) {
    const { relation, kind } = here.loss;
    if (
      relation === undefined ||
      !(kind === "rows" || kind === "every row's value" || kind === "precision" || kind === "column")
    )
      continue;
    byRelation.set(relation, [...(byRelation.get(relation) ?? []), here]);
  }
  return [...byRelation].map(([relation, own]) => ({
    title: `Keep a copy of what goes from ${relation} (drop it when nobody needs it any more)`,
    ...sql(rows.keep(copyName(relation, own[0]?.migration.id ?? ""), rowsOf(relation, own))),
  }));
}

/** `comments_before_20260131120000`, in the same schema and within PostgreSQL's 63 bytes. */
function copyName(relation: string, id: string): string {
  const stamp = /^\d{8,14}/.exec(id)?.[0] ?? "migration";
  const { schema, name } = undotted(relation);
  const suffix = `_before_${stamp}`;
  let base = "";
  let bytes = suffix.length;
  for (const character of name) {
    bytes += bytesOf(character);
    if (bytes > 63) break;
    base += character;
  }
  return sqlName({ schema, name: base + suffix });
}

function bytesOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
