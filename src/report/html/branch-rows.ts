import { isLasting } from "../../model/divergence/roles.ts";
import type { BranchComparison, Divergence, HistoryDivergence } from "../../model/divergence/viewpoint.ts";
import type { DivergenceFact, DivergingMigration } from "../../model/divergence/facts.ts";
import { sameMigration } from "../../model/divergence/texts.ts";
import { compareFolders } from "../../source/layout.ts";
import { counted, listed } from "../../words.ts";

/** A branch as a line of the picture. */
export interface Rail {
  readonly name: string;
  /** "production, main", "checked here". */
  readonly role: string;
  readonly migrations: readonly DivergingMigration[];
}

/** What a branch has under a folder's name: the text that the first line of the picture has it with, another one, or nothing. */
export type Dot = "same" | "other" | "absent";

export interface BranchRow {
  readonly migration: string;
  /** One for each rail. */
  readonly dots: readonly Dot[];
  /** What does not add up about it, as sentences. */
  readonly notes: readonly string[];
}

export interface BranchRows {
  readonly rails: readonly Rail[];
  /** Folders that are the same on every rail. */
  readonly alike: number;
  /** The others, in the order in which Prisma applies them to a fresh database. */
  readonly rows: readonly BranchRow[];
}

/** Production first, then main and development, then what else lives; the branch that is checked comes last. */
export function branchRows({ ours, target, others }: Divergence, history: HistoryDivergence): BranchRows {
  const compared = [history.target, ...history.others];
  const order = [target, ...others]
    .map((branch) => compared.find((each) => each.branch === branch))
    .filter((each) => each !== undefined);
  const place = ({ branch }: BranchComparison): number =>
    branch.roles.includes("production") ? 0 : isLasting(branch) ? 1 : 2;
  const rails: Rail[] = [...order]
    .sort((a, b) => place(a) - place(b))
    .map(({ branch, migrations }) => ({
      name: branch.name,
      role: branch.roles.filter((role) => role !== "other").join(", "),
      migrations,
    }));
  rails.push({
    name: ours.name,
    role: [...ours.roles.filter((role) => role !== "other"), "checked here"].join(", "),
    migrations: history.ours,
  });

  const has = rails.map(({ migrations }) => new Map(migrations.map(({ id, file }) => [id, file.text])));
  const ids = [...new Set(rails.flatMap(({ migrations }) => migrations.map(({ id }) => id)))].sort(compareFolders);
  const notes = notesOf(ours.name, compared);
  const rows: BranchRow[] = [];
  for (const migration of ids) {
    const first = has.find((own) => own.has(migration))?.get(migration) ?? "";
    const dots = has.map((own): Dot => {
      const text = own.get(migration);
      return text === undefined
        ? "absent"
        : sameMigration(first, text) || sameMigration(text, first)
          ? "same"
          : "other";
    });
    if (dots.some((dot) => dot !== "same")) rows.push({ migration, dots, notes: notes.get(migration) ?? [] });
  }
  return { rails, alike: ids.length - rows.length, rows };
}

function notesOf(ours: string, compared: readonly BranchComparison[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { branch, divergence } of compared) {
    for (const fact of divergence.facts) {
      for (const [id, note] of noteOf(fact, ours, branch.name)) {
        const known = found.get(id) ?? [];
        if (!known.includes(note)) found.set(id, [...known, note]);
      }
    }
  }
  return found;
}

/** By the folder's name, what is to be said of it; names are in backticks. */
function noteOf(fact: DivergenceFact, ours: string, theirs: string): readonly (readonly [id: string, note: string])[] {
  const on = (side: "ours" | "theirs"): string => `\`${side === "ours" ? ours : theirs}\``;
  const other = (side: "ours" | "theirs"): string => on(side === "ours" ? "theirs" : "ours");
  switch (fact.kind) {
    case "late": {
      const matters = {
        yes: "the order makes no difference",
        no: "the order matters",
        unknown: "whether the order matters cannot be told from the SQL",
      }[fact.order.commutes];
      const behind =
        fact.behind.length === 1 ? `\`${fact.behind[0]?.id ?? ""}\`` : counted(fact.behind.length, "migration");
      return [
        [
          fact.migration.id,
          `Late on ${on(fact.side)}: it sorts before ${behind} that ${other(fact.side)} has already, and ${matters}.`,
        ],
      ];
    }
    case "edited":
      return [
        [
          fact.ours.id,
          `${fact.change === "comments" ? "Other comments" : "Other statements"} on ${on("ours")} than on ${on("theirs")}${fact.by === "ours" || fact.by === "theirs" ? `, changed by ${on(fact.by)}` : ""}: its checksum differs.`,
        ],
      ];
    case "renamed":
      return [
        [fact.from.id, `Renamed by ${on(fact.by)} to \`${fact.to.id}\`.`],
        [fact.to.id, `The text of \`${fact.from.id}\` under another name.`],
      ];
    case "deleted":
      return [[fact.migration.id, `Deleted by ${on(fact.by)}.`]];
    case "duplicate": {
      const again = {
        refused: "the second run fails",
        nothing: "the second run does nothing",
        unknown: "it would run twice",
      }[fact.rerun];
      return [
        [fact.ours.id, `Makes the same change as \`${fact.theirs.id}\` on ${on("theirs")}: ${again}.`],
        [fact.theirs.id, `Makes the same change as \`${fact.ours.id}\` on ${on("ours")}: ${again}.`],
      ];
    }
    case "sameTimestamp":
    case "sameName": {
      const what = fact.kind === "sameName" ? "name" : "timestamp";
      return [
        [fact.ours.id, `Has the same ${what} as \`${fact.theirs.id}\` on ${on("theirs")}.`],
        [fact.theirs.id, `Has the same ${what} as \`${fact.ours.id}\` on ${on("ours")}.`],
      ];
    }
  }
}

/** "main and develop", for the rails whose dot is one of `dots`. */
export function railsWith({ rails }: BranchRows, row: BranchRow, ...dots: readonly Dot[]): string {
  return listed(rails.filter((_, at) => dots.includes(row.dots[at] ?? "absent")).map(({ name }) => `\`${name}\``));
}
