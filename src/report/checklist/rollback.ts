import type { SourceFile } from "../../source/text.ts";
import type { CheckedMigration } from "../../engine/result.ts";
import { factsOf } from "../../advice/facts.ts";
import { type Block, type Command as Line, sh, sql } from "../../advice/programs/command.ts";
import { majorOf } from "../../advice/programs/facts.ts";
import { postgres } from "../../advice/programs/postgres.ts";
import { prisma } from "../../advice/programs/prisma.ts";
import { ledger } from "../../advice/programs/ledger.ts";
import { counted, listed } from "../../words.ts";
import { lossInWords } from "../effects/losses.ts";
import type { ChecklistItem, ChecklistState, ItemCommand } from "./item.ts";
import { keptIn } from "./copies.ts";
import { dataLosses, type Pending } from "./pending.ts";
import { named } from "../named.ts";
import { downRehearsed, keptRehearsed } from "./rehearsed.ts";

const TITLE = "Rollback plan ready";
/** Lines of a down.sql that are shown. */
const LONGEST_DOWN = 30;
const WHERE = "# The first line says which host and which database it is.";

export function rollbackItem(pending: Pending): ChecklistItem {
  const sentences: string[] = [];
  let state: ChecklistState = "done";
  for (const migration of pending.migrations) {
    const verdict = downVerdict(pending, migration);
    if (verdict.state === "needs you" || state === "done") state = verdict.state;
    sentences.push(verdict.sentence);
  }
  const lost = [
    ...new Set(
      dataLosses(pending)
        .filter((here) => keptIn(pending, here) === undefined)
        .map(({ loss }) => lossInWords(loss)),
    ),
  ];
  if (lost.length > 0) sentences.push(`No down.sql brings back ${listed(lost)}: that takes the backup.`);
  sentences.push(
    ...new Set(
      pending.migrations.map((migration) => keptRehearsed(pending, migration) ?? keptAfterFailure(migration).sentence),
    ),
  );
  return {
    id: "rollback",
    title: TITLE,
    state,
    because: sentences.join(" "),
    run: [...downTexts(pending), ...ifFailed(pending), ...ifSucceeded(pending)],
  };
}

function downVerdict(
  pending: Pending,
  migration: CheckedMigration,
): { readonly state: ChecklistState; readonly sentence: string } {
  const { result } = pending;
  const id = named(migration.id);
  if (!migration.down)
    return {
      state: "needs you",
      sentence: `${id} has no down.sql: write one that undoes it, or decide for a new forward migration.`,
    };
  if (isEmpty(migration.down)) return { state: "needs you", sentence: `The down.sql of ${id} holds no statement.` };
  const doubts = result.findings.filter(
    (finding) =>
      !finding.suppressed &&
      finding.severity !== "info" &&
      finding.category === "reversibility" &&
      (finding.file === migration.down || (finding.migration === migration.id && finding.file === migration.file)),
  );
  const first = doubts[0];
  if (first)
    return {
      state: "needs you",
      sentence: `The down.sql of ${id} is there, but: ${first.message}${doubts.length > 1 ? ` (and ${counted(doubts.length - 1, "more finding", "more findings")})` : ""}`,
    };
  const rehearsed = downRehearsed(pending, migration);
  if (rehearsed) return rehearsed;
  const ran = result.rules.some((rule) => (rule as { readonly id: string }).id === "down-migration-does-not-restore");
  return {
    state: ran ? "done" : "not known",
    sentence: `${id} has a down.sql${ran ? " that restores the schema, by the replayed history" : "; nothing has checked whether it restores the schema"}.`,
  };
}

function isEmpty(file: SourceFile): boolean {
  return (
    file.text
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/--.*/g, "")
      .replace(/[\s;\uFEFF]/g, "") === ""
  );
}

/**
 * What stays when a statement fails. Prisma up to 7.3 sends the file as one simple query, an implicit transaction;
 * from 7.4 on it sends one statement after the other, each committed by itself unless the file says BEGIN.
 */
function keptAfterFailure(migration: CheckedMigration): { readonly nothing: boolean; readonly sentence: string } {
  const id = named(migration.id);
  const nothing = (why: string) => ({ nothing: true, sentence: `If ${id} fails, nothing of it stays${why}.` });
  const something = (what: string) => ({ nothing: false, sentence: `If ${id} fails, ${what}.` });
  const transactions = migration.statements.map((statement) => statement.transaction);
  const whole =
    transactions.length > 0 &&
    transactions.every((transaction) => transaction !== null && transaction === transactions[0]);
  if (transactions.length === 0) return nothing("");
  const concurrent = migration.statements.some(({ operations }) =>
    operations.some((operation) => "concurrently" in operation && operation.concurrently),
  );
  if (transactions.length === 1) {
    return concurrent
      ? something("an invalid index may stay behind, since CONCURRENTLY runs outside of a transaction")
      : nothing(": it is one statement");
  }
  const split = migration.execution === "split";
  if (migration.execution === "unknown")
    return something(
      "look what of it is there: up to Prisma 7.3 the file is one transaction, from 7.4 on every statement before the failing one stays",
    );
  if (whole)
    return nothing(
      `: ${split ? "its own BEGIN and COMMIT hold it together" : "Prisma sends it as one batch, which is one transaction"}`,
    );
  if (split)
    return something(
      `every statement before the failing one stays committed, since Prisma sends them one by one${transactions.some((transaction) => transaction !== null && transactions.filter((other) => other === transaction).length > 1) ? " (those in one BEGIN … COMMIT are kept or undone together)" : ""}`,
    );
  return something("what was committed before the failing transaction stays: the file has more than one");
}

