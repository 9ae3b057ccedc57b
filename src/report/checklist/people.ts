import type { CheckedMigration } from "../../engine/result.ts";
import type { Comment } from "../../sql/statement.ts";
import { position } from "../../source/text.ts";
import { factsOf } from "../../advice/facts.ts";
import { sh } from "../../advice/programs/command.ts";
import { prisma } from "../../advice/programs/prisma.ts";
import { shell } from "../../advice/programs/shell.ts";
import { counted, listed } from "../../words.ts";
import type { ChecklistItem } from "./item.ts";
import { openFailures, touchedRelations, type Pending } from "./pending.ts";
import { named } from "../named.ts";
import { stagingVerdict } from "./rehearsed.ts";
import { VARIABLE_IN_WORDS, knowsDatabase } from "../../advice/programs/facts.ts";

/** Findings and sentences that are written out; the rest is counted. */
const SHOWN = 5;
/** The variable of a shell that holds the address of the copy. */
const STAGING = "STAGING_DATABASE_URL";

export function findingsItem({ result, migrations }: Pending): ChecklistItem {
  const ids = new Set(migrations.map((migration) => migration.id));
  const mine = result.findings.filter((finding) => finding.migration === undefined || ids.has(finding.migration));
  const open = mine.filter((finding) => !finding.suppressed);
  const errors = open.filter((finding) => finding.severity === "error");
  const suppressed = mine.length - open.length;
  const aside = [
    ...(open.length > errors.length
      ? [counted(open.length - errors.length, "finding below error", "findings below error")]
      : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
  ];
  const also = aside.length > 0 ? ` (also ${listed(aside)})` : "";
  const base = { id: "findings" as const, title: "No open errors" };
  const stops = result.histories.flatMap(({ problems }) => problems.filter(({ severity }) => severity === "error"));
  if (errors.length === 0 && stops.length > 0)
    return {
      ...base,
      state: "needs you",
      because: stops.map(({ file, message, help }) => `${named(file)}: ${message} ${help}`).join(" "),
      run: [],
    };
  if (errors.length === 0)
    return {
      ...base,
      state: "done",
      because: `lockstep finds no error in ${counted(migrations.length, "pending migration")}${also}.`,
      run: [],
    };
  const words = errors
    .slice(0, SHOWN)
    .map(
      (finding) =>
        `${named(finding.rule)} at ${named(`${finding.file.path}:${position(finding.file, finding.range.start).line}`)}: ${finding.message}`,
    );
  const rest = errors.length - words.length;
  const queries = new Map(
    errors.flatMap((finding) => finding.queries.map((query) => [query.sql, query.title] as const)),
  );
  return {
    ...base,
    state: "needs you",
    because: `${counted(errors.length, "error is", "errors are")} open${also}. ${words.join(" ")}${rest > 0 ? ` And ${rest} more.` : ""}`,
    run: [...queries].map(([text, title]) => ({ title, language: "sql", text })),
  };
}

export function stagingItem(pending: Pending): ChecklistItem {
  const facts = factsOf(pending.result.evidence);
  const asked = new Set(
    pending.result.findings.flatMap((finding) =>
      finding.suppressed ? [] : finding.queries.map((query) => bare(query.sql)),
    ),
  );
  const queries = new Map(
    openFailures(pending).flatMap((failure) =>
      failure.countQuery === undefined ? [] : [[failure.countQuery, failure] as const],
    ),
  );
  const depends =
    queries.size > 0
      ? ` Whether ${queries.size === 1 ? "a statement" : `${queries.size} statements`} would fail depends on the rows: count them on a copy of production.`
      : "";
  const rehearsed = stagingVerdict(pending);
  return {
    id: "staging",
    title: "Tested in staging",
    state: rehearsed?.state ?? "needs you",
    because: `${rehearsed?.sentences ?? "Nothing was rehearsed: lockstep read the SQL and did not run it."}${rehearsed?.state === "done" ? "" : depends}`,
    run: [
      {
        title: "Deploy to a copy of production",
        ...sh(
          ...(knowsDatabase(facts) ? [] : [VARIABLE_IN_WORDS]),
          "# The first line says which host and which database it is.",
          shell.against(facts, STAGING, prisma.status(facts)),
          shell.against(facts, STAGING, prisma.deploy(facts)),
        ),
      },
      ...[...queries]
        .filter(([text]) => !asked.has(bare(text)))
        .map(([text, failure]) => ({
          title: `Would it fail on ${failure.relation}? More than 0 means yes (SQLSTATE ${failure.sqlstate})`,
          language: "sql" as const,
          text,
        })),
    ],
  };
}

/** A query as far as it is the same as another. */
function bare(sql: string): string {
  return sql.replace(/[\s;]+/g, " ").trim();
}

export function teamItem(pending: Pending): ChecklistItem {
  const base = { id: "team" as const, title: "Coordinate with the team" };
  const relations = touchedRelations(pending);
  const breaks = [
    ...new Set(
      pending.statements.flatMap(({ statement }) =>
        statement.effects.breaks
          .filter((item) => item.relation === undefined || statement.deployed.has(item.relation))
          .map((item) => item.sentence),
      ),
    ),
  ];
  if (relations.length === 0 && breaks.length === 0) {
    if (pending.gaps > 0)
      return {
        ...base,
        state: "not known",
        because: `No deployed table was seen to be touched, but ${counted(pending.gaps, "statement")} could not be read. ${owners(pending)}`,
        run: [],
      };
    return { ...base, state: "not needed", because: "Nothing that is deployed is touched.", run: [] };
  }
  const tables = relations.length > 0 ? `Touched: ${listed(relations.map(named))}. ` : "";
  const noticed =
    breaks.length > 0
      ? `Running code notices: ${breaks.slice(0, SHOWN).join(" ")}${breaks.length > SHOWN ? ` And ${breaks.length - SHOWN} more.` : ""} `
      : "";
  return { ...base, state: "needs you", because: `${tables}${noticed}${owners(pending)}`, run: [] };
}

function owners({ result, migrations }: Pending): string {
  const known = result.evidence.owners;
  if (!known) return "No CODEOWNERS file says who owns these migrations.";
  const found = [
    ...new Set(
      migrations.flatMap(
        (migration) => ownersOf(known.of, migration.file?.path) ?? ownersOf(known.of, migration.path) ?? [],
      ),
    ),
  ];
  if (found.length === 0) return `${named(known.from)} names nobody for these migrations.`;
  return `By ${named(known.from)} they belong to ${listed(found.map(named))}.`;
}

function ownersOf(
  of: Readonly<Record<string, readonly string[]>>,
  path: string | undefined,
): readonly string[] | undefined {
  return path !== undefined && Object.hasOwn(of, path) ? of[path] : undefined;
}

export function documentItem({ migrations }: Pending): ChecklistItem {
  const base = { id: "document" as const, title: "Document issue and fix" };
  const headers = migrations.map((migration) => ({ migration, header: headerOf(migration) }));
  const missing = headers.filter(({ header }) => header === undefined).map(({ migration }) => named(migration.id));
  if (missing.length === 0) {
    const first = headers[0]?.header ?? "";
    return {
      ...base,
      state: "done",
      because:
        headers.length === 1
          ? `The header of migration.sql says: ${named(first)}.`
          : `All ${headers.length} migrations have a header comment.`,
      run: [],
    };
  }
  return {
    ...base,
    state: "needs you",
    because: `${listed(missing)} ${missing.length === 1 ? "says" : "say"} nowhere what was wrong and what this does about it. Write it before the deployment: afterwards a comment changes the checksum.`,
    run: [
      {
        title: "A header for migration.sql",
        language: "sql",
        text: "-- What was wrong:\n-- What this does about it:\n-- Issue:",
      },
    ],
  };
}

/** What Prisma writes over its steps: https://github.com/prisma/prisma-engines, apply_migration.rs, by enum name. */
const STEPS = new Set(
  (
    "CreateSchema DropExtension CreateExtension AlterExtension AlterSequence DropView DropUserDefinedType CreateEnum AlterEnum DropForeignKey DropIndex AlterTable " +
    "AlterPrimaryKey DropTable DropEnum CreateTable RedefineTables CreateIndex RenameForeignKey AddForeignKey RenameIndex RedefineIndex"
  ).split(" "),
);

/** The first line that somebody wrote over the first statement; Prisma's own headings and instructions to linters are none. */
function headerOf(migration: CheckedMigration): string | undefined {
  const first = migration.statements[0]?.range.start ?? Infinity;
  for (const comment of migration.comments) {
    if (comment.range.start >= first) return undefined;
    const line = wordsOf(comment);
    if (line !== undefined) return line;
  }
  return undefined;
}

function wordsOf(comment: Comment): string | undefined {
  const text = comment.text.replace(/^(--|\/\*+)/, "").replace(/\*+\/$/, "");
  if (/^\s*Warnings:/.test(text)) return undefined;
  const line = text
    .split(/\r\n|\r|\n/)
    .map((part) => part.replace(/^[\s*=#-]+|[\s*=#-]+$/g, ""))
    .find((part) => /\p{L}{2}/u.test(part));
  if (
    line === undefined ||
    STEPS.has(line) ||
    line === "This is an empty migration." ||
    /^\w+-(ignore|disable|enable)\b/.test(line)
  )
    return undefined;
  return line.length > 120 ? `${line.slice(0, 119).replace(/[\uD800-\uDBFF]$/, "")}…` : line;
}
