/**
 * The fixture format. A fixture is SQL that psql would take; everything else stands in comments:
 *
 *   -- postgres: 14                        the major version
 *   -- execution: batch | split            how Prisma sends a file; unknown without it
 *   -- preset: hotfix                      default: recommended
 *   -- option: {"limit": 3}                options of the folder's rule
 *   -- also: drop-column                   another rule that runs (its findings are not compared)
 *   -- pending from: 0002_x                default: the last migration only
 *   -- migration: 0001_init                what follows is this migration's migration.sql
 *   -- down: 0001_init                     what follows is its down.sql
 *   -- want `source`: part of the message  a finding in the statement on whose line this stands; alone on its line: in
 *                                          the statement around it, else the next one. `source` is optional and is the
 *                                          text that the finding highlights (white space counts once, … is any text)
 *   -- want-file: part of the message      a finding of this migration that belongs to no statement or to down.sql
 *
 * Without `-- migration:` the whole file is one pending migration.
 */
import type { History, MigrationSource } from "../../src/source/history.ts";
import { compareFolders } from "../../src/source/layout.ts";
import { type SourceFile, position } from "../../src/source/text.ts";
import type { Comment, Reader } from "../../src/sql/statement.ts";

export interface Want {
  readonly migration: string;
  /** Indexes of the statements that the finding may be in; undefined for want-file. */
  readonly statements?: readonly number[];
  readonly source?: string;
  readonly message: string;
  /** The want as it stands, for the test's message. */
  readonly text: string;
}

export interface Fixture {
  readonly history: History;
  /** The last migration: what fixes are compared on. */
  readonly last: string;
  readonly postgres?: number;
  readonly execution?: "batch" | "split";
  readonly preset?: "recommended" | "hotfix" | "all";
  readonly options?: Readonly<Record<string, unknown>>;
  readonly also: readonly string[];
  readonly wants: readonly Want[];
}

const ROOT = "prisma/migrations";
const DIRECTIVE = /^-- (postgres|execution|preset|option|also|pending from|migration|down): *(.*?) *$/;
const ONLY = "0001_only";

interface Section {
  readonly kind: "migration" | "down";
  readonly id: string;
  readonly lines: string[];
}

/** Reads a fixture; throws where its format is broken, so that a typing mistake cannot pass as a fixture that wants nothing. `reader` must be loaded. */
export function parseFixture(text: string, reader: Reader): Fixture {
  const settings = new Map<string, string>();
  const also: string[] = [];
  const head: string[] = [];
  const sections: Section[] = [];
  for (const line of text.split(/(?<=\n)/)) {
    const [, name, value = ""] = DIRECTIVE.exec(line.trimEnd()) ?? [];
    if (name === "migration" || name === "down") {
      if (sections.some((section) => section.kind === name && section.id === value)) throw new Error(`"-- ${name}: ${value}" stands twice`);
      sections.push({ kind: name, id: value, lines: [] });
      continue;
    }
    if (name === "also") also.push(value);
    else if (name !== undefined) {
      if (settings.has(name)) throw new Error(`"-- ${name}:" stands twice`);
      settings.set(name, value);
    }
    (sections.at(-1)?.lines ?? head).push(line);
  }
  if (sections.some(({ kind }) => kind === "migration")) {
    if (reader.read(head.join("")).statements.length > 0) throw new Error(`SQL stands before the first "-- migration:"`);
  } else {
    sections.unshift({ kind: "migration", id: ONLY, lines: head });
  }
  const ups = sections.filter(({ kind }) => kind === "migration");
  for (const { kind, id } of sections) if (kind === "down" && !ups.some((up) => up.id === id)) throw new Error(`"-- down: ${id}" has no migration`);
  const ids = ups.map(({ id }) => id);
  const ordered = [...ids].sort(compareFolders);
  if (ids.join() !== ordered.join()) throw new Error(`Prisma applies these migrations in the order ${ordered.join(", ")}`);
  const last = ids[ids.length - 1]!;
  const from = settings.get("pending from") ?? last;
  if (!ids.includes(from)) throw new Error(`"-- pending from: ${from}" names no migration`);
  const firstPending = ids.indexOf(from);
  const migrations = ups.map(({ id, lines }, at): MigrationSource => {
    const down = sections.find((section) => section.kind === "down" && section.id === id);
    return {
      id,
      path: `${ROOT}/${id}`,
      up: { path: `${ROOT}/${id}/migration.sql`, text: lines.join("") },
      ...(down && { down: { path: `${ROOT}/${id}/down.sql`, text: down.lines.join("") } }),
      state: at < firstPending ? "history" : "pending",
    };
  });
  const options = settings.get("option");
  return {
    history: { root: ROOT, layout: "prisma", provider: "postgresql", migrations, problems: [] },
    last,
    ...(settings.has("postgres") && { postgres: Number(oneOf(settings, "postgres", ["14", "15", "16", "17", "18"])) }),
    ...(settings.has("execution") && { execution: oneOf(settings, "execution", ["batch", "split"]) }),
    ...(settings.has("preset") && { preset: oneOf(settings, "preset", ["recommended", "hotfix", "all"]) }),
    ...(options !== undefined && { options: JSON.parse(options) as Record<string, unknown> }),
    also,
    wants: migrations.flatMap((migration) => [migration.up, migration.down].flatMap((file) => (file ? wantsOf(migration, file, reader) : []))),
  };
}

function oneOf<const T extends string>(settings: ReadonlyMap<string, string>, name: string, values: readonly T[]): T {
  const found = values.find((value) => value === settings.get(name));
  if (found === undefined) throw new Error(`"-- ${name}: ${settings.get(name) ?? ""}" is none of ${values.join(", ")}`);
  return found;
}

function wantsOf(migration: MigrationSource, file: SourceFile, reader: Reader): Want[] {
  const { comments, statements } = reader.read(file.text);
  return comments.flatMap((comment): Want[] => {
    if (!/^--\s*want/i.test(comment.text)) return [];
    const text = comment.text.trim();
    const [, whole, source, message = ""] = /^-- want(-file)?(?: `([^`]+)`)?: (\S.*)$/.exec(text) ?? [];
    if (message === "") throw new Error(`This is no want: ${text}`);
    const want = { migration: migration.id, message, text, ...(source !== undefined && { source }) };
    if (whole !== undefined) return [want];
    if (file === migration.down) throw new Error(`In down.sql, write want-file: ${text}`);
    const at = statementsAt(file, comment, statements);
    if (at.length === 0) throw new Error(`No statement stands by this want: ${text}`);
    return [{ ...want, statements: at }];
  });
}

function statementsAt(file: SourceFile, comment: Comment, statements: readonly { readonly index: number; readonly range: { readonly start: number; readonly end: number } }[]): number[] {
  const around = statements.filter(({ range }) => range.start < comment.range.start && comment.range.end < range.end);
  if (around.length > 0) return around.map(({ index }) => index);
  const { line } = position(file, comment.range.start);
  const beside = statements.filter(({ range }) => range.start < comment.range.start && position(file, range.start).line <= line && line <= position(file, range.end).line);
  if (beside.length > 0) return beside.map(({ index }) => index);
  const next = statements.find(({ range }) => range.start >= comment.range.end);
  return next ? [next.index] : [];
}