function downTexts({ migrations }: Pending): readonly ItemCommand[] {
  return migrations.flatMap((migration) => {
    if (!migration.down || isEmpty(migration.down)) return [];
    const lines = migration.down.text
      .replace(/^\uFEFF/, "")
      .trim()
      .split(/\r\n|\r|\n/);
    const rest = lines.length - LONGEST_DOWN;
    return [
      {
        title: `What down.sql of ${migration.id} does`,
        language: "sql" as const,
        text: [...lines.slice(0, LONGEST_DOWN), ...(rest > 0 ? [`-- … ${counted(rest, "more line")}`] : [])].join("\n"),
      },
    ];
  });
}

function ifFailed(pending: Pending): readonly ItemCommand[] {
  const facts = factsOf(pending.result.evidence);
  const ids = pending.migrations.map((migration) => migration.id);
  if (ids.length === 0) return [];
  const atomic = pending.migrations.every((migration) => keptAfterFailure(migration).nothing);
  return [
    {
      title: "If the migration failed: see which one, and why",
      ...sql(
        ledger.states(ids),
        "-- failed: finished_at and rolled_back_at are both null. Until it is resolved, every deploy stops with P3009.",
      ),
    },
    {
      title: "If the migration failed: mark it, correct it, deploy again",
      ...sh(
        ...(atomic
          ? ["# 1. Nothing of it was kept: there is nothing to undo, and down.sql must not run."]
          : ["# 1. Undo by hand what was kept. down.sql as a whole fits only a migration that ran to its end."]),
        `# 2. Mark it as rolled back, by the full name of the folder${ids.length > 1 ? " (only the one that failed)" : ""}. The first line says which host and which database it is.`,
        prisma.status(facts),
        ...ids.map((id) => prisma.rolledBack(facts, id)),
        "# 3. Correct migration.sql, or the data that it failed on, and deploy. A failed migration may be edited.",
        prisma.deploy(facts),
      ),
    },
  ];
}

function ifSucceeded(pending: Pending): readonly ItemCommand[] {
  const facts = factsOf(pending.result.evidence);
  const reversed = [...pending.migrations].reverse();
  const downs = reversed.filter((migration) => migration.down && !isEmpty(migration.down));
  const roots = new Map(
    pending.result.histories.flatMap((history) =>
      history.migrations.map((migration) => [migration, history.root] as const),
    ),
  );
  const rootOf = (migration: CheckedMigration) => roots.get(migration) ?? "";
  const commands: ItemCommand[] = [];
  if (downs.length > 0) {
    commands.push({
      title: "If it succeeded and has to go: run down.sql",
      ...runDowns(pending, downs, rootOf),
    });
    const only = downs.map((migration) => migration.id);
    commands.push({
      title: "… then let Prisma forget it",
      ...sql(
        '-- Not "migrate resolve --rolled-back": that is for failed migrations only (P3012).',
        "-- Take the folder out of the release too, or the next deploy runs it again.",
        ledger.forget(only),
      ),
    });
  }
  const newest = reversed[0];
  if (newest) {
    const name = `revert_${newest.id.replace(/^\d+_/, "").replace(/\W+/g, "_")}`.slice(0, 100);
    commands.push({
      title:
        downs.length > 0
          ? "… or, instead of both, revert with a new migration"
          : "If it succeeded and has to go: revert with a new migration",
      ...sh(
        "# Put schema.prisma back first. The history stays whole, and every other database follows by itself.",
        prisma.create(facts, name),
        `# Read its migration.sql${downs.length > 0 ? ", compare it with down.sql" : ""}, then deploy it. The first line says where to.`,
        prisma.status(facts),
        prisma.deploy(facts),
      ),
    });
  }
  return commands;
}

function runDowns(
  { result: { evidence } }: Pending,
  downs: readonly CheckedMigration[],
  rootOf: (migration: CheckedMigration) => string,
): Block {
  const lines: (string | Line)[] = [WHERE, prisma.status(factsOf(evidence))];
  if (majorOf(evidence.prisma?.version) === undefined)
    lines.push("# Prisma's version is not known: up to 6, add --schema and the path of your schema.");
  if (downs.length > 1) lines.push("# The newest first.");
  for (const migration of downs) {
    const down = migration.down as SourceFile;
    if (/\bconcurrently\b/i.test(down.text))
      lines.push(`# It is sent as one command: CONCURRENTLY works there only alone. Else: ${postgres.runFile().text}.`);
    lines.push(prisma.execute(factsOf(evidence, rootOf(migration)), down.path));
  }
  return sh(...lines);
}
