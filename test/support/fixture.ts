/**
 * The fixture format. A fixture is SQL that psql would take; everything else is in comments:
 *
 *   -- postgres: 14                        the major version
 *   -- execution: batch | split            how Prisma sends a file; unknown without it
 *   -- preset: hotfix                      default: recommended
 *   -- option: {"limit": 3}                options of the folder's rule
 *   -- also: drop-column                   another rule that runs (its findings are not compared)
 *   -- pending from: 0002_x                default: the last migration only
 *   -- migration: 0001_init                what follows is this migration's migration.sql
 *   -- down: 0001_init                     what follows is its down.sql
 *   -- want `source`: part of the message  a finding in the statement on whose line this is; alone on its line: in
 *                                          the statement around it, else the next one. `source` is optional and is the
 *                                          text that the finding highlights (white space counts once, … is any text)
 *   -- want-file: part of the message      a finding of this migration that belongs to no statement or to down.sql
 *
 * Without `-- migration:` the whole file is one pending migration.
 *
 * For rules that compare branches:
 *
 *   -- branches: {"production": "live"}    roles, as the configuration has them; by convention without it
 *   -- branch: develop                     what follows is this branch's: migrations that it adds, or has with another text.
 *                                          What comes before the first branch is what all of them have, where they parted
 *   -- without: 0001_init                  the branch has this one no more
 *
 * The last branch is the one that is checked, the first its target; wants count in the one that is checked.
 */
import type { History, MigrationSource } from "../../src/source/history.ts";
import { compareFolders } from "../../src/source/layout.ts";
import { type SourceFile, position } from "../../src/source/text.ts";
import type { Comment, Reader } from "../../src/sql/statement.ts";
import type { BranchNames } from "../../src/evidence/git/roles.ts";
import type { DivergingMigration } from "../../src/model/divergence/facts.ts";

export interface Want {
  readonly migration: string;
  /** Indexes of the statements that the finding may be in; undefined for want-file. */
  readonly statements?: readonly number[];
  readonly source?: string;
  readonly message: string;
  /** The want as it is written, for the test's message. */
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
  readonly branches?: FixtureBranches;
}

/** In the order of the file: the target first, the one that is checked last. */
export interface FixtureBranches {
  readonly names: BranchNames;
  readonly shared: readonly DivergingMigration[];
  readonly all: readonly { readonly name: string; readonly migrations: readonly DivergingMigration[] }[];
}

const ROOT = "prisma/migrations";
const DIRECTIVE =
  /^-- (postgres|execution|preset|option|also|pending from|migration|down|branches|branch|without): *(.*?) *$/;
const ONLY = "0001_only";

interface Section {
  readonly kind: "migration" | "down" | "without";
  readonly id: string;
  /** Undefined for what all branches have. */
  readonly branch?: string;
  readonly lines: string[];
}

