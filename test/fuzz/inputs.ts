import { splitStatements, tokenize } from "../../src/sql/tokens.ts";
import type { Material } from "./material.ts";
import { type Random, random } from "./random.ts";

/** What check() is given. */
export interface Input {
  /** One text for each migration. */
  readonly migrations: readonly string[];
  /** How many of the first are deployed. */
  readonly deployed: number;
  readonly parser: "postgres" | "portable";
  readonly execution: "batch" | "split";
  readonly deployments: "one" | "each";
  readonly postgres: number;
}

/** Stands for markup that somebody writes into a migration. */
export const MARKUP = `<img src=q onerror=q>`;

/** Input number `at` of the run with that seed. */
export function inputAt(material: Material, seed: number, at: number): Input {
  const chosen = random(seed, at);
  const migrations = Array.from({ length: 1 + chosen.below(3) }, () => text(material, chosen));
  return {
    migrations,
    deployed: chosen.below(migrations.length),
    parser: at % 2 === 0 ? "postgres" : "portable",
    execution: chosen.pick(["batch", "split"]),
    deployments: chosen.pick(["one", "each"]),
    postgres: 14 + chosen.below(5),
  };
}

function text(material: Material, chosen: Random): string {
  let made = chosen.chance(0.5) ? chosen.pick(material.texts) : recombined(material, chosen);
  const changes = [changeBytes, changeTokens, changeStatements];
  for (let times = chosen.below(4); times > 0; times--) made = chosen.pick(changes)(made, material, chosen);
  return made;
}

/** Few names for everything, so that objects of every kind get in each other's way. */
const NAMES = [
  "t",
  "u",
  "a",
  "id",
  "public",
  "s",
  "users",
  "t_pkey",
  "t_id_seq",
  `"T"`,
  `"select"`,
  "s.t",
  "public.t",
  "pg_temp.t",
  "t_a_fkey",
  "__proto__",
];

/** Statements of anywhere, with names that collide. */
function recombined(material: Material, chosen: Random): string {
  const statements = Array.from({ length: 1 + chosen.below(12) }, () => chosen.pick(material.statements));
  const names = NAMES.slice(0, 1 + chosen.below(NAMES.length));
  const always = new Map<string, string>();
  const share = chosen.pick([0.3, 0.7, 1]);
  return `${statements.map((each) => renamed(each, names, always, share, chosen)).join(";\n")};\n`;
}

function renamed(
  statement: string,
  names: readonly string[],
  always: Map<string, string>,
  share: number,
  chosen: Random,
): string {
  let result = "";
  let end = 0;
  for (const token of tokenize(statement)) {
    result += statement.slice(end, token.start);
    end = token.end;
    const written = statement.slice(token.start, token.end);
    const isName = token.kind === "quoted" || (token.kind === "word" && !WORDS.has(written.toLowerCase()));
    if (isName && !always.has(written)) always.set(written, chosen.chance(share) ? chosen.pick(names) : written);
    result += isName ? (always.get(written) ?? written) : written;
  }
  return result + statement.slice(end);
}

/** What is no name in most places: the words that the statements of the fixtures are made of. */
const WORDS: ReadonlySet<string> = new Set(
  `add after aggregate all alter always analyze and any as asc atomic attach authorization before begin between bigint bigserial boolean btree by cascade case cast
  char check cluster collate column comment commit concurrently conflict constraint copy create cross current_timestamp data database date default deferrable deferred
  delete desc detach disable distinct do domain double drop each else enable end enum escape except exclude execute exists extension false fetch first for force foreign
  from full function generated gin gist global grant group having identity if ilike immutable in include index inherit inherits initially inner insert instead int integer
  interval into invalid is isolation join json jsonb key language last lateral left level like limit local lock logged loop materialized merge mode name natural next no
  not nothing notice nowait null nulls numeric of offset on only open or order outer over owned owner partition perform plpgsql policy precision prepare primary procedure
  publication raise range read real recursive references refresh reindex release rename replace replica reset restart restrict return returning returns revoke right
  rollback row rows rule savepoint schema security select sequence serial session set setof share show smallint sql stable start statistics storage table temp temporary
  text then time timestamp timestamptz to transaction trigger true truncate type union unique unlogged update user using uuid vacuum valid validate value values varchar
  varying view volatile when where while with without work write zone`.split(/\s+/),
);

/** What breaks readers: quotes, brackets, comments, ends of lines, several bytes, half characters, control characters. */
const SHARDS = [
  ..."'\";()[],.\\\n\t%{}<>&|`",
  ..."$$ $a$ -- /* */ E' U&' é 😀 \ud83d \u0000 \u001b[31m \u0007 \u2028 \ufeff $1 1e 0x :: ::warning:: ]]> as not null begin end case in".split(
    " ",
  ),
  "\r\n",
  MARKUP,
  "\u202e",
  "\n<<<<<<< HEAD\n",
  "\n=======\n",
  "\n>>>>>>> other\n",
  "COPY t FROM stdin;\n1\t2\n\\.\n",
  "\n\\restrict x\n",
  "-- lockstep-ignore drop-table: x",
  "/* lockstep-ignore-file drop-table: x */",
];

function changeBytes(made: string, _material: Material, chosen: Random): string {
  let result = made;
  for (let times = 1 + chosen.below(4); times > 0; times--) {
    const at = chosen.below(result.length + 1);
    const removed = chosen.chance(0.5) ? 0 : chosen.below(12);
    result = result.slice(0, at) + (chosen.chance(0.8) ? chosen.pick(SHARDS) : "") + result.slice(at + removed);
  }
  return result;
}

function changeTokens(made: string, material: Material, chosen: Random): string {
  let result = made;
  for (let times = 1 + chosen.below(3); times > 0; times--) {
    const tokens = tokenize(result);
    if (tokens.length === 0) return result;
    const one = chosen.pick(tokens);
    const other = chosen.pick(tokens);
    const foreign = chosen.pick(material.statements);
    const [from] = [tokenize(foreign)].filter((all) => all.length > 0).map((all) => chosen.pick(all));
    const written = result.slice(one.start, one.end);
    const instead = chosen.pick([
      "",
      `${written} ${written}`,
      result.slice(other.start, other.end),
      from ? foreign.slice(from.start, from.end) : "",
      `"${MARKUP}"`,
      `'${MARKUP}'`,
    ]);
    result = result.slice(0, one.start) + instead + result.slice(one.end);
  }
  return result;
}

function changeStatements(made: string, material: Material, chosen: Random): string {
  const statements = splitStatements(made, tokenize(made)).map(({ start, end }) => made.slice(start, end));
  for (let times = 1 + chosen.below(3); times > 0; times--) {
    const at = chosen.below(statements.length + 1);
    const other = statements[chosen.below(statements.length)];
    switch (chosen.below(4)) {
      case 0:
        statements.splice(at, 1);
        break;
      case 1:
        statements.splice(at, 0, chosen.pick(material.statements));
        break;
      case 2:
        if (other !== undefined) statements.splice(at, 0, other);
        break;
      default:
        statements.reverse();
    }
  }
  return `${statements.join(";\n")};\n`;
}
