import { type ConfigFile, isRecord } from "../../engine/config.ts";
import type { Roles } from "../../evidence/git/roles.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

/** What is known of a project, for the comments of its configuration. */
export interface ConfigFacts {
  /** Settings that are to be set. */
  readonly set: Pick<ConfigFile, "postgres" | "base" | "migrations">;
  /** Why `postgres` is what it is; absent where nobody said. */
  readonly postgresBecause?: string | undefined;
  readonly migrations: readonly string[];
  readonly leftOut: readonly string[];
  readonly execution: Evidence["execution"];
  readonly base?: { readonly ref: string; readonly because: string } | undefined;
  readonly roles?: Roles | undefined;
  /** From the configuration's folder to the schema: "./node_modules/lockstep/schema/config.schema.json". */
  readonly schema: string;
}

/** lockstep.config.jsonc: what was found is set or said, everything else is there to be switched on. Each line can be uncommented by itself. */
export function configText(facts: ConfigFacts): string {
  const { set, execution, base, roles } = facts;
  const sections = [
    [
      "Which rules run: recommended (hazards), hotfix (the same, with the rules of the hotfix flow as errors; the default on hotfix branches) or all.",
      '// "preset": "recommended",',
    ],
    [
      set.postgres === undefined
        ? "Major version of the PostgreSQL that production runs, 14 to 18. 17 is taken as long as nothing is set."
        : `Major version of the PostgreSQL that production runs (${facts.postgresBecause ?? "as you said"}).`,
      set.postgres === undefined ? '// "postgres": 17,' : `"postgres": ${set.postgres},`,
    ],
    set.migrations
      ? [
          `Migrations folders. ${facts.leftOut.join(", ")} ${facts.leftOut.length === 1 ? "was" : "were"} left out: not for PostgreSQL.`,
          `"migrations": ${json(set.migrations)},`,
        ]
      : [
          `Migrations folders or globs. Without it they are found${facts.migrations.length === 0 ? "; there are none yet" : ""}.`,
          `// "migrations": ${json(facts.migrations.length > 0 ? facts.migrations : ["prisma/migrations"])},`,
        ],
    [
      execution.mode === "unknown"
        ? `How Prisma sends a file: batch (whole, up to 7.3) or split (statement by statement, from 7.4). Not known: ${execution.because}.`
        : `How Prisma sends a file: batch (whole, up to 7.3) or split (statement by statement, from 7.4). Without it: by ${execution.because}.`,
      `// "execution": "${execution.mode === "unknown" ? "batch" : execution.mode}",`,
    ],
    set.base !== undefined
      ? ["The branch that is deployed: migrations that are not on it are pending.", `"base": ${json(set.base)},`]
      : [
          `The branch that is deployed: migrations that are not on it are pending. Without it: ${base ? `${base.ref} (${base.because}), and in CI the target of the pull request` : "the target of the CI's pull request, origin/HEAD, main or master; none of them is here"}.`,
          `// "base": ${json(base?.ref ?? "origin/main")},`,
        ],
    [
      `Which branch is what. Without it: by convention${roles ? ` (${roles.flow}: ${roles.because})` : ""}.`,
      `// "branches": ${branches(roles)},`,
    ],
    [
      `Severities of single rules: error, warning, info or off. All of them: ${lockstep.rules(IN_WORDS).text}. Why, and what to do instead: ${lockstep.explain(IN_WORDS, "drop-column").text}.`,
      '// "rules": { "drop-column": "warning" },',
    ],
    [
      "Findings to leave out without touching the SQL: Prisma keeps a checksum of applied files, comments included.",
      '// "ignores": [{ "path": "20240101000000_init", "rules": ["drop-column"], "reason": "deployed before lockstep" }],',
    ],
    [
      `The file of accepted findings, which ${lockstep.check(IN_WORDS, { writeBaseline: true }).text} writes.`,
      '// "baseline": "lockstep.baseline.json",',
    ],
  ];
  return `// lockstep checks Prisma migrations before they reach production. Made by "${lockstep.init(IN_WORDS).text}"; ${lockstep.doctor(IN_WORDS).text} says what is in effect.
{
  "$schema": ${json(facts.schema)},

${sections.map(([comment = "", line = ""]) => `${wrap(comment)}\n  ${line}\n`).join("\n")}
  // The least severity that makes a check fail: error, warning, info or never.
  "failOn": "error"
}
`;
}

/** JSON in one line, with spaces as people write them. */
function json(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(json).join(", ")}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}: ${json(each)}`)
    .join(", ")} }`;
}

function branches(roles: Roles | undefined): string {
  const { production, main, development = [], hotfix = [] } = roles ?? {};
  return json({
    production: production ?? main ?? "main",
    ...(main !== undefined && { main }),
    ...(development.length > 0 && { development }),
    hotfix: hotfix.length > 0 && hotfix.every((name) => name.startsWith("hotfix-")) ? ["hotfix-*"] : ["hotfix/*"],
  });
}

/** Comment lines of at most 120 columns. */
function wrap(text: string): string {
  const lines: string[] = [];
  let line = "  //";
  for (const word of text.split(/\s+/)) {
    if (line.length + 1 + word.length > 120 && line !== "  //") {
      lines.push(line);
      line = "  //";
    }
    line += ` ${word}`;
  }
  return [...lines, line].join("\n");
}