/** Reads a fixture; throws where its format is broken, so that a typing mistake cannot pass as a fixture that wants nothing. `reader` must be loaded. */
export function parseFixture(text: string, reader: Reader): Fixture {
  const settings = new Map<string, string>();
  const also: string[] = [];
  const head: string[] = [];
  const all: Section[] = [];
  const branches: string[] = [];
  for (const line of text.split(/(?<=\n)/)) {
    const [, name, value = ""] = DIRECTIVE.exec(line.trimEnd()) ?? [];
    const branch = branches.at(-1);
    if (name === "migration" || name === "down" || name === "without") {
      if (all.some((section) => section.kind === name && section.id === value && section.branch === branch))
        throw new Error(`"-- ${name}: ${value}" is there twice`);
      all.push({ kind: name, id: value, ...(branch !== undefined && { branch }), lines: [] });
      continue;
    }
    if (name === "branch") {
      if (branches.includes(value)) throw new Error(`"-- branch: ${value}" is there twice`);
      branches.push(value);
      continue;
    }
    if (name === "also") also.push(value);
    else if (name !== undefined) {
      if (settings.has(name)) throw new Error(`"-- ${name}:" is there twice`);
      settings.set(name, value);
    }
    (all.at(-1)?.lines ?? head).push(line);
  }
  if (branches.length === 1)
    throw new Error(`"-- branch: ${branches[0] ?? ""}" is alone: there is nothing to compare it with`);
  const onBranch = (branch: string | undefined): Section[] => {
    const own = all.filter((section) => section.branch === branch);
    if (branch === undefined) return own;
    const shared = all.filter((section) => section.branch === undefined);
    for (const { kind, id } of own)
      if (kind === "without" && !shared.some((section) => section.id === id))
        throw new Error(`"-- without: ${id}" names no migration that all branches have`);
    const kept = shared.filter(
      (section) =>
        !own.some((other) => other.id === section.id && (other.kind === "without" || other.kind === section.kind)),
    );
    return [...kept, ...own.filter(({ kind }) => kind !== "without")].sort((a, b) => compareFolders(a.id, b.id));
  };
  const sections = onBranch(branches.at(-1));
  if (sections.some(({ kind }) => kind === "migration")) {
    if (reader.read(head.join("")).statements.length > 0) throw new Error(`SQL comes before the first "-- migration:"`);
  } else {
    sections.unshift({ kind: "migration", id: ONLY, lines: head });
  }
  const ups = sections.filter(({ kind }) => kind === "migration");
  for (const { kind, id } of sections)
    if (kind === "down" && !ups.some((up) => up.id === id)) throw new Error(`"-- down: ${id}" has no migration`);
  const ids = ups.map(({ id }) => id);
  const ordered = [...ids].sort(compareFolders);
  if (ids.join() !== ordered.join())
    throw new Error(`Prisma applies these migrations in the order ${ordered.join(", ")}`);
  const last = ids[ids.length - 1]!;
  const from = settings.get("pending from") ?? last;
  if (!ids.includes(from)) throw new Error(`"-- pending from: ${from}" names no migration`);
  const targetIds = branches.length > 0 ? onBranch(branches[0]).map(({ id }) => id) : undefined;
  const isPending = (id: string, at: number): boolean =>
    targetIds ? !targetIds.includes(id) : at >= ids.indexOf(from);
  const migrations = ups.map(({ id, lines }, at): MigrationSource => {
    const down = sections.find((section) => section.kind === "down" && section.id === id);
    return {
      id,
      path: `${ROOT}/${id}`,
      up: { path: `${ROOT}/${id}/migration.sql`, text: lines.join("") },
      ...(down && { down: { path: `${ROOT}/${id}/down.sql`, text: down.lines.join("") } }),
      state: isPending(id, at) ? "pending" : "history",
    };
  });
  const options = settings.get("option");
  const diverging = (of: readonly Section[]): DivergingMigration[] =>
    of
      .filter(({ kind }) => kind === "migration")
      .map(({ id, lines }) => ({
        id,
        path: `${ROOT}/${id}`,
        file: { path: `${ROOT}/${id}/migration.sql`, text: lines.join("") },
      }));
  return {
    history: { root: ROOT, layout: "prisma", provider: "postgresql", migrations, problems: [] },
    last,
    ...(settings.has("postgres") && { postgres: Number(oneOf(settings, "postgres", ["14", "15", "16", "17", "18"])) }),
    ...(settings.has("execution") && { execution: oneOf(settings, "execution", ["batch", "split"]) }),
    ...(settings.has("preset") && { preset: oneOf(settings, "preset", ["recommended", "hotfix", "all"]) }),
    ...(options !== undefined && { options: JSON.parse(options) as Record<string, unknown> }),
    also,
    ...(branches.length > 0 && {
      branches: {
        names: JSON.parse(settings.get("branches") ?? "{}") as BranchNames,
        shared: diverging(onBranch(undefined)),
        all: branches.map((name) => ({ name, migrations: diverging(onBranch(name)) })),
      },
    }),
    wants: migrations.flatMap((migration) =>
      [migration.up, migration.down].flatMap((file) => (file ? wantsOf(migration, file, reader) : [])),
    ),
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
    if (at.length === 0) throw new Error(`No statement is at this want: ${text}`);
    return [{ ...want, statements: at }];
  });
}

function statementsAt(
  file: SourceFile,
  comment: Comment,
  statements: readonly { readonly index: number; readonly range: { readonly start: number; readonly end: number } }[],
): number[] {
  const around = statements.filter(({ range }) => range.start < comment.range.start && comment.range.end < range.end);
  if (around.length > 0) return around.map(({ index }) => index);
  const { line } = position(file, comment.range.start);
  const beside = statements.filter(
    ({ range }) =>
      range.start < comment.range.start &&
      position(file, range.start).line <= line &&
      line <= position(file, range.end).line,
  );
  if (beside.length > 0) return beside.map(({ index }) => index);
  const next = statements.find(({ range }) => range.start >= comment.range.end);
  return next ? [next.index] : [];
}
